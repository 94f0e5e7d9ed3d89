"""The pace at which letters leave (F14)."""

from __future__ import annotations

import asyncio


class Pace:
    """Turns, evenly spaced: at most `per_minute` begin in any minute; 0 means no limit.

    Evenly and not in bursts, because providers count over windows of their own (M365: 30 a minute).  Measured by the
    event loop's clock, so that a change of the time of day neither stops nor speeds up anything.
    """

    def __init__(self, per_minute: int) -> None:
        self._spacing = 60.0 / per_minute if per_minute > 0 else 0.0  # seconds
        self._free_at = 0.0  # event loop's time
        self._queue = asyncio.Lock()

    async def turn(self) -> None:
        """Wait for a turn and take it; first come, first served.  A cancelled wait takes nothing."""
        if not self._spacing:
            return
        async with self._queue:
            loop = asyncio.get_running_loop()
            if (wait := self._free_at - loop.time()) > 0:
                await asyncio.sleep(wait)
            self._free_at = loop.time() + self._spacing

    def give_back(self) -> None:
        """Return a turn that was not used, so that the next one need not wait for it."""
        self._free_at -= self._spacing
