"""What is owed, by currency and by age."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from daemon.domain.standing.balance import Item


class Age(StrEnum):
    """How long something has been overdue, in days."""

    NOT_DUE = "not due"  # the due date itself counts as not due
    TO_15 = "1-15"
    TO_30 = "16-30"
    TO_60 = "31-60"
    OVER_60 = "over 60"

    @classmethod
    def of(cls, days: int) -> Age:
        for last, age in ((0, cls.NOT_DUE), (15, cls.TO_15), (30, cls.TO_30), (60, cls.TO_60)):
            if days <= last:
                return age
        return cls.OVER_60


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    age: Age
    amount: Decimal
    count: int  # of invoices, an instalment counting as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """One currency.  Nothing is ever summed across currencies."""

    currency: str
    buckets: tuple[Bucket, ...]  # every age, also the empty ones

    @property
    def total(self) -> Decimal:
        return sum((bucket.amount for bucket in self.buckets), Decimal(0))

    @property
    def count(self) -> int:
        return sum(bucket.count for bucket in self.buckets)


def owed(items: Iterable[Item], today: date) -> tuple[Owed, ...]:
    """What is open, the currency of most invoices first."""
    sums: dict[str, dict[Age, tuple[Decimal, int]]] = {}
    for item in items:
        if item.settled:
            continue
        ages = sums.setdefault(item.invoice.currency, {})
        age = Age.of((today - item.due_on).days)
        amount, count = ages.get(age, (Decimal(0), 0))
        ages[age] = (amount + item.outstanding, count + 1)
    found = []
    for currency, ages in sums.items():
        buckets = [
            Bucket(age=age, amount=ages.get(age, (Decimal(0), 0))[0], count=ages.get(age, (Decimal(0), 0))[1])
            for age in Age
        ]
        found.append(Owed(currency=currency, buckets=tuple(buckets)))
    return tuple(sorted(found, key=lambda o: (-o.count, o.currency)))
