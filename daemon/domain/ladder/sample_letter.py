"""A letter of any name about a client's invoices, to be looked at: as if its day had come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.policy import FIRM_LETTERS, SENT_WHEN, STATEMENT, THANK_YOU, LetterLevel
from daemon.domain.books.refusal import Refusal
from daemon.domain.ladder.account_letter import listed_items, nothing_to_list, statement_letter
from daemon.domain.ladder.draft import Due, letter_for
from daemon.domain.ladder.ladder import Rung
from daemon.domain.ladder.thanks import thank_you_letter
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case

_PROMISED = timedelta(days=3)  # before today, in the sample of a promise that was broken


def sample_letter(
    case: Case, numbers: tuple[str, ...], level: int | None, name: str, today: date, at: datetime
) -> j.LetterQueued | Refusal:
    """The letter of a level, or of a name, about these invoices; what is held, paced or paid besides is no matter.

    Where the invoices are not overdue yet, or are so already, it bears the day on which it would be right.

    Args:
        level: counts from 1, in the invoices' own policy where they share one; None: the letter is given by its name,
            also one that no ladder calls for.
    """
    case = case.under_theirs(numbers)
    items = [item for item in case.items if item.ref.number in numbers]
    if not items:
        return Refusal("there is no invoice to write about")
    items = [item for item in items if item.invoice.currency == items[0].invoice.currency]  # one currency a letter
    if name == THANK_YOU:
        return _thanks(case, items, today, at)
    is_open = [item for item in items if not item.settled]
    if name == STATEMENT:
        currency, (is_listed, held) = items[0].invoice.currency, listed_items(case, today)
        listed = [item for item in is_listed if item.invoice.currency == currency]
        if not listed:
            return Refusal(nothing_to_list(held))
        return statement_letter(case, case.client.billing[0], listed, today, today, at)
    if not is_open:
        return Refusal(f"{', '.join(dict.fromkeys(numbers))} is paid: nothing is claimed any more")
    rung = _rung(case, level, name, today)
    if isinstance(rung, Refusal):
        return rung
    is_open, today = _when_right(case, rung, is_open, today)
    letter = letter_for(case, [Due(item, rung) for item in is_open], case.client.billing[0], today, at, 0)
    if name == "broken-promise":
        return msgspec.structs.replace(letter, promised_on=today - _PROMISED)
    return msgspec.structs.replace(letter, broken_plan=True) if name == "broken-plan" else letter


def _when_right(case: Case, rung: Rung, items: list[Item], today: date) -> tuple[list[Item], date]:
    """What the letter would claim, and when: only what is overdue where it says so, else only what is not."""
    level = rung.level
    assert isinstance(level, LetterLevel)
    right = [item for item in items if (item.due_on >= today) == level.early]
    if right:
        return right, today
    first = (max if level.early else min)(items, key=lambda item: item.due_on)
    day = first.due_on + timedelta(days=min(level.day, 0) if level.early else level.day)
    return [first], day if level.early else first_day(day, case.is_sending_day)


def _thanks(case: Case, items: list[Item], today: date, at: datetime) -> j.LetterQueued:
    claims = {
        item.ref.number: j.Claim(
            number=item.ref.number, instalment=None, level=0, due_on=item.invoice.due_on, outstanding=Decimal(0),
            currency=item.invoice.currency, paid=item.invoice.owed.amount, credited=Decimal(0),
        )
        for item in items
    }  # fmt: skip
    return thank_you_letter(case, tuple(claims.values()), case.client.billing[0], today, at, 0)


def _rung(case: Case, level: int | None, name: str, today: date) -> Rung | Refusal:
    levels = case.policy.levels
    letters = {number: it for number, it in enumerate(levels, 1) if isinstance(it, LetterLevel)}
    if level is not None:
        if level not in letters:
            kinds = ", ".join(f"{number} {it.letter}" for number, it in letters.items())
            return Refusal(f"level {level} of {case.policy.name} is no letter; its letters are {kinds}")
        return Rung(level, letters[level], today, today, "a preview")
    if name in ("broken-promise", "broken-plan"):
        wanted = [n for n, it in letters.items() if not it.early and it.letter not in FIRM_LETTERS]
    else:
        wanted = [n for n, it in letters.items() if it.letter == name]
    if not wanted:
        known = ", ".join(dict.fromkeys([*(it.letter for it in letters.values()), *SENT_WHEN]))
        return Refusal(f"{case.policy.name} has no letter {name!r}; there are {known}")
    return Rung(wanted[0], letters[wanted[0]], today, today, "a preview")
