"""One language as people write it to us: its phrases and days, from its pack's `reading:` section.

A list only knows with which words its phrases begin; a phrase is made ready when a mail has its first word: the packs
hold far more than one mail needs.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from daemon.domain.books.reading import Intent
from daemon.mail.language.dates import DateReader
from daemon.mail.language.lexicon import Lexicon
from daemon.mail.language.phrase_index import PhraseIndex, PhraseSet, phrase_set
from daemon.mail.language.phrases import section_of, strings, vocabulary_of

_GUESSED_FROM = 1500  # characters
_FEW = 3  # marks of a language, with which a text does not tell it for sure
_PLENTY = 8  # marks of a language, with which a text tells it
_WORDS = re.compile(r"[^\W\d_]+")
_WORD = re.compile(r"\w")
_Phrases = PhraseSet | None
_OF_WORDS = (
    "negations", "harmless", "against", "retracts", "supposes", "says", "objects", "ours", "conditions", "hedges",
    "future", "partial", "joints", "linked", "asks", "checks", "tags", "aside", "aside_behind", "arrives", "either",
    "then", "filler", "done", "together",
)  # fmt: skip
_OF_ABSENCE = ("back", "back_behind", "until", "until_behind", "away", "gone", "substitute", "ticket")
PERHAPS, UNLESS = "perhaps ", "unless "  # before the name of an intent in `Speech.intents`


@dataclass(frozen=True, slots=True)
class Speech:
    """The rules of one language.  A missing list is a rule that never applies."""

    language: str
    stopwords: frozenset[str]  # small words by which a text is known to be in it, lower case
    dates: DateReader
    intents: PhraseIndex  # `promise`; `perhaps promise`, where nothing is said surely; `unless promise` takes back
    negations: _Phrases  # "not", "never"
    harmless: _Phrases  # "no later than": holds a negation that negates nothing
    conditions: _Phrases  # "if", "as soon as"
    hedges: _Phrases  # "hope", "try to"
    against: _Phrases  # "but": a doubt behind it is one about what stands before it
    retracts: _Phrases  # "just kidding", "God knows": nothing is left of what was said before
    supposes: _Phrases  # "if", "in case": a complaint behind it is none yet
    objects: _Phrases  # "paid the ...": whom or what
    ours: _Phrases  # "invoice", "amount": among the words of `objects` they are ours, all others are not
    says: _Phrases  # "write", "hear": what one would like to say stands behind the colon, and is not so
    future: _Phrases  # "will be": what is said with it is not paid yet
    partial: _Phrases  # "half", "the rest", "a part"
    joints: _Phrases  # "and", "but": a clause begins with them
    linked: _Phrases  # "that", "dass": what begins so belongs to the clause before it
    asks: _Phrases  # "please send": what is said with it is asked of us, and no promise
    checks: _Phrases  # "could you check": a payment told before it in the same sentence is told, not asked about
    tags: _Phrases  # "ok?", "tá bom?": a question mark behind them asks nothing
    aside: _Phrases  # "the invoice of": the day behind it is another
    aside_behind: _Phrases  # "tarihli": the day before it is another
    arrives: _Phrases  # "credited", "with you": of several days the one beside it is promised, unless it is the earlier
    unpaid: _Phrases  # "this one still lies here": what was paid is another invoice
    either: _Phrases  # "or", between two days
    together: _Phrases  # "together with 2026-038": another invoice, and what is said is said of ours as well
    then: _Phrases  # "then", "that day": points to the day of the sentence before, or to the day back before it
    filler: _Phrases  # "ok", "sorry": what may stand beside a day that is the whole answer
    done: _Phrases  # "done", "paid": a payment, where it is the whole answer
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
        lexicon = Lexicon(vocabulary_of(section_of(pack, "vocabulary")))
        words, absence = section_of(pack, "words"), section_of(pack, "absence")

        def one(section: Mapping[str, object], name: str) -> _Phrases:
            return phrase_set(strings(section.get(name)), lexicon)

        intents = {
            before + intent.value: strings(section.get(intent.value))
            for before, section in (
                ("", section_of(pack, "intents")),
                (PERHAPS, section_of(pack, "perhaps")),
                (UNLESS, section_of(pack, "unless")),
            )
            for intent in Intent
        }
        return cls(
            language=language,
            stopwords=_stopwords(pack),
            dates=DateReader(section_of(pack, "dates")),
            intents=PhraseIndex(intents, lexicon),
            unpaid=one(words, "open"),
            **{name: one(words, name) for name in _OF_WORDS},
            **{name: one(absence, name) for name in _OF_ABSENCE},
        )

    def untagged(self, said: list[str]) -> list[str]:
        """The sentences without the little questions at their ends that ask nothing ("..., ok?")."""
        if self.tags is None or not any(sentence.endswith("?") for sentence in said):
            return said
        return [self._untagged(sentence) if sentence.endswith("?") else sentence for sentence in said]

    def _untagged(self, sentence: str) -> str:
        for match in self.tags.finditer(sentence) if self.tags is not None else ():
            if not sentence[match.end :].strip(" ?!"):
                return sentence[: match.start].rstrip(" ,")
        return sentence

    def undivided(self, said: list[str], written: date) -> list[str]:
        """The sentences with no comma in a day or behind one that had one: "on Friday, 16 October, in full"."""
        return [self._undivided(sentence, written) if " , " in sentence else sentence for sentence in said]

    def _undivided(self, sentence: str, written: date) -> str:
        for day in reversed(self.dates.find(sentence, written)):
            named = sentence[day.start : day.end]
            if " , " in named:
                behind = sentence[day.end :].removeprefix(" ,")
                sentence = sentence[: day.start] + named.replace(" ,", "") + behind
        return sentence

    def only_fills(self, text: str) -> bool:
        """Whether nothing but `filler` words stands in `normal` text."""
        return _WORD.search(self.filler.without(text) if self.filler is not None else text) is None


class Speeches:
    """The languages of the packs; each is read when a mail is first likely to be written in it."""

    __slots__ = ("_built", "_packs", "_stopwords")

    def __init__(self, packs: Mapping[str, Mapping[str, object]]) -> None:
        """`packs`: the `reading:` section of each language's pack; kept packed small until it is needed."""
        self._packs = {language: zlib.compress(msgspec.json.encode(pack)) for language, pack in sorted(packs.items())}
        self._stopwords = {language: _stopwords(pack) for language, pack in packs.items()}
        self._built: dict[str, Speech] = {}

    def likely(self, text: str, told: str | None = None, around: str = "") -> list[Speech]:
        """The languages that the text may be written in, likeliest first; `told` decides a tie.

        A language with clearly fewer marks than the likeliest is left out: its look-alike words mean other things.

        Args:
            around: the mail that the text stands in; what it quotes tells the language of a bare "ok".
        """
        marks = self._marks(text)
        best = max(marks.values(), default=0)
        beside = self._marks(around) if best < _FEW and around else marks
        share = 2 if best <= _FEW else 1.5
        likely = [language for language in self._packs if marks[language] * share >= best or best < 2]
        if best < _FEW and max(beside.values(), default=0) >= _PLENTY:
            likely = [language for language in likely if beside[language] * 2 >= max(beside.values())]
        likely.sort(key=lambda language: (-marks[language], -beside[language], language != told, language))
        return [self._speech(language) for language in likely]

    def _speech(self, language: str) -> Speech:
        if language not in self._built:
            self._built[language] = Speech.of(language, msgspec.json.decode(zlib.decompress(self._packs[language])))
        return self._built[language]

    def _marks(self, text: str) -> dict[str, int]:
        words = words_in(text)
        return {language: len(words & stopwords) for language, stopwords in self._stopwords.items()}


def words_in(text: str) -> frozenset[str]:
    """The words with which a text begins, lower case, by which its language is told."""
    return frozenset(_WORDS.findall(text[:_GUESSED_FROM].lower()))


def _stopwords(pack: Mapping[str, object]) -> frozenset[str]:
    return frozenset(word.lower() for word in strings(pack.get("stopwords")))
