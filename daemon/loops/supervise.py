"""All the loops of one creditor together: they live as one, and the watchdog is fed only while each shows life."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from daemon.loops import events
from daemon.loops.health import Health
from daemon.ports import Notify

STUCK_AFTER = 60.0  # real seconds without a sign of life
FEEDS_EVERY = 5.0  # real seconds


async def supervise(
    loops: Mapping[str, Callable[[], Coroutine[Any, Any, None]]],
    health: Health,
    stop: asyncio.Event,
    notify: Notify,
    *,
    last: str,
    finish_within: float,
) -> None:
    """Run every loop until `stop`; the first that ends with an exception ends all (a bug, or a lost disk).

    Args:
        last: the loop that ends by itself after `stop`, so that a letter on its way comes to its end (F5).
        finish_within: seconds it has for that.
    """
    now = asyncio.get_running_loop().time()
    health.beats.update((name, now) for name in loops)  # each owes a pulse from now on, also one that never begins
    tasks = {name: asyncio.create_task(run(), name=name) for name, run in loops.items()}
    watchdog = asyncio.create_task(_feed_watchdog(health, tasks, notify), name="watchdog")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait([*tasks.values(), stopped], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        watchdog.cancel()
    others = [task for name, task in tasks.items() if name != last]
    if not stop.is_set():
        ended = [name for name, task in tasks.items() if task.done()]
        await _cancel(list(tasks.values()))
        _raise_bugs(tasks)
        raise RuntimeError(f"a loop came to its end by itself: {', '.join(ended)}")
    await _cancel(others)
    await asyncio.wait([tasks[last]], timeout=finish_within)
    await _cancel([tasks[last]])
    _raise_bugs(tasks)


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks, timeout=10.0)


def _raise_bugs(tasks: Mapping[str, asyncio.Task[None]]) -> None:
    for task in tasks.values():
        if task.done() and not task.cancelled() and (bug := task.exception()) is not None:
            raise bug


async def _feed_watchdog(health: Health, tasks: Mapping[str, asyncio.Task[None]], notify: Notify) -> None:
    """WATCHDOG=1 while every loop has shown its pulse lately."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    while True:
        if (overslept := loop.time() - due) > FEEDS_EVERY:  # the machine was suspended: nobody had a turn meanwhile
            health.beats.update((name, beat + overslept) for name, beat in [*health.beats.items()])
        silent = {name: loop.time() - beat for name, beat in health.beats.items()}
        stuck = {name: seconds for name, seconds in silent.items() if seconds > STUCK_AFTER}
        for name, seconds in stuck.items():
            events.loop_stuck(name, seconds)
        if not stuck and not any(task.done() for task in tasks.values()):
            notify("WATCHDOG=1")
        due = loop.time() + FEEDS_EVERY
        await asyncio.sleep(FEEDS_EVERY)
