# ruff: noqa: E501  patterns read better unbroken
"""Phrases of the language packs as patterns for `normal` text.

A phrase is plain words.  What a translator may use besides:
    a|b     one of these words           word~   the word with any ending; ~word: with any beginning
    [word]  may be missing               *       up to four words in between, ** up to twelve
    a_b|c   several words as one choice  <name>  one of the words that the pack's `vocabulary` has under that name
Case, accents and the shape of quotes do not matter: people leave them out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from daemon.mail.sentences import fold

_IN_WORD = r"[^\s,;:?!]"
_ANY_WORD = rf"{_IN_WORD}+(?:,\d{_IN_WORD}*)*"  # "4.860,00" is one
_WORD_END = r"(?![^\s,;:?!()])"
_NAME = re.compile(r"<([\w-]{1,40})>")
_NOBODY = "\ue000"  # a character of private use: no mail holds it as a word


def strings(value: object) -> list[str]:
    """A list of phrases from a pack, whatever the YAML made of it."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    if isinstance(value, Iterable):
        return [str(item) for item in value]
    return [str(value)]


def spelled_out(phrases: Iterable[str], vocabulary: Mapping[str, str]) -> list[str]:
    """The phrases with every `<name>` replaced by its words; a name that the vocabulary lacks matches nothing."""
    return [
        " ".join(_spelled(word, vocabulary) if "<" in word else word for word in phrase.split()) for phrase in phrases
    ]


def _spelled(word: str, vocabulary: Mapping[str, str]) -> str:
    """One word of a phrase; `the_<number>` is each number behind `the_`."""
    optional = word.startswith("[") and word.endswith("]")
    choices: list[str] = []
    for choice in word.strip("[]").split("|") if optional else word.split("|"):
        found = _NAME.search(choice)
        named = vocabulary.get(found[1], _NOBODY).split("|") if found else []
        choices += [choice[: found.start()] + one + choice[found.end() :] for one in named] if found else [choice]
    spelled = "|".join(choices)
    if "<" in spelled and _NAME.search(spelled) and spelled != word:
        spelled = _spelled(spelled, vocabulary)
    return f"[{spelled}]" if optional else spelled


def vocabulary_of(lists: Mapping[str, object]) -> dict[str, str]:
    """A pack's `vocabulary`: name -> its words as one choice; an entry may use the names that stand before it."""
    known: dict[str, str] = {}
    for name, words in lists.items():
        entries = [fold(entry.strip()).replace(" ", "_") for entry in strings(words)]
        known[str(name)] = "|".join(choice for choice in spelled_out(entries, known) if choice)
    return known


@lru_cache(maxsize=8192)
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


class _Anchored:
    """Phrases that begin with one word, as a pattern compiled when that word is first met.

    The packs have more than a thousand; most of them are met by no mail that a creditor ever gets.
    """

    __slots__ = ("_pattern", "_source")

    def __init__(self, sources: Iterable[str]) -> None:
        self._source = "(?:" + "|".join(sorted(sources, key=len, reverse=True)) + ")" + _WORD_END
        self._pattern: re.Pattern[str] | None = None

    def match(self, text: str, position: int) -> re.Match[str] | None:
        if self._pattern is None:
            self._pattern = re.compile(self._source)
        return self._pattern.match(text, position)


_NOTHING: tuple[tuple[str, _Anchored], ...] = ()


class PhraseIndex:
    """Many phrases under many names, looked for at once: one look-up a word of the text, whatever the number of phrases."""

    __slots__ = (
        "_endings",
        "_exact",
        "_inside",
        "_met",
        "_odd",
        "_prefixes",
        "_remembered",
        "_short",
        "_with_ending",
        "_with_inside",
    )

    def __init__(self, named: Mapping[str, Iterable[str]], remembered: int = 0) -> None:
        """`remembered`: so many words of mails are kept with the phrases they may begin; for what is asked of all text."""
        exact: dict[str, dict[str, set[str]]] = {}
        prefixes: dict[str, dict[str, set[str]]] = {}
        endings: dict[str, dict[str, set[str]]] = {}
        inside: dict[str, dict[str, set[str]]] = {}
        for name, phrases in named.items():
            for phrase in phrases:
                words = phrase.strip(" *").split()
                if not words:
                    continue
                source = _pattern(" ".join(words))
                for first in _first_words(words):
                    word = first.strip("~")
                    if first.startswith("~") and first.endswith("~"):
                        inside.setdefault(word, {}).setdefault(name, set()).add(source)
                    elif first.startswith("~"):
                        endings.setdefault(word, {}).setdefault(name, set()).add(source)
                    elif first.endswith("~"):
                        prefixes.setdefault(word[:3], {}).setdefault(name, set()).add(source)
                    else:
                        exact.setdefault(word, {}).setdefault(name, set()).add(source)
        shared: dict[frozenset[str], _Anchored] = {}  # the words of one vocabulary name begin the same phrases
        self._exact = {word: _anchored(by_name, shared) for word, by_name in exact.items()}
        self._prefixes = {word: _anchored(by_name, shared) for word, by_name in prefixes.items()}
        self._short = tuple(word for word in prefixes if len(word) < 3)
        self._endings = tuple(endings)
        self._inside = re.compile("|".join(map(re.escape, inside))) if inside else None
        self._with_inside = {word: _anchored(by_name, shared) for word, by_name in inside.items()}
        self._with_ending = {word: _anchored(by_name, shared) for word, by_name in endings.items()}
        self._met: dict[str, tuple[tuple[str, _Anchored], ...]] = {}
        self._remembered = remembered
        self._odd = bool(self._short or self._endings or self._inside)

    def finditer(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Every name and match in `normal` text, left to right; the longest match of a name at each place."""
        met, exact, prefixes, odd = self._met, self._exact, self._prefixes, self._odd
        position = 0
        for token in text.split(" "):
            found = met.get(token)
            if found is None:
                found = exact.get(token, _NOTHING)
                begun = prefixes.get(token[:3])
                if begun is not None:
                    found = found + begun
                if odd:
                    found = found + self._oddly_begun(token)
                if len(met) < self._remembered:
                    met[token] = found
            for name, pattern in found:
                match = pattern.match(text, position)
                if match is not None:
                    yield name, match
            position += len(token) + 1

    def _oddly_begun(self, token: str) -> tuple[tuple[str, _Anchored], ...]:
        """The phrases whose first word has any beginning, or less than three letters before its ending."""
        found = _NOTHING
        if self._short and token.startswith(self._short):
            found += tuple(p for word in self._short if token.startswith(word) for p in self._prefixes[word])
        if self._endings and token.endswith(self._endings):
            found += tuple(p for word in self._endings if token.endswith(word) for p in self._with_ending[word])
        if self._inside is not None and self._inside.search(token):
            found += tuple(p for word, ps in self._with_inside.items() if word in token for p in ps)
        return found


class PhraseSet:
    """Phrases of one name."""

    __slots__ = ("_index",)

    def __init__(self, phrases: Iterable[str]) -> None:
        self._index = PhraseIndex({"": phrases})

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Every match, left to right, not overlapping."""
        free = 0
        for _, match in self._index.finditer(text):
            if match.start() >= free:
                yield match
                free = match.end()

    def search(self, text: str) -> re.Match[str] | None:
        return next(self.finditer(text), None)

    def without(self, text: str) -> str:
        """`text` with all matches taken out."""
        kept, last = [], 0
        for found in self.finditer(text):
            kept.append(text[last : found.start()])
            last = found.end()
        return " ".join(("".join(kept) + text[last:]).split())


def _first_words(words: list[str]) -> list[str]:
    """The words with which a phrase may begin: its first ones, up to the first that may not be missing."""
    found: list[str] = []
    for word in words:
        optional = word.startswith("[") and word.endswith("]")
        found.extend(fold(choice).partition("_")[0] for choice in word.strip("[]").split("|") if choice)
        if not optional:
            break
    return found


def _anchored(
    by_name: Mapping[str, set[str]], shared: dict[frozenset[str], _Anchored]
) -> tuple[tuple[str, _Anchored], ...]:
    found = []
    for name, sources in by_name.items():
        key = frozenset(sources)
        if key not in shared:
            shared[key] = _Anchored(key)
        found.append((name, shared[key]))
    return tuple(found)


def phrase_set(phrases: Iterable[str]) -> PhraseSet | None:
    """The phrases ready to be looked for; None for none."""
    ready = [phrase for phrase in phrases if phrase.strip(" *")]
    return PhraseSet(ready) if ready else None


def pattern_of(phrases: Iterable[str]) -> str:
    """One regular expression for `normal` text that finds any of the phrases, longest first; "" for none."""
    ready = sorted({_pattern(p) for p in phrases if p.strip()}, key=len, reverse=True)
    return r"(?<![^\s,;:?!()])(?:" + "|".join(ready) + ")" + _WORD_END if ready else ""
