"""The names and numbers of the book, arranged so that a mail is looked through once, however large the book is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from daemon.domain.directory import Directory

_EDGE = r"[^\W_]"
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"[\w./-]+")
_TYPED = {**dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"), "\xad": "", "\u200b": "", "\xa0": " "}
_LOOKED_THROUGH = 20_000  # characters of a text
_SHORTEST = 3  # characters of a number: "3" stands in every mail


class Spoken:
    """A text, taken apart once for numbers and names, and only where the book has any."""

    def __init__(self, text: str) -> None:
        self._text = text[:_LOOKED_THROUGH]

    @cached_property
    def lower(self) -> str:
        return self._text.lower()

    @cached_property
    def words(self) -> set[str]:
        """As they stand, with the marks at them."""
        return set(self.lower.split())

    @cached_property
    def marked(self) -> str:
        """Those that are no words as they stand."""
        return " ".join([word for word in self.words if not word.isalpha()])

    @property
    def retyped(self) -> tuple[Spoken, ...]:
        """The text, and with the hyphens and spaces of the books where programs write others."""
        strange = [] if self.lower.isascii() else [mark for mark in _TYPED if mark in self.lower]
        plain = self.lower
        for mark in strange:
            plain = plain.replace(mark, _TYPED[mark])
        return (self, Spoken(plain)) if strange else (self,)


@dataclass(frozen=True, slots=True)
class BookIndex:
    """Look-ups in the order of the book."""

    by_number: dict[str, list[tuple[int, str]]]  # in lower case -> position, number
    spaced: list[tuple[int, str, str, re.Pattern[str]]]  # numbers with spaces: position, number, lower case, itself
    by_first_word: dict[str, list[tuple[int, str, str]]]  # of a client's name -> position, client, plain name

    @classmethod
    def of(cls, directory: Directory) -> BookIndex:
        by_number: dict[str, list[tuple[int, str]]] = {}
        spaced = []
        for position, number in enumerate(directory.numbers):
            plain = number.lower()
            if len(plain) >= _SHORTEST:
                by_number.setdefault(plain, []).append((position, number))
                if " " in plain:
                    itself = re.compile(rf"(?<!{_EDGE}){re.escape(plain)}(?!{_EDGE})")
                    spaced.append((position, number, plain, itself))
        by_first_word: dict[str, list[tuple[int, str, str]]] = {}
        for position, (client, name) in enumerate(directory.names.items()):
            plain = " ".join(_WORD.findall(name.lower()))
            if len(plain) > _SHORTEST:  # shorter ones mean nobody
                by_first_word.setdefault(plain.partition(" ")[0], []).append((position, client, f" {plain} "))
        return cls(by_number, spaced, by_first_word)

    def numbers_in(self, spoken: Spoken) -> list[str]:
        """The invoice numbers that a text names."""
        found = {entry for text in spoken.retyped for entry in self._entries_in(text)}
        return [number for _, number in sorted(found)]

    def _entries_in(self, spoken: Spoken) -> Iterator[tuple[int, str]]:
        by_number = self.by_number.keys()
        written = _NUMBER.findall(spoken.marked)
        bare = [word.strip("./-") for word in written]
        for number in by_number & spoken.words | by_number & written | by_number & bare:
            yield from self.by_number[number]
        for position, number, plain, itself in self.spaced:
            if plain in spoken.lower and itself.search(spoken.lower):
                yield position, number

    def names_in(self, spoken: Spoken) -> list[str]:
        """The clients whose names stand in a text as whole words."""
        firsts = self.by_first_word.keys()
        first = firsts & spoken.words | firsts & _WORD.findall(spoken.marked)
        if not first:
            return []
        said = " " + " ".join(_WORD.findall(spoken.lower)) + " "
        found = {
            (position, client)
            for word in first
            for position, client, plain in self.by_first_word[word]
            if plain in said
        }
        return [client for _, client in sorted(found)]


_indexes: WeakKeyDictionary[Directory, BookIndex] = WeakKeyDictionary()  # goes with its directory


def index_of(directory: Directory) -> BookIndex:
    """The index of a directory, made once: its names and numbers do not change, its letters may."""
    found = _indexes.get(directory)
    if found is None:
        found = _indexes[directory] = BookIndex.of(directory)
    return found
