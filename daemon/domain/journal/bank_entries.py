"""Entries about what the bank told: which statements were read, and payments that nobody is sure of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec

from daemon.domain.journal.entry import ClientEntry, Entry


class BankRead(Entry, frozen=True, kw_only=True, gc=False):
    """One statement was read.  What followed from its entries stands in the same append or before it."""

    account: str
    currency: str
    statement: str  # its id
    file: str  # the name, without the folder
    until: date  # the last day of which it tells
    entries: int
    on: date


class PaymentPart(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What of a payment is for one invoice."""

    number: str
    amount: Decimal  # in the payment's currency


class PaymentUnsure(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Money that may be this client's, or a reversal: the owner is asked.  It changes nothing by itself."""

    bank_id: str
    parts: tuple[PaymentPart, ...]  # what it may be for; () : the invoice is unknown
    amount: Decimal
    currency: str
    booked_on: date
    name: str  # of who paid, as the bank writes it
    text: str  # what they wrote
    because: str  # why it may be theirs, and why that is not sure
    undoes: str = ""  # of a reversal: the bank's id of the payment that was taken back
    on: date

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(part.number for part in self.parts)


class PaymentReversed(ClientEntry, frozen=True, kw_only=True, gc=False):
    """The bank took back what had come in: it counts as paid no longer."""

    number: str
    amount: Decimal
    currency: str
    bank_id: str  # of the reversal
    undoes: str  # of the payment
    on: date  # booked


class PaymentDismissed(ClientEntry, frozen=True, kw_only=True, gc=False):
    """The owner says that a payment is for none of the invoices here."""

    bank_id: str
    on: date
