"""Which of a client's policies has its turn today does not change because one of today's letters has left."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.ladder.decide import still_due
from tests.builders import a_client, a_contact, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days

TODAY = date(2026, 11, 2)  # a Monday


def days() -> Days:
    """Two invoices under the client's policy, in two currencies, and one in euros under another: all due today."""
    client = a_client("acme", contacts=(a_contact(email="anna@acme.example"),))
    own = a_policy(approve_over=Decimal("500.00"))
    late = {"due_on": date(2026, 10, 20), "client": "acme"}
    ledger = a_ledger(
        an_invoice("2026-1", total=Money(Decimal("100.00"), "USD"), **late),
        an_invoice("2026-2", total=Money(Decimal("900.00"), "EUR"), **late),
        an_invoice("2026-3", total=Money(Decimal("100.00"), "EUR"), policy="other", **late),
        clients=(client,), policies={"standard": own, "other": a_policy(name="other")}, first_start_sends=True,
    )  # fmt: skip
    return Days(ledger, a_history())


def test_a_letter_in_another_currency_that_has_left_today_takes_no_turn_away() -> None:
    """The one in euros waits for its go (`approve_over`), and is let go in the afternoon: it is still due."""
    found = days()
    planned = [entry for entry in found.plan(TODAY) if isinstance(entry, j.LetterQueued)]
    by_currency = {letter.claims[0].currency: letter for letter in planned}
    euros, dollars = by_currency["EUR"], by_currency["USD"]
    assert ([claim.number for claim in euros.claims], euros.waits_for) == (["2026-2"], j.Wait.AMOUNT)

    letters = found.history.of("acme").letters
    assert found.offer("acme", letters[dollars.letter_id], TODAY)
    found.take_in(j.LetterReleased(at=at(TODAY), client="acme", letter_id=euros.letter_id))
    record = letters[euros.letter_id]
    case = found.case(TODAY, "acme", setting_aside=euros.letter_id)

    assert still_due(case, record, TODAY, at(TODAY)) is None
