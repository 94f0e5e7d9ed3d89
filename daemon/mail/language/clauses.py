"""The clauses of a sentence: how far a "not" or an "if" reaches."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.mail.language.phrase_index import PhraseSet

_MARKS = re.compile(r"(?:^| )(?:[,;:()]|-)(?= |$)")
_GLUED = 4  # words: "I hope," and "hopefully" speak about the clause beside them


@dataclass(frozen=True, slots=True)
class Clauses:
    """A `normal` sentence and where its clauses begin and end."""

    sentence: str
    bounds: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, sentence: str, joints: PhraseSet | None, linked: PhraseSet | None) -> Clauses:
        """Cut at punctuation and before `joints` ("and", "but"), never before what is `linked` ("that", "dass")."""
        cuts = {(mark.start(), mark.end()) for mark in _MARKS.finditer(sentence)}
        if joints is not None:
            cuts |= {(found.start, found.start) for found in joints.finditer(sentence)}
        if linked is not None:
            held = {found.start for found in linked.finditer(sentence)}
            cuts = {cut for cut in cuts if not any(cut[1] <= start <= cut[1] + 1 for start in held)}
        bounds, start = [], 0
        for cut, after in sorted(cuts):
            if sentence[start:cut].strip():
                bounds.append((start, cut))
            start = max(start, after)
        if sentence[start:].strip():
            bounds.append((start, len(sentence)))
        return cls(sentence, tuple(bounds))

    def around(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the clauses that the words from `start` to `end` lie in."""
        inside = [(a, b) for a, b in self.bounds if a < end and start < b]
        return (inside[0][0], inside[-1][1]) if inside else (start, end)

    def wide(self, start: int, end: int) -> tuple[int, int]:
        """The same with the very short clauses on both sides: "Hopefully, ..." and "..., I think"."""
        a, b = self.around(start, end)
        before = [bound for bound in self.bounds if bound[1] <= a]
        behind = [bound for bound in self.bounds if bound[0] >= b]
        if before and len(self.sentence[slice(*before[-1])].split()) <= _GLUED:
            a = before[-1][0]
        if behind and len(self.sentence[slice(*behind[0])].split()) <= _GLUED:
            b = behind[0][1]
        return a, b
