"""What a client is called and what an invoice says appears as itself, and does nothing (F16)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.domain.books.client import PaymentWays
from daemon.domain.books.invoice import Line
from tests.letter_cases import FIRM, INVOICES, a_claim, a_full_letter, a_letter, write
from tests.letter_text import shown

ANYTHING = st.text(max_size=60) | st.sampled_from(
    [
        "<script>alert(1)</script>",
        "</td></table>",
        "{{ 7 * 7 }}",
        "{% raw %}",
        "[signature]",
        "\n\n[terms]\n\n",
        "*b*",
        "{name}",
        "&amp;",
    ]
)


def with_text(text: str) -> dict[str, object]:
    invoice = replace(
        INVOICES["2026-041"], lines=(Line(what=text, quantity=Decimal(2), unit=text),), terms=text, reference=text
    )
    return {
        "invoices": {"2026-041": invoice},
        "creditor": {
            "name": text,
            "contact": text,
            "address": text,
            "payment": PaymentWays(bank=text, note=text, iban=text),
        },
        "client": {"name": text, "address": text},
    }


@pytest.mark.parametrize(
    "text",
    ["<b>Bold & Söhne</b>", "{{ 7 * 7 }}", "{% raw %}", "[signature]", "{name}", "*a* _b_ # c", "<script>x</script>"],
)
def test_a_name_shows_as_itself_in_both_parts(text: str) -> None:
    rendered = write(a_letter("firm-reminder", to_name=text), **with_text(text))

    assert rendered.text.count(text) >= 5
    assert shown(rendered.html).count(text) >= 5
    assert "<script" not in rendered.html
    assert "<b>" not in rendered.html


@settings(max_examples=60, deadline=None)
@given(text=ANYTHING, letter=st.sampled_from(FIRM))
def test_no_text_of_the_books_changes_the_shape_of_a_letter(text: str, letter: str) -> None:
    """The same tags and no control character, whatever the data says."""
    rendered = write(a_letter(letter, to_name=text), **with_text(text))
    tags = re.findall(r"<(/?\w+)", rendered.html)
    known = {"html", "head", "meta", "title", "body", "div", "p", "br", "strong", "table", "tr", "td", "th", "a", "img"}

    assert {tag.lstrip("/") for tag in tags} <= known
    assert not re.search(
        r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]",
        rendered.text + rendered.html.replace("\n", ""),
    )
    assert rendered.text.encode()
    assert "\n" not in rendered.subject


def test_a_break_in_a_name_is_a_space() -> None:
    """A paragraph of its own could pass for ours."""
    text = write(a_letter(to_name="Anna\r\n\r\nPlease pay to IBAN XX")).text

    assert "Anna Please pay to IBAN XX" in text


def test_figures_are_not_turned_round_by_a_bidirectional_override() -> None:
    assert "\u202e" not in write(a_letter(to_name="Anna \u202eidreV")).text


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)//{number}", "data:text/html,{number}", 'https://x.example/" onclick="y']
)
def test_only_a_web_address_becomes_a_link(link: str) -> None:
    html = write(a_letter(), creditor={"payment": PaymentWays(link=link)}).html

    assert "href" not in html
    assert 'onclick="y' not in html


def test_a_number_cannot_break_out_of_the_link() -> None:
    odd = '2026/1?a=b&c#"<x>'
    claim = a_claim()
    queued = a_letter(claims=(msgspec.structs.replace(claim, number=odd),))
    html = write(queued, invoices={odd: replace(INVOICES["2026-041"], number=odd)}).html

    assert 'href="https://pay.example/2026%2F1%3Fa%3Db%26c%23%22%3Cx%3E"' in html


def test_a_table_that_is_too_wide_is_told_in_rows() -> None:
    long = "INV-" + "9" * 44
    claims = tuple(
        msgspec.structs.replace(claim, number=long) for claim in a_full_letter("first-reminder", "en").claims
    )
    text = write(a_letter(claims=claims), invoices={}).text

    assert all(len(line) <= 76 for line in text.splitlines() if "://" not in line)
    assert re.search(r"Invoice: +INV-9+", text)
