"""Amounts, days and times as they are written in the config.  Exactly what was written, or an error: never a guess."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, time, timedelta
from decimal import Decimal

from daemon.adapters.config_wording import listed, nearest, shown
from daemon.domain.books.policy import Span
from daemon.domain.books.written import YEARS

_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?", re.ASCII)
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_SPAN = re.compile(r"(0|[1-9][0-9]{0,3})(d|bd)", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,8})", re.ASCII)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Codes in use somewhere today, ISO 4217 by CLDR.  Babel has them in two megabytes of other things, and takes itself any
# three letters, and the lira too; a test holds the two against each other.
# BGN ended with 2025; what was invoiced in it is still owed.
_IN_USE = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE
CHF CHW CLF CLP CNH CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF
GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD
LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP
PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY
TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD
XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_IN_USE.split())


def decimal(text: str) -> Decimal:
    """A number such as 1234.10, kept with its decimals."""
    if _DECIMAL.fullmatch(text):
        return Decimal(text)
    meant = _meant(text)
    raise ValueError(f"`{shown(text)}` is not a number here" + (f": write {listed(meant)}" if meant else _HOW))


_HOW = ": digits, with a point before the decimals and nothing between the thousands, as in 1234.10"


def _meant(text: str) -> list[str]:
    """What the writer of a number may have meant, as it is to be written; several where it can be read in two ways."""
    digits = re.sub(r"[\s'’_]|[A-Z]{3}\b|[€$£₺¥]", "", text)
    sign = "-" if digits.startswith("-") else ""
    digits = digits.lstrip("+-")
    if not re.fullmatch(r"[0-9]{1,15}(?:[.,][0-9]{1,15})*", digits):
        return []
    *groups, last = re.split(r"[.,]", digits)
    whole = "".join(groups).lstrip("0") or "0"
    thousands = ("".join(groups) + last).lstrip("0") or "0"
    marks = re.sub(r"[0-9]", "", digits)
    if not marks:
        return [sign + thousands]
    if len(set(marks)) == 1 and len(last) == 3:  # 1,234 or 1.234.567
        return [sign + thousands] + ([f"{sign}{whole}.{last}"] if len(marks) == 1 else [])
    if len(marks) > 1 and marks[-1] in marks[:-1]:
        return []
    return [f"{sign}{whole}.{last}"]


def positive(text: str) -> Decimal:
    """An amount of money above zero, in the currency that stands beside it."""
    amount = decimal(text)
    if amount <= 0:
        raise ValueError(f"`{text}` is not more than zero; a credit note is written with `credit: true` and no sign")
    return amount


def not_negative(text: str) -> Decimal:
    amount = decimal(text)
    if amount < 0:
        raise ValueError(f"`{text}` is less than zero: write an amount of 0 or more")
    return amount


def percent(text: str) -> Decimal:
    share = decimal(text.removesuffix("%").rstrip() if text.endswith("%") else text)
    if not 0 <= share <= 100:
        raise ValueError(f"`{text}` is not a share of a hundred: write 0 to 100")
    return share


def currency(text: str) -> str:
    if text in CURRENCIES:
        return text
    signs = {"€": "EUR", "$": "USD", "£": "GBP", "₺": "TRY", "TL": "TRY", "euro": "EUR", "Euro": "EUR"}
    meant = signs.get(text) or (text.upper() if text.upper() in CURRENCIES else None)
    hint = f": write {meant}" if meant else ": three capital letters, as in EUR (ISO 4217)"
    raise ValueError(f"`{shown(text)}` is not a currency in use{hint}")


def day(text: str) -> date:
    """A date as 2026-10-31."""
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError(
            f"`{shown(text)}` is not a date here: write {_meant_day(text) or 'year-month-day, as in 2026-10-31'}"
        )
    year, month, number = map(int, found.groups())
    if year not in YEARS:
        raise ValueError(f"`{text}`: the year is to be between {YEARS[0]} and {YEARS[-1]}")
    if not 1 <= month <= 12:
        raise ValueError(f"`{text}` is not a day: there is no month {month}; write year-month-day, as in 2026-10-31")
    last = monthrange(year, month)[1]
    if not 1 <= number <= last:
        raise ValueError(f"`{text}` is not a day: that month ends on {year}-{month:02}-{last}")
    return date(year, month, number)


def _meant_day(text: str) -> str | None:
    """The date in this project's way of writing, where there is only one way to read it."""
    if found := re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].*)?", text, re.ASCII):
        ways = {tuple(map(int, found.groups()))}
    elif found := re.fullmatch(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", text, re.ASCII):
        one, two, year = map(int, found.groups())
        ways = {(year, two, one), (year, one, two)}
    else:
        return None
    good = sorted(w for w in ways if 1 <= w[1] <= 12 and 1 <= w[2] <= 31)
    return listed(f"{year:04}-{month:02}-{number:02}" for year, month, number in good) if good else None


def time_of_day(text: str) -> time:
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(f'`{shown(text)}` is not a time of day: write hours and minutes, as in "07:30"')
    return time(int(found[1]), int(found[2]))


def window(text: str) -> tuple[time, time]:
    """From one time of day to a later one: `10:00-17:00`."""
    start, dash, end = text.replace("–", "-").partition("-")
    if not dash:
        raise ValueError(f'`{shown(text)}` is not a span of hours: write "10:00-17:00"')
    opens, closes = time_of_day(start.strip()), time_of_day(end.strip())
    if opens >= closes:
        raise ValueError(f'`{text}` ends before it begins: write the earlier time first, as in "10:00-17:00"')
    return opens, closes


def span(text: str) -> Span:
    """`7d`: seven days; `2bd`: two business days."""
    found = _SPAN.fullmatch(text)
    if not found:
        digits = re.match(r"[0-9]+", text, re.ASCII)
        number = digits[0].lstrip("0")[:4] or "0" if digits else "7"
        raise ValueError(
            f"`{shown(text)}` is not a number of days: write {number}d for days, {number}bd for business days"
        )
    return Span(int(found[1]), business=found[2] == "bd")


def clock_span(text: str) -> timedelta:
    """`15m`: minutes; `2h`: hours.  From a minute to a day."""
    found = re.fullmatch(r"([1-9][0-9]{0,3})([mh])", text, re.ASCII)
    length = timedelta(minutes=int(found[1]) * (60 if found[2] == "h" else 1)) if found else timedelta()
    if not timedelta(minutes=1) <= length <= timedelta(days=1):
        digits = re.match(r"[0-9]+", text, re.ASCII)
        number = digits[0].lstrip("0")[:2] or "15" if digits else "15"
        raise ValueError(f"`{shown(text)}` is not a length of time here: write {number}m for minutes, 2h for hours")
    return length


def days(text: str) -> int:
    """A number of days: `1095` or `1095d`."""
    return whole(1, 36_500)(text.removesuffix("d"))


def weekday(text: str) -> int:
    """Monday is 0."""
    if text in _WEEKDAYS:
        return _WEEKDAYS.index(text)
    short = text[:3].lower()
    near = f"; did you mean `{short}`?" if short in _WEEKDAYS else nearest(text, _WEEKDAYS)
    raise ValueError(f"`{shown(text)}` is not a day of the week: write {listed(_WEEKDAYS)}{near}")


def whole(least: int, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` to `most`."""

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text) or not least <= int(text) <= most:
            raise ValueError(f"`{shown(text)}`: a whole number from {least} to {most} is expected here")
        return int(text)

    return read
