"""One letter now, because the owner asks for it: without the ladder's clock and rest, under all the other rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.client import Channel
from daemon.domain.books.policy import THANK_YOU, LetterLevel
from daemon.domain.books.refusal import Known, Refusal
from daemon.domain.history import LetterRecord
from daemon.domain.ladder.decide import pause
from daemon.domain.ladder.draft import Due, letter_for
from daemon.domain.ladder.grouping import policy_of
from daemon.domain.ladder.ladder import Rung, after_deadline, levels_ahead
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case, contact_for
from daemon.domain.standing.plan_days import is_missed, untold
from daemon.domain.standing.steps import last_step_on, steps

_DAY = timedelta(days=1)


def remind(case: Case, numbers: tuple[str, ...], today: date, at: datetime) -> j.LetterQueued | Refusal:
    """The next letter about these invoices, today or on the next sending day; a `Refusal` names the rule in its way.

    `manual: true` and the policy's `minimum` keep only letters back that would go by themselves.
    """
    contact, back_on = contact_for(case, today)
    if case.client.channel is Channel.PORTAL:
        key = case.client.key
        return Refusal(f"{key} is reached through a portal, not by mail", Known.BY_PORTAL, key)
    if contact is None and back_on is not None:
        return Refusal(f"nobody of {case.client.key} is there until {back_on}")
    if contact is None:
        return Refusal(f"no address of {case.client.key} works: telephone")
    if back_on is not None:
        return Refusal(f"{contact.name} is away until {back_on}")
    due: list[Due] = []
    refused: list[Refusal] = []
    for item in (i for i in case.items if i.ref.number in numbers):
        found = _next_letter(case.under(item.invoice.policy), item, today)
        if isinstance(found, Due):
            due.append(found)
        else:
            refused.append(found)
    if not due:
        return refused[0] if refused else Refusal("nothing is open")
    if len({d.item.invoice.currency for d in due}) > 1:
        return Refusal("one currency a letter: name the invoices one by one")
    if len({policy_of(case, d.item).name for d in due}) > 1:
        return Refusal("one policy a letter: name the invoices one by one")
    case = case.under(due[0].item.invoice.policy)
    overdue = [d for d in due if d.item.due_on < today]
    due = overdue or due
    due = [d for d in due if d.rung.broken_plan] or due  # a letter that a plan was broken is about the plan
    over = at.astimezone(case.client.zone).time() >= case.policy.closes  # today's window; it would be lost
    taken = any(_has_the_day(record, due[0].item.invoice.currency, today) for record in case.letters())
    day = first_day(max([today + _DAY if over or taken else today, *(d.rung.on for d in due)]), case.is_sending_day)
    for d in due:
        if isinstance(d.rung.level, LetterLevel) and d.rung.level.early and day > d.item.due_on:
            return Refusal(f"{d.item.ref}: {d.rung.level.letter} could only leave on {day}, after the due date")
    return _by_hand(letter_for(case, due, contact, day, at, 0))


def _next_letter(case: Case, item: Item, today: date) -> Due | Refusal:
    """The item's next letter: today, or the day after one that left today; never while a deadline of ours runs."""
    quiet = pause(case, item, today)
    if quiet is not None:
        return Refusal(f"{item.ref}: {quiet.why}" + (f" until {quiet.until}" if quiet.until else ""))
    done = steps(case, item.ref)
    rungs = [
        (number, level)
        for number, level in levels_ahead(case, item, done)
        if isinstance(level, LetterLevel) and level.early == (today <= item.due_on)
    ]
    if not rungs:
        where = "it is not due yet" if today <= item.due_on else "the last letter of the ladder went out"
        return Refusal(f"{item.ref}: {where}")
    free = after_deadline(case, done)
    if free > today:
        deadline = max(step.deadline for step in done if step.deadline)
        return Refusal(f"{item.ref}: our last letter gives them until {deadline}; the next may go on {free}")
    number, level = rungs[0]
    day = first_day(max(today, last_step_on(case, item.ref) + _DAY), case.is_sending_day)
    missed = not level.early and is_missed(case, item, today) and untold(case, item, done)
    return Due(item, Rung(number, level, today, day, "you asked for it", broken_plan=missed))


def _has_the_day(record: LetterRecord, currency: str, today: date) -> bool:
    """Whether another letter of today stands in the way: two currencies are two letters, thanks go alone."""
    queued = record.queued
    if not (record.left or record.pending) or record.on != today:
        return False
    return queued.letter == THANK_YOU or queued.claims[0].currency == currency


def _by_hand(letter: j.LetterQueued) -> j.LetterQueued:
    """The same letter, marked; who asks for it has approved it."""
    return msgspec.structs.replace(letter, by_hand=True, waits_for=None)
