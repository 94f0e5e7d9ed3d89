"""`plan` about letters that are queued already: those that will be taken back are not shown as if they left."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.policy import Span
from daemon.domain.history import Status
from daemon.domain.ladder.by_hand import remind
from daemon.domain.ladder.forecast import Forecast, forecast
from daemon.domain.ladder.plan_document import plan_document
from tests.builders import a_policy, an_invoice, at
from tests.ladder_days import Days, days
from tests.plan_scene import DEC, HALVES, MON, agree, some_days, tell

SAT, WED = MON - timedelta(days=2), MON + timedelta(days=2)
LAST = date(2026, 12, 11)


def shown(found: Days, today: date, until: date = LAST) -> Forecast:
    return forecast(found.ledger, found.history, today, until)


def reminded() -> Days:
    """On Saturday the owner asks for a reminder; it leaves on Monday."""
    found = some_days(an_invoice(due_on=SAT - timedelta(days=10)))
    letter = remind(found.case(SAT), ("2026-041",), SAT, at(SAT))
    assert isinstance(letter, j.LetterQueued)
    found.take_in(letter)
    return found


def test_a_letter_on_its_way_is_shown_on_the_day_on_which_it_can_leave() -> None:
    assert [(x.letter, x.on) for x in shown(reminded(), SAT, MON).letters] == [("first-reminder", MON)]


@pytest.mark.parametrize("told", ["hold", "paid", "dispute", "plan-payment", "write-off"])
def test_what_was_told_since_takes_it_back_in_the_plan_as_in_the_daemon(told: str) -> None:
    found = reminded()
    if told == "plan-payment":
        agree(found, SAT, *HALVES)
    else:
        tell(found, told, SAT, text="hours")
    ahead = [(x.on, x.letter) for x in shown(found, SAT).letters]
    found.run(SAT, LAST)

    assert ahead == found.letters()
    assert [letter.letter for letter in found.sent if letter.on < DEC] == []


def test_after_a_part_payment_the_letter_with_the_old_figure_makes_room_for_the_next() -> None:
    found = reminded()
    tell(found, "paid", SAT, amount=Decimal(20))
    ahead = [(x.letter, x.on, x.claims[0].outstanding) for x in shown(found, SAT).letters]
    found.run(SAT, LAST)

    assert ahead == [(x.letter, x.on, x.claims[0].outstanding) for x in found.sent]
    assert {outstanding for *_, outstanding in ahead} == {1200}


def test_a_letter_that_waits_for_a_go_is_not_shown_once_its_invoice_is_held() -> None:
    found = some_days(policy=a_policy(approve_first=True))
    found.plan(MON)
    (record,) = found.history.of("acme").letters.values()
    assert record.status is Status.WAITING
    tell(found, "hold", MON)

    assert shown(found, MON).letters == []


def test_why_it_was_taken_back_is_the_plan_and_not_the_books() -> None:
    found = reminded()
    agree(found, SAT, *HALVES)
    withdrawn: list[str] = []
    taken = found.take_in

    def listen(*entries: j.AnyEntry) -> None:
        withdrawn.extend(e.because for e in entries if isinstance(e, j.LetterWithdrawn))
        taken(*entries)

    found.take_in = listen  # type: ignore[method-assign]
    for day in days(SAT, MON):
        found.day(day)

    assert withdrawn == ["a payment plan was agreed"]


@pytest.mark.parametrize(("until", "letters", "quiet"), [(SAT, [], [WED]), (WED, [WED], [])])
def test_a_letter_that_leaves_after_the_last_day_asked_for_is_told_as_what_waits(
    until: date, letters: list[date], quiet: list[date]
) -> None:
    """On Saturday it is queued, to stand in Monday's digest two days before it leaves."""
    found = some_days(an_invoice(due_on=SAT - timedelta(days=10)), policy=a_policy(announce=Span(2)))
    document = plan_document(shown(found, SAT, until), until)

    assert [letter["on"] for letter in document["letters"]] == [str(day) for day in letters]
    assert [row["until"] for row in document["quiet"]] == [str(day) for day in quiet]
    assert {row["invoice"] for row in document["quiet"]} == ({"2026-041"} if quiet else set())
