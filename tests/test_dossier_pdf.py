"""The documents of a dossier as PDF: read back with pypdf, as a stranger's program would."""

from __future__ import annotations

import io
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from pypdf import PdfReader

from daemon.adapters.pdf import typeset
from daemon.domain.books.client import PaymentWays
from daemon.domain.books.money import Money
from daemon.mail.dossier.document import Document, Heading, SigningPlace
from daemon.mail.letters.sheet import Element, Facts, Lines, Links, Paragraph, Table
from tests.builders import a_client, an_invoice
from tests.dossier_books import INVOICES, TODAY, a_dossier, books, documents
from tests.letter_cases import LANGUAGES

DEMANDS = {  # what makes it a demand, and no reminder, in each language
    "en": "We hereby formally demand payment of",
    "it": "Con la presente Vi costituiamo formalmente in mora",
    "es": "Por la presente les requerimos formalmente",
    "tr": "ihtaren talep ederiz",
    "de": "Hiermit fordern wir Sie förmlich auf",
    "fr": "nous vous mettons en demeure de nous régler",
    "pt": "interpelamo-los formalmente",
    "nl": "Hierbij stellen wij u formeel in gebreke",
}
HOSTILE = '#panic("x") *bold* _it_ $x^2$ <label> @ref `raw` \\ // /* [b] #{1+1} "q" ~ --- $$ \' <b>&amp;</b>'


def a_document(*elements: Element | Heading | SigningPlace, **changes: object) -> Document:
    given: dict[str, object] = {
        "title": "A title", "author": "Studio Bianchi S.r.l.", "language": "it", "on": TODAY, "elements": elements,
    }  # fmt: skip
    return Document(**{**given, **changes})  # type: ignore[arg-type]


def text_of(pdf: bytes) -> str:
    """All its words with single spaces; where a long word may break there is nothing."""
    pages = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", pages).replace("\u200b", ""))


@cache
def texts(language: str) -> dict[str, str]:
    ledger = books(client=a_client(language=language), language=language)
    pieces = a_dossier(ledger, typeset=typeset).pieces
    return {p.name: text_of(p.content) for p in pieces if p.name.endswith(".pdf") and "/" not in p.name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_demand_says_all_that_a_formal_demand_has_to_say(language: str) -> None:
    """S13: the amount of the original invoice, what came in, what is open; extras apart; terms, day, account, who."""
    text = texts(language)["letter-of-demand.pdf"]
    figures = re.sub(r"[\s.,  ]", "", text)

    assert DEMANDS[language] in text
    for words in ("Studio Bianchi S.r.l.", "Via Roma 1, 20121 Milano", "Acme S.p.A.", "Corso Italia 5, 10121 Torino"):
        assert words in text
    for amount in ("122000", "20000", "12000", "90000", "180000", "10601", "190601"):
        assert amount in figures, amount
    assert "Contratto 12/2025, art. 4: 30 giorni; in mancanza, interessi di legge" in text
    assert "IT60 X054 2811 1010 0000 0123 456" in text.replace("\u00a0", " ")
    assert "Giulia Bianchi" in text
    assert "2026-041, 2026-044" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_document_is_there_in_every_language_with_its_letters_and_no_placeholder(language: str) -> None:
    found = texts(language)

    assert {*found} == {"letter-of-demand.pdf", "interest.pdf", "statement.pdf", "timeline.pdf"}
    for text in found.values():
        assert not re.search(r"[{}\ufffd\x00-\x1f]", text)
    assert "250 2.0.0 Ok: queued as 4F" in found["timeline.pdf"]
    assert "mails/002-2026-11-02-reply.eml" in found["timeline.pdf"]
    assert "NC-7" in found["statement.pdf"]
    assert "÷ 365" in found["interest.pdf"]


@pytest.mark.parametrize("element", [
    Paragraph(HOSTILE), Lines((HOSTILE,)), Heading(HOSTILE), Table(("a", HOSTILE), (("b", HOSTILE),), title=HOSTILE),
    Facts(((HOSTILE, HOSTILE),)), Links(((HOSTILE, "https://pay.example/x"),)), SigningPlace((HOSTILE,)),
])  # fmt: skip
def test_what_a_client_is_called_or_agreed_is_text_and_never_markup(element: Element | Heading | SigningPlace) -> None:
    text = text_of(typeset(a_document(element, title=HOSTILE)))

    assert re.sub(r"\s", "", HOSTILE) in re.sub(r"\s", "", text)


def test_hostile_books_make_an_ordinary_dossier() -> None:
    client = a_client(name=f"Acme {HOSTILE}", address="#read('/etc/passwd')", language="en")
    ledger = books(an_invoice(f"1 {HOSTILE}"[:60], terms=HOSTILE * 3), client=client, language="en")
    pieces = a_dossier(ledger, numbers=(f"1 {HOSTILE}"[:60],), typeset=typeset).pieces
    text = text_of(pieces[0].content)

    assert "#read('/etc/passwd')" in text
    assert "#panic(" in text


@pytest.mark.parametrize(
    "letters",
    ["ğĞşŞıİçöü", "ñÑáéíóú¿¡", "ãõâêôàç", "äöüßÄÖÜ", "éèêëœç«»", "€ £ ₺ CHF ‰ –", "Łódź ěšč", "Ελληνικά", "Кириллица"],
)
def test_the_fonts_inside_have_the_letters_of_our_clients(letters: str) -> None:
    assert letters in text_of(typeset(a_document(Paragraph(letters))))


def test_signs_that_no_font_has_do_not_keep_a_dossier_back() -> None:
    assert text_of(typeset(a_document(Paragraph("before \U000e0041 中文 \ue000 after")))).startswith("before")


def test_a_word_without_end_does_not_run_off_the_page() -> None:
    long = "x" * 900
    wide = PdfReader(io.BytesIO(typeset(a_document(Paragraph(long), Table(("a", "b"), ((long, "1"),))))))
    right: list[float] = []
    for page in wide.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, font, size: right.append(tm[4]) if text.strip() else None)

    assert max(right) < 210 / 25.4 * 72


def test_the_same_document_is_the_same_file_and_bears_its_own_date() -> None:
    document = a_document(Heading("Estratto conto"), on=date(2026, 2, 3))
    one, two = typeset(document), typeset(document)

    assert one == two
    found = PdfReader(io.BytesIO(one))
    assert found.metadata is not None
    assert (found.metadata.title, found.metadata.author) == ("A title", "Studio Bianchi S.r.l.")
    assert str(found.metadata["/CreationDate"]).startswith("D:20260203")
    assert str(found.trailer["/Root"]["/Lang"]) == "it"
    assert b"pdfaid" in one  # PDF/A: for archives
    assert "/StructTreeRoot" in found.trailer["/Root"]  # tagged: it can be read aloud


def test_a_long_account_goes_over_pages_with_its_head_on_each() -> None:
    rows = tuple((f"2026-{n:03d}", "€1.00") for n in range(120))
    found = PdfReader(io.BytesIO(typeset(a_document(Table(("Number", "Amount"), rows, ("Total", "€120.00"))))))

    assert len(found.pages) >= 3
    assert all("Number" in page.extract_text() for page in found.pages)


def test_a_swiss_account_brings_its_payment_slip_on_a_page_of_its_own() -> None:
    ways = PaymentWays(iban="CH93 0076 2011 6238 5295 7")
    ledger = books(
        replace(INVOICES[1], total=Money(Decimal("900.00"), "CHF")), client=a_client(language="de"), payment=ways
    )
    made = next(d for d in documents(ledger, numbers=("2026-044",)) if d.slip)
    pages = PdfReader(io.BytesIO(typeset(made))).pages

    assert "Empfangsschein" in pages[-1].extract_text()
    assert "Empfangsschein" not in pages[0].extract_text()


def test_the_typesetter_takes_no_more_memory_after_its_first_dozens_of_documents() -> None:
    """A daemon lives for months: what Typst remembers of one document, it forgets over the next ones."""

    def typeset_many(count: int, named: str) -> int:
        for number in range(count):
            entries = (Paragraph(f"{named} {number}, entry {entry}: {number * 7919 + entry}") for entry in range(40))
            typeset(a_document(*entries))
        return int(re.findall(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())[0])

    before = typeset_many(40, "first")

    assert typeset_many(40, "then") - before < 4096, "kB"
