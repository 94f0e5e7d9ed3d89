"""When each queued letter may leave: its day, its client's window, its next attempt.  Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from daemon.domain.books.calendar import first_day
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import Policy
from daemon.domain.history import History, LetterRecord, Status
from daemon.domain.journal import DeliveryDeferred
from daemon.domain.ladder.draft import leaves_until
from daemon.domain.standing.case import Case, case_of

_DAY = timedelta(days=1)


class Departure(NamedTuple):
    """One letter for one recipient, and the moment from which it may leave."""

    at: datetime  # UTC
    record: LetterRecord
    to: str
    expired: bool  # its day or its window has passed: it is withdrawn, and the planner decides anew


def departures(ledger: Ledger, history: History, now: datetime) -> list[Departure]:
    """Every delivery that has still to be made, those whose time has come among them; the earliest first."""
    found: list[Departure] = []
    for key, record in history.active_letters():
        status = record.status
        if status not in (Status.QUEUED, Status.SENT):
            continue
        if key in ledger.clients:
            found += _of_one(ledger, history, key, record, now)
        elif status is Status.QUEUED:
            found.append(Departure(now, record, record.queued.to, expired=True))
    return sorted(found, key=lambda departure: departure.at)


def _of_one(ledger: Ledger, history: History, key: str, record: LetterRecord, now: datetime) -> list[Departure]:
    client = ledger.clients[key]
    policy = ledger.policy_for(client, record.queued.policy)
    local = now.astimezone(client.zone)
    found = []
    for to in record.recipients:
        is_copy = to != record.queued.to
        delivery = record.deliveries.get(to)
        if delivery is not None and delivery.status is not Status.QUEUED:
            continue
        if is_copy and (record.status is Status.QUEUED or (delivery is None and record.on < local.date())):
            continue  # copies follow the letter itself, on its own day
        if delivery is None and not is_copy and _is_over(leaves_until(record.queued), policy, local):
            found.append(Departure(now, record, to, expired=True))
            continue
        earliest = datetime.combine(record.queued.on, policy.opens, client.zone)
        if delivery is not None and isinstance(delivery.last, DeliveryDeferred):
            earliest = max(earliest.astimezone(UTC), delivery.last.retry_at)
        start = max(earliest.astimezone(UTC), now).astimezone(client.zone)  # in UTC: wall clocks repeat an hour
        moment = _in_window(start, case_of(ledger, history, key, start.date()).under(policy.name))
        found.append(Departure(moment.astimezone(UTC), record, to, expired=False))
    return found


def _is_over(last: date, policy: Policy, now: datetime) -> bool:
    """Whether the window of the last day on which the letter may leave has closed."""
    return (now.date(), now.time()) >= (last, policy.closes) if now.date() == last else now.date() > last


def is_open(case: Case, now: datetime) -> bool:
    """Whether a letter of the case's policy may leave this moment: in the window of a sending day."""
    local = now.astimezone(case.client.zone)
    return case.is_sending_day(local.date()) and case.policy.opens <= local.time() < case.policy.closes


def _in_window(moment: datetime, case: Case) -> datetime:
    """The first moment from `moment` on that lies in the window of a sending day; all in the client's zone."""
    day, policy = moment.date(), case.policy
    if case.is_sending_day(day):
        if moment.time() < policy.opens:
            return datetime.combine(day, policy.opens, moment.tzinfo)
        if moment.time() < policy.closes:
            return moment
    following = first_day(day + _DAY, case.is_sending_day)
    return datetime.combine(following, policy.opens, moment.tzinfo)
