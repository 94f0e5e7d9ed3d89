"""A letter and what became of it; a call and how it went."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from daemon.domain import journal as j
from daemon.domain.books.invoice import ItemRef


class Status(StrEnum):
    """Of a letter, as its first recipient's delivery stands."""

    WAITING = "waiting"  # for the owner's go
    QUEUED = "queued"  # may leave; also: deferred, to be tried again
    STARTED = "started"  # being offered, or it was when the daemon died
    SENT = "sent"
    IN_DOUBT = "in-doubt"
    FAILED = "failed"  # refused, given up, or bounced
    WITHDRAWN = "withdrawn"


_COUNTS = (Status.STARTED, Status.SENT, Status.IN_DOUBT)
_LEFT = (*_COUNTS, Status.FAILED)


@dataclass(slots=True)
class Delivery:
    """One letter to one recipient."""

    last: j.DeliveryEntry  # what was recorded last about it
    on: date  # client's local day of the last attempt
    attempts: int
    first_at: datetime  # of the first attempt: the five days count from here (RFC 5321 4.5.4.1)
    message_id: str

    @property
    def status(self) -> Status:
        match self.last:
            case j.DeliveryAccepted():
                return Status.SENT
            case j.DeliveryInDoubt():
                return Status.IN_DOUBT
            case j.DeliveryDeferred():
                return Status.QUEUED
            case j.DeliveryRefused() | j.DeliveryGivenUp():
                return Status.FAILED
            case j.DoubtSettled(outcome=outcome):
                return Status.SENT if outcome == "sent" else Status.QUEUED
            case _:
                return Status.STARTED


@dataclass(slots=True)
class LetterRecord:
    """A letter and what became of it."""

    queued: j.LetterQueued
    released: bool = False
    withdrawn: bool = False
    deliveries: dict[str, Delivery] = field(default_factory=dict)  # by recipient, as in `queued`

    @property
    def status(self) -> Status:
        if self.withdrawn:
            return Status.WITHDRAWN
        first = self.deliveries.get(self.queued.to)
        if first is not None:  # asked for every letter again and again, and nearly all are accepted
            return Status.SENT if type(first.last) is j.DeliveryAccepted else first.status
        return Status.WAITING if self.queued.waits_for and not self.released else Status.QUEUED

    @property
    def pending(self) -> bool:
        """Whether it waits, or may leave."""
        if self.withdrawn:
            return False
        first = self.deliveries.get(self.queued.to)
        return first is None or (type(first.last) is not j.DeliveryAccepted and first.status is Status.QUEUED)

    @property
    def counts(self) -> bool:
        """Whether it counts as sent, for level and rest: also while it is in doubt, so that nothing is sent twice."""
        return self.status in _COUNTS

    @property
    def left(self) -> bool:
        """Whether it was offered to a server: sent, in doubt, or turned down."""
        return self.status in _LEFT

    @property
    def on(self) -> date:
        """The client's local day: of the last attempt, else the one it is meant for."""
        first = self.deliveries.get(self.queued.to)
        return first.on if first is not None else self.queued.on

    @property
    def recipients(self) -> tuple[str, ...]:
        return (self.queued.to, *self.queued.cc)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(claim.number for claim in self.queued.claims))


def drop_letter(by_item: dict[ItemRef, list[tuple[LetterRecord, int]]], letter_id: str) -> None:
    """Another letter gets its id: an old state had queued one anew before it saw what was sent (F64)."""
    for records in by_item.values():
        if any(record.queued.letter_id == letter_id for record, _ in records):
            records[:] = [known for known in records if known[0].queued.letter_id != letter_id]


def letter_number(letter_id: str) -> int:
    """The number in a letter_id: 3 of `acme-3`; 0 where it has none."""
    number = letter_id.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0


@dataclass(slots=True)
class CallRecord:
    suggested: j.CallSuggested
    results: list[j.CallMade] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return not self.results
