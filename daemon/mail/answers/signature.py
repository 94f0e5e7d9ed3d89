"""Where a signature begins: closing formula, name, company, telephone.

A name is known by the From field, or stands alone behind a closing formula or an empty line.  A word that means
something ("Friday", "ok") is never taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from daemon.mail.language.sentences import fold

_LOOKED_AT = 22  # filled lines from the end
_LONGEST_CLOSING = 100  # characters
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NAME_WORD = re.compile(r"[^\W\d_][^\W_]{0,24}(?:['’-][^\W\d_]+)*\.?|(?:[^\W\d_]\.){1,4}|&|[x*~-]{1,3}")
_POSTSCRIPT = re.compile(r"\s*p\.?\s?s\.?(?:[ :,.-]|$)", re.IGNORECASE)
_CONTACT = re.compile(
    r"(?:\+|\(?\b0|\b00|tel|ph|mob|fax|cell|handy|gsm|\bt|\bm|\bf)[\s.:/()+-]{0,4}(?:\d[\s./()-]{0,2}){6,}"
    r"|@|\bwww\.|https?:|\b\d{4,5}\b.{0,40}[^\W\d_]{3}"
    r"|\b(?:s\.?r\.?l|s\.?p\.?a|s\.?n\.?c|s\.?a\.?s|gmbh|ug|kg|ohg|ag|e\.k|s\.?a\.?r\.?l|s\.?a|s\.?l\.?u?|ltd|llc|llp|plc"
    r"|inc|b\.?v|n\.?v|vof|lda|ltda|a\.?s|ltd\.? sti|sti|oy|ab|s\.r\.o)\b\.?",
    re.IGNORECASE,
)
_SIGNED = re.compile(
    r"(?:i\. ?[av]\.|ppa\.|p\.p\.|p\.o\.|gez\.|fdo\.|f\.to)\s", re.IGNORECASE
)  # "i.A. Tjarks": for the company
_OPEN = ",;:?!"  # how lines end behind which a text goes on
_LONGEST_NAME = 9  # words, with title and company
_SENTENCE_END = (".", "!", "?", "…", ":", ";")
_TRIVIAL = frozenset(
    "de di da del van von der den el la le e y i und and et en ve the of x xx dr ing dott dra".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class _Tail:
    """The last filled lines of a text."""

    numbers: list[int]  # where they stand
    lines: list[str]  # without the marks and spaces around them
    bare: list[str]  # folded, without punctuation at the end

    @classmethod
    def of(cls, lines: list[str], numbers: list[int]) -> _Tail:
        shown = [lines[number].strip(" \t*_|-") for number in numbers]
        return cls(numbers, shown, list(map(_bare, fold("\n".join(shown)).split("\n"))) if shown else [])


@dataclass(frozen=True, slots=True)
class SignOffs:
    """What ends a letter, in all languages at once, folded."""

    closings: frozenset[str]  # "best regards"
    thanks: frozenset[str]  # also said at the beginning of a mail
    meaningful: frozenset[str]  # words that are never a name: days, months, "ok"

    def without(self, lines: list[str], sender: str) -> list[str]:
        """The lines without the signature and the closing formula above it; a postscript stays.

        Args:
            sender: the From field, decoded.
        """
        filled = [number for number, line in enumerate(lines) if line and not line.isspace()]
        tail = _Tail.of(lines, filled[-_LOOKED_AT - 1 :])
        names = _names_of(sender)
        whole = len(filled) <= _LOOKED_AT + 1  # the tail begins with the first line
        cut = next((n for n in range(1, len(tail.lines)) if self._begins(tail, n, names, 1 if whole else 2)), None)
        end = len(tail.lines) if cut is None else cut
        if end > (1 if whole else 0):
            said = tail.bare[end - 1]
            if (said in self.thanks and cut is not None) or self._closes_by_name(said):
                end -= 1
            while end > (1 if whole else 0) and tail.bare[end - 1] in self.closings:
                end -= 1
        number = tail.numbers[end] if end < len(tail.numbers) else len(lines)
        return lines[:number] + [line for line in lines[number:] if _POSTSCRIPT.match(line)]

    def _begins(self, tail: _Tail, n: int, names: Set[str], first: int) -> bool:
        """Whether the signature begins at this line of the tail.  `first`: 1 where the tail is the whole text."""
        line, before = tail.lines[n].rstrip(","), tail.lines[n - 1]
        if len(line) > 90 or tail.bare[n] in self.closings:
            return False
        apart = tail.numbers[n] - tail.numbers[n - 1] > 1
        closed = len(before) < _LONGEST_CLOSING and self._closes(tail.bare[n - 1])
        below = tail.lines[n + 1 :]
        if not closed and not apart and (line[-1:] in _OPEN or line.count(" ") > _LONGEST_NAME):
            return False  # the middle of a text
        if self._names_sender(line, tail.bare[n], names):
            return closed or apart or not below or before.endswith(_SENTENCE_END) or all(map(_belongs, below))
        if closed and self._like_name(line):
            return True
        if _SIGNED.match(line):
            return all(map(_belongs, below))
        if closed and (n > 1 or first > 1) and _belongs(line):
            return (not line.endswith((".", "!")) or _CONTACT.search(line) is not None) and all(map(_belongs, below))
        if not apart or not line[:1].isupper() or not self._like_name(line):
            return False
        if not below:
            return len(line.split()) <= 3 and before.endswith((*_SENTENCE_END, ",", ")"))
        return all(map(_belongs, below)) and any(map(_CONTACT.search, below))

    def _closes(self, said: str) -> bool:
        """A closing formula, whole or with some words behind it ("Kind regards from Bremen")."""
        if said in self.closings or said in self.thanks:
            return True
        words = said.split()
        return len(words) <= 7 and any(" ".join(words[:n]) in self.closings for n in range(1, len(words)))

    def _closes_by_name(self, said: str) -> bool:
        """ "Kind regards, Anna" in one line."""
        formula, comma, name = said.partition(",")
        words = _WORD.findall(name)
        return bool(comma) and formula in self.closings and 0 < len(words) <= 4 and not set(words) & self.meaningful

    def _names_sender(self, line: str, bare: str, names: Set[str]) -> bool:
        """Whether a line is the sender's name, whole, shortened, or with a title, a company or a trade beside it."""
        words = _WORD.findall(bare)
        if not words or len(words) > _LONGEST_NAME or line.endswith(("?", "!")):
            return False
        known = [word for word in words if word in names]
        if len(words) == 1:
            one = words[0]
            if one in self.meaningful:
                return False
            return bool(known) or any(name.startswith(one) for name in names)
        if len(words) == 2 and words[1] in _TRIVIAL and words[0] not in self.meaningful:
            return any(name.startswith(words[0]) for name in names)
        others = [w for w in words if w not in names and w not in _TRIVIAL and len(w) > 1]
        if line.endswith(".") and len(others) > 1:
            return False
        return len(known) >= 2 or (len(known) == 1 and len(others) <= 1 and self._like_name(line))

    def _like_name(self, line: str) -> bool:
        """A few words, all of letters, the longer ones with a capital, none that means something else."""
        words = line.replace(",", " ").replace("/", " ").split()
        return (
            0 < len(words) <= 5
            and all(map(_NAME_WORD.fullmatch, words))
            and all(word[:1].isupper() for word in words if len(word) > 3)
            and not any(fold(word).strip(".") in self.meaningful for word in words)
            and _bare(fold(line)) not in self.closings
        )


def _belongs(line: str) -> bool:
    """Whether a line may stand below a name: contact, title, company, address; no sentence of a conversation."""
    if _CONTACT.search(line):
        return len(line) < 200
    return len(line) <= 80 and not line.endswith(("?", ":")) and (len(line.split()) <= 8 or "|" in line)


def _names_of(sender: str) -> Set[str]:
    """The words of the sender's name and of its address, folded."""
    display, _, address = sender.rpartition("<")
    local, _, domain = address.partition("@")
    named = " ".join((display, *re.split(r"[._+-]", local), *re.split(r"[.-]", domain)[:-1]))
    return {word for word in _WORD.findall(fold(named)) if len(word) > 1}


def _bare(folded: str) -> str:
    return folded.strip(" \t*_>-").rstrip(" ,.!;:")
