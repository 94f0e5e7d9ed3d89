"""Reckoning in the calendar: months' ends, bare days, weeks."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.mail.language import reckon

DAYS = st.dates(date(1996, 1, 1), date(2100, 12, 31))


@given(DAYS, st.integers(-24, 24))
def test_a_months_end_is_its_last_day(written: date, ahead: int) -> None:
    end = reckon.month_end(written, ahead)

    assert (end.year * 12 + end.month) - (written.year * 12 + written.month) == ahead
    assert reckon.day(end.year, end.month, end.day + 1) is None


@given(DAYS, st.integers(1, 28))
def test_the_fifteenth_is_the_next_one(written: date, number: int) -> None:
    on = reckon.upcoming(number, written)

    assert on is not None
    assert on.day == number
    assert 0 < (on - written).days <= 31


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_the_next_and_never_the_day_itself(written: date, weekday: int) -> None:
    on = reckon.next_weekday(weekday, written)

    assert on.weekday() == weekday
    assert 1 <= (on - written).days <= 7


@given(DAYS, st.integers(1, 12))
def test_the_end_and_the_start_of_a_named_month_lie_ahead(written: date, month: int) -> None:
    end, start = reckon.end_of_named(month, written), reckon.start_of_named(month, written)

    assert (end.month, start.month, start.day) == (month, month, 1)
    assert written <= end
    assert written < start


@given(DAYS, st.integers(1, 60))
def test_working_days_are_counted_from_monday_to_friday(written: date, days: int) -> None:
    on = reckon.later_by_working_days(written, days)

    between = [date.fromordinal(n).weekday() < 5 for n in range(written.toordinal() + 1, on.toordinal() + 1)]
    assert sum(between) == days
    assert on.weekday() < 5


@pytest.mark.parametrize(
    ("number", "written", "on"),
    [
        (24, date(2026, 6, 1), date(2026, 6, 12)),
        (2, date(2026, 12, 20), date(2027, 1, 15)),
        (53, date(2026, 12, 20), date(2027, 1, 1)),
        (54, date(2026, 6, 1), None),
    ],
)
def test_a_numbered_week_is_that_of_iso_8601(number: int, written: date, on: date | None) -> None:
    assert reckon.in_numbered_week(number, written, 4) == on


def test_a_day_that_the_calendar_lacks_is_none() -> None:
    assert reckon.day(2026, 2, 30) is None
    assert reckon.in_month(date(2026, 1, 5), 1, 30) is None
    assert reckon.nearest(31, 6, date(2026, 6, 1)) is None


def test_a_month_later_is_the_same_day_or_the_months_last() -> None:
    assert reckon.months_later(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert reckon.months_later(date(2026, 11, 11), 2) == date(2027, 1, 11)


def test_the_fifth_working_day_of_a_month_is_the_next_one_ahead() -> None:
    assert reckon.working_day_of_month(5, date(2026, 11, 2)) == date(2026, 11, 6)
    assert reckon.working_day_of_month(5, date(2026, 11, 6)) == date(2026, 12, 7)
    assert reckon.working_day_of_month(0, date(2026, 11, 6)) is None
