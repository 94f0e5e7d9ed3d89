"""What the YAML says, as one value: the creditor, the clients, the policies and the invoices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from daemon.domain.books.bank_statement import BankTerms
from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.owner import Owner
from daemon.domain.books.policy import Policy
from daemon.domain.books.rates import Laws


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstStart:
    """`first_start:` of the config."""

    sends: bool = False  # already overdue invoices do not wait for the owner's go
    per_day: int = 5  # clients who get a letter in a day after the go; 0: no limit
    show: bool = False  # the letters that wait are attached to the digest


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """The books of one creditor, as last read without a fault.

    Every key that is named exists: an invoice's client, a client's policy.  The reader of the config sees to it.
    """

    creditor: Creditor
    owner: Owner
    policies: Mapping[str, Policy]
    clients: Mapping[str, Client]
    invoices: tuple[Invoice, ...]
    first_start_sends: bool = False  # `first_start: send`: already overdue invoices do not wait for the owner's go
    first_start: FirstStart = field(default_factory=FirstStart)  # the rest of it
    laws: Laws = field(default_factory=dict)  # what is known of statutory interest, by jurisdiction
    bank: BankTerms | None = None  # None: no bank tells us anything

    @cached_property
    def by_client(self) -> Mapping[str, tuple[Invoice, ...]]:
        """Every client's invoices and credit notes, in the order of the files; a client without any is there too."""
        found: dict[str, list[Invoice]] = {key: [] for key in self.clients}
        for invoice in self.invoices:
            found[invoice.client].append(invoice)
        return {key: tuple(invoices) for key, invoices in found.items()}

    @cached_property
    def by_number(self) -> Mapping[str, tuple[Invoice, ...]]:
        """Invoices by their printed number; more than one where two clients share a number."""
        found: dict[str, list[Invoice]] = {}
        for invoice in self.invoices:
            found.setdefault(invoice.number, []).append(invoice)
        return {number: tuple(invoices) for number, invoices in found.items()}

    def policy_of(self, client: Client) -> Policy:
        return self.policies[client.policy]

    def policy_for(self, client: Client, name: str) -> Policy:
        """The policy that a letter names; the client's for one that is no longer there or was not recorded."""
        return self.policies.get(name) or self.policy_of(client)

    def policies_of(self, client: Client) -> tuple[Policy, ...]:
        """Every policy by which the client may be written to: theirs, that of good payers, those of the invoices."""
        mine = self.policy_of(client)
        own = (invoice.policy for invoice in self.by_client[client.key] if invoice.policy)
        names = dict.fromkeys((mine.name, *((mine.good_payers,) if mine.good_payers else ()), *own))
        return tuple(self.policies[name] for name in names)
