"""One line of an owner's mail as the one order that it is; or why it is none.

All readings of the line are made.  Two that differ are none: nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from daemon.domain.commands.errand import Command
from daemon.mail.orders.about import About, looks_numbered, says_no
from daemon.mail.orders.parts import Filling, Parts
from daemon.mail.orders.shapes import SHAPES, NoOrder, Shape, Slot
from daemon.mail.orders.tokens import SEPARATORS, Token
from daemon.mail.orders.words import Form, OrderWords

MOST_WORDS = 40  # of a line that is an order; words for a note or a dispute do not count
_FEW = 8  # words: a longer line that does not begin with a command is prose
_SUM_LIKE = re.compile(r"\W?[0-9][0-9.,']*[^\W\d_]{0,3}")  # an amount, whether or not it can be read
_TEXT_ONLY = Shape(frozenset({Slot.TARGET}))


@dataclass(frozen=True, slots=True)
class Miss:
    """Why a line is no order, as far as one reading tells."""

    why: NoOrder
    command: str = ""
    reached: int = 0  # words that were understood


@dataclass(frozen=True, slots=True)
class Basis:
    """What all lines of a mail are read by."""

    words: OrderWords
    about: About
    today: date
    days: dict[tuple[str, bool], frozenset[date]] = field(default_factory=dict)  # what was read as days before


def read_line(line: str, tokens: Sequence[Token], basis: Basis) -> tuple[Command, ...] | Miss:
    """The commands of a line that is one order (several where it names several items), or why it is none.

    Args:
        tokens: those of `line`, without greetings and thanks around them.
    """
    found: dict[tuple[Command, ...], None] = {}
    misses: list[Miss] = []
    for form, places in _commands(tokens, basis.words):
        shape = SHAPES[form.command]
        if Slot.TEXT in shape.takes:
            read = _with_text(line, tokens, form, places, basis)
        elif len(tokens) > MOST_WORDS:
            read = [Miss(NoOrder.PROSE)]
        else:
            read = _without_text(tokens, form, places, basis)
        for one in read:
            if isinstance(one, Miss):
                misses.append(one)
            else:
                found[one] = None
    if len(found) == 1:
        return next(iter(found))
    if found:
        return Miss(NoOrder.AMBIGUOUS, next(iter(found))[0].name)
    if not misses:
        return Miss(NoOrder.PROSE)
    return max(misses, key=lambda miss: (miss.why not in (NoOrder.PROSE, NoOrder.UNKNOWN_WORDS), miss.reached))


def starts_order(tokens: Sequence[Token], at: int, words: OrderWords, about: About) -> bool:
    """Whether an order may begin at a word: with a command, or with what it is about and then a command."""
    if any(True for _ in _forms_at(tokens, at, words)):
        return True
    return any(
        any(True for _ in _forms_at(tokens, at + length, words))
        for length, _ in about.targets(tokens, at, words.endings)
    )


def _forms_at(tokens: Sequence[Token], at: int, words: OrderWords) -> Iterator[Form]:
    if at < len(tokens):
        for form in words.forms.get(tokens[at].word, ()):
            if _spells(tokens, at, form.head):
                yield form


def _spells(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> bool:
    return tuple(token.word for token in tokens[at : at + len(words)]) == words


def _commands(tokens: Sequence[Token], words: OrderWords) -> Iterator[tuple[Form, frozenset[int]]]:
    """Every form that the line spells, and which of its words that are; the longest of a command, where it has more."""
    found = list(_spelled_out(tokens, words))
    for form, used in found:
        if not any(other.command == form.command and used < more for other, more in found):
            yield form, used


def _spelled_out(tokens: Sequence[Token], words: OrderWords) -> Iterator[tuple[Form, frozenset[int]]]:
    for at in range(min(len(tokens), MOST_WORDS)):
        for form in _forms_at(tokens, at, words):
            head = range(at, at + len(form.head))
            if not form.tail:
                yield form, frozenset(head)
                continue
            for behind in range(head.stop + 1, min(len(tokens), MOST_WORDS)):
                if _spells(tokens, behind, form.tail):
                    yield form, frozenset((*head, *range(behind, behind + len(form.tail))))


def _filling(tokens: Sequence[Token], places: Sequence[int], shape: Shape, basis: Basis, *, past: bool) -> Filling:
    days = partial(_days, basis, past)
    return Filling([tokens[at] for at in places], places, shape, basis.words, basis.about, days)


def _days(basis: Basis, past: bool, text: str) -> frozenset[date]:
    """The days that a text may mean; each text is read once a mail."""
    if (text, past) not in basis.days:
        basis.days[text, past] = basis.words.days(text, basis.today, past=past)
    return basis.days[text, past]


def _without_text(
    tokens: Sequence[Token], form: Form, used: frozenset[int], basis: Basis
) -> list[tuple[Command, ...] | Miss]:
    shape = SHAPES[form.command]
    places = [at for at in range(len(tokens)) if at not in used]
    filling = _filling(tokens, places, shape, basis, past=form.command == "paid")
    read = filling.readings()
    if not read:
        return [_stuck(filling, tokens, form, used)]
    return [_order(form.command, parts, basis, len(tokens)) for parts in read]


def _with_text(
    line: str, tokens: Sequence[Token], form: Form, used: frozenset[int], basis: Basis
) -> list[tuple[Command, ...] | Miss]:
    """What it is about, if it is said, stands before the command, in its gap, or right behind it; then free words."""
    first, last = min(used), max(used)
    before = [at for at in range(last) if at not in used]
    filling = _filling(tokens, before, _TEXT_ONLY, basis, past=False)
    found: list[tuple[Command, ...] | Miss] = []
    for parts in filling.readings():
        begin, known = last + 1, parts
        if not parts.targets:
            begin, known = _target_behind(tokens, begin, basis, parts)
        if len(known.targets) > 1:
            found.append(Miss(NoOrder.AMBIGUOUS, form.command, first))
        elif form.command == "dispute" and _taken_back(line, tokens, begin, basis.words, beside=begin == last + 1):
            found.append(Miss(NoOrder.NEGATED, form.command, begin))
        else:
            found += _said(line, tokens, begin, form.command, known, basis)
    return found or [_stuck(filling, tokens, form, used)]


def _taken_back(line: str, tokens: Sequence[Token], at: int, words: OrderWords, *, beside: bool) -> bool:
    """Whether the words behind a dispute say that there is none: "settled", or a "not" that is all of them or stands
    `beside` the word itself.  "dispute 2: not delivered" says what is disputed."""
    if words.stands(tokens, at, "settled"):
        return True
    beside = beside and at < len(tokens) and not line[tokens[at - 1].end : tokens[at].start].strip()
    return any(
        beside or at + length == len(tokens) or words.stands(tokens, at + length, "courtesy", "closings", "acks")
        for length, _ in words.lists["negations"].at(tokens, at)
    )


def _target_behind(tokens: Sequence[Token], begin: int, basis: Basis, parts: Parts) -> tuple[int, Parts]:
    """The target with which the words behind the command begin; a number that the mail knows is one."""
    starts = [begin]
    while (more := next(basis.words.lists["filler"].at(tokens, starts[-1]), None)) is not None:
        starts.append(starts[-1] + more[0])
    for start in starts:
        marked = [] if start < len(tokens) and says_no(tokens[start]) else basis.words.lists["item"].at(tokens, start)
        for at in (start, *(start + length for length, _ in marked)):
            meant = list(basis.about.targets(tokens, at, basis.words.endings))
            if meant:
                length = meant[0][0]
                return at + length, replace(parts, targets=tuple(target for more, target in meant if more == length))
    return begin, parts


def _said(
    line: str, tokens: Sequence[Token], begin: int, command: str, parts: Parts, basis: Basis
) -> list[tuple[Command, ...] | Miss]:
    text = _words_from(line, tokens, begin)
    if command == "dispute" and _taken_back(line, tokens, begin, basis.words, beside=not parts.targets):
        return [Miss(NoOrder.NEGATED, command, begin)]
    if command != "called":
        return [_order(command, replace(parts, text=text), basis, begin)]
    length, outcome = next(basis.words.outcomes.at(tokens, begin), (0, ""))
    behind = begin + length
    if not outcome:
        return [_order(command, replace(parts, text=text), basis, begin)]
    settled = outcome == "disputes" and basis.words.stands(tokens, behind, "settled")
    if settled or basis.words.stands(tokens, behind, "negations"):
        return [Miss(NoOrder.NEGATED, command, behind)]
    text = f"{outcome} {_words_from(line, tokens, behind)}".rstrip()
    if outcome != "promised":
        return [_order(command, replace(parts, text=text), basis, behind)]
    rest = range(behind, min(len(tokens), behind + MOST_WORDS))
    filling = _filling(tokens, rest, SHAPES["called"], basis, past=False)
    days = dict(filling.days_at(0)) if rest else {}
    if not days:
        return [Miss(NoOrder.NO_DAY, command, behind)]
    others = {day for at in range(max(days), len(rest)) for _, day in filling.days_at(at)}
    if others - set(days.values()):
        return [Miss(NoOrder.AMBIGUOUS, command, behind)]  # "24/11 or 25/11"
    return [_order(command, replace(parts, text=text, day=day), basis, behind) for day in days.values()]


def _words_from(line: str, tokens: Sequence[Token], begin: int) -> str:
    """The free words, as they were typed."""
    if begin >= len(tokens):
        return ""
    behind = tokens[begin - 1].end if begin else 0
    return " ".join(line[behind:].lstrip(SEPARATORS + ")]*_").split())


def _order(command: str, parts: Parts, basis: Basis, reached: int) -> tuple[Command, ...] | Miss:
    """The commands that the parts make, or what they lack."""
    shape, targets = SHAPES[command], parts.targets
    if not targets and Slot.TARGET in shape.takes and not parts.everything and basis.about.invoice:
        targets = (basis.about.invoice,)
    why = _lacks(command, parts, targets, shape, basis)
    if why is not None:
        return Miss(why, command, reached)
    return tuple(
        Command(
            name=command, target=target, amount=parts.amount, day=parts.day, text=parts.text,
            everything=parts.everything, parts=parts.parts, count=parts.count, every=parts.every, cancel=parts.cancel,
            currency=parts.currency if Slot.CURRENCY in shape.takes else "", client=parts.client, numbers=parts.numbers,
        )
        for target in targets or ("",)
    )  # fmt: skip


def _lacks(command: str, parts: Parts, targets: tuple[str, ...], shape: Shape, basis: Basis) -> NoOrder | None:
    needs, today = shape.needs, basis.today
    if Slot.TARGET in needs and not targets and not parts.everything:
        return NoOrder.NO_TARGET
    if Slot.CLIENT in needs and not parts.client:
        return NoOrder.NO_TARGET
    if Slot.DAY in needs and parts.day is None:
        return NoOrder.NO_DAY
    if Slot.TEXT in needs and not parts.text:
        return NoOrder.NO_TEXT
    if Slot.ADDRESS in needs and not parts.text:
        return NoOrder.NO_ADDRESS
    if Slot.VERDICT in needs and not parts.text:
        return NoOrder.INCOMPLETE
    if Slot.PLAN in needs and not parts.cancel and not parts.parts and (parts.count is None or parts.day is None):
        return NoOrder.INCOMPLETE
    if parts.amount is not None and len(targets) > 1:
        return NoOrder.AMBIGUOUS
    if parts.currency and Slot.CURRENCY not in shape.takes:
        stated = {currency for target in targets for currency in basis.about.currencies(target)}
        if stated != {parts.currency}:
            return NoOrder.CURRENCY
    days = [day for day in (parts.day, *(day for day, _ in parts.parts)) if day is not None]
    if command == "paid":
        return NoOrder.FUTURE if any(day > today for day in days) else None
    return NoOrder.PAST if any(day < today for day in days) else None


def _stuck(filling: Filling, tokens: Sequence[Token], form: Form, used: frozenset[int]) -> Miss:
    """What the word says that no reading got beyond."""
    words, takes = filling.words, filling.shape.takes
    negated = any(words.stands(filling.tokens, at, "negations") for at in range(len(filling.tokens)))
    reached = len(used) + filling.stuck
    if filling.places[filling.stuck] < min(used) and len(tokens) > _FEW:
        return Miss(NoOrder.PROSE, form.command)
    if negated:
        return Miss(NoOrder.NEGATED, form.command, reached)
    token = filling.tokens[filling.stuck]
    if words.stands(filling.tokens, filling.stuck, *filling.shape.before_day):
        return Miss(NoOrder.NO_DAY, form.command, reached)
    if looks_numbered(token):
        sum_like = _SUM_LIKE.fullmatch(token.word) is not None
        dated = takes & {Slot.DAY, Slot.PLAN} and any(True for _ in filling.days_at(filling.stuck))
        asked = [
            (dated, NoOrder.NO_DAY),  # "Friday 21 November", when that is a Saturday
            (Slot.AMOUNT in takes and sum_like and (filling.stuck or not token.word.isdecimal()), NoOrder.AMOUNT),
            (Slot.PLAN in takes and sum_like, NoOrder.INCOMPLETE),
            (takes & {Slot.DAY, Slot.PLAN} and any(mark in token.word for mark in "/."), NoOrder.NO_DAY),
            (Slot.TARGET in takes, NoOrder.UNKNOWN_TARGET),
            (True, NoOrder.UNKNOWN_WORDS),
        ]
        return Miss(next(why for holds, why in asked if holds), form.command, reached)
    return Miss(NoOrder.UNKNOWN_WORDS, form.command, reached)
