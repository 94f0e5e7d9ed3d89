"""Amounts as an owner types them behind a command: 1.234,50, 1,234.50, 1 234,50, EUR 500, 500,-.

Nothing is guessed: a number that a neighbour would read otherwise is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from daemon.mail.orders.tokens import Token
from daemon.mail.orders.words import OrderWords

_PLAIN = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,2})?")
_GROUPED = re.compile(r"[0-9]{1,3}(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3}){0,2}(?:(?!(?P=mark))[.,][0-9]{1,2})?")
_ROUND = re.compile(r"[.,][-–]{1,2}$")  # 500,- : no cents
_NUMBER = re.compile(r"[0-9](?:[0-9.,' –-]*[0-9–-])?")
_MOST_GROUPS = 4
_ITEMS = 100  # a digest may have that many items: a bare number below it may be one


def read_amount(written: str, decimal: str) -> Decimal | None:
    """The value of a written number; None where it has none or might have two."""
    text = _ROUND.sub("", written)
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    grouped = _GROUPED.fullmatch(text)
    if grouped is None:
        return None
    mark, rest = grouped["mark"], text[-3:]
    whole = text.replace(mark, "")
    cents = next((sign for sign in whole if sign in ".,"), "")
    if not cents and mark == decimal and text.count(mark) == 1 and rest.isdigit():
        return None  # 1.220 where cents stand behind a point
    return Decimal(whole.replace(",", "."))


def amounts_at(
    tokens: Sequence[Token], start: int, words: OrderWords, *, among_items: bool
) -> Iterator[tuple[int, Decimal, str]]:
    """How many words each amount has that begins there, its value and its currency ("": none is named).

    Args:
        among_items: a bare small number may be an item: no amount.
    """
    at, before = start, ""
    for length, name in words.currencies.at(tokens, start):
        at, before = start + length, name
        break
    for length in range(_MOST_GROUPS if words.spaced else 1, 0, -1):
        if at + length > len(tokens):
            continue
        written = " ".join(token.word for token in tokens[at : at + length])
        inside, glued, behind = _parted(written, words)
        value = read_amount(inside, words.decimal)
        if value is None:
            continue
        end = at + length
        currencies = {name for name in (before, glued, behind) if name}
        if not glued and not behind:
            for more, name in words.currencies.at(tokens, end):
                end, currencies = end + more, currencies | {name}
                break
        if len(currencies) > 1 or (not currencies and among_items and inside.isdecimal() and value < _ITEMS):
            continue
        yield end - start, value, next(iter(currencies), "")


def _parted(written: str, words: OrderWords) -> tuple[str, str, str]:
    """`€500` and `500eur`: the number, and the currency before or behind it."""
    found = _NUMBER.search(written)
    if found is None:
        return written, "", ""
    before, behind = written[: found.start()], written[found.end() :]
    names = [words.currency(one) if one else "" for one in (before, behind)]
    if None in names or (before and behind):
        return written, "", ""
    return found[0], names[0] or "", names[1] or ""
