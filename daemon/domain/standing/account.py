"""A statement of account: what was invoiced, credited and paid, line by line, with the balance after each."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from daemon.domain.books.invoice import Invoice
from daemon.domain.journal import PaymentRecorded
from daemon.domain.standing.balance import credits_of, payments_of

_ZERO = Decimal(0)


class AccountRowKind(StrEnum):
    """What a line of an account is about, in the order in which those of one day stand."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit-note"
    PAYMENT = "payment"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """One line; its amounts are of the account's currency, and one of the two is zero."""

    on: date | None  # None: an invoice or credit note whose date the books do not state
    what: AccountRowKind
    number: str  # of the invoice or the credit note; of a payment: of the invoice that it was made for
    due_on: date | None  # of an invoice: the last day on which all of it is in time
    debit: Decimal  # what the client owes for it
    credit: Decimal  # what it takes off
    balance: Decimal  # after this line


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One currency's lines, oldest first."""

    currency: str
    rows: tuple[AccountRow, ...]

    @property
    def debit(self) -> Decimal:
        return sum((row.debit for row in self.rows), _ZERO)

    @property
    def credit(self) -> Decimal:
        return sum((row.credit for row in self.rows), _ZERO)

    @property
    def balance(self) -> Decimal:
        """What is open: negative in the client's favour."""
        return self.rows[-1].balance if self.rows else _ZERO


def accounts_of(
    invoices: Sequence[Invoice],
    recorded: Mapping[str, Sequence[PaymentRecorded]],
    today: date,
    numbers: Collection[str],
    given_up: Container[str] = (),
) -> tuple[Account, ...]:
    """The account of some invoices of one client, one a currency: currencies are never summed.

    Args:
        invoices: all of the client's, credit notes among them: a note may be set against any of them.
        recorded: payments that the journal knows, by invoice number.
        today: what is dated later is not in it yet.
        numbers: the invoices that it is about.
        given_up: numbers of those that are written off: no note is set against them but one that names them.

    Returns:
        In the order of the currencies' codes.  Of a credit note only what was set against one of `numbers` is in it, so
        that the balance is what is open of just those.  What the client paid too much is in it.
    """
    entries = sorted(
        _entries(invoices, recorded, today, frozenset(numbers), given_up),
        key=lambda entry: (
            entry[0].currency,
            entry[2] or entry[0].due_on,
            [*AccountRowKind].index(entry[1]),
            entry[0].number,
        ),
    )
    currencies = dict.fromkeys(invoice.currency for invoice, *_ in entries)
    return tuple(
        Account(currency=currency, rows=tuple(_rows([entry for entry in entries if entry[0].currency == currency])))
        for currency in currencies
    )


_Entry = tuple[Invoice, AccountRowKind, date | None, Decimal]


def _entries(
    invoices: Sequence[Invoice],
    recorded: Mapping[str, Sequence[PaymentRecorded]],
    today: date,
    numbers: frozenset[str],
    given_up: Container[str],
) -> Iterator[_Entry]:
    for invoice in invoices:
        if invoice.number in numbers and not invoice.credit:
            yield invoice, AccountRowKind.INVOICE, invoice.issued_on, invoice.owed.amount
            for on, amount in payments_of(invoice, recorded.get(invoice.number, ()), today):
                yield invoice, AccountRowKind.PAYMENT, on, amount
    credited: dict[str, tuple[Invoice, Decimal]] = {}
    for note, ref, part in credits_of(invoices, recorded, today, given_up):
        if ref.number in numbers:
            credited[note.number] = note, part + credited.get(note.number, (note, _ZERO))[1]
    for note, amount in credited.values():
        yield note, AccountRowKind.CREDIT_NOTE, note.issued_on, amount


def _rows(entries: Sequence[_Entry]) -> Iterator[AccountRow]:
    balance = _ZERO
    for invoice, what, on, amount in entries:
        owing = what is AccountRowKind.INVOICE
        balance += amount if owing else -amount
        yield AccountRow(
            on=on,
            what=what,
            number=invoice.number,
            due_on=invoice.due_on if owing else None,
            debit=amount if owing else _ZERO,
            credit=_ZERO if owing else amount,
            balance=balance,
        )


def as_json(account: Account) -> dict[str, Any]:
    """The account as JSON values: amounts are strings, dates are ISO 8601."""
    return {
        "currency": account.currency,
        "rows": [
            {
                "on": row.on.isoformat() if row.on else None,
                "what": row.what.value,
                "number": row.number,
                "due": row.due_on.isoformat() if row.due_on else None,
                "debit": str(row.debit),
                "credit": str(row.credit),
                "balance": str(row.balance),
            }
            for row in account.rows
        ],
        "debit": str(account.debit),
        "credit": str(account.credit),
        "balance": str(account.balance),
    }
