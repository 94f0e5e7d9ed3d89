"""The parts of a letter one by one: figures, instalments, copies, greetings, subjects and threads."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from daemon.domain.books.client import Form
from daemon.domain.books.invoice import Instalment, ItemRef, Method, Payment
from daemon.domain.books.money import Money
from daemon.loops.post import Post
from daemon.mail.letters import amounts
from daemon.mail.letters.page import by_itself
from tests.builders import a_contact, a_history, a_ledger, an_invoice, at
from tests.letter_cases import INVOICES, LANGUAGES, a_claim, a_letter, packs, write
from tests.letter_text import words


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


def test_what_is_also_open_keeps_its_own_currency_and_is_never_summed_with_another() -> None:
    euros, dollars = a_claim("2026-044", level=2), a_claim("2026-050", level=2, currency="USD")
    both = write(a_letter(also_open=(euros, dollars))).text.split("also open")[1]
    one = write(a_letter(also_open=(dollars, dollars))).text.split("also open")[1]

    assert "€900.00" in both
    assert "US$300.00" in both
    assert "Total" not in both
    assert "US$600.00" in one


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_overdue_invoice_that_is_held_is_named_as_left_out(language: str) -> None:
    """DESIGN 6.1: held and disputed ones are left out, saying so where it would confuse."""
    phrase = " ".join(packs()[language].phrases["left_out"].partition("{")[0].split())
    said = " ".join(write(a_letter(language=language, left_out=("2026-030",))).text.split())
    silent = " ".join(write(a_letter(language=language)).text.split())

    assert phrase in said
    assert "2026-030" in said
    assert phrase not in silent


def test_a_contact_may_have_a_greeting_of_its_own() -> None:
    """Herr or Frau, Exmo. or Exma.: only the owner knows."""
    contacts = (a_contact(email="anna@acme.example", greeting="Sehr geehrte Frau Verdi,"),)

    assert "\nSehr geehrte Frau Verdi,\n" in write(a_letter(), client={"contacts": contacts}).text


def test_who_is_addressed_informally_is_greeted_by_the_first_name() -> None:
    assert "Anna," in write(a_letter(language="es"), client={"form": Form.INFORMAL}).text.replace(":", ",")
    assert "Anna Verdi," not in write(a_letter(language="es"), client={"form": Form.INFORMAL}).text.replace(":", ",")


def test_a_turkish_office_is_known_in_capitals() -> None:
    assert "Sayın İdari İşler" not in write(a_letter(language="tr", to_name="İdari İşler")).text


def test_a_letter_looked_at_in_a_browser_shows_its_code() -> None:
    """`preview` and the demo write pages; a browser has no use for a Content-ID."""
    rendered = write(a_letter())
    page = by_itself(rendered.html, {picture.cid: picture.content for picture in rendered.pictures})

    assert "cid:" in rendered.html
    assert "cid:" not in page
    assert b64decode(page.split("base64,")[1].split('"')[0]) == rendered.pictures[0].content


@pytest.mark.parametrize("method", [Method.SDD, Method.RIBA])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", list(Form))
def test_a_letter_says_that_the_debit_or_draft_came_back(language: str, form: Form, method: Method) -> None:
    """Else the client takes it for fetched, and the letter for a mistake."""
    invoices = {"2026-041": replace(INVOICES["2026-041"], method=method, returned_on=date(2026, 11, 9))}
    text = words(write(a_letter("first-reminder", language), invoices=invoices, client={"form": form}).text)
    phrase = packs()[language].phrases[f"returned_{method}"]
    long_day = amounts.day(date(2026, 11, 9), "long", packs()[language].locale)

    assert phrase.partition("(")[0] in text
    assert long_day in text
    assert text.count(phrase.partition("(")[0]) == 1


def test_a_letter_that_asks_for_nothing_collected_speaks_of_no_debit() -> None:
    assert "came back" not in words(write(a_letter("first-reminder")).text)
    assert "was returned" not in words(write(a_letter("first-reminder")).text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", list(Form))
def test_the_table_of_a_plan_marks_a_part_that_came_in(language: str, form: Form) -> None:
    paid, asked = ItemRef("2026-044", 1), a_claim("2026-044", instalment=2, outstanding=Decimal(450))
    letter = a_letter("broken-plan", language, claims=(asked,))
    mark = packs()[language].phrases["part_paid"].format(n=1)
    marked = words(write(letter, client={"form": form}, parts_paid=frozenset({paid})).text)

    assert marked.count(mark) == 1
    assert mark not in words(write(letter, client={"form": form}).text)


def test_of_a_plan_only_what_came_in_by_the_letters_day_is_marked() -> None:
    """A missed first part is no paid one, though the letter is about the second."""
    halves = tuple(Instalment(due_on=date(2026, month, 6), amount=Decimal(450)) for month in (11, 12))
    letter = a_letter("instalment-due", "en", claims=(a_claim("2026-044", instalment=2),), on=date(2026, 12, 1))
    post = Post(packs(), lambda letter_id: "TOKEN", lambda path: b"", plus_token=False)

    def parts(*payments: Payment) -> list[str]:
        invoice = an_invoice("2026-044", total=Money(Decimal(900), "EUR"), instalments=halves, payments=payments)
        text = post.write(letter, a_ledger(invoice), a_history().of("acme"), at(letter.on)).rendered.text
        return re.findall(r"^  (\d(?: \(paid\))?) +\d+ (?:November|December)", text, re.MULTILINE)

    assert parts() == ["1", "2"]
    assert parts(Payment(on=date(2026, 11, 5), amount=Decimal(450))) == ["1 (paid)", "2"]
    assert parts(Payment(on=date(2026, 12, 2), amount=Decimal(450))) == ["1", "2"]
