"""The system's clock."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from daemon.adapters.clock import SystemClock, WakefulLoop


def test_now_is_in_utc() -> None:
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


async def test_sleep_until_a_moment_returns_when_it_has_come() -> None:
    clock = SystemClock()
    moment = clock.now() + timedelta(seconds=0.15)

    await clock.sleep_until(moment)

    assert moment <= clock.now() < moment + timedelta(seconds=2)


async def test_sleep_until_the_past_returns_at_once() -> None:
    async with asyncio.timeout(1):
        await SystemClock().sleep_until(datetime(2020, 1, 1, tzinfo=UTC))


async def test_a_jump_of_the_wall_clock_is_noticed_within_a_slice() -> None:
    """The machine was suspended, or its clock was set: the appointment is not slept through."""
    wall = [datetime(2026, 11, 1, 8, tzinfo=UTC)]
    clock = SystemClock(slice_seconds=0.05, read=lambda: wall[0])
    sleeping = asyncio.create_task(clock.sleep_until(datetime(2026, 11, 9, 8, tzinfo=UTC)))
    await asyncio.sleep(0.15)
    slept = not sleeping.done()
    wall[0] += timedelta(days=9)

    async with asyncio.timeout(1):
        await sleeping
    assert slept


async def test_a_clock_that_is_set_back_makes_the_sleep_longer() -> None:
    wall = [datetime(2026, 11, 1, 8, tzinfo=UTC)]
    clock = SystemClock(slice_seconds=0.05, read=lambda: wall[0])
    sleeping = asyncio.create_task(clock.sleep_until(wall[0] + timedelta(seconds=0.1)))
    wall[0] -= timedelta(hours=1)
    await asyncio.sleep(0.3)

    assert not sleeping.done()
    sleeping.cancel()


async def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        await SystemClock().sleep_until(datetime(2020, 1, 1))  # noqa: DTZ001


def test_the_daemons_loop_counts_the_time_of_a_suspend(monkeypatch: pytest.MonkeyPatch) -> None:
    """CLOCK_MONOTONIC stands still then, and a read of the mailbox would stay fresh for hours (promise 2)."""
    loop = WakefulLoop()
    began, awake = loop.time(), time.clock_gettime
    asleep = {time.CLOCK_BOOTTIME: 3600.0}
    monkeypatch.setattr(time, "clock_gettime", lambda which: awake(which) + asleep.get(which, 0.0))
    later = loop.time()
    loop.close()

    assert 3600 <= later - began < 3660
