"""One connection to an `SmtpPeer` (RFC 5321, 3207, 4954, 3461)."""

import asyncio
import base64
import binascii
import contextlib
import re
import socket
import struct

from tests.smtp_script import After, Answer, Behaviour, Message

_PATH = re.compile(r"(?i)(?:FROM|TO):\s*<([^>]*)>((?: \S+)*)\s*$")
_PARAMETERS = {  # which announced extension makes a MAIL or RCPT parameter legal
    "BODY": "8BITMIME",
    "SIZE": "SIZE",
    "SMTPUTF8": "SMTPUTF8",
    "AUTH": "AUTH",
    **dict.fromkeys(("RET", "ENVID", "NOTIFY", "ORCPT"), "DSN"),
}


class _Closed(Exception):
    """This connection is over."""


class Session:
    """Talks with one client as the behaviour says, until one of them closes."""

    def __init__(
        self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, tls: bool, does: Behaviour
    ) -> None:
        self._number, self._reader, self._writer, self._tls, self._does = number, reader, writer, tls, does
        self._login: str | None = None
        self._greeted = False
        self._taken = 0  # messages accepted on this connection
        self._forget()

    def _forget(self) -> None:
        self._sender: str | None = None
        self._mail_parameters: list[str] = []
        self._recipients: dict[str, list[str]] = {}

    async def talk(self) -> None:
        try:
            await self._answer("connect", "", "220 peer.test ESMTP")
            while True:
                await self._command(await self._read())
        except (_Closed, OSError):
            self._writer.close()  # the line is gone, as scripted or by the client
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(1):
                    await self._writer.wait_closed()
        finally:
            self._writer.transport.abort()

    async def _read(self) -> str:
        return (await self._read_raw()).decode("utf-8", "surrogateescape").rstrip("\r\n")

    async def _read_raw(self) -> bytes:
        try:
            raw = await self._reader.readline()
        except ValueError:  # longer than the reader's limit
            self._writer.write(b"500 5.5.2 Line too long\r\n")
            raise _Closed from None
        if not raw.endswith(b"\n"):
            raise _Closed
        return raw

    async def _command(self, text: str) -> None:
        verb, _, rest = text.partition(" ")
        verb = verb.upper()
        self._does.commands.append(" ".join(text.split(" ")[:2]) if verb == "AUTH" else text)
        match verb:
            case "EHLO" | "HELO":
                self._greeted = True
                self._forget()
                await self._answer("ehlo", rest, "250 peer.test" if verb == "HELO" else self._announcement())
            case "STARTTLS" if self._does.tls is not None and not self._tls:
                if (await self._answer("starttls", rest, "220 2.0.0 Ready")).startswith("2"):
                    await self._writer.start_tls(self._does.tls)
                    self._tls, self._login = True, None
                    self._forget()
            case "AUTH" if self._auth_announced():
                await self._log_in(rest)
            case "MAIL":
                await self._mail(rest)
            case "RCPT":
                await self._rcpt(rest)
            case "DATA" if not self._recipients:
                await self._say("503 5.5.1 No valid recipients")
            case "DATA":
                await self._data()
            case "RSET":
                self._forget()
                await self._answer("rset", rest, "250 2.0.0 Ok")
            case "NOOP":
                await self._answer("noop", rest, "250 2.0.0 Ok")
            case "QUIT":
                await self._answer("quit", rest, "221 2.0.0 Bye")
                raise _Closed
            case _:
                await self._say("502 5.5.1 Command not implemented")

    def _auth_announced(self) -> bool:
        return self._does.users is not None and (self._tls or not self._does.auth_needs_tls)

    def _announcement(self) -> str:
        words = [*self._does.extensions]
        if self._does.tls is not None and not self._tls:
            words.append("STARTTLS")
        if self._auth_announced():
            words.append(f"AUTH {' '.join(self._does.auth_mechanisms)}")
        return "\n".join(f"250 {word}" for word in ["peer.test", *words])

    async def _log_in(self, rest: str) -> None:
        mechanism, _, first = rest.partition(" ")
        mechanism = mechanism.upper()
        if mechanism not in self._does.auth_mechanisms:
            return await self._say("504 5.5.4 Unknown mechanism")
        try:
            if mechanism == "LOGIN":
                user = _decoded(first or await self._ask("334 VXNlcm5hbWU6"))
                secret = _decoded(await self._ask("334 UGFzc3dvcmQ6"))
            elif mechanism == "PLAIN":
                _, user, secret = _decoded(first or await self._ask("334 ")).split("\0")
            else:
                parts = _decoded(first or await self._ask("334 ")).split("\1")
                user, secret = parts[0].removeprefix("user="), parts[1].removeprefix("auth=Bearer ")
        except (ValueError, IndexError):
            return await self._say("501 5.5.2 Cannot decode that")
        known = (self._does.users or {}).get(user) == secret
        if not known and mechanism == "XOAUTH2":  # the error comes as a challenge, which the client acknowledges
            await self._ask("334 " + base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode())
        usual = "235 2.7.0 Accepted" if known else "535 5.7.8 Authentication credentials invalid"
        if (await self._answer("auth", mechanism, usual)).startswith("2"):
            self._login = user
        return None

    async def _ask(self, challenge: str) -> str:
        await self._say(challenge)
        return await self._read()

    async def _mail(self, rest: str) -> None:
        parsed = _PATH.match(rest)
        if not self._greeted or self._sender is not None:
            return await self._say("503 5.5.1 Bad sequence of commands")
        if self._does.users is not None and self._login is None:
            return await self._say("530 5.7.0 Authentication required")
        if self._does.max_messages is not None and self._taken >= self._does.max_messages:
            return await self._say("421 4.7.0 Too many messages on this connection")
        if parsed is None:
            return await self._say("501 5.5.4 Syntax: MAIL FROM:<address>")
        parameters = parsed[2].split()
        if (wrong := self._not_announced(parameters)) is not None:
            return await self._say(f"555 5.5.4 Unsupported option: {wrong}")
        if (await self._answer("mail", rest, "250 2.1.0 Ok")).startswith("2"):
            self._sender, self._mail_parameters = parsed[1], parameters
        return None

    async def _rcpt(self, rest: str) -> None:
        parsed = _PATH.match(rest)
        if self._sender is None:
            return await self._say("503 5.5.1 Need MAIL first")
        if parsed is None:
            return await self._say("501 5.5.4 Syntax: RCPT TO:<address>")
        parameters = parsed[2].split()
        if (wrong := self._not_announced(parameters)) is not None:
            return await self._say(f"555 5.5.4 Unsupported option: {wrong}")
        if (await self._answer("rcpt", rest, "250 2.1.5 Ok")).startswith("2"):
            self._recipients[parsed[1]] = parameters
        return None

    def _not_announced(self, parameters: list[str]) -> str | None:
        announced = {word.split()[0].upper() for word in self._does.extensions}
        if self._does.users is not None:
            announced.add("AUTH")
        names = (parameter.partition("=")[0].upper() for parameter in parameters)
        return next((name for name in names if _PARAMETERS.get(name, name) not in announced), None)

    async def _data(self) -> None:
        if not (await self._answer("data", "", "354 End data with <CR><LF>.<CR><LF>")).startswith("3"):
            return
        lines: list[bytes] = []
        size = 0
        fault = self._does.next("body", "")
        while (raw := await self._read_raw()) != b".\r\n":
            size += len(raw)
            lines.append(raw[1:] if raw.startswith(b".") else raw)
            if fault != "ok" and size >= self._does.body_bytes:
                if fault == "hang":
                    await asyncio.Event().wait()  # reads nothing more either
                if isinstance(fault, After):
                    await asyncio.sleep(fault.seconds)
                    fault = fault.answer
                if fault != "ok":
                    await self._do(fault, "")
                    fault = "ok"
        message = Message(
            self._sender or "",
            list(self._recipients),
            b"".join(lines),
            self._mail_parameters,
            dict(self._recipients),
            "",
            self._number,
            self._tls,
            self._login,
        )
        self._forget()
        self._does.received.append(message)
        async with self._does.something_came:
            self._does.something_came.notify_all()
        answer = self._does.next("dot", "")
        message.reply = await self._do(answer, f"250 2.0.0 Ok: queued as {len(self._does.received)}", message)
        self._taken += message.reply.startswith("2")

    async def _answer(self, phase: str, argument: str, usual: str) -> str:
        return await self._do(self._does.next(phase, argument), usual)

    async def _do(self, answer: Answer, usual: str, message: Message | None = None) -> str:
        """Do what an answer says; returns the reply that was sent."""
        match answer:
            case After():
                await asyncio.sleep(answer.seconds)
                return await self._do(answer.answer, usual, message)
            case "hang":
                while await self._reader.read(65536):
                    pass
                raise _Closed  # the client gave up
            case "hang up":
                raise _Closed
            case "reset":
                endpoint: socket.socket = self._writer.get_extra_info("socket")
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._writer.transport.abort()
                raise _Closed
        reply = usual if answer == "ok" else str(answer)
        if message is not None:
            message.reply = reply  # before the client can know it
        await self._say(reply)
        return reply

    async def _say(self, reply: str) -> None:
        parts = reply.split("\n")
        code = parts[0][:3]
        said = [f"{code}{'-' if at < len(parts) - 1 else ' '}{part[4:]}" for at, part in enumerate(parts)]
        self._writer.write("".join(f"{text}\r\n" for text in said).encode())
        await self._writer.drain()
        if code == "421":
            raise _Closed


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not base64 of UTF-8") from error
