"""Small parts for the tests about what a bank tells: entries, statements, and books to match them against."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import BankEntry, BankTerms, Flow, Statement
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.commands.bank_facts import Reckoned, reckon
from daemon.domain.history import History
from daemon.domain.payments.payment_match import PaymentMatch
from tests.builders import a_client, a_history, a_ledger, an_invoice, at

TODAY = date(2026, 11, 10)  # a Tuesday
BOOKED = date(2026, 11, 5)
ACCOUNT = "IT60X0542811101000000123456"


def owed(number: str, amount: str, client: str = "acme", currency: str = "EUR", **changes: object) -> Invoice:
    return an_invoice(number, client, total=Money(Decimal(amount), currency), **changes)


def came(amount: str, text: str = "", name: str = "", **changes: object) -> BankEntry:
    """Money that came in; `id` is made of what it says, unless it is given."""
    given: dict[str, object] = {
        "id": f"{amount} {text} {name} {changes.get('booked_on', '')}", "account": ACCOUNT, "booked_on": BOOKED,
        "amount": Decimal(amount), "currency": "EUR", "name": name, "text": text,
    }  # fmt: skip
    return BankEntry(**{**given, **changes})  # type: ignore[arg-type]


def taken_back(amount: str, text: str = "", **changes: object) -> BankEntry:
    return came(amount, text, **{"flow": Flow.BACK, "booked_on": date(2026, 11, 6), **changes})  # type: ignore[arg-type]


def told(*entries: BankEntry, until: date = TODAY, name: str = "", file: str = "day.xml") -> Statement:
    return Statement(
        file=file, id=name or f"to {until}", account=ACCOUNT, currency="EUR", until=until, entries=tuple(entries)
    )


def books(*invoices: Invoice, bank: BankTerms | None = None) -> Ledger:
    """Two clients, Acme and Beta."""
    return a_ledger(*invoices, clients=(a_client(), a_client("beta", name="Beta Ltd")), bank=bank)


def read(ledger: Ledger, history: History, *statements: Statement, today: date = TODAY) -> Reckoned:
    return reckon(statements, ledger, history, lambda client: today, today, at(today))


def match(ledger: Ledger, entry: BankEntry, *before: j.AnyEntry) -> PaymentMatch:
    """What is made of one entry."""
    [found] = read(ledger, a_history(*before), told(entry)).matches
    return found


def parts(found: PaymentMatch) -> dict[str, str]:
    return {f"{part.client}/{part.number}": str(part.amount) for part in found.parts}


def after(ledger: Ledger, *statements: Statement, history: History | None = None) -> History:
    """The history that has read them."""
    history = history or a_history()
    for entry in read(ledger, history, *statements).entries:
        history.take_in(entry)
    return history
