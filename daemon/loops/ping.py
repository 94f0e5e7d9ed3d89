"""Shows somebody outside that we live, and says when something is out of reach."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from daemon.loops import events


class Pinger:
    """One sign every so often; a watchman who is out of reach is no fault of ours, and said once.

    Args:
        ails: the kinds of faults there are now, never their words: they go to a stranger's server.
        ping: tells it; None, or why it could not.
    """

    def __init__(
        self, every: timedelta, ails: Callable[[], Sequence[str]], ping: Callable[[str], Awaitable[str | None]]
    ) -> None:
        self._every = every
        self._ails = ails
        self._ping = ping
        self._failed: str | None = None

    async def run(self) -> None:
        while True:
            await self.once()
            await asyncio.sleep(self._every.total_seconds())

    async def once(self) -> None:
        ails = self._ails()
        failed = await self._ping(f"out of order: {', '.join(ails)}" if ails else "")
        if failed is not None and failed != self._failed:
            events.ping_failed(failed)
        self._failed = failed
