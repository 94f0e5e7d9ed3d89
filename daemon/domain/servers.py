"""The mail servers as the config names them: how to reach them, and where the passwords are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """Where a password is to be had; never the password itself."""

    how: str  # credential, file, env or command
    where: tuple[str, ...]  # one name or path; a command has its arguments too

    def __str__(self) -> str:
        return f"{self.how}: {' '.join(self.where)}"


class Security(StrEnum):
    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"  # loopback only; the reader of the config sees to it


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpSettings:
    host: str
    port: int
    security: Security
    username: str | None = None
    password: Secret | None = None
    per_minute: int = 30  # letters a minute over all connections; 0: no limit
    connections: int = 2
    per_connection: int = 50  # letters until a connection is made anew (F8)
    ca_file: str | None = None  # trusted besides the system's


@dataclass(frozen=True, slots=True, kw_only=True)
class ImapSettings:
    host: str
    port: int
    security: Security
    username: str
    password: Secret
    inbox: str = "INBOX"
    junk: str | None = "auto"  # None: not watched
    sent: str | None = "auto"
    watch: tuple[str, ...] = ()
    ca_file: str | None = None
    poll_seconds: int = 60  # where the server has no IDLE
    file_sent: bool = True  # whether we put a copy into Sent; some providers do it themselves
