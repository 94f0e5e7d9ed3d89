"""What we made of one mail: the words between the reader of mail and the rules.

`daemon.mail` produces a `Reading` from bytes; `daemon.domain.answers.react` says what follows from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    REPLY = "reply"  # a person wrote
    AUTO_REPLY = "auto-reply"
    BOUNCE = "bounce"  # at least one recipient failed for good
    DELAYED = "delayed"  # still being tried
    COMPLAINT = "complaint"  # ARF, RFC 5965
    RECEIPT = "receipt"  # MDN, RFC 8098, or a delivered-report
    OWN = "own"  # our own mail came back
    UNRELATED = "unrelated"
    UNREADABLE = "unreadable"


class Intent(StrEnum):
    PROMISE = "promise"
    PAID = "paid"
    DISPUTE = "dispute"
    QUESTION = "question"
    COPY = "copy"
    WRONG_CONTACT = "wrong-contact"
    EXTENSION = "extension"
    CANNOT_PAY = "cannot-pay"
    STOP = "stop"
    UNCLEAR = "unclear"


class Meaning(StrEnum):
    """What a delivery report means for the address; 5.x is not the same as dead."""

    DEAD = "dead"  # the address does not exist any more
    REFUSED = "refused"  # this message was refused: policy, spam, size, block
    GAVE_UP = "gave-up"  # after retries
    RETRYING = "retrying"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientReport:
    """One recipient of a delivery status notification (RFC 3464 section 2.3)."""

    address: str  # Final-Recipient, lower case
    original: str | None = None  # Original-Recipient, where it differs
    action: str  # failed, delayed, delivered, relayed, expanded
    status: str = ""  # enhanced status, RFC 3463: "5.1.1"
    code: int = 0  # SMTP reply code, 0 where none was named
    diagnostic: str = ""
    meaning: Meaning

    @property
    def permanent(self) -> bool:
        """Whether this recipient failed for good: no further attempt will be made for this message."""
        return self.meaning in (Meaning.DEAD, Meaning.REFUSED, Meaning.GAVE_UP)


class Evidence(StrEnum):
    """By what a mail was tied to a letter or a client, strongest first."""

    TOKEN = "token"  # our unguessable id: plus address, our Message-ID as the mail or its embedded original names it  # noqa: S105
    THREAD = "thread"  # a Message-ID of the conversation that is not a secret of ours
    NUMBER = "number"  # an invoice number in subject or text, from somebody at the client
    QUOTE = "quote"  # an invoice number only in the mail that it quotes, from somebody at the client
    SENDER = "sender"  # a known contact
    RECIPIENT = "recipient"  # the owner's mail goes to a known contact, and to us
    DOMAIN = "domain"  # the client's own domain
    NONE = "none"

    @property
    def weight(self) -> int:
        """How sure it makes us, from 0 to 100: only a token is proof, a number is somebody's word, the rest a guess."""
        return _WEIGHTS[self]


_WEIGHTS = {
    Evidence.TOKEN: 100,
    Evidence.THREAD: 80,
    Evidence.NUMBER: 60,
    Evidence.QUOTE: 50,
    Evidence.SENDER: 30,
    Evidence.RECIPIENT: 25,
    Evidence.DOMAIN: 20,
    Evidence.NONE: 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Whom and what a mail is about."""

    client: str | None = None
    letter_id: str | None = None
    numbers: tuple[str, ...] = ()  # invoices of that client, or of several; () with a client: cannot be told
    evidence: Evidence = Evidence.NONE
    known_sender: bool = False  # the From address is a contact of `client`
    clients: tuple[str, ...] = ()  # all clients it may be about, where it is not one
    because: tuple[str, ...] = ()

    @property
    def ours(self) -> bool:
        """Whether an id that only we could have made ties it to a letter (FIELD 5: a DSN counts only then)."""
        return self.evidence is Evidence.TOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One mail as the rules see it.  Nothing in it is trusted beyond what `match.evidence` says."""

    mail: str  # digest: the same mail has the same, wherever it lies
    kind: Kind
    match: Match
    sender: str = ""  # From, lower case
    subject: str = ""
    message_id: str = ""  # with angle brackets, or ""
    sent_at: datetime | None = None  # the Date header, aware
    came_with: tuple[str, ...] = ()  # hashes of tokens that let the owner order by mail, as far as it carries any
    by_owner: bool = False  # From is the owner's or the creditor's own address, and it is not a letter of ours
    intent: Intent | None = None  # of a reply, or of what a person says in an automatic mail
    promised_on: date | None = None
    amount: Decimal | None = None  # of a promise or a payment, where it names one
    part: bool = False  # the promise or the payment is of a part only
    back_on: date | None = None  # of an absence: first day back
    gone: bool = False  # "has left the company"
    substitute: str | None = None  # another address that the mail proposes
    ticket: str | None = None  # of an acknowledgement
    recipients: tuple[RecipientReport, ...] = ()
    text: str = ""  # the new words: no quote, no signature
    because: tuple[str, ...] = ()  # what decided, in words
