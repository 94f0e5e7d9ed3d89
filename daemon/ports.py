"""The doors to the world, and the answers they give.  Adapters stand behind them; loops go through them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from daemon.domain.books.authenticity import Signature
from daemon.domain.books.delivery import Accepted as Accepted
from daemon.domain.books.delivery import Deferred as Deferred
from daemon.domain.books.delivery import Fault as Fault
from daemon.domain.books.delivery import InDoubt as InDoubt
from daemon.domain.books.delivery import Refused as Refused
from daemon.domain.books.delivery import Stale as Stale
from daemon.domain.books.delivery import Submission as Submission
from daemon.domain.books.owner import OtherWay as OtherWay
from daemon.domain.books.servers import ImapSettings as ImapSettings
from daemon.domain.books.servers import OAuth as OAuth
from daemon.domain.books.servers import Secret as Secret
from daemon.domain.books.servers import Security as Security
from daemon.domain.books.servers import SmtpSettings as SmtpSettings
from daemon.domain.books.settings import Problem as Problem
from daemon.domain.books.settings import Settings as Settings
from daemon.domain.history.kept_copies import Kept as Kept
from daemon.domain.history.kept_copies import Place as Place
from daemon.domain.journal import AnyEntry
from daemon.mail.tokens.keys import Keys

# -- the state -------------------------------------------------------------------------------------------------


class StateFault(Exception):
    """The state cannot be trusted or is in use: exit 3, and the message says how to go on (F59, F61)."""


class DiskTrouble(Exception):
    """There is no room, or the disk is read-only: nothing was recorded, the old state is whole; try again (F60)."""


class OutOfTurn(Exception):
    """Somebody else appended: `after` is not the end of the journal.  Fold again and decide again."""


class Journal(Protocol):
    """The facts recorded, in their order.  Sequence numbers count from 1; `after=0` is the empty journal."""

    def replay(self) -> Iterator[AnyEntry]:
        """Every entry, oldest first."""
        ...

    async def append(self, after: int, entries: Sequence[AnyEntry]) -> int:
        """Make `entries` durable, all or none, behind entry number `after`; return the new last number.

        Raises:
            OutOfTurn: the journal does not end at `after`.
            DiskTrouble: nothing was written.
        """
        ...


class Archive(Protocol):
    """Texts and mails, in hash-named files beside the journal."""

    def keep(self, client: str | None, name: str, content: bytes) -> None:
        """Keep `content` under `name` (letters, digits, dots), durable on return; an old name changes nothing."""
        ...

    def keep_all(self, texts: Sequence[Kept]) -> None:
        """`keep` for many, at less than the cost of one by one; may be called in any thread.

        Raises:
            DiskTrouble: no room; some may be kept, and the call may be repeated.
        """
        ...

    def find(self, name: str) -> bytes | None: ...

    def put_ahead(self, text: Kept) -> None: ...  # outlives the process, is not durable; ends by `keep_all` of its name
    def ahead(self) -> Sequence[str]: ...  # the names of what was put ahead
    def find_ahead(self, name: str) -> bytes | None: ...  # None: nothing, or not the whole of it
    def drop_ahead(self, name: str) -> None: ...

    def forget(self, client: str) -> int: ...  # remove everything that was kept for a client; how many files

    def expire(self, before: datetime) -> int: ...  # remove what was kept before a moment; how many files


class StoredJournal(Journal, Protocol):
    """The journal where it lies."""

    @property
    def notices(self) -> tuple[str, ...]:
        """What was mended when it was opened, in words for the log and the owner."""
        ...

    def rewrite(self, transform: Callable[[AnyEntry], AnyEntry | None]) -> None:
        """Write it anew, each entry as `transform` returns it, without those for which it returns None.

        All or nothing, also when the power is cut.  Afterwards entries are numbered anew: fold again.

        Raises:
            DiskTrouble: no room; the journal is as it was.
        """
        ...


class State(Protocol):
    """Everything that one creditor's daemon remembers, held by this process alone."""

    @property
    def journal(self) -> StoredJournal: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def keys(self) -> Keys: ...


class StateView(Protocol):
    """The state as it was at one moment, to look at.  Nothing in it is ever written."""

    @property
    def journal(self) -> Journal: ...
    @property
    def archive(self) -> Archive: ...
    @property
    def keys(self) -> Keys | None: ...  # None: nothing is there yet


# -- the relay -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One letter for one recipient, ready for the wire."""

    sender: str  # envelope
    recipient: str
    content: bytes  # CRLF line ends
    envelope_id: str  # our token: ENVID of RFC 3461, where the server offers DSN
    called_off: Callable[[], bool] = lambda: False  # asked right before DATA: true means `Stale`, nothing was offered


class Line(Protocol):
    """A connected, encrypted, logged-in session, ready for MAIL."""

    async def submit(self, parcel: Parcel, data_by: float) -> Submission:
        """One transaction, phase by phase.

        Args:
            data_by: the event loop's `time()` up to which DATA may be begun; later the answer is `Stale`.

        A cancellation aborts the transport; the line is never used again.
        """
        ...


class Relay(Protocol):
    """The way out: a pool of lines with the pace that the config gives."""

    def line(self) -> AbstractAsyncContextManager[Line | Deferred | Refused]:
        """A line when there is one and the pace allows; else why the relay is out of reach."""
        ...

    async def close(self) -> None: ...


# -- the mailbox -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where a folder was read.  RFC 3501 2.3.1.1: a UID means something only with its UIDVALIDITY."""

    uidvalidity: int
    uid: int  # the last one read; 0: none
    since: date | None = None  # of a rescan: what came on an earlier day was read


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """One mail as the server gave it; of a large one the headers and a part of the body (F37)."""

    uid: int
    size: int  # octets on the server
    content: bytes
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The next mails of one folder above a cursor, ascending by UID."""

    folder: str
    uidvalidity: int
    mails: tuple[Fetched, ...]
    last_uid: int  # the cursor after this batch, also where a UID had no mail any more
    at_end: bool  # nothing above `last_uid` when the server was asked
    rescan: bool = False  # UIDVALIDITY changed: these are found again by date (F30)


class Unreachable(Exception):
    """The mailbox cannot be read now: no line, refused login, a folder is gone.  `fault` says whose it is."""

    def __init__(self, reason: str, *, ours: bool = False, died: bool = False) -> None:
        super().__init__(reason)
        self.ours = ours  # the config has to be changed: login refused, folder missing
        self.died = died  # the thread that reads is to blame; another one has taken its place


class Mailbox(Protocol):
    """The creditor's mailbox.  One connection, in one thread of its own; calls are queued and answered in turn."""

    async def folders(self) -> Mapping[str, str]:
        """The watched folders by role: {"inbox": "INBOX", "junk": "Junk", "sent": "Sent", ...}; connects if need be."""
        ...

    def read(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
        """Everything above the cursors in all watched folders, to their end; a last batch `at_end` for each folder.

        Without any cursor a folder starts at UIDNEXT: its one batch is empty and sets the cursor (F34).  One that is
        new to us later starts at the day up to which the others were read.
        Interrupts a waiting `wait`.  Raises `Unreachable`.
        """
        ...

    async def wait(self, seconds: float) -> None:
        """Until the inbox announces something or the time is up (IDLE in slices, or a pause where there is none)."""
        ...

    async def file_sent(self, content: bytes) -> None:
        """Put a copy into Sent, flagged \\Seen."""
        ...

    async def find(self, message_id: str) -> bool:
        """Whether Sent or another watched folder holds a mail with this Message-ID (F1)."""
        ...

    async def whole(self, folder: str, uidvalidity: int, uid: int, most: int) -> bytes | None:
        """All of a mail of which a part was read; None: it has more octets than `most`, or is gone."""
        ...

    async def fetch_again(self, message_id: str, place: Place | None) -> bytes | None:
        """A mail once more: at its place, else by its Message-ID, which may be another's.  None: it is gone.

        Without a place: a letter of ours, in Sent alone, for elsewhere a stranger may use its id.
        """
        ...

    async def newest_headers(self, most: int) -> tuple[bytes, ...]:
        """The headers of the newest mails of the inbox, newest first, whoever sent them; for `check --online`."""
        ...

    async def close(self) -> None: ...


# -- signatures ------------------------------------------------------------------------------------------------


class Signatures(Protocol):
    """DKIM (RFC 6376): the keys are in the DNS of the domains that signed."""

    async def verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
        """The signatures of a mail, from the top; those of other domains than `domain` are named and not verified.

        A stranger's mail makes us ask the DNS of `domain`, so ask only about mail that carries a token of ours.
        Never raises: what could not be looked up says so.
        """
        ...


# -- the owner's second way ------------------------------------------------------------------------------------


class TellOtherwise(Protocol):
    """Reaches the owner where no mail can leave (F65)."""

    async def __call__(self, way: OtherWay, text: str) -> str | None:
        """None when it was told, else why not; within a minute, and never raises."""
        ...


# -- time ------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The only source of the time of day.  Time-outs use the event loop's monotonic clock instead."""

    def now(self) -> datetime:
        """UTC, aware."""
        ...

    async def sleep_until(self, moment: datetime) -> None:
        """Return when `now()` has reached `moment`."""
        ...


Notify = Callable[[str], None]  # a line for the service manager: "READY=1", "WATCHDOG=1"
