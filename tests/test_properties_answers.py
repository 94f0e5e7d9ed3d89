"""What holds for every life in which the owner gives up money and tells addresses."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.case import contact_for
from daemon.domain.command import Command, Desk, Done, execute
from daemon.domain.history import Status
from daemon.domain.ledger import Ledger
from daemon.domain.status import status_document
from tests.builders import at
from tests.ladder_days import Days
from tests.ladder_worlds import Event, days_ahead, ledgers, quick
from tests.test_properties_ladder import LAST, LIVES, a_life

WEEKS = timedelta(days=60)


def tell(lived: Days, today: date, name: str, target: str, **given: str) -> Done | None:
    desk = Desk(ledger=lived.ledger, history=lived.history, today=lambda _: today, at=at(today, 12))
    answer = execute(Command(name=name, target=target, **given), desk)  # type: ignore[arg-type]  # words only
    if isinstance(answer, Done):
        lived.take_in(*answer.entries)
        return answer
    return None


@quick
@given(ledgers(portal=True), LIVES, days_ahead, st.integers(0, 3))
def test_what_is_given_up_is_never_claimed_called_about_or_paid(
    ledger: Ledger, life: list[Event], today: date, pick: int
) -> None:
    lived = a_life(ledger, [event for event in life if event.what != "resume"], until=today)
    number = ledger.invoices[pick % len(ledger.invoices)].number
    if tell(lived, today, "write-off", f"acme/{number}") is None:
        return
    sent, calls, handovers = len(lived.sent), len(lived.calls), len(lived.handovers)
    lived.run(today + timedelta(days=1), today + WEEKS)

    assert not any(claim.number == number for letter in lived.sent[sent:] for claim in letter.claims if letter.level)
    assert not any(number in call.numbers for call in lived.calls[calls:])
    assert not any(number in handover.numbers for handover in lived.handovers[handovers:])
    rows = status_document(lived.ledger, lived.history, lambda _: today + WEEKS, None)["invoices"]
    [row] = [row for row in rows if row["number"] == number]
    paid_later = any(p.on > today for i in ledger.invoices if i.number == number for p in i.payments)
    assert row["state"] == "written-off" or (paid_later and row["state"] == "paid")


@quick
@given(ledgers(), LIVES, days_ahead)
def test_letters_go_where_the_owner_said_while_that_address_works(
    ledger: Ledger, life: list[Event], today: date
) -> None:
    lived = a_life(ledger, [event for event in life if event.what != "email"], until=today)
    tell(lived, today, "email", "acme", text="told@acme.example")
    sent = len(lived.sent)
    lived.run(today, min(today + WEEKS, LAST + WEEKS))
    contact, _ = contact_for(lived.case(today), today)

    assert contact is not None
    assert {letter.to for letter in lived.sent[sent:]} <= {"told@acme.example"}
    pending = [r for r in lived.history.of("acme").letters.values() if r.status is Status.QUEUED]
    assert all(record.queued.to == "told@acme.example" for record in pending)
    assert isinstance(lived.history.of("acme").told.contact, j.ContactTold)
