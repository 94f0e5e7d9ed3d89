"""The entries of the journal: everything that happened, as past participles.

One sequence of entries a creditor.  Decisions return entries and the journal keeps them: there is no
other vocabulary.  An entry never changes its meaning; a new meaning is a new version (`v`) or a new entry.
Times are UTC; a `date` is the local day on which it counted.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from daemon.domain.agreement_entries import PlanAgreed, PlanBroken, PlanCancelled, PlanPart, PromiseKept
from daemon.domain.answer_entries import (
    AutoReplyReceived,
    Because,
    CallMade,
    CallSuggested,
    ClientForgotten,
    DisputeRaised,
    DossierMade,
    HandedOver,
    HandoverSuggested,
    HoldLifted,
    HoldPlaced,
    OwnerWrote,
    PromiseBroken,
    PromiseMade,
    ReplyReceived,
)
from daemon.domain.bank_entries import BankRead, PaymentDismissed, PaymentPart, PaymentReversed, PaymentUnsure
from daemon.domain.entry import ClientEntry, DeliveryEntry, Entry, LetterEntry
from daemon.domain.letter_entries import (
    Claim,
    ContactCleared,
    ContactFailed,
    DeliveryAccepted,
    DeliveryDeferred,
    DeliveryGivenUp,
    DeliveryInDoubt,
    DeliveryRefused,
    DeliveryStarted,
    DoubtSettled,
    LetterQueued,
    LetterReleased,
    LetterWithdrawn,
    Wait,
)
from daemon.domain.owner_entries import (
    AlertSent,
    AnswerSent,
    AskedOrder,
    DigestItem,
    DigestSent,
    OrderAnswer,
    OrdersRefused,
    OrdersTaken,
)
from daemon.domain.restore_entries import LetterRecovered, StateRestored, StateTrusted
from daemon.domain.told_entries import (
    ContactStated,
    ContactTold,
    NoteTaken,
    PaymentMissing,
    ToldEntry,
    WriteOffReversed,
    WrittenOff,
)

__all__ = [
    "AlertSent",
    "AnswerSent",
    "AnyEntry",
    "AskedOrder",
    "AutoReplyReceived",
    "BankRead",
    "Because",
    "CallMade",
    "CallSuggested",
    "Claim",
    "ClientEntry",
    "ClientForgotten",
    "ContactCleared",
    "ContactFailed",
    "ContactStated",
    "ContactTold",
    "DeliveryAccepted",
    "DeliveryDeferred",
    "DeliveryEntry",
    "DeliveryGivenUp",
    "DeliveryInDoubt",
    "DeliveryRefused",
    "DeliveryStarted",
    "DigestItem",
    "DigestSent",
    "DisputeRaised",
    "DossierMade",
    "DoubtSettled",
    "Entry",
    "HandedOver",
    "HandoverSuggested",
    "HoldLifted",
    "HoldPlaced",
    "HoldStated",
    "InvoiceSeen",
    "InvoiceVanished",
    "JournalBegun",
    "LetterEntry",
    "LetterQueued",
    "LetterRecovered",
    "LetterReleased",
    "LetterWithdrawn",
    "MailDismissed",
    "MailRead",
    "MailUnmatched",
    "NoteTaken",
    "OrderAnswer",
    "OrdersRefused",
    "OrdersTaken",
    "OwnerWrote",
    "PaymentDismissed",
    "PaymentMissing",
    "PaymentPart",
    "PaymentRecorded",
    "PaymentReversed",
    "PaymentUnsure",
    "PlanAgreed",
    "PlanBroken",
    "PlanCancelled",
    "PlanPart",
    "PromiseBroken",
    "PromiseKept",
    "PromiseMade",
    "ReplyReceived",
    "StateRestored",
    "StateTrusted",
    "ToldEntry",
    "Wait",
    "WriteOffReversed",
    "WrittenOff",
    "decode",
    "encode",
]

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


class HoldStated(ClientEntry, frozen=True, kw_only=True, gc=False):
    """A hold beside an invoice in the YAML was read for the first time, changed, or is there no more (F53)."""

    number: str
    held: bool
    until: date | None  # the last day held, as the YAML says
    on: date


class PaymentRecorded(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Money that came in.  From the YAML it is noticed once; what counts then is the YAML itself.

    What the bank tells and what the YAML or the owner tells (same amount, within 7 days) is one payment (F53).
    """

    number: str
    amount: Decimal
    currency: str
    on: date
    by: Literal["yaml", "owner", "bank"]
    bank_id: str = ""  # of the bank's entry; one may pay several invoices


# -- the mailbox and the digest -------------------------------------------------------------------------------


class MailRead(Entry, frozen=True, kw_only=True, gc=False):
    """One mail was looked at; what follows from it stands in the same append.  Each digest counts once (F30, F33)."""

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
    message_id: str = ""  # as in `ReplyReceived`, which it becomes when the owner says whose it is
    on: date


class MailDismissed(Entry, frozen=True, kw_only=True, gc=False):
    """The owner has seen an unmatched mail and wants nothing of it."""

    mail: str


AnyEntry = (
    JournalBegun
    | InvoiceSeen
    | InvoiceVanished
    | HoldStated
    | PaymentRecorded
    | PaymentUnsure
    | PaymentReversed
    | PaymentDismissed
    | BankRead
    | LetterQueued
    | LetterReleased
    | LetterWithdrawn
    | DeliveryStarted
    | DeliveryAccepted
    | DeliveryDeferred
    | DeliveryRefused
    | DeliveryInDoubt
    | DeliveryGivenUp
    | DoubtSettled
    | ContactFailed
    | ContactCleared
    | ReplyReceived
    | OwnerWrote
    | AutoReplyReceived
    | PromiseMade
    | PromiseBroken
    | PromiseKept
    | PlanAgreed
    | PlanBroken
    | PlanCancelled
    | DisputeRaised
    | HoldPlaced
    | HoldLifted
    | CallSuggested
    | CallMade
    | HandoverSuggested
    | HandedOver
    | DossierMade
    | ClientForgotten
    | ContactTold
    | ContactStated
    | NoteTaken
    | PaymentMissing
    | WrittenOff
    | WriteOffReversed
    | MailRead
    | MailUnmatched
    | MailDismissed
    | DigestSent
    | AlertSent
    | OrdersTaken
    | OrdersRefused
    | AnswerSent
    | StateRestored
    | LetterRecovered
    | StateTrusted
)

_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)
_encoder = msgspec.json.Encoder(decimal_format="string")


def encode(entry: AnyEntry) -> bytes:
    """One entry as one line of JSON, without the line's end."""
    return _encoder.encode(entry)


def decode(line: bytes | memoryview) -> AnyEntry:
    """The entry that `encode` wrote.  `msgspec.ValidationError` for a kind, field or version new to us."""
    return _decoder.decode(line)
