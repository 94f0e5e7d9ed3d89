"""Rates of default interest and flat sums, as dated tables; a day that no table covers has no rate: none is guessed.

The figures themselves stand in `adapters/statutory_rates.yaml`, each with its source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """One rate for some days, both included."""

    first: date
    last: date
    rate: Decimal  # percent a year
    source: str = ""
    read_on: date | None = None  # when the source was looked at; None: the owner did not say


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTable:
    """A published rate over time: a central bank's, or a law's own.  Rows ascend without gap or overlap."""

    name: str  # as a letter may print it: "ECB"
    rows: tuple[RateRow, ...]
    key: str = ""  # under which the config knows it

    def row_on(self, day: date) -> RateRow | None:
        return next((row for row in reversed(self.rows) if row.first <= day <= row.last), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """What a law adds to a published rate; without a table, the law's own fixed rate."""

    points: Decimal  # percentage points a year above the table's rate
    table: RateTable | None = None
    cite: str = ""  # as a letter names the rule: "§ 288 Abs. 2 BGB"
    source: str = ""


class YearLength(StrEnum):
    """By how many days a yearly rate is divided."""

    DAYS_365 = "365"  # in leap years too
    ACTUAL = "actual"  # 366 in leap years


class Begins(StrEnum):
    """When default begins."""

    DUE = "due"  # on the day after the due date
    REMINDER = "reminder"  # on the day after the first reminder


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatSumStep:
    under: Decimal | None  # of debts below this; None: of all larger ones
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatSum:
    """A flat compensation for the costs of recovery, for debts that fell into default on these days."""

    first: date
    last: date | None  # None: until the law is changed
    currency: str
    steps: tuple[FlatSumStep, ...]  # ascending; the last one has no limit
    cite: str = ""  # as a letter names the rule
    source: str = ""
    read_on: date | None = None

    def amount_of(self, debt: Decimal) -> Decimal:
        return next(step.amount for step in self.steps if step.under is None or debt < step.under)


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """What the law of one place says about late payment.  Which law governs an invoice is the owner's to say."""

    jurisdiction: str  # ISO 3166-1 alpha-2, or EU for the directive alone
    name: str  # as a letter cites it
    business: Tariff | None = None  # None: nothing we know of
    consumer: Tariff | None = None
    year: YearLength = YearLength.DAYS_365
    fixed: bool = False  # the rate of the first day stays, whatever is published later (GB)
    begins: Begins = Begins.DUE
    flat_sums: tuple[FlatSum, ...] = ()
    per_instalment: bool = False  # the flat sum is due for each instalment

    def tariff(self, *, consumer: bool) -> Tariff | None:
        return self.consumer if consumer else self.business

    def flat_sum_on(self, day: date) -> FlatSum | None:
        return next((s for s in self.flat_sums if s.first <= day and (s.last is None or day <= s.last)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesMissing:
    """No rate is known for a day: interest is left out, not guessed."""

    jurisdiction: str
    day: date

    def __str__(self) -> str:
        return f"no rate of {self.jurisdiction} is known for {self.day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days, both included, of one rate."""

    first: date
    last: date
    points: Decimal  # percentage points that the law adds, or its fixed rate
    reference: Decimal | None = None  # the published rate; None: there is none

    @property
    def rate(self) -> Decimal:
        """Percent a year."""
        return self.points if self.reference is None else self.reference + self.points


def spells(law: Law, tariff: Tariff, first: date, last: date) -> tuple[Spell, ...] | RatesMissing:
    """The rates of every day from `first` to `last`, both included; one day without a rate, and there are none."""
    if last < first:
        return ()
    if tariff.table is None:
        return (Spell(first=first, last=last, points=tariff.points),)
    if law.fixed:
        row = tariff.table.row_on(first)
        if row is None:
            return RatesMissing(jurisdiction=law.jurisdiction, day=first)
        return (Spell(first=first, last=last, points=tariff.points, reference=row.rate),)
    found: list[Spell] = []
    here = first
    while here <= last:
        row = tariff.table.row_on(here)
        if row is None:
            return RatesMissing(jurisdiction=law.jurisdiction, day=here)
        until = min(row.last, last)
        found.append(Spell(first=here, last=until, points=tariff.points, reference=row.rate))
        here = until + _DAY
    return tuple(found)


def agreed(rate: Decimal, first: date, last: date) -> tuple[Spell, ...]:
    """The one rate of a contract, percent a year."""
    return (Spell(first=first, last=last, points=rate),) if first <= last else ()


Laws = Mapping[str, Law]  # by jurisdiction
