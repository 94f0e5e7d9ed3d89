"""Entries about what the books state: invoices, holds beside them, and money that came in."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Literal

from daemon.domain.journal.entry import ClientEntry, Entry


class JournalBegun(Entry, frozen=True, kw_only=True, gc=False):
    """The very first start.  What fell due before this day waits for the owner's go (F21)."""

    on: date
    sends: bool  # `first_start: send`


class InvoiceSeen(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An invoice of the YAML, when it was first read and whenever its figures changed (F56 to F58)."""

    number: str
    total: Decimal
    owed: Decimal
    currency: str
    due_on: date
    on: date


class InvoiceVanished(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An invoice that was in the YAML is there no more: its letters stop, its history stays (F57)."""

    number: str
    on: date


class HoldStated(ClientEntry, frozen=True, kw_only=True, gc=False):
    """A hold beside an invoice in the YAML was read for the first time, changed, or is there no more (F53)."""

    number: str
    held: bool
    until: date | None  # the last day held, as the YAML says
    on: date


class PaymentRecorded(ClientEntry, frozen=True, kw_only=True, gc=False):
    """Money that came in.  From the YAML it is noticed once; what counts then is the YAML itself.

    What the bank tells and what the YAML or the owner tells (same amount, within 7 days) is one payment (F53).
    """

    number: str
    amount: Decimal
    currency: str
    on: date
    by: Literal["yaml", "owner", "bank"]
    bank_id: str = ""  # of the bank's entry; one may pay several invoices
