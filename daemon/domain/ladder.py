"""Where one item stands on its ladder: the next rung, and the first day on which it may be stepped on.

These are the rules 1 to 5 of DESIGN section 6 for a single invoice or instalment; `decide` makes letters of them.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from daemon.domain.balance import Item
from daemon.domain.calendar import NEVER, DateRange, days_covered, first_day, last_day
from daemon.domain.case import Case
from daemon.domain.journal import PromiseBroken
from daemon.domain.policy import CallLevel, Group, HandoverLevel, LetterLevel, Level
from daemon.domain.steps import Step, last_step_on, levels_called, steps, tasks_done

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
    while stopped and day < NEVER:
        later = due_on + timedelta(days=days + days_covered(stopped, due_on + _DAY, day))
        if later == day:
            break
        day = later
    return min(day, NEVER)


def next_rungs(case: Case, item: Item, today: date) -> list[Rung]:
    """The next letter of an item, behind the calls that are due before it; or the hand-over behind them.

    A call does not hold up the letter above it, but for its own day; a letter holds up everything above it.
    """
    done = steps(case, item.ref)
    top = max((step.level for step in done), default=0)
    called = levels_called(case, item.ref)
    free = last_step_on(case, item.ref) + _DAY  # never two levels of one invoice in a day
    found: list[Rung] = []
    for number, level in enumerate(case.policy.levels, start=1):
        match level:
            case LetterLevel():
                if number <= top or (level.only_late_payers and not case.late_payer):
                    continue
                rung = (_ahead if level.day <= 0 else _overdue)(case, item, number, level, done, free, today)
                if rung is not None:
                    found.append(rung)
                    return found
            case CallLevel():
                if done and number not in called:
                    found.append(_call(case, item, number, level, done, free, today))
            case HandoverLevel():
                if done and item.ref.number not in case.history.handovers:
                    found.append(_handover(case, number, level, done, free))
    return found


def _ahead(
    case: Case, item: Item, number: int, level: LetterLevel, done: list[Step], free: date, today: date
) -> Rung | None:
    """A level up to the due date: it rolls back, ignores the rest, and lapses (None) when that date has passed."""
    target = item.due_on + timedelta(days=level.day)
    back = last_day(target, case.is_sending_day)
    day = first_day(max(min(back, target), free, _rested(case, item, 1, today)), case.is_sending_day)
    if max(day, today) > item.due_on:
        return None
    return Rung(number, level, target, day, f"{level.letter}, {-level.day} days before it is due")


def _overdue(
    case: Case, item: Item, number: int, level: LetterLevel, done: list[Step], free: date, today: date
) -> Rung:
    broken = broken_promise(case, item)
    if broken is not None:
        fell_due = broken.on
        day = max(fell_due, free, _rested(case, item, 1, today))
        why = f"{level.letter}: the promise to pay by {broken.promised_on} was not kept"
    else:
        fell_due = clock_day(item.due_on, level.day, spells_stopped(case, item.ref.number, today))
        rested = _rested(case, item, case.policy.letter_rest(level), today)
        day = max(fell_due, free, rested, after_deadline(case, done), _patience(case, item))
        why = f"{level.letter}, {level.day} days after the due date"
        if day > fell_due and day == rested:
            why += ", after the rest that the last letter gets"
    return Rung(number, level, fell_due, first_day(day, case.is_sending_day), why)


def _call(case: Case, item: Item, number: int, level: CallLevel, done: list[Step], free: date, today: date) -> Rung:
    fell_due = clock_day(item.due_on, level.day, spells_stopped(case, item.ref.number, today))
    # Every letter names a day, its deadline or a softer wish: nobody is telephoned before it has passed.
    day = max([fell_due, free, *((step.deadline or step.pay_by) + _DAY for step in done)])
    return Rung(number, level, fell_due, first_day(day, case.is_sending_day), level.reason)


def _handover(case: Case, number: int, level: HandoverLevel, done: list[Step], free: date) -> Rung:
    last = max(done, key=lambda step: step.on)
    day = case.client.calendar.after(last.deadline or last.pay_by, level.after_deadline)
    why = f"nothing by the deadline of the last letter, {last.letter}"
    return Rung(number, level, day, first_day(max(day, free), case.is_sending_day), why)


def broken_promise(case: Case, item: Item) -> PromiseBroken | None:
    """A promise that was broken and that no letter has mentioned yet."""
    broken = case.history.broken.get(item.ref.number)
    if broken is None:
        return None
    told = any(step.on >= broken.on for step in steps(case, item.ref))
    return None if told else broken


def after_deadline(case: Case, done: list[Step]) -> date:
    """The first day on which the deadlines that earlier letters set are over."""
    deadline = max((step.deadline for step in done if step.deadline), default=None)
    return case.client.calendar.after(deadline, AFTER_DEADLINE) if deadline else date.min


def _rested(case: Case, item: Item, days: int, today: date) -> date:
    """The first day on which a letter comes at least `days` after the client's last one, and never on its day."""
    rest, each = timedelta(days=max(days, 1)), case.policy.group is Group.INVOICE
    first = date.min
    for record in case.letters():
        if not record.left or (each and item.ref.number not in record.numbers):
            continue
        if record.queued.claims[0].currency != item.invoice.currency and record.on == today:
            continue  # two currencies are two letters on one day
        reached = record.counts and not case.is_dead(record.queued.to)
        first = max(first, record.on + (rest if reached else _DAY))
    for task, on in tasks_done(case):
        if not each or item.ref.number in task.numbers:
            first = max(first, on + rest)
    return first


def _patience(case: Case, item: Item) -> date:
    """Five business days after money came in, while some is still missing."""
    return case.client.calendar.after(item.last_paid_on, PATIENCE) if item.last_paid_on else date.min
