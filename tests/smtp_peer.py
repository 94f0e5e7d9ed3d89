"""A scripted SMTP server of our own, on asyncio, for faults that a well-behaved server never shows (RFC 5321)."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence

from tests.loopback import Loopback
from tests.smtp_script import After, Answer, Behaviour, Message, Script
from tests.smtp_session import Session

__all__ = ["EXTENSIONS", "After", "Answer", "Message", "Script", "SmtpPeer"]

EXTENSIONS = ("8BITMIME", "SIZE 10485760", "DSN", "SMTPUTF8")


class SmtpPeer(Loopback):
    """`async with SmtpPeer(rcpt="450 4.2.0 greylisted") as peer: ... peer.port, peer.accepted`

    Args:
        connect, ehlo, starttls, auth, mail, rcpt, data, dot, rset, noop, quit: what to do in that phase (`Script`).
        body: "hang", "hang up", "reset" or `After` once `body_bytes` bytes of the message came, in mid-DATA (F3).
        extensions: announced after EHLO, beside STARTTLS and AUTH; without "DSN" a NOTIFY gets 555, as in life (F10).
        tls: offer STARTTLS with this context; `implicit_tls=True`: TLS from the first byte instead.
        users: user to password (or OAuth token): announce AUTH and demand it before MAIL.
        auth_needs_tls: announce AUTH only on TLS.
        max_messages: after so many on one connection, MAIL gets 421 and the peer closes (F8).
        port: 0 takes a free one.
        receive_buffer: octets that the kernel keeps of a connection while we do not read; None: as many as it likes.
    """

    def __init__(
        self,
        *,
        connect: Script = "ok",
        ehlo: Script = "ok",
        starttls: Script = "ok",
        auth: Script = "ok",
        mail: Script = "ok",
        rcpt: Script = "ok",
        data: Script = "ok",
        body: Script = "ok",
        dot: Script = "ok",
        rset: Script = "ok",
        noop: Script = "ok",
        quit: Script = "ok",  # noqa: A002  the name of the command
        body_bytes: int = 1,
        extensions: Sequence[str] = EXTENSIONS,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        users: Mapping[str, str] | None = None,
        auth_mechanisms: Sequence[str] = ("PLAIN", "LOGIN", "XOAUTH2"),
        auth_needs_tls: bool = True,
        max_messages: int | None = None,
        port: int = 0,
        receive_buffer: int | None = None,
    ) -> None:
        self.script: dict[str, Script] = {  # may be changed while it runs: peer.script["rcpt"] = "ok"
            "connect": connect,
            "ehlo": ehlo,
            "starttls": starttls,
            "auth": auth,
            "mail": mail,
            "rcpt": rcpt,
            "data": data,
            "body": body,
            "dot": dot,
            "rset": rset,
            "noop": noop,
            "quit": quit,
        }
        self._does = Behaviour(
            script=self.script,
            extensions=extensions,
            tls=None if implicit_tls else tls,
            users=users,
            auth_mechanisms=auth_mechanisms,
            auth_needs_tls=auth_needs_tls and tls is not None,
            max_messages=max_messages,
            body_bytes=body_bytes,
        )
        self.received = self._does.received  # every message whose final dot was seen, whatever was answered
        self.commands = self._does.commands  # every command line of every connection; AUTH without its secret
        super().__init__(tls=tls if implicit_tls else None, port=port, receive_buffer=receive_buffer)

    @property
    def accepted(self) -> list[Message]:
        """The messages that were answered with 2xx."""
        return [message for message in self.received if message.reply.startswith("2")]

    async def wait_for(self, count: int = 1, *, within: float = 10.0) -> list[Message]:
        """The messages received, once there are at least `count`.

        Raises:
            TimeoutError: not within so many seconds.
        """
        async with asyncio.timeout(within), self._does.something_came:
            await self._does.something_came.wait_for(lambda: len(self.received) >= count)
        return self.received

    async def serve(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls = self._tls_at_once is not None
        await Session(number, reader, writer, tls=tls, does=self._does).talk()
