"""The mail servers of the config, and where the passwords are."""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_names import is_loopback
from daemon.adapters.config_oauth import AUTH
from daemon.adapters.config_secrets import PASSWORD, WAYS
from daemon.adapters.config_shape import Checked, Field, ListOf, Record
from daemon.adapters.yaml_nodes import Report
from daemon.ports import ImapSettings, Security, SmtpSettings

_PASSWORD_NOTE = f"where the password is: {WAYS}"
_AUTH_NOTE = "a log-in by OAuth in the place of a password: {oauth: google, client_id: ...}"
_SECURITY = kinds.words("tls", "starttls", "none", make=Security)
_SHARED = {
    "host": Field(kinds.HOST, "name of the server", required=True),
    "port": Field(kinds.whole(1, 65535), "left out, the usual one for `security`"),
    "security": Field(_SECURITY, "tls, starttls, or none (this machine only)"),
    "ca_file": Field(kinds.PATH, "a certificate to trust besides the system's"),
}
SMTP = Record(
    "smtp",
    {
        **_SHARED,
        "username": Field(kinds.NAME, "left out, there is no login"),
        "password": Field(PASSWORD, _PASSWORD_NOTE),
        "auth": Field(AUTH, _AUTH_NOTE),
        "per_minute": Field(kinds.whole(0, 100_000), "letters a minute; 0: no limit"),
        "connections": Field(kinds.whole(1, 50), "at the same time"),
        "per_connection": Field(kinds.whole(1, 10_000), "letters until a connection is made anew"),
    },
)
IMAP = Record(
    "imap",
    {
        **_SHARED,
        "username": Field(kinds.NAME, "who logs in to the mailbox", required=True),
        "password": Field(PASSWORD, _PASSWORD_NOTE),
        "auth": Field(AUTH, _AUTH_NOTE),
        "inbox": Field(kinds.NAME, "the folder in which mail arrives"),
        "junk": Field(kinds.NAME, "the spam folder; auto: found by itself; none: not read"),
        "sent": Field(kinds.NAME, "the folder of sent mail; auto: found by itself; none: not read"),
        "watch": Field(ListOf(kinds.NAME, what="folders"), "further folders into which rules file the answers"),
        "poll_seconds": Field(kinds.whole(5, 3600), "how often to look where the server cannot tell us"),
        "file_sent": Field(kinds.BOOLEAN, "false: the provider puts our letters into Sent by itself"),
    },
)


def smtp_settings(read: Checked, report: Report) -> SmtpSettings | None:
    """None where it does not fit together; that is reported."""
    values = dict(read.values)
    if not _one_way_in(values, read, report):
        return None
    if ("username" in values) != ("password" in values or "oauth" in values):
        way = "auth" if "oauth" in values else "password"
        there, missing = ("username", way) if "username" in values else (way, "username")
        report.wrong(read.place(there), f"`{there}` without `{missing}`: a login needs both, no login neither")
        return None
    if not _settle(
        values, read, report, Security.STARTTLS, {Security.TLS: 465, Security.STARTTLS: 587, Security.NONE: 25}
    ):
        return None
    return SmtpSettings(**values)


def imap_settings(read: Checked, report: Report) -> ImapSettings | None:
    """None where it does not fit together; that is reported."""
    values = dict(read.values)
    if not _one_way_in(values, read, report):
        return None
    if "password" not in values and "oauth" not in values:
        report.wrong(read.node, f"`password` is missing in imap: {_PASSWORD_NOTE}; or `auth`: {_AUTH_NOTE}")
        return None
    for folder in ("junk", "sent"):
        if values.get(folder) == "none":
            values[folder] = None
    if not _settle(values, read, report, Security.TLS, {Security.TLS: 993, Security.STARTTLS: 143, Security.NONE: 143}):
        return None
    return ImapSettings(**values)


def _one_way_in(values: dict[str, Any], read: Checked, report: Report) -> bool:
    """Whether there is a password or `auth`, and not both; `auth` is `oauth` from here on."""
    if "auth" in values:
        values["oauth"] = values.pop("auth")
    if "oauth" in values and "password" in values:
        report.wrong(read.node.key("auth"), "`auth` and `password` are two ways to log in: leave one of them out")
        return False
    return True


def _settle(values: dict[str, Any], read: Checked, report: Report, usual: Security, ports: dict[Security, int]) -> bool:
    """Fill in `security`, `port` and the path of `ca_file`; whether they can be."""
    security = values.setdefault("security", usual)
    values.setdefault("port", ports[security])
    good = True
    if security is Security.NONE and not is_loopback(values["host"]):
        report.wrong(
            read.place("security"),
            f"without encryption, the password and the letters could be read on the way to {values['host']}:"
            " write tls or starttls (none is for a server on this machine)",
        )
        good = False
    if "ca_file" in values:
        path = Path(report.file).absolute().parent / values["ca_file"]
        values["ca_file"] = str(path)
        if not os.path.isfile(path):
            report.wrong(read.place("ca_file"), f"there is no file {path}")
            good = False
    return good
