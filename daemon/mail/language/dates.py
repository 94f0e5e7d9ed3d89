# ruff: noqa: E501  patterns read better unbroken
"""Days that people name in their mail: "by the 15th", "entro venerdì", "ay sonuna kadar".

All are reckoned from the day on which the mail was written.  The words are data (`reading: dates:` of the language
packs); the reckoning is in `reckon`.  A day that cannot be told for sure is no day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from daemon.mail.language import reckon
from daemon.mail.language.day_phrases import (
    AHEAD,
    DIGIT,
    DayPhrase,
    DayRule,
    DayRules,
    Needs,
    Reckon,
    heads_of_words,
    needs_of,
    numbered,
    pattern_of,
    with_its_slot,
)
from daemon.mail.language.phrases import strings
from daemon.mail.language.sentences import fold

MOST_DAYS = 40  # of one text
_AT_HAND = 16  # texts: each rule about what is promised asks anew for the days of the sentence
_END = r"(?![\w%€$£₺]|[.,/:]\d)"
_START = r"(?<![\w€$£₺/.,-])"
_ISO = rf"{_START}(20\d\d)[-/.](\d\d?)[-/.](\d\d?){_END}"
_NUMERIC = rf"{_START}(\d\d?)([./-])(\d\d?)(?:\2(20\d\d|\d\d))?(?:'\w+)?{_END}"
_SPACED = rf"{_START}(\d\d?) (\d\d?) (20\d\d){_END}"  # "15. 06. 2026"
_ORDINALS = ("st", "nd", "rd", "th", "o", "er", "a", "ste", "sten", "ten", "te", "de", "e")
_ORDINAL = f"(?:{'|'.join(_ORDINALS)})?"
_MONTH_SUFFIX = r"(?:'[a-z]+|[ae]|[dt][ae]|[dt][ae]n|y[ae])?"  # Turkish cases: Haziran'da, Haziranda

_STAND_INS = {"{d}": "7770", "{n}": "7771", "{weekday}": "7772", "{month}": "7773"}  # no phrase has such numbers
_JOINERS = frozenset(["", ",", "(", ")", "the", "den", "dem", "der", "le", "el", "il", "de", "dia", "gunu", "lo"])
_NO_DAY = r"(?!:\d)(?! ?(?:uhr|h|%|€|\$|£|eur|euros?|stuck|stk|prozent|percent|o'clock|pm|saat|ore|horas?|heures?|uur|dias?|giorni|tage|days|jours|dagen|gun)(?!\w))"


@dataclass(frozen=True, slots=True)
class Day:
    """One day named in a text, and where."""

    start: int
    end: int
    on: date
    vague: bool = True  # "Friday", "the 3rd": the next one, where nothing says that the last one is meant


class DateReader:
    """The days of one language; compiled once."""

    __slots__ = (
        "_at_hand",
        "_days",
        "_month_first",
        "_months",
        "_numbers",
        "_on",
        "_rules",
        "_short",
        "_slots",
        "_weekdays",
    )

    def __init__(self, words: Mapping[str, object]) -> None:
        self._months = numbered(words.get("months"))
        self._weekdays = numbered(words.get("weekdays"))
        self._short = numbered(words.get("weekdays_short"))  # "di", "so": days only where a date or an `on` word tells
        self._days = numbered(words.get("in_days"))
        self._numbers = numbered(words.get("numbers"))
        self._on = frozenset(map(fold, strings(words.get("on"))))  # "am", "bis": "15.6" behind them is a day
        self._month_first = str(words.get("order", "dmy")) == "mdy"
        phrases = words.get("phrases")
        lists: Mapping[str, object] = phrases if isinstance(phrases, Mapping) else {}
        numbers = heads_of_words(self._numbers) | {DIGIT}
        self._slots = {
            "{d}": numbers | heads_of_words(word + ending for word in self._numbers for ending in _ORDINALS),
            "{n}": numbers,
            "{weekday}": heads_of_words(self._weekdays),
            "{month}": heads_of_words(self._months),
        }
        self._rules = DayRules(self._written_out() + self._phrased(lists))
        self._at_hand: dict[tuple[str, date], tuple[Day, ...]] = {}

    def find(self, text: str, written: date) -> tuple[Day, ...]:
        """All days in `normal` text, in the order of the text; overlapping ones by the more exact rule."""
        days = self._at_hand.get((text, written))
        if days is None:
            if len(self._at_hand) >= _AT_HAND:
                self._at_hand.clear()
            days = self._at_hand[text, written] = tuple(self._found(text, written))
        return days

    def _found(self, text: str, written: date) -> list[Day]:
        found: list[Day] = []
        for rule, match in self._rules.matches(text):
            if len(found) >= MOST_DAYS:
                break
            if any(day.start < match.end() and match.start() < day.end for day in found):
                continue
            on = rule.reckoned(match, written)
            if on is not None:
                found.append(Day(match.start(), match.end(), on, rule.vague))
        return self._agreed([self._with_short(day, text) for day in sorted(found, key=lambda day: day.start)], text)

    def _with_short(self, day: Day, text: str) -> Day:
        """ "Di., 23.6.": taken in where the two agree."""
        words = text[: day.start].split(" ")[:-1]
        while words and words[-1] in _JOINERS:
            words.pop()
        if not words or self._short.get(words[-1]) != day.on.weekday():
            return day
        return Day(len(" ".join(words)) - len(words[-1]), day.end, day.on, day.vague)

    def _agreed(self, days: list[Day], text: str) -> list[Day]:
        """ "Friday, 20 November" is one day; when the two disagree it is none."""
        kept: list[Day] = []
        for day in days:
            before = kept[-1] if kept else None
            if before is None or not _JOINERS.issuperset(text[before.end : day.start].split(" ")):
                kept.append(day)
                continue
            named = [d for d in (before, day) if self._names_weekday(text[d.start : d.end])]
            if len(named) != 1:
                kept.append(day)
                continue
            exact = day if named[0] is before else before
            kept.pop()
            if exact.on.weekday() == named[0].on.weekday():
                kept.append(Day(before.start, day.end, exact.on, exact.vague))
        return kept

    def _names_weekday(self, words: str) -> bool:
        first, *others = words.split(" ")
        return first in self._weekdays or (bool(others) and others[-1] in self._weekdays)

    def _written_out(self) -> list[DayRule]:
        """The forms that need no phrase: 2026-11-20, 20 November, November 20, 20/11, Friday 20."""
        days, weekdays, months = (self._slots[slot] for slot in ("{d}", "{weekday}", "{month}"))
        digits = frozenset([DIGIT])

        def rule(needs: Needs, source: Callable[[], str], reckoned: Reckon) -> DayRule:
            return DayRule((DayPhrase(needs, source),), reckoned, vague=False)

        return [
            rule((digits,), lambda: _ISO, lambda m, _: reckon.day(int(m[1]), int(m[2]), int(m[3]))),
            rule((digits,), lambda: _SPACED, lambda m, _: reckon.day(int(m[3]), int(m[2]), int(m[1]))),
            rule(
                (months, days),
                lambda: (
                    rf"{_START}({self._counted()}){_ORDINAL} (?:of |de |di |del |d')?({_either(self._months)})(?:(?: ,| de| del)? (20\d\d))?{_MONTH_SUFFIX}{_END}"
                ),
                lambda m, w: self._dated(self._value(m[1]), self._months[m[2]], m[3], w),
            ),
            rule(
                (months, digits),
                lambda: (
                    rf"{_START}({_either(self._months)}) (?:the )?(\d\d?)(?:st|nd|rd|th)?(?:(?: ,)? (20\d\d))?(?:'[a-z]+)?{_END}"
                ),
                lambda m, w: self._dated(int(m[2]), self._months[m[1]], m[3], w),
            ),
            rule((digits,), lambda: _NUMERIC, self._numeric),
            rule(
                (weekdays, digits),
                lambda: (
                    rf"{_START}({_either(self._weekdays)})(?: ,)?(?: the| el| il| le| den| dem| de)? (\d\d?){_ORDINAL}{_END}(?! ?(?:€|eur|usd|gbp|try|%))"
                ),
                self._weekday_and_day,
            ),
        ]

    def _phrased(self, lists: Mapping[str, object]) -> list[DayRule]:
        """The packs' phrases, the more exact meanings first."""
        meanings: tuple[tuple[str, Reckon], ...] = (
            ("weekday_next_week", lambda m, w: reckon.in_week(w, 1, self._weekdays[_said(m)])),
            ("weekday_in_eight", lambda m, w: reckon.next_weekday(self._weekdays[_said(m)], w) + timedelta(days=7)),
            ("month_end_of", lambda m, w: reckon.end_of_named(self._months[_said(m)], w)),
            ("month_half_of", lambda m, w: reckon.nearest(15, self._months[_said(m)], w)),
            ("month_start_of", lambda m, w: reckon.start_of_named(self._months[_said(m)], w)),
            ("day_of_next_month", lambda m, w: reckon.in_month(w, 1, self._number(m))),
            ("next_month_end", lambda m, w: reckon.month_end(w, 1)),
            ("next_month_half", lambda m, w: reckon.in_month(w, 1, 15)),
            ("next_month_start", lambda m, w: reckon.in_month(w, 1, 1)),
            ("month_half", lambda m, w: reckon.month_half(w)),
            ("month_end", lambda m, w: reckon.month_end(w, 0)),
            ("next_month", lambda m, w: reckon.month_end(w, 1)),
            ("week_after_next", lambda m, w: reckon.in_week(w, 2, 4)),
            ("a_week", lambda m, w: w + timedelta(days=7)),
            ("two_weeks", lambda m, w: w + timedelta(days=14)),
            ("next_week_start", lambda m, w: reckon.in_week(w, 1, 0)),
            ("next_week_half", lambda m, w: reckon.in_week(w, 1, 2)),
            ("next_week", lambda m, w: reckon.in_week(w, 1, 4)),
            ("week_end", lambda m, w: reckon.week_end(w)),
            ("week_number", lambda m, w: reckon.in_numbered_week(self._number(m), w, 4)),
            ("year_end", lambda m, w: date(w.year, 12, 31)),
            ("business_days", lambda m, w: reckon.later_by_working_days(w, min(self._number(m), 60))),
            ("hours", lambda m, w: w + timedelta(days=-(-self._number(m) // 24))),
            ("days", lambda m, w: w + timedelta(days=self._number(m))),
            ("weeks", lambda m, w: w + timedelta(days=7 * self._number(m))),
            ("months", lambda m, w: reckon.months_later(w, self._number(m))),
            ("a_month", lambda m, w: reckon.months_later(w, 1)),
            ("month_business_day", lambda m, w: reckon.working_day_of_month(self._number(m), w)),
            ("past_weekday", lambda m, w: reckon.next_weekday(self._weekdays[_said(m)], w) - timedelta(days=7)),
            ("next_weekday", lambda m, w: reckon.next_weekday(self._weekdays[_said(m)], w)),
            ("day", lambda m, w: reckon.upcoming(self._number(m), w)),
            ("weekday", lambda m, w: reckon.next_weekday(self._weekdays[_said(m)], w)),
        )
        rules = [
            DayRule(tuple(map(self._phrase, with_its_slot(key, phrases))), reckoned, vague=key not in AHEAD)
            for key, reckoned in meanings
            if (phrases := strings(lists.get(key)))
        ]
        if self._short and self._on:
            short = DayPhrase((heads_of_words(self._short),), self._short_pattern)
            rules.append(DayRule((short,), lambda m, w: reckon.next_weekday(self._short[m[1]], w), vague=True))
        if self._days:
            days = DayPhrase((heads_of_words(self._days),), lambda: rf"{_START}({_either(self._days)})(?![^\s,;:?!()])")
            rules.append(DayRule((days,), lambda m, w: w + timedelta(days=self._days[m[1]]), vague=False))
        return rules

    def _short_pattern(self) -> str:
        on = "|".join(map(re.escape, sorted(self._on, key=len, reverse=True)))
        return rf"{_START}(?:{on}) ({_either(self._short)})(?![^\s,;:?!()])(?! ?,? ?\d)"

    def _phrase(self, phrase: str) -> DayPhrase:
        """A phrase that may have {d} (a day of the month), {n} (a number), {weekday} and {month} in it."""
        plain = phrase
        for slot, stand_in in _STAND_INS.items():
            plain = plain.replace(slot, stand_in)
        source = pattern_of(plain)
        return DayPhrase(needs_of(phrase, self._slots), partial(self._filled, source), letters=len(source))

    def _filled(self, source: str) -> str:
        inside = {
            "{d}": rf"({self._counted()})(?:{_ORDINAL}(?:'[a-z]+)?){_NO_DAY}",
            "{n}": f"({self._counted()})",
            "{weekday}": f"({_either(self._weekdays)})",
            "{month}": f"({_either(self._months)})(?:'[a-z]+)?",
        }
        for slot, stand_in in _STAND_INS.items():
            source = source.replace(stand_in, inside[slot])
        return source

    def _counted(self) -> str:
        """A number of at most two digits, or in words."""
        return "|".join([r"\d\d?", *map(re.escape, sorted(self._numbers, key=len, reverse=True))])

    def _numeric(self, match: re.Match[str], written: date) -> date | None:
        first, second, mark, year = int(match[1]), int(match[3]), match[2], match[4]
        if year is None and (mark == "-" or (mark == "." and len(match[3]) < 2)) and not self._announced(match):
            return None  # 2-3 days, 1.5 hours
        readings = [(first, second)]
        if self._month_first and mark == "/":
            readings = [(first, second), (second, first)]  # 3/4 in English may be either
        elif second > 12:
            readings = [(second, first)]
        days = {d for d in (self._dated(day, month, year, written) for day, month in readings) if d is not None}
        if len(days) == 2:  # only one of them lies in the weeks about the mail: that one is meant
            near = {d for d in days if -31 <= (d - written).days <= 62}
            days = near if len(near) == 1 else set()
        return days.pop() if len(days) == 1 else None

    def _announced(self, match: re.Match[str]) -> bool:
        """By a preposition before it, or a case ending behind it: "am 15.6", "15.6'da"."""
        return "'" in match[0] or match.string[: match.start()].rstrip().rpartition(" ")[2] in self._on

    def _dated(self, day: int, month: int, year: str | None, written: date) -> date | None:
        if year is not None:
            return reckon.day(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return reckon.nearest(day, month, written)

    def _weekday_and_day(self, match: re.Match[str], written: date) -> date | None:
        """ "Friday 20": the next 20th, if it is a Friday."""
        on = reckon.upcoming(int(match[2]), written)
        return on if on is not None and on.weekday() == self._weekdays[match[1]] else None

    def _number(self, match: re.Match[str]) -> int:
        return self._value(_said(match))

    def _value(self, said: str) -> int:
        return int(said) if said.isdigit() else self._numbers[said]


def _said(match: re.Match[str]) -> str:
    return next(group for group in match.groups() if group is not None)


def _either(words: Mapping[str, int]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"
