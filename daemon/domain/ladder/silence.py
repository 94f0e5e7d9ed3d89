"""Letters into silence: several over some weeks and no sign of life, so they may be in spam (FIELD S10): telephone.

The forecast asks it, too: a day that passes lengthens a silence.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.policy import EARLY_LETTERS, CallLevel
from daemon.domain.history import LetterRecord
from daemon.domain.ladder.ladder import next_rungs
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case, contact_for
from daemon.domain.standing.telephone_list import whom_to_call


def silences(case: Case, invoices: tuple[Invoice, ...], today: date, at: datetime) -> list[j.CallSuggested]:
    """The call that a silence suggests, once: what comes next counts from it.

    Nothing where a rung of the ladder is about to suggest one: that is one call enough.

    Args:
        invoices: the client's, as the YAML states them; a payment of any of them is a sign of life.
    """
    if silent_until_call(case, invoices, today) != today:
        return []
    if any(record.on >= today and (record.counts or record.pending) for record in case.letters()):
        return []  # one thing a day
    letters = _unanswered(case, invoices, today)
    named = {number for record in letters for number in record.numbers}
    items = [item for item in case.items if not item.settled and not _left_alone(case, item, today)]
    if any(_called_soon(case, item, today) for item in items):
        return []
    numbers = tuple(dict.fromkeys(item.ref.number for item in items if item.ref.number in named))
    return [_call(case, letters, numbers, today, at)] if numbers else []


def silent_until_call(case: Case, invoices: tuple[Invoice, ...], today: date) -> date | None:
    """The first sending day from today on which the silence so far is long enough; None: there are too few letters."""
    terms = case.policy.silence
    if len(case.history.letters) < terms.letters:
        return None
    letters = _unanswered(case, invoices, today)
    if len(letters) < terms.letters:
        return None
    return first_day(max(letters[0].on + timedelta(days=terms.days), today), case.is_sending_day)


def _unanswered(case: Case, invoices: tuple[Invoice, ...], today: date) -> list[LetterRecord]:
    """The letters since the last sign of life that say something is overdue, and still is; the oldest first.

    A sign of life is a person's mail, a payment, or a call, made or suggested.  An auto-reply is none.
    """
    history = case.history
    owed = set(case.open_numbers)
    if not owed:
        return []
    signs = [reply.on for reply in history.replies]
    signs += [payment.on for payments in history.payments.values() for payment in payments]
    signs += [payment.on for invoice in invoices for payment in invoice.payments if payment.on <= today]
    signs += [call.suggested.on for call in history.calls.values()]
    signs += [made.on for call in history.calls.values() for made in call.results]
    last = max(signs, default=date.min)
    return [
        record
        for record in case.letters()
        if last < record.on < today
        and record.counts
        and record.queued.level
        and record.queued.letter not in EARLY_LETTERS
        and not case.is_dead(record.queued.to)
        and not owed.isdisjoint(record.numbers)
    ]


def _left_alone(case: Case, item: Item, today: date) -> bool:
    """Whether it is held, or leaves our hands."""
    number, history = item.ref.number, case.history
    return bool(item.invoice.held_on(today) or number in history.handovers or history.holds.on(number, today))


def _called_soon(case: Case, item: Item, today: date) -> bool:
    """Whether the ladder suggests a call by itself before long."""
    soon = today + timedelta(days=case.policy.silence.days // 2)
    rungs = next_rungs(case.under(item.invoice.policy), item, today)
    return any(isinstance(rung.level, CallLevel) and rung.on <= soon for rung in rungs)


def _call(
    case: Case, letters: list[LetterRecord], numbers: tuple[str, ...], today: date, at: datetime
) -> j.CallSuggested:
    first = letters[0].on
    name, phone = whom_to_call(case, contact_for(case, today)[0])
    return j.CallSuggested(
        at=at,
        client=case.client.key,
        call_id=case.history.next_call_id(),
        numbers=numbers,
        reason="silence",
        because=f"{len(letters)} letters since {first.day} {first:%b} and no answer: they may be in spam",
        contact=name,
        phone=phone,
        since=first,
        letters=len(letters),
        on=today,
    )
