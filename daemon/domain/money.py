"""Amounts of money: a decimal and its currency, never mixed and never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


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
