"""What a change of policy on the way makes of the letters and calls that were, case by case (DESIGN 6.2)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.client import Channel
from daemon.domain.books.policy import CallLevel, LetterLevel, Level
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days

MON = date(2026, 11, 2)  # three days after the invoice was due
LAST = date(2027, 1, 29)
FIRST = LetterLevel(letter="first-reminder", day=2)
FIRM = LetterLevel(letter="firm-reminder", day=40)
STOP = LetterLevel(letter="stop-work", day=40)
FINAL = LetterLevel(letter="final-notice", day=60)


def second(day: int) -> LetterLevel:
    return LetterLevel(letter="second-reminder", day=day)


def some_days(*levels: Level, channel: Channel = Channel.MAIL, **invoice: object) -> Days:
    client = a_client(channel=channel)
    return Days(a_ledger(an_invoice(**invoice), clients=(client,), policy=a_policy(levels=levels)), a_history())


def under_another(days: Days, *levels: Level) -> Days:
    """From now on the client has a policy of another name, with these levels."""
    client = replace(days.ledger.clients["acme"], policy="other")
    policies = {**days.ledger.policies, "other": a_policy(name="other", levels=levels)}
    days.ledger = replace(days.ledger, clients={"acme": client}, policies=policies)
    return days


def edited(days: Days, *levels: Level) -> Days:
    """From now on the client's policy has these levels."""
    days.ledger = replace(days.ledger, policies={"standard": a_policy(levels=levels)})
    return days


def names(days: Days) -> list[str]:
    return [letter.letter for letter in days.sent]


def test_the_second_of_two_like_letters_is_spent_by_the_second_one_sent() -> None:
    ladder = (FIRST, second(9), second(16))
    days = some_days(*ladder, FIRM).run(MON, date(2026, 11, 20))
    assert names(days) == ["first-reminder", "second-reminder", "second-reminder"]
    under_another(days, *ladder, second(30), FIRM).run(date(2026, 11, 21), LAST)

    assert names(days)[3:] == ["second-reminder", "firm-reminder"]


def test_a_notice_that_the_last_ladder_had_later_is_not_skipped_and_the_firm_letter_not_repeated() -> None:
    """There the stop-work notice came after the firm reminder, here before it; only the firm one had gone out."""
    firm, stop = replace(FIRM, day=10), replace(STOP, day=20)
    days = some_days(FIRST, firm, stop, FINAL).run(MON, date(2026, 11, 10))
    assert names(days) == ["first-reminder", "firm-reminder"]
    under_another(days, FIRST, replace(STOP, day=10), replace(FIRM, day=20), FINAL).run(date(2026, 11, 11), LAST)

    assert names(days)[2:] == ["stop-work", "final-notice"]


def test_a_level_that_repeats_counts_the_letters_of_another_ladder_as_rounds() -> None:
    days = some_days(FIRST, second(9), FIRM).run(MON, date(2026, 11, 10))
    under_another(days, FIRST, replace(second(9), every=7, times=3), FINAL).run(date(2026, 11, 11), LAST)

    assert names(days)[1:] == ["second-reminder"] * 3 + ["final-notice"]


def test_a_level_put_in_below_shifts_none_of_those_that_were_sent() -> None:
    """The policy has its name still; the levels have other numbers now."""
    days = some_days(FIRST, second(9), FIRM).run(MON, date(2026, 11, 10))
    edited(days, LetterLevel(letter="due-today", day=0), FIRST, second(9), FIRM).run(date(2026, 11, 11), LAST)

    assert names(days) == ["first-reminder", "second-reminder", "firm-reminder"]


def test_an_invoice_that_was_claimed_in_a_firmer_letter_goes_on_by_its_own_level_after_the_edit() -> None:
    """The letter was a second reminder, about the younger invoice it was the first word."""
    days = some_days(FIRST, second(9), FIRM)
    younger = an_invoice("2026-050", due_on=date(2026, 11, 6))
    days.ledger = replace(days.ledger, invoices=(*days.ledger.invoices, younger))
    days.run(MON, date(2026, 11, 9))
    assert [[(c.number, c.level) for c in letter.claims] for letter in days.sent][-1] == [
        ("2026-041", 2), ("2026-050", 1),
    ]  # fmt: skip
    edited(days, LetterLevel(letter="due-today", day=0), FIRST, second(9), FIRM).run(date(2026, 11, 10), LAST)
    about = [letter.letter for letter in days.sent if "2026-050" in {c.number for c in letter.claims}]

    assert about == ["second-reminder", "second-reminder", "firm-reminder"]


def test_letters_of_a_policy_that_is_gone_are_known_by_their_names() -> None:
    days = under_another(some_days(), FIRST, second(9), FIRM).run(MON, date(2026, 11, 10))
    client = replace(days.ledger.clients["acme"], policy="standard")
    gone = {"standard": a_policy(levels=(LetterLevel(letter="due-today", day=0), FIRST, second(9), FINAL))}
    days.ledger = replace(days.ledger, clients={"acme": client}, policies=gone)
    days.run(date(2026, 11, 11), LAST)

    assert names(days) == ["first-reminder", "second-reminder", "final-notice"]


def test_a_portals_task_of_a_level_that_is_gone_is_not_asked_for_again() -> None:
    days = some_days(FIRST, second(9), channel=Channel.PORTAL)
    for day in (MON, date(2026, 11, 9)):
        days.run(day, day)
        done = days.calls[-1]
        days.take_in(j.CallMade(at=at(day), client="acme", call_id=done.call_id, numbers=(), result="done", on=day))
    edited(days, FIRST).run(date(2026, 11, 10), LAST)

    assert [call.level for call in days.calls] == [1, 2]


def test_of_two_calls_for_one_reason_each_comes_once() -> None:
    calls = (CallLevel(reason="no answer", day=10), CallLevel(reason="no answer", day=20))
    days = some_days(FIRST, *calls).run(MON, date(2026, 11, 12))
    assert len(days.calls) == 1
    under_another(days, FIRST, *calls, FINAL).run(date(2026, 11, 13), LAST)

    assert [call.on for call in days.calls] == [date(2026, 11, 9), date(2026, 11, 19)]


def test_a_call_for_another_reason_stands_for_those_that_would_have_come_before_it() -> None:
    days = some_days(FIRST, CallLevel(reason="no answer", day=12)).run(MON, date(2026, 11, 12))
    early, late = CallLevel(reason="is it well?", day=5), CallLevel(reason="before the end", day=25)
    under_another(days, FIRST, early, late).run(date(2026, 11, 13), LAST)

    assert [call.because for call in days.calls] == ["no answer", "before the end"]


def test_what_was_done_in_a_portal_counts_under_another_policy_too() -> None:
    ladder = (FIRST, second(9), second(16))
    days = some_days(*ladder, channel=Channel.PORTAL)
    for day in (MON, date(2026, 11, 9)):
        days.run(day, day)
        done = days.calls[-1]
        days.take_in(j.CallMade(at=at(day), client="acme", call_id=done.call_id, numbers=(), result="done", on=day))
    under_another(days, LetterLevel(letter="due-today", day=0), *ladder).run(date(2026, 11, 10), LAST)

    assert [call.level for call in days.calls] == [1, 2, 4]
