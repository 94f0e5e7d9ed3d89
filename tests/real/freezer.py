"""Freezes a task of the daemon from outside, wherever it is: it is not taken up again until the name is taken away.

A child process begins with `import tests.real.freezer as f; f.install(PATH)`; the file holds the name of the task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import daemon.wiring.life as life

# What a child process says first, so that a test need not wait for minutes: the times of the pulses.
IMPATIENT = (
    "import daemon.loops.supervise as s, daemon.loops.bell as b, daemon.loops.pulse as p, daemon.adapters.watch as w",
    "s.STUCK_AFTER, s._LOOK, b.SIGN_OF_LIFE, p.SIGN_OF_LIFE = 1.5, 0.1, 0.2, 0.2",
    "w.Watch.__init__.__kwdefaults__['poll_seconds'] = 0.2",
    "import daemon.loops.listen, daemon.loops.deliver, daemon.loops.report, daemon.loops.tell, daemon.loops.answer",
    "import daemon.loops.handovers, daemon.loops.steady, daemon.loops.bank, daemon.loops.watch",
    "import daemon.wiring.life as l",
    "daemon.loops.steady._LOOK = daemon.loops.listen._IDLE = 0.2",
    "daemon.loops.listen._READING = daemon.loops.bank._READING = daemon.loops.watch.READING = l.READING = 1.0",
    "daemon.loops.deliver._SENDING = daemon.loops.report._SENDING = daemon.loops.handovers._WRITING = 1.0",
    "daemon.loops.tell._SENDING = daemon.loops.answer._SENDING = 1.0",
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
