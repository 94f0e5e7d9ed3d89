# ruff: noqa: E501  patterns read better unbroken
"""Days that people name in their mail: "by the 15th", "entro venerdì", "ay sonuna kadar".

All are reckoned from the day on which the mail was written.  The words are data (`reading: dates:` of the language
packs); the reckoning is here.  A day that cannot be told for sure is no day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from daemon.mail.phrases import fold, pattern_of, strings

MOST_DAYS = 40  # of one text
_END = r"(?![\w%€$£₺]|[.,/]\d)"
_START = r"(?<![\w€$£₺/.,-])"
_ISO = re.compile(rf"{_START}(20\d\d)[-/.](\d\d?)[-/.](\d\d?){_END}")
_NUMERIC = re.compile(rf"{_START}(\d\d?)([./-])(\d\d?)(?:\2(20\d\d|\d\d))?(?:'\w+)?{_END}")
_ORDINAL = r"(?:st|nd|rd|th|o|er|a)?"

_Reckon = Callable[[re.Match[str], date], date | None]


@dataclass(frozen=True, slots=True)
class Day:
    """One day named in a text, and where."""

    start: int
    end: int
    on: date


class DateReader:
    """The days of one language; compiled once."""

    __slots__ = ("_days", "_month_first", "_months", "_numbers", "_rules", "_weekdays")

    def __init__(self, words: Mapping[str, object]) -> None:
        self._months = _numbered(words.get("months"))
        self._weekdays = _numbered(words.get("weekdays"))
        self._days = _numbered(words.get("in_days"))
        self._numbers = _numbered(words.get("numbers"))
        self._month_first = str(words.get("order", "dmy")) == "mdy"
        self._rules: list[tuple[re.Pattern[str], _Reckon]] = []
        self._lay_rules(words)

    def find(self, text: str, written: date) -> list[Day]:
        """All days in `normal` text, in the order of the text; overlapping ones by the more exact rule."""
        found: list[Day] = []
        for pattern, reckon in self._rules:
            for match in pattern.finditer(text):
                if len(found) >= MOST_DAYS:
                    break
                if any(day.start < match.end() and match.start() < day.end for day in found):
                    continue
                on = reckon(match, written)
                if on is not None:
                    found.append(Day(match.start(), match.end(), on))
        return self._agreed(sorted(found, key=lambda day: day.start), text)

    def _agreed(self, days: list[Day], text: str) -> list[Day]:
        """ "Friday, 20 November" is one day; when the two disagree it is none."""
        kept: list[Day] = []
        for day in days:
            before = kept[-1] if kept else None
            if before is None or text[before.end : day.start].strip(" ,()"):
                kept.append(day)
                continue
            named = [
                d
                for d in (before, day)
                if text[d.start : d.end].split(" ")[-1] in self._weekdays
                or text[d.start : d.end].split(" ")[0] in self._weekdays
            ]
            if len(named) != 1:
                kept.append(day)
                continue
            exact = day if named[0] is before else before
            kept.pop()
            if exact.on.weekday() == named[0].on.weekday():
                kept.append(Day(before.start, day.end, exact.on))
        return kept

    def _lay_rules(self, words: Mapping[str, object]) -> None:
        phrases = words.get("phrases")
        lists: Mapping[str, object] = phrases if isinstance(phrases, Mapping) else {}
        rules = self._rules
        rules.append((_ISO, lambda m, _: _day(int(m[1]), int(m[2]), int(m[3]))))
        if self._months:
            names = _either(self._months)
            rules.append(
                (
                    re.compile(
                        rf"{_START}(\d\d?){_ORDINAL} (?:of |de |di |del |d')?({names})(?:(?: ,| de| del)? (20\d\d))?(?:'[a-z]+|[ae]|[dt][ae]|[dt][ae]n|y[ae])?{_END}"
                    ),
                    self._day_month,
                )
            )
            rules.append(
                (
                    re.compile(
                        rf"{_START}({names}) (?:the )?(\d\d?)(?:st|nd|rd|th)?(?:(?: ,)? (20\d\d))?(?:'[a-z]+)?{_END}"
                    ),
                    self._month_day,
                )
            )
        rules.append((_NUMERIC, self._numeric))
        if self._weekdays:
            names = _either(self._weekdays)
            rules.append(
                (
                    re.compile(
                        rf"{_START}({names})(?: ,)?(?: the| el| il)? (\d\d?){_ORDINAL}{_END}(?! ?(?:€|eur|usd|gbp|try|%))"
                    ),
                    self._weekday_and_day,
                )
            )
        for key, reckon in (
            ("weekday_next_week", self._weekday_next_week),
            ("month_end_of", self._end_of_named),
            ("month_half_of", self._half_of_named),
            ("next_month_end", lambda m, w: _month_end(w, 1)),
            ("next_month_half", lambda m, w: _in_month(w, 1, 15)),
            ("month_half", lambda m, w: _in_month(w, 0 if w.day <= 15 else 1, 15)),
            ("month_end", lambda m, w: _month_end(w, 0)),
            ("next_month", lambda m, w: _month_end(w, 1)),
            ("next_week", lambda m, w: w + timedelta(days=11 - w.weekday())),
            ("week_end", lambda m, w: w + timedelta(days=(4 - w.weekday()) if w.weekday() <= 4 else 0)),
            ("business_days", self._business_days),
            ("days", lambda m, w: self._later(m, w, 1)),
            ("weeks", lambda m, w: self._later(m, w, 7)),
            ("a_week", lambda m, w: w + timedelta(days=7)),
            ("two_weeks", lambda m, w: w + timedelta(days=14)),
            ("next_weekday", self._weekday),
            ("day", self._day_alone),
            ("weekday", self._weekday),
        ):
            pattern = self._phrase_pattern(strings(lists.get(key)))
            if pattern is not None:
                rules.append((pattern, reckon))
        if self._days:
            rules.append(
                (
                    re.compile(rf"{_START}({_either(self._days)})(?![^\s,;:?!()])"),
                    lambda m, w: w + timedelta(days=self._days[m[1]]),
                )
            )

    def _phrase_pattern(self, phrases: list[str]) -> re.Pattern[str] | None:
        if not phrases:
            return None
        marks = {"{d}": "7770", "{n}": "7771", "{weekday}": "7772", "{month}": "7773"}
        plain = []
        for phrase in phrases:
            for mark, number in marks.items():
                phrase = phrase.replace(mark, number)
            plain.append(phrase)
        source = pattern_of(plain)
        source = source.replace("7770", rf"(\d\d?)(?:{_ORDINAL}(?:'[a-z]+)?)")
        source = source.replace(
            "7771", "(" + "|".join([r"\d\d?", *map(re.escape, sorted(self._numbers, key=len, reverse=True))]) + ")"
        )
        source = source.replace("7772", f"({_either(self._weekdays)})").replace(
            "7773", f"({_either(self._months)})(?:'[a-z]+)?"
        )
        return re.compile(source)

    def _numeric(self, match: re.Match[str], written: date) -> date | None:
        first, second, mark, year = int(match[1]), int(match[3]), match[2], match[4]
        if year is None and (mark == "-" or (mark == "." and len(match[3]) < 2)):
            return None
        readings = [(first, second)]
        if self._month_first and mark == "/":
            readings = [(first, second), (second, first)]  # 3/4 in English may be either
        elif second > 12:
            readings = [(second, first)]
        days = {d for d in (self._dated(day, month, year, written) for day, month in readings) if d is not None}
        if len(days) == 2:  # only one of them lies in the weeks ahead: that one is meant
            near = {d for d in days if 0 <= (d - written).days <= 62}
            days = near if len(near) == 1 else set()
        return days.pop() if len(days) == 1 else None

    def _dated(self, day: int, month: int, year: str | None, written: date) -> date | None:
        if year is not None:
            return _day(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return _nearest(day, month, written)

    def _day_month(self, match: re.Match[str], written: date) -> date | None:
        return self._dated(int(match[1]), self._months[match[2]], match[3], written)

    def _month_day(self, match: re.Match[str], written: date) -> date | None:
        return self._dated(int(match[2]), self._months[match[1]], match[3], written)

    def _weekday(self, match: re.Match[str], written: date) -> date | None:
        wanted = self._weekdays[_said(match)]
        return written + timedelta(days=(wanted - written.weekday() - 1) % 7 + 1)  # never the day of the mail itself

    def _weekday_and_day(self, match: re.Match[str], written: date) -> date | None:
        """ "Friday 20": the next 20th, if it is a Friday."""
        wanted = int(match[2])
        on = _day(written.year, written.month, wanted) if wanted > written.day else _in_month(written, 1, wanted)
        return on if on is not None and on.weekday() == self._weekdays[match[1]] else None

    def _weekday_next_week(self, match: re.Match[str], written: date) -> date | None:
        return written + timedelta(days=7 - written.weekday() + self._weekdays[_said(match)])

    def _end_of_named(self, match: re.Match[str], written: date) -> date | None:
        month = self._months[_said(match)]
        year = written.year + (month < written.month)
        return date(year, month, calendar.monthrange(year, month)[1])

    def _half_of_named(self, match: re.Match[str], written: date) -> date | None:
        return _nearest(15, self._months[_said(match)], written)

    def _number(self, match: re.Match[str]) -> int:
        said = _said(match)
        return int(said) if said.isdigit() else self._numbers[said]

    def _later(self, match: re.Match[str], written: date, days: int) -> date | None:
        return written + timedelta(days=self._number(match) * days)

    def _business_days(self, match: re.Match[str], written: date) -> date | None:
        day, left = written, min(self._number(match), 60)
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day

    def _day_alone(self, match: re.Match[str], written: date) -> date | None:
        """ "The 15th": this month's if it is still ahead, else the next month's."""
        wanted = int(_said(match))
        if wanted > written.day:
            return _day(written.year, written.month, wanted)
        return _in_month(written, 1, wanted)


def _said(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


def _numbered(value: object) -> dict[str, int]:
    """`{1: [january, jan]}` as folded word -> number."""
    if not isinstance(value, Mapping):
        return {}
    return {fold(word): int(str(number)) for number, words in value.items() for word in strings(words)}


def _either(words: Mapping[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(day: int, month: int, written: date) -> date | None:
    """The day without a year that lies nearest: at most half a year back."""
    years = (_day(written.year + offset, month, day) for offset in (-1, 0, 1))
    near = [d for d in years if d is not None and -183 < (d - written).days <= 183]
    return near[0] if near else None


def _month_end(written: date, ahead: int) -> date:
    index = written.year * 12 + written.month - 1 + ahead
    year, month = divmod(index, 12)
    return date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def _in_month(written: date, ahead: int, day: int) -> date | None:
    end = _month_end(written, ahead)
    return _day(end.year, end.month, day)
