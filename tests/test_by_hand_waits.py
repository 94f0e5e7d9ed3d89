"""A letter that the owner asked for is not lost when its day passes: the mailbox or the relay was out of reach."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daemon.domain.journal import LetterQueued
from daemon.domain.ladder.by_hand import remind
from daemon.domain.ladder.decide import still_due
from daemon.domain.ladder.draft import leaves_until
from tests.builders import a_history, a_ledger, an_invoice, at
from tests.ladder_days import Days

MONDAY = date(2026, 11, 2)


def asked_on_monday() -> tuple[Days, LetterQueued]:
    days = Days(a_ledger(an_invoice()), a_history(begun=MONDAY - timedelta(days=60)))
    letter = remind(days.case(MONDAY), ("2026-041",), MONDAY, at(MONDAY))
    assert isinstance(letter, LetterQueued)
    days.take_in(letter)
    return days, letter


@pytest.mark.parametrize("later", [1, 2])
def test_it_leaves_on_one_of_the_next_days(later: int) -> None:
    days, letter = asked_on_monday()
    day = MONDAY + timedelta(days=later)
    record = days.history.of("acme").letters[letter.letter_id]
    case = days.case(day, setting_aside=letter.letter_id)

    assert still_due(case, record, day, at(day)) is None


def test_it_is_dropped_before_the_day_that_it_names() -> None:
    """Nobody is asked to pay by yesterday."""
    days, letter = asked_on_monday()
    day = letter.pay_by
    record = days.history.of("acme").letters[letter.letter_id]

    assert leaves_until(letter) < letter.pay_by
    assert still_due(days.case(day, setting_aside=letter.letter_id), record, day, at(day)) == "its day has passed"


def test_what_the_rules_decided_is_decided_anew_on_each_day() -> None:
    days = Days(a_ledger(an_invoice()), a_history(begun=MONDAY - timedelta(days=60)))
    (letter,) = [entry for entry in days.plan(MONDAY) if isinstance(entry, LetterQueued)]

    assert leaves_until(letter) == letter.on
