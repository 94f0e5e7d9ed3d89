"""What a reviewer found in the ladder once, made to happen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Instalment, Payment
from daemon.domain.books.money import Money
from daemon.domain.books.policy import LetterLevel, Since, Span
from daemon.domain.books.refusal import Refusal
from daemon.domain.ladder.account_letter import statement
from daemon.domain.ladder.by_hand import remind
from daemon.domain.ladder.decide import decide_letters
from daemon.domain.ladder.draft import go_given
from daemon.domain.ladder.forecast import forecast
from daemon.domain.ladder.quiet import Why
from daemon.domain.standing.balance import open_items
from tests.builders import a_case, a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days

MONDAY = date(2026, 11, 2)
LONG_BEFORE = MONDAY - timedelta(days=90)


def test_what_is_payable_is_all_that_is_claimed_of_instalments_of_the_total() -> None:
    """Withholding: the instalments add up to 1,220.00, and 1,020.00 is paid: nothing is open."""
    parts = tuple(Instalment(due_on=date(2026, 10, day), amount=Decimal(610)) for day in (10, 30))
    invoice = an_invoice(
        payable=Money(Decimal(1020), "EUR"),
        instalments=parts,
        payments=(Payment(on=date(2026, 10, 20), amount=Decimal(1020)),),
    )

    assert [item.outstanding for item in open_items((invoice,), {}, MONDAY)] == [0, 0]


def test_a_letter_by_hand_does_not_follow_another_one_of_the_day() -> None:
    other = an_invoice("2026-044", due_on=MONDAY - timedelta(days=20))
    days = Days(a_ledger(an_invoice(due_on=MONDAY - timedelta(days=3)), other), a_history(begun=LONG_BEFORE))
    days.day(MONDAY)
    letter = remind(days.case(MONDAY), ("2026-041",), MONDAY, at(MONDAY))

    assert [sent.on for sent in days.sent] == [MONDAY]
    assert isinstance(letter, j.LetterQueued)
    assert letter.on == MONDAY + timedelta(days=1)


def test_an_early_letter_by_hand_is_refused_where_it_could_only_leave_too_late() -> None:
    """Friday after hours, due on Saturday: on Monday it would be wrong."""
    friday = date(2026, 11, 6)
    policy = a_policy(levels=(LetterLevel(letter="due-today", day=0), LetterLevel(letter="first-reminder", day=2)))
    days = Days(a_ledger(an_invoice(due_on=date(2026, 11, 7)), policy=policy), a_history(begun=LONG_BEFORE))
    refused = remind(days.case(friday), ("2026-041",), friday, at(friday, 17))

    assert isinstance(refused, Refusal)
    assert "after the due date" in str(refused)


def test_a_go_for_one_letter_is_none_for_a_firmer_one() -> None:
    """Under another policy the same level may be the final notice."""
    days = Days(a_ledger(an_invoice()), a_history(begun=LONG_BEFORE))
    (letter,) = days.decide(MONDAY).letters
    days.take_in(
        letter,
        j.LetterReleased(at=at(MONDAY), client="acme", letter_id=letter.letter_id),
        j.LetterWithdrawn(at=at(MONDAY), client="acme", letter_id=letter.letter_id, because="changed"),
    )
    case = days.case(MONDAY)

    assert go_given(case, letter.claims, letter.letter)
    assert not go_given(case, letter.claims, "final-notice")


def test_a_receipt_is_asked_for_in_a_letter_of_its_own() -> None:
    """What is due on New Year's Eve is not asked for with what is due today."""
    policy = a_policy(
        levels=(
            LetterLevel(letter="confirm-receipt", day=3, since=Since.ISSUED),
            LetterLevel(letter="due-today", day=0),
            LetterLevel(letter="first-reminder", day=2, rest_days=1),
        )
    )
    due = an_invoice("2026-041", due_on=MONDAY, issued_on=None)
    fresh = an_invoice("2026-050", due_on=date(2026, 12, 31), issued_on=MONDAY - timedelta(days=3))
    days = Days(a_ledger(due, fresh, policy=policy), a_history(begun=LONG_BEFORE)).run(MONDAY, date(2026, 11, 6))

    assert [(letter.letter, [c.number for c in letter.claims]) for letter in days.sent] == [
        ("due-today", ["2026-041"]),
        ("confirm-receipt", ["2026-050"]),
        ("first-reminder", ["2026-041"]),
    ]


def test_no_policy_starves_another_one() -> None:
    """One ladder repeats its letter each week; the invoice under the other one still gets its letters."""
    nagging = a_policy(levels=(LetterLevel(letter="firm-reminder", day=1, every=7),))
    mild = replace(a_policy(name="mild"), levels=(LetterLevel(letter="first-reminder", day=2),))
    ledger = a_ledger(an_invoice(), an_invoice("2026-050", policy="mild"), policies={"standard": nagging, "mild": mild})
    days = Days(ledger, a_history(begun=LONG_BEFORE)).run(MONDAY, MONDAY + timedelta(days=40))

    assert "first-reminder" in {letter.letter for letter in days.sent}


def test_an_edited_plan_leaves_the_promise_about_it_standing() -> None:
    """The owner moves the last part; the client, who promised the first, is not written to before that day."""
    parts = tuple(Instalment(due_on=date(2026, 11, day), amount=Decimal(610)) for day in (10, 30))
    agreed = j.PlanAgreed(
        at=at(MONDAY), client="acme", number="2026-041", currency="EUR", paid_before=Decimal(0), on=MONDAY, by="yaml",
        parts=tuple(j.PlanPart(due_on=part.due_on, amount=part.amount) for part in parts),
        stated=tuple(j.PlanPart(due_on=part.due_on, amount=part.amount) for part in parts),
    )  # fmt: skip
    made = j.PromiseMade(
        at=at(MONDAY), client="acme", numbers=("2026-041",), promised_on=date(2026, 11, 20), mail=None, on=MONDAY
    )
    days = Days(a_ledger(an_invoice(instalments=parts)), a_history(begun=LONG_BEFORE))
    days.take_in(agreed, made, msgspec.structs.replace(agreed, at=at(MONDAY + timedelta(days=1))))

    assert days.history.of("acme").promises["2026-041"] == made


def test_what_left_today_uses_up_the_day_in_the_plan_too() -> None:
    """`per_day: 1`, and Acme's letter left this morning: Beta's is for tomorrow, in `plan` as in the daemon."""
    clients = (a_client(), a_client("beta"))
    books = a_ledger(an_invoice(), an_invoice("B-1", "beta"), clients=clients, policy=a_policy(per_day=1))
    days = Days(books, a_history(begun=LONG_BEFORE))
    (letter,) = days.decide(MONDAY).letters
    days.take_in(letter)
    days.offer("acme", days.history.of("acme").letters[letter.letter_id], MONDAY)
    shown = forecast(books, days.history, MONDAY, MONDAY + timedelta(days=1))

    assert [(letter.client, letter.on) for letter in shown.letters] == [("beta", MONDAY + timedelta(days=1))]


def test_who_was_the_only_contact_and_away_for_long_gets_the_letter_once_back() -> None:
    """Nobody else can be written to, so the ladder waits: `plan` knows until when."""
    back = date(2026, 12, 1)
    away = j.AutoReplyReceived(
        at=at(MONDAY), client="acme", numbers=(), letter_id=None, mail="m1", sender="anna@acme.example",
        kind="absence", back_on=back, on=MONDAY,
    )  # fmt: skip
    books = a_ledger(an_invoice())
    history = a_history(away)
    [first, *_] = forecast(books, history, MONDAY, back + timedelta(days=30)).letters

    assert (first.on, first.to) == (back, "anna@acme.example")
    assert Days(books, history).why(MONDAY) == "the contact is away"
    assert Days(books, history).run(MONDAY, back).letters() == [(back, "first-reminder")]


@pytest.mark.parametrize("today", [date(2026, 11, 24), date(2026, 11, 30)])
def test_nobody_is_told_that_no_address_works_while_the_only_contact_is_away_and_comes_back(today: date) -> None:
    """On neither day: a letter announced on the second would leave when they are there again."""
    back = date(2026, 12, 1)
    away = j.AutoReplyReceived(
        at=at(MONDAY), client="acme", numbers=(), letter_id=None, mail="m1", sender="anna@acme.example",
        kind="absence", back_on=back, on=MONDAY,
    )  # fmt: skip
    case = a_case(a_ledger(an_invoice(), policy=a_policy(announce=Span(2))), a_history(away), today)

    assert [(q.why, q.until) for q in decide_letters(case, today, at(today)).quiet] == [(Why.AWAY, back)]
    for refused in (remind(case, ("2026-041",), today, at(today)), statement(case, "", today, at(today))):
        assert refused == Refusal("nobody of acme is there until 2026-12-01")
