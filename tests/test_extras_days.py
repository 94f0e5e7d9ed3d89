"""The interest of a letter against a naive sum over the days, and the days for which no rate is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.extras_terms import Compensation, ExtrasTerms, Interest
from daemon.domain.books.invoice import Invoice, Payment
from daemon.domain.books.money import Money
from daemon.domain.standing.rate_gaps import rate_gaps
from daemon.wiring.checkup import check
from tests.builders import an_invoice, at
from tests.config_builder import changed
from tests.extras_books import LAWS, STATUTORY, a_claim, books, stated


@st.composite
def _paid_in_parts(draw: st.DrawFn) -> tuple[Invoice, tuple[Invoice, ...], tuple[j.PaymentRecorded, ...], date]:
    """An invoice of 1,220.00 with payments in the YAML and by command, credit notes against it, and a letter's day."""
    days = st.dates(date(2025, 1, 1), date(2026, 12, 31))
    some = st.decimals("0.01", "500", places=2)
    stated = draw(st.lists(st.builds(Payment, on=days, amount=some), max_size=4))
    amounts = {payment.amount for payment in stated}
    told = draw(st.lists(st.tuples(days, some.filter(lambda a: a not in amounts)), max_size=3))
    credited = draw(st.lists(st.tuples(days, some), max_size=2))
    invoice = an_invoice(due_on=draw(days), issued_on=date(2024, 12, 1), payments=tuple(stated))
    notes = tuple(
        an_invoice(f"NC-{n}", credit=True, against=invoice.number, issued_on=on, due_on=on, total=Money(amount, "EUR"))
        for n, (on, amount) in enumerate(credited)
    )
    recorded = tuple(
        j.PaymentRecorded(
            at=at(on), client="acme", number=invoice.number, amount=amount, currency="EUR", on=on, by="owner"
        )
        for on, amount in told
    )
    return invoice, notes, recorded, draw(days)


@settings(max_examples=60, deadline=None)
@given(_paid_in_parts())
def test_the_interest_of_a_letter_is_that_of_each_day_added_up(
    world: tuple[Invoice, tuple[Invoice, ...], tuple[j.PaymentRecorded, ...], date],
) -> None:
    """From the day after due to the letter's, on what payments and credit notes had left open on each of them."""
    invoice, notes, recorded, on = world
    changes = [(p.on, p.amount) for p in invoice.payments] + [(p.on, p.amount) for p in recorded]
    changes += [(note.issued_on, note.total.amount) for note in notes if note.issued_on]
    ecb = LAWS["IT"].business
    assert ecb is not None
    assert ecb.table is not None
    naive, day = Fraction(0), invoice.due_on + timedelta(days=1)
    while day <= on:
        left = invoice.total.amount - sum(amount for since, amount in changes if since <= day)
        row = ecb.table.row_on(day)
        assert row is not None
        naive += Fraction(max(left, Decimal(0))) * Fraction(row.rate + 8) / 36500
        day += timedelta(days=1)

    ledger = books(invoice, *notes, terms=ExtrasTerms(interest=Interest.STATUTORY))
    extras = stated(ledger, a_claim(invoice), on=on, entries=recorded)

    segments = [s for item in extras.items for s in item.segments] if extras else []
    assert extras is None or sum(s.exact for s in segments) == naive
    assert abs(Fraction(extras.interest if extras else 0) - naive) <= Fraction(1, 200)


def test_a_table_that_has_ended_is_worth_a_word_to_the_owner() -> None:
    ledger = books()

    assert rate_gaps(ledger, date(2026, 12, 31)) == ()
    assert rate_gaps(ledger, date(2027, 1, 1)) == (
        "no rate for 2027-01-01 is in the table ECB: until one is added under `rates:`, letters under the law of IT"
        " about that day state no interest",
    )


def test_an_invoice_older_than_the_table_is_worth_a_word_too() -> None:
    old = an_invoice(due_on=date(2022, 10, 31), issued_on=date(2022, 10, 1))

    (gap,) = rate_gaps(books(old), date(2026, 12, 1))

    assert gap.startswith("no rate for 2022-11-01 is in the table ECB")


@pytest.mark.parametrize(
    "terms",
    [
        ExtrasTerms(),
        ExtrasTerms(interest=Interest.CONTRACT, rate=Decimal(8)),
        replace(STATUTORY, jurisdiction="CH"),
        ExtrasTerms(compensation=Compensation.STATUTORY),
    ],
)
def test_nobody_is_told_of_a_table_that_no_letter_needs(terms: ExtrasTerms) -> None:
    assert rate_gaps(books(terms=terms), date(2027, 1, 1)) == ()


def test_check_says_it_beside_the_other_notices(tmp_path: Path) -> None:
    text = changed("issued: 2026-10-01, due: 2026-10-31", "issued: 2022-10-01, due: 2022-10-31")
    config = tmp_path / "c.yaml"
    config.write_text(text + "policies: {standard: {like: standard, extras: {interest: statutory}}}\n")

    notices = check(str(config))["notices"]

    assert any("no rate for 2022-11-01 is in the table ECB" in notice for notice in notices)
