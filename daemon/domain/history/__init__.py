"""The journal, folded: what is known about each client, arranged for the decisions.

Only `take_in` changes a history; decisions read it.  The same entries in the same order give the same history.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.history.bank import BankHistory
from daemon.domain.history.client_history import ClientHistory as ClientHistory
from daemon.domain.history.correspondence import NEWS, Correspondence
from daemon.domain.history.letter_record import CallRecord as CallRecord
from daemon.domain.history.letter_record import Delivery as Delivery
from daemon.domain.history.letter_record import LetterRecord as LetterRecord
from daemon.domain.history.letter_record import Status as Status
from daemon.domain.history.old_state import OldState
from daemon.domain.history.proposals import Proposals

Figures = tuple[Decimal, str, date]  # of an invoice: total, currency, due date

_LAST_BY_MACHINES = 500  # mails that are remembered, of all clients together
_OF_THE_BANK = (j.PaymentRecorded, j.PaymentUnsure, j.PaymentReversed, j.PaymentDismissed)


@dataclass(slots=True)
class History:
    """The whole journal of one creditor, folded."""

    count: int = 0  # entries taken in; the number of the last one
    last_at: datetime | None = None  # when the last entry was recorded
    begun: j.JournalBegun | None = None
    clients: dict[str, ClientHistory] = field(default_factory=dict)
    mails: set[str] = field(default_factory=set)  # digests that count already
    cursors: dict[str, tuple[int, int]] = field(default_factory=dict)  # folder -> UIDVALIDITY, UID
    read_on: dict[str, date] = field(default_factory=dict)  # folder -> day (UTC) of the last mail read in it
    unmatched: dict[str, j.MailUnmatched] = field(default_factory=dict)  # by digest, not dismissed
    digest: j.DigestSent | None = None  # the last one
    written_about: dict[str, list[str]] = field(default_factory=dict)  # number -> clients who were written to about it
    gone: dict[Figures, list[tuple[str, str]]] = field(default_factory=dict)  # client and number of what has vanished
    active: dict[str, str] = field(default_factory=dict)  # letters that still want something: letter_id -> client
    announced: dict[str, date] = field(default_factory=dict)  # of those: the day of the first digest that showed it
    owner: Correspondence = field(default_factory=Correspondence)  # the mail between the owner and us
    bank: BankHistory = field(default_factory=BankHistory)
    by_machines: deque[j.AutoReplyReceived] = field(default_factory=lambda: deque(maxlen=_LAST_BY_MACHINES))
    proposals: Proposals = field(default_factory=Proposals)  # invoices that the owner sent by hand
    old: OldState = field(default_factory=OldState)  # whether the state is older than what has happened (F64)

    def of(self, client: str) -> ClientHistory:
        """The client's history; an empty one for a client of whom nothing is recorded."""
        found = self.clients.get(client)
        if found is None:
            found = self.clients[client] = ClientHistory(client)
        return found

    def take_in(self, entry: j.AnyEntry) -> None:
        self.count += 1
        self.last_at = entry.at
        match entry:
            case j.ClientEntry():
                self.of(entry.client).take_in(entry)
                self._note(entry)
            case j.MailRead():
                self.cursors[entry.folder] = (entry.uidvalidity, entry.uid)
                self.read_on[entry.folder] = entry.at.date()
                if entry.mail:
                    self.mails.add(entry.mail)
            case j.MailUnmatched():
                self.unmatched[entry.mail] = entry
            case j.MailDismissed():
                self.unmatched.pop(entry.mail, None)
            case j.DigestSent():
                self.digest = entry
                shown = (ref for item in entry.items if item.kind == "letter" for ref in item.ref.split())
                for letter_id in shown:
                    if letter_id in self.active:
                        self.announced.setdefault(letter_id, entry.on)
                self.owner.take_in(entry)
                self.proposals.take_in(entry)
            case j.AlertSent() | j.OrdersTaken() | j.OrdersRefused() | j.AnswerSent():
                self.owner.take_in(entry)
                if isinstance(entry, j.AlertSent):
                    self.proposals.take_in(entry)
            case j.InvoiceProposed() | j.SendingUnclear() | j.ProposalSettled():
                self.proposals.take_in(entry)
            case j.BankRead():
                self.bank.take_in(entry)
            case j.JournalBegun():
                self.begun = entry
            case j.StateRestored() | j.StateTrusted():
                self.old.take_in(entry)

    def after(self, entries: Sequence[j.AnyEntry]) -> History:
        """This history with what the owner's word makes taken in; to read, not to change.  This one stays as it is."""
        if not entries:
            return self
        clients, unmatched = {**self.clients}, {**self.unmatched}
        old = replace(self.old, recovered={**self.old.recovered})
        proposals = self.proposals
        own: set[str] = set()  # clients whose history is a copy
        for entry in entries:
            match entry:
                case j.ClientEntry():
                    if entry.client not in own:
                        own.add(entry.client)
                        clients[entry.client] = self.of(entry.client).copy()
                    clients[entry.client].take_in(entry)
                case j.MailDismissed():
                    unmatched.pop(entry.mail, None)
                case j.StateTrusted():
                    old.take_in(entry)
                case j.ProposalSettled():
                    proposals = proposals.after(entry)
        return replace(self, clients=clients, unmatched=unmatched, old=old, proposals=proposals)

    def _note(self, entry: j.ClientEntry) -> None:
        """What follows from one client's fact beyond that client."""
        if isinstance(entry, j.AutoReplyReceived):
            self.by_machines.append(entry)
        if isinstance(entry, j.ClientForgotten):
            kept = [one for one in self.by_machines if one.client != entry.client]
            self.by_machines = deque(kept, _LAST_BY_MACHINES)
        if isinstance(entry, j.LetterRecovered):
            self.old.take_in(entry)
        if isinstance(entry, j.LetterEntry):
            self._note_active(entry)
        if isinstance(entry, j.DeliveryStarted):
            self._note_written(entry)
        if isinstance(entry, j.InvoiceVanished):
            self._note_gone(entry)
        if isinstance(entry, NEWS):
            self.owner.note(entry)
        if isinstance(entry, _OF_THE_BANK):
            self.bank.take_in(entry)
        if isinstance(entry, j.InvoiceFollowed):
            self.proposals.take_in(entry)

    def active_letters(self) -> list[tuple[str, LetterRecord]]:
        """Letters that wait, are to leave, are in doubt, or have copies to be sent; with their client."""
        return [(client, self.clients[client].letters[letter_id]) for letter_id, client in self.active.items()]

    def _note_written(self, entry: j.DeliveryStarted) -> None:
        for number in self.clients[entry.client].letters[entry.letter_id].numbers:
            clients = self.written_about.setdefault(number, [])
            if entry.client not in clients:
                clients.append(entry.client)

    def _note_gone(self, entry: j.InvoiceVanished) -> None:
        seen = self.clients[entry.client].seen.get(entry.number)
        if seen is not None:
            found = self.gone.setdefault((seen.total, seen.currency, seen.due_on), [])
            if (entry.client, entry.number) not in found:
                found.append((entry.client, entry.number))

    def _note_active(self, entry: j.LetterEntry) -> None:
        record = self.clients[entry.client].letters[entry.letter_id]
        delivered = (record.deliveries.get(to) for to in record.recipients)
        done = all(d is not None and d.status in (Status.SENT, Status.FAILED) for d in delivered)
        if record.status in (Status.WITHDRAWN, Status.FAILED) or (record.status is Status.SENT and done):
            self.active.pop(entry.letter_id, None)
            self.announced.pop(entry.letter_id, None)
        else:
            self.active[entry.letter_id] = entry.client


def letters_from(known: ClientHistory | None, day: date) -> Iterator[LetterRecord]:
    """A client's letters of `day` and later; nearly all clients have none, and that is known without a look at any.

    They stand in the order in which they were queued, which is no order of days: one that is announced is queued
    ahead, and one that is found in the mailbox, long after its day.
    """
    if known is not None and known.last_letter_on >= day:
        yield from (record for record in known.letters.values() if record.on >= day)
