"""Texts and mails into the archive: off the event loop, as many at once as have come meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterable
from itertools import islice

from daemon.loops import events
from daemon.ports import Archive, DiskTrouble, Kept

MOST_WAITING = 32 * 2**20  # octets in memory; who brings more waits for the disk
_AT_ONCE = 500  # texts in one piece of work
_GATHER = 1.0  # seconds: texts that come together share a commit of the file system
_AGAIN = 5.0  # seconds between two attempts on a full disk

_Place = tuple[str | None, str]  # whose, and its name


class Keeper:
    """Takes texts at once and makes them durable a little later; what waits can be found here meanwhile.

    A copy is no condition of going on: that a letter was sent or a mail read stands in the journal already, and the
    mail itself in the mailbox.  What a crash in that moment loses, the next process makes good: `loops/copies`.

    Attributes:
        fault: why the last texts were not written; None: they were.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._waiting: dict[_Place, Kept] = {}
        self._octets = 0  # of what waits
        self._work: asyncio.Task[None] | None = None
        self._hurry = asyncio.Event()  # somebody waits for the disk
        self.fault: str | None = None

    async def keep(self, texts: Iterable[Kept]) -> None:
        """Take texts; returns at once unless too much waits.  What waits already is not taken twice.

        Raises:
            DiskTrouble: the memory for them is used up and the disk has no room; these were not taken.
            LostDisk: what was taken before may be lost, and the process has to end.
        """
        if self._octets >= MOST_WAITING:
            await self.finish()
            if self._octets >= MOST_WAITING:
                raise DiskTrouble(self.fault or "the archive takes nothing")
        for text in texts:
            if (text.client, text.name) not in self._waiting:
                self._waiting[text.client, text.name] = text
                self._octets += len(text.content)
        if self._waiting and (self._work is None or self._work.done()):
            await self._reap()
            self._work = asyncio.create_task(self._write_waiting(), name="keep")

    def find(self, name: str) -> bytes | None:
        """What is kept, or about to be, under a name."""
        waiting = next((text.content for text in self._waiting.values() if text.name == name), None)
        return self._archive.find(name) if waiting is None else waiting

    async def forget(self, client: str) -> int:
        """Remove everything that is kept, or about to be, for a client; how many files."""
        self._drop([text for text in self._waiting.values() if text.client == client])
        await self.finish()  # what is being written has its name before we look for it
        self._drop([text for text in self._waiting.values() if text.client == client])
        return self._archive.forget(client)

    async def finish(self) -> None:
        """Wait until all that was taken is durable, or the disk says no: then it stays here for the next time."""
        while self._waiting or self._work is not None:
            before = self._octets, len(self._waiting)
            if self._work is None:
                self._work = asyncio.create_task(self._write_waiting(), name="keep")
            self._hurry.set()
            await asyncio.wait([self._work])
            await self._reap()
            if self._waiting and (self._octets, len(self._waiting)) >= before:
                break
        self._hurry.clear()

    async def _reap(self) -> None:
        """A lost disk ends the process."""
        if self._work is not None:
            work, self._work = self._work, None
            await work

    async def _write_waiting(self) -> None:
        """All that waits; on a full disk again and again, unless somebody is waiting for an answer."""
        try:
            while self._waiting:
                await self._gather(_GATHER if self.fault is None else _AGAIN)
                some = list(islice(self._waiting.values(), _AT_ONCE))
                try:
                    await asyncio.to_thread(self._archive.keep_all, some)
                except DiskTrouble as trouble:
                    self.fault = str(trouble)
                    events.disk_trouble(str(trouble))
                    if self._hurry.is_set():
                        return
                    continue
                self.fault = None
                self._drop(some)
            self.fault = None  # nothing waits: what did was written or forgotten
        finally:
            self._hurry.clear()

    async def _gather(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()

    def _drop(self, texts: Iterable[Kept]) -> None:
        for text in texts:
            if self._waiting.pop((text.client, text.name), None) is not None:
                self._octets -= len(text.content)
