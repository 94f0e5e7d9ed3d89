"""One phrase as places for words, compared with a text word by word.

No regular expressions: a pack spells out to hundreds of kilobytes of them, and to compile these took longer than all
that was read with them.  A place is one set of words, which the phrases of a language share.

`gc=False`: a pack makes thousands of them, which stay and are in no cycle, so that the garbage collector need not go
through them again and again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

NO_WORDS = frozenset([",", ";", ":", "?", "!", ""])  # no gap reaches over them
_OPEN = 10  # letters: what a word that may go on counts in the order of phrases
_GAP = 41  # letters
_Run = tuple[str, ...]


class Place(msgspec.Struct, kw_only=True, eq=False, gc=False):
    """One place of a phrase: the words, or runs of words, of which one stands there."""

    strict: Mapping[str, str]  # see `strict_words`
    letters: int
    words: frozenset[str]  # that may stand alone
    #: first word -> what follows it, in the order of the pack; () where it may stand alone, too
    runs: Mapping[str, tuple[_Run, ...]]
    begun: _Run  # letters with which a word begins, ends, and that it holds
    ended: _Run
    held: _Run
    open_runs: tuple[_Run, ...]
    begins: frozenset[str] | None  # every word that it may begin with; None where one of them is open

    @classmethod
    def of(cls, choices: str, strict: Mapping[str, str]) -> Place:
        """`choices`: folded, names spelled out: `a|b~|c_d`."""
        runs: dict[str, list[_Run]] = {}
        begun: list[str] = []
        ended: list[str] = []
        held: list[str] = []
        open_runs: list[_Run] = []
        for choice in filter(None, choices.split("|")):
            first, *others = choice.split("_")
            if "~" not in choice:
                runs.setdefault(first, []).append(tuple(others))
            elif others:
                open_runs.append((first, *others))
            else:
                kind = ended if choice[-1] != "~" else held if choice[0] == "~" else begun
                kind.append(choice.strip("~"))
        words = frozenset(first for first, behind in runs.items() if () in behind)
        longer = {first: tuple(behind) for first, behind in runs.items() if behind != [()]}
        beginnings = words.union(longer) if longer else words
        return cls(
            strict=strict,
            letters=len(choices) + _OPEN * choices.count("~") + 4 * ("|" in choices),
            words=words,
            runs=longer,
            begun=tuple(begun),
            ended=tuple(ended),
            held=tuple(held),
            open_runs=tuple(open_runs),
            begins=None if begun or ended or held or open_runs else beginnings,
        )

    def takes(self, word: str) -> bool:
        """Whether this one word may stand here."""
        return word in self.words or (
            self.begins is None
            and (
                (bool(self.begun) and word.startswith(self.begun))
                or (bool(self.ended) and word.endswith(self.ended))
                or (bool(self.held) and word not in NO_WORDS and any(part in word for part in self.held))
            )
        )

    def may_begin_open(self, first: str) -> bool:
        """Whether one of its open runs may begin with a word; of a word that is open itself nobody knows."""
        return bool(self.open_runs) and ("~" in first or any(_fits(run[0], first) for run in self.open_runs))

    def ends(self, tokens: Sequence[str], at: int) -> list[int]:
        """Behind which tokens the words may end that begin with the one `at`."""
        found: list[int] = []
        token = tokens[at] if at < len(tokens) else ""
        alone = self.takes(token)
        for run in self.runs.get(token, ()):
            end = at + 1 + len(run)
            alone = alone and bool(run)
            if tuple(tokens[at + 1 : end]) == run:
                found.append(end)
        for run in self.open_runs:
            end = at + len(run)
            if _fits(run[0], token) and end <= len(tokens) and all(map(_fits, run, tokens[at:end])):
                found.append(end)
        if alone:
            found.append(at + 1)
        return found


def _fits(word: str, token: str) -> bool:
    """Whether a token is the word of a pack, which may have any beginning or ending."""
    if "~" not in word:
        return word == token
    letters = word.strip("~")
    if word[0] != "~":
        return token.startswith(letters)
    return token.endswith(letters) if word[-1] != "~" else letters in token and token not in NO_WORDS


Part = tuple[Place | None, int]  # a place and 0, or 1 where its words may be missing; None and the most words of a gap


class Phrase(msgspec.Struct, kw_only=True, eq=False, gc=False):
    """A phrase ready to be looked for."""

    parts: tuple[Part, ...]
    letters: int
    strict: Mapping[str, str]  # of all its places
    needs: tuple[frozenset[str], ...]  # one of each has to stand somewhere behind its first word

    @classmethod
    def of(cls, parts: tuple[Part, ...]) -> Phrase:
        known = [place.begins for place, optional in parts[1:] if place is not None and not optional]
        return cls(
            parts=parts,
            letters=sum(_GAP if place is None else place.letters + 1 + 5 * extra for place, extra in parts),
            strict={folded: word for place, _ in parts if place is not None for folded, word in place.strict.items()},
            needs=tuple(sorted({words for words in known if words is not None}, key=len)),
        )

    def begins_alone(self, first: str) -> bool:
        """Whether this word, with which it begins somewhere, fills its first place, and can do no more."""
        place, optional = self.parts[0]
        return not (place is None or optional or first not in place.words or first in place.runs or place.open_runs)

    def behind(self, first: str) -> tuple[frozenset[str], ...] | None:
        """The sets in one of which the word behind `first` has to be; None where that cannot be told."""
        place, optional = self.parts[0]
        if place is None or optional or place.may_begin_open(first):
            return None
        runs = place.runs.get(first, ())
        within = (frozenset([run[0] for run in runs if run]),) if runs else ()
        if runs and not place.takes(first):
            return within
        sets: dict[int, frozenset[str]] = {}
        for place, optional in self.parts[1:]:
            if place is None or place.begins is None:
                return None
            sets[id(place)] = place.begins
            if not optional:
                return (*within, *sets.values())
        return None

    def end(self, tokens: Sequence[str], at: int, number: int = 0) -> int:
        """The number of the token behind the phrase that begins with the one `at`; -1 where it does not.

        Args:
            number: the part of the phrase to begin with.
        """
        parts, count = self.parts, len(tokens)
        while number < len(parts):
            place, extra = parts[number]
            number += 1
            if place is None:
                return self._end_behind_gap(tokens, at, number, extra)
            token = tokens[at] if at < count else ""
            if token not in place.runs and not place.open_runs:
                if token not in place.words and (place.begins is not None or not place.takes(token)):
                    if not extra:
                        return -1
                    continue
                if not extra:
                    at += 1
                    continue
                behinds: Iterable[int] = (at + 1,)
            else:
                behinds = place.ends(tokens, at)
            for behind in behinds:
                end = self.end(tokens, behind, number)
                if end != -1:
                    return end
            if not extra:
                return -1
        return at

    def _end_behind_gap(self, tokens: Sequence[str], at: int, number: int, most: int) -> int:
        """`end`, with as few words as possible passed over, at most so many."""
        place, extra = self.parts[number]
        begins = place.begins if place is not None and not extra else None
        for ahead in range(at, min(at + most, len(tokens)) + 1):
            if begins is None or (ahead < len(tokens) and tokens[ahead] in begins):
                end = self.end(tokens, ahead, number)
                if end != -1:
                    return end
            if ahead < len(tokens) and tokens[ahead] in NO_WORDS:
                break
        return -1
