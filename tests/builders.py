"""Small builders of domain values for tests: every argument has a plain default, and a test names only what matters."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.client import Channel, Client, Contact, Creditor, PaymentWays
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.books.owner import Owner
from daemon.domain.books.policy import CallLevel, HandoverLevel, LetterLevel, Policy
from daemon.domain.history import History
from daemon.domain.standing.case import Case, case_of

ROME = ZoneInfo("Europe/Rome")

STANDARD_LEVELS = (
    LetterLevel(letter="courtesy", day=-3, only_late_payers=True),
    LetterLevel(letter="due-today", day=0, only_late_payers=True),
    LetterLevel(letter="first-reminder", day=2, rest_days=1),
    LetterLevel(letter="second-reminder", day=9),
    CallLevel(reason="two letters without an answer", day=16),
    LetterLevel(letter="firm-reminder", day=23, deadline_days=7),
    CallLevel(reason="before the final notice", day=31),
    LetterLevel(letter="final-notice", day=35, deadline_days=10, approval=True),
    HandoverLevel(to="legal", after_deadline=3, approval=True),
)


def a_creditor(**changes: object) -> Creditor:
    given: dict[str, object] = {
        "name": "Studio Bianchi S.r.l.",
        "contact": "Giulia Bianchi",
        "email": "fatture@bianchi.example",
        "phone": "+39 02 5550 1234",
        "address": "Via Roma 1, 20121 Milano",
        "tax_id": "IT01234567890",
        "language": "it",
        "timezone": ROME,
        "calendar": BusinessCalendar("IT"),
        "payment": PaymentWays(iban="IT60X0542811101000000123456", bic="XXXXITMM"),
    }
    return Creditor(**{**given, **changes})  # type: ignore[arg-type]


def a_contact(name: str = "Anna Verdi", email: str = "anna@acme.example", **changes: object) -> Contact:
    return Contact(**{"name": name, "email": email, "phone": "+39 02 5550 1111", **changes})  # type: ignore[arg-type]


def a_client(key: str = "acme", **changes: object) -> Client:
    given: dict[str, object] = {
        "key": key,
        "name": f"{key.title()} S.p.A.",
        "language": "it",
        "policy": "standard",
        "contacts": (a_contact(email=f"anna@{key}.example"),),
        "timezone": ROME,
        "calendar": BusinessCalendar("IT"),
        "address": "Corso Italia 5, 10121 Torino",
        "channel": Channel.MAIL,
    }
    return Client(**{**given, **changes})  # type: ignore[arg-type]


def a_policy(**changes: object) -> Policy:
    return Policy(**{"name": "standard", "levels": STANDARD_LEVELS, **changes})  # type: ignore[arg-type]


def an_invoice(number: str = "2026-041", client: str = "acme", **changes: object) -> Invoice:
    given: dict[str, object] = {
        "number": number,
        "client": client,
        "total": Money(Decimal("1220.00"), "EUR"),
        "due_on": date(2026, 10, 30),
        "issued_on": date(2026, 10, 1),
    }
    return Invoice(**{**given, **changes})  # type: ignore[arg-type]


def a_ledger(
    *invoices: Invoice, clients: tuple[Client, ...] = (), policy: Policy | None = None, **changes: object
) -> Ledger:
    known = clients or (a_client(),)
    given: dict[str, object] = {
        "creditor": a_creditor(),
        "owner": Owner(email="giulia@bianchi.example"),
        "policies": {"standard": policy or a_policy()},
        "clients": {client.key: client for client in known},
        "invoices": invoices,
    }
    return Ledger(**{**given, **changes})  # type: ignore[arg-type]


def a_history(*entries: j.AnyEntry, begun: date | None = date(2026, 1, 1)) -> History:
    """The entries folded, behind a first start long ago."""
    history = History()
    if begun is not None:
        history.take_in(j.JournalBegun(at=at(begun), on=begun, sends=False))
    for entry in entries:
        history.take_in(entry)
    return history


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), UTC)


def a_case(ledger: Ledger, history: History, today: date, client: str = "acme") -> Case:
    return case_of(ledger, history, client, today)


def closed(first: date, last: date) -> BusinessCalendar:
    return BusinessCalendar("IT", (DateRange(first, last),))
