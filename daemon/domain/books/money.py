"""Amounts of money: a decimal and its currency, never mixed and never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_CENT = Decimal("0.01")
# ISO 4217, minor units; all others have two.  CLDR's are not these: it says how a currency is usually shown.
_MINOR_UNITS = {
    code: digits
    for digits, codes in {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }.items()
    for code in codes.split()
}


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency.

    It is not rounded here: what the invoice says is what is claimed.
    """

    amount: Decimal  # in units of the currency (euros, not cents)
    currency: str  # ISO 4217, upper case

    @classmethod
    def zero(cls, currency: str) -> Money:
        return cls(Decimal(0), currency)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.amount < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.amount <= self._same(other)

    def __bool__(self) -> bool:
        return self.amount != 0

    def __str__(self) -> str:
        """For logs and messages to the owner; letters are written by Babel."""
        return f"{self.currency} {self.amount:,.2f}"

    def _same(self, other: Money) -> Decimal:
        """The other's amount; a `ValueError` where the currencies differ, because no sum of the two means anything."""
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} are never summed")
        return other.amount


def total(amounts: list[Money], currency: str) -> Money:
    """The sum of amounts that are all in `currency`; zero of it for an empty list."""
    return sum(amounts, start=Money.zero(currency))


def minor_digits(currency: str) -> int:
    """How many decimals an amount of a currency has at most: 2 for EUR, 0 for JPY."""
    return _MINOR_UNITS.get(currency, 2)


def minor_unit(currency: str) -> Decimal:
    """The smallest amount of a currency: 0.01 for EUR, 1 for JPY."""
    return Decimal(1).scaleb(-minor_digits(currency))


def too_fine(amount: Decimal, currency: str) -> str | None:
    """What is wrong with an amount that has more decimals than its currency; None when it has not."""
    digits = minor_digits(currency)
    if digits == 2 and amount.same_quantum(_CENT):  # nearly all are
        return None
    exponent = amount.as_tuple().exponent
    if not isinstance(exponent, int) or -exponent <= digits:
        return None
    text = str(amount)
    whole, _, decimals = text.partition(".")
    ways = [text[: len(whole) + (digits + 1 if digits else 0)]]
    if len(decimals) == 3 and len(whole) <= 3:
        ways.append(whole + decimals)
    has = f"{digits} decimals" if digits else "no decimals"
    return f"`{text}` has {len(decimals)} decimals, and {currency} has {has}: write {' or '.join(ways)}"
