"""Rules 1 and 2 of the ladder: which level, on which day.  Due Friday 30 October 2026; the calendar is Italy's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.invoice import StatedHold
from daemon.domain.books.policy import CallLevel, HandoverLevel, LetterLevel, SendOn
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at, closed
from tests.ladder_days import Days, sent

DUE = date(2026, 10, 30)  # a Friday
MILD = (LetterLevel(letter="first-reminder", day=2, rest_days=1), LetterLevel(letter="second-reminder", day=9))


def some_days(*invoices: object, **ledger: object) -> Days:
    return Days(a_ledger(*(invoices or (an_invoice(),)), **ledger), a_history())  # type: ignore[arg-type]


def test_the_standard_ladder_runs_its_whole_length() -> None:
    """Every rung once, in order; calls between; the hand-over last.  8 December is a holiday in Italy."""
    days = some_days().run(date(2026, 10, 20), date(2027, 2, 28))

    assert days.letters() == [
        (date(2026, 11, 2), "first-reminder"),  # day 2 is a Sunday: it rolls to Monday
        (date(2026, 11, 9), "second-reminder"),  # day 9 is a Sunday, and 7 days of rest
        (date(2026, 11, 23), "firm-reminder"),  # day 23 is a Sunday
        (date(2026, 12, 4), "final-notice"),  # day 35; the firm one's deadline, 30 November, was two business days ago
    ]
    assert [(c.on, c.level) for c in days.calls] == [(date(2026, 11, 16), 5), (date(2026, 12, 1), 7)]
    assert [h.on for h in days.handovers] == [date(2026, 12, 17)]  # deadline Monday 14 December, three business days


def test_each_level_comes_once_and_none_is_skipped() -> None:
    days = some_days().run(date(2026, 10, 20), date(2027, 6, 30))

    assert [letter.level for letter in days.sent] == [3, 4, 6, 8]


def test_after_an_outage_one_letter_and_then_rest() -> None:
    """Down until 15 December: the first reminder, and a week later the second.  No backlog, no skipped level."""
    days = some_days().run(date(2026, 12, 15), date(2026, 12, 31))

    assert [(on, letter) for on, letter in days.letters()][:2] == [
        (date(2026, 12, 15), "first-reminder"),
        (date(2026, 12, 22), "second-reminder"),
    ]


def test_never_two_levels_of_one_invoice_in_a_day() -> None:
    """After an outage a call and the letter above it would both be due: the call has its day, the letter the next."""
    days = some_days()
    days.take_in(
        *sent("acme-1", date(2026, 11, 2), ("2026-041", 3)), *sent("acme-2", date(2026, 11, 9), ("2026-041", 4))
    )
    days.run(date(2026, 12, 14), date(2026, 12, 18))

    assert [c.on for c in days.calls] == [date(2026, 12, 14)]
    assert days.letters() == [(date(2026, 12, 15), "firm-reminder")]


def test_a_call_waits_for_the_day_that_the_letter_below_it_has_named() -> None:
    """However often the planner runs: who was asked to pay by Friday is not telephoned on Tuesday."""
    days = some_days()
    days.take_in(*sent("acme-1", date(2026, 11, 2), ("2026-041", 3)))
    days.run(date(2026, 12, 14), date(2026, 12, 21), times=3)

    assert days.letters() == [(date(2026, 12, 14), "second-reminder")]
    assert [c.on for c in days.calls] == [date(2026, 12, 21)], "payment was asked for by Friday 18 December"


def test_a_call_that_a_broken_promise_overtook_is_still_made() -> None:
    """The next letter went at once; the call below it keeps its day."""
    days = some_days()
    days.take_in(
        *sent("acme-1", date(2026, 11, 2), ("2026-041", 3)), *sent("acme-2", date(2026, 11, 9), ("2026-041", 4))
    )
    days.take_in(
        *sent("acme-3", date(2026, 11, 12), ("2026-041", 6), letter="firm-reminder", deadline=date(2026, 11, 19))
    )
    days.run(date(2026, 11, 13), date(2026, 11, 27))

    assert [(c.on, c.level) for c in days.calls] == [(date(2026, 11, 20), 5)], "behind the letter's own deadline"


def test_calls_wait_for_the_letters_below_them() -> None:
    ladder = (*MILD, CallLevel(reason="call", day=10), LetterLevel(letter="firm-reminder", day=60))
    days = some_days(policy=a_policy(levels=ladder)).run(date(2026, 11, 20), date(2026, 12, 3))

    assert days.letters() == [(date(2026, 11, 20), "first-reminder"), (date(2026, 11, 27), "second-reminder")]
    assert [c.on for c in days.calls] == [date(2026, 12, 3)], "payment was asked for by Wednesday 2 December"


def test_the_hand_over_waits_for_the_deadline_of_the_last_letter() -> None:
    ladder = (LetterLevel(letter="final-notice", day=2, deadline_days=10), HandoverLevel(to="legal", after_deadline=3))
    days = some_days(policy=a_policy(levels=ladder)).run(date(2026, 11, 1), date(2026, 12, 31))

    assert days.sent[0].deadline == date(2026, 11, 12)
    assert [h.on for h in days.handovers] == [date(2026, 11, 17)]
    assert len(days.handovers) == 1


def test_a_hand_over_without_approval_is_made_at_once() -> None:
    ladder = (LetterLevel(letter="final-notice", day=2), HandoverLevel(to="legal", after_deadline=0, approval=False))
    days = some_days(policy=a_policy(levels=ladder)).run(date(2026, 11, 1), date(2026, 11, 30))

    assert "2026-041" in days.history.of("acme").handed_over
    assert days.why(date(2026, 12, 1)) == "handed over"


# -- the day ----------------------------------------------------------------------------------------------------


def test_a_level_after_the_due_date_rolls_forward() -> None:
    """Day 2 after Thursday 24 December is a holiday, then Sunday: Monday."""
    days = some_days(an_invoice(due_on=date(2026, 12, 24))).run(date(2026, 12, 20), date(2026, 12, 29))

    assert days.letters() == [(date(2026, 12, 28), "first-reminder")]


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (date(2026, 11, 11), [date(2026, 11, 6), date(2026, 11, 11)]),  # day -3 is a Sunday: Friday
        (date(2026, 11, 8), [date(2026, 11, 5), date(2026, 11, 6)]),  # due on a Sunday: on Friday before
    ],
)
def test_a_level_up_to_the_due_date_rolls_back(due: date, expected: list[date]) -> None:
    """ "Due today" on the Monday after would be wrong; a courtesy after the due date is none."""
    days = some_days(an_invoice(due_on=due), clients=(a_client(late_payer=True),)).run(date(2026, 10, 1), due)

    assert days.letters() == list(zip(expected, ["courtesy", "due-today"], strict=True))


def test_a_level_up_to_the_due_date_ignores_the_rest() -> None:
    other = an_invoice("2026-050", due_on=date(2026, 11, 11))
    days = Days(a_ledger(other, clients=(a_client(late_payer=True),)), a_history())
    days.take_in(*sent("acme-1", date(2026, 11, 5), ("2026-041", 4)))
    days.run(date(2026, 11, 5), date(2026, 11, 6))

    assert days.letters() == [(date(2026, 11, 6), "courtesy")]


def test_a_level_up_to_the_due_date_lapses_when_that_date_has_passed() -> None:
    days = some_days(clients=(a_client(late_payer=True),)).run(date(2026, 11, 2), date(2026, 11, 3))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder")]


def test_levels_for_late_payers_are_for_them_alone() -> None:
    assert some_days(clients=(a_client(late_payer=False),)).run(date(2026, 10, 1), DUE).letters() == []


def test_no_letter_before_or_on_the_due_date_says_overdue() -> None:
    assert some_days().run(date(2026, 10, 1), DUE + timedelta(days=1)).letters() == []


def test_a_letter_about_what_is_overdue_never_claims_what_is_not_due_yet() -> None:
    """Client wide letters are in the tone of the highest: an invoice due next week does not belong into a reminder."""
    early = an_invoice("2026-050", due_on=date(2026, 11, 5))
    days = some_days(an_invoice(), early, clients=(a_client(late_payer=True),)).run(
        date(2026, 11, 2), date(2026, 11, 3)
    )

    assert [(on, letter) for on, letter in days.letters()] == [
        (date(2026, 11, 2), "first-reminder"),
        (date(2026, 11, 3), "courtesy"),
    ]
    assert [[c.number for c in letter.claims] for letter in days.sent] == [["2026-041"], ["2026-050"]]


def test_the_creditors_holidays_are_no_sending_days_either() -> None:
    """Nobody is there to answer on 8 December, and the client in Germany works."""
    abroad = a_client(calendar=BusinessCalendar("DE"))
    days = some_days(an_invoice(due_on=date(2026, 12, 6)), clients=(abroad,)).run(date(2026, 12, 6), date(2026, 12, 9))

    assert days.letters() == [(date(2026, 12, 9), "first-reminder")], "8 December is a holiday in Italy, not in Germany"


def test_every_day_means_every_day_but_the_closed_ones() -> None:
    client = a_client(calendar=closed(date(2026, 11, 1), date(2026, 11, 1)))
    days = some_days(clients=(client,), policy=a_policy(send_on=SendOn.EVERY_DAY, levels=MILD))
    days.run(date(2026, 10, 31), date(2026, 11, 3))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder")], "the closed Sunday stopped the clock, too"


# -- what stops the clock ---------------------------------------------------------------------------------------


def test_a_closed_range_stops_the_clock() -> None:
    """Five closed days between the due date and day 9 put the second reminder off by five days."""
    client = a_client(calendar=closed(date(2026, 11, 3), date(2026, 11, 7)))
    days = some_days(clients=(client,)).run(date(2026, 10, 30), date(2026, 11, 16))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder"), (date(2026, 11, 13), "second-reminder")]


def test_a_closed_range_never_spends_a_level() -> None:
    client = a_client(calendar=closed(date(2026, 11, 1), date(2026, 11, 20)))
    days = some_days(clients=(client,)).run(date(2026, 10, 30), date(2026, 11, 30))

    assert days.letters() == [(date(2026, 11, 23), "first-reminder"), (date(2026, 11, 30), "second-reminder")]


def test_a_client_who_is_closed_for_years_gets_nothing_and_breaks_nothing() -> None:
    client = a_client(calendar=BusinessCalendar("IT", (DateRange(date(2020, 1, 1), date(2200, 1, 1)),)))
    days = some_days(clients=(client,)).run(date(2026, 11, 1), date(2026, 11, 5))

    assert days.letters() == []


def test_days_on_hold_do_not_count() -> None:
    """Held from the 4th to the 13th, ten days: what was due on the 9th is due on the 19th."""
    days = some_days().run(date(2026, 10, 30), date(2026, 11, 3))
    days.take_in(
        j.HoldPlaced(at=at(date(2026, 11, 4)), client="acme", hold_id="acme-h1", numbers=("2026-041",),
                     because=j.Because.REPLY, on=date(2026, 11, 4)),
        j.HoldLifted(at=at(date(2026, 11, 14)), client="acme", hold_id="acme-h1", on=date(2026, 11, 14)),
    )  # fmt: skip
    days.run(date(2026, 11, 14), date(2026, 11, 30))

    assert days.letters()[1:] == [(date(2026, 11, 18), "second-reminder")]


def test_days_on_a_hold_in_the_yaml_do_not_count_either() -> None:
    """The journal knows since when it stood there."""
    held = an_invoice(hold=StatedHold(until=date(2026, 11, 13), because="credit note"))
    days = some_days().run(date(2026, 10, 30), date(2026, 11, 3))
    days.ledger = a_ledger(held)
    days.run(date(2026, 11, 4), date(2026, 11, 30))

    assert days.letters()[1:] == [(date(2026, 11, 18), "second-reminder")]


@pytest.mark.parametrize(("until", "letters"), [(date(2026, 11, 3), []), (date(2026, 11, 2), [date(2026, 11, 3)])])
def test_the_last_day_of_a_hold_in_the_yaml_is_held(until: date, letters: list[date]) -> None:
    days = Days(a_ledger(an_invoice(hold=StatedHold(until=until, because="credit note"))), a_history())
    days.day(date(2026, 11, 3))

    assert [letter.on for letter in days.sent] == letters
