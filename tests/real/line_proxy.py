"""A TCP proxy that breaks the line between a client and a real server in the ways lines break."""

import asyncio
import socket
import ssl
import struct
from dataclasses import dataclass
from typing import Literal

from tests.loopback import Loopback

Cut = Literal["close", "reset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What happens to the bytes of one direction."""

    delay: float = 0.0  # seconds before each piece is passed on
    pieces: int | None = None  # pass on at most so many bytes at a time ...
    gap: float = 0.01  # ... so many seconds apart
    cut_after: int | None = None  # after so many bytes of a connection, the line is cut
    cut_at: bytes | None = None  # once these bytes were passed on, the line is cut
    silence_after: bytes | None = None  # once these bytes were passed on, nothing comes back the other way any more
    how: Cut = "close"  # FIN or RST to the client; the server sees a FIN after the last byte passed on


class LineProxy(Loopback):
    """`async with LineProxy(server_port, up=Rules(silence_after=b"\\r\\n.\\r\\n")) as line: ... line.port`

    `up` is client to server, `down` server to client.  Patterns and byte counts are of what the proxy sees, so give
    it both TLS contexts to see the text of a TLS line: `tls` as a server to the client, `upstream_tls` as a client.

    Args:
        times: only the first so many connections suffer; those after them run clean.  None: all.
    """

    def __init__(
        self,
        upstream_port: int,
        *,
        up: Rules | None = None,
        down: Rules | None = None,
        times: int | None = None,
        tls: ssl.SSLContext | None = None,
        upstream_tls: ssl.SSLContext | None = None,
        port: int = 0,
    ) -> None:
        self.up = up or Rules()  # may be changed; connections made from then on obey
        self.down = down or Rules()
        super().__init__(tls=tls, port=port)
        self._upstream_port = upstream_port
        self._times = times
        self._upstream_tls = upstream_tls
        self._open = asyncio.Event()
        self._open.set()
        self._lines: set[_Line] = set()

    def hold(self) -> None:
        """Become a black hole: nothing passes either way, nobody is told (F22: a NAT that forgot the line)."""
        self._open.clear()

    def release(self) -> None:
        """Let everything pass again, also what came meanwhile."""
        self._open.set()

    def cut(self, how: Cut = "close") -> None:
        """Cut every line that is open now."""
        for line in [*self._lines]:
            line.cut(how)

    def cut_from_outside(self, how: Cut = "close") -> None:
        """`cut`, asked for in another thread than the proxy's."""
        self._server.get_loop().call_soon_threadsafe(self.cut, how)

    async def serve(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        suffers = self._times is None or number <= self._times
        line = _Line(writer, self.up if suffers else Rules(), self.down if suffers else Rules(), self._open)
        self._lines.add(line)
        try:
            await self._open.wait()
            host = "localhost" if self._upstream_tls else None
            from_server, line.server = await asyncio.open_connection(
                "127.0.0.1", self._upstream_port, ssl=self._upstream_tls, server_hostname=host
            )
            async with asyncio.TaskGroup() as both:
                both.create_task(line.pump(reader, line.server, line.up, is_up=True))
                both.create_task(line.pump(from_server, line.client, line.down, is_up=False))
        except* OSError:
            pass  # one end is gone; the other is closed below
        finally:
            self._lines.discard(line)
            line.cut("close")


class _Line:
    """One connection through the proxy: its two ends."""

    def __init__(self, client: asyncio.StreamWriter, up: Rules, down: Rules, is_open: asyncio.Event) -> None:
        self.client = client
        self.server: asyncio.StreamWriter | None = None
        self.up, self.down = up, down
        self._is_open = is_open
        self._silent_up = self._silent_down = False

    async def pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, rules: Rules, *, is_up: bool
    ) -> None:
        """Pass bytes on in one direction until its source ends, obeying the rules."""
        seen = b""  # everything passed on so far is only needed for a pattern that lies across two pieces
        passed = 0
        while piece := await reader.read(rules.pieces or 65536):
            if rules.delay or rules.pieces:
                await asyncio.sleep(rules.delay or rules.gap)
            await self._is_open.wait()
            if self._silent_up if is_up else self._silent_down:
                continue
            end = _end_of_pattern(seen, piece, rules.cut_at)
            if rules.cut_after is not None and passed + len(piece) >= rules.cut_after:
                end = min(rules.cut_after - passed, end if end is not None else len(piece))
            if end is not None or (
                rules.silence_after and _end_of_pattern(seen, piece, rules.silence_after) is not None
            ):
                self._silent_down, self._silent_up = is_up or self._silent_down, not is_up or self._silent_up
            writer.write(piece if end is None else piece[:end])
            await writer.drain()
            if end is not None:
                await asyncio.sleep(0.02)  # let the other end read what was passed on before it sees the cut
                self.cut(rules.how, server="close")  # FIN, since a RST would take back what it was just given
                return
            passed += len(piece)
            seen = (seen + piece)[-256:]
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()  # TLS knows no half-closed line

    def cut(self, how: Cut, *, server: Cut | None = None) -> None:
        """Close both ends; `server` when its end is to be closed in another way than the client's."""
        for writer, way in ((self.client, how), (self.server, server or how)):
            if writer is None or writer.is_closing():
                continue
            if way == "reset":
                endpoint: socket.socket = writer.get_extra_info("socket")
                endpoint.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
            else:
                writer.close()


def _end_of_pattern(seen: bytes, piece: bytes, pattern: bytes | None) -> int | None:
    """Where in the piece the pattern ends, which may have begun before it; None when it is not there."""
    if not pattern:
        return None
    tail = seen[-(len(pattern) - 1) :] if len(pattern) > 1 else b""
    at = (tail + piece).find(pattern)
    return None if at < 0 else at + len(pattern) - len(tail)
