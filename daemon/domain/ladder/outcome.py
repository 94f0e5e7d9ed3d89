"""What follows from the relay's answer: when to try again, whose fault it is, whom to telephone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import assert_never

from daemon.domain import journal as j
from daemon.domain.books.client import Contact, Role
from daemon.domain.books.delivery import Accepted, Deferred, Fault, InDoubt, Refused, Stale, Submission
from daemon.domain.history import Delivery, LetterRecord
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case
from daemon.domain.standing.open_calls import one_call
from daemon.domain.standing.telephone_list import whom_to_call

FIRST_RETRY = timedelta(minutes=30)  # RFC 5321 4.5.4.1: at least
LONGEST_RETRY = timedelta(hours=4)
GIVE_UP = timedelta(days=5)  # RFC 5321 4.5.4.1: four to five days
OUR_RETRY = timedelta(minutes=5)  # the line or the log-in failed: nothing was asked of the recipient
STALE_AT_ONCE = 3  # attempts of a letter
OUR_LONG_RETRY = timedelta(hours=1)  # a setting of ours has to be changed (F13)


def outcome(
    case: Case, record: LetterRecord, to: str, answer: Submission, today: date, at: datetime
) -> tuple[j.AnyEntry, ...]:
    """The facts to record when an attempt to deliver `record` to `to` ended in `answer`."""
    key, letter_id, delivery = case.client.key, record.queued.letter_id, record.deliveries[to]
    match answer:
        case Accepted(reply):
            return (j.DeliveryAccepted(at=at, client=key, letter_id=letter_id, to=to, reply=reply),)
        case InDoubt(reason):
            return (j.DeliveryInDoubt(at=at, client=key, letter_id=letter_id, to=to, reason=reason),)
        case Stale():  # at once with a fresh read; not again and again where MAIL and RCPT take longer than it lasts
            pause = OUR_RETRY if delivery.attempts >= STALE_AT_ONCE else timedelta(0)
            return (_deferred(record, to, at, "the mailbox was read too long ago", 0, at + pause, ours=True),)
        case Deferred(reason, code, ours):
            if ours:
                return (_deferred(record, to, at, reason, code, at + OUR_RETRY, ours=True),)
            if at - delivery.first_at >= GIVE_UP:
                return _given_up(case, record, to, reason, today, at)
            return (_deferred(record, to, at, reason, code, at + retry_after(delivery)),)
        case Refused(Fault.OURS, reason, code):
            return (_deferred(record, to, at, reason, code, at + OUR_LONG_RETRY, ours=True),)
        case Refused(fault, reason, code):
            refused = j.DeliveryRefused(
                at=at, client=key, letter_id=letter_id, to=to, fault=fault.value, code=code, reason=reason
            )
            if fault is Fault.ADDRESS:
                return (refused, *_address_failed(case, record, to, reason, today, at))
            return (refused, _refused_hold(case, record, today, at, reason))
    assert_never(answer)


def retry_after(delivery: Delivery) -> timedelta:
    """Half an hour, then twice as long each time, up to four hours."""
    return min(FIRST_RETRY * (1 << min(delivery.attempts - 1, 8)), LONGEST_RETRY)


def _deferred(
    record: LetterRecord, to: str, at: datetime, reason: str, code: int, retry_at: datetime, *, ours: bool = False
) -> j.DeliveryDeferred:
    queued = record.queued
    return j.DeliveryDeferred(
        at=at,
        client=queued.client,
        letter_id=queued.letter_id,
        to=to,
        reason=reason,
        code=code,
        retry_at=retry_at,
        fault="ours" if ours else "theirs",
    )


def _given_up(
    case: Case, record: LetterRecord, to: str, reason: str, today: date, at: datetime
) -> tuple[j.AnyEntry, ...]:
    """Five days of "later": the ladder waits for the owner, who had better telephone."""
    gone = j.DeliveryGivenUp(at=at, client=case.client.key, letter_id=record.queued.letter_id, to=to, reason=reason)
    if to != record.queued.to:
        return (gone,)
    because = f"the mail server of {to} has put us off for five days"
    return (
        gone,
        _refused_hold(case, record, today, at, because),
        call_about(case, record, _person(case, to), "gave-up", because, today, at),
    )


def _address_failed(
    case: Case, record: LetterRecord, to: str, reason: str, today: date, at: datetime
) -> tuple[j.AnyEntry, ...]:
    failed = j.ContactFailed(
        at=at,
        client=case.client.key,
        address=to.lower(),
        reason=reason,
        letter_id=record.queued.letter_id,
        on=today,
    )
    person = _person(case, to)
    if person is None or person.role is not Role.BILLING:
        return (failed,)
    call = call_about(case, record, person, "bounce", f"mail to {to} is refused: {reason}", today, at)
    return (failed, one_call(case, call))


def _refused_hold(case: Case, record: LetterRecord, today: date, at: datetime, note: str) -> j.HoldPlaced:
    return j.HoldPlaced(
        at=at,
        client=case.client.key,
        hold_id=case.history.next_hold_id(),
        numbers=record.numbers,
        because=Because.REFUSED,
        on=today,
        review_on=today,
        note=note,
    )


def call_about(
    case: Case,
    record: LetterRecord,
    person: Contact | None,
    reason: str,
    because: str,
    today: date,
    at: datetime,
) -> j.CallSuggested:
    name, phone = whom_to_call(case, person)
    return j.CallSuggested(
        at=at,
        client=case.client.key,
        call_id=case.history.next_call_id(),
        numbers=record.numbers,
        reason="gave-up" if reason == "gave-up" else "bounce",
        because=because,
        contact=name,
        phone=phone,
        on=today,
    )


def _person(case: Case, address: str) -> Contact | None:
    return next((c for c in case.client.contacts if c.email.lower() == address.lower()), None)
