"""Copies of letters into the archive: off the event loop, as many at once as have come meanwhile."""

from __future__ import annotations

import asyncio
import contextlib

from daemon.loops import events
from daemon.ports import Archive, DiskTrouble, Health, Kept

_AT_ONCE = 64  # letters in one piece of work
_MOST_WAITING = 256  # letters; who brings more waits for the disk
_GATHER = 0.2  # seconds: letters that come together share a commit of the file system


class Keeper:
    """Takes texts at once and makes them durable a little later.

    What a letter said is no condition of sending the next one: that it was sent stands in the journal already.
    """

    def __init__(self, archive: Archive, health: Health) -> None:
        self._archive = archive
        self._health = health
        self._waiting: list[Kept] = []
        self._work: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()  # somebody waits for the disk

    async def keep(self, text: Kept) -> None:
        """Take a text; returns at once unless many wait."""
        self._waiting.append(text)
        if self._work is None or self._work.done():
            await self._reap()
            self._work = asyncio.create_task(self._keep_waiting(), name="keep")
        elif len(self._waiting) >= _MOST_WAITING:
            self._hurry.set()
            await asyncio.wait([self._work])

    async def finish(self) -> None:
        """Wait until all that was taken is durable, or the disk says no: then it stays here for the next time."""
        while self._waiting or self._work is not None:
            before = len(self._waiting)
            if self._work is None:
                self._work = asyncio.create_task(self._keep_waiting(), name="keep")
            self._hurry.set()
            await asyncio.wait([self._work])
            await self._reap()
            if self._waiting and len(self._waiting) >= before:
                return

    async def _reap(self) -> None:
        """A lost disk ends the process."""
        if self._work is not None:
            work, self._work = self._work, None
            await work

    async def _keep_waiting(self) -> None:
        while self._waiting:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_GATHER):
                    await self._hurry.wait()
            some = self._waiting[:_AT_ONCE]
            try:
                await asyncio.to_thread(self._archive.keep_all, some)
            except DiskTrouble as trouble:
                self._health.disk_fault = str(trouble)
                events.disk_trouble(str(trouble))
                return
            del self._waiting[: len(some)]
        self._hurry.clear()
