"""One connection to the relay, driven command by command so that the phase is always known (RFC 5321)."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

import aiosmtplib
from aiosmtplib.protocol import SMTPProtocol

from daemon.adapters.smtp_envelope import Envelope
from daemon.adapters.smtp_replies import Phase, Reply, clean, verdict
from daemon.ports import Deferred, Fault, InDoubt, Refused, Stale, Submission

LOST = (aiosmtplib.SMTPException, OSError)  # every way in which a reply fails to come; TimeoutError is an OSError
_COMMAND_SECONDS = 300.0  # RFC 5321 section 4.5.3.2: five minutes for MAIL and RCPT, two for DATA
_SHUT_OUT = frozenset({530, 535})  # RFC 4954 section 6: it does not know us any more, as when a token has ended (F27)
_PIECE = 65536  # octets of a letter that are given to the transport at once
_POLL_SECONDS = 0.02  # between two looks whether the transport can take the next piece


@dataclass(frozen=True, slots=True)
class Lost:
    """The line went before a letter was offered on it, and a fresh line may take the letter at once (F8)."""

    answer: Deferred | Refused  # what it means when the line was fresh already


class SmtpSession:
    """A line that is connected, encrypted and logged in; `smtp_login.open_session` makes it.

    aiosmtplib's `close()` flushes what it still holds, and its `data()` does not tell DATA from the message: so the
    commands are given one by one, and the line is ended by `abort()` whenever an answer did not come (F3).

    Attributes:
        letters: transactions begun on this line.
        idle_since: the event loop's time of the last reply.
    """

    def __init__(self, client: aiosmtplib.SMTP, *, reply_timeout: float) -> None:
        protocol, transport = client.protocol, client.transport
        if protocol is None or not isinstance(transport, asyncio.Transport):
            raise aiosmtplib.SMTPServerDisconnected("the line was lost while it was being made")
        self._client = client
        self._protocol: SMTPProtocol = protocol
        self._transport: asyncio.Transport = transport
        self._loop = asyncio.get_running_loop()
        self._reply_timeout = reply_timeout
        self._command_timeout = min(reply_timeout, _COMMAND_SECONDS)
        self._offers_dsn = client.supports_extension("dsn")
        self._offers_size = client.supports_extension("size")
        limit = client.esmtp_extensions.get("size", "").strip()
        self._largest = int(limit) if limit.isdecimal() else 0  # octets; 0: no limit known (RFC 1870 section 4)
        self._in_transaction = False  # the server still holds an envelope that came to nothing
        self._ended = False
        self.letters = 0
        self.idle_since = self._loop.time()

    @property
    def is_alive(self) -> bool:
        """As far as we know: a line may be dead without anybody having told us."""
        return not self._ended and not self._transport.is_closing()

    @property
    def idle_seconds(self) -> float:
        return self._loop.time() - self.idle_since

    async def transact(self, envelope: Envelope, data_by: float, called_off: Callable[[], bool]) -> Submission | Lost:
        """One letter for one recipient.

        Args:
            data_by: the event loop's time after which DATA is not said any more.
            called_off: asked right before DATA; true where the letter must not leave any more.

        A cancellation aborts the line (F5): a reply that is still on its way must never answer the next letter.
        """
        if self._loop.time() > data_by:
            return Stale()
        if self._largest and envelope.size > self._largest:
            reason = f"the letter has {envelope.size} octets, the server takes at most {self._largest}"
            return Refused(Fault.MESSAGE, reason, 552)
        self.letters += 1
        try:
            answer = await self._introduce(envelope, data_by, called_off)
            if answer is None:
                answer = await self._hand_over(envelope.content)
        except BaseException:
            self.abort()
            raise
        self.idle_since = self._loop.time()
        return answer

    async def _introduce(
        self, envelope: Envelope, data_by: float, called_off: Callable[[], bool]
    ) -> Submission | Lost | None:
        """MAIL and RCPT; None when the server awaits DATA, and the mailbox was read recently enough."""
        phase = Phase.MAIL
        try:
            if self._in_transaction:
                await self._command(b"RSET")
            self._in_transaction = True
            for phase, command in ((Phase.MAIL, self._mail(envelope)), (Phase.RCPT, self._rcpt(envelope))):
                reply = await self._command(*command)
                if 200 <= reply.code <= 299:
                    continue
                answer = verdict(phase, reply)
                # 421: the server is closing this line, whatever we said (RFC 5321 section 3.8).  503: it takes our
                # commands in another order than we gave them, so one of its replies got lost.
                closing = reply.code in (421, 503) and isinstance(answer, Deferred)
                if (closing or reply.code in _SHUT_OUT) and isinstance(answer, Deferred | Refused):
                    self.abort()
                    return Lost(answer)
                return answer
            if self._loop.time() > data_by or called_off():
                await self._command(b"RSET")
                self._in_transaction = False
                return Stale()
        except LOST as error:
            self.abort()
            return Lost(Deferred(f"{phase}: {_described(error)}", ours=True))
        return None

    async def _hand_over(self, content: bytes) -> Submission | Lost:
        """DATA and the letter: from here on a lost line leaves a doubt."""
        phase = Phase.DATA
        try:
            reply = await self._command(b"DATA")
            if reply.code == 354:
                phase = Phase.DOT
                reply = await self._pour(content)
                self._in_transaction = False
        except LOST as error:
            self.abort()
            return InDoubt(f"{phase}: {_described(error)}")
        answer = verdict(phase, reply)
        if reply.code == 421 or isinstance(answer, InDoubt):
            self.abort()
        if phase is Phase.DATA and reply.code in _SHUT_OUT and isinstance(answer, Refused):  # not offered: no 354 came
            self.abort()
            return Lost(answer)
        return answer

    async def _pour(self, content: bytes) -> Reply:
        """Send the letter and its final dot, and wait for the reply.

        RFC 5321 section 4.5.3.2.6: ten minutes; a client that waits less delivers the same letter several times (F2).
        They begin anew with each piece that a slow line takes, so that a large attachment has its time.
        """
        wire = content + b".\r\n"
        self._protocol.write(wire[:_PIECE])
        async with asyncio.timeout(self._reply_timeout) as limit:
            if len(wire) <= _PIECE:
                return self._replied(await self._protocol.read_response())
            rest = asyncio.create_task(self._pour_rest(memoryview(wire)[_PIECE:], limit))
            try:
                response = await self._protocol.read_response()
            finally:
                poured = rest.done()
                rest.cancel()
        if not poured:  # it answered before it had seen the end: what is still to come would be read as commands
            self.abort()
            if 200 <= response.code <= 299:
                raise aiosmtplib.SMTPServerDisconnected("accepted before the letter had ended")
        return self._replied(response)

    async def _pour_rest(self, rest: memoryview, limit: asyncio.Timeout) -> None:
        with contextlib.suppress(*LOST):  # who waits for the reply learns of a lost line too
            for start in range(0, len(rest), _PIECE):
                while self._transport.get_write_buffer_size() > _PIECE:  # noqa: ASYNC110  drain() is not for us
                    await asyncio.sleep(_POLL_SECONDS)
                self._protocol.write(bytes(rest[start : start + _PIECE]))
                limit.reschedule(self._loop.time() + self._reply_timeout)

    def _mail(self, envelope: Envelope) -> list[bytes]:
        command = [b"MAIL FROM:<" + envelope.sender + b">"]
        if self._offers_size:
            command.append(b"SIZE=%d" % envelope.size)
        if self._offers_dsn:  # F10: elsewhere these are answered by 555, which looks like a refusal for good
            command.append(b"RET=HDRS")
            if envelope.envid:
                command.append(b"ENVID=" + envelope.envid)
        return command

    def _rcpt(self, envelope: Envelope) -> list[bytes]:
        command = [b"RCPT TO:<" + envelope.recipient + b">"]
        if self._offers_dsn:
            command.append(b"NOTIFY=FAILURE,DELAY")
        return command

    async def _command(self, *words: bytes) -> Reply:
        return self._replied(await self._client.execute_command(*words, timeout=self._command_timeout))

    def _replied(self, response: aiosmtplib.SMTPResponse) -> Reply:
        return Reply(response.code, clean(response.message))

    async def answers(self, *, within: float) -> bool:
        """Whether the line still lives, asked by NOOP."""
        try:
            reply = await self._client.execute_command(b"NOOP", timeout=within)
        except LOST:
            reply = None
        except BaseException:
            self.abort()
            raise
        if reply is None or reply.code != 250:
            self.abort()
        return self.is_alive

    async def quit(self, *, within: float) -> None:
        """Take leave, as RFC 5321 section 4.1.1.10 asks; the line is over on return, whatever the server says."""
        try:
            if self.is_alive and (await self._client.execute_command(b"QUIT", timeout=within)).code == 221:
                self._ended = True  # all was said: a quiet end (FIN, and TLS's close_notify) loses nothing
                self._transport.close()
        except LOST:
            pass  # gone is gone
        finally:
            self.abort()

    def abort(self) -> None:
        """End the line at once: what it still holds is not sent, neither by the transport nor by the kernel (F3)."""
        if not self._ended:
            self._ended = True
            abort_transport(self._transport)


def abort_transport(transport: asyncio.BaseTransport) -> None:
    """Drop a line together with the bytes that wait in it."""
    endpoint = transport.get_extra_info("socket")
    if endpoint is not None:
        with contextlib.suppress(OSError):  # it is closed already
            endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()


def _described(error: BaseException) -> str:
    """An error in words; some carry none."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return clean(str(error)) or type(error).__name__
