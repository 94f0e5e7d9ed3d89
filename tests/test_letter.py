"""What a letter says: every letter, every language, every combination of its parts (S22, S8, S29, S30)."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.domain.client import PaymentWays
from daemon.mail.pack import LADDER
from daemon.mail.wording import WORDING
from tests.letter_cases import (
    EARLY,
    FIRM,
    INVOICES,
    LANGUAGES,
    a_claim,
    a_full_letter,
    a_letter,
    golden_letters,
    packs,
    write,
)
from tests.letter_text import shown, words

EVERY = list(itertools.product(LADDER, LANGUAGES))
PAY_BY = {
    "en": ("Saturday 31 October 2026", "Friday 27 November 2026"),
    "it": ("sabato 31 ottobre 2026", "venerdì 27 novembre 2026"),
    "es": ("sábado 31 de octubre de 2026", "viernes 27 de noviembre de 2026"),
    "tr": ("31 Ekim 2026 Cumartesi", "27 Kasım 2026 Cuma"),
}
TODAY = {
    "en": ("29 October 2026", "18 November 2026"),
    "it": ("29 ottobre 2026", "18 novembre 2026"),
    "es": ("29 de octubre de 2026", "18 de noviembre de 2026"),
    "tr": ("29 Ekim 2026", "18 Kasım 2026"),
}
ISSUED = {"en": "1 October 2026", "it": "1 ottobre 2026", "es": "1 de octubre de 2026", "tr": "1 Ekim 2026"}
AMOUNT = {"en": "€1,220.00", "it": "1.220,00\u00a0€", "es": "1.220,00\u00a0€", "tr": "€1.220,00"}
LATE = {  # what a letter before the due date never says
    "en": r"overdue|past due|today|late\b",
    "it": r"scadut|in ritardo|oggi|sollecito",
    "es": r"vencid|retras|atras|\bhoy\b",
    "tr": r"gecik|geçmiş|bugün",
}


@pytest.mark.parametrize(("letter", "language"), EVERY)
def test_a_letter_holds_all_that_a_reminder_has_to_hold(letter: str, language: str) -> None:
    """S22, point by point, in both parts."""
    early = letter in EARLY
    rendered = write(a_letter(letter, language))
    wanted = [
        "Studio Bianchi S.r.l.",
        "Via Roma 1, 20121 Milano",
        "fatture@bianchi.example",
        "+39 02 5550 1234",
        "IT01234567890",  # the creditor
        "Acme S.p.A.",
        "Corso Italia 5, 10121 Torino",  # the client
        TODAY[language][0 if early else 1],  # its own date
        "Giulia Bianchi",  # billing contact
        "2026-041",
        ISSUED[language],
        "Website",  # invoice number and details
        AMOUNT[language],  # amount due
        PAY_BY[language][0 if early else 1],  # its own deadline
        "RF45\u00a01234\u00a05123\u00a045",
        "IT60\u00a0X054\u00a02811\u00a01010\u00a00000\u00a00123\u00a0456",
        "XXXXITMM",
        "https://pay.example/2026-041",
    ]
    if letter in FIRM:
        wanted.append("Contract 12/2025, art. 4: 30 days, then statutory interest")
    page = shown(rendered.html).replace("\u00a0", " ") + rendered.html

    assert [word for word in wanted if word not in words(rendered.text)] == []
    assert [word for word in wanted if word.replace("\u00a0", " ") not in page.replace("\u00a0", " ")] == []
    assert "2026-041" in rendered.subject


@pytest.mark.parametrize(("letter", "language"), EVERY)
def test_terms_are_quoted_from_the_firm_reminder_on(letter: str, language: str) -> None:
    rendered = write(a_letter(letter, language))

    assert ("Contract 12/2025" in words(rendered.text)) is (letter in FIRM)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", FIRM)
def test_without_terms_a_firm_letter_names_the_due_date_instead(letter: str, language: str) -> None:
    """It must not promise a quotation that does not follow."""
    with_terms = write(a_letter(letter, language))
    bare = {"2026-041": replace(INVOICES["2026-041"], terms=None)}
    without = write(a_letter(letter, language), invoices=bare)
    agreed = packs()[language].phrases["terms"].split("(")[0].strip()

    assert agreed in words(with_terms.text)
    assert agreed not in words(without.text)
    assert re.search(r"agreed|concordato|acordado|Kararlaştırıldığı", without.text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("letter", EARLY)
def test_a_letter_before_the_due_date_never_says_today_or_overdue(letter: str, language: str) -> None:
    """The due-today letter may leave on the Friday before a Sunday."""
    for queued in (a_letter(letter, language), a_full_letter(letter, language)):
        rendered = write(queued)

        assert not re.search(LATE[language], rendered.text + rendered.subject, re.IGNORECASE)


@pytest.mark.parametrize(("letter", "language"), EVERY)
def test_every_combination_of_parts_reads_whole(letter: str, language: str) -> None:
    """No gap, no leftover of the template, at most 76 columns, and each optional part only where it belongs."""
    phrases = packs()[language].phrases
    for several, promised, also_open, partly, bare in itertools.product((False, True), repeat=5):
        claims = [a_claim(paid=Decimal(200), outstanding=Decimal(1020)) if partly else a_claim()]
        claims += [a_claim("2026-044", instalment=1, outstanding=Decimal(450))] if several else []
        queued = a_letter(
            letter,
            language,
            claims=tuple(claims),
            promised_on=date(2026, 11, 16) if promised else None,
            also_open=(a_claim("2026-050", level=2),) if also_open else (),
        )
        creditor = {"payment": PaymentWays(), "phone": None, "address": "", "tax_id": None} if bare else {}
        rendered = write(queued, creditor=creditor)
        text = words(rendered.text)

        assert not re.search(r"[{}\x00-\x09\x0b-\x1f]|None|Undefined|\n\n\n|[^.]\.\.(?!\.)| ,| \.( |$)", rendered.text)
        assert all(len(line) <= 76 and line == line.rstrip() for line in rendered.text.splitlines())
        assert (phrases["promise"].split("{")[0] in text) is promised
        assert (words(phrases["also_open"]) in text) is also_open
        assert (phrases["label_paid"] in text) is partly
        assert ("IBAN" in text) is not bare
        assert shown(rendered.html).count("2026-041") >= 2


@pytest.mark.parametrize(("letter", "language"), EVERY)
def test_html_is_well_formed_and_loads_nothing(letter: str, language: str) -> None:
    """Inline styles only: no script, no style sheet, no picture, no tracker."""
    html = write(a_full_letter(letter, language)).html
    bare = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    opened = re.findall(r"<(\w+)", bare.replace("<!DOCTYPE", ""))
    void = {"meta", "br"}

    assert sorted(tag for tag in opened if tag not in void) == sorted(re.findall(r"</(\w+)", bare))
    assert not {"script", "style", "link", "img", "iframe", "form"} & set(opened)
    assert f'<html lang="{language}">' in html
    assert re.findall(r'(?:src|href)="(?!https://pay\.example/)', html) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_invoice_and_several_are_spoken_of_rightly(language: str) -> None:
    """Agreement in the sentence that follows the greeting, in each letter."""
    singular = {"en": "invoice below", "it": "la fattura", "es": "la factura", "tr": "fatura"}[language]
    plural = {"en": "invoices below", "it": "le fatture", "es": "las facturas", "tr": "faturalar"}[language]
    for letter in LADDER:
        one = words(write(a_letter(letter, language)).text).casefold()
        many = words(write(a_full_letter(letter, language)).text).casefold()

        assert singular in one
        assert plural not in one
        assert plural in many


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_letter_and_every_phrase(language: str) -> None:
    pack = packs()[language]

    assert set(LADDER) <= set(pack.letters)
    assert set(WORDING) == set(pack.phrases)


@pytest.mark.parametrize(
    ("path", "text"), [pytest.param(*case, id=f"{case[0].parent.name}-{case[0].stem}") for case in golden_letters()]
)
def test_a_letter_reads_as_it_was_last_approved(path: Path, text: str) -> None:
    """Golden files: `python -m tests.letter_cases` writes them anew."""
    assert text == path.read_text(encoding="utf-8")
