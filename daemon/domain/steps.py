"""What was done about one item: the letters that reached somebody, the tasks done in a portal, the calls suggested."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

from daemon.domain.case import Case
from daemon.domain.client import Channel
from daemon.domain.invoice import ItemRef
from daemon.domain.journal import CallSuggested
from daemon.domain.policy import LetterLevel

_LONG_AGO = date(1, 1, 1)
_NOTHING: frozenset[str] = frozenset()


class Step(NamedTuple):
    """A level that is spent."""

    level: int  # counts from 1
    on: date  # the client's local day
    letter: str
    deadline: date | None  # the letter's own
    pay_by: date  # the day that it named
    before_plan: bool = False  # it was about the invoice as it was owed before the plan of which the item is a part


def steps(case: Case, ref: ItemRef) -> list[Step]:
    """The levels that an item has spent: by letters, but those to a dead address, and by tasks done in a portal."""
    before = case.history.before_plan.get(ref.number, _NOTHING)
    found = [
        Step(level, record.on, queued.letter, queued.deadline, queued.pay_by, queued.letter_id in before)
        for record, level in case.about(ref)
        for queued in (record.queued,)
    ]
    if case.client.channel is Channel.PORTAL:
        found += [
            _of_task(case, task, on)._replace(before_plan=task.call_id in before)
            for task, on in tasks_done(case)
            if _about(case, task, ref)
        ]
    return found


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
    """The levels of the ladder at which a call about the item was suggested."""
    calls = (call for _, call in _level_calls(case, ref))
    return {case.level_now(call.policy, call.level) for call in calls if call.level is not None}


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


def _of_task(case: Case, task: CallSuggested, on: date) -> Step:
    number = case.level_now(task.policy, task.level or 0)
    levels = case.policy.levels
    level = levels[number - 1] if 0 < number <= len(levels) else None
    if not isinstance(level, LetterLevel):
        return Step(number, on, "", None, on)
    days = level.deadline_days
    deadline = None if days is None else case.client.calendar.on_or_after(on + timedelta(days=days))
    return Step(number, on, level.letter, deadline, deadline or on)
