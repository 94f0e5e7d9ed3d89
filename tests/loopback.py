"""A server on the loopback for as long as an `async with`: each connection is a task, and none outlives it."""

import asyncio
import socket
import ssl
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Loopback(ABC):
    """Who inherits says in `serve` what happens on one connection.

    Args:
        tls: a server's context, for TLS from the first byte.
        port: 0 takes a free one.
        receive_buffer: octets that the kernel keeps of a connection while we do not read; None: as many as it likes.
    """

    def __init__(self, *, tls: ssl.SSLContext | None = None, port: int = 0, receive_buffer: int | None = None) -> None:
        self.host = "localhost"
        self.port = port
        self.connections = 0  # so far
        self.most_connections = 0  # at one time
        self._tls_at_once = tls
        self._receive_buffer = receive_buffer
        self._tasks: set[asyncio.Task[None]] = set()

    @abstractmethod
    async def serve(self, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from beginning to end; `number` counts them from 1."""

    @property
    def open_connections(self) -> int:
        return len(self._tasks)

    async def until_left(self, *, within: float = 10.0) -> None:
        """Wait until nobody is connected any more: all that ever comes of a line has come.

        Raises:
            TimeoutError: not within so many seconds.
        """
        async with asyncio.timeout(within):
            while self._tasks:
                await asyncio.wait([*self._tasks])
                await asyncio.sleep(0)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port, ssl=self._tls_at_once)
        listener = self._server.sockets[0]
        if self._receive_buffer is not None:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._receive_buffer)  # connections inherit it
        self.port = listener.getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.create_task(self.serve(self.connections, reader, writer))
        self._tasks.add(task)
        self.most_connections = max(self.most_connections, len(self._tasks))
        task.add_done_callback(self._tasks.discard)
