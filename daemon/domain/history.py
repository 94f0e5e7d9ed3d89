"""The journal, folded: what is known about each client, arranged for the decisions.

Only `take_in` changes a history; decisions read it.  The same entries in the same order give the same history.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from daemon.domain import journal as j
from daemon.domain.calendar import DateRange
from daemon.domain.invoice import ItemRef

_DAY = timedelta(days=1)


class Status(StrEnum):
    """Of a letter, as its first recipient's delivery stands."""

    WAITING = "waiting"  # for the owner's go
    QUEUED = "queued"  # may leave; also: deferred, to be tried again
    STARTED = "started"  # being offered, or it was when the daemon died
    SENT = "sent"
    IN_DOUBT = "in-doubt"
    FAILED = "failed"  # refused, given up, or bounced
    WITHDRAWN = "withdrawn"


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
        if first is not None:
            return first.status
        return Status.WAITING if self.queued.waits_for and not self.released else Status.QUEUED

    @property
    def pending(self) -> bool:
        return self.status in (Status.WAITING, Status.QUEUED)

    @property
    def counts(self) -> bool:
        """Whether it counts as sent, for level and rest: also while it is in doubt, so that nothing is sent twice."""
        return self.status in (Status.STARTED, Status.SENT, Status.IN_DOUBT)

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


@dataclass(slots=True)
class CallRecord:
    suggested: j.CallSuggested
    results: list[j.CallMade] = field(default_factory=list)

    @property
    def open(self) -> bool:
        return not self.results


@dataclass(slots=True)
class ClientHistory:
    """Everything recorded about one client and the client's invoices."""

    client: str
    letters: dict[str, LetterRecord] = field(default_factory=dict)  # oldest first
    seen: dict[str, j.InvoiceSeen] = field(default_factory=dict)  # by number; the latest
    vanished: dict[str, date] = field(default_factory=dict)
    payments: dict[str, list[j.PaymentRecorded]] = field(default_factory=dict)
    failed: dict[str, j.ContactFailed] = field(default_factory=dict)  # by address
    absent: dict[str, j.AutoReplyReceived] = field(default_factory=dict)  # by address: the last absence or departure
    tickets: dict[str, str] = field(default_factory=dict)  # letter_id -> their ticket number
    replies: list[j.ReplyReceived] = field(default_factory=list)
    owner_wrote: list[j.OwnerWrote] = field(default_factory=list)
    holds: dict[str, j.HoldPlaced] = field(default_factory=dict)  # not lifted; those past their `until` too
    past_holds: list[tuple[tuple[str, ...], DateRange]] = field(default_factory=list)  # lifted: numbers, days held
    past_reasons: list[tuple[tuple[str, ...], j.Because]] = field(default_factory=list)  # lifted: numbers, why
    promises: dict[str, j.PromiseMade] = field(default_factory=dict)  # by number; the latest
    broken: dict[str, j.PromiseBroken] = field(default_factory=dict)  # by number; the latest
    disputes: dict[str, j.DisputeRaised] = field(default_factory=dict)
    calls: dict[str, CallRecord] = field(default_factory=dict)
    handovers: dict[str, j.HandoverSuggested] = field(default_factory=dict)  # by number
    handed_over: dict[str, j.HandedOver] = field(default_factory=dict)
    holds_made: int = 0
    forgotten: bool = False

    # -- reading ------------------------------------------------------------------------------------------------

    def holds_on(self, number: str, day: date) -> list[j.HoldPlaced]:
        """The holds that keep an invoice's letters back on `day`."""
        return [
            hold
            for hold in self.holds.values()
            if (not hold.numbers or number in hold.numbers) and hold.on <= day and (not hold.until or day <= hold.until)
        ]

    def spells_held(self, number: str, today: date) -> list[DateRange]:
        """The days up to `today` on which an invoice was held; the clock of the ladder stood still on them."""
        spells = [spell for numbers, spell in self.past_holds if not numbers or number in numbers]
        for hold in self.holds.values():
            if (not hold.numbers or number in hold.numbers) and hold.on <= today:
                spells.append(DateRange(hold.on, min(hold.until or today, today)))  # noqa: PERF401 - reads better
        return spells

    def letters_about(self, ref: ItemRef) -> list[tuple[LetterRecord, int]]:
        """The letters that claim an item, with the level in which they do."""
        return [
            (letter, claim.level)
            for letter in self.letters.values()
            for claim in letter.queued.claims
            if claim.number == ref.number and claim.instalment == ref.instalment
        ]

    def open_calls(self, number: str) -> list[j.CallSuggested]:
        return [c.suggested for c in self.calls.values() if c.open and number in c.suggested.numbers]

    def next_letter_id(self) -> str:
        return f"{self.client}-{len(self.letters) + 1}"

    def copy(self) -> ClientHistory:
        """A copy that may take in what did not happen; for simulations."""
        twin = ClientHistory(self.client, holds_made=self.holds_made, forgotten=self.forgotten)
        twin.letters = {
            key: LetterRecord(
                record.queued, record.released, record.withdrawn,
                {to: replace(delivery) for to, delivery in record.deliveries.items()},
            )
            for key, record in self.letters.items()
        }  # fmt: skip
        for name in ("seen", "vanished", "failed", "absent", "tickets", "holds", "promises", "broken", "disputes"):
            setattr(twin, name, dict(getattr(self, name)))
        twin.payments = {number: list(payments) for number, payments in self.payments.items()}
        twin.calls = {key: CallRecord(call.suggested, list(call.results)) for key, call in self.calls.items()}
        twin.handovers, twin.handed_over = dict(self.handovers), dict(self.handed_over)
        twin.replies, twin.owner_wrote = list(self.replies), list(self.owner_wrote)
        twin.past_holds, twin.past_reasons = list(self.past_holds), list(self.past_reasons)
        return twin

    # -- folding ------------------------------------------------------------------------------------------------

    def take_in(self, entry: j.ClientEntry) -> None:
        """Add one fact.  Facts about letters that this history does not know are a fault of the state."""
        match entry:
            case j.LetterQueued():
                self.letters[entry.letter_id] = LetterRecord(entry)
            case j.LetterReleased():
                self.letters[entry.letter_id].released = True
            case j.LetterWithdrawn():
                record = self.letters[entry.letter_id]
                record.withdrawn = True
                record.released = record.released and entry.by == "rule"  # a go lasts while only the rules withdraw
            case j.DeliveryEntry():
                self._take_in_delivery(entry)
            case j.InvoiceSeen():
                self.seen[entry.number] = entry
                self.vanished.pop(entry.number, None)
            case j.InvoiceVanished():
                self.vanished[entry.number] = entry.on
            case j.PaymentRecorded():
                self.payments.setdefault(entry.number, []).append(entry)
            case j.ContactFailed():
                self.failed[entry.address] = entry
            case j.ContactCleared():
                self.failed.pop(entry.address, None)
                self.absent.pop(entry.address, None)
            case j.ReplyReceived():
                self.replies.append(entry)
                self.absent.pop(entry.sender, None)  # who writes is back
            case j.OwnerWrote():
                self.owner_wrote.append(entry)
            case j.AutoReplyReceived():
                self._take_in_auto_reply(entry)
            case j.HoldPlaced():
                self.holds[entry.hold_id] = entry
                self.holds_made += 1
            case j.HoldLifted():
                self._lift(entry)
            case j.PromiseMade():
                self.promises.update(dict.fromkeys(entry.numbers, entry))
            case j.PromiseBroken():
                self.broken.update(dict.fromkeys(entry.numbers, entry))
            case j.DisputeRaised():
                self.disputes.update(dict.fromkeys(entry.numbers, entry))
            case j.CallSuggested():
                self.calls[entry.call_id] = CallRecord(entry)
            case j.CallMade():
                self._take_in_call(entry)
            case j.HandoverSuggested():
                self.handovers.update(dict.fromkeys(entry.numbers, entry))
            case j.HandedOver():
                self.handed_over.update(dict.fromkeys(entry.numbers, entry))
            case j.ClientForgotten():
                self.forgotten = True

    def _take_in_delivery(self, entry: j.DeliveryEntry) -> None:
        record = self.letters[entry.letter_id]
        known = record.deliveries.get(entry.to)
        if isinstance(entry, j.DeliveryStarted):
            first = known.first_at if known else entry.at
            record.deliveries[entry.to] = Delivery(entry, entry.on, entry.attempt, first, entry.message_id)
        elif known is not None:
            known.last = entry

    def _take_in_auto_reply(self, entry: j.AutoReplyReceived) -> None:
        if entry.kind in ("absence", "gone"):
            self.absent[entry.sender] = entry
        if entry.ticket and entry.letter_id:
            self.tickets[entry.letter_id] = entry.ticket

    def _lift(self, entry: j.HoldLifted) -> None:
        hold = self.holds.pop(entry.hold_id, None)
        if hold is None:
            return
        last = min(hold.until, entry.on - _DAY) if hold.until else entry.on - _DAY
        if last >= hold.on:
            self.past_holds.append((hold.numbers, DateRange(hold.on, last)))
        self.past_reasons.append((hold.numbers, hold.because))
        if hold.because is j.Because.DISPUTE:
            for number in hold.numbers:
                self.disputes.pop(number, None)

    def _take_in_call(self, entry: j.CallMade) -> None:
        for key, call in self.calls.items():
            if key == entry.call_id or (entry.call_id is None and set(entry.numbers) & set(call.suggested.numbers)):
                call.results.append(entry)


@dataclass(slots=True)
class History:
    """The whole journal of one creditor, folded."""

    count: int = 0  # entries taken in; the number of the last one
    begun: j.JournalBegun | None = None
    clients: dict[str, ClientHistory] = field(default_factory=dict)
    mails: set[str] = field(default_factory=set)  # digests that count already
    cursors: dict[str, tuple[int, int]] = field(default_factory=dict)  # folder -> UIDVALIDITY, UID
    unmatched: dict[str, j.MailUnmatched] = field(default_factory=dict)  # by digest, not dismissed
    digest: j.DigestSent | None = None  # the last one
    active: dict[str, str] = field(default_factory=dict)  # letters that still want something: letter_id -> client

    def of(self, client: str) -> ClientHistory:
        """The client's history; an empty one for a client of whom nothing is recorded."""
        found = self.clients.get(client)
        if found is None:
            found = self.clients[client] = ClientHistory(client)
        return found

    def take_in(self, entry: j.AnyEntry) -> None:
        self.count += 1
        match entry:
            case j.ClientEntry():
                self.of(entry.client).take_in(entry)
                if isinstance(entry, j.LetterEntry):
                    self._note_active(entry)
            case j.MailRead():
                self.cursors[entry.folder] = (entry.uidvalidity, entry.uid)
                if entry.mail:
                    self.mails.add(entry.mail)
            case j.MailUnmatched():
                self.unmatched[entry.mail] = entry
            case j.MailDismissed():
                self.unmatched.pop(entry.mail, None)
            case j.DigestSent():
                self.digest = entry
            case j.JournalBegun():
                self.begun = entry

    def active_letters(self) -> list[tuple[str, LetterRecord]]:
        """Letters that wait, are to leave, are in doubt, or have copies to be sent; with their client."""
        return [(client, self.clients[client].letters[letter_id]) for letter_id, client in self.active.items()]

    def _note_active(self, entry: j.LetterEntry) -> None:
        record = self.clients[entry.client].letters[entry.letter_id]
        delivered = (record.deliveries.get(to) for to in record.recipients)
        done = all(d is not None and d.status in (Status.SENT, Status.FAILED) for d in delivered)
        if record.status in (Status.WITHDRAWN, Status.FAILED) or (record.status is Status.SENT and done):
            self.active.pop(entry.letter_id, None)
        else:
            self.active[entry.letter_id] = entry.client
