"""What a payment plan has to be, and what it makes of the money: it changes when, never how much."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.books.invoice import ItemRef, Payment
from daemon.domain.books.money import Money
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Done
from daemon.domain.journal import PlanPart
from daemon.domain.standing.balance import open_items
from daemon.domain.standing.plans import Every, as_planned, equal_parts, every, wrong_with
from tests.builders import a_history, a_ledger, an_invoice
from tests.ladder_days import Days
from tests.plan_scene import DEC, JAN, MON, agree, some_days, tell


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"parts": ((DEC, Decimal(610)), (JAN, Decimal(600)))}, "EUR 1,210.00, but EUR 1,220.00 is open"),
        ({"parts": ((JAN, Decimal(610)), (DEC, Decimal(610)))}, "2026-12-01 is not after 2027-01-12"),
        ({"parts": ((date(2026, 11, 1), Decimal(1220)),)}, "has passed"),
        ({"parts": ((DEC, Decimal("1219.995")), (JAN, Decimal("0.005")))}, "no smaller amount than 0.01"),
        ({"parts": ((DEC, Decimal(1220)), (JAN, Decimal(0)))}, "more than zero"),
        ({"count": 61, "day": DEC}, "1 to 60 parts"),
        ({"count": 3, "day": DEC, "every": "fortnight"}, "month, 2w or 10d"),
        ({"count": 60, "day": date(9999, 12, 1)}, "between 1990 and 2100"),
        ({"count": 60, "day": DEC, "every": "99w"}, "an earlier day"),
        ({"count": 3}, "say which parts"),
        ({"cancel": True}, "no payment plan is agreed"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_and_says_why(given: dict[str, object], words: str) -> None:
    days = some_days()
    answer = tell(days, "plan-payment", MON, "2026-041", **given)

    assert isinstance(answer, Refusal)
    assert words in answer.because
    assert not days.history.of("acme").plans


def test_equal_parts_are_in_the_smallest_amount_and_the_last_one_takes_the_rest() -> None:
    end_of_month = date(2026, 12, 31)
    parts = equal_parts(Decimal("1000.00"), "EUR", 3, end_of_month, Every(1, months=True))

    assert [(str(part.amount), part.due_on) for part in parts] == [
        ("333.33", date(2026, 12, 31)),
        ("333.33", date(2027, 1, 31)),
        ("333.34", date(2027, 2, 28)),
    ]
    assert [part.amount for part in equal_parts(Decimal(1000), "JPY", 3, DEC, Every(14, months=False))] == [
        333, 333, 334,
    ]  # fmt: skip
    assert every("2w") == Every(14, months=False)
    assert every("month") == Every(1, months=True)


@given(
    st.integers(1, 10**9), st.integers(1, 60), st.sampled_from(["EUR", "JPY", "TRY"]), st.sampled_from(["month", "9d"])
)
def test_parts_are_refused_or_add_up(cents: int, count: int, currency: str, distance: str) -> None:
    unit = Decimal(1) if currency == "JPY" else Decimal("0.01")
    gap = every(distance)
    assert isinstance(gap, Every)
    parts = equal_parts(cents * unit, currency, count, DEC, gap)

    if all(part.amount > 0 for part in parts):
        assert wrong_with(parts, cents * unit, currency, MON) is None
    assert sum(part.amount for part in parts) == cents * unit


amounts = st.integers(0, 1500).map(Decimal)


@given(
    before=amounts, after=amounts, note=amounts, late_note=amounts, total=st.integers(300, 1500).map(Decimal),
    count=st.integers(1, 5),
)  # fmt: skip
def test_a_plan_changes_when_and_never_how_much(
    before: Decimal, after: Decimal, note: Decimal, late_note: Decimal, total: Decimal, count: int
) -> None:
    """Whatever is paid, credited or changed in the books afterwards: all parts together are what the whole would be."""
    invoice = an_invoice(payments=(Payment(on=MON, amount=before),) if before else ())
    notes = [
        an_invoice(f"NC-{day}", credit=True, against="2026-041", issued_on=day, total=Money(amount, "EUR"))
        for day, amount in ((MON, note), (DEC, late_note))
        if amount
    ]
    days = Days(a_ledger(invoice, *notes), a_history())
    if not isinstance(tell(days, "plan-payment", MON, count=count, day=DEC), Done):
        return
    paid = (*invoice.payments, Payment(on=DEC, amount=after)) if after else invoice.payments
    changed = replace(invoice, total=Money(total, "EUR"), payments=paid)
    for stated in (invoice, replace(invoice, payments=paid), changed):
        [whole] = open_items((stated, *notes), {}, JAN)
        parts = open_items(as_planned((stated, *notes), days.history.of("acme").plans), {}, JAN)
        assert sum(part.outstanding for part in parts) == whole.outstanding
        assert [part.ref for part in parts] == [ItemRef("2026-041", n + 1) for n in range(count)]


def test_payments_after_the_agreement_fill_the_parts_in_their_order() -> None:
    days = some_days(an_invoice(payments=(Payment(on=MON, amount=Decimal("220.00")),)))
    agree(days, MON, (DEC, Decimal("500.00")), (JAN, Decimal("500.00")))
    tell(days, "paid", DEC, amount=Decimal("600.00"))

    assert [(item.ref.instalment, item.outstanding, item.paid) for item in days.case(DEC).items] == [
        (1, Decimal("0.00"), Decimal("500.00")),
        (2, Decimal("400.00"), Decimal("100.00")),
    ]
    assert days.history.of("acme").plans["2026-041"].parts[0] == PlanPart(due_on=DEC, amount=Decimal("500.00"))
