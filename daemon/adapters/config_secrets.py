"""Where a password is, in the config: one of four ways, and never the password itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_shape import FAULT, Choice, Field, ListOf, Record
from daemon.adapters.yaml_nodes import MapNode, Node, Report, is_blank
from daemon.ports import Secret

WAYS = (
    "{credential: smtp} (systemd), {file: /etc/sollecito/password}, {env: SMTP_PASSWORD},"
    " or {command: [pass, show, smtp]}"
)


def _secret(how: str) -> Any:
    def build(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Secret:
        where = values[how]
        if how == "file":  # like every path in the config: beside the file that names it
            where = str(Path(report.file).absolute().parent / where)
        return Secret(how=how, where=where if isinstance(where, tuple) else (where,))

    return build


class _Password(Choice):
    """One of the four ways to a password; a text is refused, and never shown."""

    def read(self, node: Node, report: Report) -> Any:
        if not isinstance(node, MapNode) and not is_blank(node):
            report.wrong(node, f"a password is never written into this file: say where it is, with one of {WAYS}")
            return FAULT
        return super().read(node, report)


PASSWORD = _Password(
    "a password",
    {
        "credential": Record(
            "a password",
            {"credential": Field(kinds.KEY, "name of the credential in the systemd unit", required=True)},
            _secret("credential"),
        ),
        "file": Record(
            "a password",
            {"file": Field(kinds.PATH, "a file that holds only the password", required=True)},
            _secret("file"),
        ),
        "env": Record(
            "a password", {"env": Field(kinds.VARIABLE, "an environment variable", required=True)}, _secret("env")
        ),
        "command": Record(
            "a password",
            {
                "command": Field(
                    ListOf(kinds.PATH, what="words", empty=False), "a program that prints it", required=True
                )
            },
            _secret("command"),
        ),
    },
)
