"""A machine that was suspended has no loops that are stuck: its clock ran on, and nobody had a turn meanwhile."""

from __future__ import annotations

import asyncio

from structlog.testing import capture_logs

from daemon.loops.health import Health
from daemon.loops.pulse import pulse, rest
from daemon.loops.supervise import STUCK_AFTER, supervise
from tests.virtual_time import VirtualLoop, run_virtually

TWO_WEEKS = 14 * 86_400.0


async def life(asleep: float, *, frozen: bool = False) -> tuple[int, list[str]]:
    """What the service manager hears in the minute after a suspend, and which loops are called stuck."""
    health, stop, told = Health(), asyncio.Event(), list[str]()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop)

    async def quick() -> None:
        await rest(TWO_WEEKS * 2, pulse(health, "quick"))

    async def in_a_thread() -> None:
        """As the listener, who is busy with what another thread does for it."""
        alive = pulse(health, "in a thread")
        while True:
            alive(40.0)
            await asyncio.sleep(TWO_WEEKS * 2 if frozen else 40.0)

    loops = {"quick": quick, "in a thread": in_a_thread}
    living = asyncio.create_task(supervise(loops, health, stop, told.append, last="quick", finish_within=0.0))
    await asyncio.sleep(30.0)
    loop.skip(asleep)
    told.clear()
    with capture_logs() as said:
        await asyncio.sleep(STUCK_AFTER + 60.0)
    stop.set()
    await living
    return len(told), [entry["loop"] for entry in said if entry["event"] == "loop_stuck"]


def test_after_two_weeks_asleep_no_loop_is_stuck_and_the_watchdog_is_fed_at_once() -> None:
    fed, stuck = run_virtually(life(TWO_WEEKS))

    assert stuck == []
    assert fed >= 20


def test_a_loop_that_stays_frozen_after_a_suspend_is_found() -> None:
    _, stuck = run_virtually(life(TWO_WEEKS, frozen=True))

    assert set(stuck) == {"in a thread"}
