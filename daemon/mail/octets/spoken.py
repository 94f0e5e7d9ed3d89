"""The words and numbers of a text, taken apart once for all who look for some of them."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMBER = re.compile(r"[\w./-]+")
_TYPED = {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "\xad": "", "\u200b": "", "\xa0": " "}
_LOOKED_THROUGH = 20_000  # characters of a text


class Spoken:
    """A text as the book is looked for in it: taken apart once, when it is first asked, for numbers and names."""

    __slots__ = ("_apart", "_text")

    def __init__(self, text: str) -> None:
        self._text = text[:_LOOKED_THROUGH]
        self._apart: _Apart | None = None

    @property
    def apart(self) -> _Apart:
        if self._apart is None:
            self._apart = _Apart.of(self._text.lower())
        return self._apart


class _Apart(NamedTuple):
    lower: str
    words: set[str]  # as they stand, with the marks at them
    marked: str  # those that are no words as they stand
    numbers: set[str]  # what may be a number of an invoice, written as in the books

    @classmethod
    def of(cls, lower: str) -> _Apart:
        words = set(lower.split())
        marked = " ".join([word for word in words if not word.isalpha()])
        numbers = set(_NUMBER.findall(marked))
        numbers.update([number.strip("./-") for number in numbers])
        return cls(lower, words, marked, numbers)

    @property
    def retyped(self) -> tuple[_Apart, ...]:
        """The text, and with the hyphens and spaces of the books where programs write others."""
        strange = [] if self.lower.isascii() else [mark for mark in _TYPED if mark in self.lower]
        plain = self.lower
        for mark in strange:
            plain = plain.replace(mark, _TYPED[mark])
        return (self, _Apart.of(plain)) if strange else (self,)
