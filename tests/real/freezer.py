"""Freezes a task of the daemon from outside, wherever it is: it is not taken up again until the name is taken away.

A child process begins with `import tests.real.freezer as f; f.install(PATH)`; the file holds the name of the task.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import daemon.wiring.life as life

_LOOK = 0.05  # seconds between two looks whether a frozen task may go on


def install(named: str) -> None:
    """From the moment on at which the loops begin."""
    supervise, file = life.supervise, Path(named)

    async def supervised(*given: Any, **more: Any) -> None:
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
