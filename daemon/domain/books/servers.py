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


@dataclass(frozen=True, slots=True, kw_only=True)
class OAuth:
    """A log-in by OAuth 2.0 (RFC 6749) in the place of a password: whom we ask for tokens, and as which program.

    The tokens are not here: `sollecito login` puts them into the state directory.
    """

    provider: str  # google, microsoft or custom
    client_id: str  # of the program that the owner registered there
    token_url: str
    auth_url: str | None = None  # None: no log-in with a browser
    device_url: str | None = None  # None: no log-in by a device code (RFC 8628)
    revoke_url: str | None = None  # None: a log-out forgets the tokens here, and tells nobody (RFC 7009)
    scopes: tuple[str, ...] = ()
    client_secret: Secret | None = None  # None: a public client (RFC 8252)
    ca_file: str | None = None  # trusted besides the system's

    @property
    def name(self) -> str:
        """By which its tokens are found again; the same for SMTP and IMAP where both name the same program."""
        return f"{self.client_id} at {self.token_url}"


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
    oauth: OAuth | None = None  # in the place of a password
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
    password: Secret | None = None  # None: `oauth`
    oauth: OAuth | None = None
    inbox: str = "INBOX"
    junk: str | None = "auto"  # None: not watched
    sent: str | None = "auto"
    watch: tuple[str, ...] = ()
    ca_file: str | None = None
    poll_seconds: int = 60  # where the server has no IDLE
    file_sent: bool = True  # whether we put a copy into Sent; some providers do it themselves
