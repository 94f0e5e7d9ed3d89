"""An event loop whose clock jumps to the next timer when nothing is ready: hours pass in milliseconds, in order."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_T = TypeVar("_T")


class _Jumping(selectors.DefaultSelector):
    """Waits for nothing but threads: where the loop would sleep, the clock is put forward instead."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(10.0 if timeout is None else 0.0)
        if timeout is None and not found:
            raise RuntimeError("nothing will ever happen: every task waits for another one")
        if not found and timeout:
            self.now += timeout
        return found


class VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)
        self._clock_resolution = 1e-6  # a billionth is lost in the digits of half a year: it would spin

    def skip(self, seconds: float) -> None:
        """The machine is suspended: the clock runs on, and nobody has a turn."""
        self._jumping.now += seconds

    def time(self) -> float:
        return self._jumping.now

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """At once, on the loop: while a real thread works, hours of the jumping clock would pass."""
        done = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as trouble:
            done.set_exception(trouble)
        return done


def run_virtually(main: Coroutine[Any, Any, _T]) -> _T:
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
