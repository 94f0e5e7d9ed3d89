"""Mail providers that are known by name: their servers, and what has to be done there first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_shape import Field, ListOf, Record
from daemon.adapters.known_tables import shipped_table
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.ports import Security


@dataclass(frozen=True, slots=True)
class Server:
    """Where one of the two is."""

    host: str
    port: int
    security: Security


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One provider; `providers.yaml` says what each part means."""

    id: str
    name: str
    domains: tuple[str, ...]
    mx: tuple[str, ...] = ()
    imap: Server
    smtp: Server
    username: str = "address"  # or local: what stands before the @
    oauth: str | None = None  # google, microsoft: a password is refused in most accounts
    file_sent: bool = True  # False: the provider puts our letters into Sent by itself
    password: str = ""  # what kind of password it takes
    first: str = ""  # what has to be switched on before
    source: str
    read_on: date

    def log_in_name(self, address: str) -> str:
        return address.rpartition("@")[0] if self.username == "local" else address


def _server(values: dict[str, Any], _node: MapNode, _report: Report, _whole: bool) -> Server:
    return Server(**values)


def _provider(values: dict[str, Any], _node: MapNode, _report: Report, _whole: bool) -> Provider:
    return Provider(**values)


_TEXT = kinds.line(300)
_SERVER = Record(
    "a server",
    {
        "host": Field(kinds.HOST, "its name", required=True),
        "port": Field(kinds.whole(1, 65535), "its port", required=True),
        "security": Field(kinds.words("tls", "starttls", make=Security), "how it encrypts", required=True),
    },
    _server,
)
_ROWS = ListOf(
    Record(
        "a provider",
        {
            "id": Field(kinds.KEY, "its short name", required=True),
            "name": Field(_TEXT, "its name", required=True),
            "domains": Field(ListOf(kinds.NAME, what="domains"), "of its addresses", required=True),
            "mx": Field(ListOf(kinds.HOST, what="names"), "how its mail exchangers' names end"),
            "imap": Field(_SERVER, "where answers arrive", required=True),
            "smtp": Field(_SERVER, "where letters go", required=True),
            "username": Field(kinds.words("address", "local"), "how one logs in"),
            "oauth": Field(kinds.words("google", "microsoft"), "it wants OAuth"),
            "file_sent": Field(kinds.BOOLEAN, "false: it files our letters itself"),
            "password": Field(_TEXT, "what kind of password"),
            "first": Field(_TEXT, "what to switch on before"),
            "source": Field(_TEXT, "where it was looked up", required=True),
            "read_on": Field(kinds.DATE, "when", required=True),
        },
        _provider,
    ),
    what="providers",
)


@cache
def providers() -> tuple[Provider, ...]:
    return shipped_table("providers.yaml", _ROWS)


def by_address(address: str) -> Provider | None:
    """The provider whose domain the address has."""
    domain = address.rpartition("@")[2].lower()
    for known in providers():
        if any(domain == name or (name.startswith(".") and domain.endswith(name)) for name in known.domains):
            return known
    return None


def by_exchanger(names: tuple[str, ...]) -> Provider | None:
    """The provider to whose servers a domain's mail goes.

    Args:
        names: the mail exchangers of the domain, the preferred one first.
    """
    for name in names:
        whole = f".{name.lower().rstrip('.')}"
        for known in providers():
            if any(whole.endswith(f".{end}") for end in known.mx):
                return known
    return None
