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

from daemon.adapters.config_main import LANGUAGES as LANGUAGES
from daemon.adapters.templates_dir import load_packs
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.client import Client, Contact, Creditor, Form, PaymentWays, Role
from daemon.domain.books.invoice import Instalment, Invoice, Line
from daemon.domain.books.money import Money
from daemon.domain.books.policy import BROKEN_PLAN, BROKEN_PROMISE, EARLY_LETTERS, INSTALMENT_DUE, STATEMENT, THANK_YOU
from daemon.domain.journal import Claim, LetterQueued
from daemon.mail.letters.kinds import SHIPPED_LETTERS
from daemon.mail.letters.letter import Rendered, render
from daemon.mail.letters.pack import Pack

FAMILIAR = tuple(language for language in LANGUAGES if language != "en")  # those that have a familiar form, too
EARLY = EARLY_LETTERS
FIRM = ("firm-reminder", "stop-work", "final-notice")
OF_A_PLAN = (INSTALMENT_DUE, BROKEN_PLAN)
ASKING = tuple(name for name in SHIPPED_LETTERS if name not in (THANK_YOU, STATEMENT))  # for a payment, or a receipt
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
    """Of 18 November about invoice 2026-041, to be paid by the 27th; an early one of 29 October, by the 31st.

    Letters of a plan are about the first instalment of 2026-044; a thank-you about what was paid.
    """
    early = letter in EARLY
    claim = a_claim()
    if letter in OF_A_PLAN:
        claim = a_claim("2026-044", instalment=1, outstanding=Decimal(450))
    elif letter == THANK_YOU:
        claim = a_claim(paid=Decimal("1220.00"), outstanding=Decimal(0))
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
        "claims": (claim,),
        "deadline": date(2026, 11, 27) if letter in FIRM else None,
        "pay_by": date(2026, 10, 31) if early else date(2026, 11, 27),
        "promised_on": date(2026, 11, 16) if letter == BROKEN_PROMISE else None,
        "why": "a test",
    }
    return LetterQueued(**{**fields, **changes})  # type: ignore[arg-type]


def a_full_letter(letter: str, language: str) -> LetterQueued:
    """Everything at once: several invoices, one part paid, an instalment, a broken promise, others open."""
    claims: tuple[Claim, ...] = (
        a_claim(paid=Decimal(200), credited=Decimal(120), outstanding=Decimal(900)),
        a_claim("2026-044", instalment=1, outstanding=Decimal(450)),
    )
    if letter == THANK_YOU:
        claims = (
            a_claim(paid=Decimal(1100), credited=Decimal(120), outstanding=Decimal(0)),
            a_claim("2026-044", instalment=1, paid=Decimal(450), outstanding=Decimal(0)),
        )
    if letter == STATEMENT:
        claims = (*claims, a_claim("2026-050"))
    return a_letter(
        letter,
        language,
        claims=claims,
        also_open=(a_claim("2026-044", instalment=2, level=2, outstanding=Decimal(450), due_on=date(2026, 12, 6)),),
        promised_on=date(2026, 11, 16) if letter in (*FIRM, BROKEN_PROMISE) else None,
    )


def write(letter: LetterQueued, **changes: object) -> Rendered:
    """Render with the companies above; `invoices`, `creditor`, `client` and `render`'s own words may be changed."""
    invoices = changes.pop("invoices", INVOICES)
    creditor = replace(CREDITOR, **changes.pop("creditor", {}))  # type: ignore[arg-type]
    client = replace(CLIENT, **changes.pop("client", {}))  # type: ignore[arg-type]
    return render(letter, creditor, client, invoices, packs(), **changes)  # type: ignore[arg-type]


def golden_letters() -> Sequence[tuple[Path, LetterQueued, Form]]:
    """Every letter in every language, plain, with everything at once, and in the familiar form: where it is kept."""
    found = []
    for language in LANGUAGES:
        for name in SHIPPED_LETTERS:
            one, full = a_letter(name, language), a_full_letter(name, language)
            kinds = {"one": (one, Form.FORMAL), "full": (full, Form.FORMAL)}
            if language in FAMILIAR:
                kinds["informal"] = (full, Form.INFORMAL)
            found += [(GOLDEN / language / f"{name}.{kind}.txt", *case) for kind, case in kinds.items()]
    return found


def golden_text(letter: LetterQueued, form: Form) -> str:
    rendered = write(letter, client={"form": form})
    return f"Subject: {rendered.subject}\n\n{rendered.text}"


if __name__ == "__main__":
    for path, letter, form in golden_letters():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(golden_text(letter, form), encoding="utf-8")
