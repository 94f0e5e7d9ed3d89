"""One language as people write it to us: its phrases and days, compiled once from its pack's `reading:` section."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from daemon.domain.reading import Intent
from daemon.mail.dates import DateReader
from daemon.mail.phrases import PhraseIndex, PhraseSet, phrase_set, strings

_GUESSED_FROM = 1500  # characters
_WORDS = re.compile(r"[^\W\d_]+")
_Phrases = PhraseSet | None


@dataclass(frozen=True, slots=True)
class Speech:
    """The rules of one language.  A missing list is a rule that never applies."""

    language: str
    dates: DateReader
    stopwords: frozenset[str]
    intents: PhraseIndex
    negations: _Phrases  # "not", "never"
    harmless: _Phrases  # "no later than": holds a negation that negates nothing
    conditions: _Phrases  # "if", "as soon as"
    hedges: _Phrases  # "hope", "try to"
    future: _Phrases  # "will be": what is said with it is not paid yet
    partial: _Phrases  # "half", "the rest", "a part"
    back: _Phrases  # a first day back follows
    back_behind: _Phrases  # a first day back precedes
    until: _Phrases  # a last day away follows
    until_behind: _Phrases
    away: _Phrases  # "out of the office"
    gone: _Phrases  # "no longer works here"
    substitute: _Phrases  # another address follows
    ticket: _Phrases  # an acknowledgement of a ticket system

    @classmethod
    def of(cls, language: str, pack: Mapping[str, object]) -> Speech:
        intents = _section(pack, "intents")
        words = _section(pack, "words")
        absence = _section(pack, "absence")
        return cls(
            language=language,
            dates=DateReader(_section(pack, "dates")),
            stopwords=frozenset(s.lower() for s in strings(pack.get("stopwords"))),
            intents=PhraseIndex({intent.value: strings(intents.get(intent.value)) for intent in Intent}),
            negations=phrase_set(strings(words.get("negations"))),
            harmless=phrase_set(strings(words.get("harmless"))),
            conditions=phrase_set(strings(words.get("conditions"))),
            hedges=phrase_set(strings(words.get("hedges"))),
            future=phrase_set(strings(words.get("future"))),
            partial=phrase_set(strings(words.get("partial"))),
            back=phrase_set(strings(absence.get("back"))),
            back_behind=phrase_set(strings(absence.get("back_behind"))),
            until=phrase_set(strings(absence.get("until"))),
            until_behind=phrase_set(strings(absence.get("until_behind"))),
            away=phrase_set(strings(absence.get("away"))),
            gone=phrase_set(strings(absence.get("gone"))),
            substitute=phrase_set(strings(absence.get("substitute"))),
            ticket=phrase_set(strings(absence.get("ticket"))),
        )


def by_likelihood(speeches: tuple[Speech, ...], text: str, told: str | None) -> list[Speech]:
    """The languages that the text may be written in, likeliest first; `told` decides a tie.

    A language with less than half the marks of the likeliest is left out: its look-alike words mean other things.
    """
    words = set(_WORDS.findall(text[:_GUESSED_FROM].lower()))
    marks = {speech.language: len(words & speech.stopwords) for speech in speeches}
    best = max(marks.values(), default=0)
    ranked = sorted(speeches, key=lambda s: (-marks[s.language], s.language != told, s.language))
    return [s for s in ranked if marks[s.language] * 2 >= best or best < 2]


def _section(pack: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = pack.get(name)
    return value if isinstance(value, Mapping) else {}
