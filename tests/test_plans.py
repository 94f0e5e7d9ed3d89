"""Promises kept and broken, and payment plans agreed after the fact: each part has its own dunning (S21)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.invoice import Instalment, Payment
from daemon.domain.books.policy import INSTALMENT_DUE
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Done
from daemon.domain.journal import Because
from tests.builders import an_invoice, at
from tests.ladder_days import Days, sent
from tests.plan_scene import DEC, FRI, HALVES, JAN, LADDER, MON, agree, some_days, tell


def letters(days: Days) -> list[tuple[date, str, list[tuple[int | None, int]], bool]]:
    return [(x.on, x.letter, [(c.instalment, c.level) for c in x.claims], x.broken_plan) for x in days.sent]


# -- promises ---------------------------------------------------------------------------------------------------


def test_a_promise_that_is_kept_is_told_once_and_nothing_is_written() -> None:
    paid = an_invoice(payments=(Payment(on=date(2026, 11, 13), amount=Decimal(1220)),))
    days = some_days(paid)
    tell(days, "promise", MON, day=date(2026, 11, 12))
    found = [entry for n in range(20) for entry in days.day(MON + timedelta(days=n))]
    kept = [entry for entry in found if isinstance(entry, j.PromiseKept)]

    assert [(k.numbers, k.promised_on, k.on) for k in kept] == [(("2026-041",), date(2026, 11, 12), date(2026, 11, 13))]
    assert not days.sent
    assert not [entry for entry in found if isinstance(entry, j.PromiseBroken)]


def test_paid_by_command_in_time_keeps_the_promise_and_late_does_not() -> None:
    for on, kept in ((date(2026, 11, 13), True), (date(2026, 11, 30), False)):
        days = some_days()
        tell(days, "promise", MON, day=date(2026, 11, 12))
        answer = tell(days, "paid", date(2026, 11, 30), day=on)
        assert isinstance(answer, Done)
        assert any(isinstance(entry, j.PromiseKept) for entry in answer.entries) is kept


def test_a_credit_note_keeps_no_promise() -> None:
    note = an_invoice("NC-1", credit=True, against="2026-041", issued_on=date(2026, 11, 5))
    days = some_days(an_invoice(), note)
    tell(days, "promise", MON, day=date(2026, 11, 12))

    assert not [e for n in range(9) for e in days.day(MON + timedelta(days=n)) if isinstance(e, j.PromiseKept)]


def test_a_broken_promise_brings_the_next_letter_at_once_and_it_says_so() -> None:
    days = some_days().run(MON, FRI)
    tell(days, "promise", FRI, day=date(2026, 11, 11))
    days.run(date(2026, 11, 7), date(2026, 11, 20))

    assert [(x.on, x.letter, x.promised_on) for x in days.sent] == [
        (MON, "first-reminder", None),
        (date(2026, 11, 16), "second-reminder", date(2026, 11, 11)),  # Wednesday, two business days, the weekend
    ]


def test_a_promise_breaks_nothing_of_an_instalment_that_is_not_due_yet() -> None:
    parts = (Instalment(due_on=date(2026, 10, 30), amount=Decimal(610)), Instalment(due_on=JAN, amount=Decimal(610)))
    days = some_days(an_invoice(instalments=parts))
    tell(days, "promise", MON, day=date(2026, 11, 11))
    days.run(MON, date(2026, 12, 31))

    assert {c.instalment for x in days.sent for c in x.claims} == {1}


# -- the dunning of a plan --------------------------------------------------------------------------------------


def test_a_plan_that_is_kept_gets_a_note_before_each_part_and_nothing_else() -> None:
    paid = (Payment(on=DEC, amount=Decimal(610)), Payment(on=JAN, amount=Decimal(610)))
    days = some_days(an_invoice(payments=paid), policy=LADDER).run(MON, date(2026, 11, 9))
    agree(days, date(2026, 11, 9))
    days.run(date(2026, 11, 10), date(2027, 3, 1))

    assert letters(days) == [
        (MON, "first-reminder", [(None, 2)], False),
        (date(2026, 11, 9), "second-reminder", [(None, 3)], False),
        (date(2026, 11, 27), INSTALMENT_DUE, [(1, 1)], False),
        (date(2027, 1, 8), INSTALMENT_DUE, [(2, 1)], False),
    ]
    assert all(claim.outstanding == 610 for letter in days.sent[2:] for claim in letter.claims)


def test_a_part_that_is_missed_brings_the_next_level_at_once_and_says_so() -> None:
    """The ladder goes on where the whole invoice stood: no level twice, none skipped."""
    days = some_days(policy=LADDER).run(MON, FRI)
    agree(days, FRI)
    days.run(date(2026, 11, 7), date(2026, 12, 31))
    told = letters(days)

    assert told[:3] == [
        (MON, "first-reminder", [(None, 2)], False),
        (date(2026, 11, 27), INSTALMENT_DUE, [(1, 1)], False),
        (date(2026, 12, 4), "second-reminder", [(1, 3)], True),  # due on Tuesday, two business days of grace
    ]
    assert [(name, claims, broken) for _, name, claims, broken in told[3:]] == [("firm-reminder", [(1, 5)], False)]
    broken = days.history.of("acme").broken_plans
    assert [(b.instalment, b.due_on, b.on) for b in broken.values()] == [(1, DEC, date(2026, 12, 4))]


def test_each_part_has_its_own_way_up_the_ladder() -> None:
    days = some_days(policy=LADDER).run(MON, FRI)
    agree(days, FRI)
    tell(days, "paid", DEC, amount=Decimal(610))
    days.run(date(2026, 11, 7), date(2027, 1, 31))

    assert letters(days)[-1] == (date(2027, 1, 15), "second-reminder", [(2, 3)], True)
    assert not [x for x in days.sent if x.broken_plan and x.claims[0].instalment == 1]


def test_a_broken_plan_ignores_the_rest_but_not_the_day_of_another_letter() -> None:
    other = an_invoice("2026-050", due_on=date(2026, 12, 1))
    days = some_days(an_invoice(), other).run(MON, FRI)
    agree(days, FRI)
    days.run(date(2026, 11, 7), date(2026, 12, 8))

    assert [(x.on, x.letter, [c.number for c in x.claims], x.broken_plan) for x in days.sent[1:]] == [
        (date(2026, 12, 3), "first-reminder", ["2026-050"], False),
        (date(2026, 12, 4), "second-reminder", ["2026-041"], True),
    ]


def test_a_second_part_that_is_missed_waits_for_the_rest_and_not_for_the_deadline_about_the_first() -> None:
    days = some_days().run(MON, date(2026, 11, 9))
    agree(days, date(2026, 11, 9), (DEC, Decimal(610)), (date(2026, 12, 3), Decimal(610)))
    days.run(date(2026, 11, 10), date(2026, 12, 31))

    assert letters(days)[2:] == [
        (date(2026, 12, 4), "firm-reminder", [(1, 6)], True),  # by 11 December; two business days more: the 15th
        (date(2026, 12, 11), "firm-reminder", [(2, 6)], True),  # missed since the 9th
    ]


def test_a_deadline_counts_no_more_once_another_plan_was_agreed_and_broken() -> None:
    days = some_days().run(MON, date(2026, 11, 9))
    agree(days, date(2026, 11, 9))
    days.run(date(2026, 11, 10), date(2026, 12, 4))
    agree(days, date(2026, 12, 4), (date(2026, 12, 4), Decimal(610)), (JAN, Decimal(610)))
    days.run(date(2026, 12, 5), date(2026, 12, 20))

    assert letters(days)[2:] == [
        (date(2026, 12, 4), "firm-reminder", [(1, 6)], True),  # by 11 December; two business days more: the 15th
        (date(2026, 12, 11), "final-notice", [(1, 8)], True),
    ]


def test_the_letter_of_a_broken_plan_is_about_the_plan_and_lists_what_else_is_overdue() -> None:
    other = an_invoice("2026-050", due_on=date(2026, 12, 2))
    days = some_days(an_invoice(), other).run(MON, FRI)
    agree(days, FRI)
    days.run(date(2026, 11, 7), date(2026, 12, 4))
    letter = days.sent[-1]

    assert (letter.on, letter.broken_plan, [c.number for c in letter.claims]) == (
        date(2026, 12, 4), True, ["2026-041"],
    )  # fmt: skip
    assert [c.number for c in letter.also_open] == ["2026-050"]


def test_after_the_final_notice_a_plan_is_handed_over_only_when_it_is_missed() -> None:
    """The deadline of the old letter has long passed: it says nothing about what was agreed since."""
    days = some_days()
    days.take_in(
        *sent("acme-1", date(2026, 10, 12), ("2026-041", 8), letter="final-notice", deadline=date(2026, 10, 22))
    )
    agree(days, MON)
    days.run(MON, date(2026, 12, 3))
    assert not days.handovers
    days.run(date(2026, 12, 4), date(2026, 12, 4))

    assert [h.on for h in days.handovers] == [date(2026, 12, 4)]


def test_a_plan_that_is_off_goes_on_where_the_ladder_stood() -> None:
    days = some_days().run(MON, FRI)
    agree(days, FRI)
    days.run(date(2026, 11, 7), date(2026, 12, 4))  # the first part was missed: second reminder
    assert isinstance(tell(days, "plan-payment", date(2026, 12, 4), cancel=True), Done)
    days.run(date(2026, 12, 5), date(2026, 12, 20))

    assert [(x.letter, [c.instalment for c in x.claims]) for x in days.sent[2:]] == [("firm-reminder", [None])]


def test_a_new_plan_stands_in_the_place_of_the_old_one() -> None:
    days = some_days(policy=LADDER).run(MON, FRI)
    agree(days, FRI)
    tell(days, "paid", date(2026, 11, 20), amount=Decimal("220.00"))
    agree(days, date(2026, 11, 20), (date(2026, 12, 15), Decimal("1000.00")))
    days.run(date(2026, 11, 21), date(2026, 12, 20))

    assert letters(days)[1:] == [
        (date(2026, 12, 11), INSTALMENT_DUE, [(1, 1)], False),
        (date(2026, 12, 18), "second-reminder", [(1, 3)], True),
    ]
    assert days.sent[-1].claims[0].outstanding == 1000


def test_a_letter_that_waits_about_the_whole_is_withdrawn_when_a_plan_is_agreed() -> None:
    days = some_days()
    days.plan(MON)
    agree(days, MON)
    days.send(MON)

    assert not days.sent


# -- in the YAML ------------------------------------------------------------------------------------------------


def in_parts(days: Days, *parts: tuple[date, Decimal]) -> None:
    """The owner writes instalments beside the invoice."""
    written = tuple(Instalment(due_on=day, amount=amount) for day, amount in parts)
    days.ledger = replace(days.ledger, invoices=tuple(replace(i, instalments=written) for i in days.ledger.invoices))


def test_instalments_written_after_a_letter_are_an_agreed_plan() -> None:
    days = some_days(policy=LADDER).run(MON, FRI)
    in_parts(days, *HALVES)
    days.run(date(2026, 11, 7), date(2026, 12, 4))

    assert letters(days)[1:] == [
        (date(2026, 11, 27), INSTALMENT_DUE, [(1, 1)], False),
        (date(2026, 12, 4), "second-reminder", [(1, 3)], True),
    ]


def test_instalments_from_the_start_are_no_plan_and_begin_at_the_bottom() -> None:
    days = some_days()
    in_parts(days, *HALVES)
    days.run(MON, date(2026, 12, 4))

    assert letters(days) == [(date(2026, 12, 3), "first-reminder", [(1, 3)], False)]
    assert not days.history.of("acme").plans


def test_instalments_written_later_win_over_the_plan_that_was_told() -> None:
    days = some_days().run(MON, FRI)
    agree(days, FRI)
    in_parts(days, (date(2026, 12, 10), Decimal("1220.00")))
    days.run(date(2026, 11, 9), date(2026, 11, 10))

    assert days.history.of("acme").plans["2026-041"].by == "yaml"
    assert [item.due_on for item in days.case(FRI).items] == [date(2026, 12, 10)]
    assert isinstance(tell(days, "plan-payment", FRI, cancel=True), Refusal)


def test_a_plan_answers_who_asked_for_time_and_no_dispute() -> None:
    days = some_days()
    asked = j.ReplyReceived(
        at=at(MON), client="acme", numbers=("2026-041",), letter_id=None, mail="m1", sender="anna@acme.example",
        intent="cannot-pay", on=MON,
    )  # fmt: skip
    for number, (because, mail) in enumerate(((Because.REPLY, "m1"), (Because.DISPUTE, "m2")), start=1):
        days.take_in(
            asked,
            j.HoldPlaced(
                at=at(MON), client="acme", hold_id=f"acme-h{number}", numbers=("2026-041",), because=because, on=MON,
                mail=mail,
            ),
        )  # fmt: skip
    agree(days, MON)

    assert [hold.because for hold in days.history.of("acme").holds] == [Because.DISPUTE]


def test_instalments_that_are_taken_out_leave_the_ladder_where_it_stood() -> None:
    days = some_days()
    in_parts(days, (date(2026, 10, 30), Decimal("610.00")), HALVES[1])
    days.run(MON, date(2026, 11, 9))
    in_parts(days)
    days.run(date(2026, 11, 10), date(2026, 11, 30))

    assert [(x.letter, [c.instalment for c in x.claims]) for x in days.sent] == [
        ("first-reminder", [1]),
        ("second-reminder", [1]),
        ("firm-reminder", [None]),
    ]
