"""Letters to be written in the tests: two companies, three invoices, and the figures of a claim.

`python -m tests.letter_cases` writes the golden letters anew; read the difference before you commit it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.adapters.templates_dir import load_packs
from daemon.domain.calendar import BusinessCalendar
from daemon.domain.client import Client, Contact, Creditor, PaymentWays, Role
from daemon.domain.invoice import Instalment, Invoice, Line
from daemon.domain.journal import Claim, LetterQueued
from daemon.domain.money import Money
from daemon.mail.letter import Rendered, render
from daemon.mail.pack import LADDER, Pack

LANGUAGES = ("en", "it", "es", "tr")
EARLY = ("courtesy", "due-today")
FIRM = ("firm-reminder", "final-notice")
GOLDEN = Path(__file__).parent / "letters"
ROME = ZoneInfo("Europe/Rome")

CREDITOR = Creditor(
    name="Studio Bianchi S.r.l.",
    contact="Giulia Bianchi",
    email="fatture@bianchi.example",
    language="it",
    timezone=ROME,
    calendar=BusinessCalendar("IT"),
    phone="+39 02 5550 1234",
    address="Via Roma 1, 20121 Milano",
    tax_id="IT01234567890",
    payment=PaymentWays(iban="IT60X0542811101000000123456", bic="XXXXITMM", link="https://pay.example/{number}"),
)
CLIENT = Client(
    key="acme",
    name="Acme S.p.A.",
    language="it",
    policy="standard",
    contacts=(
        Contact(name="Anna Verdi", email="anna@acme.example"),
        Contact(name="Dario Neri", email="d.neri@acme.example", role=Role.CC),
    ),
    timezone=ROME,
    calendar=BusinessCalendar("IT"),
    address="Corso Italia 5, 10121 Torino",
)
INVOICES: Mapping[str, Invoice] = {
    invoice.number: invoice
    for invoice in (
        Invoice(
            number="2026-041",
            client="acme",
            total=Money(Decimal("1220.00"), "EUR"),
            due_on=date(2026, 10, 31),
            issued_on=date(2026, 10, 1),
            lines=(Line(what="Website", quantity=Decimal(10), unit="h", price=Decimal(100), vat=Decimal(22)),),
            reference="RF45 1234 5123 45",
            terms="Contract 12/2025, art. 4: 30 days, then statutory interest",
        ),
        Invoice(
            number="2026-044",
            client="acme",
            total=Money(Decimal("900.00"), "EUR"),
            due_on=date(2026, 11, 6),
            issued_on=date(2026, 10, 7),
            pdf="/books/2026-044.pdf",
            instalments=(
                Instalment(due_on=date(2026, 11, 6), amount=Decimal(450)),
                Instalment(due_on=date(2026, 12, 6), amount=Decimal(450)),
            ),
        ),
        Invoice(
            number="2026-050",
            client="acme",
            total=Money(Decimal("300.00"), "EUR"),
            due_on=date(2026, 11, 20),
            issued_on=date(2026, 10, 21),
            pdf="/books/2026-050.pdf",
        ),
    )
}


@cache
def packs() -> Mapping[str, Pack]:
    return load_packs(())


def a_claim(number: str = "2026-041", **changes: object) -> Claim:
    fields: dict[str, object] = {
        "number": number,
        "instalment": None,
        "level": 4,
        "due_on": INVOICES[number].due_on,
        "outstanding": INVOICES[number].total.amount,
        "currency": "EUR",
        "paid": Decimal(0),
        "credited": Decimal(0),
    }
    return Claim(**{**fields, **changes})  # type: ignore[arg-type]


def a_letter(letter: str = "first-reminder", language: str = "en", **changes: object) -> LetterQueued:
    """Of 18 November about invoice 2026-041, to be paid by the 27th; an early one of 29 October, by the 31st."""
    early = letter in EARLY
    fields: dict[str, object] = {
        "at": datetime(2026, 11, 18, 9, tzinfo=UTC),
        "client": "acme",
        "letter_id": "acme-3",
        "letter": letter,
        "level": 4,
        "on": date(2026, 10, 29) if early else date(2026, 11, 18),
        "to": "anna@acme.example",
        "to_name": "Anna Verdi",
        "language": language,
        "claims": (a_claim(),),
        "deadline": date(2026, 11, 27) if letter in FIRM else None,
        "pay_by": date(2026, 10, 31) if early else date(2026, 11, 27),
        "why": "a test",
    }
    return LetterQueued(**{**fields, **changes})  # type: ignore[arg-type]


def a_full_letter(letter: str, language: str) -> LetterQueued:
    """Everything at once: several invoices, one part paid, an instalment, a broken promise, others open."""
    claims = (
        a_claim(paid=Decimal(200), credited=Decimal(120), outstanding=Decimal(900)),
        a_claim("2026-044", instalment=1, outstanding=Decimal(450)),
    )
    return a_letter(
        letter,
        language,
        claims=claims,
        also_open=(a_claim("2026-044", instalment=2, level=2, outstanding=Decimal(450), due_on=date(2026, 12, 6)),),
        promised_on=None if letter in EARLY else date(2026, 11, 16),
    )


def write(letter: LetterQueued, **changes: object) -> Rendered:
    """Render with the companies above; `invoices`, `creditor`, `client` and `render`'s own words may be changed."""
    invoices = changes.pop("invoices", INVOICES)
    creditor = replace(CREDITOR, **changes.pop("creditor", {}))  # type: ignore[arg-type]
    client = replace(CLIENT, **changes.pop("client", {}))  # type: ignore[arg-type]
    return render(letter, creditor, client, invoices, packs(), **changes)  # type: ignore[arg-type]


def golden_letters() -> Sequence[tuple[Path, str]]:
    """Every letter in every language, plain and with everything at once: where it is kept, and its text."""
    found = []
    for language in LANGUAGES:
        for name in LADDER:
            for kind, letter in (("one", a_letter(name, language)), ("full", a_full_letter(name, language))):
                rendered = write(letter)
                found.append(
                    (GOLDEN / language / f"{name}.{kind}.txt", f"Subject: {rendered.subject}\n\n{rendered.text}")
                )
    return found


if __name__ == "__main__":
    for path, text in golden_letters():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
