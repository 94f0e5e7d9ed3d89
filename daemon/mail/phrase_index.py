"""Many phrases looked for in a text at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from daemon.mail.accents import Accents
from daemon.mail.phrase_words import Lexicon, Phrase

_SHORT = 3  # letters by which open words are sorted
_Behind = tuple[frozenset[str], ...] | None


class Found(NamedTuple):
    """Where a phrase stands in a text, and the words that are it there."""

    start: int
    end: int
    words: str


class _Begun:
    """The phrases that begin with one word, made ready when that word is first met.

    The packs have thousands; most of them begin in no mail that a creditor ever gets.
    """

    __slots__ = ("_first", "_ready", "written")

    def __init__(self, first: str) -> None:
        """`first`: the word; "" for one of which only the beginning or the ending is known."""
        self.written: list[tuple[str, str]] = []  # names and phrases
        self._first = first
        self._ready: list[tuple[str, Phrase, _Behind]] | None = None

    def ready(self, lexicon: Lexicon) -> list[tuple[str, Phrase, _Behind]]:
        """Those of a name together, the longest first, each with what may stand behind the first word."""
        if self._ready is None:
            names: dict[str, dict[Phrase, None]] = {}
            for name, written in self.written:
                names.setdefault(name, {})[lexicon.phrase(written)] = None
            self._ready = [
                (name, phrase, phrase.behind(self._first))
                for name, phrases in names.items()
                for phrase in sorted(phrases, key=lambda phrase: -phrase.letters)
            ]
            self.written = []
        return self._ready

    def at(
        self, at: int, tokens: list[str], here: frozenset[str], lexicon: Lexicon, accents: Accents | None
    ) -> Iterator[tuple[str, str]]:
        """The names and words of those that stand at a token; of each name the first."""
        following = tokens[at + 1] if at + 1 < len(tokens) else ""
        matched: str | None = None
        for name, phrase, behind in self._ready if self._ready is not None else self.ready(lexicon):
            if behind is not None and following not in behind[0]:
                for words in behind[1:]:
                    if following in words:
                        break
                else:
                    continue
            needs = phrase.needs
            if (needs is not None and needs.isdisjoint(here)) or name == matched:
                continue
            end = phrase.end(tokens, at)
            if end != -1 and (not phrase.strict or accents is None or accents.allow(phrase.strict, tokens[at:end])):
                matched = name
                yield name, " ".join(tokens[at:end])


class PhraseIndex:
    """Many phrases under many names: one look-up a word of the text, whatever the number of phrases."""

    __slots__ = (
        "_begun",
        "_ended",
        "_endings",
        "_exact",
        "_held",
        "_lexicon",
        "_met",
        "_named",
        "_odd",
        "_remembered",
        "_short",
    )

    def __init__(self, named: Mapping[str, Iterable[str]], lexicon: Lexicon, remembered: int = 0) -> None:
        """Made ready when it is first asked.

        Args:
            remembered: so many words of mails are kept with what they begin; for what is asked of all text.
        """
        self._remembered = remembered
        self._met: dict[str, list[_Begun]] = {}
        self._lexicon = lexicon
        self._named: Mapping[str, Iterable[str]] | None = named
        self._exact: dict[str, _Begun] = {}
        self._begun: dict[str, _Begun] = {}
        self._ended: dict[str, _Begun] = {}
        self._held: dict[str, _Begun] = {}
        self._short: tuple[str, ...] = ()
        self._endings: tuple[str, ...] = ()
        self._odd = False

    def _build(self, named: Mapping[str, Iterable[str]]) -> None:
        self._named = None
        exact = self._exact
        for name, phrases in named.items():
            for written in dict.fromkeys(phrases):
                begun = (name, written)
                for first in self._lexicon.firsts(written):
                    if "~" in first:
                        self._oddly(first).written.append(begun)
                    elif first in exact:
                        exact[first].written.append(begun)
                    else:
                        exact[first] = _Begun(first)
                        exact[first].written.append(begun)
        self._short = tuple(word for word in self._begun if len(word) < _SHORT)
        self._endings = tuple(self._ended)
        self._odd = bool(self._short or self._endings or self._held)

    def _oddly(self, first: str) -> _Begun:
        """Where the phrases stand that begin with an open word."""
        if first[0] != "~":
            return self._begun.setdefault(first[:-1][:_SHORT], _Begun(""))
        return (self._held if first[-1] == "~" else self._ended).setdefault(first.strip("~"), _Begun(""))

    def finditer(self, text: str, accents: Accents | None = None) -> Iterator[tuple[str, Found]]:
        """Every name and match in `normal` text, left to right; the longest match of a name at each place.

        Args:
            accents: how the text that it is from was written; None where that is not known.
        """
        if self._named is not None:
            self._build(self._named)
        exact, met, open_words, lexicon = self._exact, self._met, self._odd or bool(self._begun), self._lexicon
        tokens = text.split(" ")
        here = frozenset(tokens)
        if not open_words and here.isdisjoint(exact):
            return
        start = 0
        for at, token in enumerate(tokens):
            if open_words:
                groups = met.get(token)
                if groups is None:
                    groups = self._begun_by(token)
                    if len(met) < self._remembered:
                        met[token] = groups
            elif token in exact:
                groups = [exact[token]]
            else:
                groups = None
            if groups:
                for group in groups:
                    for name, words in group.at(at, tokens, here, lexicon, accents):
                        yield name, Found(start, start + len(words), words)
            start += len(token) + 1

    def _begun_by(self, token: str) -> list[_Begun]:
        """The phrases that may begin with a word: as it stands, or by its beginning, its ending, or its middle."""
        found = [self._exact[token]] if token in self._exact else []
        if token[:_SHORT] in self._begun:
            found.append(self._begun[token[:_SHORT]])
        if not self._odd:
            return found
        if self._short and token.startswith(self._short):
            found += [self._begun[word] for word in self._short if token.startswith(word)]
        if self._endings and token.endswith(self._endings):
            found += [group for word, group in self._ended.items() if token.endswith(word)]
        if self._held:
            found += [group for word, group in self._held.items() if word in token]
        return found


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
        return next(self.finditer(text, accents), None)

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
