"""`preview --level` and `--letter`: the letter as it would be on a day on which it is right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Instalment, Invoice, Payment
from daemon.domain.books.policy import LetterLevel, Since
from daemon.domain.books.refusal import Refusal
from daemon.domain.ladder.account_letter import statement
from daemon.domain.ladder.sample_letter import sample_letter
from tests.builders import STANDARD_LEVELS, a_case, a_history, a_ledger, a_policy, an_invoice, at
from tests.digest_scene import a_hold

TODAY = date(2026, 11, 28)  # a Saturday
PARTS = tuple(Instalment(due_on=date(2026, month, 20), amount=Decimal(610)) for month in (11, 12))
LEVELS = (LetterLevel(letter="confirm-receipt", day=3, since=Since.ISSUED), *STANDARD_LEVELS)
SOFT = a_policy(name="soft", levels=(LetterLevel(letter="second-reminder", day=9),))


def sample(level: int, *invoices: Invoice) -> j.LetterQueued:
    ledger = a_ledger(*invoices, policies={"standard": a_policy(levels=LEVELS), "soft": SOFT})
    numbers = tuple(invoice.number for invoice in invoices)
    letter = sample_letter(a_case(ledger, a_history(), TODAY), numbers, level, "", TODAY, at(TODAY))
    assert isinstance(letter, j.LetterQueued)
    return letter


@pytest.mark.parametrize(
    ("level", "due_on", "letter", "on"),
    [
        (4, date(2026, 12, 20), "first-reminder", date(2026, 12, 22)),  # not overdue yet: two days after it will be
        (4, date(2026, 12, 18), "first-reminder", date(2026, 12, 21)),  # no letter leaves on that Sunday
        (4, TODAY, "first-reminder", date(2026, 11, 30)),
        (4, date(2026, 10, 30), "first-reminder", TODAY),
        (2, date(2026, 10, 30), "courtesy", date(2026, 10, 27)),  # overdue: three days before it was due
        (2, date(2026, 12, 20), "courtesy", TODAY),
        (1, date(2026, 10, 30), "confirm-receipt", date(2026, 10, 30)),
    ],
)
def test_a_sample_bears_a_day_on_which_what_it_says_is_true(level: int, due_on: date, letter: str, on: date) -> None:
    found = sample(level, an_invoice(due_on=due_on))

    assert (found.letter, found.on) == (letter, on)
    assert found.pay_by > found.on or found.pay_by == due_on


def test_a_letter_about_what_is_overdue_shows_no_instalment_that_is_not() -> None:
    parted = an_invoice(instalments=PARTS)
    later = replace(parted, instalments=tuple(replace(p, due_on=p.due_on + timedelta(days=30)) for p in PARTS))

    assert [claim.instalment for claim in sample(4, parted).claims] == [1]
    assert [claim.instalment for claim in sample(2, parted).claims] == [2]
    assert [claim.instalment for claim in sample(4, later).claims] == [1]


def test_the_levels_are_those_of_the_invoices_own_policy() -> None:
    assert sample(1, an_invoice(policy="soft")).letter == "second-reminder"
    assert sample(1, an_invoice(policy="soft"), an_invoice("2026-050")).letter == "confirm-receipt", "they share none"


def test_a_statement_of_what_is_held_is_refused_as_the_command_refuses_it() -> None:
    stopped = a_hold("acme", because=j.Because.OWNER, note="stopped")
    case = a_case(a_ledger(an_invoice()), a_history(stopped), TODAY)
    found = sample_letter(case, ("2026-041",), None, "statement", TODAY, at(TODAY))

    assert statement(case, "", TODAY, at(TODAY)) == Refusal("acme: all that is open is held: 2026-041")
    assert found == Refusal("all that is open is held: 2026-041")


def test_a_statement_of_nothing_is_refused() -> None:
    paid = an_invoice(payments=(Payment(on=TODAY, amount=Decimal("1220.00")),))
    case = a_case(a_ledger(paid), a_history(), TODAY)
    refused = sample_letter(case, ("2026-041",), None, "statement", TODAY, at(TODAY))

    assert refused == Refusal("nothing is open")
