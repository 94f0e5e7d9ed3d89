"""Business days: weekends, public holidays, and the ranges in which somebody is closed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays

_DAY = timedelta(days=1)
_FARTHEST = 3 * 366  # days we look ahead for a business day before we say that there is none
NEVER = date(9000, 1, 1)  # stands for "no such day": a client who is closed for years


@dataclass(frozen=True, slots=True)
class DateRange:
    """From one day to another, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"the range ends ({self.last}) before it begins ({self.first})")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@lru_cache(maxsize=256)
def _public_holidays(region: str) -> holidays.HolidayBase:
    """The public holidays of a country or one of its subdivisions; years are added as they are asked for."""
    country, _, subdivision = region.partition("-")
    return holidays.country_holidays(country, subdiv=subdivision or None)


def is_known_region(region: str) -> bool:
    """Whether the `holidays` package knows `region` (ISO 3166-1, with `-SUBDIVISION` where wanted)."""
    try:
        _public_holidays(region)
    except (NotImplementedError, ValueError, KeyError):
        return False
    return True


@lru_cache(maxsize=65536)
def _is_working_day(region: str, day: date) -> bool:
    return _public_holidays(region).is_working_day(day)


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The business days of one place, less the days on which somebody there is closed."""

    region: str  # ISO 3166-1 alpha-2, or with a subdivision: "IT", "DE-BY"
    closed: tuple[DateRange, ...] = ()

    def is_closed(self, day: date) -> bool:
        """Whether `day` lies in a range in which no letter is wanted; weekends and holidays are not that."""
        return bool(self.closed) and any(day in spell for spell in self.closed)

    def is_business_day(self, day: date) -> bool:
        return _is_working_day(self.region, day) and not (self.closed and self.is_closed(day))

    def on_or_after(self, day: date) -> date:
        """The first business day that is not before `day`."""
        return first_day(day, self.is_business_day)

    def after(self, day: date, business_days: int) -> date:
        """`business_days` whole business days after `day`: 1 is the next business day; 0 is `on_or_after(day)`."""
        here = day if business_days else self.on_or_after(day)
        for _ in range(business_days):
            if here >= NEVER:
                return NEVER
            here = self.on_or_after(here + _DAY)
        return here


def first_day(day: date, wanted: Callable[[date], bool]) -> date:
    """The first day from `day` on for which `wanted(day)` is true; `NEVER` when there is none in three years."""
    return _walk(day, wanted, _DAY)


def last_day(day: date, wanted: Callable[[date], bool]) -> date:
    """The last day up to `day` for which `wanted(day)` is true; `NEVER` when there is none in three years."""
    return _walk(day, wanted, -_DAY)


def _walk(day: date, wanted: Callable[[date], bool], step: timedelta) -> date:
    if day >= NEVER:
        return NEVER
    here = day
    for _ in range(_FARTHEST):
        if wanted(here):
            return here
        here += step
    return NEVER


def days_covered(spells: Iterable[DateRange], first: date, last: date) -> int:
    """How many days of `first`..`last`, both included, lie in at least one of the spells."""
    clipped = sorted((max(s.first, first), min(s.last, last)) for s in spells if s.first <= last and s.last >= first)
    covered, reached = 0, first - _DAY
    for start, end in clipped:
        start = max(start, reached + _DAY)
        if end >= start:
            covered += (end - start).days + 1
            reached = end
    return covered
