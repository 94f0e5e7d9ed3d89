"""The entries of the journal: everything that happened, as past participles.

One sequence of entries a creditor.  Decisions return entries and the journal keeps them: there is no
other vocabulary.  An entry never changes its meaning; a new meaning is a new version (`v`) or a new entry.
Times are UTC; a `date` is the local day on which it counted.
"""

from __future__ import annotations

from datetime import date

import msgspec

from daemon.domain.journal.agreement_entries import PlanAgreed, PlanBroken, PlanCancelled, PlanPart, PromiseKept
from daemon.domain.journal.answer_entries import (
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
from daemon.domain.journal.bank_entries import BankRead, PaymentDismissed, PaymentPart, PaymentReversed, PaymentUnsure
from daemon.domain.journal.book_entries import HoldStated, InvoiceSeen, InvoiceVanished, JournalBegun, PaymentRecorded
from daemon.domain.journal.entry import ClientEntry, DeliveryEntry, Entry, LetterEntry
from daemon.domain.journal.letter_entries import (
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
from daemon.domain.journal.owner_entries import (
    AlertSent,
    AnswerSent,
    AskedOrder,
    DigestItem,
    DigestSent,
    OrderAnswer,
    OrdersRefused,
    OrdersTaken,
)
from daemon.domain.journal.restore_entries import LetterRecovered, StateRestored, StateTrusted
from daemon.domain.journal.sending_entries import (
    InvoiceFollowed,
    InvoiceProposed,
    ProposalSettled,
    SendingEntry,
    SendingUnclear,
)
from daemon.domain.journal.told_entries import (
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
    "InvoiceFollowed",
    "InvoiceProposed",
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
    "ProposalSettled",
    "ReplyReceived",
    "SendingEntry",
    "SendingUnclear",
    "StateRestored",
    "StateTrusted",
    "ToldEntry",
    "Wait",
    "WriteOffReversed",
    "WrittenOff",
    "decode",
    "encode",
]

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
    | InvoiceProposed
    | SendingUnclear
    | ProposalSettled
    | InvoiceFollowed
)

_decoder: msgspec.json.Decoder[AnyEntry] = msgspec.json.Decoder(AnyEntry)
_encoder = msgspec.json.Encoder(decimal_format="string")


def encode(entry: AnyEntry) -> bytes:
    """One entry as one line of JSON, without the line's end."""
    return _encoder.encode(entry)


def decode(line: bytes | memoryview) -> AnyEntry:
    """The entry that `encode` wrote.  `msgspec.ValidationError` for a kind, field or version new to us."""
    return _decoder.decode(line)
