"""A digest a day, whatever the clocks of the country do (F63)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from daemon.domain import journal as j
from tests.owner_house import OwnerHouse, owned_books
from tests.virtual_time import run_virtually


@pytest.mark.parametrize("changes_on", [date(2026, 10, 25), date(2027, 3, 28)], ids=["an-hour-twice", "an-hour-less"])
@pytest.mark.parametrize("hour", [time(2, 0), time(2, 30), time(3, 0), time(7, 30)], ids=str)
def test_F63_there_is_one_digest_a_day_when_the_clocks_change(changes_on: date, hour: time) -> None:
    """In Rome half past two comes twice on one of these nights, and not at all on the other."""

    async def life() -> list[date]:
        books = owned_books("acme")
        books = replace(books, owner=replace(books.owner, digest_at=hour, digest_on=frozenset(range(7))))
        begins = datetime.combine(changes_on - timedelta(days=1), time(), UTC)
        house = OwnerHouse(books, begins)
        sent: list[date] = []
        while len(sent) < 4 and house.world.now() < begins + timedelta(days=4):
            if house.reporter.next_at() <= house.world.now():
                today = house.book.today()
                digest = j.DigestSent(at=house.world.now(), on=today, items=())
                await house.book.record(lambda _, digest=digest: (digest,))
                sent.append(today)
            house.world.start += timedelta(minutes=30)
        return sent

    days = [changes_on + timedelta(days=n) for n in range(-1, 3)]

    assert run_virtually(life()) == days
