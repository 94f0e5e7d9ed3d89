"""The owner's files: read again when they have changed, believed only when they are good (promise 5)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from daemon.domain.books.ledger import Ledger
from daemon.loops import events
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.pulse import pulse
from daemon.ports import Problem, Settings

READING = 300.0  # seconds that the reading of all files may take without a sign of life


class Reload(Protocol):
    """Reads the config again: the new settings, or what is wrong."""

    async def __call__(self) -> Settings | tuple[Problem, ...]: ...


class Watcher:
    """Reloads on a change of the files, on SIGHUP, and when asked to.

    Args:
        changes: gives a sign of life of the loop `watch` by itself while there are none.
    """

    def __init__(
        self, book: Book, reload: Reload, changes: Callable[[], AsyncIterator[object]], health: Health
    ) -> None:
        self._book = book
        self._reload = reload
        self._changes = changes
        self._health = health
        self._one_at_a_time = asyncio.Lock()  # an older look never overtakes a newer one

    async def run(self) -> None:
        """For ever: wait for a settled change, reload."""
        alive = pulse(self._health, "watch")
        async for _ in self._changes():
            alive(READING)
            await self.reload()
            alive()

    async def reload(self) -> tuple[Problem, ...]:
        """Read the files again; the last good ones stay where they are not good now (F52)."""
        async with self._one_at_a_time:
            found = await self._reload()
            if isinstance(found, tuple):
                if found != self._health.config_problems:  # one alert for one fault, however often it is looked at
                    events.config_refused(found)
                self._health.config_problems = found
                return found
            self._health.config_problems = ()
            self.use(found.ledger)
            return ()

    def use(self, ledger: Ledger) -> None:
        self._book.use(ledger)
        events.config_reloaded(len(ledger.invoices), len(ledger.clients))
