"""Whatever text stands in an owner's mail: nothing raises, the work grows with its length, and no order comes from
nowhere."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.mail.orders.about import About
from daemon.mail.orders.orders import LONGEST_LINE, MOST_LINES, MOST_TEXT, NotUnderstood, Order
from daemon.mail.orders.shapes import SHAPES, NoOrder
from daemon.mail.orders.tokens import tokens_of
from tests.order_mails import ALERT, DIGEST, LANGUAGES, QUESTION, pack, read

_WORDS = sorted({word for language in LANGUAGES for word in pack(language).words.forms})
_FIGURES = [
    "1",
    "2",
    "#3",
    "no. 4",
    "99",
    "500",
    "1.220",
    "1.234,50",
    "€5",
    "24/11",
    "1/1",
    "2026-041",
    "acme",
    "-",
    "?",
]
_LISTED = [
    "not", "until", "Friday", "bis", "kadar", "paid", "and", ",", ";", "thanks", "ok", "all", "in 3 parts", "15.12",
    "a@b.example", "|", ">", "no", "on",
]  # fmt: skip
_pieces = st.one_of(st.sampled_from(_WORDS), st.sampled_from(_FIGURES), st.sampled_from(_LISTED), st.text(max_size=8))
_texts = st.one_of(
    st.text(max_size=300),
    st.lists(_pieces, max_size=14).map(" ".join),
    st.lists(st.lists(_pieces, max_size=6).map(" ".join), max_size=6).map("\n".join),
)


def _in_one_line(text: str) -> str:
    """An order goes on in the next line where a mail program has broken it."""
    return " ".join(text.split())


def _spells(line: str, name: str, language: str) -> bool:
    """Whether one of the packs' spellings of a command stands in a line, word for word."""
    words = [token.word for token in tokens_of(line)]
    for at in range(len(words)):
        for form in pack(language).words.forms.get(words[at], ()):
            if form.command != name or tuple(words[at : at + len(form.head)]) != form.head:
                continue
            behind = words[at + len(form.head) :]
            if any(tuple(behind[b : b + len(form.tail)]) == form.tail for b in range(len(behind) + 1)):
                return True
    return False


@settings(max_examples=400)
@given(_texts, st.sampled_from([DIGEST, ALERT, QUESTION, About()]), st.sampled_from(LANGUAGES))
def test_every_order_was_spelled_in_its_line_and_names_what_the_mail_knows(
    text: str, about: About, language: str
) -> None:
    for one in read(text, about, language):
        assert one.line
        assert _in_one_line(one.line) in _in_one_line(text)
        if isinstance(one, NotUnderstood):
            continue
        order = one.command
        assert order.name in SHAPES
        assert _spells(one.line, order.name, language)
        known = {*map(str, about.items), *about.invoices, *about.letters, about.invoice or "", ""}
        numbers = {number for numbers in about.invoices.values() for number in numbers}
        assert order.target in known | numbers or order.target.partition("/")[2] in numbers
        assert order.amount is None or order.amount >= 0


@settings(max_examples=200)
@given(st.text(max_size=200), st.sampled_from(LANGUAGES))
def test_a_quoted_text_orders_nothing(text: str, language: str) -> None:
    quoted = "\n".join(f"> {line}" for line in text.replace("\r", "\n").split("\n"))

    assert all(isinstance(one, NotUnderstood) and one.why is NoOrder.QUOTED for one in read(quoted, DIGEST, language))


@settings(max_examples=200)
@given(st.lists(_pieces, max_size=8).map(" ".join), st.sampled_from(LANGUAGES))
def test_a_question_orders_nothing_but_a_note(text: str, language: str) -> None:
    found = read(f"{text} ?".replace("\n", " "), DIGEST, language)

    assert {one.command.name for one in found if isinstance(one, Order)} <= {"note"}


@pytest.mark.parametrize(
    "piece",
    ["paid ", "paid 1 ", "1, ", "hold 1/1 ", "go 1, go 2, ", "call ", "put 1 ", "thanks ", "plan 1 1/1 400 ",
     "1 220 ", "until ", "not ", "a@b.example ", "'", "#", "0", "\u0301", "=", ":1:1"],
)  # fmt: skip
def test_four_times_the_text_is_never_eight_times_the_work(piece: str) -> None:
    """Quadratic reading would be 16 times.  Of lines as long as any that is read, and of as many as are read."""
    line = piece * (LONGEST_LINE // len(piece))
    short = f"{line[: MOST_TEXT // MOST_LINES - 1]}\n"

    assert _cost(line, 20) < 8 * _cost(line[: len(line) // 4], 20) + 0.02
    assert _cost(short * MOST_LINES, 1) < 8 * _cost(short * (MOST_LINES // 4), 1) + 0.02


def _cost(text: str, times: int) -> float:
    """Seconds of this process, the best of three."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        for _ in range(times):
            read(text, DIGEST, "it")
        found.append(time.process_time() - begun)
    return min(found)
