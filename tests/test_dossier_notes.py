"""A credit note that names no invoice: the dossier's documents set it against the same one, whatever was told since."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.ladder.demand import demands
from daemon.domain.standing.account import accounts_of
from daemon.domain.standing.extras import extras_for
from tests.builders import a_history, an_invoice, at
from tests.dossier_books import TODAY, a_dossier, books
from tests.ladder_days import Days
from tests.ladder_worlds import Event, days_ahead, happen, ledgers, quick
from tests.plan_scene import MON, agree, some_days, tell

OLDER = an_invoice("2026-030", due_on=date(2026, 9, 30))


def a_note(amount: Decimal | int = 300, number: str = "NC-7", **changes: object) -> Invoice:
    return an_invoice(number, credit=True, total=Money(Decimal(amount), "EUR"), **changes)


def claimed(days: Days, today: date, number: str) -> Decimal:
    """What the letter of demand asks for."""
    letters = demands(days.ledger, days.history, "acme", (number,), today, "it")
    return sum((claim.outstanding for letter in letters for claim in letter.claims), Decimal(0))


def stated(days: Days, today: date, number: str) -> Decimal:
    """What the statement of account ends with."""
    case = days.case(today)
    accounts = accounts_of(case.invoices, case.history.payments, today, (number,), case.history.told.written_off)
    return sum((account.balance for account in accounts), Decimal(0))


def test_a_note_fills_the_next_invoice_once_the_oldest_one_is_written_off() -> None:
    days = some_days(OLDER, an_invoice(), a_note())
    tell(days, "write-off", MON, "2026-030")

    assert claimed(days, TODAY, "2026-041") == stated(days, TODAY, "2026-041") == Decimal(920)


def test_the_statement_in_the_dossier_knows_what_is_written_off() -> None:
    off = j.WrittenOff(at=at(MON), client="acme", numbers=("2026-030",), amount=Decimal(1220), currency="EUR", on=MON)
    found = a_dossier(books(OLDER, an_invoice(), a_note()), numbers=("2026-041",), more=(off,))
    [account] = json.loads(next(piece.content for piece in found.pieces if piece.name == "statement.json"))

    assert (account["credit"], account["balance"]) == ("300", "920.00")


def test_a_note_fills_the_same_invoice_once_another_one_is_paid_in_parts() -> None:
    """The parts of the older invoice are due later than the other invoice."""
    days = some_days(OLDER, an_invoice(), a_note())
    agree(days, MON, (date(2027, 1, 12), Decimal(500)), (date(2027, 2, 12), Decimal(420)), target="2026-030")

    assert claimed(days, TODAY, "2026-041") == stated(days, TODAY, "2026-041")


def test_interest_is_stated_on_what_is_claimed_where_the_oldest_invoice_is_written_off() -> None:
    days = Days(books(OLDER, an_invoice(), a_note()), a_history())
    tell(days, "write-off", MON, "2026-030")
    [letter] = demands(days.ledger, days.history, "acme", ("2026-041",), TODAY, "it")
    extras = extras_for(letter, days.ledger, days.history.of("acme"))

    assert extras is not None
    assert [segment.base for segment in extras.items[0].segments] == [letter.claims[0].outstanding]


@st.composite
def noted(draw: st.DrawFn) -> Ledger:
    """Books with a credit note or two, most of which name no invoice."""
    ledger = draw(ledgers())
    notes = [
        a_note(
            draw(st.integers(1, 900)), f"NC-{n}", issued_on=draw(days_ahead),
            against=draw(st.sampled_from([None, None, "acme-0"])),
        )
        for n in range(draw(st.integers(1, 2)))
    ]  # fmt: skip
    return replace(ledger, invoices=(*ledger.invoices, *notes))


told = st.builds(
    Event, day=days_ahead, what=st.sampled_from(("plan", "plan-off", "written", "payment", "write-off", "resume")),
    pick=st.integers(0, 5), number=st.integers(0, 30),
)  # fmt: skip


@quick
@given(noted(), st.lists(told, min_size=1, max_size=6), st.integers(0, 40))
def test_the_statement_ends_with_what_is_open_whatever_was_told(
    ledger: Ledger, events: list[Event], later: int
) -> None:
    days = Days(ledger, a_history())
    for event in sorted(events, key=lambda event: event.day):
        happen(days, event)
    today = max(event.day for event in events) + timedelta(days=later)
    open_now: dict[str, Decimal] = {}
    for item in days.case(today).items:
        open_now[item.ref.number] = open_now.get(item.ref.number, Decimal(0)) + item.outstanding

    assert {number: stated(days, today, number) for number in open_now} == open_now
