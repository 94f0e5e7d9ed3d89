"""The owner on money: `missing` where it has not come, `write-off` where it is given up, and what undoes that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.client import Form
from daemon.domain.books.invoice import Payment, StatedHold
from daemon.domain.books.money import Money
from daemon.domain.books.reading import Intent
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Done
from daemon.domain.commands.errand import WAITS_FOR_YES
from daemon.domain.history import Status
from daemon.domain.journal import Because
from daemon.domain.ladder.quiet import Why
from daemon.domain.reports.digest_news import since_then
from daemon.domain.reports.digest_point import Books
from daemon.domain.reports.status import status_document
from tests.builders import a_history, a_ledger, a_policy, an_invoice, at
from tests.digest_scene import LANGUAGES, typed
from tests.ladder_days import Days
from tests.letter_cases import a_letter, write
from tests.letter_text import shown, words
from tests.plan_scene import some_days, tell
from tests.react_scene import days, hear, mail

MON, TUE, WED = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)
LATER = date(2026, 11, 12)  # after the bank's transit
_DAY = timedelta(days=1)
_ZERO = Decimal(0)


def said(answer: Done | Refusal) -> str:
    assert isinstance(answer, Done), answer
    return answer.words


def refused(answer: Done | Refusal) -> str:
    assert isinstance(answer, Refusal), answer
    return answer.because


def row(days: Days, today: date, number: str = "2026-041") -> dict[str, object]:
    rows = status_document(days.ledger, days.history, lambda _: today, None)["invoices"]
    return next(row for row in rows if row["number"] == number)


def claimed_paid() -> Days:
    """They got a reminder on Monday and say on Wednesday that it is paid."""
    found = days()
    hear(found, mail(intent=Intent.PAID))
    return found


# -- paid -------------------------------------------------------------------------------------------------------


def test_an_amount_that_the_currency_does_not_have_is_asked_about_and_not_recorded() -> None:
    """`1.220` is a thousand to one and a little more than a euro to another."""
    found = some_days()

    assert "write 1.22 or 1220" in refused(tell(found, "paid", MON, amount=Decimal("1.220")))
    assert found.history.of("acme").payments == {}


# -- missing ----------------------------------------------------------------------------------------------------


def test_money_that_has_not_come_lets_the_ladder_go_on_and_the_next_letter_says_so_once() -> None:
    found = claimed_paid()
    assert found.why(LATER).startswith(Why.HELD)
    assert "the ladder goes on" in said(tell(found, "missing", LATER))
    found.run(LATER + _DAY, LATER + timedelta(days=40))

    assert [letter.letter for letter in found.sent][:2] == ["second-reminder", "firm-reminder"]
    assert [letter.not_come for letter in found.sent][:2] == [("2026-041",), ()]


def test_missing_is_refused_where_nobody_says_that_it_is_paid() -> None:
    assert "nobody says" in refused(tell(some_days(), "missing", MON))
    found = claimed_paid()
    tell(found, "missing", LATER)
    assert "nobody says" in refused(tell(found, "missing", LATER))


def test_what_only_the_owner_said_is_not_told_to_the_client_as_their_word() -> None:
    """The owner wrote `paid`, was asked whether that was heard right, and writes `missing`."""
    found = days()
    found.take_in(
        j.HoldPlaced(
            at=at(TUE), client="acme", hold_id="acme-h1", numbers=("2026-041",), because=Because.CLAIMS_PAID, on=TUE,
            review_on=WED, note=WAITS_FOR_YES,
        )
    )  # fmt: skip
    said(tell(found, "missing", WED))
    found.run(WED, LATER + _DAY)

    assert [letter.not_come for letter in found.sent] == [()]


def test_missing_leaves_what_else_holds_the_letters_and_says_so() -> None:
    found = claimed_paid()
    tell(found, "hold", WED)
    assert said(tell(found, "missing", LATER)).endswith("still held (owner)")
    assert [hold.because for hold in found.case(LATER).history.holds] == [Because.OWNER]


def test_missing_says_that_the_yaml_holds_it_still() -> None:
    held = replace(an_invoice(), hold=StatedHold(until=None, because="talks"))
    found = some_days(held)
    tell(found, "called", MON, text="paid")
    assert said(tell(found, "missing", LATER)).endswith("still held (in the YAML)")


def test_missing_about_one_invoice_leaves_the_other_that_they_say_is_paid() -> None:
    found = some_days(an_invoice(), an_invoice("2026-042"))
    tell(found, "called", MON, "acme", text="paid")
    tell(found, "missing", LATER, "2026-042")

    history = found.case(LATER).history
    assert [hold.numbers for hold in history.holds] == [("2026-041",)]
    assert set(history.told.missing) == {"2026-042"}


@pytest.mark.parametrize("form", Form)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reminder_names_the_invoice_whose_money_has_not_come(language: str, form: Form) -> None:
    for letter in ("first-reminder", "second-reminder", "firm-reminder", "final-notice", "stop-work"):
        not_come = write(a_letter(letter, language, not_come=("2026-099",)), client={"form": form})

        assert "2026-099" in words(not_come.text)
        assert "2026-099" in shown(not_come.html)


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_money_that_has_not_come_is_told_in_the_form_in_which_they_are_addressed(language: str) -> None:
    letter = a_letter("first-reminder", language, not_come=("2026-099",))
    formal, informal = (write(letter, client={"form": form}).text.split("\n\n") for form in Form)

    assert [part for part in formal if "2026-099" in part] != [part for part in informal if "2026-099" in part]


# -- write-off --------------------------------------------------------------------------------------------------


def test_what_is_written_off_is_owed_no_more_and_never_called_paid() -> None:
    found = days()
    assert "EUR 1,220.00 written off" in said(tell(found, "write-off", TUE, text="too small"))
    found.run(TUE, TUE + timedelta(days=90))

    assert [letter.on for letter in found.sent] == []
    assert (found.calls, found.handovers) == ([], [])
    assert found.why(WED) == Why.WRITTEN_OFF
    found_row = row(found, WED)
    assert (found_row["state"], found_row["outstanding"]) == ("written-off", "0.00")
    assert found_row["written_off"] == {"on": "2026-11-03", "amount": "1220.00", "because": "too small"}
    assert found_row["quiet"] == {"why": "written off", "until": None}


def test_a_letter_that_waits_is_withdrawn_and_the_others_invoice_gets_its_own() -> None:
    found = some_days(an_invoice(), an_invoice("2026-042"))
    found.plan(MON)
    tell(found, "write-off", MON)
    found.day(MON)

    assert [record.status for record in found.case(MON).history.letters.values()] == [Status.WITHDRAWN, Status.SENT]
    assert [[claim.number for claim in letter.claims] for letter in found.sent] == [["2026-042"]]


def test_resume_takes_a_write_off_back_and_the_ladder_goes_on_where_it_stood() -> None:
    found = days()
    tell(found, "write-off", TUE)
    assert "no longer written off" in said(tell(found, "resume", LATER))
    assert row(found, LATER)["state"] == "open"
    found.run(LATER + _DAY, LATER + timedelta(days=3))

    assert [letter.letter for letter in found.sent] == ["second-reminder"]


def test_what_held_it_before_holds_it_still_when_the_write_off_is_taken_back() -> None:
    found = days()
    tell(found, "dispute", TUE, text="hours")
    tell(found, "write-off", TUE)
    assert said(tell(found, "resume", WED)).endswith("still held (dispute)")
    assert row(found, WED)["state"] == "disputed"


def test_resuming_a_whole_client_revives_nothing_that_was_given_up() -> None:
    found = days()
    tell(found, "write-off", TUE)
    tell(found, "hold", TUE, "acme")
    tell(found, "resume", WED, "acme")

    assert row(found, WED)["state"] == "written-off"


def test_money_that_comes_after_a_write_off_is_recorded_and_paid_in_full_is_paid() -> None:
    found = days()
    tell(found, "write-off", TUE)
    assert "220.00 still written off" in said(tell(found, "paid", WED, amount=Decimal("1000.00")))
    assert row(found, WED)["state"] == "written-off"
    assert "EUR 220.00 recorded" in said(tell(found, "paid", WED))
    assert row(found, WED)["state"] == "paid"
    assert found.why(WED) == Why.PAID


def test_paid_for_a_client_does_not_pay_what_was_given_up() -> None:
    found = some_days(an_invoice(), an_invoice("2026-042"))
    tell(found, "write-off", TUE)
    tell(found, "paid", TUE, "acme")

    assert set(found.case(TUE).history.payments) == {"2026-042"}


def test_money_that_is_given_up_is_not_overdue_and_is_told_once() -> None:
    from daemon.domain.reports.digest_money import owed

    found = days()
    tell(found, "write-off", TUE)
    case = found.case(WED)
    books = Books(ledger=found.ledger, history=found.history, today=WED, now=at(WED), cases={"acme": case})

    assert owed(case.items, WED) == ()
    [news] = [news for news in since_then(books, at(MON)).news if news.about == "written-off"]
    assert (news.numbers, news.money) == (("2026-041",), Money(Decimal("1220.00"), "EUR"))
    assert [n for n in since_then(books, at(WED)).news if n.about == "written-off"] == []


def test_what_is_given_up_is_no_habit_and_no_promise_kept() -> None:
    part = Payment(on=TUE, amount=Decimal("1000.00"))
    paid = an_invoice("2026-001", payments=(Payment(on=MON, amount=Decimal("1220.00")),))
    found = some_days(replace(an_invoice(), payments=(part,)), paid)
    found.take_in(j.PromiseMade(at=at(MON), client="acme", numbers=("2026-041",), promised_on=WED, mail=None, on=MON))
    before = found.case(WED).habit
    tell(found, "write-off", WED)
    found.run(WED, WED + timedelta(days=6))

    assert found.case(WED).habit == before
    assert found.case(WED).habit.settled == 1
    assert found.case(WED).history.kept == {}


@pytest.mark.parametrize(("amount", "letters"), [("1000.00", []), ("1220.00", ["thank-you"])])
def test_nobody_is_thanked_for_what_was_given_up(amount: str, letters: list[str]) -> None:
    """They paid a part of it after a reminder; who pays all of it is thanked."""
    paid = replace(an_invoice(), payments=(Payment(on=TUE, amount=Decimal(amount)),))
    found = Days(a_ledger(paid, policy=a_policy(thank_you=True)), a_history())
    found.run(MON, TUE)
    tell(found, "write-off", WED)
    found.run(WED, WED + timedelta(days=6))

    assert [letter.letter for letter in found.sent] == ["first-reminder", *letters]


def test_a_credit_note_that_names_no_invoice_is_not_spent_on_what_is_given_up() -> None:
    note = an_invoice("NC-1", credit=True, total=Money(Decimal("100.00"), "EUR"), due_on=MON, issued_on=MON)
    found = some_days(an_invoice(), an_invoice("2026-042", due_on=date(2026, 10, 31)), note)
    tell(found, "write-off", TUE)

    assert {item.ref.number: item.credited for item in found.case(TUE).items} == {
        "2026-041": _ZERO, "2026-042": Decimal("100.00"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("write-off acme", "name the invoice"),
        ("write-off NC-1", "credit note"),
        ("write-off 2026-001", "paid already"),
        ("remind 2026-041", "written off"),
        ("write-off 2026-041", "written off already"),
        ("plan-payment 2026-041", "resume 2026-041"),
    ],
)
def test_a_write_off_that_makes_no_sense_is_refused_and_what_follows_one_too(line: str, why: str) -> None:
    note = an_invoice("NC-1", credit=True, total=Money(Decimal("1.00"), "EUR"), due_on=MON, issued_on=MON)
    paid = an_invoice("2026-001", payments=(Payment(on=MON, amount=Decimal("1220.00")),))
    found = some_days(an_invoice(), paid, note)
    tell(found, "write-off", MON)
    command = typed(line)

    assert why in refused(tell(found, command.name, TUE, command.target))
