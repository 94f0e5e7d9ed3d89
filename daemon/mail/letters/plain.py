"""The text part: at most 76 columns, readable without the HTML part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import assert_never
from unicodedata import combining, east_asian_width

from daemon.mail.letters.prose import PLAIN, STRONG
from daemon.mail.letters.sheet import Element, Facts, Lines, Links, Paragraph, Picture, Table

WIDTH = 76
_GAP = "   "
# what may be wider or narrower than one column; everything else (Latin, punctuation, currency signs) is one
_UNEVEN = re.compile("[\u0300-\u1dff\u20d0-\u20ff\u2e80-\U0010ffff]")


def text_part(elements: Sequence[Element], colon: str = ":") -> str:
    """The letter as text: elements parted by an empty line, `\\n` line ends, a line end at the end.

    Args:
        colon: what stands behind a label; French has a space before it.
    """
    shown = (element for element in elements if not isinstance(element, Picture))
    return "\n\n".join("\n".join(_lines(element, colon)) for element in shown) + "\n"


def wrap(text: str, width: int = WIDTH) -> list[str]:
    """Lines of at most `width` columns, broken at ordinary spaces only; a web address is never broken."""
    measure = _columns if _UNEVEN.search(text) else len
    if measure(text) <= width:
        return [text]
    lines: list[str] = []
    line, used = "", 0
    for word in text.split(" "):
        length = measure(word)
        if line and used + 1 + length <= width:
            line, used = f"{line} {word}", used + 1 + length
            continue
        if line:
            lines.append(line)
        while length > width and "://" not in word:
            lines.append(word[:width])
            word = word[width:]
            length = measure(word)
        line, used = word, length
    return [*lines, line]


def _lines(element: Paragraph | Lines | Facts | Table | Links, colon: str) -> Sequence[str]:
    match element:
        case Paragraph(text):
            return _paragraph(text)
        case Lines(lines):
            return [line for text in lines for line in wrap(text)]
        case Facts():
            return _facts(element, colon)
        case Table():
            return _table(element, colon)
        case Links(links):
            return [line for label, address in links for line in (*wrap(f"{label}{colon}"), f"  {address}")]
        case _:
            assert_never(element)


@lru_cache(maxsize=1024)
def _paragraph(text: str) -> Sequence[str]:
    """Remembered, because half the paragraphs of a letter are the same in all letters of its kind."""
    return tuple(wrap(text.replace(STRONG, "").replace(PLAIN, "")))


def _facts(facts: Facts, colon: str) -> list[str]:
    names = min(max(_columns(label) for label, _ in facts.rows) + len(colon), 36)
    values = max(_columns(value) for _, value in facts.rows)
    room = WIDTH - 4 - names
    lines = []
    for label, value in facts.rows:
        head, *more = wrap(f"{label}{colon}", names)
        tail, *rest = [_right(value, values)] if facts.figures and values <= room else wrap(value, room)
        lines += [f"  {_left(head, names)}  {tail}", *(f"  {text}" for text in more)]
        lines += [f"  {'':{names}}  {text}" for text in rest]
    return lines


def _table(table: Table, colon: str) -> list[str]:
    """Columns; told row by row where a number would have to be broken to fit."""
    rows = (table.head, *table.rows)
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    if table.foot:
        widths[-1] = max(widths[-1], _columns(table.foot[1]))
    widths[0] = min(widths[0], WIDTH - 2 - sum(widths[1:]) - len(_GAP) * (len(widths) - 1))
    title = [*wrap(table.title), ""] if table.title else []
    if widths[0] < max(_columns(word) for row in rows for word in row[0].split(" ")):
        return title + _told(table, colon)
    lines = [*_row(table.head, widths, table.figures)]
    rule = "  " + "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    lines.append(rule)
    for row in table.rows:
        lines += _row(row, widths, table.figures)
    if table.foot:
        label, figure = table.foot
        lines += [rule, f"  {_left(label, len(rule) - 2 - len(_GAP) - widths[-1])}{_GAP}{_right(figure, widths[-1])}"]
    return title + lines


def _told(table: Table, colon: str) -> list[str]:
    """A table that is too wide, row by row."""
    lines: list[str] = []
    for row in table.rows:
        lines += ["", *_facts(Facts(tuple(zip(table.head, row, strict=True))), colon)]
    if table.foot:
        lines += ["", f"  {table.foot[0]}{colon} {table.foot[1]}"]
    return lines[1:]


def _row(cells: Sequence[str], widths: Sequence[int], figures: int) -> list[str]:
    first, *more = wrap(cells[0], widths[0])
    texts = len(cells) - figures
    line = _GAP.join(
        _left(cell, width) if index < texts else _right(cell, width)
        for index, (cell, width) in enumerate(zip((first, *cells[1:]), widths, strict=True))
    )
    return [f"  {line}".rstrip(" "), *(f"  {text}" for text in more)]


def _left(text: str, width: int) -> str:
    return text + " " * (width - _columns(text))


def _right(text: str, width: int) -> str:
    return " " * (width - _columns(text)) + text


def _columns(text: str) -> int:
    """How many columns a terminal or a monospaced font gives it."""
    if not _UNEVEN.search(text):
        return len(text)
    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
