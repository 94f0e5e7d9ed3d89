"""FIELD S10: several letters over two weeks without an answer, and somebody is to telephone: they may be in spam."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Payment, StatedHold
from daemon.domain.books.policy import CallLevel, LetterLevel, SilenceTerms
from daemon.domain.ladder.forecast import forecast
from tests.builders import a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent

LETTERS = (date(2026, 11, 2), date(2026, 11, 6), date(2026, 11, 13))
WEEKLY = (LetterLevel(letter="first-reminder", day=2, every=60),)
DUE = date(2026, 11, 16)  # two weeks after the first letter, a Monday


def silent(
    *more: j.AnyEntry, levels: tuple[object, ...] = WEEKLY, letter: str = "first-reminder", **changes: object
) -> Days:
    """Three letters, and nothing since."""
    ledger = a_ledger(an_invoice("2026-041", "acme", **changes), policy=a_policy(levels=levels))
    days = Days(ledger, a_history(*more))
    for n, day in enumerate(LETTERS, start=1):
        days.take_in(*sent(f"acme-{n}", day, ("2026-041", 1), letter=letter))
    return days


def suggested(days: Days, last: date = date(2026, 12, 4)) -> list[tuple[date, str]]:
    days.run(date(2026, 11, 14), last)
    return [(call.on, call.reason) for call in days.calls]


def test_three_letters_over_two_weeks_without_an_answer_suggest_one_call() -> None:
    days = silent()

    assert suggested(days) == [(DUE, "silence")]
    assert days.calls[0].because == "3 letters since 2 Nov and no answer: they may be in spam"
    assert (days.calls[0].contact, days.calls[0].phone) == ("Anna Verdi", "+39 02 5550 1111")


def test_plan_shows_the_same_call() -> None:
    days = silent()
    shown = forecast(days.ledger, days.history, date(2026, 11, 14), date(2026, 12, 4)).calls

    assert [(call.on, call.reason) for call in shown] == suggested(days)


REPLY = j.ReplyReceived(
    at=at(date(2026, 11, 9)), client="acme", numbers=("2026-041",), letter_id=None, mail="m", sender="x",
    intent="unclear", on=date(2026, 11, 9),
)  # fmt: skip
AWAY = j.AutoReplyReceived(
    at=at(date(2026, 11, 9)), client="acme", numbers=(), letter_id=None, mail="m", sender="anna@acme.example",
    kind="other", on=date(2026, 11, 9),
)  # fmt: skip
CALLED = j.CallMade(
    at=at(date(2026, 11, 9)), client="acme", call_id=None, numbers=("2026-041",), result="reached", on=date(2026, 11, 9)
)


def test_a_person_or_a_payment_ends_a_silence_and_an_auto_reply_does_not() -> None:
    part = Payment(on=date(2026, 11, 9), amount=an_invoice().total.amount / 2)

    assert suggested(silent(REPLY)) == []
    assert suggested(silent(payments=(part,))) == []
    assert suggested(silent(AWAY)) == [(DUE, "silence")]


def test_what_comes_before_the_due_date_asks_for_no_answer() -> None:
    assert suggested(silent(letter="courtesy")) == []


def test_nothing_is_suggested_about_what_is_held_or_paid() -> None:
    assert suggested(silent(hold=StatedHold(until=None, because="credit note"))) == []
    assert suggested(silent(payments=(Payment(on=date(2026, 11, 1), amount=an_invoice().total.amount),))) == []


def test_a_rung_of_the_ladder_that_is_near_suggests_the_call_by_itself() -> None:
    levels = (LetterLevel(letter="first-reminder", day=2), CallLevel(reason="no answer", day=21))

    assert [reason for _, reason in suggested(silent(levels=levels))] == ["level"]


@pytest.mark.parametrize(("terms", "on"), [((4, 14), None), ((3, 21), date(2026, 11, 23)), ((2, 5), DUE)])
def test_the_policy_says_how_long_a_silence_is(terms: tuple[int, int], on: date | None) -> None:
    days = silent()
    policy = replace(days.ledger.policies["standard"], silence=SilenceTerms(letters=terms[0], days=terms[1]))
    days.ledger = replace(days.ledger, policies={"standard": policy})

    assert suggested(days) == ([(on, "silence")] if on else [])
