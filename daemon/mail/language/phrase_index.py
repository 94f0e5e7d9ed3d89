"""Many phrases looked for in a text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from daemon.mail.language.accents import Accents
from daemon.mail.language.lexicon import Lexicon, Said
from daemon.mail.language.phrase_words import Phrase

_MOST_PAIRS = 8000  # of words that are remembered so


class Found(NamedTuple):
    """Where a phrase stands in a text, and the words that are it there."""

    start: int
    end: int
    words: str


class _Candidate(NamedTuple):
    """A phrase that begins with a word."""

    name: str
    phrase: Phrase
    behind: tuple[frozenset[str], ...] | None  # `Phrase.behind`
    proved: int  # places of it that the first word fills for sure

    def goes_on(self, word: str) -> bool:
        """Whether this word may stand behind the first one."""
        return self.behind is None or any(word in words for words in self.behind)


class PhraseIndex:
    """Many phrases under many names: one look-up a word of the text, whatever the number of phrases.

    They are made ready when the word is first met with which they begin: the packs have thousands; most of them begin
    in no mail that a creditor ever gets.
    """

    __slots__ = ("_lexicon", "_pairs", "_ready", "_written")

    def __init__(self, named: Mapping[str, Iterable[str]], lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._ready: dict[str, list[_Candidate]] = {}
        self._pairs: dict[tuple[str, str], tuple[_Candidate, ...]] = {}
        written: dict[str, list[tuple[str, str]]] = {}
        for name, phrases in named.items():
            for phrase in dict.fromkeys(phrases):
                one = (name, phrase)
                for first in lexicon.firsts(phrase):
                    if first in written:
                        written[first].append(one)
                    else:
                        written[first] = [one]
        #: first word -> names and phrases; in tuples, of which the garbage collector does not go through the tens of
        #: thousands that the packs make again and again
        self._written = {first: tuple(begun) for first, begun in written.items()}

    def finditer(self, text: str, accents: Accents | None = None) -> Iterator[tuple[str, Found]]:
        """Every name and match in `normal` text, left to right; the longest match of a name at each place.

        Args:
            accents: how the text that it is from was written; None where that is not known.
        """
        said = self._lexicon.said(text)
        if self._written.keys().isdisjoint(said.firsts):  # as in most texts: known before any search begins
            return iter(())
        return self._matches(said, accents)

    def _matches(self, said: Said, accents: Accents | None) -> Iterator[tuple[str, Found]]:
        for at, first in said.begun:
            if first not in self._written:
                continue
            matched: str | None = None
            for name, phrase, _, proved in self._candidates(first, said.word(at + 1)):
                if name == matched:
                    continue
                for needed in phrase.needs:  # most phrases end here: a word of theirs stands nowhere in the text
                    if needed.isdisjoint(said.words):
                        break
                else:
                    end = phrase.end(said.tokens, at + proved, proved)
                    if end == -1:
                        continue
                    tokens = said.tokens[at:end]
                    if not phrase.strict or accents is None or accents.allow(phrase.strict, tokens):
                        matched = name
                        start, words = said.start(at), " ".join(tokens)
                        yield name, Found(start, start + len(words), words)

    def _candidates(self, first: str, following: str) -> tuple[_Candidate, ...]:
        """The phrases that may begin with these two words; those of a name together, the longest first."""
        found = self._pairs.get((first, following))
        if found is None:
            begun = self._ready.get(first) or self._made_ready(first)
            found = tuple([candidate for candidate in begun if candidate.goes_on(following)])
            if len(self._pairs) < _MOST_PAIRS:
                self._pairs[first, following] = found
        return found

    def _made_ready(self, first: str) -> list[_Candidate]:
        names: dict[str, dict[Phrase, None]] = {}
        for name, written in self._written[first]:
            names.setdefault(name, {})[self._lexicon.phrase(written)] = None
        self._written[first] = ()
        ready = self._ready[first] = [
            _Candidate(name, phrase, phrase.behind(first), int(phrase.begins_alone(first)))
            for name, phrases in names.items()
            for phrase in sorted(phrases, key=lambda phrase: -phrase.letters)
        ]
        return ready


class PhraseSet:
    """Phrases of one name."""

    __slots__ = ("_index",)

    def __init__(self, phrases: Iterable[str], lexicon: Lexicon) -> None:
        self._index = PhraseIndex({"": phrases}, lexicon)

    def finditer(self, text: str, accents: Accents | None = None) -> Iterator[Found]:
        """Every match, left to right, not overlapping."""
        free = 0
        for _, match in self._index.finditer(text, accents):
            if match.start >= free:
                yield match
                free = match.end

    def search(self, text: str, accents: Accents | None = None) -> Found | None:
        first = next(self._index.finditer(text, accents), None)
        return first[1] if first is not None else None

    def without(self, text: str) -> str:
        """`text` with all matches taken out."""
        kept, last = [], 0
        for found in self.finditer(text):
            kept.append(text[last : found.start])
            last = found.end
        return " ".join(("".join(kept) + text[last:]).split())


def phrase_set(phrases: Iterable[str], lexicon: Lexicon) -> PhraseSet | None:
    """The phrases ready to be looked for; None for none."""
    ready = [phrase for phrase in phrases if phrase.strip(" *")]
    return PhraseSet(ready, lexicon) if ready else None
