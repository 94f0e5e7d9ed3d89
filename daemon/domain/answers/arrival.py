"""A mail that arrived, and the entries that answers are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from daemon.domain import journal as j
from daemon.domain.books.client import Contact
from daemon.domain.books.policy import Span
from daemon.domain.books.reading import Reading
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case
from daemon.domain.standing.telephone_list import whom_to_call

Noted = Literal["absence", "gone", "ticket", "receipt", "delayed", "other"]
CallReason = Literal["bounce", "wrong-contact", "absent", "gave-up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One mail, and the moment at which it is looked at."""

    reading: Reading
    today: date  # the client's local date
    at: datetime


class Placing:
    """Numbers the holds of one answer; several may be placed at once."""

    def __init__(self, case: Case, arrival: Arrival) -> None:
        self._case, self._arrival, self._ahead = case, arrival, 0

    def hold(
        self, numbers: tuple[str, ...], because: Because, *, until: date | None = None, review: Span | None = None
    ) -> j.HoldPlaced:
        hold_id = self._case.history.next_hold_id(self._ahead)
        self._ahead += 1
        today = self._arrival.today
        return j.HoldPlaced(
            at=self._arrival.at,
            client=self._case.client.key,
            hold_id=hold_id,
            numbers=numbers,
            because=because,
            on=today,
            until=until,
            review_on=review.after(today, self._case.client.calendar) if review else None,
            mail=self._arrival.reading.mail,
        )


def superseded(
    case: Case,
    arrival: Arrival,
    numbers: tuple[str, ...],
    kinds: frozenset[Because],
    *,
    ending_only: bool = False,
    told: bool = True,
) -> list[j.AnyEntry]:
    """Lift what the newer mail stands in the place of, where it covers all that the older hold covered.

    Args:
        ending_only: spare the holds that have no end of their own.
        told: whether the mail says which invoices it is about; where not, what was said of one stands.
    """
    return [
        j.HoldLifted(at=arrival.at, client=case.client.key, hold_id=hold.hold_id, on=arrival.today, by="answer")
        for hold in case.history.holds
        if hold.because in kinds
        and (not numbers or (hold.numbers and set(hold.numbers) <= set(numbers)))
        and (hold.until is not None or not ending_only)
        and (told or not hold.numbers)
    ]


def received_from(case: Case, arrival: Arrival, intent: str) -> j.ReplyReceived:
    reading = arrival.reading
    return j.ReplyReceived(
        at=arrival.at,
        client=case.client.key,
        numbers=reading.match.numbers,
        letter_id=reading.match.letter_id,
        mail=reading.mail,
        message_id=reading.message_id,
        subject=reading.subject[:200],
        sender=reading.sender,
        intent=intent,
        on=arrival.today,
        because="; ".join(reading.because),
    )


def noted(arrival: Arrival, case: Case, kind: Noted) -> j.AutoReplyReceived:
    reading = arrival.reading
    return j.AutoReplyReceived(
        at=arrival.at,
        client=case.client.key,
        numbers=reading.match.numbers,
        letter_id=reading.match.letter_id,
        mail=reading.mail,
        sender=reading.sender,
        kind=kind,
        back_on=reading.back_on,
        substitute=reading.substitute,
        ticket=reading.ticket,
        on=arrival.today,
    )


def call_for(
    case: Case,
    arrival: Arrival,
    reason: CallReason,
    because: str,
    person: Contact | None,
    *,
    confirmed: bool = True,
    ahead: int = 0,
) -> j.CallSuggested:
    """A call to suggest; `ahead` counts those that the same mail has suggested before it."""
    name, phone = whom_to_call(case, person)
    return j.CallSuggested(
        at=arrival.at,
        client=case.client.key,
        call_id=case.history.next_call_id(ahead),
        numbers=arrival.reading.match.numbers or case.open_numbers,
        reason=reason,
        because=because,
        contact=name,
        phone=phone,
        confirmed=confirmed,
        mail=arrival.reading.mail,
        on=arrival.today,
    )


def settled_by_evidence(case: Case, arrival: Arrival, letter_id: str, to: str) -> j.DoubtSettled:
    return j.DoubtSettled(
        at=arrival.at, client=case.client.key, letter_id=letter_id, to=to, outcome="sent", by="evidence"
    )


def shown(reading: Reading, today: date, at: datetime) -> j.MailUnmatched:
    match = reading.match
    return j.MailUnmatched(
        at=at,
        mail=reading.mail,
        kind=reading.kind.value,
        sender=reading.sender,
        subject=reading.subject[:200],
        because="; ".join(reading.because)[:500],
        message_id=reading.message_id,
        on=today,
        clients=tuple(dict.fromkeys(([match.client] if match.client else []) + list(match.clients))),
    )
