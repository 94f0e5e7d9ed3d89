"""F62: the machine's clock jumps a day or more: everything would be overdue at once, or nothing; letters wait."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from datetime import date, timedelta

import pytest

from daemon.adapters.clock import seconds_since_boot
from daemon.domain import journal as j
from daemon.domain.history import Status
from daemon.domain.journal import Because
from daemon.loops.desk import OwnersDesk
from daemon.loops.steady import ClockWatch
from tests.loop_house import START, House, books
from tests.virtual_time import VirtualLoop, run_virtually

HOUR = 3600.0
DAY = timedelta(days=1)


async def _forget(client: str) -> None: ...


def watched(house: House) -> ClockWatch:
    watch = ClockWatch(house.book, asyncio.get_running_loop().time)
    house.book.is_steady = watch.is_steady
    return watch


async def live(house: House, watch: ClockWatch, seconds: float) -> None:
    watching = asyncio.ensure_future(watch.run())
    await house.live(seconds)
    watching.cancel()
    await asyncio.wait([watching])


def held(house: House, key: str = "acme") -> list[Because]:
    return [hold.because for hold in house.book.history.of(key).holds]


@pytest.mark.parametrize("jump", [7 * DAY, 365 * DAY, -2 * DAY, -365 * DAY])
def test_F62_a_jump_of_days_holds_every_letter_until_the_owner_has_looked(jump: timedelta) -> None:
    """A week ahead the second reminder would be due: it does not leave, not even before the watch has looked."""

    async def life() -> tuple[House, list[str]]:
        house = House(books("acme", "beta"))
        watch = watched(house)
        await live(house, watch, HOUR)
        first = list(house.relay.sent)
        house.world.start += jump
        await live(house, watch, HOUR)
        return house, first

    house, first = run_virtually(life())

    assert len(first) == 2, "before the jump all was well"
    assert house.relay.sent == first
    assert held(house) == held(house, "beta") == [Because.CLOCK]


@pytest.mark.parametrize("asleep", [14 * DAY, 400 * DAY])
def test_F62_a_machine_that_was_suspended_has_no_clock_that_jumped(asleep: timedelta) -> None:
    """Both clocks ran on meanwhile; one letter goes, as after any outage (F19), and nobody is asked."""

    async def life() -> House:
        house = House(books("acme", "beta"))
        watch = watched(house)
        await live(house, watch, HOUR)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.skip(asleep.total_seconds())
        await live(house, watch, HOUR)
        return house

    house = run_virtually(life())

    assert held(house) == held(house, "beta") == []
    assert house.letters() == [("first-reminder", Status.SENT), ("second-reminder", Status.SENT)]


@pytest.mark.parametrize("jump", [timedelta(hours=23), -timedelta(hours=23), timedelta(0)])
def test_F62_less_than_a_day_is_no_jump(jump: timedelta) -> None:
    async def life() -> House:
        house = House(books())
        watch = watched(house)
        await live(house, watch, HOUR)
        house.world.start += jump
        await live(house, watch, HOUR)
        return house

    assert held(run_virtually(life())) == []


def test_F62_the_gate_looks_by_itself() -> None:
    """Between two looks of the watch nothing leaves either."""

    async def life() -> House:
        house = House(books())
        watched(house)  # it never runs
        house.world.start += 7 * DAY
        await house.live(HOUR)
        return house

    house = run_virtually(life())

    assert house.relay.sent == []
    assert Status.SENT not in [status for _, status in house.letters()]


def test_F62_after_resume_the_ladder_goes_on_and_a_jump_back_asks_again() -> None:
    async def life() -> House:
        house = House(books())
        watch = watched(house)
        await live(house, watch, HOUR)
        house.world.start += 7 * DAY
        await live(house, watch, HOUR)
        desk = OwnersDesk(house.book, house.health, None, _forget)
        assert (await desk.handle("resume", {"target": "acme-2026-1"}))["ok"]
        await live(house, watch, 2 * HOUR)
        assert held(house) == []
        house.world.start -= 7 * DAY
        await live(house, watch, HOUR)
        return house

    house = run_virtually(life())

    assert house.letters() == [("first-reminder", Status.SENT), ("second-reminder", Status.SENT)]
    assert held(house) == [Because.CLOCK]


def test_F62_the_next_jump_asks_about_what_was_let_go_after_the_last() -> None:
    """The owner has looked at one invoice only; that the others are held still does not speak for this one."""

    async def life() -> House:
        first = books()
        other = replace(first.invoices[0], number="acme-2026-2")
        house = House(replace(first, invoices=(*first.invoices, other)))
        watch = watched(house)
        await live(house, watch, HOUR)
        house.world.start += 7 * DAY
        await live(house, watch, 60.0)
        desk = OwnersDesk(house.book, house.health, None, _forget)
        assert (await desk.handle("resume", {"target": "acme-2026-1"}))["ok"]
        house.world.start += 30 * DAY
        await live(house, watch, 60.0)
        return house

    house = run_virtually(life())
    today = (START + 37 * DAY).date()

    assert house.book.history.of("acme").holds.on("acme-2026-1", today)


def test_F62_a_start_before_what_was_recorded_last_asks_too() -> None:
    """A machine without a battery wakes up in another year."""

    async def life() -> House:
        house = House(books())
        later = j.JournalBegun(at=START + 3 * DAY, on=date(2026, 11, 5), sends=True)
        await house.book.record(lambda _draft: (later,))
        await live(house, watched(house), HOUR)
        return house

    house = run_virtually(life())

    assert house.relay.sent == []
    assert held(house) == [Because.CLOCK]


def test_F62_the_clock_that_nobody_sets_runs() -> None:
    before, seen = seconds_since_boot(), time.monotonic()
    time.sleep(0.05)

    assert seconds_since_boot() - before == pytest.approx(time.monotonic() - seen, abs=0.03)
