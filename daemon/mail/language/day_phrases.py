# ruff: noqa: E501  patterns read better unbroken
"""The packs' phrases for days as regular expressions: they hold numbers and names of days, which a plain phrase does not.

One is compiled, and asked, only where a text has the words without which it finds nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from daemon.mail.language.phrases import strings
from daemon.mail.language.sentences import fold

_IN_WORD = r"[^\s,;:?!]"
_ANY_WORD = rf"{_IN_WORD}+(?:,\d{_IN_WORD}*)*"  # "4.860,00" is one
_WORD_END = r"(?![^\s,;:?!()])"
_LETTERS = 3  # of a word that are compared
DIGIT = "#"  # a head: a number in digits
_DIGIT = re.compile(r"\d")

#: meanings of a pack's phrases that name no day that is past
AHEAD = frozenset(["weekday_next_week", "weekday_in_eight", "day_of_next_month", "next_month_end", "next_month_half", "next_month", "week_after_next", "next_week_start", "next_week_half", "next_week", "next_weekday"])  # fmt: skip
_COUNTED = ("{n}", "{d}")
_SLOTS = {  # what a meaning is reckoned from
    **dict.fromkeys(("weekday_next_week", "weekday_in_eight", "past_weekday", "next_weekday", "weekday"), ("{weekday}",)),
    **dict.fromkeys(("month_end_of", "month_half_of", "month_start_of"), ("{month}",)),
    **dict.fromkeys(
        (
            "day_of_next_month", "week_number", "business_days", "hours", "days", "weeks", "months",
            "month_business_day", "day",
        ),
        _COUNTED,
    ),
}  # fmt: skip
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


def numbered(value: object) -> dict[str, int]:
    """`{1: [january, jan]}` as folded word -> number."""
    if not isinstance(value, Mapping):
        return {}
    return {fold(word): int(str(number)) for number, words in value.items() for word in strings(words)}


def with_its_slot(meaning: str, phrases: Iterable[str]) -> Iterator[str]:
    """The phrases of a meaning of the packs (`days`, `weekday_next_week`), none of them empty.

    Raises:
        ValueError: one does not say where the number, or the name, stands from which its day is reckoned.
    """
    slots = _SLOTS.get(meaning, ())
    for phrase in filter(str.strip, phrases):
        if slots and not any(slot in word for word in phrase.split() for slot in slots if word[0] != "["):
            raise ValueError(f"`dates: phrases: {meaning}`: `{phrase}` does not say where {' or '.join(slots)} stands")
        yield phrase


class DayPhrase:
    """One way to name a day; compiled when a text may hold it."""

    __slots__ = ("_pattern", "_source", "letters", "needs")

    def __init__(self, needs: Needs, source: Callable[[], str], letters: int = 0) -> None:
        """`letters`: of the phrases of a rule the longest comes first."""
        self.needs = needs
        self.letters = letters
        self._source = source
        self._pattern: re.Pattern[str] | None = None

    @property
    def pattern(self) -> re.Pattern[str]:
        if self._pattern is None:
            self._pattern = re.compile(self._source())
        return self._pattern


@dataclass(frozen=True, slots=True)
class DayRule:
    """Phrases for one kind of day and how to reckon with it."""

    phrases: tuple[DayPhrase, ...]
    reckoned: Reckon
    vague: bool


class DayRules:
    """The rules of a language, the more exact before the others."""

    __slots__ = ("_always", "_by_head", "_rules")

    def __init__(self, rules: Iterable[DayRule]) -> None:
        self._rules = tuple(rules)
        self._always: list[tuple[int, int]] = []  # numbers of rules and of their phrases
        self._by_head: dict[str, list[tuple[int, int, Needs]]] = {}
        for number, rule in enumerate(self._rules):
            for place, phrase in enumerate(rule.phrases):
                if not phrase.needs:
                    self._always.append((number, place))
                    continue
                telling = max(phrase.needs, key=_telling)
                others = tuple(heads for heads in phrase.needs if heads is not telling)
                for head in telling:
                    self._by_head.setdefault(head, []).append((number, place, others))

    def matches(self, text: str) -> Iterator[tuple[DayRule, re.Match[str]]]:
        """What the phrases find in `normal` text, rule by rule."""
        heads = heads_of_text(text)
        found = set(self._always)
        for head in self._by_head.keys() & heads:
            for number, place, others in self._by_head[head]:
                if not any(map(heads.isdisjoint, others)):
                    found.add((number, place))
        for number, places in groupby(sorted(found), key=itemgetter(0)):
            rule = self._rules[number]
            for match in _matches([rule.phrases[place] for _, place in places], text):
                yield rule, match


def _matches(phrases: Iterable[DayPhrase], text: str) -> Iterator[re.Match[str]]:
    """The matches of several phrases, left to right, not overlapping; where two begin, the longer phrase counts."""
    patterns = [phrase.pattern for phrase in sorted(phrases, key=lambda phrase: -phrase.letters)]
    ahead = [(pattern, match) for pattern in patterns if (match := pattern.search(text))]
    while ahead:
        first = min([match for _, match in ahead], key=re.Match.start)
        yield first
        ahead = [
            (pattern, match)
            for pattern, known in ahead
            if (match := known if known.start() >= first.end() else pattern.search(text, first.end()))
        ]


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


def pattern_of(phrase: str) -> str:
    """The regular expression for a phrase in `normal` text."""
    return r"(?<![^\s,;:?!()])(?:" + _pattern(phrase) + ")" + _WORD_END
