"""The system's clock."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime


def _system_time() -> datetime:
    return datetime.now(UTC)


def seconds_since_boot() -> float:
    """A clock that nobody sets, and that runs on while the machine is suspended (clock_gettime(2))."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class SystemClock:
    """`ports.Clock` on the time of day of this machine.

    Args:
        slice_seconds: how long one sleep may be.  The event loop sleeps by the monotonic clock, which stands still
            while the machine is suspended and does not see the wall clock being set: so we look again this often.
        read: where the time of day comes from.
    """

    def __init__(self, *, slice_seconds: float = 30.0, read: Callable[[], datetime] = _system_time) -> None:
        self._slice_seconds = slice_seconds
        self._read = read

    def now(self) -> datetime:
        return self._read()

    async def sleep_until(self, moment: datetime) -> None:
        """Return when `now()` has reached `moment`; after a jump of the wall clock at most one slice late."""
        while (left := (moment - self.now()).total_seconds()) > 0:  # noqa: ASYNC110  nothing tells us of it
            await asyncio.sleep(min(left, self._slice_seconds))
