"""One letter now, because the owner asks for it: without the ladder's clock and rest, under all the other rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from daemon.domain import journal as j
from daemon.domain.calendar import first_day
from daemon.domain.case import Case, contact_for
from daemon.domain.client import Channel
from daemon.domain.decide import pause
from daemon.domain.draft import Due, letter_for
from daemon.domain.ladder import Rung, left_today
from daemon.domain.policy import LetterLevel
from daemon.domain.refusal import Refusal

_DAY = timedelta(days=1)


def remind(case: Case, numbers: tuple[str, ...], today: date, at: datetime) -> j.LetterQueued | Refusal:
    """The next letter about these invoices, today or on the next sending day; a `Refusal` names the rule in its way."""
    contact, back_on = contact_for(case, today)
    if case.client.channel is Channel.PORTAL:
        return Refusal(f"{case.client.key} is reached through a portal, not by mail")
    if contact is None:
        return Refusal(f"no address of {case.client.key} works: telephone")
    if back_on is not None:
        return Refusal(f"{contact.name} is away until {back_on}")
    due: list[Due] = []
    for item in (i for i in case.items if i.ref.number in numbers):
        quiet = pause(case, item, today)
        if quiet is not None:
            return Refusal(f"{item.ref}: {quiet.why}" + (f" until {quiet.until}" if quiet.until else ""))
        top = max((level for _, level in case.about(item.ref)), default=0)
        rungs = [
            (number, level)
            for number, level in enumerate(case.policy.levels, start=1)
            if isinstance(level, LetterLevel) and number > top and (level.day <= 0) == (today <= item.due_on)
        ]
        if not rungs:
            where = "it is not due yet" if today <= item.due_on else "the last letter of the ladder went out"
            return Refusal(f"{item.ref}: {where}")
        number, level = rungs[0]
        start = today + _DAY if any(r.on >= today for r, _ in left_today(case, item)) else today
        day = first_day(start, case.is_sending_day)
        due.append(Due(item, Rung(number, level, today, day, "you asked for it")))
    if not due or len({d.item.invoice.currency for d in due}) > 1:
        return Refusal("one currency a letter: name the invoices one by one" if due else "nothing is open")
    day = max(d.rung.on for d in due)
    letter = letter_for(case, due, contact, day, at, 0)
    return _by_hand(letter)


def _by_hand(letter: j.LetterQueued) -> j.LetterQueued:
    """The same letter, marked; who asks for it has approved it."""
    return msgspec.structs.replace(letter, by_hand=True, waits_for=None)
