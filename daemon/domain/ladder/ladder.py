"""Where one item stands on its ladder: the next rung, and the first day on which it may be stepped on.

These are the rules 1 to 5 of DESIGN section 6 for a single invoice or instalment; `decide` makes letters of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from daemon.domain.books.calendar import NEVER, DateRange, days_covered, first_day, last_day
from daemon.domain.books.invoice import Method
from daemon.domain.books.policy import THANK_YOU, CallLevel, Group, HandoverLevel, LetterLevel, Level, Since
from daemon.domain.history import LetterRecord, Status
from daemon.domain.journal import PromiseBroken
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case
from daemon.domain.standing.plan_days import missed_from, plan_of, untold
from daemon.domain.standing.steps import Step, is_spent, last_step_on, levels_called, steps, tasks_done

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
    broken_plan: bool = False  # a part of an agreed plan was missed, and no letter has said so


def closed_days(case: Case) -> list[DateRange]:
    """The ranges in which the client's or the creditor's office is shut: nobody pays, or nobody reads the answers."""
    return [*case.client.calendar.closed, *case.creditor_calendar.closed]


def spells_stopped(case: Case, number: str, today: date) -> list[DateRange]:
    """The days on which the ladder's clock stood still for an invoice: closed ranges and holds."""
    held = case.history.holds.spells(number, today)
    return [*case.client.calendar.closed, *case.creditor_calendar.closed, *held]


def counts_from(item: Item) -> date:
    """The day from which the ladder counts: the due date, or the later day on which a debit or draft came back."""
    returned = item.invoice.returned_on
    return item.due_on if returned is None else max(item.due_on, returned)


def clock_day(start: date, days: int, stopped: list[DateRange]) -> date:
    """The day on which the ladder's clock shows `days` after it began, stopped days not counted."""
    day = start + timedelta(days=days)
    while stopped and day < NEVER:
        later = start + timedelta(days=days + days_covered(stopped, start + _DAY, day))
        if later == day:
            break
        day = later
    return min(day, NEVER)


def next_rungs(case: Case, item: Item, today: date) -> list[Rung]:
    """The next letter of an item, behind the calls that are due before it; or the hand-over behind them.

    A call does not hold up the letter above it, but for its own day; a letter holds up everything above it.
    """
    done = steps(case, item.ref)
    called = levels_called(case, item.ref) if case.history.calls else ()
    free = last_step_on(case, item.ref) + _DAY  # never two levels of one invoice in a day
    after_plan = free if plan_of(case, item) is None else max(free, missed_from(case, item))
    found: list[Rung] = []
    for number, level in levels_ahead(case, item, done):
        match level:
            case LetterLevel():
                if level.only_late_payers and not case.late_payer:
                    continue
                rung = (_ahead if level.early else _overdue)(case, item, number, level, done, free, today)
                if rung is not None:
                    found.append(rung)
                    return found
            case CallLevel():
                if done and number not in called:
                    found.append(_call(case, item, number, level, done, after_plan, today))
            case HandoverLevel():
                if done and item.ref.number not in case.history.handovers:
                    found.append(_handover(case, number, level, done, after_plan))
    return found


def levels_ahead(case: Case, item: Item, done: list[Step]) -> Iterator[tuple[int, Level]]:
    """The levels that an item may still come to: all calls and hand-overs, the letters that are not spent yet.

    A repeating level is spent again and again, and then has no end or `times` rounds.  A letter about instalments is
    none for an invoice without any, one for who has not paid yet none where a debit came back.

    A part of a plan goes on where the whole invoice stood; before its day it gets the letter for instalments only.
    """
    whole, came_back = item.ref.instalment is None, item.invoice.returned_on is not None
    planned = plan_of(case, item) is not None
    own = [step for step in done if not step.before_plan] if planned else done
    for number, level in enumerate(case.policy.levels, start=1):
        if isinstance(level, LetterLevel):
            if is_spent(number, level, own if level.only_instalments else done):
                continue
            if (whole and level.only_instalments) or (came_back and level.early):
                continue
            if planned and level.early and not level.only_instalments:
                continue
        yield number, level


def _ahead(
    case: Case, item: Item, number: int, level: LetterLevel, done: list[Step], free: date, today: date
) -> Rung | None:
    """A level up to the due date: it ignores the rest, and lapses (None) when that date has passed.

    It rolls back to a sending day; forward where it counts from the issue, whose day must have passed.
    """
    if level.since is Since.ISSUED:
        if item.invoice.issued_on is None:
            return None
        target = wanted = item.invoice.issued_on + timedelta(days=level.day)
        why = f"{level.letter}, {_days(level.day)} after the invoice was issued"
    else:
        target = item.due_on + timedelta(days=level.day)
        wanted = min(last_day(target, case.is_sending_day), target)
        why = (
            f"{level.letter}, {_days(-level.day)} before it is due" if level.day else f"{level.letter}, on the due date"
        )
    day = first_day(max(wanted, free, _rested(case, item, 1, today)), case.is_sending_day)
    if max(day, today) > item.due_on:
        return None
    return Rung(number, level, target, day, why)


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"


def _overdue(
    case: Case, item: Item, number: int, level: LetterLevel, done: list[Step], free: date, today: date
) -> Rung:
    if plan_of(case, item) is not None and untold(case, item, done):
        missed = missed_from(case, item)
        told = any(r.queued.broken_plan and r.counts and item.ref.number in r.numbers for r in case.letters())
        rest = case.policy.letter_rest(level) if told else 1  # at once, but not one after the other
        day = first_day(max(missed, free, _rested(case, item, rest, today)), case.is_sending_day)
        why = f"{level.letter}: instalment {item.ref.instalment} of the plan, due on {item.due_on}, was not paid"
        return Rung(number, level, missed, day, why, broken_plan=True)
    broken = broken_promise(case, item)
    if broken is not None:
        fell_due = broken.on
        day = max(fell_due, free, _rested(case, item, 1, today))
        why = f"{level.letter}: the promise to pay by {broken.promised_on} was not kept"
    else:
        fell_due, why = _falls_due(case, item, number, level, done, today)
        rested = _rested(case, item, case.policy.letter_rest(level), today)
        arrives = _transit(case, item, done)
        day = max(fell_due, free, rested, after_deadline(case, done), _patience(case, item), arrives)
        if day > fell_due and day == rested:
            why += ", after the rest that the last letter gets"
        elif day > fell_due and day == arrives:
            why += ", after the days that money may be on its way"
    return Rung(number, level, fell_due, first_day(day, case.is_sending_day), why)


def _falls_due(
    case: Case, item: Item, number: int, level: LetterLevel, done: list[Step], today: date
) -> tuple[date, str]:
    """By the ladder alone: `day` after it began to count, or `every` after the last letter of a repeating level."""
    rounds = [step.on for step in done if step.level == number] if level.every is not None else []
    if level.every is not None and rounds:
        start, days = max(rounds), level.every
        why = f"{level.letter} once more, {_days(days)} after the last one"
    else:
        start, days = counts_from(item), level.day
        since = "the due date" if start == item.due_on else f"{_MONEY_BACK[item.invoice.method]} came back"
        why = f"{level.letter}, {_days(days)} after {since}"
    closed, spells = closed_days(case), case.history.holds.spells(item.ref.number, today)
    fell_due = clock_day(start, days, closed)
    if not spells:
        return fell_due, why
    resumed = clock_day(start, days, [*closed, *spells])
    held = (resumed - fell_due).days
    return resumed, f"{why}, not counting {_days(held)} on hold" if held else why


_MONEY_BACK = {Method.SDD: "the direct debit", Method.RIBA: "the bank draft", Method.TRANSFER: "the money"}


def _call(case: Case, item: Item, number: int, level: CallLevel, done: list[Step], free: date, today: date) -> Rung:
    fell_due = clock_day(counts_from(item), level.day, spells_stopped(case, item.ref.number, today))
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
    if broken is None or item.due_on >= broken.on:  # an instalment that was not due yet is not what was promised
        return None
    told = any(step.on >= broken.on for step in steps(case, item.ref))
    return None if told else broken


def after_deadline(case: Case, done: list[Step]) -> date:
    """The first day on which the deadlines that earlier letters set are over."""
    deadline = max((step.deadline for step in done if step.deadline), default=None) if done else None
    return case.client.calendar.after(deadline, AFTER_DEADLINE) if deadline else date.min


def _rested(case: Case, item: Item, days: int, today: date) -> date:
    """The first day on which a letter comes at least `days` after the client's last one, and never on its day."""
    rest, each = timedelta(days=max(days, 1)), case.policy.group is Group.INVOICE
    first = date.min
    for record in reversed(case.letters()) if case.history.letters else ():
        if record.on + rest <= first:
            continue  # it cannot move the day any more
        if record.left and record.queued.letter == THANK_YOU:
            first = max(first, record.on + _DAY)  # it causes no rest, but no other letter leaves on its day
            continue
        left = record.left
        ahead = not left and record.queued.on < today and record.status is Status.QUEUED  # announced: it leaves by then
        if not (left or ahead) or (each and item.ref.number not in record.numbers and _alone(case, record)):
            continue
        if record.queued.claims[0].currency != item.invoice.currency and record.on == today:
            continue  # two currencies are two letters on one day
        reached = (record.counts or ahead) and not case.is_dead(record.queued.to)
        first = max(first, record.on + (rest if reached else _DAY))
    for task, on in tasks_done(case):
        if not each or item.ref.number in task.numbers:
            first = max(first, on + rest)
    return first


def _alone(case: Case, record: LetterRecord) -> bool:
    """Whether a letter was sent under a policy that sends one for each invoice: others do not rest after it."""
    return case.policy_named(record.queued.policy).group is Group.INVOICE


def _transit(case: Case, item: Item, done: list[Step]) -> date:
    """Before the first reminder: the business days in which money that was sent on the last day may be on its way."""
    start = counts_from(item)
    if case.bank is None or any(step.on > start for step in done):
        return date.min
    return case.creditor_calendar.after(start, case.bank.terms.transit)


def _patience(case: Case, item: Item) -> date:
    """Five business days after money came in, while some is still missing."""
    return case.client.calendar.after(item.last_paid_on, PATIENCE) if item.last_paid_on else date.min
