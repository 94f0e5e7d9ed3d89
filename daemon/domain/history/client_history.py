"""Everything recorded about one client, arranged for the decisions.

Only `take_in` changes a history; decisions read it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.invoice import ItemRef
from daemon.domain.history.bank_reversal import without_reversed
from daemon.domain.history.holds import Holds
from daemon.domain.history.letter_record import CallRecord, Delivery, LetterRecord, drop_letter, letter_number
from daemon.domain.history.told import NOTHING_TOLD, OwnerTold


@dataclass(slots=True)
class ClientHistory:
    """Everything recorded about one client and the client's invoices."""

    client: str
    letters: dict[str, LetterRecord] = field(default_factory=dict)  # oldest first
    seen: dict[str, j.InvoiceSeen] = field(default_factory=dict)  # by number; the latest
    vanished: dict[str, j.InvoiceVanished] = field(default_factory=dict)  # by number
    payments: dict[str, list[j.PaymentRecorded]] = field(default_factory=dict)
    unsure: dict[str, j.PaymentUnsure] = field(default_factory=dict)  # by the bank's id: the owner has not answered
    taken_back: list[j.PaymentReversed] = field(default_factory=list)
    failed: dict[str, j.ContactFailed] = field(default_factory=dict)  # by address
    absent: dict[str, j.AutoReplyReceived] = field(default_factory=dict)  # by address: the last absence or departure
    tickets: dict[str, str] = field(default_factory=dict)  # letter_id -> their ticket number
    delayed: dict[str, list[date]] = field(default_factory=dict)  # by address: reports since the last sign of life
    replies: list[j.ReplyReceived] = field(default_factory=list)
    owner_wrote: list[j.OwnerWrote] = field(default_factory=list)
    holds: Holds = field(default_factory=Holds)
    promises: dict[str, j.PromiseMade] = field(default_factory=dict)  # by number; the latest
    broken: dict[str, j.PromiseBroken] = field(default_factory=dict)  # by number; the latest
    kept: dict[str, j.PromiseKept] = field(default_factory=dict)  # by number; the latest
    plans: dict[str, j.PlanAgreed] = field(default_factory=dict)  # by number: the plan that is agreed now
    broken_plans: dict[ItemRef, j.PlanBroken] = field(default_factory=dict)  # parts of the plan that is agreed now
    # By number: letters and calls from when it was owed in another way.  They are about every part that it has now.
    before_plan: dict[str, frozenset[str]] = field(default_factory=dict)
    disputes: dict[str, j.DisputeRaised] = field(default_factory=dict)
    calls: dict[str, CallRecord] = field(default_factory=dict)
    wrong_phones: set[str] = field(default_factory=set)  # as they were written when somebody else answered
    handovers: dict[str, j.HandoverSuggested] = field(default_factory=dict)  # by number
    handed_over: dict[str, j.HandedOver] = field(default_factory=dict)
    dossiers: dict[str, j.DossierMade] = field(default_factory=dict)  # by number; since the last hand-over
    told: OwnerTold = NOTHING_TOLD  # by the owner: an address, notes, what is given up
    letters_made: int = 0  # the highest number of a letter_id
    last_letter_on: date = date.min  # no letter left, or is meant to leave, after this day
    forgotten: bool = False
    by_item: dict[ItemRef, list[tuple[LetterRecord, int]]] = field(default_factory=dict)  # letters by what they claim

    # -- reading ------------------------------------------------------------------------------------------------

    def letters_about(self, ref: ItemRef) -> list[tuple[LetterRecord, int]]:
        """The letters that claim an item, with the level in which they do; of a plan's part also those before the plan.

        Thank-yous and statements claim nothing: they are not among them.
        """
        if ref.number not in self.before_plan:
            return self.by_item.get(ref, [])
        before, levels = self.before_plan[ref.number], dict(self._levels(ref))
        for other in [other for other in self.by_item if other.number == ref.number and other != ref]:
            for key, level in self._levels(other):
                if key in before:
                    levels[key] = max(level, levels.get(key, 0))
        return [(record, levels[key]) for key, record in self.letters.items() if key in levels]

    def _levels(self, ref: ItemRef) -> Iterator[tuple[str, int]]:
        return ((record.queued.letter_id, level) for record, level in self.by_item.get(ref, ()))

    def open_calls(self, number: str) -> list[j.CallSuggested]:
        return [c.suggested for c in self.calls.values() if c.open and number in c.suggested.numbers]

    # `ahead` counts what the same decision makes before it: an id is taken only when its entry is taken in.

    def next_letter_id(self, ahead: int = 0) -> str:
        return f"{self.client}-{self.letters_made + 1 + ahead}"

    def next_hold_id(self, ahead: int = 0) -> str:
        return f"{self.client}-h{self.holds.made + 1 + ahead}"

    def next_call_id(self, ahead: int = 0) -> str:
        return f"{self.client}-c{len(self.calls) + 1 + ahead}"

    def copy(self) -> ClientHistory:
        """A copy that may take in what did not happen; for simulations."""
        twin = ClientHistory(self.client, holds=self.holds.copy(), letters_made=self.letters_made)
        twin.forgotten, twin.told = self.forgotten, self.told
        twin.letters = {
            key: LetterRecord(
                record.queued, record.released, record.withdrawn,
                {to: replace(delivery) for to, delivery in record.deliveries.items()},
            )
            for key, record in self.letters.items()
        }  # fmt: skip
        for record in twin.letters.values():
            twin._index(record)
        twin.seen, twin.vanished = dict(self.seen), dict(self.vanished)
        twin.failed, twin.absent, twin.tickets = dict(self.failed), dict(self.absent), dict(self.tickets)
        twin.promises, twin.broken = dict(self.promises), dict(self.broken)
        twin.disputes, twin.kept = dict(self.disputes), dict(self.kept)
        twin.plans, twin.broken_plans = dict(self.plans), dict(self.broken_plans)
        twin.before_plan = dict(self.before_plan)
        twin.payments = {number: list(payments) for number, payments in self.payments.items()}
        twin.unsure, twin.taken_back = dict(self.unsure), list(self.taken_back)
        twin.calls = {key: CallRecord(call.suggested, list(call.results)) for key, call in self.calls.items()}
        twin.wrong_phones = set(self.wrong_phones)
        twin.delayed = {address: list(days) for address, days in self.delayed.items()}
        twin.handovers, twin.handed_over = dict(self.handovers), dict(self.handed_over)
        twin.dossiers = dict(self.dossiers)
        twin.replies, twin.owner_wrote = list(self.replies), list(self.owner_wrote)
        return twin

    # -- folding ------------------------------------------------------------------------------------------------

    def take_in(self, entry: j.ClientEntry) -> None:
        """Add one fact.  Facts about letters that this history does not know are a fault of the state."""
        match entry:
            case j.LetterRecovered():
                self.letters_made = max(self.letters_made, letter_number(entry.letter_id))
            case j.LetterEntry():
                self._take_in_letter(entry)
            case j.InvoiceSeen():
                self.seen[entry.number] = entry
                self.vanished.pop(entry.number, None)
            case j.InvoiceVanished():
                self.vanished[entry.number] = entry
            case j.PaymentRecorded() | j.PaymentUnsure() | j.PaymentDismissed() | j.PaymentReversed():
                self._take_in_payment(entry)
            case j.ContactFailed():
                self.failed[entry.address] = entry
            case j.ContactCleared():
                self.failed.pop(entry.address, None)
                self.delayed.pop(entry.address, None)
                self.absent.pop(entry.address, None)
            case j.ReplyReceived():
                self.replies.append(entry)
                self.absent.pop(entry.sender, None)  # who writes is back
                self.delayed.pop(entry.sender, None)
            case j.OwnerWrote():
                self.owner_wrote.append(entry)
            case j.AutoReplyReceived():
                self._take_in_auto_reply(entry)
            case j.HoldPlaced() | j.HoldStated():
                self.holds.take_in(entry)
            case j.HoldLifted():
                self._take_in_lifted(entry)
            case j.PromiseMade():
                self.promises.update(dict.fromkeys(entry.numbers, entry))
            case j.PromiseBroken():
                self.broken.update(dict.fromkeys(entry.numbers, entry))
            case j.PromiseKept():
                self.kept.update(dict.fromkeys(entry.numbers, entry))
            case j.PlanAgreed() | j.PlanBroken() | j.PlanCancelled():
                self._take_in_plan(entry)
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
                for number in entry.numbers:
                    self.dossiers.pop(number, None)  # what was put together before is not all of it any more
            case j.DossierMade():
                self.dossiers.update(dict.fromkeys(entry.numbers, entry))
            case j.ClientForgotten():
                self.forgotten = True
            case j.ToldEntry():
                self.told = self.told.after(entry)

    def _take_in_letter(self, entry: j.LetterEntry) -> None:
        match entry:
            case j.LetterQueued():
                drop_letter(self.by_item, entry.letter_id)
                record = self.letters[entry.letter_id] = LetterRecord(entry)
                self._index(record)
                self.letters_made = max(self.letters_made + 1, letter_number(entry.letter_id))
            case j.LetterReleased():
                self.letters[entry.letter_id].released = True
            case j.LetterWithdrawn():
                record = self.letters[entry.letter_id]
                record.withdrawn = True
                record.released = record.released and entry.by == "rule"  # a go lasts while only the rules withdraw
            case j.DeliveryEntry():
                self._take_in_delivery(entry)

    def _index(self, record: LetterRecord) -> None:
        self.last_letter_on = max(self.last_letter_on, record.on)
        for claim in record.queued.claims if record.queued.level else ():
            self.by_item.setdefault(ItemRef(claim.number, claim.instalment), []).append((record, claim.level))

    def _take_in_payment(
        self, entry: j.PaymentRecorded | j.PaymentUnsure | j.PaymentDismissed | j.PaymentReversed
    ) -> None:
        """What is sure, or put away, or taken back, is unsure no longer."""
        if isinstance(entry, j.PaymentUnsure):
            self.unsure[entry.bank_id] = entry
            return
        self.unsure.pop(entry.bank_id, None)
        match entry:
            case j.PaymentRecorded():
                self.payments.setdefault(entry.number, []).append(entry)
            case j.PaymentReversed():
                self.taken_back.append(entry)
                self.payments[entry.number] = without_reversed(self.payments.get(entry.number, ()), entry)

    def _take_in_plan(self, entry: j.PlanAgreed | j.PlanBroken | j.PlanCancelled) -> None:
        match entry:
            case j.PlanAgreed():
                if entry.by != "yaml" or entry.number not in self.plans:
                    self.promises.pop(entry.number, None)  # the plan stands in the place of a promise
                    self.broken.pop(entry.number, None)
                self.plans[entry.number] = entry
                self._owed_another_way(entry.number)
            case j.PlanBroken():
                self.broken_plans[ItemRef(entry.number, entry.instalment)] = entry
            case j.PlanCancelled():
                self.plans.pop(entry.number, None)
                self._owed_another_way(entry.number)

    def _owed_another_way(self, number: str) -> None:
        """A plan was agreed or given up: what was done about the invoice so far counts for each of its new parts."""
        done = {key for key, record in self.letters.items() if number in record.numbers}
        done |= {key for key, call in self.calls.items() if number in call.suggested.numbers}
        self.before_plan[number] = frozenset(done)
        for ref in [ref for ref in self.broken_plans if ref.number == number]:
            del self.broken_plans[ref]

    def _take_in_delivery(self, entry: j.DeliveryEntry) -> None:
        record = self.letters[entry.letter_id]
        known = record.deliveries.get(entry.to)
        if isinstance(entry, j.DeliveryStarted):
            first = known.first_at if known else entry.at
            record.deliveries[entry.to] = Delivery(entry, entry.on, entry.attempt, first, entry.message_id)
            self.last_letter_on = max(self.last_letter_on, entry.on)
        elif known is not None:
            known.last = entry
        elif isinstance(entry, j.DeliveryGivenUp):  # a copy that was never tried
            record.deliveries[entry.to] = Delivery(entry, record.on, 0, entry.at, "")

    def _take_in_auto_reply(self, entry: j.AutoReplyReceived) -> None:
        if entry.kind in ("absence", "gone"):
            self.absent[entry.sender] = entry
        letter = self.letters.get(entry.letter_id or "")
        address = entry.address or (letter.queued.to.lower() if letter else "")
        if entry.kind == "delayed":
            self.delayed.setdefault(address, []).append(entry.on)
        elif entry.kind == "receipt":
            self.delayed.pop(address, None)
        if entry.ticket and entry.letter_id:
            self.tickets[entry.letter_id] = entry.ticket

    def _take_in_lifted(self, entry: j.HoldLifted) -> None:
        hold = self.holds.lift(entry)
        if hold is None:
            return
        for number in hold.numbers:
            if hold.because is j.Because.DISPUTE:
                self.disputes.pop(number, None)
            elif hold.because is j.Because.PROMISE and entry.by == "owner":
                self.promises.pop(number, None)  # the owner waits for it no longer: it cannot be broken any more

    def _take_in_call(self, entry: j.CallMade) -> None:
        if entry.outcome == "wrong-number" and entry.phone:
            self.wrong_phones.add(entry.phone)
        for key, call in self.calls.items():
            if key == entry.call_id or (entry.call_id is None and set(entry.numbers) & set(call.suggested.numbers)):
                call.results.append(entry)
