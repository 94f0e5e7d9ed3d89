"""What the config states, read as a whole; or what is wrong in it."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.outside import Watchman
from daemon.domain.books.servers import ImapSettings, SmtpSettings


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One config file, read and found good."""

    file: str  # absolute path
    ledger: Ledger
    smtp: SmtpSettings
    imap: ImapSettings
    state: str  # absolute path of the state directory
    templates: tuple[str, ...] = ()  # the owner's own template folders, first wins
    plus_token: bool = False  # `reply_token: plus`
    keep_days: int = 1095  # how long texts and mails are kept beside the journal
    metrics_port: int | None = None  # on the loopback; None: no metrics
    ping: Watchman | None = None
    notices: tuple[str, ...] = ()  # what the reader understood and finds worth a word
    files: tuple[str, ...] = ()  # every file that was read, to be watched


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong in the config: where, what, and what would be right."""

    file: str
    line: int  # counts from 1; 0: the file as a whole
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}"
