"""Simple interest by days on what was open on each of them.

Always computed as a whole, from the first day of default to the letter's date: every letter states it anew, none adds
to an earlier one, so that no period is ever charged twice (FIELD 2, 2 and 18).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

from daemon.domain.books.money import minor_unit
from daemon.domain.books.rates import Spell, YearLength

_DAY = timedelta(days=1)


class Principal(NamedTuple):
    """From a day on, until the next one of its kind, this much was open."""

    since: date
    amount: Decimal  # in the invoice's currency; what is not above zero bears nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Days, both included, of one principal at one rate: one line of the calculation that a letter prints."""

    first: date
    last: date
    base: Decimal  # open on these days
    points: Decimal  # see `Spell`
    reference: Decimal | None
    year_days: int  # 365 or 366
    exact: Fraction  # base x rate / 100 x days / year_days
    amount: Decimal  # as printed, in whole minor units of the currency

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def rate(self) -> Decimal:
        """Percent a year."""
        return self.points if self.reference is None else self.reference + self.points


def interest_on(
    principals: Sequence[Principal], rates: Sequence[Spell], year: YearLength, currency: str
) -> tuple[Segment, ...]:
    """Interest on what was open, split where the principal or the rate changes.

    Formula: open amount x yearly rate / 100 x days / 365, as ERPNext has it (FIELD 3).  With `YearLength.ACTUAL`
    the days of a leap year are divided by 366 (the act/act method, which German courts cannot fault: it never
    exceeds the yearly rate); a segment then ends with its year where the next one has another length.

    Args:
        principals: ascending; a payment lowers the principal on its own day already.
        rates: ascending, without gap: they say on which days interest runs.

    Returns:
        The segments that bear interest, oldest first; () for none.  The exact sum is rounded once, half up, to the
        currency's minor units, and shared out by largest remainder: what is printed adds up to what is claimed.
    """
    found = [
        Segment(
            first=first, last=last, base=base, points=spell.points, reference=spell.reference, year_days=length,
            exact=_exact(base, spell.rate, (last - first).days + 1, length), amount=Decimal(0),
        )
        for spell in rates
        for start, end, base in _open_within(principals, spell)
        if base > 0 and spell.rate > 0
        for first, last, length in _by_year(start, end, year)
    ]  # fmt: skip
    return _with_amounts(found, minor_unit(currency))


def total_of(segments: Iterable[Segment]) -> Decimal:
    return sum((segment.amount for segment in segments), Decimal(0))


def _exact(base: Decimal, rate: Decimal, days: int, year_days: int) -> Fraction:
    return Fraction(base) * Fraction(rate) * days / (100 * year_days)


def _open_within(principals: Sequence[Principal], spell: Spell) -> Iterable[tuple[date, date, Decimal]]:
    for index, (since, amount) in enumerate(principals):
        until = principals[index + 1].since - _DAY if index + 1 < len(principals) else spell.last
        first, last = max(since, spell.first), min(until, spell.last)
        if first <= last:
            yield first, last, amount


def _by_year(first: date, last: date, year: YearLength) -> Iterable[tuple[date, date, int]]:
    """The same days with the length of their year; cut only where that length changes."""
    while first <= last:
        length = _length(first.year, year)
        until = date(first.year, 12, 31)
        while until < last and _length(until.year + 1, year) == length:
            until = date(until.year + 1, 12, 31)
        yield first, min(until, last), length
        first = until + _DAY


def _length(of: int, year: YearLength) -> int:
    leap = of % 4 == 0 and (of % 100 != 0 or of % 400 == 0)
    return 366 if leap and year is YearLength.ACTUAL else 365


def _with_amounts(segments: Sequence[Segment], unit: Decimal) -> tuple[Segment, ...]:
    """Round the sum, and give each segment its part in whole units."""
    units = [segment.exact / Fraction(unit) for segment in segments]
    whole = [int(part) for part in units]
    together = sum(units, Fraction(0))
    wanted = int(together + Fraction(1, 2))  # half up; nothing here is negative
    largest = sorted(range(len(units)), key=lambda i: (whole[i] - units[i], i))
    for index in largest[: wanted - sum(whole)]:
        whole[index] += 1
    return tuple(
        Segment(
            first=s.first, last=s.last, base=s.base, points=s.points, reference=s.reference, year_days=s.year_days,
            exact=s.exact, amount=(count * unit).quantize(unit, ROUND_HALF_UP),
        )
        for s, count in zip(segments, whole, strict=True)
    )  # fmt: skip
