"""A letter between its words and its two parts: what stands on the sheet, in order, without any layout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

# what would let a datum break out of its place or turn around the figures beside it: controls, line and paragraph
# separators, bidirectional overrides and isolates, lone surrogates
_UNPRINTABLE = re.compile("[\\x00-\\x20\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]+")
_AMISS = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069\\ufeff\\ud800-\\udfff]|  ")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; may hold `prose.STRONG` and `prose.PLAIN`."""

    text: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines that stay lines: a letterhead, an address, a signature."""

    lines: tuple[str, ...]
    heading: bool = False  # the first is a name to be set off


@dataclass(frozen=True, slots=True)
class Facts:
    """A label and a value a row."""

    rows: tuple[tuple[str, str], ...]
    figures: bool = False  # the values are set flush right, and the last row is the result


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below a head; the last column holds figures."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[str, str] | None = None  # what the last column comes to: a label and a figure
    title: str = ""
    figures: int = 1  # how many columns, counted from the right, are set flush right


@dataclass(frozen=True, slots=True)
class Links:
    """Places to go to: a label and an address each."""

    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that goes along with the letter; the text part does without."""

    cid: str  # its Content-ID without the angle brackets (RFC 2392)
    content: bytes  # PNG
    caption: str  # said below it, and in its place where pictures are not shown
    width: int  # CSS pixels; it is square


Element = Paragraph | Lines | Facts | Table | Links | Picture


@lru_cache(maxsize=4096)
def clean(text: str) -> str:
    """A datum as one line of printable text; U+00A0 and the like stay, they hold things together."""
    return (_UNPRINTABLE.sub(" ", text) if _AMISS.search(text) else text).strip(" ")


def filled(phrase: str, words: Mapping[str, object]) -> str:
    """A pack's phrase with its words; of one with two forms, `one|many`, their `n` chooses."""
    one, bar, many = phrase.partition("|")
    form = (one if words.get("n") == 1 else many) if bar else phrase
    return form.format_map({name: clean(str(word)) for name, word in words.items()})
