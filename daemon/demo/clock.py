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
from datetime import datetime, timedelta
from itertools import count
from typing import Any

_LOOK_BEFORE = timedelta(minutes=1)
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

    def next_at(self) -> datetime | None:
        """The next appointment; None: there is none any more."""
        while self._appointments and self._appointments[0][2].done():
            heapq.heappop(self._appointments)
        return self._appointments[0][0] if self._appointments and self._appointments[0][0] <= self.end else None

    def pass_to(self, moment: datetime) -> None:
        """Let the time before the next appointment pass."""
        self._now = max(self._now, moment)

    def jump(self) -> bool:
        """Go to the next appointment and wake whoever has it; False: there is none any more."""
        moment = self.next_at()
        if moment is None:
            return False
        self._now = moment
        while self._appointments and self._appointments[0][0] == self._now:
            _, _, kept = heapq.heappop(self._appointments)
            if not kept.done():
                kept.set_result(None)
        return True


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

    def let_it_run(self, quiet: Quiet, look: Callable[[], None]) -> None:
        """From now on the clock jumps whenever all is quiet.

        Args:
            look: has the daemon look at its mailbox, a minute before each appointment: it does so all the time.
        """

        def when_idle() -> bool:
            if self._pool is None or self._pool.busy or not quiet():
                return False
            following = self.clock.next_at()
            if following is None:
                return False
            if following - self.clock.now() > _LOOK_BEFORE:
                self.clock.pass_to(following - _LOOK_BEFORE)
                look()
                return True
            return self.clock.jump()

        self._selector.when_idle = when_idle

    def stop(self) -> None:
        self._selector.when_idle = None
