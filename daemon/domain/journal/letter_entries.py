"""Entries about letters and their deliveries."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec

from daemon.domain.journal.entry import ClientEntry, DeliveryEntry, LetterEntry


class Claim(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One invoice or instalment as a letter states it; the letter keeps its own figures (F56)."""

    number: str
    instalment: int | None
    level: int  # counts from 1
    due_on: date
    outstanding: Decimal
    currency: str
    paid: Decimal  # what had come in, credit notes not counted
    credited: Decimal  # open credit notes netted against it


class Wait(StrEnum):
    """Why a letter waits for the owner's go."""

    FIRST_START = "first-start"
    FIRST_LETTER = "first-letter"
    APPROVAL = "approval"
    AMOUNT = "amount"  # it claims as much as the policy's `approve_over`
    PER_DAY = "per-day"


class LetterQueued(LetterEntry, frozen=True, kw_only=True, gc=False):
    """A letter is due: this one, on this day, to these addresses, about these invoices."""

    letter: str  # name of the letter: "first-reminder"
    level: int  # the highest of its claims
    on: date  # the client's local day on which it is to leave
    to: str
    to_name: str
    cc: tuple[str, ...] = ()
    language: str
    policy: str = ""  # whose ladder it climbs, pace and window it keeps; "": the client's, in journals before 0.2
    claims: tuple[Claim, ...]  # one currency
    also_open: tuple[Claim, ...] = ()  # listed, not claimed in this tone
    deadline: date | None  # the letter's own, where its level sets one
    pay_by: date  # the day that the letter names: the deadline, or a softer wish
    promised_on: date | None = None  # a promise that was broken, to be mentioned
    not_come: tuple[str, ...] = ()  # the client says that these were paid, and the owner that nothing has come
    broken_plan: bool = False  # an instalment of a plan that was agreed after the fact was not paid
    left_out: tuple[str, ...] = ()  # overdue, but held or disputed: not part of this letter, and it says so
    waits_for: Wait | None = None
    by_hand: bool = False
    go_given: bool = False  # the owner said go to this step before; only its figures or its day are new
    why: str


class LetterReleased(LetterEntry, frozen=True, kw_only=True, gc=False):
    """The owner said go."""


class LetterWithdrawn(LetterEntry, frozen=True, kw_only=True, gc=False):
    """It will not leave: no longer due, or stopped by the owner."""

    because: str
    by: Literal["rule", "owner"] = "rule"


class DeliveryStarted(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    """Durable before MAIL is said: from here on a crash leaves the letter in doubt (F1)."""

    on: date  # the client's local day
    attempt: int  # counts from 1
    message_id: str  # with its angle brackets


class DeliveryAccepted(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    reply: str  # the server's last line after the dot; some name their own id in it


class DeliveryDeferred(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    reason: str
    code: int  # SMTP reply, 0 where there was none
    retry_at: datetime
    fault: Literal["ours", "theirs"] = "theirs"  # ours: refused login, certificate, no line (F12, F13)


class DeliveryRefused(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    fault: Literal["ours", "address", "message"]
    code: int
    reason: str


class DeliveryInDoubt(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    """Offered, and no answer: it may be in the client's inbox (RFC 1047).  Counts as sent until settled."""

    reason: str


class DeliveryGivenUp(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    """Deferred for five days (RFC 5321 4.5.4.1)."""

    reason: str


class DoubtSettled(DeliveryEntry, frozen=True, kw_only=True, gc=False):
    outcome: Literal["sent", "resend"]
    by: Literal["evidence", "owner"]


class ContactFailed(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An address that does not work: letters to it spend nothing, and the next contact is used."""

    address: str  # lower case
    reason: str
    status: str = ""  # enhanced status code, RFC 3463
    letter_id: str | None = None
    mail: str | None = None
    on: date


class ContactCleared(ClientEntry, frozen=True, kw_only=True, gc=False):
    """The owner says that an address works again."""

    address: str
    on: date
