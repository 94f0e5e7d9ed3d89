"""The way out: `ports.Relay` over SMTP, a pool of lines with a pace (RFC 5321, 6409)."""

from __future__ import annotations

import asyncio
import hashlib
import ssl
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.pace import Pace
from daemon.adapters.secret import NoSecret
from daemon.adapters.smtp_envelope import Envelope, seal
from daemon.adapters.smtp_login import open_session
from daemon.adapters.smtp_session import Lost, SmtpSession
from daemon.adapters.tls import client_context
from daemon.ports import Deferred, Line, Parcel, Refused, Security, SmtpSettings, Submission

_TRUSTED_SECONDS = 5.0  # an idle line is reused unasked that long; later NOOP asks it first
_IDLE_SECONDS = 30.0  # then it is given up: servers count idle lines against us
_ASK_SECONDS = 10.0  # for the answers to NOOP and QUIT


class SmtpRelay:
    """At most `settings.connections` lines, each used for at most `settings.per_connection` letters (F8).

    Args:
        password: asked at each log-in, in a thread, so that a changed secret is found; None where nobody logs in.  With
            `settings.oauth` it gives an access token.
        renew: gives another token for one that the server has refused; the same where there is no other.
        reply_timeout: seconds to wait for the reply to a letter (F2); less than 600 is for tests.
        connect_timeout: seconds for the connection, and for each reply until the log-in is done.
        login_pause: seconds for which a refused log-in is not repeated with the same password (F13).
    """

    def __init__(
        self,
        settings: SmtpSettings,
        password: Callable[[], str] | None,
        *,
        renew: Callable[[str], str] | None = None,
        reply_timeout: float = 600.0,
        connect_timeout: float = 30.0,
        login_pause: float = 60.0,
    ) -> None:
        self._settings = settings
        self._password = password
        self._renew = renew
        self._reply_timeout = reply_timeout
        self._connect_timeout = connect_timeout
        self._login_pause = login_pause
        self._pace = Pace(settings.per_minute)
        self._places = asyncio.Semaphore(max(settings.connections, 1))
        self._door = asyncio.Lock()  # one log-in at a time: a wrong password is tried once, not once a line
        self._context: ssl.SSLContext | None = None
        self._idle: list[SmtpSession] = []
        self._goodbyes: set[asyncio.Task[None]] = set()
        self._refusal: tuple[Refused, bytes, float] | None = None  # with the password's digest and until when
        self._tidy_up: asyncio.TimerHandle | None = None
        self._closed = False

    @asynccontextmanager
    async def line(self) -> AsyncIterator[Line | Deferred | Refused]:
        """A line when there is one and the pace allows; else why the relay is out of reach.

        The turn that was waited for is the first letter's; each further letter on the same line waits for its own.
        """
        async with self._places:
            await self._pace.turn()
            line = _Line(self, self._pace)
            try:
                session = await self.session()
                if isinstance(session, SmtpSession):
                    line.session = session
                    yield line
                else:
                    yield session
            finally:
                line.release()

    async def close(self) -> None:
        """Take leave on every idle line; one that is in use ends when it is released."""
        self._closed = True
        if self._tidy_up is not None:
            self._tidy_up.cancel()
        for session in self._idle:
            self._say_goodbye(session)
        self._idle.clear()
        while self._goodbyes:
            await asyncio.wait(self._goodbyes)

    async def session(self) -> SmtpSession | Deferred | Refused:
        """An idle line that still answers, or a new one."""
        while self._idle:
            session = self._idle.pop()  # the one used last: the others grow old and go
            if not session.is_alive or session.idle_seconds > _IDLE_SECONDS:
                self._say_goodbye(session)
            elif session.idle_seconds <= _TRUSTED_SECONDS or await session.answers(within=_ASK_SECONDS):
                return session
        return await self._open()

    def take_back(self, session: SmtpSession) -> None:
        """Keep a line for the next letter, or end it: dead, worn, or nobody wants it any more."""
        if not session.is_alive:
            session.abort()
        elif self._closed or session.letters >= self._settings.per_connection:
            self._say_goodbye(session)
        else:
            self._idle.append(session)
            if self._tidy_up is None:
                self._tidy_up = asyncio.get_running_loop().call_later(_IDLE_SECONDS, self._end_old_lines)

    def is_worn(self, session: SmtpSession) -> bool:
        return session.letters >= self._settings.per_connection

    def _end_old_lines(self) -> None:
        loop = asyncio.get_running_loop()
        for session in [one for one in self._idle if loop.time() - one.idle_since >= _IDLE_SECONDS]:
            self._idle.remove(session)
            self._say_goodbye(session)
        oldest = min((one.idle_since for one in self._idle), default=None)
        self._tidy_up = None if oldest is None else loop.call_at(oldest + _IDLE_SECONDS, self._end_old_lines)

    def _say_goodbye(self, session: SmtpSession) -> None:
        task = asyncio.get_running_loop().create_task(session.quit(within=_ASK_SECONDS))
        self._goodbyes.add(task)
        task.add_done_callback(self._goodbyes.discard)

    async def _open(self) -> SmtpSession | Deferred | Refused:
        async with self._door:
            if self._closed:
                return Deferred("the relay is closed", ours=True)
            password = None
            if self._settings.username is not None and self._password is not None:
                try:
                    password = await asyncio.to_thread(self._password)
                except NoSecret as missing:
                    return Deferred(f"smtp.password: {missing}", ours=True)
                except LoginFault as fault:
                    return Deferred(f"smtp.auth: {fault}", ours=True)
                except (OSError, ValueError, LookupError, subprocess.SubprocessError) as error:
                    # Only the kind: a text may hold the secret.
                    reason = f"smtp.password ({self._settings.password}) cannot be read: {type(error).__name__}"
                    return Deferred(reason, ours=True)
            digest = hashlib.sha256((password or "").encode()).digest()
            if (refused := self._still_refused(digest)) is not None:
                return refused
            try:
                context = await self._tls()
            except OSError as error:
                return Deferred(f"smtp.ca_file {self._settings.ca_file}: {error}", ours=True)
            session = await self._log_in(password, context)
            if isinstance(session, Refused) and password is not None and self._renew is not None:
                try:
                    other = await asyncio.to_thread(self._renew, password)
                except LoginFault as fault:
                    return Deferred(f"smtp.auth: {fault}", ours=True)
                if other != password:  # it may have been taken back before its time (F27)
                    digest = hashlib.sha256(other.encode()).digest()
                    session = await self._log_in(other, context)
            if not isinstance(session, SmtpSession):
                self._context = None  # an authority may have been added meanwhile
            if isinstance(session, Refused):
                self._refusal = (session, digest, asyncio.get_running_loop().time() + self._login_pause)
            return session

    async def _log_in(self, password: str | None, context: ssl.SSLContext | None) -> SmtpSession | Deferred | Refused:
        return await open_session(
            self._settings,
            password,
            context,
            connect_timeout=self._connect_timeout,
            reply_timeout=self._reply_timeout,
        )

    def _still_refused(self, digest: bytes) -> Refused | None:
        if self._refusal is None:
            return None
        refused, of_password, until = self._refusal
        return refused if of_password == digest and asyncio.get_running_loop().time() < until else None

    async def _tls(self) -> ssl.SSLContext | None:
        if self._settings.security is Security.NONE:
            return None
        if self._context is None:
            self._context = await asyncio.to_thread(client_context, self._settings.ca_file)
        return self._context


class _Line:
    """A place in the pool, lent to one caller: `ports.Line`.  The connection behind it may change between letters."""

    def __init__(self, relay: SmtpRelay, pace: Pace) -> None:
        self._relay = relay
        self._pace = pace
        self._has_turn = True
        self.session: SmtpSession | None = None

    async def submit(self, parcel: Parcel, data_by: float) -> Submission:
        """One transaction; see `ports.Line`.  A line that had served before and is found dead is replaced once (F8)."""
        envelope = seal(parcel)
        if not isinstance(envelope, Envelope):
            return envelope
        if not self._has_turn:
            await self._pace.turn()
        self._has_turn = False
        while True:
            session = await self._usable()
            if not isinstance(session, SmtpSession):
                return session
            may_be_stale = session.letters > 0 or session.idle_seconds > _TRUSTED_SECONDS
            answer = await session.transact(envelope, data_by, parcel.called_off)
            if not isinstance(answer, Lost):
                return answer
            if not may_be_stale:  # a fresh line was lost too: that is the relay's trouble, and waits
                return answer.answer

    async def _usable(self) -> SmtpSession | Deferred | Refused:
        session = self.session
        if session is not None and session.is_alive and not self._relay.is_worn(session):
            return session
        self.session = None
        if session is not None:
            self._relay.take_back(session)
        opened = await self._relay.session()
        if isinstance(opened, SmtpSession):
            self.session = opened
        return opened

    def release(self) -> None:
        if self._has_turn:
            self._pace.give_back()
        if self.session is not None:
            self._relay.take_back(self.session)
            self.session = None
