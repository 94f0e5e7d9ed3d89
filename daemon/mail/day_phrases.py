# ruff: noqa: E501  patterns read better unbroken
"""The packs' phrases for days as regular expressions: they hold numbers and names of days, which a plain phrase does not.

One is compiled when a text first has a word without which it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from daemon.mail.sentences import fold

_IN_WORD = r"[^\s,;:?!]"
_ANY_WORD = rf"{_IN_WORD}+(?:,\d{_IN_WORD}*)*"  # "4.860,00" is one
_WORD_END = r"(?![^\s,;:?!()])"
_LETTERS = 3  # of a word that are compared
_DIGIT = re.compile(r"\d")

Reckon = Callable[[re.Match[str], date], date | None]


@dataclass(frozen=True, slots=True)
class Heads:
    """How the words of a text begin, or those of which a rule needs one."""

    beginnings: frozenset[str] = frozenset()  # up to three letters
    digits: bool = False
    anything: bool = False  # a rule that needs none

    @classmethod
    def of_text(cls, text: str) -> Heads:
        """Of `normal` text; what stands behind an apostrophe counts as a word, too."""
        words = {word[:_LETTERS] for word in text.split(" ")}
        if "'" in text:
            words.update([word[:_LETTERS] for word in text.replace("'", " ").split(" ")])
        return cls(frozenset(words), _DIGIT.search(text) is not None)

    @classmethod
    def of_words(cls, *words: Iterable[str], digits: bool = False) -> Heads:
        """Of whole words; of several in a row the first one counts."""
        return cls(frozenset(word.split(" ")[0][:_LETTERS] for some in words for word in some), digits)

    def __or__(self, other: Heads) -> Heads:
        return Heads(self.beginnings | other.beginnings, self.digits or other.digits, self.anything or other.anything)

    def meet(self, text: Heads) -> bool:
        """Whether the rule that needs these may find anything in a text with those."""
        return self.anything or (self.digits and text.digits) or not self.beginnings.isdisjoint(text.beginnings)


class DayRule:
    """A pattern for days and how to reckon with it."""

    __slots__ = ("_compile", "_pattern", "needs", "reckoned", "vague")

    def __init__(self, needs: Heads, source: Callable[[], re.Pattern[str]], reckoned: Reckon, *, vague: bool) -> None:
        self.needs = needs
        self.reckoned = reckoned
        self.vague = vague
        self._compile = source
        self._pattern: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self._pattern is None:
            self._pattern = self._compile()
        return self._pattern


def heads_of_phrases(phrases: Iterable[str], slots: Mapping[str, Heads]) -> Heads:
    """What a text needs for one of the phrases.  `slots`: `{n}` and the like, and what may stand in each."""
    needed = Heads()
    for phrase in phrases:
        words = [word for word in fold(phrase).split() if word[0] not in "[*"]
        needed |= max((_heads_of_word(word, slots) for word in words), key=_telling, default=Heads(anything=True))
    return needed


def _heads_of_word(word: str, slots: Mapping[str, Heads]) -> Heads:
    heads = Heads()
    for choice in word.split("|"):
        first = choice.partition("_")[0]
        before, slot, _ = first.partition("{")
        if slot and not before:
            heads |= slots.get(first[: first.find("}") + 1], Heads(anything=True))
        elif len(before) < _LETTERS and (slot or "~" in first):
            return Heads(anything=True)  # "s{n}"
        elif before[:1] == "~":
            return Heads(anything=True)
        else:
            heads |= Heads(frozenset([before.strip("~")[:_LETTERS]]))
    return heads


def _telling(heads: Heads) -> tuple[bool, bool, int]:
    """Which word of a phrase rules out most texts: no number, and no short ones."""
    return not heads.anything, not heads.digits, min(map(len, heads.beginnings), default=0)


def _pattern(phrase: str) -> str:
    body = ""
    for word in phrase.split():
        if word in ("*", "**"):
            body += rf"(?: {_ANY_WORD}){{0,{4 if word == '*' else 12}}}?" if body else ""
            continue
        optional = word.startswith("[") and word.endswith("]")
        choices = [_word(w) for w in fold(word.strip("[]")).split("|") if w]
        one = choices[0] if len(choices) == 1 else "(?:" + "|".join(choices) + ")"
        begun = bool(body) and not body.endswith(" )?")
        if optional:
            body += f"(?: {one})?" if begun else f"(?:{one} )?"
        else:
            body += f" {one}" if begun else one
    return body


def _word(word: str) -> str:
    """One choice of a word, which may be several words: `a_b~`."""
    if "~" not in word:
        return re.escape(word.replace("_", " ")).replace(r"\ ", " ")
    return " ".join(_open_word(one) for one in word.split("_"))


def _open_word(word: str) -> str:
    before = rf"{_IN_WORD}*" if word.startswith("~") else ""
    after = rf"{_IN_WORD}*" if word.endswith("~") else ""
    return before + re.escape(word.strip("~")) + after


def pattern_of(phrases: Iterable[str]) -> str:
    """One regular expression for `normal` text that finds any of the phrases, longest first; "" for none."""
    ready = sorted(dict.fromkeys(_pattern(p) for p in phrases if p.strip()), key=len, reverse=True)
    return r"(?<![^\s,;:?!()])(?:" + "|".join(ready) + ")" + _WORD_END if ready else ""
