"""Entries about what clients answer, and what the owner and the rules make of it: holds, promises, calls."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from daemon.domain.books.invoice import ItemRef
from daemon.domain.journal.entry import ClientEntry


class ReplyReceived(ClientEntry, frozen=True, kw_only=True, gc=False):
    """A person at the client wrote.  The words are kept beside the journal under the mail's digest."""

    numbers: tuple[str, ...]  # invoices it is about; () : all of the client's
    letter_id: str | None
    mail: str  # digest of the mail
    message_id: str = ""  # of the client's mail: our next letter continues it
    subject: str = ""
    sender: str
    intent: str  # `daemon.domain.books.reading.Intent`, or "complaint", or "unreadable"
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
    address: str = ""  # of a delay: whom the letter did not reach yet, lower case
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
    BANK = "bank"  # money came that may be for it; its note is the bank's id


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
    reason: Literal[
        "level", "portal", "bounce", "wrong-contact", "absent", "gave-up", "complaint", "silence", "wrong-number"
    ]  # gave-up: mail to the address does not get through, and nobody says that it is dead
    because: str  # in words, for the owner: the level's reason, or the diagnostic of the bounce
    contact: str
    phone: str | None
    level: int | None = None  # of the ladder, where it is a rung
    policy: str = ""  # whose ladder; "": the client's, in journals before 0.2
    items: tuple[ItemRef, ...] = ()  # the instalments that it is about; () : the invoices as a whole
    confirmed: bool = True  # False: a bounce without our valid id proposes it (F47)
    mail: str | None = None
    on: date  # the first day on which it is to be made
    tries: int = 0  # calls for the same reason that reached nobody
    said: str = ""  # by their mail server, of a letter that did not get through
    since: date | None = None  # of a silence: the day of the first letter without an answer
    letters: int = 0  # of a silence: how many


class CallMade(ClientEntry, frozen=True, kw_only=True, gc=False):
    call_id: str | None  # None: a call that nobody suggested
    numbers: tuple[str, ...]
    result: str  # in the owner's words
    outcome: str = ""  # `daemon.domain.commands.call_result.Outcome`; "": a task was done or put away, or before 0.2
    phone: str | None = None  # the number that was called, as written
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


class DossierMade(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Everything about what was handed over lies ready in one file."""

    numbers: tuple[str, ...]
    file: str  # absolute path, on the machine of the daemon
    missing: int = 0  # pieces that it should have and has not; its manifest names them
    on: date


class ClientForgotten(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Texts and addresses were removed on request; the figures stay (GDPR art. 17)."""

    on: date
