"""Policies: the ladder of letters, calls and the hand-over, and the rules by which it is climbed."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum

from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.extras_terms import NOTHING_SAID, ExtrasTerms


class SendOn(StrEnum):
    BUSINESS_DAYS = "business-days"
    EVERY_DAY = "every-day"


class Group(StrEnum):
    CLIENT = "client"  # one letter for all of a client's due invoices
    INVOICE = "invoice"


class Since(StrEnum):
    """The day from which a level's `day` counts."""

    DUE = "due"
    ISSUED = "issued"


class Window(StrEnum):
    """In whose local time the hours of `between` are meant."""

    CLIENT = "client"
    CREDITOR = "creditor"


# The catalogue of the letters that we ship.  Early ones say that nothing is late; late ones that something is.
CONFIRM_RECEIPT = "confirm-receipt"
INSTALMENT_DUE = "instalment-due"  # claims instalments only
THANK_YOU = "thank-you"  # claims nothing, and neither does the next: level 0
STATEMENT = "statement"
BROKEN_PROMISE, BROKEN_PLAN = "broken-promise", "broken-plan"  # wordings of the level's letter, see `mail.kinds`
FIRST_REMINDER = "first-reminder"  # the mildest letter that says something is overdue
STOP_WORK = "stop-work"
EARLY_LETTERS = (CONFIRM_RECEIPT, "courtesy", "due-today", INSTALMENT_DUE)
LATE_LETTERS = (FIRST_REMINDER, "second-reminder", "firm-reminder", STOP_WORK, "final-notice")
LETTERS = (*EARLY_LETTERS, *LATE_LETTERS)  # the mildest first
FIRM_LETTERS = frozenset(
    {"firm-reminder", STOP_WORK, "final-notice"}
)  # these cite the terms and never go to an absent reader
SENT_WHEN = {  # letters that no ladder calls for, and what does
    BROKEN_PROMISE: "a promise to pay was not kept",
    BROKEN_PLAN: "an instalment of a payment plan was missed",
    THANK_YOU: "a payment has come in",
    STATEMENT: "you ask for one",
}


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
    day: int  # days after `since`; negative: before it
    since: Since = Since.DUE
    every: int | None = None  # sent again after so many days, until it is paid or `times` is reached; None: once
    times: int | None = None  # with `every`: how often in all; None: without end
    rest_days: int | None = None  # at least this many days after the client's last letter; None: the policy's
    deadline_days: int | None = None  # the letter's own deadline, days after its date; None: it sets none
    approval: bool = False  # waits for the owner's go
    only_late_payers: bool = False

    @property
    def early(self) -> bool:
        """Whether the letter says that nothing is late: it lapses once the due date has passed."""
        return self.since is Since.ISSUED or self.day <= 0

    @property
    def only_instalments(self) -> bool:
        return self.letter == INSTALMENT_DUE

    def again(self, rounds: int) -> bool:
        """Whether it is sent once more to who got it `rounds` times."""
        return self.every is not None and rounds > 0 and (self.times is None or rounds < self.times)


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
class HabitTerms:
    """When late payment is a client's habit."""

    last: int = 5  # settled invoices that are looked at, the latest ones
    late: int = 5  # days late on the average of those; more is a habit


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceTerms:
    """When letters without an answer make a telephone call: so many of them, over at least so many days."""

    letters: int = 3
    days: int = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One named ladder with its pace."""

    name: str
    levels: tuple[Level, ...]  # ascending; a level's number is its index here + 1
    send_on: SendOn = SendOn.BUSINESS_DAYS
    opens: time = time(10)  # first moment a letter may leave, in the local time that `window` names
    closes: time = time(17)  # from here on none leaves
    window: Window = Window.CLIENT
    rest_days: int = 7
    group: Group = Group.CLIENT
    per_day: int = 50  # letters a day; the rest goes the next day
    tolerance: Decimal = Decimal("5.00")  # a smaller rest is the owner's question, never a letter
    minimum: Decimal = Decimal(0)  # who owes less than this overdue, in one currency, gets no letter
    approve_first: bool = False  # the first letter to any client waits for the owner's go
    approve_over: Decimal | None = None  # so do letters that claim at least so much, in whichever currency; None: none
    announce: Span = Span(0)  # a letter of the ladder leaves at least this long after the digest that showed it
    thank_you: bool = False  # a letter of thanks once what was reminded of is paid
    habit: HabitTerms = field(default_factory=HabitTerms)
    good_payers: str | None = None  # name of the policy that clients who pay in time get instead
    hold: HoldTerms = field(default_factory=HoldTerms)
    extras: ExtrasTerms = NOTHING_SAID  # interest and flat sums
    silence: SilenceTerms = field(default_factory=SilenceTerms)

    def letter_rest(self, level: LetterLevel) -> int:
        """Days of rest before a letter of this level."""
        return self.rest_days if level.rest_days is None else level.rest_days


def not_later(level: Level, wanted: Level) -> bool:
    """Whether a level comes before the wanted one, or in its place: by the tone of our letters, else by the day."""
    if isinstance(level, LetterLevel) and isinstance(wanted, LetterLevel):
        names = (level.letter, wanted.letter)
        if all(name in LETTERS for name in names):
            return LETTERS.index(names[0]) <= LETTERS.index(names[1])
    return _place(level) <= _place(wanted)


def _place(level: Level) -> tuple[int, int]:
    """Where a level stands in any ladder: those that count from the issue first, the hand-over last."""
    match level:
        case LetterLevel():
            return int(level.since is Since.DUE), level.day
        case CallLevel():
            return 1, level.day
        case HandoverLevel():
            return 2, 0
