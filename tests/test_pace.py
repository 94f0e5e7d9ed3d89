"""Turns, evenly spaced (F14)."""

import asyncio
import itertools

import pytest

from daemon.adapters.pace import Pace


async def test_F14_turns_are_evenly_spaced_whoever_takes_them() -> None:
    loop = asyncio.get_running_loop()
    pace = Pace(1200)  # one in 0.05 seconds
    times: list[float] = []

    async def take(turns: int) -> None:
        for _ in range(turns):
            await pace.turn()
            times.append(loop.time())

    await asyncio.gather(take(3), take(3), take(2))

    assert len(times) == 8
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.05


async def test_a_pause_saves_no_turns_up() -> None:
    """After an hour of silence there is one turn, not a burst."""
    loop = asyncio.get_running_loop()
    pace = Pace(1200)
    await pace.turn()
    await asyncio.sleep(0.3)
    began = loop.time()
    for _ in range(3):
        await pace.turn()

    assert loop.time() - began >= 0.1


async def test_a_cancelled_wait_takes_nothing() -> None:
    loop = asyncio.get_running_loop()
    pace = Pace(300)  # one in 0.2 seconds
    await pace.turn()
    began = loop.time()
    waiting = [asyncio.create_task(pace.turn()) for _ in range(5)]
    await asyncio.sleep(0.02)
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)
    await pace.turn()

    assert 0.15 <= loop.time() - began < 0.35


async def test_a_turn_given_back_is_there_for_the_next() -> None:
    pace = Pace(1)
    await pace.turn()
    pace.give_back()

    async with asyncio.timeout(1):
        await pace.turn()


@pytest.mark.parametrize("per_minute", [0, -1])
async def test_no_pace_is_no_wait(per_minute: int) -> None:
    pace = Pace(per_minute)

    async with asyncio.timeout(1):
        for _ in range(10_000):
            await pace.turn()
