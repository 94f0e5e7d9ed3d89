"""What is right as YAML and still looks like a slip: a word to the owner, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from daemon.domain.books.invoice import Invoice, Payment, Source
from daemon.domain.standing.day_slips import day_slips
from tests.builders import a_ledger, an_invoice

TODAY = date(2026, 11, 28)


def said(invoice: Invoice) -> tuple[str, ...]:
    return day_slips(a_ledger(replace(invoice, source=Source(file="c.yaml", line=7, column=3))), TODAY)


def test_an_invoice_of_a_day_to_come_is_worth_a_word() -> None:
    """With a wrong year in both dates nobody would be reminded for a year, and nothing would say so."""
    assert said(an_invoice(issued_on=date(2026, 11, 28), due_on=date(2026, 12, 28))) == ()
    assert said(an_invoice(issued_on=date(2027, 10, 1), due_on=date(2027, 10, 31))) == (
        "c.yaml:7:3: 2026-041 is issued on 2027-10-01, which is still to come: is the year right?",
    )


def test_a_payment_of_a_day_to_come_and_more_than_was_owed_are_worth_a_word() -> None:
    later = Payment(on=date(2026, 12, 4), amount=Decimal("10.00"))
    early = Payment(on=date(2026, 11, 4), amount=Decimal("5000.00"))

    assert said(an_invoice(payments=(later,))) == (
        "c.yaml:7:3: a payment of 2026-041 is of 2026-12-04, which is still to come: it counts from then on",
    )
    assert said(an_invoice(payments=(early,))) == (
        "c.yaml:7:3: the payments of 2026-041 are EUR 5,000.00, and EUR 1,220.00 is owed: is one of them wrong?",
    )


def test_of_many_invoices_of_days_to_come_three_are_named() -> None:
    """Who writes a year of them in advance knows it."""
    many = [an_invoice(f"2027-{n:03}", issued_on=date(2027, 1, n), due_on=date(2027, 2, n)) for n in range(1, 13)]

    *named, rest = day_slips(a_ledger(*many), TODAY)

    assert len(named) == 3
    assert rest == "and 9 more that are issued on days still to come"
