"""The daemon's own mailbox adapter, and beside it a count of what it is doing: the clock jumps only when it rests."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING

from daemon.ports import Batch, Cursor, Mailbox, Place

if TYPE_CHECKING:
    from collections.abc import Iterator


class CountedMailbox:
    """`ports.Mailbox`: everything goes through to the real one."""

    def __init__(self, inner: Mailbox) -> None:
        self._inner = inner
        self._busy = 0
        self._waiting = 0
        self._look = asyncio.Event()

    @property
    def rests(self) -> bool:
        """Whether nothing goes on but the wait for news."""
        return self._busy == 0 and self._waiting == 1

    def look_again(self) -> None:
        """End the wait: IDLE tells of the inbox only, and an hour of polling is a blink here."""
        self._look.set()

    async def folders(self) -> Mapping[str, str]:
        with self._working():
            return await self._inner.folders()

    async def read(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
        with self._working():
            async with aclosing(self._inner.read(cursors)) as batches:
                async for batch in batches:
                    yield batch

    async def wait(self, seconds: float) -> None:
        told = asyncio.ensure_future(self._look.wait())
        waiting = asyncio.ensure_future(self._inner.wait(seconds))
        self._waiting += 1
        try:
            await asyncio.wait({told, waiting}, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                waiting.result()
        finally:
            self._waiting -= 1
            self._look.clear()
            told.cancel()
            waiting.cancel()

    async def file_sent(self, content: bytes) -> None:
        with self._working():
            await self._inner.file_sent(content)

    async def find(self, message_id: str) -> bool:
        with self._working():
            return await self._inner.find(message_id)

    async def whole(self, folder: str, uidvalidity: int, uid: int, most: int) -> bytes | None:
        with self._working():
            return await self._inner.whole(folder, uidvalidity, uid, most)

    async def fetch_again(self, message_id: str, place: Place | None) -> bytes | None:
        with self._working():
            return await self._inner.fetch_again(message_id, place)

    async def newest_headers(self, most: int) -> tuple[bytes, ...]:
        with self._working():
            return await self._inner.newest_headers(most)

    async def close(self) -> None:
        await self._inner.close()

    @contextmanager
    def _working(self) -> Iterator[None]:
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
