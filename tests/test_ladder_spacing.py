"""Rule 2 of the ladder: rest, deadlines, and the reason of every silence.  Due Friday 30 October 2026, in Italy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from daemon.domain.books.policy import LetterLevel
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, closed
from tests.ladder_days import Days, sent

DUE = date(2026, 10, 30)  # a Friday
MILD = (LetterLevel(letter="first-reminder", day=2, rest_days=1), LetterLevel(letter="second-reminder", day=9))


def some_days(*invoices: object, **ledger: object) -> Days:
    return Days(a_ledger(*(invoices or (an_invoice(),)), **ledger), a_history())  # type: ignore[arg-type]


def test_rest_days_5_means_the_fifth_calendar_day_after_the_last_letter() -> None:
    ladder = (LetterLevel(letter="first-reminder", day=1), LetterLevel(letter="second-reminder", day=1))
    days = some_days(policy=a_policy(levels=ladder, rest_days=5)).run(date(2026, 11, 4), date(2026, 11, 20))

    assert [on for on, _ in days.letters()] == [date(2026, 11, 4), date(2026, 11, 9)]


def test_rest_days_0_is_allowed_and_still_one_level_a_day() -> None:
    ladder = (LetterLevel(letter="first-reminder", day=1), LetterLevel(letter="second-reminder", day=1))
    days = some_days(policy=a_policy(levels=ladder, rest_days=0)).run(date(2026, 11, 4), date(2026, 11, 6), times=3)

    assert [on for on, _ in days.letters()] == [date(2026, 11, 4), date(2026, 11, 5)]


def test_a_levels_own_rest_counts_before_it() -> None:
    ladder = (LetterLevel(letter="first-reminder", day=1), LetterLevel(letter="second-reminder", day=1, rest_days=3))
    days = some_days(policy=a_policy(levels=ladder, rest_days=10)).run(date(2026, 11, 3), date(2026, 11, 20))

    assert [on for on, _ in days.letters()] == [date(2026, 11, 3), date(2026, 11, 6)]


def test_the_next_letter_comes_two_business_days_after_the_last_ones_own_deadline() -> None:
    """Deadline Monday the 16th; the client's Tuesday and Wednesday count."""
    ladder = (
        LetterLevel(letter="firm-reminder", day=1, deadline_days=14),
        LetterLevel(letter="final-notice", day=2, rest_days=1),
    )
    days = some_days(policy=a_policy(levels=ladder)).run(date(2026, 11, 2), date(2026, 11, 30))

    assert days.sent[0].deadline == date(2026, 11, 16)
    assert [on for on, _ in days.letters()] == [date(2026, 11, 2), date(2026, 11, 18)]


def test_a_deadline_falls_on_the_clients_business_day() -> None:
    client = a_client(calendar=closed(date(2026, 11, 9), date(2026, 11, 10)))
    ladder = (LetterLevel(letter="firm-reminder", day=1, deadline_days=5),)
    days = some_days(clients=(client,), policy=a_policy(levels=ladder)).run(date(2026, 11, 2), date(2026, 11, 2))

    assert days.sent[0].deadline == date(2026, 11, 11), "Saturday the 7th, a Sunday, and two closed days"


def test_a_changed_due_date_leaves_sent_levels_sent() -> None:
    days = some_days().run(date(2026, 10, 30), date(2026, 11, 3))
    days.ledger = a_ledger(an_invoice(due_on=date(2026, 11, 30)))
    days.run(date(2026, 11, 4), date(2026, 12, 31))

    assert days.letters()[1] == (date(2026, 12, 9), "second-reminder"), "day 9 after the new date"


def test_the_first_letter_to_an_overdue_invoice_is_the_first_reminder_whatever_its_age() -> None:
    days = some_days(an_invoice(due_on=date(2025, 1, 1))).run(date(2026, 11, 4), date(2026, 11, 4))

    assert [letter for _, letter in days.letters()] == ["first-reminder"]


def test_the_plan_names_the_reason_and_the_day_of_every_silence() -> None:
    """Promise 3: for every invoice, every day, there is an answer to "why was nothing sent?"."""
    days = some_days()
    before = days.decide(date(2026, 10, 20)).quiet
    days.run(date(2026, 11, 2), date(2026, 11, 2))
    after = days.decide(date(2026, 11, 4)).quiet

    assert [(str(q.why), q.until) for q in before] == [("not due for a letter yet", date(2026, 11, 2))]
    assert [(str(q.why), q.until) for q in after] == [("resting after the last letter", date(2026, 11, 9))]


def test_an_unknown_level_of_an_old_policy_is_no_reason_to_fall_over() -> None:
    """The owner shortened the ladder: a letter of level 9 was sent, and the policy has two."""
    days = some_days(policy=replace(a_policy(), levels=MILD))
    days.take_in(*sent("acme-1", date(2026, 11, 2), ("2026-041", 9)))

    assert days.why(date(2026, 11, 20)) == "the ladder is at its end"
