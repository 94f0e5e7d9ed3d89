"""Where one item stands on its ladder: the next rung, and the first day on which it may be stepped on.

These are the rules 1 to 5 of DESIGN section 6 for a single invoice or instalment; `decide` makes letters of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from daemon.domain.balance import Item
from daemon.domain.calendar import DateRange, days_covered, first_day, last_day
from daemon.domain.case import Case
from daemon.domain.history import LetterRecord, Status
from daemon.domain.journal import PromiseBroken
from daemon.domain.policy import CallLevel, Group, HandoverLevel, LetterLevel, Level

_DAY = timedelta(days=1)
AFTER_DEADLINE = 2  # business days of the client between a letter's own deadline and the next letter
PATIENCE = 5  # business days of the client after a part payment


class Rung(NamedTuple):
    """The next level of one item and when it is due."""

    number: int  # counts from 1, the place in the policy
    level: Level
    fell_due: date  # by the ladder alone: the due date plus its day, sending days not considered
    on: date  # the first sending day that all the rules allow
    why: str


def spells_stopped(case: Case, number: str, today: date) -> list[DateRange]:
    """The days on which the ladder's clock stood still for an invoice: closed ranges and holds."""
    return [*case.client.calendar.closed, *case.history.spells_held(number, today)]


def clock_day(due_on: date, days: int, stopped: list[DateRange]) -> date:
    """The day on which the ladder's clock shows `days` after the due date, stopped days not counted."""
    day = due_on + timedelta(days=days)
    if not stopped:
        return day
    while (day - due_on).days - days_covered(stopped, due_on + _DAY, day) < days:
        day += _DAY
    return day


def next_rungs(case: Case, item: Item, today: date) -> list[Rung]:
    """The next letter of an item, behind the calls that are due before it; or the hand-over behind them.

    A call does not hold up the letter above it; a letter holds up everything above it.
    """
    sent = case.about(item.ref)
    top = max((level for _, level in sent), default=0)
    called = {c.suggested.level for c in case.history.calls.values() if item.ref.number in c.suggested.numbers}
    found: list[Rung] = []
    for number, level in enumerate(case.policy.levels, start=1):
        match level:
            case LetterLevel():
                if number <= top or _lapsed(case, item, level, today):
                    continue
                found.append(_letter_rung(case, item, number, level, sent, today))
                return found
            case CallLevel():
                if number > top and number not in called and sent:
                    found.append(_call_rung(case, item, number, level, sent, today))
            case HandoverLevel():
                if sent and item.ref.number not in case.history.handovers:
                    found.append(_handover_rung(case, number, level, sent))
    return found


def _lapsed(case: Case, item: Item, level: LetterLevel, today: date) -> bool:
    """Levels for others, and levels up to the due date once it has passed."""
    return (level.only_late_payers and not case.late_payer) or (level.day <= 0 and today > item.due_on)


def _letter_rung(
    case: Case, item: Item, number: int, level: LetterLevel, sent: list[tuple[LetterRecord, int]], today: date
) -> Rung:
    if level.day <= 0:
        target = item.due_on + timedelta(days=level.day)
        back = last_day(target, case.is_sending_day)
        day = first_day(max(back, _day_after_any(sent, back)), case.is_sending_day)
        return Rung(number, level, target, day, f"{level.letter}, {-level.day} days before it is due")
    broken = broken_promise(case, item)
    if broken is not None:
        fell_due = broken.on
        day = max(fell_due, _day_after_any(left_today(case, item), fell_due))
        why = f"{level.letter}: the promise to pay by {broken.promised_on} was not kept"
    else:
        fell_due = clock_day(item.due_on, level.day, spells_stopped(case, item.ref.number, today))
        day = max(fell_due, _rested(case, item, level, today), _after_deadline(case, sent), _patience(case, item))
        why = f"{level.letter}, {level.day} days after the due date"
        if day > fell_due:
            why += ", after the rest that the last letter gets"
    return Rung(number, level, fell_due, first_day(day, case.is_sending_day), why)


def _call_rung(
    case: Case, item: Item, number: int, level: CallLevel, sent: list[tuple[LetterRecord, int]], today: date
) -> Rung:
    fell_due = clock_day(item.due_on, level.day, spells_stopped(case, item.ref.number, today))
    deadlines = [record.queued.deadline for record, _ in sent if record.queued.deadline]
    day = max([fell_due, *(deadline + _DAY for deadline in deadlines)])
    return Rung(number, level, fell_due, first_day(day, case.is_sending_day), level.reason)


def _handover_rung(case: Case, number: int, level: HandoverLevel, sent: list[tuple[LetterRecord, int]]) -> Rung:
    last = max((record for record, _ in sent), key=lambda record: record.on)
    day = case.client.calendar.after(last.queued.deadline or last.queued.pay_by, level.after_deadline)
    why = f"nothing by the deadline of the last letter, {last.queued.letter}"
    return Rung(number, level, day, first_day(day, case.is_sending_day), why)


def broken_promise(case: Case, item: Item) -> PromiseBroken | None:
    """A promise that was broken and that no letter has mentioned yet."""
    broken = case.history.broken.get(item.ref.number)
    if broken is None:
        return None
    told = any(record.on >= broken.on for record, _ in case.about(item.ref))
    return None if told else broken


def left_today(case: Case, item: Item) -> list[tuple[LetterRecord, int]]:
    """Letters to the client that left, dead addresses included: on their day nothing more goes out about the item."""
    return [
        (record, level)
        for record, level in case.history.letters_about(item.ref)
        if record.queued.letter_id != case.setting_aside and (record.counts or record.status is Status.FAILED)
    ]


def _day_after_any(letters: list[tuple[LetterRecord, int]], earliest: date) -> date:
    """Never two levels of one invoice in a day."""
    return max((record.on + _DAY for record, _ in letters), default=earliest)


def _rested(case: Case, item: Item, level: LetterLevel, today: date) -> date:
    """The first day after the rest that the client's last letter gets."""
    rest = timedelta(days=case.policy.letter_rest(level))
    first = date.min
    for record in case.letters():
        if case.policy.group is Group.INVOICE and item.ref.number not in record.numbers:
            continue
        if record.queued.claims[0].currency != item.invoice.currency and record.on == today:
            continue  # two currencies are two letters on one day
        if record.counts and not case.is_dead(record.queued.to):
            first = max(first, record.on + rest)
        elif record.counts or record.status is Status.FAILED:
            first = max(first, record.on + _DAY)
    return max(first, _day_after_any(left_today(case, item), first))


def _after_deadline(case: Case, sent: list[tuple[LetterRecord, int]]) -> date:
    deadline = max((r.queued.deadline for r, _ in sent if r.queued.deadline), default=None)
    return case.client.calendar.after(deadline, AFTER_DEADLINE) if deadline else date.min


def _patience(case: Case, item: Item) -> date:
    """Five business days after money came in, while some is still missing."""
    return case.client.calendar.after(item.last_paid_on, PATIENCE) if item.last_paid_on else date.min
