"""The clock of the time-lapse jumps when all is quiet, and never a moment before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from daemon.demo.clock import FastClock, TimeLapse

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def run(part: Callable[[FastClock], Coroutine[Any, Any, None]], quiet: Callable[[], bool] = lambda: True) -> None:
    lapse = TimeLapse(START, START + 100 * HOUR)

    async def playing() -> None:
        lapse.let_it_run(quiet, lambda: None)
        await asyncio.wait_for(part(lapse.clock), 10)
        lapse.stop()

    with asyncio.Runner(loop_factory=lapse.new_loop) as runner:
        runner.run(playing())


def test_hours_pass_in_no_time_and_in_their_order() -> None:
    async def part(clock: FastClock) -> None:
        woken: list[int] = []

        async def sleep(hours: int) -> None:
            await clock.sleep_until(START + hours * HOUR)
            assert clock.now() == START + hours * HOUR
            woken.append(hours)

        await asyncio.gather(*(sleep(hours) for hours in (30, 10, 20)))

        assert woken == [10, 20, 30]

    run(part)


def test_work_in_a_thread_holds_the_clock() -> None:
    """What a thread has found out has to be known before time goes on."""

    async def part(clock: FastClock) -> None:
        appointment = asyncio.ensure_future(clock.sleep_until(START + HOUR))

        await asyncio.to_thread(time.sleep, 0.1)

        assert not appointment.done()
        assert clock.now() == START
        await appointment

    run(part)


def test_bytes_on_their_way_hold_the_clock() -> None:
    """A conversation between two sockets of ours is at its end before the next appointment."""

    async def part(clock: FastClock) -> None:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while line := await reader.readline():
                writer.write(line)
            writer.close()

        server = await asyncio.start_server(echo, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        appointment = asyncio.ensure_future(clock.sleep_until(START + HOUR))
        for _ in range(200):
            writer.write(b"ping\n")
            assert await reader.readline() == b"ping\n"

        assert not appointment.done()
        assert clock.now() == START
        writer.close()
        server.close()
        await appointment

    run(part)


def test_whoever_is_not_quiet_holds_the_clock() -> None:
    answers = iter([False] * 3)

    async def part(clock: FastClock) -> None:
        appointment = asyncio.ensure_future(clock.sleep_until(START + HOUR))
        for _ in range(3):
            await asyncio.sleep(0.01)
            assert clock.now() == START
        await appointment

    run(part, quiet=lambda: next(answers, True))


def test_an_appointment_that_nobody_keeps_any_more_is_not_jumped_to() -> None:
    async def part(clock: FastClock) -> None:
        given_up = asyncio.ensure_future(clock.sleep_until(START + HOUR))
        await asyncio.sleep(0)
        given_up.cancel()

        await clock.sleep_until(START + 2 * HOUR)

        assert clock.now() == START + 2 * HOUR

    run(part)


def test_no_appointment_behind_the_end_is_kept() -> None:
    async def part(clock: FastClock) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(clock.sleep_until(START + 101 * HOUR), 0.1)

        assert clock.now() == START

    run(part)


def test_the_daemon_looks_at_its_mailbox_a_minute_before_each_appointment() -> None:
    lapse = TimeLapse(START, START + 100 * HOUR)
    looked: list[datetime] = []

    async def playing() -> None:
        lapse.let_it_run(lambda: True, lambda: looked.append(lapse.clock.now()))
        await lapse.clock.sleep_until(START + HOUR)
        await lapse.clock.sleep_until(START + 2 * HOUR)
        lapse.stop()

    with asyncio.Runner(loop_factory=lapse.new_loop) as runner:
        runner.run(playing())

    assert looked == [START + HOUR - timedelta(minutes=1), START + 2 * HOUR - timedelta(minutes=1)]
