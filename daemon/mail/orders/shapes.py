"""What each command by mail takes: the parts that a line may and must have beside the words of the command."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class NoOrder(StrEnum):
    """Why a line is no order; the phrases for it are `why_...` in `commands.yaml`."""

    QUOTED = "quoted"  # it begins like a quotation or a list
    ALTERNATIVES = "alternatives"  # several commands with a | between them, as the digest offers them
    QUESTION = "question"
    NEGATED = "negated"  # "not": what was meant instead is not said
    UNKNOWN_COMMAND = "unknown-command"
    UNKNOWN_WORDS = "unknown-words"  # beside the command stands what it does not take
    AMBIGUOUS = "ambiguous"  # it can be read in two ways
    NO_TARGET = "no-target"
    UNKNOWN_TARGET = "unknown-target"  # neither an item of the mail, nor an invoice or a client
    NO_DAY = "no-day"  # a day is needed, or cannot be told
    PAST = "past"
    FUTURE = "future"  # money that came on a day that is still to come
    AMOUNT = "amount"  # it cannot be told how much is meant
    CURRENCY = "currency"  # another one than the invoice's
    NO_TEXT = "no-text"
    NO_ADDRESS = "no-address"
    INCOMPLETE = "incomplete"
    CONFIRM = "confirm"  # "ok" where a yes or a no was asked for
    TOO_LONG = "too-long"
    PROSE = "prose"


class Slot(StrEnum):
    """A part of an order."""

    TARGET = "target"
    SEVERAL = "several"  # of them: each is an order of its own
    EVERYTHING = "everything"
    AMOUNT = "amount"
    DAY = "day"
    CLIENT = "client"  # and numbers of invoices
    TEXT = "text"
    ADDRESS = "address"
    VERDICT = "verdict"  # sent, resend
    CURRENCY = "currency"
    PLAN = "plan"  # so many parts, or each with its day and amount, or that it is off


@dataclass(frozen=True, slots=True)
class Shape:
    takes: frozenset[Slot]
    needs: frozenset[Slot] = frozenset()
    before_day: tuple[str, ...] = ()  # lists of words that may stand before its day


_ONE = frozenset({Slot.TARGET})
_EACH = frozenset({Slot.TARGET, Slot.SEVERAL})

SHAPES: dict[str, Shape] = {
    "paid": Shape(_EACH | {Slot.AMOUNT, Slot.DAY}, _ONE, ("on",)),
    "missing": Shape(_EACH, _ONE),
    "assign": Shape(_ONE | {Slot.CLIENT}, _ONE | {Slot.CLIENT}),
    "ignore": Shape(_EACH, _ONE),
    "hold": Shape(_EACH | {Slot.DAY}, _ONE, ("until",)),
    "resume": Shape(_EACH, _ONE),
    "promise": Shape(_EACH | {Slot.DAY}, _ONE | {Slot.DAY}, ("by", "until", "on")),
    "dispute": Shape(_ONE | {Slot.TEXT}, _ONE),
    "called": Shape(_ONE | {Slot.TEXT}, _ONE | {Slot.TEXT}, ("by", "until", "on")),
    "go": Shape(_EACH | {Slot.EVERYTHING}, _ONE),
    "stop": Shape(_EACH, _ONE),
    "email": Shape(_ONE | {Slot.ADDRESS}, _ONE | {Slot.ADDRESS}),
    "note": Shape(_ONE | {Slot.TEXT}, _ONE | {Slot.TEXT}),
    "status": Shape(_ONE),
    "help": Shape(frozenset()),
    "write-off": Shape(_EACH, _ONE),
    "settle": Shape(_ONE | {Slot.VERDICT}, _ONE | {Slot.VERDICT}),
    "remind": Shape(_EACH, _ONE),
    "statement": Shape(_ONE | {Slot.EVERYTHING, Slot.CURRENCY}, _ONE),
    "plan-payment": Shape(_ONE | {Slot.PLAN}, _ONE | {Slot.PLAN}, ("from", "on")),
    "yes": Shape(frozenset()),
    "no": Shape(frozenset()),
}
