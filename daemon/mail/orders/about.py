"""What an owner's mail may name: the items of the mail it answers, invoices and clients."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from daemon.mail.language.sentences import fold
from daemon.mail.orders.tokens import Token

LONGEST_NAME = 6  # words
_ITEM = re.compile(r"(?:#|n°|no\.|nr\.?|n\.)?([1-9][0-9]{0,2})")
_LIST = re.compile(r"[1-9][0-9]{0,2}(?:,[1-9][0-9]{0,2})+")
_NUMBERED = re.compile(r"[#\w.,/-]*[0-9][\w.,/-]*")


@dataclass(frozen=True)
class About:
    """What the mail is about that the owner answers, and what there is beside it."""

    invoice: str | None = None  # CLIENT/NUMBER of an alert: meant where a line names nothing
    items: Mapping[int, str] = field(default_factory=dict)  # of the digest: number -> kind, as `Target.kind`
    invoices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # client -> number -> currency
    names: Mapping[str, str] = field(default_factory=dict)  # client -> its name
    of_items: Mapping[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)  # item -> client, numbers
    letters: frozenset[str] = frozenset()  # ids of letters that may be named
    asks: bool = False  # whether that mail asks for a yes or a no

    @cached_property
    def _known(self) -> Mapping[str, frozenset[str]]:
        """Folded spelling -> what is meant, as a command takes it."""
        found: dict[str, set[str]] = {}
        for client, numbers in self.invoices.items():
            for spelling in (client, self.names.get(client, "")):
                found.setdefault(_spelling(spelling), set()).add(client)
            for number in numbers:
                found.setdefault(_spelling(number), set()).add(number)
                found.setdefault(_spelling(f"{client}/{number}"), set()).add(f"{client}/{number}")
        for letter in self.letters:
            found.setdefault(_spelling(letter), set()).add(letter)
        found.pop("", None)
        return {spelling: frozenset(meant) for spelling, meant in found.items()}

    def targets(self, tokens: Sequence[Token], start: int, endings: frozenset[str]) -> Iterator[tuple[int, str]]:
        """How many words each target has that begins there, and the target; the longest first."""
        for length in range(min(LONGEST_NAME, len(tokens) - start), 0, -1):
            run = tokens[start : start + length]
            for word in _endless(" ".join(token.word for token in run), endings):
                for meant in sorted(self._known.get(word, ())):
                    yield length, meant
                item = _ITEM.fullmatch(word) if length == 1 else None
                if item and int(item[1]) in self.items:
                    yield 1, item[1]
                    if word in self._known:  # an item and an invoice of the same number: two readings
                        yield from ((1, f"{c}/{item[1]}") for c, known in self.invoices.items() if item[1] in known)

    def listed(self, token: Token) -> tuple[str, ...]:
        """The items of `3,4,8`, which is one word; () where it is none."""
        items = token.word.split(",") if _LIST.fullmatch(token.word) else ()
        return tuple(items) if all(int(item) in self.items for item in items) else ()

    def clients(self, tokens: Sequence[Token], start: int) -> Iterator[tuple[int, str]]:
        """The same for clients only."""
        return ((length, meant) for length, meant in self.targets(tokens, start, frozenset()) if meant in self.invoices)

    def currencies(self, target: str) -> frozenset[str]:
        """In which currencies the target is stated; empty where nobody knows."""
        if target.isdecimal() and int(target) in self.of_items:
            client, numbers = self.of_items[int(target)]
            return frozenset(self.invoices.get(client, {}).get(number, "") for number in numbers)
        client, _, number = target.partition("/")
        if number and number in self.invoices.get(client, {}):
            return frozenset({self.invoices[client][number]})
        if target in self.invoices:
            return frozenset(self.invoices[target].values())
        return frozenset(numbers[target] for numbers in self.invoices.values() if target in numbers)


def looks_numbered(token: Token) -> bool:
    """Whether a word could be the number of an item or an invoice."""
    return _NUMBERED.fullmatch(token.word) is not None


def says_no(token: Token) -> bool:
    """Whether "no" is a no: "no. 3" and "nº 3" are numbers."""
    return token.raw.lower() == "no" and token.ends != "."


def _spelling(text: str) -> str:
    return " ".join(fold(text).split()).rstrip(".")


def _endless(word: str, endings: frozenset[str]) -> Iterator[str]:
    """The word, and without the ending that Turkish hangs on it: 3'ü, 2026-041'i."""
    yield word
    stem, mark, ending = word.rpartition("'")
    if mark and ending in endings:
        yield stem
