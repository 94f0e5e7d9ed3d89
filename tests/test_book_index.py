"""The book's names and numbers, found in a mail however large the book is."""

from __future__ import annotations

import gc
import time
import weakref

import pytest

from daemon.domain.books.directory import Directory
from daemon.mail.octets.spoken import Spoken
from daemon.mail.whose.book_index import BookIndex, index_of


def a_directory(*numbers: str, **names: str) -> Directory:
    return Directory(numbers=dict.fromkeys(numbers, ("acme",)), names=names)


def numbers_in(text: str, *numbers: str) -> list[str]:
    return BookIndex.of(a_directory(*numbers)).numbers_in(Spoken(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("about 2026-041 and fe/7", ["FE/7", "2026-041"]),
        ("about 2026-0411", []),
        ("no 12 and 3", []),
        ("invoice 2026 no 5 please", ["2026 no 5"]),
        ("invoice 12026 no 5 please", []),
    ],
)
def test_numbers_stand_as_words_of_their_own_and_come_in_the_order_of_the_book(text: str, found: list[str]) -> None:
    """One or two characters stand in every mail; a number with a space in it is found as a whole."""
    assert numbers_in(text, "FE/7", "2026-041", "12", "3", "2026 no 5") == found


def test_two_numbers_that_differ_by_case_are_both_found() -> None:
    assert numbers_in("see a-100", "A-100", "a-100") == ["A-100", "a-100"]


def test_names_are_found_as_whole_words_whatever_stands_between_them() -> None:
    index = BookIndex.of(a_directory(rossi="Rossi & Figli S.r.l.", bar="Bar", acme="Acme"))

    assert index.names_in(Spoken("Greetings from ROSSI, figli (s r l)!")) == ["rossi"]
    assert index.names_in(Spoken("Rossi Figlio S.r.l. in the bar of Acmes")) == []
    assert index.names_in(Spoken("Acme and Rossi & Figli S.r.l.")) == ["rossi", "acme"], "in the order of the book"


def test_an_index_is_made_once_for_a_directory_and_goes_with_it() -> None:
    directory = a_directory("2026-041", acme="Acme S.r.l.")
    known = weakref.ref(directory)

    assert index_of(directory) is index_of(directory)
    del directory
    gc.collect()
    assert known() is None


def test_a_mail_is_looked_through_as_fast_in_a_large_book() -> None:
    """100 times as many invoices cost no more than a few times as much."""
    text = Spoken(" ".join(f"word{number}" for number in range(2_000)))
    assert text.apart  # taken apart before the clock starts: that costs the same for every book

    def seconds(count: int) -> float:
        index = BookIndex.of(
            Directory(
                numbers={f"2026-{n:06}": ("acme",) for n in range(count)},
                names={f"c{n}": f"Firm{n} Ltd" for n in range(count)},
            )
        )
        best = float("inf")
        for _ in range(5):
            started = time.perf_counter()
            assert index.numbers_in(text) == index.names_in(text) == []
            best = min(best, time.perf_counter() - started)
        return best

    assert seconds(30_000) < 5 * seconds(300) + 0.002
