"""`auth:` of a mail server in the config: a log-in by OAuth 2.0 in the place of a password."""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_names import is_loopback
from daemon.adapters.config_secrets import PASSWORD
from daemon.adapters.config_shape import FAULT, Field, ListOf, Record, Scalar
from daemon.adapters.config_wording import shown
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.domain.books.written import no_control
from daemon.ports import OAuth

GOOGLE, MICROSOFT, CUSTOM = "google", "microsoft", "custom"
# As Google documents them ("OAuth 2.0 for Mobile and Desktop Apps").  Its device codes give no access to mail.
_GOOGLE = {
    "auth_url": "https://accounts.google.com/o/oauth2/v2/auth",
    "token_url": "https://oauth2.googleapis.com/token",
    "revoke_url": "https://oauth2.googleapis.com/revoke",
    "scopes": ("https://mail.google.com/",),
}
# As Microsoft documents them ("Authenticate an IMAP, POP or SMTP connection using OAuth").  Both scopes are of one
# resource, so that one token serves both.
_ENTRA = "https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
_MICROSOFT_SCOPES = (
    "https://outlook.office.com/IMAP.AccessAsUser.All",
    "https://outlook.office.com/SMTP.Send",
    "offline_access",
)
_TENANT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,253}[A-Za-z0-9])?")
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")  # RFC 6749 section 3.3
_URLS = ("auth_url", "token_url", "device_url", "revoke_url")


def _endpoint(text: str) -> str:
    """An address to which something confidential is sent: encrypted, or within this machine."""
    no_control(text)
    parts = urlsplit(text)
    if parts.scheme not in {"https", "http"} or not parts.hostname or re.search(r"[\s<>\"{}#]", text):
        raise ValueError(f"`{shown(text)}` is not a web address: write it as in https://login.acme.example/token")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError(f"what is said to {parts.hostname} could be read on the way: write https://")
    return text


def tenant(text: str) -> str:
    if not _TENANT.fullmatch(text):
        raise ValueError(
            f"`{shown(text)}` is no directory of Microsoft's: write its id (as in"
            " 11111111-2222-3333-4444-555555555555) or its domain; consumers for an account at outlook.com"
        )
    return text


def _scope(text: str) -> str:
    if not _SCOPE.fullmatch(text):
        raise ValueError(f"`{shown(text)}` is no scope: one word each, in a list")
    return text


def _build(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    provider = values.pop("oauth")
    directory = values.pop("tenant", None)
    good = True

    def wrong(key: str, said: str) -> None:
        nonlocal good
        good = False
        report.wrong(node.key(key) if key in node.entries else node, said)

    if provider != MICROSOFT and directory is not None:
        wrong("tenant", "`tenant` is Microsoft's; leave it out here")
    if provider != CUSTOM:
        for key in _URLS:
            if values.pop(key, None) is not None:
                wrong(key, f"`{key}` is known for `oauth: {provider}`: leave it out, or write `oauth: custom`")
    if provider == GOOGLE:
        values = {**_GOOGLE, **values}
    elif provider == MICROSOFT:
        if directory is None:
            wrong("oauth", "`tenant` is missing: the id or the domain of your directory at Microsoft")
        here = _ENTRA.format(tenant=directory)
        names = {"auth_url": "authorize", "token_url": "token", "device_url": "devicecode"}
        values = {**{key: f"{here}/{name}" for key, name in names.items()}, "scopes": _MICROSOFT_SCOPES, **values}
    else:
        if "token_url" not in values:
            wrong("oauth", "`token_url` is missing: where your provider gives tokens")
        if "auth_url" not in values and "device_url" not in values:
            wrong("oauth", "`auth_url` or `device_url` is missing: where you allow the log-in")
        if "scopes" not in values:
            wrong("oauth", "`scopes` is missing: what your provider calls the access to IMAP and SMTP, in a list")
    if "ca_file" in values:
        values["ca_file"] = str(Path(report.file).absolute().parent / values["ca_file"])
        if not os.path.isfile(values["ca_file"]):
            wrong("ca_file", f"there is no file {values['ca_file']}")
    return OAuth(provider=provider, **values) if good else FAULT


URL = Scalar(_endpoint, {"type": "string", "pattern": "^https?://", "examples": ["https://login.acme.example/token"]})
AUTH = Record(
    "`auth`",
    {
        "oauth": Field(
            kinds.words(GOOGLE, MICROSOFT, CUSTOM), "whose log-in: google, microsoft or custom", required=True
        ),
        "client_id": Field(kinds.NAME, "of the program that you registered there (docs/oauth.md)", required=True),
        "client_secret": Field(PASSWORD, "where its secret is, if it has one; written like a password"),
        "tenant": Field(Scalar(tenant, {"type": "string"}), "microsoft: the id or the domain of your directory"),
        "auth_url": Field(URL, "custom: the page on which you allow the log-in"),
        "token_url": Field(URL, "custom: where tokens are given"),
        "device_url": Field(URL, "custom: where device codes are given, if it has them"),
        "revoke_url": Field(URL, "custom: where tokens are taken back, if it has that"),
        "scopes": Field(
            ListOf(Scalar(_scope, {"type": "string"}), what="scopes", empty=False),
            "what is asked for; custom needs them",
        ),
        "ca_file": Field(kinds.PATH, "a certificate to trust besides the system's"),
    },
    _build,
)
