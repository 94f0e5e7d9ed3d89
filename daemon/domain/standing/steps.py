"""What was done about one item: the letters that reached somebody, the tasks done in a portal, the calls suggested."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from daemon.domain.books.client import Channel
from daemon.domain.books.invoice import ItemRef
from daemon.domain.books.policy import CallLevel, LetterLevel, Level, Policy, not_later
from daemon.domain.history import LetterRecord
from daemon.domain.journal import CallSuggested, LetterQueued
from daemon.domain.standing.case import Case
from daemon.domain.standing.spent import Sent, leaves_behind, places

_LONG_AGO = date(1, 1, 1)
_NOTHING: frozenset[str] = frozenset()
_GONE = LetterLevel(letter="", day=0)  # only its number is known


class Step(NamedTuple):
    """A level that is spent."""

    level: int  # of this ladder, counts from 1; 0: all of its levels are firmer
    on: date  # the client's local day
    letter: str
    deadline: date | None  # the letter's own
    pay_by: date  # the day that it named
    before_plan: bool = False  # it was about the invoice as it was owed before the plan of which the item is a part
    elsewhere: LetterLevel | None = None  # the level that it was of another ladder; None: it was sent under this one


def steps(case: Case, ref: ItemRef) -> list[Step]:
    """The levels that an item has spent: by letters, but those to a dead address, and by tasks done in a portal."""
    before = case.history.before_plan.get(ref.number, _NOTHING)
    letters = case.about(ref)
    found = [
        Step(level, record.on, queued.letter, queued.deadline, queued.pay_by, queued.letter_id in before)
        for record, level in letters
        for queued in (record.queued,)
    ]
    here = ("", case.policy.name)  # old entries name no policy: it is the client's
    under = [pair for pair in letters if pair[0].queued.policy in here]
    whole = _is_as_it_was(case.policy, under, before)
    if whole and len(under) == len(letters) and case.client.channel is not Channel.PORTAL:
        return found  # as nearly always
    sent = [
        Sent(_level_then(case, record, level), level, here=whole and record.queued.policy in here)
        for record, level in letters
    ]
    if case.client.channel is Channel.PORTAL:
        for task, on in tasks_done(case):
            if _about(case, task, ref):
                level = _level_of(case, task)
                found.append(_of_task(case, task, on, level)._replace(before_plan=task.call_id in before))
                sent.append(Sent(level, task.level or 0, here=task.policy in here or level is _GONE))
    trodden = sorted(zip(found, sent, strict=True), key=lambda pair: pair[0].on)
    numbers = places(case.policy, (one for _, one in trodden))
    return [
        step._replace(level=number, elsewhere=None if one.here else one.level)
        for (step, one), number in zip(trodden, numbers, strict=True)
    ]


def is_spent(number: int, level: LetterLevel, done: list[Step]) -> bool:
    """Whether nothing of a level is to come: it was sent, or a firmer one was."""
    rounds = 0
    for step in done:
        if step.elsewhere is None:
            if step.level > number:
                return True
        elif leaves_behind(step.elsewhere, step.level, level, number):
            return True
        rounds += step.level == number and (step.elsewhere is None or step.elsewhere.letter == level.letter)
    return rounds > 0 and not level.again(rounds)


def last_step_on(case: Case, ref: ItemRef) -> date:
    """The day of the last level, letters to dead addresses and calls included; long ago where there was none."""
    if not case.history.calls and not case.history.letters:
        return _LONG_AGO
    days = [
        record.on
        for record, _ in case.history.letters_about(ref)
        if record.left and record.queued.letter_id != case.setting_aside
    ]
    days += [on for on, call in _level_calls(case, ref)]
    days += [on for task, on in tasks_done(case) if _about(case, task, ref)]
    return max(days, default=_LONG_AGO)


def levels_called(case: Case, ref: ItemRef) -> set[int]:
    """The levels of the ladder at which a call about the item was suggested, or one of another ladder in their place.

    By the reason, so many of it as there were calls, the lowest first; one for another reason stands for all that come
    no later.
    """
    found: set[int] = set()
    here = [(n, level) for n, level in enumerate(case.policy.levels, start=1) if isinstance(level, CallLevel)]
    for _, call in _level_calls(case, ref):
        number = call.level or 0
        alike = [n for n, level in here if level.reason == call.because]
        if call.policy in ("", case.policy.name) and number in (alike or [n for n, _ in here]):
            found.add(number)
            continue
        levels = case.policy_named(call.policy).levels
        then: Level | None = levels[number - 1] if 0 < number <= len(levels) else None
        if alike:
            found.update([n for n in alike if n not in found][:1])
        elif then is not None:
            found.update(n for n, level in here if not_later(level, then))
    return found


def open_task(case: Case, ref: ItemRef) -> CallSuggested | None:
    """The owner's task in the client's portal that is not done yet."""
    if case.client.channel is not Channel.PORTAL:
        return None
    tasks = (c.suggested for c in case.history.calls.values() if c.open and c.suggested.reason == "portal")
    return next((task for task in tasks if covers(task, ref)), None)


def tasks_done(case: Case) -> list[tuple[CallSuggested, date]]:
    """The tasks that the owner did in the client's portal, and when."""
    if not case.history.calls:
        return []
    return [
        (call.suggested, call.results[0].on)
        for call in case.history.calls.values()
        if call.results and call.suggested.reason == "portal"
    ]


def covers(call: CallSuggested, ref: ItemRef) -> bool:
    """Whether a call or a task is about an item."""
    return ref in call.items if call.items else ref.number in call.numbers


def _about(case: Case, call: CallSuggested, ref: ItemRef) -> bool:
    """Whether it covers the item, or the invoice as it was owed before the plan of which the item is a part."""
    before = case.history.before_plan.get(ref.number, _NOTHING)
    return ref.number in call.numbers if call.call_id in before else covers(call, ref)


def _level_calls(case: Case, ref: ItemRef) -> list[tuple[date, CallSuggested]]:
    if not case.history.calls:
        return []
    calls = (c.suggested for c in case.history.calls.values() if c.suggested.reason == "level")
    return [
        (call.on, call) for call in calls if ref.number in call.numbers and not call.tries and _about(case, call, ref)
    ]


def _stands(policy: Policy, queued: LetterQueued) -> bool:
    """Whether a letter stands in the ladder at its own level: it has not been edited since, as far as that tells."""
    levels, number = policy.levels, queued.level
    level = levels[number - 1] if 0 < number <= len(levels) else None
    return isinstance(level, LetterLevel) and level.letter == queued.letter


def _is_as_it_was(policy: Policy, sent: list[tuple[LetterRecord, int]], before: frozenset[str]) -> bool:
    """Whether the ladder can be the one under which these letters went: each stands there, none came too often."""
    came: list[tuple[int, str]] = []
    for record, level in sent:
        queued = record.queued
        if not _stands(policy, queued):
            return False
        if queued.letter_id in before:
            continue  # it counts for each part of the plan
        one = (level, queued.to)
        if one in came:
            known = policy.levels[level - 1]
            if not (isinstance(known, LetterLevel) and known.again(came.count(one))):
                return False
        came.append(one)
    return True


def _level_then(case: Case, record: LetterRecord, level: int) -> LetterLevel:
    """The level that a letter spent of an item, as its ladder had it; where that is gone, as the letters tell."""
    queued = record.queued
    ladder = case.policy_named(queued.policy)
    if (
        queued.policy in ("", ladder.name)
        and _stands(ladder, queued)
        and isinstance(known := ladder.levels[level - 1], LetterLevel)
    ):
        return known
    same = (r.queued for r in reversed(case.letters()) if r.queued.policy == queued.policy)
    name = queued.letter if level == queued.level else next((q.letter for q in same if q.level == level), queued.letter)
    return LetterLevel(letter=name, day=(record.on - min(claim.due_on for claim in queued.claims)).days)


def _level_of(case: Case, task: CallSuggested) -> LetterLevel:
    """The level of the letter that the owner put into the portal; `_GONE` where its ladder has it no more."""
    levels = case.policy_named(task.policy).levels
    level = levels[task.level - 1] if task.level and task.level <= len(levels) else None
    return level if isinstance(level, LetterLevel) else _GONE


def _of_task(case: Case, task: CallSuggested, on: date, level: LetterLevel) -> Step:
    days = level.deadline_days
    deadline = None if days is None else case.client.calendar.on_or_after(on + timedelta(days=days))
    return Step(task.level or 0, on, level.letter, deadline, deadline or on)
