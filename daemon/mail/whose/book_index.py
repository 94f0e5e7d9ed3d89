"""The names and numbers of the book, arranged so that a mail is looked through once, however large the book is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from daemon.domain.books.directory import Directory
from daemon.mail.octets.spoken import Spoken

_EDGE = r"[^\W_]"
_WORD = re.compile(r"\w+")
_SHORTEST = 3  # characters of a number: "3" stands in every mail


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
        found: set[tuple[int, str]] = set()
        for text in spoken.apart.retyped:
            for number in self.by_number.keys() & text.words | self.by_number.keys() & text.numbers:
                found.update(self.by_number[number])
            for position, number, plain, itself in self.spaced:
                if plain in text.lower and itself.search(text.lower):
                    found.add((position, number))
        return [number for _, number in sorted(found)]

    def names_in(self, spoken: Spoken) -> list[str]:
        """The clients whose names stand in a text as whole words."""
        text, firsts = spoken.apart, self.by_first_word.keys()
        first = firsts & text.words | firsts & set(_WORD.findall(text.marked))
        if not first:
            return []
        said = " " + " ".join(_WORD.findall(text.lower)) + " "
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
