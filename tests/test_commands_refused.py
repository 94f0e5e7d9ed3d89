"""What the owner types that cannot be done: refused in words that say what can, and nothing is recorded."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.triage import read_answer
from daemon.loops.desk import command_of
from tests.builders import an_invoice, at
from tests.plan_scene import DEC, HALVES, MON, some_days, tell

EARLY = date(2026, 10, 1)  # nothing is due yet


def refused(answer: object) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.because


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("paid", {"target": "no-such"}, "no invoice, letter, client or item 'no-such'"),
        ("paid", {"amount": Decimal(0)}, "an amount is more than zero, and for one invoice"),
        ("resume", {}, "2026-041 is not held"),
        ("called", {}, "say how the call went: called NUMBER reached | voicemail"),
        ("called", {"text": "promised soon"}, "'soon' is no date: write called NUMBER promised 2026-12-15"),
        ("called", {"text": "promised"}, "say by which day: write called NUMBER promised 2026-12-15"),
        ("email", {"text": "anna"}, "no address: "),
        ("plan-payment", {}, "say which parts: plan-payment NUMBER 2026-12-15=400.00"),
        ("plan-payment", {"parts": HALVES, "count": 3}, "either DATE=AMOUNT for each part, or --parts with --first"),
        ("settle", {"target": "acme-1"}, "settle LETTER sent, or settle LETTER resend"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else None,
)
def test_a_command_that_cannot_be_done_says_what_can(name: str, given: dict[str, object], words: str) -> None:
    found = some_days()
    before = found.history.count

    assert words in refused(tell(found, name, MON, **given))
    assert found.history.count == before


def test_a_plan_is_for_one_invoice() -> None:
    found = some_days(an_invoice(), an_invoice(number="2026-042"))

    assert "one plan an invoice" in refused(tell(found, "plan-payment", MON, "acme", parts=HALVES))


def test_no_plan_is_agreed_about_what_is_handed_over() -> None:
    found = some_days()
    found.take_in(j.HandedOver(at=at(MON), client="acme", numbers=("2026-041",), to="legal", on=MON))

    assert "is handed over: we write no more about it" in refused(tell(found, "plan-payment", DEC, parts=HALVES))


def test_where_nothing_is_overdue_no_statements_are_written() -> None:
    assert refused(tell(some_days(), "statement", EARLY, "", everything=True)) == "nothing is overdue"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "say chase, paid, disputed, promised DATE or leave"),
        ("perhaps", "'perhaps' is none of chase, paid, disputed, promised DATE and leave"),
    ],
)
def test_an_answer_that_triage_does_not_know_names_those_that_it_does(typed: str, words: str) -> None:
    assert words in refused(read_answer(typed, ("2026-041",)))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"amount": "ten"}, "'ten' is no amount: write 1234.50"),
        ({"amount": "1,220.00"}, "'1,220.00' is no amount: write 1234.50"),
        ({"day": "tomorrow"}, "'tomorrow' is no date: write 2026-12-15"),
        ({"parts": ["400.00"]}, "'400.00' is no part of a plan: write 2026-12-15=400.00"),
        ({"parts": ["soon=400.00"]}, "'soon' is no date, write 2026-12-15=400.00"),
    ],
)
def test_what_cannot_be_read_of_an_argument_is_shown_as_it_was_typed(args: dict[str, object], words: str) -> None:
    assert words in refused(command_of("paid", {"target": "2026-041", **args}))
