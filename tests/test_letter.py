"""What a letter says: every letter, every language, every combination of its parts (S22, S8, S29, S30)."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.domain.books.client import Form, PaymentWays
from daemon.domain.books.policy import BROKEN_PROMISE, STATEMENT, THANK_YOU
from daemon.domain.journal import LetterQueued
from daemon.mail.letters.kinds import DEMAND, SHIPPED_LETTERS, kind_of
from daemon.mail.letters.wording import WORDING
from tests.letter_cases import (
    ASKING,
    EARLY,
    FAMILIAR,
    FIRM,
    INVOICES,
    LANGUAGES,
    OF_A_PLAN,
    a_claim,
    a_full_letter,
    a_letter,
    golden_letters,
    golden_text,
    packs,
    write,
)
from tests.letter_text import shown, words

FORMS = [(language, Form.FORMAL) for language in LANGUAGES] + [(language, Form.INFORMAL) for language in FAMILIAR]
EVERY = [(letter, *form) for letter, form in itertools.product(SHIPPED_LETTERS, FORMS)]
PAY_BY = {
    "en": ("Saturday 31 October 2026", "Friday 27 November 2026"),
    "it": ("sabato 31 ottobre 2026", "venerdì 27 novembre 2026"),
    "es": ("sábado 31 de octubre de 2026", "viernes 27 de noviembre de 2026"),
    "tr": ("31 Ekim 2026 Cumartesi", "27 Kasım 2026 Cuma"),
    "de": ("Samstag, 31. Oktober 2026", "Freitag, 27. November 2026"),
    "fr": ("samedi 31 octobre 2026", "vendredi 27 novembre 2026"),
    "pt": ("sábado, 31 de outubro de 2026", "sexta-feira, 27 de novembro de 2026"),
    "nl": ("zaterdag 31 oktober 2026", "vrijdag 27 november 2026"),
}
TODAY = {
    "en": ("29 October 2026", "18 November 2026"),
    "it": ("29 ottobre 2026", "18 novembre 2026"),
    "es": ("29 de octubre de 2026", "18 de noviembre de 2026"),
    "tr": ("29 Ekim 2026", "18 Kasım 2026"),
    "de": ("29. Oktober 2026", "18. November 2026"),
    "fr": ("29 octobre 2026", "18 novembre 2026"),
    "pt": ("29 de outubro de 2026", "18 de novembro de 2026"),
    "nl": ("29 oktober 2026", "18 november 2026"),
}
ISSUED = {
    "en": "1 October 2026",
    "it": "1 ottobre 2026",
    "es": "1 de octubre de 2026",
    "tr": "1 Ekim 2026",
    "de": "1. Oktober 2026",
    "fr": "1er octobre 2026",
    "pt": "1 de outubro de 2026",
    "nl": "1 oktober 2026",
}
AMOUNT = {
    "en": "€1,220.00",
    "it": "1.220,00\u00a0€",
    "es": "1.220,00\u00a0€",
    "tr": "€1.220,00",
    "de": "1.220,00\u00a0€",
    "fr": "1\u00a0220,00\u00a0€",
    "pt": "1\u00a0220,00\u00a0€",
    "nl": "€\u00a01.220,00",
}
LATE = {  # what a letter before the due date never says
    "en": r"overdue|past due|today|late\b",
    "it": r"scadut|in ritardo|oggi|sollecito",
    "es": r"vencid|retras|atras|\bhoy\b",
    "tr": r"gecik|geçmiş|bugün",
    "de": r"überfällig|verspätet|Verzug|\bheute\b|Mahnung",
    "fr": r"retard|échue|impayé|relance|aujourd",
    "pt": r"vencid[ao]|atras|em falta|\bhoje\b",
    "nl": r"achterstallig|verlopen|te laat|vandaag|aanmaning",
}
AGREED = r"agreed|concordato|acordad|Kararlaştırıldığı|vereinbart|convenu|acordad|combinad|overeengekomen|afgesproken"
SINGULAR = {
    "en": "invoice below", "it": "la fattura", "es": "la factura", "tr": "fatura",
    "de": "rechnung", "fr": "la facture", "pt": "a fatura", "nl": "factuur",
}  # fmt: skip
PLURAL = {
    "en": "invoices below", "it": "le fatture", "es": "las facturas", "tr": "faturalar",
    "de": "rechnungen", "fr": "les factures", "pt": "as faturas", "nl": "facturen",
}  # fmt: skip


@pytest.mark.parametrize(("letter", "language", "form"), EVERY)
def test_a_letter_holds_all_that_a_reminder_has_to_hold(letter: str, language: str, form: Form) -> None:
    """S22, point by point, in both parts."""
    early = letter in EARLY
    queued = a_letter(letter, language) if letter == THANK_YOU else a_letter(letter, language, claims=(a_claim(),))
    rendered = write(queued, client={"form": form})
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
        AMOUNT[language],
    ]
    if letter != THANK_YOU:
        wanted += [
            "RF45\u00a01234\u00a05123\u00a045",
            "IT60\u00a0X054\u00a02811\u00a01010\u00a00000\u00a00123\u00a0456",
            "XXXXITMM",
            "https://pay.example/2026-041",
        ]
    if letter in ASKING:
        wanted += [ISSUED[language], "Website"]  # details
    if "pay_by" in kind_of(letter).words:
        wanted.append(PAY_BY[language][0 if early else 1])  # its own deadline
    if letter in FIRM:
        wanted.append("Contract 12/2025, art. 4: 30 days, then statutory interest")
    page = shown(rendered.html).replace("\u00a0", " ") + rendered.html
    text = words(rendered.text).replace("\u202f", "\u00a0")

    assert [word for word in wanted if word not in text] == []
    spaced = page.replace("\u00a0", " ").replace("\u202f", " ")
    assert [word for word in wanted if word.replace("\u00a0", " ") not in spaced] == []
    assert ("2026-041" in rendered.subject) is (letter != STATEMENT)


@pytest.mark.parametrize(("letter", "language", "form"), EVERY)
def test_terms_are_quoted_from_the_firm_reminder_on(letter: str, language: str, form: Form) -> None:
    rendered = write(a_letter(letter, language), client={"form": form})

    assert ("Contract 12/2025" in words(rendered.text)) is (letter in FIRM)


@pytest.mark.parametrize(("language", "form"), FORMS)
@pytest.mark.parametrize("letter", FIRM)
def test_without_terms_a_firm_letter_names_the_due_date_instead(letter: str, language: str, form: Form) -> None:
    """It must not promise a quotation that does not follow."""
    with_terms = write(a_letter(letter, language), client={"form": form})
    bare = {"2026-041": replace(INVOICES["2026-041"], terms=None)}
    without = write(a_letter(letter, language), invoices=bare, client={"form": form})
    agreed = packs()[language].phrases["terms"].split("(")[0].strip()

    assert agreed in words(with_terms.text)
    assert agreed not in words(without.text)
    assert re.search(AGREED, without.text)


@pytest.mark.parametrize(("language", "form"), FORMS)
@pytest.mark.parametrize("letter", EARLY)
def test_a_letter_before_the_due_date_never_says_today_or_overdue(letter: str, language: str, form: Form) -> None:
    """The due-today letter may leave on the Friday before a Sunday."""
    for queued in (a_letter(letter, language), a_full_letter(letter, language)):
        rendered = write(queued, client={"form": form})

        assert not re.search(LATE[language], rendered.text + rendered.subject, re.IGNORECASE)


@pytest.mark.parametrize(("letter", "language", "form"), EVERY)
def test_every_combination_of_parts_reads_whole(letter: str, language: str, form: Form) -> None:
    """No gap, no leftover of the template, at most 76 columns, and each optional part only where it belongs."""
    phrases = packs()[language].in_form(form, letter).phrases
    blocks = kind_of(letter).blocks
    for several, promised, also_open, partly, bare in itertools.product((False, True), repeat=5):
        claims = [a_claim(paid=Decimal(200), outstanding=Decimal(1020)) if partly else a_claim()]
        claims += [a_claim("2026-044", instalment=1, outstanding=Decimal(450))] if several else []
        queued = a_letter(
            letter,
            language,
            claims=tuple(claims),
            promised_on=date(2026, 11, 16) if promised or letter == BROKEN_PROMISE else None,
            also_open=(a_claim("2026-050", level=2),) if also_open else (),
        )
        creditor = {"payment": PaymentWays(), "phone": None, "address": "", "tax_id": None} if bare else {}
        rendered = write(queued, creditor=creditor, client={"form": form})
        text = words(rendered.text)
        mentioned = promised and (letter in EARLY or letter in FIRM) and "promise" in blocks

        assert not re.search(r"[{}\x00-\x09\x0b-\x1f]|None|Undefined|\n\n\n|[^.]\.\.(?!\.)| ,| \.( |$)", rendered.text)
        assert all(len(line) <= 76 and line == line.rstrip() for line in rendered.text.splitlines())
        assert (phrases["promise"].split("{")[0] in text) is mentioned
        assert (words(phrases["also_open"]) in text) is (also_open and "also-open" in blocks)
        assert (phrases["label_paid"] in text) is (partly and letter != THANK_YOU)
        assert ("IBAN" in text) is (not bare and letter != THANK_YOU)
        assert (words(phrases["plan"].split("{")[0]) in text) is (several and "plan" in blocks)
        assert shown(rendered.html).count("2026-041") >= 1


@pytest.mark.parametrize(("letter", "language", "form"), EVERY)
def test_html_is_well_formed_and_loads_nothing(letter: str, language: str, form: Form) -> None:
    """Inline styles only: no script, no style sheet, no tracker; the one picture comes with the letter."""
    html = write(a_full_letter(letter, language), client={"form": form}).html
    bare = re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)
    opened = re.findall(r"<(\w+)", bare.replace("<!DOCTYPE", ""))
    void = {"meta", "br", "img"}

    assert sorted(tag for tag in opened if tag not in void) == sorted(re.findall(r"</(\w+)", bare))
    assert not {"script", "style", "link", "iframe", "form"} & set(opened)
    assert opened.count("img") == (letter != THANK_YOU)
    assert f'<html lang="{language}">' in html
    assert re.findall(r'(?:src|href)="(?!https://pay\.example/|cid:pay@)', html) == []


@pytest.mark.parametrize(("language", "form"), FORMS)
def test_one_invoice_and_several_are_spoken_of_rightly(language: str, form: Form) -> None:
    """Agreement in the sentence that follows the greeting, in each letter that speaks of invoices."""
    for letter in set(SHIPPED_LETTERS) - {*OF_A_PLAN, THANK_YOU, STATEMENT, BROKEN_PROMISE}:
        one = words(write(a_letter(letter, language), client={"form": form}).text).casefold()
        many = words(write(a_full_letter(letter, language), client={"form": form}).text).casefold()

        assert SINGULAR[language] in one, letter
        assert PLURAL[language] not in one, letter
        assert PLURAL[language] in many, letter


@pytest.mark.parametrize("language", FAMILIAR)
def test_the_familiar_form_is_a_letter_of_its_own(language: str) -> None:
    """Every letter has one, and it is not the formal one under another name."""
    formal, informal = packs()[language], packs()[language].informal
    assert informal is not None

    assert set(informal.letters) == set(formal.letters) - {DEMAND} == set(SHIPPED_LETTERS)
    for letter in SHIPPED_LETTERS:
        texts = {write(a_letter(letter, language), client={"form": form}).text for form in Form}
        assert len(texts) == 2


@pytest.mark.parametrize(("letter", "wording"), [("second-reminder", "broken-promise"), ("final-notice", "promise")])
def test_a_broken_promise_has_a_letter_of_its_own_until_the_tone_is_firm(letter: str, wording: str) -> None:
    """S21.  A firm letter stays firm and mentions it."""
    text = words(write(a_letter(letter, promised_on=date(2026, 11, 16))).text)

    assert ("You had kindly told us" in text) is True
    assert ("Perhaps something went wrong on the way" in text) is (wording == "broken-promise")


def test_a_broken_plan_has_a_letter_of_its_own() -> None:
    claims = (a_claim("2026-044", instalment=1, outstanding=Decimal(450)),)
    text = words(write(a_letter("first-reminder", claims=claims, broken_plan=True)).text)

    assert "so that the plan can go on as agreed" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_letter_and_every_phrase(language: str) -> None:
    pack = packs()[language]

    assert set(SHIPPED_LETTERS) <= set(pack.letters)
    assert set(WORDING) == set(pack.phrases)


@pytest.mark.parametrize(
    ("path", "letter", "form"),
    [pytest.param(*case, id=f"{case[0].parent.name}-{case[0].stem}") for case in golden_letters()],
)
def test_a_letter_reads_as_it_was_last_approved(path: Path, letter: LetterQueued, form: Form) -> None:
    """Golden files: `python -m tests.letter_cases` writes them anew."""
    assert golden_text(letter, form) == path.read_text(encoding="utf-8")
