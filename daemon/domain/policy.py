"""Policies: the ladder of letters, calls and the hand-over, and the rules by which it is climbed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from daemon.domain.calendar import BusinessCalendar


class SendOn(StrEnum):
    BUSINESS_DAYS = "business-days"
    EVERY_DAY = "every-day"


class Group(StrEnum):
    CLIENT = "client"  # one letter for all of a client's due invoices
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Span:
    """A distance in days, either all days or business days: `7d`, `2bd`."""

    days: int
    business: bool = False

    def after(self, day: date, calendar: BusinessCalendar) -> date:
        """The day this far after `day`."""
        return calendar.after(day, self.days) if self.business and self.days else day + timedelta(days=self.days)

    def __str__(self) -> str:
        return f"{self.days}{'bd' if self.business else 'd'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterLevel:
    """A rung on which a letter is sent."""

    letter: str  # name of the letter: "first-reminder"
    day: int  # days after the due date; negative: before it
    rest_days: int | None = None  # at least this many days after the client's last letter; None: the policy's
    deadline_days: int | None = None  # the letter's own deadline, days after its date; None: it sets none
    approval: bool = False  # waits for the owner's go
    only_late_payers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CallLevel:
    """A rung on which the owner is asked to telephone."""

    reason: str
    day: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverLevel:
    """The last rung: the case leaves our hands."""

    to: str  # "legal" or "collection"
    after_deadline: int  # business days after the deadline of the last letter
    approval: bool = True


Level = LetterLevel | CallLevel | HandoverLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldTerms:
    """How long the pauses last that an answer causes."""

    review: Span = Span(7)  # until the owner is reminded of a client's answer
    dispute_review: Span = Span(14)
    owner_review: Span = Span(14)  # after the owner wrote in the thread
    promise_grace: Span = Span(2, business=True)  # after the promised day
    claims_paid: Span = Span(5, business=True)  # bank transit, then the owner is asked
    max_promise: Span = Span(15)  # the latest promised day that is accepted without the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One named ladder with its pace."""

    name: str
    levels: tuple[Level, ...]  # ascending; a level's number is its index here + 1
    send_on: SendOn = SendOn.BUSINESS_DAYS
    opens: time = time(10)  # local time of the client: first moment a letter may leave
    closes: time = time(17)  # from here on none leaves
    rest_days: int = 7
    group: Group = Group.CLIENT
    per_day: int = 50  # letters a day; the rest goes the next day
    tolerance: Decimal = Decimal("5.00")  # a smaller rest is the owner's question, never a letter
    approve_first: bool = False  # the first letter to any client waits for the owner's go
    hold: HoldTerms = field(default_factory=HoldTerms)

    def letter_rest(self, level: LetterLevel) -> int:
        """Days of rest before a letter of this level."""
        return self.rest_days if level.rest_days is None else level.rest_days


FIRST_REMINDER = "first-reminder"  # the mildest letter that says something is overdue
FIRM_LETTERS = frozenset(
    {"firm-reminder", "stop-work", "final-notice"}
)  # these cite the terms and never go to an absent reader
