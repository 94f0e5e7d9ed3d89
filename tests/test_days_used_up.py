"""What has left today uses up the day, whatever was queued in which order.

A letter that is announced is queued for a day ahead, and a thank-you leaves meanwhile; one that is found in the mailbox
is recorded weeks after its day.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from daemon.domain import journal as j
from daemon.domain.history.first_start import FirstRoom
from daemon.domain.ladder.flood import begun_on
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.digest_scene import a_letter, sent
from tests.loop_house import START, House
from tests.virtual_time import run_virtually

TODAY = START.date()  # a Monday
BOOKS = a_ledger(
    an_invoice(), an_invoice("B-1", "beta"), clients=(a_client(), a_client("beta")), policy=a_policy(per_day=1)
)
EARLIER = TODAY - timedelta(days=5)
DAYS = {"acme": TODAY, "beta": TODAY}


def letters(behind: date, **first: object) -> tuple[j.AnyEntry, ...]:
    """One that left today, and behind it in the journal one of another day."""
    queued = a_letter(BOOKS.invoices[0], "first-reminder", TODAY, at=at(EARLIER), **first)
    other = a_letter(BOOKS.invoices[0], "thank-you", behind, 2, level=0)
    released = j.LetterReleased(at=at(EARLIER), client="acme", letter_id="acme-1")
    return (queued, released, other, *sent(other, at(behind, 10))[1:], *sent(queued, at(TODAY, 8))[1:])


@pytest.mark.parametrize("behind", [TODAY - timedelta(days=3), TODAY - timedelta(days=40)])
def test_a_letter_of_today_counts_though_others_were_queued_after_it(behind: date) -> None:
    assert begun_on(BOOKS, a_history(*letters(behind)), DAYS) == Counter({("standard", TODAY): 1})


def test_it_takes_the_room_of_the_first_start_too() -> None:
    room = FirstRoom()
    room.take_begun(a_history(*letters(EARLIER, waits_for=j.Wait.FIRST_START)).clients, DAYS)

    assert room.is_full("beta", TODAY, 1)


def test_the_planner_queues_nothing_more_for_a_day_that_is_used_up() -> None:
    async def live(*before: j.AnyEntry) -> list[str]:
        house = House(BOOKS)
        begun = j.JournalBegun(at=at(EARLIER), on=date(2026, 1, 1), sends=True)
        await house.book.record(lambda _draft: (begun, *before))
        return [entry.client for entry in await house.planner.run_once() if isinstance(entry, j.LetterQueued)]

    assert run_virtually(live()) == ["acme"]
    assert run_virtually(live(*letters(EARLIER))) == []
