"""Interest by days: against a naive sum, one day at a time, in fractions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.domain.books.money import minor_unit
from daemon.domain.books.rates import Law, RateRow, RatesMissing, RateTable, Spell, Tariff, YearLength, agreed, spells
from daemon.domain.standing.interest import Principal, Segment, interest_on, total_of

DUE = date(2026, 10, 31)
OPEN = [Principal(date(2026, 1, 1), Decimal("1220.00"))]


def a_row(first: str, last: str, rate: str) -> RateRow:
    return RateRow(
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        rate=Decimal(rate),
        source="https://bank.example/",
        read_on=date(2026, 11, 28),
    )


ECB = RateTable(name="ECB", rows=(a_row("2026-01-01", "2026-06-30", "2.15"), a_row("2026-07-01", "2026-12-31", "2.40")))
ITALY = Law(jurisdiction="IT", name="D.Lgs. 231/2002", business=Tariff(points=Decimal(8), table=ECB))
assert ITALY.business is not None


def in_italy(first: date, last: date, principals: list[Principal] = OPEN) -> tuple[Segment, ...]:
    assert ITALY.business is not None
    rates = spells(ITALY, ITALY.business, first, last)
    assert not isinstance(rates, RatesMissing)
    return interest_on(principals, rates, YearLength.DAYS_365, "EUR")


def test_interest_is_the_open_amount_times_the_yearly_rate_times_the_days() -> None:
    """1,220.00 x 10.40 % x 23 / 365 (FIELD 3, ERPNext's formula)."""
    (segment,) = in_italy(date(2026, 11, 1), date(2026, 11, 23))

    assert (segment.days, segment.rate, segment.reference) == (23, Decimal("10.40"), Decimal("2.40"))
    assert segment.exact == Fraction(1220) * Fraction("10.4") * 23 / 36500
    assert segment.amount == Decimal("8.00")


def test_a_new_half_year_begins_a_new_segment() -> None:
    segments = in_italy(date(2026, 6, 21), date(2026, 7, 10))

    assert [(s.first, s.last, s.rate) for s in segments] == [
        (date(2026, 6, 21), date(2026, 6, 30), Decimal("10.15")),
        (date(2026, 7, 1), date(2026, 7, 10), Decimal("10.40")),
    ]


def test_a_part_payment_lowers_the_base_from_its_own_day_on() -> None:
    paid = [*OPEN, Principal(date(2026, 11, 11), Decimal("610.00"))]

    segments = in_italy(date(2026, 11, 1), date(2026, 11, 20), paid)

    assert [(s.days, s.base) for s in segments] == [(10, Decimal("1220.00")), (10, Decimal("610.00"))]


def test_what_is_settled_bears_nothing() -> None:
    settled = [*OPEN, Principal(date(2026, 11, 4), Decimal("0.00")), Principal(date(2026, 11, 9), Decimal("-5.00"))]

    segments = in_italy(date(2026, 11, 1), date(2026, 11, 20), settled)

    assert [s.last for s in segments] == [date(2026, 11, 3)]


def test_a_day_that_no_table_covers_gives_no_interest_at_all_and_names_itself() -> None:
    """Never guessed: the letter says nothing about interest, and `check` says why."""
    assert ITALY.business is not None

    missing = spells(ITALY, ITALY.business, date(2026, 12, 1), date(2027, 1, 10))

    assert missing == RatesMissing(jurisdiction="IT", day=date(2027, 1, 1))


def test_where_the_law_says_so_the_first_days_rate_stays() -> None:
    """SI 2002/1675: interest that starts to run in a half-year keeps that half-year's reference rate."""
    britain = Law(jurisdiction="GB", name="1998 Act", business=Tariff(points=Decimal(8), table=ECB), fixed=True)
    assert britain.business is not None

    assert spells(britain, britain.business, date(2026, 6, 1), date(2027, 3, 1)) == (
        Spell(first=date(2026, 6, 1), last=date(2027, 3, 1), points=Decimal(8), reference=Decimal("2.15")),
    )


def test_act_act_divides_the_days_of_a_leap_year_by_366() -> None:
    rates = agreed(Decimal(10), date(2023, 12, 30), date(2024, 12, 31))
    year_long = [Principal(date(2023, 1, 1), Decimal(1000))]

    leap = interest_on(year_long, rates, YearLength.ACTUAL, "EUR")

    assert [(s.days, s.year_days, s.amount) for s in leap] == [(2, 365, Decimal("0.55")), (366, 366, Decimal("100.00"))]
    assert len(interest_on(year_long, rates, YearLength.DAYS_365, "EUR")) == 1


@pytest.mark.parametrize(("currency", "unit"), [("EUR", "0.01"), ("JPY", "1"), ("KWD", "0.001"), ("HUF", "0.01")])
def test_interest_is_printed_in_the_currencys_smallest_unit(currency: str, unit: str) -> None:
    (segment,) = interest_on(
        [Principal(DUE, Decimal("123456"))], agreed(Decimal(7), DUE, date(2026, 12, 9)), YearLength.DAYS_365, currency
    )

    assert minor_unit(currency) == Decimal(unit)
    assert segment.amount.as_tuple().exponent == Decimal(unit).as_tuple().exponent


_AMOUNTS = st.decimals("-50", "90000", places=2)
_RATES = st.decimals("0", "60", places=2)
_FIRST = date(2023, 6, 1)


@st.composite
def _worlds(draw: st.DrawFn) -> tuple[list[Principal], list[Spell], YearLength]:
    days = sorted(draw(st.sets(st.integers(0, 600), min_size=1, max_size=7)))
    principals = [Principal(_FIRST + timedelta(day), draw(_AMOUNTS)) for day in days]
    here, rates = draw(st.integers(0, 300)), []
    for length in draw(st.lists(st.integers(1, 250), min_size=1, max_size=5)):
        first = _FIRST + timedelta(here)
        last = first + timedelta(length - 1)
        rates.append(Spell(first=first, last=last, points=draw(_RATES), reference=draw(st.none() | _RATES)))
        here += length
    return principals, rates, draw(st.sampled_from(YearLength))


def _day_by_day(principals: list[Principal], rates: list[Spell], year: YearLength) -> Fraction:
    """The naive sum: what was open on each day, at that day's rate, one day's worth."""
    owed = Fraction(0)
    for spell in rates:
        day = spell.first
        while day <= spell.last:
            base = next((amount for since, amount in reversed(principals) if since <= day), Decimal(0))
            long = (date(day.year + 1, 1, 1) - date(day.year, 1, 1)).days if year is YearLength.ACTUAL else 365
            owed += Fraction(max(base, Decimal(0))) * Fraction(spell.rate) / 100 / long
            day += timedelta(days=1)
    return owed


@settings(max_examples=60)
@given(_worlds())
@example(([Principal(_FIRST, Decimal("0.05"))], list(agreed(Decimal(1), _FIRST, _FIRST)), YearLength.ACTUAL))
def test_the_segments_are_the_naive_sum_day_by_day(world: tuple[list[Principal], list[Spell], YearLength]) -> None:
    """Payments, credits, new rates, leap years: nothing is charged twice, no day is left out, nothing compounds."""
    principals, rates, year = world

    segments = interest_on(principals, rates, year, "EUR")

    naive = _day_by_day(principals, rates, year)
    assert sum((s.exact for s in segments), Fraction(0)) == naive
    assert all(before.last < after.first for before, after in pairwise(segments))
    assert abs(Fraction(total_of(segments)) - naive) <= Fraction(1, 200)
    assert all(abs(Fraction(s.amount) - s.exact) < Fraction(1, 100) for s in segments)


@settings(max_examples=60)
@given(_worlds(), st.integers(0, 2000))
def test_stating_it_later_never_states_less(world: tuple[list[Principal], list[Spell], YearLength], cut: int) -> None:
    """Each letter states the whole anew; an earlier letter's figure is contained in it, never added to it."""
    principals, rates, year = world
    until = _FIRST + timedelta(cut)
    earlier = [
        Spell(first=s.first, last=min(s.last, until), points=s.points, reference=s.reference)
        for s in rates
        if s.first <= until
    ]

    assert total_of(interest_on(principals, earlier, year, "EUR")) <= total_of(
        interest_on(principals, rates, year, "EUR")
    )
