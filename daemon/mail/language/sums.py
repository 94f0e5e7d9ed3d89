"""Amounts of money that people name: "€ 1.220,00", "EUR 600", "500 euro"."""

from __future__ import annotations

import re
from decimal import Decimal

_CURRENCY = r"(?:€|\$|£|₺|eur|euro|euros|usd|gbp|chf|try|tl|lira|pounds?|dollars?)"
_NUMBER = r"(\d{1,3}(?:[.,' ]\d{3}){1,4}(?:[.,]\d{1,2})?|\d{1,9}(?:[.,]\d{1,2})?)"
_SUM = re.compile(
    rf"(?<![\w]){_CURRENCY} ?{_NUMBER}(?![\d/])|(?<![\w/.,-]){_NUMBER} ?{_CURRENCY}(?![^\W\d_])", re.IGNORECASE
)


def sums_in(text: str) -> list[Decimal]:
    """The amounts with a currency in a folded sentence, at most ten; a number alone is no amount."""
    found: list[Decimal] = []
    for match in _SUM.finditer(text[:2000]):
        value = amount(match[1] or match[2])
        if value is not None and value not in found:
            found.append(value)
        if len(found) >= 10:
            break
    return found


def amount(written: str) -> Decimal | None:
    """The value of a written number, whichever way its points and commas are meant; None when it cannot be told."""
    digits = written.replace(" ", "").replace("'", "")
    marks = [c for c in digits if c in ".,"]
    if not marks:
        return Decimal(digits)
    last = digits.rfind(marks[-1])
    decimals = len(digits) - last - 1
    if len(set(marks)) == 2 or (len(marks) == 1 and decimals != 3):
        whole, rest = digits[:last], digits[last + 1 :]
        return Decimal(re.sub(r"[.,]", "", whole) + "." + rest)
    if decimals == 3:  # 1.220 and 1,220 and 1.220.000: thousands
        return Decimal(re.sub(r"[.,]", "", digits))
    return None
