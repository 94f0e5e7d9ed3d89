"""All that is needed to decide about one client, gathered in one value."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, tzinfo
from functools import cached_property

from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.client import Client, Contact
from daemon.domain.books.invoice import Invoice, ItemRef
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import Owner
from daemon.domain.books.policy import HoldTerms, Policy, SendOn
from daemon.domain.history import ClientHistory, History, LetterRecord
from daemon.domain.history.bank import BankState, state_of
from daemon.domain.history.told import as_told
from daemon.domain.standing.balance import Item, open_items
from daemon.domain.standing.habit import Habit, habit_of
from daemon.domain.standing.plans import as_planned
from daemon.domain.standing.renamed import former_name

LONG_ABSENCE = 14  # days; who is away longer is passed over


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that is needed to decide about one client."""

    client: Client  # with the address that the owner told us, where that counts
    policy: Policy  # the client's; see `under` for an invoice with one of its own
    clients_policy: Policy | None = None  # where `policy` is an invoice's own
    history: ClientHistory
    today: date  # the client's local date for which the rest was gathered
    invoices: tuple[Invoice, ...]  # with the instalments of plans that were agreed after the fact
    items: tuple[Item, ...]
    credits: tuple[str, ...]  # numbers of the client's credit notes
    creditor_calendar: BusinessCalendar
    begun_on: date  # first day of the daemon's life: what fell due before waits for the owner's go
    sends_at_start: bool
    policies: Mapping[str, Policy] = field(default_factory=dict)  # all of them, by name
    renamed: Mapping[str, str] = field(default_factory=dict)  # numbers of invoices that were called otherwise, and how
    setting_aside: str | None = None  # a letter_id: decide as if this letter had not been queued
    owner: Owner | None = None  # who is told of letters before they leave
    creditor_zone: tzinfo = UTC
    is_told: bool = False  # the client's first address is one that the owner told us, not the YAML's
    bank: BankState | None = None  # None: no bank tells us anything
    distrusted: bool = False  # the state is older than what has happened: all waits for the owner's go (F64)

    @cached_property
    def habit(self) -> Habit:
        """How the client pays; learned when it is asked for, which it is not where nothing is open."""
        return _habit(self.client, self._written, self.invoices, self.history, self.today)

    @cached_property
    def late_payer(self) -> bool:
        return bool(self.habit.late_payer)

    @cached_property
    def creditor_is_ahead(self) -> bool:
        """Whether the creditor's day, in which the books and the bank date money, begins before the client's."""
        noon = datetime.combine(self.today, time(12))
        ours, theirs = (zone.utcoffset(noon) for zone in (self.creditor_zone, self.client.zone))
        return ours is not None and theirs is not None and ours > theirs

    @property
    def _written(self) -> Policy:
        return self.policies.get(self.client.policy, self.policy)

    @property
    def by_habit(self) -> bool:
        """Whether the client has the policy of good payers instead of the one that is written."""
        return self.policy.name != self.client.policy and self.habit.good_payer

    def under(self, policy: str | None) -> Case:
        """The same case under an invoice's own policy, or a letter's; None or "": the client's."""
        wanted = self.policy_named(policy or "")
        if wanted.name == self.policy.name:
            return self
        return replace(self, policy=wanted, clients_policy=self.clients_policy or self.policy)

    def under_theirs(self, numbers: Collection[str]) -> Case:
        """The same case under the own policy of these invoices, where they have the same; else the client's."""
        own = {item.invoice.policy for item in self.items if item.ref.number in numbers}
        return self.under(own.pop()) if len(own) == 1 else self

    @property
    def open_numbers(self) -> tuple[str, ...]:
        """The invoices of which something is still owed, each once."""
        return tuple(dict.fromkeys(item.ref.number for item in self.items if not item.settled))

    def hold_terms(self, numbers: Collection[str]) -> HoldTerms:
        """How long the pauses last that an answer about these invoices causes; none: about all that are open."""
        about = numbers or self.open_numbers
        return self.under_theirs(about).policy.hold

    def policy_named(self, name: str) -> Policy:
        """The policy that a letter names; the client's where it names none, or one that is no longer there."""
        return self.policies.get(name) or self.clients_policy or self.policy

    def on(self, today: date, invoices: tuple[Invoice, ...]) -> Case:
        """The same case on another day: what is open then, how the client pays, and by which policy it goes."""
        invoices = as_planned(invoices, self.history.plans)
        items = open_items(invoices, self.history.payments, today, self.history.told.written_off)
        policy = _policy_by_habit(self.client, self._written, self.policies, invoices, self.history, today)
        return replace(self, today=today, invoices=invoices, items=items, policy=policy, clients_policy=None)

    def is_sending_day(self, day: date) -> bool:
        if self.policy.send_on is SendOn.EVERY_DAY:
            return not self.client.calendar.is_closed(day) and not self.creditor_calendar.is_closed(day)
        return self.client.calendar.is_business_day(day) and self.creditor_calendar.is_business_day(day)

    def is_dead(self, address: str) -> bool:
        return address.lower() in self.history.failed

    def letters(self) -> list[LetterRecord]:
        if self.setting_aside is None:
            return list(self.history.letters.values())
        return [r for key, r in self.history.letters.items() if key != self.setting_aside]

    def about(self, ref: ItemRef) -> list[tuple[LetterRecord, int]]:
        """The letters about an item that spend their level: not those to an address that has failed since.

        The level is the one that each claims, of the ladder under which it was sent; `steps` knows where that is now.
        """
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
        The contact, and the first day they are back where a short absence is known.  None when no address is left,
        and the first day on which one of those who are away for long is back.
    """
    back: list[date] = []
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
        back.append(absence.back_on)
    return None, min(back, default=None)


def case_of(ledger: Ledger, history: History, key: str, today: date, *, setting_aside: str | None = None) -> Case:
    """Gather what is known about one client on a day.

    Without a first start on record (an empty state) today is taken for it: what fell due before waits (F21).
    """
    recorded = history.clients.get(key) or ClientHistory(key)
    stated = ledger.clients[key]
    client = as_told(stated, recorded.told.contact)
    invoices = as_planned(ledger.by_client[key], recorded.plans)
    begun = history.begun
    return Case(
        client=client,
        policy=_policy_by_habit(client, ledger.policy_of(client), ledger.policies, invoices, recorded, today),
        history=recorded,
        today=today,
        invoices=invoices,
        items=open_items(invoices, recorded.payments, today, recorded.told.written_off),
        credits=tuple(i.number for i in invoices if i.credit),
        creditor_calendar=ledger.creditor.calendar,
        begun_on=begun.on if begun else today,
        sends_at_start=begun.sends if begun else ledger.first_start_sends,
        policies=ledger.policies,
        renamed={i.number: name for i in invoices if (name := former_name(i, ledger, history)) is not None},
        setting_aside=setting_aside,
        is_told=client is not stated,
        bank=state_of(ledger.bank, history.bank),
        distrusted=history.old.waits,
        owner=ledger.owner,
        creditor_zone=ledger.creditor.timezone,
    )


def _policy_by_habit(
    client: Client,
    written: Policy,
    policies: Mapping[str, Policy],
    invoices: tuple[Invoice, ...],
    history: ClientHistory,
    today: date,
) -> Policy:
    """The policy of good payers for those who are, where the written one names it."""
    if not written.good_payers or not _habit(client, written, invoices, history, today).good_payer:
        return written
    return policies.get(written.good_payers) or written


def _habit(
    client: Client, written: Policy, invoices: tuple[Invoice, ...], history: ClientHistory, today: date
) -> Habit:
    return habit_of(client.late_payer, written.habit, invoices, history.payments, today)
