"""The words in which an owner gives orders by mail: one language's and English, compiled from `commands.yaml`.

What a form may hold: a|b one of these, [a] may be missing, a_b several words as one choice, * the place of what the
command is about ("put * on hold").  Case, accents and the shape of quotes do not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import product
from typing import Protocol

from daemon.mail.language import reckon
from daemon.mail.language.dates import DateReader, Day
from daemon.mail.language.phrases import section_of, strings
from daemon.mail.language.sentences import fold, normal

GAP = "*"
MOST_SPELLINGS = 400  # of one form
LONGEST_DAY = 7  # words
LONG_AGO = timedelta(days=300)  # a day without a year that was longer ago is not meant
_ENGLISH = "en"
_SHORT = re.compile(r"[0-9]{1,2}[.-][0-9]{1,2}")  # a day only where a word says so: else it may be an amount
LISTS = (
    "item", "filler", "and", "all", "negations", "settled", "courtesy", "closings", "acks", "on", "until", "by", "from",
    "behind", "parts", "cancel", "sent", "resend",
)  # fmt: skip


class Word(Protocol):
    """A word of a line, as it is compared."""

    @property
    def word(self) -> str: ...


class Phrases:
    """Sequences of words, each with what it means; found by their first word."""

    __slots__ = ("_by_first",)

    def __init__(self, named: Mapping[str, Sequence[str]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for name, phrases in named.items():
            for phrase in phrases:
                for words in spelled(phrase):
                    self._by_first.setdefault(words[0], []).append((words, name))
        for found in self._by_first.values():
            found.sort(key=lambda one: -len(one[0]))

    def at(self, tokens: Sequence[Word], start: int) -> Iterator[tuple[int, str]]:
        """How many words each match has that begins there, and its name; the longest first."""
        if start >= len(tokens):
            return
        for words, name in self._by_first.get(tokens[start].word, ()):
            if tuple(token.word for token in tokens[start : start + len(words)]) == words:
                yield len(words), name


@dataclass(frozen=True, slots=True)
class Form:
    """One spelling of a command."""

    command: str
    head: tuple[str, ...]
    tail: tuple[str, ...] = ()  # the words behind the gap; (): it has none


class OrderWords:
    """What the orders of one owner are spelled with; English is understood beside every language."""

    def __init__(self, language: str, packs: Mapping[str, Mapping[str, object]]) -> None:
        """`packs`: the trees of `commands.yaml`, by language: the owner's and English."""
        self.language = language
        self._packs = {code: packs[code] for code in dict.fromkeys((language, _ENGLISH)) if code in packs}
        self.forms: dict[str, list[Form]] = {}
        for command, forms in self._merged("forms").items():
            for form in (one for written in forms for one in formed(command, written)):
                known = self.forms.setdefault(form.head[0], [])
                if form not in known:
                    known.append(form)
        lists = self._merged("words")
        self.lists = {name: Phrases({name: lists.get(name, ())}) for name in LISTS}
        self.currencies = Phrases(self._merged("currencies"))
        self.every = Phrases(self._merged("every"))
        self.outcomes = Phrases(self._merged("outcomes"))
        self.endings = frozenset(fold(ending) for ending in lists.get("endings", ()))  # of Turkish: 3'ü
        own = section_of(self._packs[language], "words")
        self.due = Phrases({"due": strings(own.get("due"))})  # of a tag in a subject: its language is the word's alone
        numbers = section_of(self._packs[language], "numbers")
        self.decimal = str(numbers.get("decimal", "."))  # the mark before the cents
        self.spaced = numbers.get("spaced") == "yes"  # 1 220,50 is one number
        self.examples = {
            name: str(section_of(section_of(self._packs[language], "help"), name).get("example", ""))
            for name in self.names
        }

    def stands(self, tokens: Sequence[Word], at: int, *names: str) -> bool:
        """Whether a phrase of one of the lists begins there."""
        return any(True for name in names for _ in self.lists[name].at(tokens, at))

    def currency(self, written: str) -> str | None:
        """The code of a currency that is glued to a number: `€`, `eur`."""
        return self._currencies.get(written)

    @cached_property
    def _currencies(self) -> Mapping[str, str]:
        return {
            words[0]: name
            for name, phrases in self._merged("currencies").items()
            for phrase in phrases
            for words in spelled(phrase)
            if len(words) == 1
        }

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Every command that has a form."""
        return tuple(dict.fromkeys(form.command for forms in self.forms.values() for form in forms))

    @cached_property
    def single(self) -> Mapping[str, str]:
        """The commands that one word is enough for, by that word."""
        forms = (form for known in self.forms.values() for form in known)
        return {form.head[0]: form.command for form in forms if len(form.head) == 1 and not form.tail}

    @cached_property
    def _readers(self) -> tuple[DateReader, ...]:
        order = str(section_of(self._packs[self.language], "dates").get("order", "dmy"))
        return tuple(DateReader({**section_of(pack, "dates"), "order": order}) for pack in self._packs.values())

    @cached_property
    def _announced(self) -> str:
        """A word behind which "15.6" is a day."""
        return strings(section_of(self._packs[self.language], "dates").get("on"))[0]

    def days(self, text: str, today: date, *, past: bool) -> frozenset[date]:
        """The days that the whole of a text may mean; languages that disagree give several.

        Args:
            past: for what has happened: "Friday" is the last one, "3 May" this year's or the last; where that
                cannot be told, the day that is still to come.
        """
        said = normal(text)
        ways = [(said, 0)]
        if _SHORT.fullmatch(said):
            ways.append((f"{self._announced} {said}", len(self._announced) + 1))
        found: set[date] = set()
        for reader in self._readers:
            for shown, skipped in ways:
                days = reader.find(shown, today)
                if len(days) != 1 or shown[skipped : days[0].start].strip() or shown[days[0].end :].strip():
                    continue
                found |= _gone_by(reader, shown, days[0], today) if past else {days[0].on}
                break
        return frozenset(found)

    def _merged(self, section: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for pack in self._packs.values():
            for name, phrases in section_of(pack, section).items():
                found.setdefault(name, []).extend(strings(phrases))
        return found


def spelled(phrase: str) -> Iterator[tuple[str, ...]]:
    """Every sequence of words that a phrase stands for."""
    choices: list[list[str]] = []
    for word in phrase.split():
        optional = word.startswith("[") and word.endswith("]")
        ones = [fold(one) for one in word.strip("[]").split("|") if one]
        choices.append([*ones, ""] if optional else ones)
    for chosen in product(*choices):
        words = tuple(word for one in chosen for word in one.split("_") if word)
        if words:
            yield words


def formed(command: str, written: str) -> Iterator[Form]:
    for words in spelled(written):
        if GAP in words:
            gap = words.index(GAP)
            yield Form(command, words[:gap], words[gap + 1 :])
        else:
            yield Form(command, words)


def _gone_by(reader: DateReader, text: str, day: Day, today: date) -> set[date]:
    """The day of something that has happened, where the words name the next one, too."""
    if day.on <= today:
        return {day.on}
    week, year = (reader.find(text, today - timedelta(days=back)) for back in (7, 183))
    if len(week) == 1 and day.vague and week[0].on == day.on - timedelta(days=7) < today:
        return {week[0].on}
    month = reckon.in_month(day.on, -1, day.on.day)
    if month is not None and day.vague and month < today:
        found = reader.find(text, month - timedelta(days=1))
        if len(found) == 1 and found[0].on == month:
            return {month}
    same = len(year) == 1 and (year[0].on.month, year[0].on.day) == (day.on.month, day.on.day)
    if same and timedelta(0) < today - year[0].on <= LONG_AGO:
        return {year[0].on}
    return {day.on}
