"""Letters that stand in a digest some days before they leave (`announce:` of a policy), so that `stop` is in time.

They are queued ahead, for the day on which the ladder has them where a digest still comes early enough, else for the
first one on which it did.  What the owner asked for, or said go to, is announced by that; thanks and statements are no
steps of the ladder.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.history import LetterRecord
from daemon.domain.standing.case import Case

NOT_YET = "no digest has announced it in time"
_DAY = timedelta(days=1)
_START = time(tzinfo=UTC)  # the stamp of a simulated day, which begins before its digest


def leaving_day(case: Case, today: date, at: datetime) -> date:
    """The first sending day on which a letter that is queued now may leave: today where nothing is announced."""
    span = case.policy.announce
    if not span.days or case.owner is None:
        return today
    shown = span.after(_next_digest(case, today, at), case.creditor_calendar)
    return first_day(max(today, shown), case.is_sending_day)


def not_announced(case: Case, record: LetterRecord, announced: Mapping[str, date], today: date) -> str | None:
    """Why a letter must not begin to leave today; None where it was shown early enough, or need not be.

    Args:
        case: under the letter's policy.
        announced: the day of the first digest that showed a letter, by letter_id.
    """
    queued, span = record.queued, case.policy.announce
    by_owner = queued.by_hand or queued.go_given or queued.waits_for is not None
    if not span.days or by_owner or not queued.level or queued.to in record.deliveries:
        return None
    shown = announced.get(queued.letter_id)
    early_enough = shown is not None and span.after(shown, case.creditor_calendar) <= today
    return None if early_enough else NOT_YET


def covers(letter: j.LetterQueued, queued: j.LetterQueued) -> bool:
    """Whether a letter that was announced is true as it stands, though by now it would speak of more."""
    listed = {(c.number, c.instalment, c.outstanding, c.due_on) for c in (*letter.claims, *letter.also_open)}
    told = {(c.number, c.instalment, c.outstanding, c.due_on) for c in queued.also_open}
    same = (letter.to, letter.cc, letter.left_out) == (queued.to, queued.cc, queued.left_out)
    return same and set(queued.claims) <= set(letter.claims) and told <= listed


def _next_digest(case: Case, today: date, at: datetime) -> date:
    """The day of the next digest from `at` on, the creditor's."""
    assert case.owner is not None
    owner, local = case.owner, at.astimezone(case.creditor_zone)
    over = at.timetz() != _START and (local.date(), local.time()) >= (today, owner.digest_at)
    return first_day(today + _DAY if over else today, lambda day: day.weekday() in owner.digest_on)
