"""What the YAML says, as one value: the creditor, the clients, the policies and the invoices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from daemon.domain.client import Client, Creditor, Owner
from daemon.domain.invoice import Invoice
from daemon.domain.policy import Policy


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
