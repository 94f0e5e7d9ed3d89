"""What the phrases of one language share: its words, the places made of them, and the texts they are looked for in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import accumulate

from daemon.mail.language.accents import STRICT, strict_words
from daemon.mail.language.phrase_words import Part, Phrase, Place
from daemon.mail.language.phrases import spelled_word
from daemon.mail.language.sentences import fold

_GAPS: Mapping[str, Part] = {"*": (None, 4), "**": (None, 12)}  # words
_NOT_STRICT: Mapping[str, str] = {}
_SHORT = 3  # letters by which open words are sorted
_MOST_MET = 8000  # words of mails that are remembered with what they begin
_AT_HAND = 16  # texts: a sentence is asked for thirty lists, and its clauses for some of them


class Said:
    """A `normal` text in its words, and where phrases of the language may begin in it."""

    __slots__ = ("_starts", "begun", "firsts", "tokens", "words")

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self.tokens = text.split(" ")
        self.words = frozenset(self.tokens)
        self.begun = [(at, first) for at, token in enumerate(self.tokens) for first in lexicon.begun_by(token)]
        self.firsts = frozenset([first for _, first in self.begun])
        self._starts: list[int] = []

    def word(self, at: int) -> str:
        """The word of that number; "" behind the last."""
        return self.tokens[at] if at < len(self.tokens) else ""

    def start(self, at: int) -> int:
        """The character with which that word begins."""
        if not self._starts:
            self._starts = list(accumulate((len(token) + 1 for token in self.tokens), initial=0))
        return self._starts[at]


class Lexicon:
    """The vocabulary of one language, and what was made of it."""

    __slots__ = (
        "_at_hand",
        "_beginnings",
        "_endings",
        "_exact",
        "_firsts",
        "_held",
        "_met",
        "_parts",
        "_phrases",
        "_short",
        "_spelled",
        "_strict",
        "_vocabulary",
    )

    def __init__(self, vocabulary: Mapping[str, str]) -> None:
        self._vocabulary = vocabulary
        self._spelled: dict[str, str] = {}
        self._strict: dict[str, dict[str, str]] = {}
        self._parts: dict[str, Part] = {}
        self._phrases: dict[str, Phrase] = {}
        self._firsts: dict[str, tuple[str, ...]] = {}  # word of a phrase -> what it may begin with, open words sorted
        self._exact: set[str] = set()  # all words with which a phrase begins
        self._beginnings: set[str] = set()  # three letters
        self._short: dict[str, str] = {}  # fewer
        self._endings: dict[str, str] = {}
        self._held: dict[str, str] = {}
        self._met: dict[str, tuple[str, ...]] = {}
        self._at_hand: dict[str, Said] = {}

    def said(self, text: str) -> Said:
        """A `normal` text in its words; the latest are at hand."""
        said = self._at_hand.get(text)
        if said is None:
            if len(self._at_hand) >= _AT_HAND:
                self._at_hand.clear()
            said = self._at_hand[text] = Said(text, self)
        return said

    def begun_by(self, token: str) -> tuple[str, ...]:
        """With which `firsts` a word may begin a phrase: itself, its beginning, its ending, what it holds."""
        found = self._met.get(token)
        if found is None:
            found = tuple(self._sorted_under(token))
            if len(self._met) < _MOST_MET:
                self._met[token] = found
        return found

    def _sorted_under(self, token: str) -> Iterable[str]:
        if token in self._exact:
            yield token
        if token[:_SHORT] in self._beginnings:
            yield token[:_SHORT] + "~"
        yield from (first for letters, first in self._short.items() if token.startswith(letters))
        yield from (first for letters, first in self._endings.items() if token.endswith(letters))
        yield from (first for letters, first in self._held.items() if letters in token)

    def firsts(self, written: str) -> Iterable[str]:
        """What a phrase may begin with: the words of all its places up to the first that may not be missing.

        Of an open word the letters by which it is sorted: "pag~" for "pagare~".  None where none of its words has to
        be there.
        """
        found: dict[str, None] = {}
        for word in written.split():
            if word in _GAPS:
                continue
            firsts = self._firsts.get(word)
            if firsts is None:
                choices = self._choices(word).split("|")
                words = dict.fromkeys(choice.partition("_")[0] for choice in choices if choice)
                firsts = self._firsts[word] = tuple(dict.fromkeys(map(self._noted, words)))
            if not _optional(word):
                return dict.fromkeys((*found, *firsts)) if found else firsts
            found.update(dict.fromkeys(firsts))
        return ()

    def _noted(self, first: str) -> str:
        """A word with which a phrase begins as it is sorted, remembered for all texts to come."""
        if self._met or self._at_hand:  # what was told of texts before does not know it
            self._met.clear()
            self._at_hand.clear()
        letters = first.strip("~")
        if "~" not in first:
            self._exact.add(first)
        elif first[0] != "~" and len(letters) >= _SHORT:
            first = letters[:_SHORT] + "~"
            self._beginnings.add(letters[:_SHORT])
        elif first[0] != "~":
            self._short[letters] = first
        else:
            (self._held if first[-1] == "~" else self._endings)[letters] = first
        return first

    def phrase(self, written: str) -> Phrase:
        """A phrase as the pack has it, made once."""
        phrase = self._phrases.get(written)
        if phrase is None:
            parts = tuple([_GAPS.get(word) or self._part(word) for word in written.strip(" *").split()])
            phrase = self._phrases[written] = Phrase.of(parts)
        return phrase

    def _part(self, word: str) -> Part:
        part = self._parts.get(word)
        if part is None:
            place = Place.of(self._choices(word), self._strict.get(word, _NOT_STRICT))
            part = self._parts[word] = (place, int(_optional(word)))
        return part

    def _choices(self, word: str) -> str:
        choices = self._spelled.get(word)
        if choices is None:
            spelled = spelled_word(word, self._vocabulary) if "<" in word else word
            spelled = spelled.strip("[]")
            if STRICT in spelled:
                self._strict[word] = strict_words(spelled)
                spelled = spelled.replace(STRICT, "")
            choices = self._spelled[word] = fold(spelled)
        return choices


def _optional(word: str) -> bool:
    return word[0] == "[" and word[-1] == "]"
