"""What the books may well say, and what is mostly a slip of the pen: a word to the owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money

_NAMED = 3  # invoices of days to come; who writes a year of them in advance knows it


def day_slips(ledger: Ledger, today: date) -> tuple[str, ...]:
    """One sentence each, in the order of the books: invoices and payments of days to come, more paid than was owed."""
    to_come = [i for i in ledger.invoices if i.issued_on is not None and i.issued_on > today]
    named = [
        f"{_place(i)}{i.number} is issued on {i.issued_on}, which is still to come: is the year right?"
        for i in to_come[:_NAMED]
    ]
    more = len(to_come) - _NAMED
    rest = [f"and {more} more that are issued on days still to come"] if more > 0 else []
    return (*named, *rest, *(words for invoice in ledger.invoices for words in _payments(invoice, today)))


def _payments(invoice: Invoice, today: date) -> Iterator[str]:
    for paid in invoice.payments:
        if paid.on > today:
            yield (
                f"{_place(invoice)}a payment of {invoice.number} is of {paid.on}, which is still to come: it counts"
                " from then on"
            )
    together = Money(sum((paid.amount for paid in invoice.payments), Decimal(0)), invoice.currency)
    if invoice.owed < together:
        yield (
            f"{_place(invoice)}the payments of {invoice.number} are {together}, and {invoice.owed} is owed: is one of"
            " them wrong?"
        )


def _place(invoice: Invoice) -> str:
    return f"{invoice.source}: " if invoice.source else ""
