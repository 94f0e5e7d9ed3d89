"""Reckoning in the calendar: which day a month's end, a bare "15th" or "3 April" without a year is."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


def day(year: int, month: int, number: int) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(year, month, number)
    except ValueError:
        return None


def nearest(number: int, month: int, written: date) -> date | None:
    """The day without a year that lies nearest: at most half a year back."""
    years = (day(written.year + offset, month, number) for offset in (-1, 0, 1))
    near = [d for d in years if d is not None and -183 < (d - written).days <= 183]
    return near[0] if near else None


def month_end(written: date, ahead: int) -> date:
    """The last day of the month that lies `ahead` months after this one."""
    year, month = divmod(written.year * 12 + written.month - 1 + ahead, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def in_month(written: date, ahead: int, number: int) -> date | None:
    """That day of the month that lies `ahead` months after this one."""
    end = month_end(written, ahead)
    return day(end.year, end.month, number)


def end_of_named(month: int, written: date) -> date:
    """The last day of the next such month, this one included."""
    return month_end(written, (month - written.month) % 12)


def start_of_named(month: int, written: date) -> date:
    """The first day of the next such month that has not yet begun."""
    return end_of_named(month, month_end(written, 0) + timedelta(days=1)).replace(day=1)


def upcoming(number: int, written: date) -> date | None:
    """ "The 15th": this month's if it is still ahead, else the next month's."""
    return in_month(written, 0 if number > written.day else 1, number)


def next_weekday(weekday: int, written: date) -> date:
    """The next such day after `written`; 0 is Monday."""
    return written + timedelta(days=(weekday - written.weekday() - 1) % 7 + 1)


def in_week(written: date, ahead: int, weekday: int) -> date:
    """That day of the week that lies `ahead` weeks after this one; weeks begin on Monday."""
    return written + timedelta(days=7 * ahead - written.weekday() + weekday)


def in_numbered_week(number: int, written: date, weekday: int) -> date | None:
    """That day of the next week with this number (ISO 8601), this week included; None for a number no week has."""
    this = written.isocalendar()
    try:
        return date.fromisocalendar(this.year + (number < this.week), number, weekday + 1)
    except ValueError:
        return None


def week_end(written: date) -> date:
    """This week's Friday; at the weekend the day itself."""
    return written + timedelta(days=max(4 - written.weekday(), 0))


def month_half(written: date) -> date:
    """The next 15th that is not past."""
    return written.replace(day=15) if written.day <= 15 else month_end(written, 0) + timedelta(days=15)


def later_by_working_days(written: date, days: int) -> date:
    """So many days from Monday to Friday later; holidays are not known here."""
    on, left = written, days
    while left > 0:
        on += timedelta(days=1)
        left -= on.weekday() < 5
    return on


def months_later(written: date, months: int) -> date:
    """The same day of a later month, or its last day where it is shorter."""
    end = month_end(written, months)
    return end.replace(day=min(written.day, end.day))


def working_day_of_month(number: int, written: date) -> date | None:
    """The n-th day from Monday to Friday of a month, the next one that is ahead ("no 5º dia útil")."""
    if not 0 < number <= 20:
        return None
    for ahead in (0, 1):
        on = later_by_working_days(month_end(written, ahead - 1), number)
        if on > written:
            return on
    return None
