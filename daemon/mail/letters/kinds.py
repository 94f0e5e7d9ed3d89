"""The letters that we ship: what each has to hold, whatever the language (FIELD S6 to S9, S15, S20 to S22, S28 to S30).

A letter of the owner's own, under a name that is not in here, is held to what a reminder has to hold.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from daemon.domain.books.policy import (
    BROKEN_PLAN,
    BROKEN_PROMISE,
    CONFIRM_RECEIPT,
    FIRM_LETTERS,
    INSTALMENT_DUE,
    LATE_LETTERS,
    LETTERS,
    SENT_WHEN,
    STATEMENT,
    THANK_YOU,
)
from daemon.domain.journal import LetterQueued
from daemon.domain.ladder.demand import DEMAND

# What every language has to have; the others only where a ladder calls for them.
LADDER = ("courtesy", "due-today", "first-reminder", "second-reminder", "firm-reminder", "final-notice")
BROKEN = (BROKEN_PROMISE, BROKEN_PLAN)
SHIPPED_LETTERS = (*LETTERS, *SENT_WHEN)

_ASKS = frozenset({"invoices", "attached", "also-open", "ways-to-pay", "signature"})
_LATE = _ASKS | {"promise"}


@dataclass(frozen=True, slots=True)
class Kind:
    """What every wording of one letter has to hold."""

    blocks: frozenset[str]  # of `prose.BLOCKS`
    words: frozenset[str] = frozenset({"greeting", "pay_by"})  # of `prose.WORDS`


_REMINDER = Kind(_LATE)
_KINDS = {
    CONFIRM_RECEIPT: Kind(_ASKS - {"also-open"}, frozenset({"greeting"})),
    "courtesy": Kind(_ASKS | {"promise"}),
    "due-today": Kind(_ASKS | {"promise"}),
    INSTALMENT_DUE: Kind(_ASKS | {"plan"}),
    BROKEN_PROMISE: Kind(_LATE - {"promise"}, frozenset({"greeting", "pay_by", "promised"})),
    BROKEN_PLAN: Kind((_LATE - {"promise"}) | {"plan"}),
    THANK_YOU: Kind(frozenset({"received", "signature"}), frozenset({"greeting"})),
    DEMAND: Kind((_ASKS - {"attached", "also-open"}) | {"terms", "extras"}, frozenset({"total", "pay_by"})),
    STATEMENT: Kind(frozenset({"statement", "also-open", "ways-to-pay", "signature"}), frozenset({"greeting"})),
}


def kind_of(name: str) -> Kind:
    """What a letter of this name has to hold."""
    return _KINDS.get(name) or (Kind(_LATE | {"terms"}) if name in FIRM_LETTERS else _REMINDER)


def wording_of(letter: LetterQueued, written: Container[str]) -> str:
    """The name of the prose in which a letter is written: its level's, or that of what was broken.

    A broken promise or plan has a letter of its own, at once (S21).  A firm letter stays firm: it mentions the
    promise among the rest.

    Args:
        written: the letters that the language has; without the special one the level's own is used.
    """
    if letter.letter not in LATE_LETTERS or letter.letter in FIRM_LETTERS:
        return letter.letter
    if letter.broken_plan and BROKEN_PLAN in written:
        return BROKEN_PLAN
    return BROKEN_PROMISE if letter.promised_on and BROKEN_PROMISE in written else letter.letter
