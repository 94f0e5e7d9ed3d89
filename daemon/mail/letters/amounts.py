"""Amounts, dates and numbers as the client's language writes them (CLDR, by Babel)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

_REMEMBERED = 4096  # one run writes the same dates and round amounts again and again
_FIRST = re.compile(r"\b1(?= \D)")  # the first of a month is an ordinal in French: 1er novembre
_GLUED = re.compile(r"([A-Za-z])(?=\d)")  # Babel writes TRY1.00 where CLDR asks for a space


@lru_cache(maxsize=64)
def _locale(identifier: str) -> Locale:
    return Locale.parse(identifier)


@lru_cache(maxsize=_REMEMBERED)
def money(amount: Decimal, currency: str, locale: str) -> str:
    """`€1,020.00`, `1.020,00 €`; the space inside is U+00A0, so that no line breaks there."""
    written = format_currency(amount, currency, locale=_locale(locale)).replace("\u202f", "\u00a0")
    return _GLUED.sub("\\1\u00a0", written)


@lru_cache(maxsize=_REMEMBERED)
def day(on: date, pattern: str, locale: str) -> str:
    """A date by a CLDR pattern, or by `long` or `medium`."""
    written = format_date(on, pattern, locale=_locale(locale)).replace("\u202f", "\u00a0")
    return _FIRST.sub("1er", written) if on.day == 1 and locale.startswith("fr") else written


@lru_cache(maxsize=_REMEMBERED)
def number(value: Decimal, locale: str) -> str:
    """A quantity: as many decimals as it has, up to three."""
    return format_decimal(value.normalize(), locale=_locale(locale)).replace("\u202f", "\u00a0")


@lru_cache(maxsize=_REMEMBERED)
def percent(value: Decimal, locale: str) -> str:
    """`22%`, `22 %`, `%22`; `value` is 22."""
    return format_percent(value / 100, locale=_locale(locale), decimal_quantization=False)


def listed(words: Sequence[str], locale: str) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else format_list(words, locale=_locale(locale))


def iban(text: str) -> str:
    """An IBAN as paper shows it: groups of four (ISO 13616), kept on one line."""
    bare = re.sub(r"\s", "", text).upper()
    return "\u00a0".join(bare[i : i + 4] for i in range(0, len(bare), 4))
