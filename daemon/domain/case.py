"""All that is needed to decide about one client, gathered in one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from daemon.domain.balance import Item, money_in, open_items
from daemon.domain.calendar import BusinessCalendar
from daemon.domain.client import Client, Contact
from daemon.domain.history import ClientHistory, History, LetterRecord
from daemon.domain.invoice import Invoice, ItemRef
from daemon.domain.ledger import Ledger
from daemon.domain.policy import Policy, SendOn

LONG_ABSENCE = 14  # days; who is away longer is passed over
_SETTLED_LOOKED_AT = 5  # of a client's invoices, the last ones
_LATE_DAYS = 5  # days late on the average of those: a habit
_ENOUGH = 2  # settled invoices before we speak of a habit


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """All that is needed to decide about one client."""

    client: Client
    policy: Policy
    history: ClientHistory
    items: tuple[Item, ...]
    credits: tuple[str, ...]  # numbers of the client's credit notes
    creditor_calendar: BusinessCalendar
    begun_on: date  # first day of the daemon's life: what fell due before waits for the owner's go
    sends_at_start: bool
    late_payer: bool
    moved_here: frozenset[str] = frozenset()  # numbers about which another client, who has them no more, got letters
    setting_aside: str | None = None  # a letter_id: decide as if this letter had not been queued

    def is_sending_day(self, day: date) -> bool:
        if self.policy.send_on is SendOn.EVERY_DAY:
            return not self.client.calendar.is_closed(day)
        return self.client.calendar.is_business_day(day) and self.creditor_calendar.is_business_day(day)

    def is_dead(self, address: str) -> bool:
        return address.lower() in self.history.failed

    def letters(self) -> list[LetterRecord]:
        return [r for key, r in self.history.letters.items() if key != self.setting_aside]

    def about(self, ref: ItemRef) -> list[tuple[LetterRecord, int]]:
        """The letters about an item that spend their level: not those to an address that has failed since."""
        return [
            (record, level)
            for record, level in self.history.letters_about(ref)
            if record.queued.letter_id != self.setting_aside and record.counts and not self.is_dead(record.queued.to)
        ]


def is_away(case: Case, address: str, today: date) -> bool:
    """Whether an inbox is known to have nobody behind it today."""
    absence = case.history.absent.get(address.lower())
    if absence is None:
        return False
    return absence.kind == "gone" or (absence.back_on is not None and absence.back_on > today)


def contact_for(case: Case, today: date) -> tuple[Contact | None, date | None]:
    """Whom to write to: the first billing contact whose address works and who is not away for long.

    Returns:
        The contact, and the first day they are back where a short absence is known; None when no address is left.
    """
    for contact in case.client.billing:
        if case.is_dead(contact.email):
            continue
        absence = case.history.absent.get(contact.email.lower())
        if absence is None:
            return contact, None
        if absence.kind == "gone":
            continue
        if absence.back_on is None or absence.back_on <= today:
            return contact, None
        if (absence.back_on - absence.on).days <= LONG_ABSENCE:
            return contact, absence.back_on
    return None, None


def case_of(ledger: Ledger, history: History, key: str, today: date, *, setting_aside: str | None = None) -> Case:
    """Gather what is known about one client on a day.

    Without a first start on record (an empty state) today is taken for it: what fell due before waits (F21).
    """
    client = ledger.clients[key]
    recorded = history.clients.get(key) or ClientHistory(key)
    invoices = ledger.by_client[key]
    begun = history.begun
    return Case(
        client=client,
        policy=ledger.policy_of(client),
        history=recorded,
        items=open_items(invoices, recorded.payments, today),
        credits=tuple(i.number for i in invoices if i.credit),
        creditor_calendar=ledger.creditor.calendar,
        begun_on=begun.on if begun else today,
        sends_at_start=begun.sends if begun else ledger.first_start_sends,
        late_payer=is_late_payer(client, invoices, recorded, today),
        moved_here=frozenset(i.number for i in invoices if _moved_here(i, ledger, history)),
        setting_aside=setting_aside,
    )


def _moved_here(invoice: Invoice, ledger: Ledger, history: History) -> bool:
    """Whether letters about it went to another client who has it no more: one renamed in the YAML, say (F58)."""
    return any(
        key != invoice.client and all(other.client != key for other in ledger.by_number.get(invoice.number, ()))
        for key in history.written_about.get(invoice.number, ())
    )


def is_late_payer(client: Client, invoices: tuple[Invoice, ...], history: ClientHistory, today: date) -> bool:
    """Whether late payment is this client's habit: as the owner says, else learned from the last settled invoices."""
    if client.late_payer is not None:
        return client.late_payer
    days_late = []
    for invoice in invoices:
        recorded = history.payments.get(invoice.number, ())
        if invoice.credit or not (invoice.payments or recorded):
            continue
        paid, last = money_in(invoice, recorded, today)
        if last is not None and paid >= invoice.owed.amount:
            days_late.append((last, max((last - invoice.due_on).days, 0)))
    lately = [days for _, days in sorted(days_late)[-_SETTLED_LOOKED_AT:]]
    return len(lately) >= _ENOUGH and sum(lately) > _LATE_DAYS * len(lately)
