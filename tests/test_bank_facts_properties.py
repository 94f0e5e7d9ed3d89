"""What holds for any statements: sums are conserved, their order does not matter, nothing is booked twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.books.bank_statement import BankEntry, Statement
from daemon.domain.history import History
from daemon.domain.payments.payment_match import Verdict
from tests.bank_scene import TODAY, after, books, came, owed, read, told
from tests.builders import a_history
from tests.ladder_worlds import quick

# -- what holds for all ---------------------------------------------------------------------------------------------

NUMBERS = ("2026-041", "2026-042", "2026-043", "B-100")
LEDGER = books(
    owed("2026-041", "100.00", reference="RF45 1234 5123 45"), owed("2026-042", "50.00"),
    owed("2026-043", "33.33"), owed("B-100", "100.00", "beta"),
)  # fmt: skip
entries = st.builds(
    came,
    st.sampled_from(["100.00", "50.00", "33.33", "150.00", "48.00", "83.33", "7.00"]),
    st.sampled_from(["", *NUMBERS, "2026-041 2026-042", "RF45 1234 5123 45", "saldo 2026/43", "7"]),
    st.sampled_from(["", "ACME SPA", "Beta Ltd", "Nobody"]),
    booked_on=st.dates(date(2026, 11, 1), date(2026, 11, 9)),
    id=st.uuids().map(str),
)
statements = st.lists(st.lists(entries, max_size=4), max_size=4).map(
    lambda days: [told(*day, until=TODAY - timedelta(days=place), name=f"s{place}") for place, day in enumerate(days)]
)


def recorded(found: History) -> list[tuple[str, str, Decimal, str]]:
    return sorted(
        (key, number, payment.amount, payment.bank_id)
        for key, known in found.clients.items()
        for number, payments in known.payments.items()
        for payment in payments
    )


@quick
@given(statements)
def test_the_parts_of_a_payment_are_together_the_payment(days: list[Statement]) -> None:
    for found in read(LEDGER, a_history(), *days).matches:
        if found.parts:
            assert sum(part.amount for part in found.parts) == found.entry.amount
            assert all(part.amount > 0 for part in found.parts)
        if found.verdict is Verdict.SURE:
            assert found.parts
            assert found.because, "every booking has its evidence"


@quick
@given(statements)
def test_what_was_booked_or_asked_once_is_neither_again(days: list[Statement]) -> None:
    """What was for nobody may be for somebody when the others are booked: it is looked at each time."""
    history = after(LEDGER, *days)
    seen = set(history.bank.seen)
    again = read(LEDGER, history, *days)

    assert not [e for e in again.entries if getattr(e, "bank_id", None) in seen]
    assert {found.entry.id for found in again.matches if found.verdict is Verdict.KNOWN} == seen


@quick
@given(statements, st.randoms(use_true_random=False))
def test_the_order_of_the_files_does_not_matter(days: list[Statement], random: object) -> None:
    shuffled = [*days]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # Hypothesis's own Random

    assert recorded(after(LEDGER, *days)) == recorded(after(LEDGER, *shuffled))


@quick
@given(statements)
def test_nobody_is_booked_more_than_the_bank_told(days: list[Statement]) -> None:
    history = after(LEDGER, *days)
    came_in = sum((entry.amount for day in days for entry in day.entries), Decimal(0))

    assert sum((amount for _, _, amount, _ in recorded(history)), Decimal(0)) <= came_in


@quick
@given(st.lists(entries, max_size=6))
def test_a_simulation_of_a_history_has_questions_of_its_own(day: list[BankEntry]) -> None:
    known = after(LEDGER, told(*day)).of("acme")

    assert known.copy() == known
