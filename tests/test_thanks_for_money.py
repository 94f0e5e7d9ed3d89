"""Thanks are for money that came after a reminder, not for a credit note; they wait a day after whichever came last."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain.books.invoice import Invoice, Payment
from daemon.domain.books.money import Money
from daemon.domain.books.policy import THANK_YOU
from tests.builders import a_history, a_ledger, a_policy, an_invoice
from tests.ladder_days import Days, sent
from tests.plan_scene import MON

TUE, WED, THU, FRI = (MON + timedelta(days=n) for n in range(1, 5))


def paid(amount: int, on: date, **changes: object) -> Invoice:
    return an_invoice(payments=(Payment(on=on, amount=Decimal(amount)),), **changes)


def a_note(amount: int, on: date | None, against: str | None = "2026-041") -> Invoice:
    return an_invoice("NC-7", credit=True, against=against, issued_on=on, total=Money(Decimal(amount), "EUR"))


def thanks(*books: Invoice) -> list[date]:
    """The days of the letters of thanks; a reminder went on Monday, by hand."""
    days = Days(a_ledger(*books, policy=a_policy(thank_you=True)), a_history())
    days.take_in(*sent("acme-1", MON, ("2026-041", 3)))
    days.run(TUE, date(2026, 12, 1))
    return [letter.on for letter in days.sent if letter.letter == THANK_YOU]


def test_the_day_of_waiting_counts_from_the_credit_note_where_that_came_last() -> None:
    """Little was paid, and nearly all was credited two days later."""
    assert thanks(paid(20, TUE), a_note(1200, THU)) == [FRI]


def test_the_day_of_waiting_counts_from_the_payment_where_that_came_last() -> None:
    assert thanks(paid(20, THU), a_note(1200, TUE)) == [FRI]


def test_a_note_that_names_no_invoice_is_waited_for_as_well() -> None:
    assert thanks(paid(20, TUE), a_note(1200, THU, against=None)) == [FRI]


def test_a_note_without_a_date_makes_nobody_wait() -> None:
    assert thanks(paid(20, TUE), a_note(1200, None)) == [WED]


@pytest.mark.parametrize("amount", [0, 20])
def test_nobody_is_thanked_for_a_credit_note_alone(amount: int) -> None:
    """A deposit of Sunday, before the reminder of Monday, is no answer to it; the note of Wednesday is no money."""
    deposit = paid(amount, MON - timedelta(days=1)) if amount else an_invoice()

    assert thanks(deposit, a_note(1220 - amount, WED)) == []


def test_who_paid_before_the_reminder_and_was_credited_and_paid_after_it_is_thanked() -> None:
    parts = tuple(Payment(on=on, amount=Decimal(10)) for on in (MON - timedelta(days=3), WED))

    assert thanks(an_invoice(payments=parts), a_note(1200, TUE)) == [THU]


def test_money_of_more_than_a_week_ago_is_not_thanked_for_because_a_note_came_now() -> None:
    assert thanks(paid(20, TUE), a_note(1200, TUE + timedelta(days=6))) == [TUE + timedelta(days=7)]
    assert thanks(paid(20, TUE), a_note(1200, TUE + timedelta(days=7))) == []
