"""Which invoices a payment is for, how sure that is, and why.

Sure is only what the payer wrote: a reference, or a number, that fits the amount.  A name and an amount are a reason to
ask, never to book.  Amounts are never compared across currencies.
"""

from __future__ import annotations

from daemon.domain.books.bank_statement import BankEntry
from daemon.domain.payments.match_names import by_name
from daemon.domain.payments.match_numbers import by_number, named_in
from daemon.domain.payments.open_claims import OpenClaims
from daemon.domain.payments.payment_match import PaymentMatch, filled, unknown, unsure


def match_payment(entry: BankEntry, books: OpenClaims) -> PaymentMatch:
    """Say what one payment is for.  `books` are not changed: `book` does that with what was sure."""
    if entry.collective:
        return unknown(entry, "one sum for several payments: the statement does not tell them apart")
    named = named_in(entry, books)
    clients = books.clients_named(entry.name) if entry.name else ()
    if named:
        return by_number(entry, books, named, clients)
    if len(clients) == 1:
        return by_name(entry, books, clients[0])
    if clients:
        owing = [key for key in clients if books.open_of(key, entry.currency)]
        if len(owing) == 1:
            return by_name(entry, books, owing[0])
        if owing:
            return unsure(entry, owing[0], (), f"{entry.name} may be {' or '.join(owing)}")
    alike = books.with_amount(entry.currency, entry.amount)
    if len(alike) == 1:
        why = f"only of {alike[0].number} exactly {entry.amount} is open; neither number nor name says so"
        return unsure(entry, alike[0].client, filled(alike, entry.amount), why)
    return unknown(entry, "no reference, number, name or amount of an open invoice")


def book(match: PaymentMatch, books: OpenClaims) -> None:
    """Take what a sure match pays off what is open."""
    for part in match.parts:
        claim = next(c for c in books.of_client[part.client] if c.number == part.number)
        claim.take(part.amount, match.entry.booked_on)
