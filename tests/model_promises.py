"""What must hold in every life of the daemon (DESIGN 1 and 6), looked at from outside while it lives.

Nothing here asks the daemon whether it was right: it is told what the clients, the owner and the files have said, sees
each DATA and each append, and says what must not have been.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from tests.model_world import ModelWorld, Offer

_OF_THE_OWNER = (
    j.ContactTold, j.WrittenOff, j.WriteOffReversed, j.PaymentMissing, j.LetterReleased, j.HandedOver, j.CallMade,
    j.MailDismissed, j.ClientForgotten, j.NoteTaken,
)  # fmt: skip

_DATA_WITHIN = 10.0  # seconds; DESIGN 1, promise 2
_OFTEN = 40  # letters to one client that are withdrawn on one day


@dataclass
class Silence:
    """Nothing may be claimed about an invoice, from when it is known to its end."""

    client: str
    number: str
    because: str
    until: date | None  # the last day; None: until the owner lifts it
    mail: str | None = None  # Message-ID of the mail that asked for it; None: known at once
    folder: str = "INBOX"
    came: float = -math.inf  # the loop's time
    over: bool = False


@dataclass
class Promises:
    """Args:
    ledger: the books as the daemon believes them now.
    """

    world: ModelWorld
    ledger: Callable[[], Ledger]
    faults: list[str] = field(default_factory=list)
    silences: list[Silence] = field(default_factory=list)
    read: set[str] = field(default_factory=set)  # Message-IDs of the answers that were recorded
    told: Counter[tuple[str, str]] = field(default_factory=Counter)  # paid, as the owner said: by client and number
    paid_in_yaml: set[tuple[str, str, Decimal]] = field(default_factory=set)  # recorded so
    resent: set[tuple[str, str]] = field(
        default_factory=set
    )  # letters that the owner had sent again, by id and address
    came_back: set[tuple[str, str]] = field(default_factory=set)  # a true bounce was mailed
    tied_promises: set[str] = field(default_factory=set)  # Message-IDs of promises that carry our id
    owners_mails: set[str] = field(default_factory=set)  # Message-IDs of orders that are really the owner's
    commands: int = 0  # of the command line that are being carried out
    begun: dict[tuple[str, str], date] = field(default_factory=dict)  # deliveries without an end: the day, as recorded
    _holds: dict[tuple[str, str], j.HoldPlaced] = field(default_factory=dict)
    _answers: Counter[tuple[str, str]] = field(default_factory=Counter)
    _orders: Counter[str] = field(default_factory=Counter)
    _withdrawn: Counter[tuple[str, date]] = field(default_factory=Counter)

    def must(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.faults.append(f"{self.world.now():%a %d %b %H:%M:%S}: {otherwise}")

    # -- a letter leaves ----------------------------------------------------------------------------------------

    def offered(self, offer: Offer) -> None:
        """DATA begins: may it?"""
        letter, world = offer.letter, self.world
        what = f"{letter.letter_id} ({letter.letter}) to {offer.to}"
        ended = world.reads[-1][0] if world.reads else -math.inf
        self.must(offer.at - ended <= _DATA_WITHIN, f"{what}: DATA {offer.at - ended:.1f} s after the last read")
        self.must((letter.letter_id, offer.to) in self.begun, f"{what}: no durable record that it begins")
        offer.on = self.begun.get((letter.letter_id, offer.to), offer.on)
        invoices = {i.number: i for i in self.ledger().invoices if i.client == letter.client}
        for claim in letter.claims:
            invoice = invoices.get(claim.number)
            self.must(invoice is not None, f"{what}: {claim.number} is no longer in the books")
            if invoice is not None:
                self._may_claim(what, claim, invoice, offer.on)
            self._first_time(what, claim, offer)
            for silence in self.silences:
                if (silence.client, silence.number) == (letter.client, claim.number):
                    self.must(not self._binds(silence, offer.on), f"{what}: {claim.number}: {silence.because}")

    def _may_claim(self, what: str, claim: j.Claim, invoice: Invoice, today: date) -> None:
        paid = sum((p.amount for p in invoice.payments if p.on <= today), Decimal(0))
        most = invoice.owed.amount - max(paid, Decimal(self.told[invoice.client, invoice.number]))
        self.must(most >= 5, f"{what}: {claim.number} is paid")
        self.must(claim.outstanding <= most, f"{what}: claims {claim.outstanding} of {claim.number}, owed is {most}")
        hold = invoice.hold
        held = hold is not None and (hold.until is None or today <= hold.until)
        self.must(not held, f"{what}: {claim.number} is held in the YAML")

    def _first_time(self, what: str, claim: j.Claim, offer: Offer) -> None:
        """At most once for an invoice, level and address; and one letter about it a day."""
        for earlier in self.world.offers[:-1]:
            same = earlier.letter.client == offer.letter.client and earlier.may_have_arrived and earlier.to == offer.to
            same = same and earlier.letter.to == offer.letter.to  # a copy goes with each letter, to whomever that goes
            key = (earlier.letter.letter_id, earlier.letter.to)
            if not same or earlier.letter.by_hand or offer.letter.by_hand or key in self.resent | self.came_back:
                continue
            for other in earlier.letter.claims:
                if other.number == claim.number:
                    twice = other.level == claim.level
                    self.must(not twice, f"{what}: {claim.number} had level {claim.level} in {key[0]}")
                    self.must(earlier.on != offer.on, f"{what}: {claim.number} had {key[0]} on the same day")

    def _binds(self, silence: Silence, today: date) -> bool:
        if silence.over or (silence.until is not None and today > silence.until):
            return False
        return silence.mail is None or (
            bool(self.world.reads) and silence.came < self.world.reads[-1][1][silence.folder]
        )

    # -- something is recorded ----------------------------------------------------------------------------------

    def appended(self, entries: Sequence[j.AnyEntry]) -> None:
        """The entries of one append."""
        ordered = any(isinstance(e, j.OrdersTaken) and e.message_id in self.owners_mails for e in entries)
        for entry in entries:
            by_owner = isinstance(entry, _OF_THE_OWNER) or (
                getattr(entry, "by", None) == "owner" and not isinstance(entry, j.OrdersTaken | j.OrdersRefused)
            )
            if by_owner:
                self.must(ordered or self.commands > 0, f"nobody ordered {entry}")
            self._take_in(entry, entries)

    def _take_in(self, entry: j.AnyEntry, together: Sequence[j.AnyEntry]) -> None:
        match entry:
            case j.DeliveryStarted():
                self.begun[entry.letter_id, entry.to] = entry.on
            case j.DeliveryEntry():
                self.begun.pop((entry.letter_id, entry.to), None)
                if isinstance(entry, j.DoubtSettled) and entry.outcome == "resend":
                    self.must(entry.by == "owner", f"sent again by itself: {entry}")
                    self.resent |= {
                        (entry.letter_id, entry.to),
                        (entry.letter_id, self.world.letter(entry.letter_id).to),
                    }
            case j.LetterWithdrawn():
                self._withdrawn[entry.client, entry.at.date()] += 1
                often = self._withdrawn[entry.client, entry.at.date()] > _OFTEN
                self.must(not often, f"queued and withdrawn again and again: {entry}")
            case j.ReplyReceived():
                self.read.add(entry.message_id)
                self._counts_once(entry.client, entry.mail, entry)
            case j.AutoReplyReceived() | j.OwnerWrote():
                self._counts_once(entry.client, entry.mail, entry)
            case j.MailUnmatched():
                self._counts_once("", entry.mail, entry)
            case j.PromiseMade() if entry.mail is not None:
                mails = [e.message_id for e in together if isinstance(e, j.ReplyReceived) and e.mail == entry.mail]
                self.must(set(mails) <= self.tied_promises, f"a promise without our id was accepted: {entry}")
            case j.ContactFailed() if entry.mail is not None:
                self.must((entry.letter_id, entry.address) in self.came_back, f"believed a forged bounce: {entry}")
            case j.PaymentRecorded():
                if entry.by == "owner":
                    self.told[entry.client, entry.number] += entry.amount  # type: ignore[assignment]  # a sum of money
                else:
                    self.paid_in_yaml.add((entry.client, entry.number, entry.amount))
            case j.PaymentMissing():
                for number in entry.numbers:
                    self.told.pop((entry.client, number), None)
            case j.HoldPlaced():
                self._holds[entry.client, entry.hold_id] = entry
                if entry.because is j.Because.OWNER:
                    self.hush(entry.client, entry.numbers, "held by the owner", entry.until)
            case j.HoldLifted(by="owner"):
                self._lifted(self._holds[entry.client, entry.hold_id])
            case j.OrdersTaken():
                self.must(entry.message_id in self.owners_mails, f"took a stranger's orders: {entry}")
                for once in (entry.mail, entry.said):
                    self._orders[once] += 1
                    self.must(self._orders[once] == 1, f"orders carried out twice: {entry}")
            case _:
                pass

    def _counts_once(self, client: str, mail: str, entry: j.AnyEntry) -> None:
        self._answers[client, mail] += 1
        self.must(self._answers[client, mail] == 1, f"counted twice: {entry}")

    def hush(self, client: str, numbers: Sequence[str], because: str, until: date | None) -> None:
        """From now on, known at once."""
        self.silences += [Silence(client, number, because, until) for number in numbers]

    def _lifted(self, hold: j.HoldPlaced) -> None:
        """By the owner, who knows what was read until then."""
        for silence in self.silences:
            about = silence.client == hold.client and (not hold.numbers or silence.number in hold.numbers)
            if about and (silence.mail is None or silence.mail in self.read):
                silence.over = True
