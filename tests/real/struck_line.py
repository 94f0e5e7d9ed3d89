"""A man in the middle who understands SMTP and IMAP well enough to strike one word of a conversation."""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import struct
from dataclasses import dataclass
from typing import Literal

from tests.loopback import Loopback

Protocol = Literal["smtp", "imap"]
Side = Literal["before", "half", "after"]
Blow = Literal["close", "reset", "stall", "delay", "split", "twice", "garble"]

_DELAY = 0.3  # seconds; less than the patience of whoever is tested
_LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """What happens to a conversation, and where.

    Attributes:
        phase: a command, as the client says it (SIZES is a FETCH for them), or CONNECT, GREETING, TLS (what follows
            STARTTLS); BODY and DOT of a letter; LITERAL of an APPEND; NEWS, which the server tells during an IDLE.
        side: `before` what the client says gets through; `half` of what is said has got through (of the answer, or of a
            body); `after` all of what the client says, and nothing of the answer.
        blow: `close` and `reset` cut the line; `stall` lets nothing pass from now on; `delay`, `split`, `twice` and
            `garble` (the line breaks stay) concern this one piece.
    """

    phase: str
    side: Side
    blow: Blow

    def __str__(self) -> str:
        return f"{self.blow} {self.side} {self.phase}"


class StruckLine(Loopback):
    """`async with StruckLine(port, "smtp", tls=..., upstream_tls=...) as line: line.strokes = [Stroke(...)]`

    Args:
        tls: as a server towards the client, `upstream_tls` as a client towards the server: both, or clear text.
    """

    def __init__(
        self,
        upstream_port: int,
        protocol: Protocol,
        *,
        tls: ssl.SSLContext | None = None,
        upstream_tls: ssl.SSLContext | None = None,
    ) -> None:
        self.strokes: list[Stroke] = []  # each falls once, the first time that its place comes
        self.fell = 0
        self.heard: list[str] = []  # phases, of all connections; not what was said in them
        self._upstream_port, self._protocol = upstream_port, protocol
        self._upstream_tls = upstream_tls
        super().__init__(tls=tls)
        self._talks: set[_Talk] = set()

    def cut(self) -> None:
        """Cut every line that is open now, so that the client begins anew."""
        for talk in [*self._talks]:
            talk.cut("close")

    def take(self, phase: str, side: Side) -> Blow | None:
        """What falls on this place; each stroke falls once."""
        stroke = next((one for one in self.strokes if (one.phase, one.side) == (phase, side)), None)
        if stroke is None:
            return None
        self.strokes.remove(stroke)
        self.fell += 1
        return stroke.blow

    async def serve(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = _Talk(self, writer, self._protocol)
        self._talks.add(talk)
        try:
            self.heard.append("CONNECT")
            if not await talk.connected():
                return
            host = "localhost" if self._upstream_tls else None
            from_server, talk.server = await asyncio.open_connection(
                "127.0.0.1", self._upstream_port, ssl=self._upstream_tls, server_hostname=host
            )
            async with asyncio.TaskGroup() as both:
                both.create_task(talk.up(reader))
                both.create_task(talk.down(from_server))
        except* OSError:
            pass  # one end is gone; the other is closed below
        finally:
            self._talks.discard(talk)
            talk.cut("close")


class _Talk:
    """One connection: what it is about just now, and its two ends."""

    def __init__(self, line: StruckLine, client: asyncio.StreamWriter, protocol: Protocol) -> None:
        self.client, self.server = client, client
        self._line, self._protocol = line, protocol
        self._phase = "GREETING"
        self._in_body = self._in_tls = False
        self._literal = 0  # octets of an APPEND that are still to come
        self._silent = asyncio.Event()  # nothing passes any more

    async def connected(self) -> bool:
        """Whether the line may go on to the server."""
        match self._line.take("CONNECT", "before"):
            case "close" | "reset" as how:
                self.cut(how)
                return False
            case "stall":
                await asyncio.Event().wait()
            case "delay":
                await asyncio.sleep(_DELAY)
        return True

    async def up(self, reader: asyncio.StreamReader) -> None:
        while piece := await reader.read(65536):
            for phase, said in self._parts(piece):
                if phase != self._phase or phase not in ("BODY", "TLS"):
                    self._line.heard.append(phase)
                self._phase = phase
                half = len(said) // 2
                if phase == "BODY" and (blow := self._line.take(phase, "half")):
                    await self._pass(self.server, said[:half])
                    await self._struck(blow, self.server, said[half:])
                elif blow := self._line.take(phase, "before"):
                    await self._struck(blow, self.server, said)
                else:
                    await self._pass(self.server, said)
        self.cut("close")

    async def down(self, reader: asyncio.StreamReader) -> None:
        while piece := await reader.read(65536):
            phase = self._phase
            half = len(piece) // 2
            if phase == "DATA" and piece.startswith(b"354"):
                self._in_body = True
            if phase == "STARTTLS" and (piece.startswith(b"220") or b" OK " in piece):
                self._in_tls = True
            if phase == "IDLE":
                self._phase = "NEWS"
            if blow := self._line.take(phase, "after"):
                await self._struck(blow, self.client, piece)
            elif half and (blow := self._line.take(phase, "half")):
                await self._pass(self.client, piece[:half])
                await self._struck(blow, self.client, piece[half:])
            else:
                await self._pass(self.client, piece)
        self.cut("close")

    def _parts(self, piece: bytes) -> list[tuple[str, bytes]]:
        """What the client says, by phase."""
        if self._in_tls:
            return [("TLS", piece)]
        if self._in_body:
            if not piece.endswith(b"\r\n.\r\n"):
                return [("BODY", piece)]
            self._in_body = False
            return [("BODY", piece[:-3]), ("DOT", piece[-3:])]
        if self._literal:
            self._literal = max(self._literal - len(piece), 0)
            return [("LITERAL", piece)]
        if self._protocol == "smtp":
            if self._phase == "AUTH" and b" " not in piece:
                return [("AUTH", piece)]  # a secret, by itself
            return [(piece[:64].split()[0].decode("ascii", "replace").upper(), piece)]
        if literal := _LITERAL.search(piece):
            self._literal = int(literal[1])
        if piece.startswith(b"DONE"):
            return [("DONE", piece)]
        words = piece[:200].split()[1:]
        if not words:
            return [(self._phase, piece)]  # the line break behind a literal
        if words[0] == b"UID":
            words = [b"SIZES" if b"RFC822.SIZE" in piece else words[1]]
        return [(words[0].decode("ascii", "replace").upper(), piece)]

    async def _struck(self, blow: Blow, writer: asyncio.StreamWriter, piece: bytes) -> None:
        match blow:
            case "close" | "reset":
                await asyncio.sleep(0.02)  # what got through is read before the cut is seen
                self.cut(blow)
            case "stall":
                self._silent.set()
            case "delay":
                await asyncio.sleep(_DELAY)
                await self._pass(writer, piece)
            case "split":
                for octet in piece[:80]:
                    await self._pass(writer, bytes([octet]))
                    await asyncio.sleep(0.001)
                await self._pass(writer, piece[80:])
            case "twice":
                await self._pass(writer, piece)
                await self._pass(writer, piece)
            case "garble":
                await self._pass(writer, bytes(octet if octet in b"\r\n" else octet ^ 0x15 for octet in piece))

    async def _pass(self, writer: asyncio.StreamWriter, piece: bytes) -> None:
        if not self._silent.is_set() and not writer.is_closing():
            writer.write(piece)
            await writer.drain()

    def cut(self, how: Literal["close", "reset"]) -> None:
        """Close both ends; the server sees a FIN, since a RST would take back what it was just given."""
        for writer in {self.client, self.server}:
            if writer.is_closing():
                continue
            if how == "reset" and writer is self.client:
                endpoint: socket.socket = writer.get_extra_info("socket")
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            else:
                writer.close()
