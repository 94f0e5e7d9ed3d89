"""How often, how many, how long: the limits of sending hold over days, restarts and a pace that makes us wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import pairwise

from daemon.domain import journal as j
from daemon.domain.history import Status
from daemon.ports import Accepted, Deferred, Parcel, Submission
from tests.builders import a_policy
from tests.loop_house import START, House, Relay, books
from tests.virtual_time import run_virtually

HOUR = 3600.0
DAY = 24 * HOUR


def recorded(house: House) -> list[j.AnyEntry]:
    return [j.decode(line) for line in house.world.lines]


def test_F6_who_greylists_for_ever_is_tried_ever_more_slowly_and_given_up_after_five_days() -> None:
    """Never sooner than after half an hour, inside the window, and it is no bounce: the address lives, a call asks."""

    async def life() -> tuple[House, list[datetime]]:
        house, tried = House(books()), []

        async def later(parcel: Parcel) -> Submission:
            tried.append(house.world.now())
            return Deferred("RCPT: 450 4.2.0 greylisted", 450)

        house.relay.answer = later
        await house.live(9 * DAY)
        return house, tried

    house, tried = run_virtually(life())
    pauses = [later - earlier for earlier, later in pairwise(tried)]
    same_day = [pause for pause in pauses if pause < timedelta(hours=12)]
    entries = recorded(house)
    calls = [e.reason for e in entries if isinstance(e, j.CallSuggested)]

    assert [round(pause.total_seconds() / 60) for pause in pauses[:3]] == [30, 60, 120]
    assert min(same_day) >= timedelta(minutes=30)
    assert max(same_day) <= timedelta(hours=4, minutes=1)
    assert all(9 <= moment.hour < 16 for moment in tried), "10 to 17 in Rome"
    assert timedelta(days=5) <= tried[-1] - tried[0] < timedelta(days=8), "five days, and a weekend in between"
    assert [type(e) for e in entries if isinstance(e, j.DeliveryGivenUp | j.ContactFailed)] == [j.DeliveryGivenUp]
    assert calls == ["gave-up"]
    assert house.letters() == [("first-reminder", Status.FAILED)], "and the ladder waits for the owner"


def test_F14_the_days_limit_holds_over_a_restart() -> None:
    """Letters released all at once; the process ends in the middle of the day, and what it began counts."""

    async def life() -> tuple[list[str], list[str]]:
        keys = tuple(f"client{n}" for n in range(7))
        house = House(books(*keys, policy=a_policy(per_day=2)))
        await house.live(1.0)

        def go(draft: object) -> list[j.AnyEntry]:
            return [j.LetterReleased(at=house.world.now(), client=key, letter_id=f"{key}-1") for key in keys]

        await house.book.record(go)
        await house.live(HOUR)
        again = House(books(*keys, policy=a_policy(per_day=2)), world=house.world)
        await again.live(HOUR)
        return house.relay.sent, again.relay.sent

    before, after = run_virtually(life())

    assert len(before) == 2
    assert after == []


def test_F14_a_letter_whose_turn_comes_when_the_window_has_closed_leaves_another_day() -> None:
    """The pace, or a relay that is slow to log us in, may keep it for hours: nobody is written to in the night."""

    class Crowded(Relay):
        @contextlib.asynccontextmanager
        async def line(self) -> AsyncIterator[Relay]:
            self.lines += 1
            await asyncio.sleep(8 * HOUR if self.lines == 1 else 0.0)
            yield self

    async def life() -> tuple[list[datetime], House]:
        house, left = House(books()), []

        async def accept(parcel: Parcel) -> Submission:
            left.append(house.world.now())
            return Accepted("2.0.0 queued")

        house.relay = house.deliverer._relay = Crowded(accept)
        await house.live(2 * DAY)
        return left, house

    left, house = run_virtually(life())

    assert house.relay.lines == 2
    assert [moment.date() - START.date() for moment in left] == [timedelta(days=1)]
    assert left[0].hour == 9, "ten in Rome"
