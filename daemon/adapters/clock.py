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


class WakefulLoop(asyncio.SelectorEventLoop):
    """The daemon's event loop, by a clock that runs on while the machine is suspended.

    The usual one stands still then: a read of the mailbox from before the lid was shut would seem a second old, and
    what a client has written since would not stop the letter (promise 2).  Time-outs are over when we wake, too.
    """

    def time(self) -> float:
        return seconds_since_boot()


class SystemClock:
    """`ports.Clock` on the time of day of this machine.

    Args:
        slice_seconds: how long one sleep may be.  The event loop sleeps by a clock that does not see the wall clock
            being set, and is not woken by the end of a suspend: so we look again this often.
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
