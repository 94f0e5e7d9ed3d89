"""The creditor's mailbox over IMAP (RFC 3501): one connection, in one thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import socket
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import Any, TypeVar

from imapclient import SEEN

from daemon.adapters.imap_again import MESSAGE_ID, fetch_again, sent_first, with_id
from daemon.adapters.imap_connect import connect
from daemon.adapters.imap_fetch import fetch_whole, newest_headers
from daemon.adapters.imap_idle import idle, pause
from daemon.adapters.imap_read import Step, read_folders
from daemon.adapters.imap_recent import beginnings, recent_heads
from daemon.adapters.imap_refusals import shortened
from daemon.adapters.imap_session import Session
from daemon.adapters.imap_thread import ClientThread
from daemon.mail.whose.exchange import MailHead
from daemon.ports import Batch, Cursor, ImapSettings, Place, Unreachable

T = TypeVar("T")
_JOB_LIMIT = 5  # times the socket's time-out: a server may be slow, but not for ever (F35)
_FAREWELL = 5.0  # seconds for the LOGOUT


def _utc_today() -> date:
    return datetime.now(UTC).date()


class ImapMailbox:
    """`ports.Mailbox` over IMAP.

    The connection is made by the first call and made anew by the first call after it broke; how long to wait
    before that call is the caller's business.  Every failure is `Unreachable`.

    Args:
        password: asked at every log-in, in the mailbox's thread; with `settings.oauth` it gives an access token.
        renew: gives another token for one that the server has refused.
        socket_timeout: seconds that a connection or one read may take.
        idle_slice: seconds of IDLE after which the line is proved to be alive; together with `socket_timeout` at
            most five minutes, for a half-open line is found after both (F22).
        today: for the rescan by date after UIDVALIDITY changed (F30).
    """

    def __init__(
        self,
        settings: ImapSettings,
        password: Callable[[], str],
        *,
        renew: Callable[[str], str] | None = None,
        socket_timeout: float = 60,
        idle_slice: float = 240,
        today: Callable[[], date] = _utc_today,
    ) -> None:
        self._settings = settings
        self._password = password
        self._renew = renew
        self._timeout = socket_timeout
        self._slice = idle_slice
        self._today = today
        self._keeper: _Keeper | None = None
        self._closed = False
        self._not_given: Counter[Place] = Counter()

    async def folders(self) -> Mapping[str, str]:
        """The watched folders by role: inbox, junk, sent, `watch:NAME`; junk and sent only where there are such."""
        return await self._ask(lambda session: dict(session.folders))

    async def read(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
        """See `ports.Mailbox`.  The last batch of each folder is empty; the inbox's comes last of all.

        Whatever was in a folder when its last batch was asked for has been given before; that batch is asked for only
        after the one before it was taken.
        """
        keeper = self._working_keeper()
        begun, steps = await self._ask(lambda session: self._begin_to_read(session, cursors), keeper)

        def advance(session: Session) -> Step | None:
            if session is not begun:
                raise Unreachable("imap: the connection broke while the folders were read")
            return next(steps, None)

        step = await self._ask(advance, keeper)
        while step is not None:
            # While the caller works on this batch, the server and the line work on the next.
            ahead = asyncio.ensure_future(self._ask(advance, keeper)) if step.certain else None
            try:
                yield step.batch
            except BaseException:
                if ahead is not None:
                    ahead.cancel()
                    ahead.add_done_callback(lambda done: done.cancelled() or done.exception())
                raise
            step = await (ahead or self._ask(advance, keeper))

    async def wait(self, seconds: float) -> None:
        """See `ports.Mailbox`.  Returns after one slice at the latest, for a SEARCH has to follow every slice (F25);
        at once when the inbox was not open, for what arrived before is not announced; and when another call is queued.
        """
        keeper = self._working_keeper()
        length = min(seconds, self._slice)
        await self._ask(lambda session: keeper.listen(session, length), keeper, length + self._timeout * _JOB_LIMIT)

    async def file_sent(self, content: bytes) -> None:
        """Put a copy into Sent, flagged \\Seen, dated as the letter is.

        Raises:
            Unreachable: the copy may be there all the same: see `find`.
        """
        if (sent := (await self.folders()).get("sent")) is None:
            raise Unreachable("imap: sent: there is no folder for sent mail that we know; name it", ours=True)
        await self._ask(lambda session: _append(session, sent, content))

    async def find(self, message_id: str) -> bool:
        """Whether Sent or another watched folder holds a mail with this Message-ID (F1)."""
        if not MESSAGE_ID.fullmatch(message_id):
            raise ValueError(f"not a Message-ID: {message_id!r}")
        return await self._ask(lambda session: _holds(session, message_id))

    async def whole(self, folder: str, uidvalidity: int, uid: int, most: int) -> bytes | None:
        """See `ports.Mailbox`."""
        return await self._ask(lambda session: fetch_whole(session, folder, uidvalidity, uid, most))

    async def fetch_again(self, message_id: str, place: Place | None) -> bytes | None:
        """See `ports.Mailbox`."""
        return await self._ask(lambda session: fetch_again(session, message_id, place))

    async def newest_headers(self, most: int) -> tuple[bytes, ...]:
        """See `ports.Mailbox`."""
        return await self._ask(lambda session: newest_headers(session, most))

    async def recent_heads(self, since: date) -> tuple[MailHead, ...]:
        """Headers of what came into inbox and Sent since a day; for `triage`, and nothing changes."""
        return await self._ask(lambda session: recent_heads(session, since))

    async def beginnings(self, role: str, uids: Sequence[int]) -> Mapping[int, bytes]:
        """The beginnings of these mails of a folder, by UID."""
        return await self._ask(lambda session: beginnings(session, role, uids))

    async def close(self) -> None:
        """Log out and end the thread; within seconds, whatever the server does."""
        self._closed = True
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            await keeper.thread.leave(_FAREWELL)

    async def _ask(self, job: Callable[[Session], T], keeper: _Keeper | None = None, limit: float | None = None) -> T:
        keeper = keeper or self._working_keeper()
        return await keeper.thread.run(lambda: keeper.do(job), limit=limit or self._timeout * _JOB_LIMIT)

    def _begin_to_read(self, session: Session, cursors: Mapping[str, Cursor]) -> tuple[Session, Iterator[Step]]:
        session.look_for_missing()
        return session, read_folders(session, cursors, self._today, self._not_given)

    def _working_keeper(self) -> _Keeper:
        if self._closed:
            raise Unreachable("the mailbox was closed")
        if self._keeper is None or self._keeper.thread.ended:
            self._keeper = _Keeper(self._settings, self._password, self._renew, self._timeout)
        return self._keeper


class _Keeper:
    """One thread and the session that lives in it; a stuck one is left alone and another takes its place."""

    def __init__(
        self,
        settings: ImapSettings,
        password: Callable[[], str],
        renew: Callable[[str], str] | None,
        timeout: float,
    ) -> None:
        self._settings = settings
        self._password = password
        self._renew = renew
        self._timeout = timeout
        self._session: Session | None = None
        self._line: socket.socket | None = None
        self.thread = ClientThread(f"imap {settings.host}", sever=self._sever, farewell=self._farewell)

    # What follows runs in the thread.

    def do(self, job: Callable[[Session], T]) -> T:
        """A job on the session, which is begun if need be, and given up when the job fails."""
        try:
            return job(self._session or self._begin())
        except Unreachable:
            self._drop()
            raise
        except (OSError, imaplib.IMAP4.error, ValueError, LookupError) as failure:
            # The last two: imapclient and imaplib stumble so over answers that are no IMAP.
            self._drop()
            told = shortened(getattr(failure, "strerror", None) or str(failure)) or type(failure).__name__
            raise Unreachable(f"imap: {self._settings.host}:{self._settings.port}: {told}") from failure

    def listen(self, session: Session, seconds: float) -> None:
        """Wait in the inbox."""
        inbox = session.folders["inbox"]
        if session.open is None or session.open.name != inbox:
            session.look_at(inbox)
            return
        if session.has_news():
            return
        if session.can_idle:
            idle(session, seconds, wake=self.thread.wake, wanted=self.thread.has_errands)
        if not session.can_idle:
            seconds = min(seconds, self._settings.poll_seconds)
            pause(seconds, wake=self.thread.wake, wanted=self.thread.has_errands)

    def _begin(self) -> Session:
        if self.thread.ended:
            raise Unreachable("the mailbox connection was given up")
        client = connect(self._settings, self._password, self._timeout, renew=self._renew)
        self._line = client.socket()
        try:
            self._session = Session(client, self._settings)
        except BaseException:
            _shut(client)
            raise
        return self._session

    def _drop(self) -> None:
        session, self._session, self._line = self._session, None, None
        if session is not None:
            _shut(session.client)

    def _farewell(self) -> None:
        if self._session is not None:
            with contextlib.suppress(OSError, imaplib.IMAP4.error, ValueError):
                self._session.client.socket().settimeout(_FAREWELL)
                self._session.client.logout()
        self._drop()

    # This one does not.

    def _sever(self) -> None:
        if (line := self._line) is not None:
            with contextlib.suppress(OSError):
                # The plain socket's own: SSLSocket's takes the TLS state from under the reading thread.
                socket.socket.shutdown(line, socket.SHUT_RDWR)


def _shut(client: Any) -> None:
    with contextlib.suppress(OSError, ValueError):
        client.shutdown()


def _append(session: Session, sent: str, content: bytes) -> None:
    session.client.append(sent, content, flags=(SEEN,), msg_time=_date_of(content))


def _date_of(content: bytes) -> datetime | None:
    """The Date of a letter of ours; None when it has none, and the server takes its own time."""
    try:
        told = parsedate_to_datetime(BytesHeaderParser().parsebytes(content)["Date"])
    except (TypeError, ValueError):
        return None
    return told if told.tzinfo is not None else told.replace(tzinfo=UTC)


def _holds(session: Session, message_id: str) -> bool:
    return any(with_id(session, name, message_id) for name in sent_first(session))
