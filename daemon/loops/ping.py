"""Shows somebody outside that we live, and says when something is out of reach."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from daemon.loops import events
from daemon.loops.pulse import Alive, rest, unwatched


class Pinger:
    """One sign every so often; a watchman who is out of reach is no fault of ours, and said once.

    Args:
        ails: the kinds of faults there are now, never their words: they go to a stranger's server.
        ping: tells it, within seconds; None, or why it could not.
    """

    def __init__(
        self,
        every: timedelta,
        ails: Callable[[], Sequence[str]],
        ping: Callable[[str], Awaitable[str | None]],
        alive: Alive = unwatched,
    ) -> None:
        self._every = every
        self._ails = ails
        self._ping = ping
        self._alive = alive
        self._failed: str | None = None

    async def run(self) -> None:
        while True:
            self._alive()
            await self.once()
            await rest(self._every.total_seconds(), self._alive)

    async def once(self) -> None:
        ails = self._ails()
        failed = await self._ping(f"out of order: {', '.join(ails)}" if ails else "")
        if failed is not None and failed != self._failed:
            events.ping_failed(failed)
        self._failed = failed
