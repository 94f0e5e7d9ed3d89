"""The entries of the journal: everything that happened, as past participles.

One sequence of entries a creditor.  Decisions return entries and the journal keeps them: there is no
other vocabulary.  An entry never changes its meaning; a new meaning is a new version (`v`) or a new entry.
Times are UTC; a `date` is the local day on which it counted.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

import msgspec


class Entry(
    msgspec.Struct, frozen=True, kw_only=True, tag_field="entry", tag=True, gc=False, forbid_unknown_fields=True
):
    """What every entry carries: when, and the version of its meaning.  The JSON key `entry` names the kind."""

    at: datetime  # UTC, aware
    v: Literal[1] = 1


class ClientEntry(Entry, frozen=True, kw_only=True, gc=False):
    client: str  # the client's key in the YAML


class LetterEntry(ClientEntry, frozen=True, kw_only=True, gc=False):
    letter_id: str  # "acme-3": the third letter to acme; what `settle` and the digest call it


class DeliveryEntry(LetterEntry, frozen=True, kw_only=True, gc=False):
    to: str  # the one recipient of this transaction


# -- the books ------------------------------------------------------------------------------------------------


class JournalBegun(Entry, frozen=True, kw_only=True, gc=False):
    """The very first start.  What fell due before this day waits for the owner's go (F21)."""

    on: date
    sends: bool  # `first_start: send`


class InvoiceSeen(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An invoice of the YAML, when it was first read and whenever its figures changed (F56 to F58)."""

    number: str
    total: Decimal
    owed: Decimal
    currency: str
    due_on: date
    on: date


class InvoiceVanished(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An invoice that was in the YAML is there no more: its letters stop, its history stays (F57)."""

    number: str
    on: date


class PaymentRecorded(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Money that came in.  From the YAML it is noticed once; what counts then is the YAML itself."""

    number: str
    amount: Decimal
    currency: str
    on: date
    by: Literal["yaml", "owner"]


# -- letters --------------------------------------------------------------------------------------------------


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
    claims: tuple[Claim, ...]  # one currency
    also_open: tuple[Claim, ...] = ()  # listed, not claimed in this tone
    deadline: date | None  # the letter's own, where its level sets one
    pay_by: date  # the day that the letter names: the deadline, or a softer wish
    promised_on: date | None = None  # a promise that was broken, to be mentioned
    waits_for: Wait | None = None
    by_hand: bool = False
    why: str


class LetterReleased(LetterEntry, frozen=True, kw_only=True, gc=False):
    """The owner said go."""


class LetterWithdrawn(LetterEntry, frozen=True, kw_only=True, gc=False):
    """It will not leave: no longer due, or stopped by the owner."""

    because: str


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


# -- answers --------------------------------------------------------------------------------------------------


class ReplyReceived(ClientEntry, frozen=True, kw_only=True, gc=False):
    """A person at the client wrote.  The words are kept beside the journal under the mail's digest."""

    numbers: tuple[str, ...]  # invoices it is about; () : all of the client's
    letter_id: str | None
    mail: str  # digest of the mail
    sender: str
    intent: str  # `daemon.domain.reading.Intent`, or "complaint", or "unreadable"
    on: date
    because: str = ""  # the words that decided


class OwnerWrote(ClientEntry, frozen=True, kw_only=True, gc=False):
    """The owner answered in the thread: the client's mail is answered, and a person has taken over."""

    numbers: tuple[str, ...]
    letter_id: str | None
    mail: str
    on: date


class AutoReplyReceived(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An absence, a ticket system, a receipt: noted."""

    numbers: tuple[str, ...]
    letter_id: str | None
    mail: str
    sender: str
    kind: Literal["absence", "gone", "ticket", "receipt", "delayed", "other"]
    back_on: date | None = None  # the first day back
    substitute: str | None = None  # an address that it names: shown to the owner, never used by itself
    ticket: str | None = None
    on: date


class PromiseMade(ClientEntry, frozen=True, kw_only=True, gc=False):
    numbers: tuple[str, ...]
    promised_on: date
    mail: str | None  # None: the owner told us
    on: date


class PromiseBroken(ClientEntry, frozen=True, kw_only=True, gc=False):
    numbers: tuple[str, ...]
    promised_on: date
    on: date


class DisputeRaised(ClientEntry, frozen=True, kw_only=True, gc=False):
    numbers: tuple[str, ...]
    mail: str | None
    on: date
    note: str = ""


class Because(StrEnum):
    """Why a hold was placed."""

    REPLY = "reply"  # unclear, a question, asks for a copy, an extension, cannot pay
    PROMISE = "promise"
    CLAIMS_PAID = "claims-paid"
    DISPUTE = "dispute"
    STOP = "stop"  # "stop writing"
    WRONG_CONTACT = "wrong-contact"
    COMPLAINT = "complaint"
    OWNER_WROTE = "owner-wrote"
    OWNER = "owner"  # `hold`, `stop`
    OTHER_THREAD = "other-thread"  # human mail of the client about something else, or another invoice's thread
    REFUSED = "refused"  # the letter itself was refused as a message
    VANISHED = "vanished"  # payments or holds vanished from the YAML (F53)
    CLOCK = "clock"  # the clock jumped (F62)


class HoldPlaced(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Letters wait.  Without `until` only the owner lifts it; `review_on` is when the digest asks."""

    hold_id: str  # unique within the client
    numbers: tuple[str, ...]  # () : all of the client's, those to come too
    because: Because
    on: date  # first day held
    until: date | None = None  # last day held
    review_on: date | None = None
    mail: str | None = None
    note: str = ""


class HoldLifted(ClientEntry, frozen=True, kw_only=True, gc=False):
    hold_id: str
    on: date  # first day no longer held
    by: Literal["owner", "answer", "rule"] = "owner"


class CallSuggested(ClientEntry, frozen=True, kw_only=True, gc=False):
    call_id: str  # unique within the client
    numbers: tuple[str, ...]
    reason: Literal["level", "bounce", "wrong-contact", "absent", "gave-up", "complaint"]
    because: str  # in words, for the owner: the level's reason, or the diagnostic of the bounce
    contact: str
    phone: str | None
    level: int | None = None  # of the ladder, where it is a rung
    confirmed: bool = True  # False: a bounce without our valid id proposes it (F47)
    mail: str | None = None
    on: date


class CallMade(ClientEntry, frozen=True, kw_only=True, gc=False):
    call_id: str | None  # None: a call that nobody suggested
    numbers: tuple[str, ...]
    result: str
    on: date


class HandoverSuggested(ClientEntry, frozen=True, kw_only=True, gc=False):
    """The last rung is reached; the owner decides."""

    numbers: tuple[str, ...]
    to: str  # "legal" or "collection"
    level: int
    on: date


class HandedOver(ClientEntry, frozen=True, kw_only=True, gc=False):
    numbers: tuple[str, ...]
    to: str
    on: date


class ClientForgotten(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Texts and addresses were removed on request; the figures stay (GDPR art. 17)."""

    on: date


# -- the mailbox and the digest -------------------------------------------------------------------------------


class MailRead(Entry, frozen=True, kw_only=True, gc=False):
    """One mail was looked at, and what follows from it stands in the same append.  Each digest counts once (F30, F33)."""

    folder: str
    uidvalidity: int
    uid: int
    mail: str  # digest of Message-ID, Date, From and the first 64 KiB of the body; "" : the cursor only


class MailUnmatched(Entry, frozen=True, kw_only=True, gc=False):
    """A mail that names a client or a number, or that nobody could read, and that changed nothing."""

    mail: str
    kind: str
    sender: str
    subject: str
    because: str
    clients: tuple[str, ...] = ()  # whom it may be about
    on: date


class DigestItem(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a number of the digest stands for, so that `go 3` still means it tomorrow."""

    item: int
    client: str | None
    numbers: tuple[str, ...]
    kind: Literal["letter", "hold", "call", "handover", "unmatched", "doubt", "balance"]
    ref: str  # letter_id, hold_id, call_id, or the digest of a mail


class DigestSent(Entry, frozen=True, kw_only=True, gc=False):
    on: date  # the creditor's local day: one a day (F63)
    items: tuple[DigestItem, ...]
    message_id: str
    empty: bool = False  # nothing to say and none wanted: nothing was mailed


AnyEntry = (
    JournalBegun | InvoiceSeen | InvoiceVanished | PaymentRecorded
    | LetterQueued | LetterReleased | LetterWithdrawn
    | DeliveryStarted | DeliveryAccepted | DeliveryDeferred | DeliveryRefused | DeliveryInDoubt | DeliveryGivenUp | DoubtSettled
    | ContactFailed | ReplyReceived | OwnerWrote | AutoReplyReceived | PromiseMade | PromiseBroken | DisputeRaised
    | HoldPlaced | HoldLifted | CallSuggested | CallMade | HandoverSuggested | HandedOver | ClientForgotten
    | MailRead | MailUnmatched | DigestSent
)  # fmt: skip

_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)
_encoder = msgspec.json.Encoder(decimal_format="string")


def encode(entry: AnyEntry) -> bytes:
    """One entry as one line of JSON, without the line's end."""
    return _encoder.encode(entry)


def decode(line: bytes | memoryview) -> AnyEntry:
    """The entry that `encode` wrote.  `msgspec.ValidationError` for a kind, field or version that this release does not know."""
    return _decoder.decode(line)
