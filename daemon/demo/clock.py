"""A clock that stands still while anybody has something to do, and then jumps to the next appointment.

How it knows that all is quiet: the event loop asks its selector to wait only when nothing in it is left to run.  Our
selector looks first whether a socket has something; when none has, every task waits for a time or for another thread.
The threads are counted (`CountingPool`) and the mailbox is asked (`quiet`).  Nothing is ever guessed by sleeping.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import selectors
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from itertools import count
from typing import Any

Quiet = Callable[[], bool]  # whether the world beside the event loop is quiet, too


class FastClock:
    """`ports.Clock` for the time-lapse.  Everything that waits for a moment is an appointment in here.

    Args:
        start: UTC, aware; the first moment.
        end: no appointment behind this one is kept.
    """

    def __init__(self, start: datetime, end: datetime) -> None:
        self.end = end
        self._now = start
        self._appointments: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._number = count()

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, moment: datetime) -> None:
        if moment <= self._now:
            return
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._appointments, (moment, next(self._number), kept))
        await kept

    def jump(self) -> bool:
        """Go to the next appointment and wake whoever has it; False: there is none any more."""
        self._drop_cancelled()
        if not self._appointments or self._appointments[0][0] > self.end:
            return False
        self._now = self._appointments[0][0]
        while self._appointments and self._appointments[0][0] == self._now:
            _, _, kept = heapq.heappop(self._appointments)
            if not kept.done():
                kept.set_result(None)
        return True

    def _drop_cancelled(self) -> None:
        while self._appointments and self._appointments[0][2].done():
            heapq.heappop(self._appointments)


class QuietSelector(selectors.DefaultSelector):
    """Tells when the event loop has nothing to run and no socket has anything to say."""

    def __init__(self) -> None:
        super().__init__()
        self.when_idle: Callable[[], bool] | None = None  # True: it has given the loop something to do

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.when_idle is None or (timeout is not None and timeout <= 0):
            return super().select(timeout)
        events = super().select(0)
        if events:
            return events
        return [] if self.when_idle() else super().select(timeout)


class CountingPool(ThreadPoolExecutor):
    """The event loop's threads; `busy` counts the jobs whose answers have not yet reached the loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, workers: int = 4) -> None:
        super().__init__(max_workers=workers, thread_name_prefix="demo")
        self.busy = 0
        self._loop = loop

    def submit(self, work: Callable[..., Any], /, *args: Any, **given: Any) -> Future[Any]:
        self.busy += 1
        future = super().submit(work, *args, **given)
        # Behind the event loop's own callback, so that the answer is there before the job counts as done.
        self._loop.call_soon(future.add_done_callback, self._over)
        return future

    def _over(self, _future: Future[Any]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody counts any more
            self._loop.call_soon_threadsafe(self._less)

    def _less(self) -> None:
        self.busy -= 1


class TimeLapse:
    """The clock, the selector and the pool of one event loop, put together."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.clock = FastClock(start, end)
        self._selector = QuietSelector()
        self._pool: CountingPool | None = None

    def new_loop(self) -> asyncio.AbstractEventLoop:
        loop = asyncio.SelectorEventLoop(self._selector)
        self._pool = CountingPool(loop)
        loop.set_default_executor(self._pool)
        return loop

    def let_it_run(self, quiet: Quiet) -> None:
        """From now on the clock jumps whenever all is quiet."""

        def when_idle() -> bool:
            return self._pool is not None and not self._pool.busy and quiet() and self.clock.jump()

        self._selector.when_idle = when_idle

    def stop(self) -> None:
        self._selector.when_idle = None
