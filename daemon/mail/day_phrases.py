# ruff: noqa: E501  patterns read better unbroken
"""The packs' phrases for days as regular expressions: they hold numbers and names of days, which a plain phrase does not.

One is compiled, and asked, only where a text has the words without which it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from daemon.mail.sentences import fold

_IN_WORD = r"[^\s,;:?!]"
_ANY_WORD = rf"{_IN_WORD}+(?:,\d{_IN_WORD}*)*"  # "4.860,00" is one
_WORD_END = r"(?![^\s,;:?!()])"
_LETTERS = 3  # of a word that are compared
DIGIT = "#"  # a head: a number in digits
_DIGIT = re.compile(r"\d")

Reckon = Callable[[re.Match[str], date], date | None]
Heads = frozenset[str]  # how words begin: up to three letters, or `DIGIT`
Needs = tuple[Heads, ...]  # a text has to have a word for each of them


def heads_of_text(text: str) -> Heads:
    """Of the words of `normal` text; what stands behind an apostrophe counts as a word, too."""
    heads = [word[:_LETTERS] for word in text.split(" ")]
    if "'" in text:
        heads += [word[:_LETTERS] for word in text.replace("'", " ").split(" ")]
    if _DIGIT.search(text) is not None:
        heads.append(DIGIT)
    return frozenset(heads)


def heads_of_words(words: Iterable[str]) -> Heads:
    """Of whole words; of several in a row the first one counts."""
    return frozenset(word.split(" ")[0][:_LETTERS] for word in words)


class DayRule:
    """A pattern for days and how to reckon with it."""

    __slots__ = ("_compile", "_pattern", "needs", "reckoned", "vague")

    def __init__(
        self, needs: Iterable[Needs], source: Callable[[], re.Pattern[str]], reckoned: Reckon, *, vague: bool
    ) -> None:
        """`needs`: of each of its phrases; a text that meets none of them holds no such day."""
        self.needs = frozenset(needs)
        self.reckoned = reckoned
        self.vague = vague
        self._compile = source
        self._pattern: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self._pattern is None:
            self._pattern = self._compile()
        return self._pattern


class DayRules:
    """The rules of a language, the more exact before the others."""

    __slots__ = ("_always", "_by_head", "_rules")

    def __init__(self, rules: Iterable[DayRule]) -> None:
        self._rules = tuple(rules)
        self._always: set[int] = set()  # numbers of rules
        self._by_head: dict[str, list[tuple[int, Needs]]] = {}
        for number, rule in enumerate(self._rules):
            for needs in rule.needs:
                if not needs:
                    self._always.add(number)
                    continue
                telling = max(needs, key=_telling)
                others = tuple(heads for heads in needs if heads is not telling)
                for head in telling:
                    self._by_head.setdefault(head, []).append((number, others))

    def possible(self, text: str) -> list[DayRule]:
        """Those that may find a day in `normal` text."""
        heads = heads_of_text(text)
        found = set(self._always)
        for head in self._by_head.keys() & heads:
            for number, others in self._by_head[head]:
                if number not in found and not any(map(heads.isdisjoint, others)):
                    found.add(number)
        return [self._rules[number] for number in sorted(found)]


def needs_of(phrase: str, slots: Mapping[str, Heads]) -> Needs:
    """What a text needs for a phrase.  `slots`: `{n}` and the like, and what may stand in each."""
    words = [word for word in fold(phrase).split() if word[0] not in "[*"]
    return tuple(heads for word in words if (heads := _heads_of_word(word, slots)) is not None)


def _heads_of_word(word: str, slots: Mapping[str, Heads]) -> Heads | None:
    """None: it may begin with anything."""
    heads: set[str] = set()
    for choice in word.split("|"):
        first = choice.partition("_")[0]
        before, slot, _ = first.partition("{")
        letters = before.rstrip("~")
        if slot and not before and (inside := slots.get(first[: first.find("}") + 1])) is not None:
            heads |= inside
        elif letters[:1] == "~" or (len(letters) < _LETTERS and (slot or "~" in first)):  # "s{n}", "ay~"
            return None
        else:
            heads.add(letters[:_LETTERS])
    return frozenset(heads)


def _telling(heads: Heads) -> tuple[bool, int]:
    """Which word of a phrase rules out most texts: no number, and no short ones."""
    return DIGIT not in heads, min(map(len, heads), default=0)


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
