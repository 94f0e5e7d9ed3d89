"""Freezes a task of the daemon from outside, wherever it is: it is not taken up again until the name is taken away.

A child process begins with `import tests.real.freezer as f; f.install(PATH)`; the file holds the name of the task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import daemon.wiring.life as life
from tests.real.short_times import shortened

# What a child process says first: the times of the pulses, and of what keeps a loop from showing one.
IMPATIENT = (
    shortened(
        {
            "daemon.loops.supervise.STUCK_AFTER": 1.5,
            "daemon.loops.supervise.FEEDS_EVERY": 0.1,
            **dict.fromkeys(("daemon.loops.bell.SIGN_OF_LIFE", "daemon.loops.pulse.SIGN_OF_LIFE"), 0.2),
            **dict.fromkeys(("daemon.loops.steady._LOOK", "daemon.loops.listen._IDLE"), 0.2),
            **{f"daemon.loops.{loop}.SENDING": 1.0 for loop in ("deliver", "report", "tell", "answer")},
            **{f"daemon.loops.{loop}._WRITING": 1.0 for loop in ("handovers", "followed")},
            **{f"daemon.loops.{loop}._READING": 1.0 for loop in ("listen", "bank")},
            **{f"daemon.{room}.READING": 1.0 for room in ("loops.watch", "wiring.life")},
        }
    ),
    "import daemon.adapters.watch as w; w.Watch.__init__.__kwdefaults__['poll_seconds'] = 0.2",
)

_LOOK = 0.05  # seconds between two looks whether a frozen task may go on


def install(named: str, loops: str = "") -> None:
    """From the moment on at which the loops begin.

    Args:
        named: the file with the name of the task.
        loops: the file into which the names of all loops are then written.
    """
    supervise, file = life.supervise, Path(named)

    async def supervised(*given: Any, **more: Any) -> None:
        if loops:
            Path(loops).write_text(" ".join(given[0]))
        asyncio.get_running_loop().set_task_factory(
            lambda loop, coroutine, **context: asyncio.Task(_Stoppable(coroutine, file), loop=loop, **context)
        )
        await supervise(*given, **more)

    life.supervise = supervised


class _Stoppable(Coroutine[Any, Any, Any]):
    """A coroutine whose task can be held up between two steps."""

    def __init__(self, coroutine: Any, file: Path) -> None:
        self._coroutine, self._file = coroutine, file

    def send(self, value: Any) -> Any:
        task = asyncio.current_task()
        if task is not None and self._file.read_text() == task.get_name():
            waiting: Any = _moment()
            waiting._asyncio_future_blocking = True  # as an `await` of it would set it
            return waiting
        return self._coroutine.send(value)

    def throw(self, *fault: Any) -> Any:
        return self._coroutine.throw(*fault)

    def close(self) -> None:
        self._coroutine.close()

    def __await__(self) -> Any:
        raise NotImplementedError("only a task runs it")


def _moment() -> asyncio.Future[None]:
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[None] = loop.create_future()
    loop.call_later(_LOOK, lambda: waiting.done() or waiting.set_result(None))
    return waiting
