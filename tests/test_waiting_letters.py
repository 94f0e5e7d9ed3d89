"""A letter that waits for the owner's go, and the others of its client that do not."""

from __future__ import annotations

from datetime import date, timedelta

from daemon.domain import journal as j
from daemon.domain.history import Status
from tests.builders import a_client, a_contact, a_ledger, an_invoice
from tests.ladder_days import sent
from tests.loop_house import START, House
from tests.virtual_time import run_virtually

BEFORE = date(2026, 10, 19)
CALLED = date(2026, 10, 26)


def both_due_today() -> list[j.AnyEntry]:
    """One invoice had its firm reminder, the other its second one, and for both there were calls to make."""
    calls = [
        j.CallSuggested(
            at=START, client="acme", call_id=f"acme-{number}-{level}", numbers=(number,), reason="level",
            because="level", contact="Anna", phone=None, level=level, on=CALLED,
        )
        for number, level in (("2026-1", 5), ("2026-1", 7), ("2026-2", 5))
    ]  # fmt: skip
    letters = sent("acme-1", BEFORE, ("2026-1", 6), ("2026-2", 4), deadline=BEFORE)
    return [j.JournalBegun(at=START, on=date(2026, 1, 1), sends=True), *letters, *calls]


def test_a_letter_that_waits_and_one_that_leaves_do_not_take_each_other_back() -> None:
    """The final notice has its day, waiting; the next day the firm reminder leaves, and the notice waits on."""

    async def life() -> House:
        client = a_client("acme", language="en", contacts=(a_contact(email="anna@acme.example"),))
        overdue = (
            an_invoice("2026-1", due_on=date(2026, 9, 20)),
            an_invoice("2026-2", due_on=date(2026, 10, 8)),
        )
        house = House(a_ledger(*overdue, clients=(client,), first_start_sends=True))
        house.world.slow = 1.0
        await house.book.record(lambda _: both_due_today())
        await house.live(60.0)
        house.world.start += timedelta(days=1)
        house.book.use(house.book.ledger)  # as at midnight: everything is looked at anew
        await house.live(60.0)
        return house

    letters = run_virtually(life()).letters()[1:]

    assert letters == [("final-notice", Status.WAITING), ("firm-reminder", Status.SENT)]
