"""The pulse of a loop: `supervise` feeds the service manager's watchdog only while each has one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol

from daemon.loops.bell import SIGN_OF_LIFE
from daemon.loops.health import Health

SENDING = 900.0  # seconds that a mail may take: the server has 600 for its answer (F2), before it comes the pace


class Alive(Protocol):
    """A sign of life, good for `busy_for` real seconds more: what is waited for then has to have a limit of its own."""

    def __call__(self, busy_for: float = 0.0) -> None: ...


def pulse(health: Health, name: str) -> Alive:
    """The signs of life of one loop, by the name that `supervise` knows it by."""

    def alive(busy_for: float = 0.0) -> None:
        health.beats[name] = asyncio.get_running_loop().time() + busy_for

    return alive


def unwatched(busy_for: float = 0.0) -> None:
    """For who runs a loop without a watchdog."""


async def rest(seconds: float, alive: Callable[[], None]) -> None:
    """Sleep so many real seconds, with signs of life."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while (left := end - loop.time()) > 0:
        alive()
        await asyncio.sleep(min(left, SIGN_OF_LIFE))
