"""Levels from the issue, repeating levels, dates and ways of payment of an invoice.  Due Friday 30 October 2026."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.invoice import Instalment, Invoice, Method, Payment, StatedHold
from daemon.domain.books.money import Money
from daemon.domain.books.policy import CallLevel, Group, HandoverLevel, LetterLevel, Policy, Since
from daemon.domain.books.refusal import Refusal
from daemon.domain.journal import ContactFailed, LetterQueued
from daemon.domain.ladder.by_hand import remind
from daemon.domain.ladder.forecast import forecast
from tests.builders import a_client, a_creditor, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent

MILD = (LetterLevel(letter="first-reminder", day=2, rest_days=1), LetterLevel(letter="second-reminder", day=9))
RECEIPT = LetterLevel(letter="confirm-receipt", day=3, since=Since.ISSUED)


def some_days(*invoices: Invoice, **ledger: object) -> Days:
    return Days(a_ledger(*(invoices or (an_invoice(),)), **ledger), a_history())  # type: ignore[arg-type]


def under(*levels: LetterLevel | CallLevel | HandoverLevel, **changes: object) -> Policy:
    return a_policy(levels=levels, **changes)


# -- from the issue ---------------------------------------------------------------------------------------------


def test_a_level_from_the_issue_counts_from_it_and_rolls_forward() -> None:
    """Issued Thursday 1 October: day 3 is a Sunday, and on Friday the three days have not passed."""
    days = some_days(policy=under(RECEIPT, *MILD)).run(date(2026, 9, 28), date(2026, 10, 28))

    assert days.letters() == [(date(2026, 10, 5), "confirm-receipt")]
    assert days.sent[0].why == "confirm-receipt, 3 days after the invoice was issued"


def test_a_level_from_the_issue_lapses_once_the_due_date_has_passed() -> None:
    days = some_days(policy=under(RECEIPT, *MILD)).run(date(2026, 10, 31), date(2026, 11, 3))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder")]


def test_an_invoice_without_a_date_of_issue_has_no_such_level() -> None:
    days = some_days(an_invoice(issued_on=None), policy=under(RECEIPT, *MILD)).run(date(2026, 9, 28), date(2026, 11, 3))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder")]


def test_at_the_first_start_a_level_from_the_issue_that_fell_due_before_waits_for_the_owners_go() -> None:
    """No flood of "did you get it?" about invoices of weeks ago (F21)."""
    ledger = a_ledger(an_invoice(), policy=under(RECEIPT, *MILD))
    shown = forecast(ledger, a_history(begun=None), date(2026, 10, 20), date(2026, 10, 20))

    assert [letter.waits_for for letter in shown.letters] == ["first-start"]


def test_the_letter_about_an_instalment_is_for_instalments_alone() -> None:
    parts = (
        Instalment(due_on=date(2026, 10, 30), amount=Decimal(600)),
        Instalment(due_on=date(2026, 11, 30), amount=Decimal(620)),
    )
    ladder = under(LetterLevel(letter="instalment-due", day=-2), LetterLevel(letter="first-reminder", day=20))
    days = some_days(an_invoice(), an_invoice("2026-050", instalments=parts), policy=ladder)
    days.run(date(2026, 10, 1), date(2026, 11, 18))

    assert days.letters() == [(date(2026, 10, 28), "instalment-due")]
    assert [(c.number, c.instalment) for c in days.sent[0].claims] == [("2026-050", 1)]


# -- repeating --------------------------------------------------------------------------------------------------


def test_a_repeating_level_comes_again_until_it_is_paid() -> None:
    ladder = under(*MILD, LetterLevel(letter="firm-reminder", day=23, every=14))
    days = some_days(policy=ladder).run(date(2026, 11, 20), date(2027, 1, 8))

    assert days.letters()[2:] == [
        (date(2026, 12, 4), "firm-reminder"),
        (date(2026, 12, 18), "firm-reminder"),
        (date(2027, 1, 4), "firm-reminder"),  # New Year's Day is none to send on
    ]
    assert days.sent[-1].why == "firm-reminder once more, 14 days after the last one"


def test_a_repeating_level_keeps_its_own_deadline_and_the_rest() -> None:
    """Every 7 days is too soon where the last letter gave them 14."""
    ladder = under(LetterLevel(letter="firm-reminder", day=3, every=7, deadline_days=14))
    days = some_days(policy=ladder).run(date(2026, 11, 2), date(2026, 11, 19))

    assert days.letters() == [(date(2026, 11, 2), "firm-reminder"), (date(2026, 11, 18), "firm-reminder")]


def test_with_times_the_levels_above_wait_until_the_rounds_are_spent() -> None:
    ladder = under(
        LetterLevel(letter="first-reminder", day=2, every=7, times=3),
        CallLevel(reason="no answer", day=10),
        LetterLevel(letter="final-notice", day=11, deadline_days=5),
        HandoverLevel(to="legal", after_deadline=1),
    )
    days = some_days(policy=ladder).run(date(2026, 11, 2), date(2026, 12, 31))

    assert [letter for _, letter in days.letters()] == ["first-reminder"] * 3 + ["final-notice"]
    assert [on for on, _ in days.letters()][:3] == [date(2026, 11, 2), date(2026, 11, 9), date(2026, 11, 16)]
    assert len(days.calls) == len(days.handovers) == 1
    assert days.calls[0].on > date(2026, 11, 16)


def test_a_round_that_bounced_is_not_spent() -> None:
    """The second round went to an address that is dead: it goes to the next contact, and the third still comes."""
    ladder = under(LetterLevel(letter="first-reminder", day=2, every=7, times=2))
    days = some_days(policy=ladder)
    days.take_in(*sent("acme-1", date(2026, 11, 2), ("2026-041", 1)))
    days.take_in(*sent("acme-2", date(2026, 11, 9), ("2026-041", 1), to="old@acme.example"))
    assert days.why(date(2026, 11, 17)) == "the ladder is at its end"
    days.take_in(
        ContactFailed(
            at=at(date(2026, 11, 17)), client="acme", address="old@acme.example", reason="550", on=date(2026, 11, 17)
        )
    )
    days.run(date(2026, 11, 17), date(2026, 12, 31))

    assert days.letters() == [(date(2026, 11, 17), "first-reminder")]


def test_by_hand_a_repeating_level_is_sent_again() -> None:
    ladder = under(LetterLevel(letter="first-reminder", day=2, every=30))
    days = some_days(policy=ladder).run(date(2026, 11, 2), date(2026, 11, 2))
    asked = remind(days.case(date(2026, 11, 10)), ("2026-041",), date(2026, 11, 10), at(date(2026, 11, 10)))

    assert isinstance(asked, LetterQueued)
    assert (asked.letter, asked.on, asked.by_hand) == ("first-reminder", date(2026, 11, 10), True)


def test_the_forecast_shows_every_round() -> None:
    ladder = under(LetterLevel(letter="first-reminder", day=2, every=7))
    shown = forecast(a_ledger(an_invoice(), policy=ladder), a_history(), date(2026, 11, 1), date(2026, 11, 30))

    assert [letter.on.day for letter in shown.letters] == [2, 9, 16, 23, 30]


# -- dates and ways of payment ----------------------------------------------------------------------------------


def test_not_before_keeps_letters_back_and_skips_none() -> None:
    """The clock runs on: on the day itself the first letter goes, then the second after its rest."""
    invoice = an_invoice(not_before=date(2026, 11, 20))
    days = some_days(invoice, policy=under(*MILD))
    quiet = days.decide(date(2026, 11, 3)).quiet
    days.run(date(2026, 11, 2), date(2026, 11, 30))

    assert [tuple(q)[1:] for q in quiet] == [("not before 2026-11-20, as the invoice says", date(2026, 11, 20))]
    assert days.letters() == [(date(2026, 11, 20), "first-reminder"), (date(2026, 11, 27), "second-reminder")]


@pytest.mark.parametrize(
    ("method", "why"), [(Method.SDD, "collected by direct debit"), (Method.RIBA, "collected by bank draft")]
)
def test_what_the_bank_collects_is_not_reminded_of(method: Method, why: str) -> None:
    days = some_days(an_invoice(method=method)).run(date(2026, 10, 1), date(2026, 12, 31))

    assert days.letters() == []
    assert days.why(date(2026, 12, 31)) == why


def test_what_came_back_is_reminded_of_from_that_day_on() -> None:
    """From the first level that says overdue; the days count from the return."""
    ladder = under(LetterLevel(letter="courtesy", day=-3), LetterLevel(letter="due-today", day=0), *MILD)
    invoice = an_invoice(method=Method.SDD, returned_on=date(2026, 11, 9))
    days = some_days(invoice, policy=ladder)
    assert days.decide(date(2026, 11, 5)).quiet[0].until == date(2026, 11, 9)
    days.run(date(2026, 10, 1), date(2026, 11, 30))

    assert days.letters() == [(date(2026, 11, 11), "first-reminder"), (date(2026, 11, 18), "second-reminder")]
    assert days.sent[0].why == "first-reminder, 2 days after the direct debit came back"


def test_what_came_back_before_the_due_date_counts_from_that() -> None:
    invoice = an_invoice(method=Method.RIBA, returned_on=date(2026, 10, 20))
    ladder = under(LetterLevel(letter="due-today", day=0), *MILD)
    days = some_days(invoice, policy=ladder).run(date(2026, 10, 1), date(2026, 11, 3))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder")]


def test_a_firm_letter_does_not_list_what_the_bank_collects() -> None:
    days = some_days(
        an_invoice(), an_invoice("2026-050", method=Method.SDD), an_invoice("2026-051", manual=True),
        policy=under(LetterLevel(letter="firm-reminder", day=3)),
    ).run(date(2026, 11, 2), date(2026, 11, 2))  # fmt: skip

    assert (days.sent[0].also_open, days.sent[0].left_out) == ((), ())


@pytest.mark.parametrize("by_client", [True, False])
def test_by_hand_only_means_that_nothing_goes_by_itself(by_client: bool) -> None:
    days = some_days(an_invoice(manual=not by_client), clients=(a_client(manual=by_client),))
    days.run(date(2026, 10, 1), date(2026, 12, 31))
    asked = remind(days.case(date(2026, 11, 3)), ("2026-041",), date(2026, 11, 3), at(date(2026, 11, 3)))

    assert (days.letters(), days.calls) == ([], [])
    assert days.why(date(2026, 11, 3)) == "by hand only"
    assert isinstance(asked, LetterQueued)


def test_a_letter_asked_for_by_hand_leaves_though_the_client_is_by_hand_only() -> None:
    days = some_days(clients=(a_client(manual=True),))
    letter = remind(days.case(date(2026, 11, 3)), ("2026-041",), date(2026, 11, 3), at(date(2026, 11, 3)))
    assert isinstance(letter, LetterQueued)
    days.take_in(letter)
    days.send(date(2026, 11, 3))

    assert days.letters() == [(date(2026, 11, 3), "first-reminder")]


def test_a_letter_that_waits_for_a_go_is_withdrawn_when_its_client_is_by_hand_only_from_now_on() -> None:
    days = some_days(policy=a_policy(approve_first=True))
    days.go = False
    days.run(date(2026, 11, 2), date(2026, 11, 2))
    days.ledger = replace(days.ledger, clients={"acme": a_client(manual=True)})
    days.plan(date(2026, 11, 3))

    assert [record.withdrawn for record in days.history.of("acme").letters.values()] == [True]


def test_below_the_minimum_no_letter_goes_and_the_plan_says_when_there_is_enough() -> None:
    small, other = (an_invoice(n, total=Money(Decimal(12), "EUR"), due_on=due) for n, due in
                    (("2026-041", date(2026, 10, 30)), ("2026-050", date(2026, 11, 10))))  # fmt: skip
    dollars = an_invoice("2026-060", total=Money(Decimal(500), "USD"), due_on=date(2027, 6, 1))
    days = some_days(small, other, dollars, policy=under(*MILD, minimum=Decimal(20)))
    quiet = next(q for q in days.decide(date(2026, 11, 3)).quiet if q.ref.number == "2026-041")
    days.run(date(2026, 11, 2), date(2026, 11, 11))

    assert (quiet.why, quiet.until) == ("below the minimum for a letter", date(2026, 11, 11))
    assert days.letters() == [(date(2026, 11, 11), "first-reminder")], "12 and 12 are overdue then"


def test_what_no_letter_would_claim_does_not_count_for_the_minimum() -> None:
    """Paid, held, collected by the bank, or left to the owner's hand."""
    ten = Money(Decimal(10), "EUR")
    others = (
        an_invoice("a", total=ten, manual=True),
        an_invoice("b", total=ten, method=Method.SDD),
        an_invoice("c", total=ten, hold=StatedHold(until=None, because="asked")),
        an_invoice("d", total=ten, payments=(Payment(on=date(2026, 10, 30), amount=Decimal(10)),)),
    )
    days = some_days(an_invoice(total=ten), *others, policy=under(*MILD, minimum=Decimal(20)))

    assert days.why(date(2026, 11, 2)) == "below the minimum for a letter"


def test_invoices_apart_that_are_enough_together_each_get_their_letter() -> None:
    """The one on its way counts for the other, or both would be withdrawn."""
    books = [an_invoice(n, total=Money(Decimal(12), "EUR")) for n in ("2026-041", "2026-050")]
    days = some_days(*books, policy=under(*MILD, minimum=Decimal(20), group=Group.INVOICE))
    days.run(date(2026, 11, 2), date(2026, 11, 2))

    assert [letter for _, letter in days.letters()] == ["first-reminder", "first-reminder"]


# -- what stops the clock ---------------------------------------------------------------------------------------


def test_the_creditors_closed_range_stops_the_clock_too() -> None:
    """Nobody is there to read an answer: five shut days put the second reminder off by five days."""
    shut = BusinessCalendar("IT", (DateRange(date(2026, 11, 3), date(2026, 11, 7)),))
    days = some_days(creditor=a_creditor(calendar=shut)).run(date(2026, 10, 30), date(2026, 11, 16))

    assert days.letters() == [(date(2026, 11, 2), "first-reminder"), (date(2026, 11, 13), "second-reminder")]


def test_a_day_on_which_both_are_shut_stops_the_clock_once() -> None:
    shut = BusinessCalendar("IT", (DateRange(date(2026, 11, 3), date(2026, 11, 7)),))
    days = some_days(creditor=a_creditor(calendar=shut), clients=(a_client(calendar=shut),))
    days.run(date(2026, 10, 30), date(2026, 11, 16))

    assert days.letters()[1] == (date(2026, 11, 13), "second-reminder")


def test_by_hand_the_dates_and_the_bank_are_named_as_what_is_in_the_way() -> None:
    today = date(2026, 11, 3)
    for invoice, said in (
        (an_invoice(not_before=date(2026, 12, 1)), "2026-041: not before 2026-12-01, as the invoice says"),
        (an_invoice(method=Method.SDD), "2026-041: collected by direct debit"),
    ):
        refused = remind(some_days(invoice).case(today), ("2026-041",), today, at(today))
        assert isinstance(refused, Refusal)
        assert refused.because.startswith(said)
