"""A tag in the subject of a mail with which the owner sends an invoice: `[2026-041 1,220.00 EUR due 15/12/2026]`.

Number, amount with its currency, and the day on which it falls due, behind a word that says so; the amount may stand
behind the day.  The word decides the language, and with it how the figures are read: as in the owner's orders, and as
there nothing is guessed.  What has no such word and no amount behind a number is no tag: `[Ticket 123]`, `[EXTERNAL]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daemon.domain.journal.sending_entries import Unclear
from daemon.mail.orders.amounts import amounts_at
from daemon.mail.orders.tokens import SEPARATORS, Token, tokens_of
from daemon.mail.orders.words import OrderWords

_TAG = re.compile(r"\[([^\[\]]{5,200})\]")
_MOST_TAGS = 5
_MOST_WORDS = 25
_LONGEST_NUMBER = 64


@dataclass(frozen=True, slots=True)
class Tag:
    """An invoice as a tag states it."""

    number: str
    amount: Decimal
    currency: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Unread:
    """A tag that is meant to be one and is not understood."""

    text: str  # between its brackets
    because: Unclear


def tags_in(subject: str, languages: Sequence[OrderWords], today: date) -> tuple[Tag | Unread, ...]:
    """The tags of a subject, in its order.

    Args:
        languages: the words of each language in which one may be written.
        today: the creditor's date; an invoice that is sent now was not due before.
    """
    found: list[Tag | Unread] = []
    for match in _TAG.finditer(subject):
        read = _read(match[1].strip(), languages, today) if len(found) < _MOST_TAGS else None
        if read is not None:
            found.append(read)
    return tuple(found)


def _read(text: str, languages: Sequence[OrderWords], today: date) -> Tag | Unread | None:
    tokens = tokens_of(text)
    if not 2 <= len(tokens) <= _MOST_WORDS or not any(sign.isdigit() for sign in text):
        return None
    number, first = _number(text, tokens)
    speaking = [words for words in languages if _due_at(tokens, first, words)]
    if not speaking:
        priced = any(currency for words in languages for _, _, currency in _amounts(tokens, first, words))
        return Unread(text, Unclear.DAY) if priced and number[-1].isdigit() else None
    tags: set[Tag] = set()
    missing: list[Unclear] = []
    for words in speaking:
        for read in _readings(number, text, tokens, first, words, today):
            if isinstance(read, Tag):
                tags.add(read)
            else:
                missing.append(read)
    is_number = len(number) <= _LONGEST_NUMBER and any(sign.isdigit() for sign in number)
    if len(tags) == 1 and is_number:
        tag = tags.pop()
        return tag if tag.due_on >= today else Unread(text, Unclear.PAST)
    return Unread(text, Unclear.AMBIGUOUS if tags or not missing else missing[0])


def _number(text: str, tokens: Sequence[Token]) -> tuple[str, int]:
    """The number of the invoice, and how many words it has: two, where the first has no digit ("INV 2026-041")."""
    length = 1 if any(sign.isdigit() for sign in tokens[0].raw) else 2
    return text[tokens[0].start : tokens[length - 1].end], length


def _due_at(tokens: Sequence[Token], first: int, words: OrderWords) -> list[tuple[int, int]]:
    """Where the words for "due" begin and end; the longest at each place."""
    found: list[tuple[int, int]] = []
    for at in range(first, len(tokens)):
        length = next((length for length, _ in words.due.at(tokens, at)), 0)
        if length and not any(begin < at < end for begin, end in found):
            found.append((at, at + length))
    return found


def _readings(
    number: str, text: str, tokens: Sequence[Token], first: int, words: OrderWords, today: date
) -> Iterator[Tag | Unclear]:
    """All that a tag may say in one language, or what is missing of it."""
    dues = _due_at(tokens, first, words)
    if len(dues) != 1:
        yield Unclear.AMBIGUOUS
        return
    begin, end = dues[0]
    if begin > first:  # the amount, then the day
        shorter = (at for cut in range(first + 1, begin) for at in _amounts(tokens, cut, words, up_to=begin))
        if tokens[first - 1].raw.isdecimal() and next(shorter, None):  # 2026 041 220,00: where does the number end?
            yield Unclear.AMBIGUOUS
            return
        yield from _both(number, text, tokens, (first, begin), (end, len(tokens)), words, today)
        return
    cuts = [cut for cut in range(end + 1, len(tokens)) if any(_amounts(tokens, cut, words, up_to=len(tokens)))]
    if not cuts:
        yield Unclear.AMOUNT
    for cut in cuts:
        yield from _both(number, text, tokens, (cut, len(tokens)), (end, cut), words, today)


def _both(
    number: str, text: str, tokens: Sequence[Token], priced: tuple[int, int], dated: tuple[int, int],
    words: OrderWords, today: date,
) -> Iterator[Tag | Unclear]:  # fmt: skip
    """The tags with the amount in these words and the day in those."""
    amounts = {(value, currency) for _, value, currency in _amounts(tokens, priced[0], words, up_to=priced[1])}
    if not amounts:
        yield Unclear.AMOUNT
    if dated[0] >= dated[1]:
        yield Unclear.DAY
        return
    said = text[tokens[dated[0]].start : tokens[dated[1] - 1].end].strip(SEPARATORS)
    days = words.days(said, today, past=False)
    if len(days) != 1:
        yield Unclear.AMBIGUOUS if days else Unclear.DAY
        return
    for value, currency in amounts:
        yield Tag(number, value, currency, next(iter(days)))


def _amounts(
    tokens: Sequence[Token], at: int, words: OrderWords, up_to: int | None = None
) -> Iterator[tuple[int, Decimal, str]]:
    """The amounts with a currency that begin at a word, and end where they have to."""
    for length, value, currency in amounts_at(tokens, at, words, among_items=False):
        if currency and value > 0 and up_to in (None, at + length):
            yield length, value, currency
