"""What a letter says: every letter, every language, every combination of its parts (S22, S8, S29, S30)."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from daemon.domain.client import PaymentWays
from daemon.domain.money import Money
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


class _Words(HTMLParser):
    """The words of an HTML part, and its tags."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text, self.tags = "", list[str]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> str:
    """The text on one line, so that a wrapped sentence is found."""
    return re.sub(r"[ \n]+", " ", text)


def shown(html: str) -> str:
    return words(_Words(html).text)


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


def test_an_invoice_that_is_not_due_yet_is_listed_apart_in_a_reminder() -> None:
    """The tone is the highest's, but only what is overdue is called overdue and summed."""
    claims = (a_claim(), a_claim("2026-050", level=1, due_on=date(2026, 11, 20)))
    text = words(write(a_letter("first-reminder", claims=claims)).text)

    assert "the invoice below is past its due date" in text
    assert "when we can expect €1,220.00?" in text
    assert "For your planning, not yet due:" in text
    assert text.index("not yet due") < text.index("2026-050")


def test_invoices_of_the_same_due_date_are_said_to_be_due_on_it() -> None:
    claims = (a_claim(), a_claim("2026-044", due_on=date(2026, 10, 31)))
    rendered = write(a_letter("due-today", claims=claims))

    assert "the invoices below are due on Saturday 31 October 2026" in words(rendered.text)
    assert rendered.subject == "Reminder: invoices 2026-041 and 2026-044, due 31 October 2026"


def test_what_was_paid_and_credited_comes_from_the_letters_own_figures() -> None:
    """F56: the YAML may have changed since; the letter states what was decided."""
    text = words(
        write(a_letter(claims=(a_claim(paid=Decimal(200), credited=Decimal(120), outstanding=Decimal(900)),))).text
    )

    assert re.search(r"Amount: €1,220\.00 Paid so far: -€200\.00 Credited: -€120\.00 Amount due: €900\.00", text)


def test_an_instalment_says_which_of_how_many() -> None:
    rendered = write(a_letter(claims=(a_claim("2026-044", instalment=1, outstanding=Decimal(450)),)))

    assert rendered.subject == "Payment reminder: invoice 2026-044, instalment 1 of 2"
    assert "2026-044, instalment 1 of 2" in rendered.text


def test_what_is_payable_is_told_where_it_is_not_the_total() -> None:
    """Withholding tax and split payment: the client must see why the figures differ."""
    invoices = {"2026-041": replace(INVOICES["2026-041"], payable=Money(Decimal("1020.00"), "EUR"))}
    text = words(write(a_letter(claims=(a_claim(outstanding=Decimal(1020)),)), invoices=invoices).text)

    assert "The total of invoice 2026-041 is €1,220.00, of which €1,020.00 is payable." in text


def test_an_attached_copy_is_announced_and_its_lines_are_not_repeated() -> None:
    invoices = {"2026-041": replace(INVOICES["2026-041"], pdf="/books/2026-041.pdf")}
    text = write(a_letter(), invoices=invoices).text

    assert "A copy of the invoice is attached." in text
    assert "Website" not in text


def test_many_numbers_do_not_fill_the_subject() -> None:
    invoices = {f"2026-{n:03}": replace(INVOICES["2026-041"], number=f"2026-{n:03}") for n in range(1, 6)}
    claims = tuple(msgspec.structs.replace(a_claim(), number=number) for number in invoices)
    rendered = write(a_letter("second-reminder", "tr", claims=claims), invoices=invoices)

    assert rendered.subject == "İkinci hatırlatma: 2026-001, 2026-002 numaralı faturalar ve 3 fatura daha"


@pytest.mark.parametrize(
    ("name", "greeting"),
    [
        ("Anna Verdi", "Dear Anna Verdi,"),
        ("Accounts Payable", "Dear Sir or Madam,"),
        ("", "Dear Sir or Madam,"),
        ("Acme S.p.A.", "Dear Sir or Madam,"),
    ],
)
def test_an_office_is_not_greeted_like_a_person(name: str, greeting: str) -> None:
    assert f"\n{greeting}\n" in write(a_letter(to_name=name)).text


@pytest.mark.parametrize(
    ("thread", "subject"),
    [
        ("R: Fattura 2026-041", "Re: Fattura 2026-041"),
        ("RE: Re: AW: Ynt: Invoice", "Re: Invoice"),
        ("Re[2]: Invoice", "Re: Invoice"),
        ("Re:", "Payment reminder: invoice 2026-041"),
        ("Receipt: yours", "Re: Receipt: yours"),
        ("two\r\nBcc: x@y.example", "Re: two Bcc: x@y.example"),
        ("=?utf-8?q?a=0D=0ABcc:_x@y?=", "Re: = ?utf-8?q?a=0D=0ABcc:_x@y?="),
    ],
)
def test_a_thread_goes_on_under_the_clients_subject(thread: str, subject: str) -> None:
    """It is a stranger's text: it may name the thread and do nothing else (F16)."""
    assert write(a_letter(), thread_subject=thread).subject == subject


@pytest.mark.parametrize(("ticket", "end"), [("4711", " [4711]"), ("[#4711]", " [#4711]"), ("a\nb", " [a b]")])
def test_a_ticket_number_is_kept_once(ticket: str, end: str) -> None:
    subject = write(a_letter(), ticket=ticket).subject

    assert subject == f"Payment reminder: invoice 2026-041{end}"
    assert write(a_letter(), thread_subject=subject, ticket=ticket).subject == f"Re: {subject}"
    assert len(write(a_letter(), thread_subject="x" * 900, ticket=ticket).subject) <= 200


def test_a_currency_without_a_sign_of_its_own_keeps_its_distance() -> None:
    claims = (a_claim(currency="TRY", outstanding=Decimal(99)),)

    assert "TRY\u00a099.00" in write(a_letter(claims=claims)).text


def test_an_invoice_that_is_gone_is_told_by_its_number() -> None:
    """The letter is withdrawn elsewhere; `history` and `preview` must still be able to show it."""
    assert "2026-041" in write(a_letter(), invoices={}).text


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
