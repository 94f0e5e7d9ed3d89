"""What letters that were sent under another ladder have spent of this one: DESIGN 6.2 holds across a change of policy.

The rule: so many levels of a letter's name as it was sent times, the lowest first, and every level that is milder.
Where one of the two is a letter of the owner's own, which has no place among our tones, the order of this ladder
decides, then the day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from daemon.domain.books.policy import LETTERS, LetterLevel, Policy, not_later


class Sent(NamedTuple):
    """A letter level as the ladder had it under which it was sent."""

    level: LetterLevel
    number: int  # its place there, counts from 1
    here: bool  # that ladder is this one


def places(policy: Policy, sent: Iterable[Sent]) -> list[int]:
    """For each letter, the oldest first, the level of this ladder that it spent; 0: all here are firmer.

    A level that repeats takes so many as it is sent times.  Where this ladder has no level of that name, it is the last
    one that is milder.
    """
    taken: Counter[int] = Counter()
    found: list[int] = []
    for one in sent:
        number = one.number if one.here else _place(policy, one.level, taken)
        taken[number] += 1
        found.append(number)
    return found


def _place(policy: Policy, sent: LetterLevel, taken: Counter[int]) -> int:
    last = milder = 0
    for number, level in enumerate(policy.levels, start=1):
        if not isinstance(level, LetterLevel):
            continue
        if level.letter == sent.letter:
            last = number
            if not taken[number] or level.again(taken[number]):
                return number
        elif not_later(level, sent):
            milder = number
    return last or milder


def leaves_behind(sent: LetterLevel, place: int, level: LetterLevel, number: int) -> bool:
    """Whether a letter that was sent under another ladder leaves this level behind, which is not of its name.

    Args:
        place: the level here that it spent; `number` is that of `level`.
    """
    if sent.letter == level.letter:
        return False
    both_known = sent.letter in LETTERS and level.letter in LETTERS
    return not_later(level, sent) or (number < place and not both_known)
