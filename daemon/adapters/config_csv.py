"""How a CSV is written, as a map says it: days, amounts, what stands between columns, how letters are stored.

`1.234` and `03/04/2026` can be read in two ways: so it is stated, and nothing is guessed.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from daemon.adapters.config_shape import Scalar
from daemon.adapters.config_wording import shown

_PARTS = {"YYYY": "(?P<year>[0-9]{4})", "YY": "(?P<short>[0-9]{2})", "MM": "(?P<month>[0-9]{1,2})",
          "DD": "(?P<day>[0-9]{1,2})"}  # fmt: skip
_TOKEN = re.compile("YYYY|YY|MM|DD")
_CENTURY = 2000  # of years that are written with two digits
_SAMPLE = date(2026, 11, 25)
_NAMED = {"tab": "\t", "\\t": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}
_ALIKE = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "−": "-"})  # the same to whoever reads a list


def _date_shape(text: str) -> str:
    """DD, MM and YYYY (or YY) and the signs between them, as in DD.MM.YYYY; or what `strptime` reads, %d.%m.%Y."""
    if "%" in text:
        try:
            good = day_of(_SAMPLE.strftime(text), text) == _SAMPLE
        except ValueError:
            good = False
        if not good:
            raise ValueError(f"`{shown(text)}` does not tell day, month and year: write it as in DD.MM.YYYY")
        return text
    if sorted(_TOKEN.findall(text)) not in (["DD", "MM", "YYYY"], ["DD", "MM", "YY"]):
        raise ValueError(f"`{shown(text)}` is no way to write dates: use DD, MM and YYYY once each, as in DD.MM.YYYY")
    if re.search(r"[A-Za-z0-9]", _TOKEN.sub("", text)):
        raise ValueError(f"`{shown(text)}` has other letters or digits than DD, MM and YYYY")
    return text


def _encoding(text: str) -> str:
    try:
        name = codecs.lookup(text).name
        with suppress(UnicodeError):
            b" ".decode(name)  # hex, base64 and rot13 are known, and no way to store letters
    except LookupError:
        raise ValueError(f"`{shown(text)}` is no encoding: write utf-8, cp1252, iso-8859-15 or the like") from None
    return name


def _delimiter(text: str) -> str:
    sign = _NAMED.get(text, text)
    if len(sign) != 1 or sign.isalnum() or sign in "\"'\r\n ":
        raise ValueError(f'`{shown(text)}` is no delimiter: write ";", ",", "|" or tab')
    return sign


def _between_thousands(text: str) -> str:
    sign = (" " if text == "space" else text).translate(_ALIKE)
    if sign not in {".", ",", "'", " "}:
        raise ValueError(f'`{shown(text)}` does not stand between thousands: write ".", ",", "\'" or space')
    return sign


def _text(read: Callable[[str], str], example: str) -> Scalar:
    return Scalar(read, {"type": "string", "examples": [example]})


DATE_SHAPE = _text(_date_shape, "DD.MM.YYYY")
ENCODING = _text(_encoding, "cp1252")
DELIMITER = _text(_delimiter, ";")
THOUSANDS = _text(_between_thousands, ".")


def decoded(content: bytes, encoding: str) -> str:
    """The text of a file; UTF-16 is known by its mark, and the mark of UTF-8 is no part of it.

    Raises:
        UnicodeError: it is not in this encoding.
    """
    if encoding in {"utf-8", "utf-8-sig"} and content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        encoding = "utf-16"
    return content.decode(encoding).removeprefix("\ufeff")


def day_of(text: str, shape: str) -> date:
    """A day that is written as `shape` says.

    Raises:
        ValueError: it is not, or there is no such day.
    """
    if "%" in shape:
        return datetime.strptime(text, shape).date()  # noqa: DTZ007  a day has no time zone
    found = _pattern(shape).fullmatch(text)
    if found is None:
        raise ValueError(text)
    parts = found.groupdict()
    year = int(parts["year"]) if parts.get("year") else _CENTURY + int(parts["short"])
    return date(year, int(parts["month"]), int(parts["day"]))


@lru_cache(maxsize=8)
def _pattern(shape: str) -> re.Pattern[str]:
    pieces, end = [], 0
    for found in _TOKEN.finditer(shape):
        pieces += [re.escape(shape[end : found.start()]), _PARTS[found[0]]]
        end = found.end()
    pattern = "".join(pieces) + re.escape(shape[end:])
    if not _TOKEN.sub("", shape):  # 20261031: nothing stands between, so every digit has to be there
        pattern = pattern.replace("{1,2}", "{2}")
    return re.compile(pattern, re.ASCII)


def amount_of(text: str, decimal: str, thousands: str) -> Decimal:
    """An amount, with thousands in groups of three or not at all; a sign may stand in front.

    Args:
        decimal: the sign before the decimals.
        thousands: the sign between thousands; empty: none is there, and 1.234 is no amount where the comma is decimal.

    Raises:
        ValueError: with a message that shows what an amount looks like.
    """
    plain = text.translate(_ALIKE)
    groups = "[0-9]{1,15}"
    if thousands:
        groups = rf"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}}){{1,4}}|{groups})"
    if not re.fullmatch(rf"[+-]?{groups}(?:{re.escape(decimal)}[0-9]{{1,12}})?", plain, re.ASCII):
        said = f"`{shown(text)}` is no amount as the map says, as in 1{thousands}234{decimal}50"
        raise ValueError(said if thousands else f"{said}; where a sign stands between thousands, `thousands` names it")
    return Decimal((plain.replace(thousands, "") if thousands else plain).replace(decimal, "."))
