"""A tag in a subject: read as it is typed in eight languages, or not at all."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.journal.sending_entries import Unclear
from daemon.mail.orders.subject_tag import Tag, Unread, tags_in
from tests.order_mails import LANGUAGES, TODAY, pack

PAGE = (Path(__file__).parent.parent / "docs" / "following.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([a-z]{2}) \| `(\[.+\])` \|$", PAGE, re.MULTILINE)
DUE = date(2026, 12, 15)


def read(subject: str) -> tuple[Tag | Unread, ...]:
    return tags_in(subject, [pack(language).words for language in LANGUAGES], TODAY)


def why(tag: str) -> Unclear:
    [one] = read(f"Invoice [{tag}]")
    assert isinstance(one, Unread), one
    assert one.text == tag
    return one.because


def test_the_page_has_a_tag_of_each_language() -> None:
    assert [language for language, _ in ROWS] == list(LANGUAGES)


@pytest.mark.parametrize(("language", "tag"), ROWS)
def test_every_tag_of_the_page_is_read(language: str, tag: str) -> None:
    amount, currency = (Decimal("12000.00"), "TRY") if language == "tr" else (Decimal("1220.00"), "EUR")

    assert read(f"Re: {tag} (copy)") == (Tag("2026-041", amount, currency, DUE),)


@pytest.mark.parametrize(
    ("tag", "number"),
    [
        ("2026-041 due 15/12/2026 1,220.00 EUR", "2026-041"),
        ("2026-041: EUR 1,220.00, due 15 December", "2026-041"),
        ("INV 2026-041 €1,220.00 payable by 2026-12-15", "INV 2026-041"),
        ("401/2026 1.220,00 EUR scade il 15/12/2026", "401/2026"),
        ("RE-7 1.220,00 EUR zahlbar bis zum 15.12.2026", "RE-7"),
        ("F12 1 220,00 EUR à payer avant le 15/12/2026", "F12"),
        ("A1 1.220,00 € son ödeme tarihi 15.12.2026", "A1"),
    ],
)
def test_a_number_may_have_two_words_and_the_amount_may_stand_last(tag: str, number: str) -> None:
    assert read(f"[{tag}]") == (Tag(number, Decimal("1220.00"), "EUR", DUE),)


@pytest.mark.parametrize(
    ("tag", "because"),
    [
        ("2026-041 1220 due 15/12/2026", Unclear.AMOUNT),  # of which currency?
        ("2026-041 1.220 EUR due 15/12/2026", Unclear.AMOUNT),  # an Italian's thousand, an Englishman's one
        ("2026-041 1,220 EUR scadenza 15/12/2026", Unclear.AMOUNT),
        ("2026-041 1,220.00 EUR and 2 EUR due 15/12/2026", Unclear.AMOUNT),
        ("2026-041 0.00 EUR due 15/12/2026", Unclear.AMOUNT),
        ("2026-041 1,220.00 EUR due soon", Unclear.DAY),
        ("2026-041 1,220.00 EUR due 31/11/2026", Unclear.DAY),
        ("2026-041 1,220.00 EUR due 15/12 or 16/12", Unclear.DAY),
        ("2026-041 1,220.00 EUR 15/12/2026", Unclear.DAY),  # that it is due is not said
        ("2026-041 1,220.00 EUR due", Unclear.DAY),
        ("2026-041 1,220.00 EUR due 1/11/2026", Unclear.PAST),
        ("2026-041 1,220.00 EUR due 15/12/2026 due 16/12/2026", Unclear.AMBIGUOUS),
        ("2026 041 220,00 € échéance le 15 décembre 2026", Unclear.AMBIGUOUS),  # 041 is of the number, or of the sum
        ("12 341 220,00 € vencimiento 15/12/2026", Unclear.AMBIGUOUS),
        ("Facture n° 17 220,00 € échéance le 15 décembre 2026", Unclear.AMBIGUOUS),
        (f"{'9' * 65} 1,220.00 EUR due 15/12/2026", Unclear.AMBIGUOUS),
    ],
)
def test_nothing_is_guessed_and_what_is_missing_is_named(tag: str, because: Unclear) -> None:
    assert why(tag) is because


@pytest.mark.parametrize(
    "subject",
    ["[EXTERNAL] Invoice", "[Ticket 123] due tomorrow", "[acme-list] 1,220.00 EUR", "[50 EUR] voucher", "due 2026",
     "[]", "[2026]", "[due 2026]", "[[2026-041]]", "Re: [#4711] Your order", "[" * 500 + "due 1 EUR" + "]" * 500],
)  # fmt: skip
def test_an_ordinary_subject_has_none(subject: str) -> None:
    assert read(subject) == ()


def test_several_tags_are_read_in_their_order_and_not_without_end() -> None:
    tags = "".join(f"[N{n} {n}.00 EUR due 15/12/2026]" for n in range(1, 20))

    assert [tag.number for tag in read(tags) if isinstance(tag, Tag)] == ["N1", "N2", "N3", "N4", "N5"]


@given(st.text(st.sampled_from("[]019.,/- €EURdueadscnzfälig'\u00a0\u2028"), max_size=80))
def test_whatever_stands_in_a_subject_nothing_raises(subject: str) -> None:
    for one in read(f"[{subject}]"):
        assert isinstance(one, Unread) or (one.amount > 0 and one.due_on >= TODAY and one.number)
