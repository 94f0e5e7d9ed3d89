"""Books and a journal for the tests of the dossier: an invoice through its letters, with an answer and a bounce."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from daemon.adapters.rates_yaml import shipped_laws
from daemon.domain import journal as j
from daemon.domain.books.client import Client
from daemon.domain.books.extras_terms import Compensation, ExtrasTerms, Interest
from daemon.domain.books.invoice import Invoice, Payment
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.history import History
from daemon.loops.dossier import Dossier, Folder, Typeset
from daemon.mail.dossier.document import Document
from tests.builders import a_client, a_creditor, a_history, a_ledger, a_policy, an_invoice, at
from tests.letter_cases import packs

TODAY = date(2026, 12, 21)
NUMBERS = ("2026-041", "2026-044")
EXTRAS = ExtrasTerms(interest=Interest.STATUTORY, compensation=Compensation.STATUTORY)
INVOICES = (
    an_invoice(
        terms="Contratto 12/2025, art. 4: 30 giorni; in mancanza, interessi di legge",
        pdf="/books/2026-041.pdf",
        evidence=("/books/contracts/ordine firmato.pdf",),
        payments=(Payment(on=date(2026, 11, 20), amount=Decimal("200.00")),),
    ),
    an_invoice("2026-044", total=Money(Decimal("900.00"), "EUR"), due_on=date(2026, 11, 6), pdf="/books/2026-044.pdf"),
    an_invoice("NC-7", credit=True, against="2026-041", total=Money(Decimal("120.00"), "EUR"), pdf="/books/NC-7.pdf"),
    an_invoice("2026-050", total=Money(Decimal("5.00"), "USD")),
)
FILES = {
    "/books/2026-041.pdf": b"%PDF-1.4 the invoice",
    "/books/2026-044.pdf": b"%PDF-1.4 the other",
    "/books/NC-7.pdf": b"%PDF-1.4 the note",
    "/books/contracts/ordine firmato.pdf": b"%PDF-1.4 signed",
}
KEPT = {
    "letter-acme-1.eml": b"Subject: Promemoria\r\n\r\nil primo\r\n",
    "mail-aa.eml": b"Subject: Re: Promemoria\r\n\r\nvenerdi\r\n",
    "mail-bb.eml": b"Subject: Undelivered\r\n\r\nno such user\r\n",
}


def books(*invoices: Invoice, client: Client | None = None, **creditor: object) -> Ledger:
    return a_ledger(
        *(invoices or INVOICES),
        clients=(client or a_client(),),
        policy=a_policy(extras=EXTRAS),
        laws=shipped_laws(),
        creditor=a_creditor(**creditor),
    )


def a_claim(number: str = "2026-041", level: int = 3) -> j.Claim:
    return j.Claim(
        number=number, instalment=None, level=level, due_on=date(2026, 10, 30), outstanding=Decimal("1220.00"),
        currency="EUR", paid=Decimal(0), credited=Decimal(0),
    )  # fmt: skip


def a_letter(letter_id: str, letter: str, on: date, level: int) -> tuple[j.ClientEntry, ...]:
    """Queued in the morning and accepted an hour later."""
    queued = j.LetterQueued(
        at=at(on, 8), client="acme", letter_id=letter_id, letter=letter, level=level, on=on, to="anna@acme.example",
        to_name="Anna Verdi", language="it", claims=(a_claim(level=level),), deadline=None, pay_by=on, why="a test",
    )  # fmt: skip
    started = j.DeliveryStarted(
        at=at(on), client="acme", letter_id=letter_id, to="anna@acme.example", on=on, attempt=1, message_id="<a@b>"
    )
    accepted = j.DeliveryAccepted(
        at=at(on), client="acme", letter_id=letter_id, to="anna@acme.example", reply="250 2.0.0 Ok: queued as 4F"
    )
    return queued, started, accepted


def entries() -> list[j.AnyEntry]:
    """A first reminder, a promise that was broken, a second one that bounced, a call, and the hand-over."""
    nov = date(2026, 11, 2)
    return [
        *a_letter("acme-1", "first-reminder", nov, 3),
        j.ReplyReceived(
            at=at(nov, 15), client="acme", numbers=("2026-041",), letter_id="acme-1", mail="aa",
            sender="anna@acme.example", intent="promise", on=nov,
        ),
        j.PromiseMade(
            at=at(nov, 15), client="acme", numbers=("2026-041",), promised_on=date(2026, 11, 6), mail="aa", on=nov
        ),
        j.PromiseBroken(
            at=at(date(2026, 11, 10)), client="acme", numbers=("2026-041",), promised_on=date(2026, 11, 6),
            on=date(2026, 11, 10),
        ),
        *a_letter("acme-2", "second-reminder", date(2026, 11, 11), 4),
        j.ContactFailed(
            at=at(date(2026, 11, 11), 10), client="acme", address="anna@acme.example", reason="550 5.1.1 no such user",
            letter_id="acme-2", mail="bb", on=date(2026, 11, 11),
        ),
        j.PaymentRecorded(
            at=at(date(2026, 11, 20)), client="acme", number="2026-041", amount=Decimal("200.00"), currency="EUR",
            on=date(2026, 11, 20), by="yaml",
        ),
        j.CallMade(
            at=at(date(2026, 11, 25)), client="acme", call_id=None, numbers=("2026-041",), result="voicemail",
            on=date(2026, 11, 25),
        ),
        j.HandedOver(at=at(TODAY, 7), client="acme", numbers=("2026-041",), to="legal", on=TODAY),
    ]  # fmt: skip


def a_dossier(
    ledger: Ledger | None = None,
    *,
    numbers: tuple[str, ...] = NUMBERS,
    files: Mapping[str, bytes] = FILES,
    kept: Mapping[str, bytes] = KEPT,
    more: tuple[j.AnyEntry, ...] = (),
    typeset: Typeset = lambda document: b"%PDF " + document.title.encode(),
) -> Dossier:
    """Put together from `entries`; the documents are not set unless a typesetter is given."""

    def read_file(path: str) -> bytes:
        if path not in files:
            raise FileNotFoundError(2, "No such file or directory")
        return files[path]

    told = [*entries(), *more]
    known: History = a_history(*told, begun=None)
    folder = Folder(ledger or books(), known, told, "acme", numbers, TODAY, packs())
    return folder.put_together(typeset, kept.get, read_file, lambda _: None)


def documents(ledger: Ledger | None = None, *, numbers: tuple[str, ...] = NUMBERS) -> list[Document]:
    """The documents of a dossier, before they are set."""
    found: list[Document] = []
    a_dossier(ledger, numbers=numbers, typeset=lambda document: found.append(document) or b"")
    return found
