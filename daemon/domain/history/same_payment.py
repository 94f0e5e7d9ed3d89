"""When two tellings of a payment are one (F53)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

SAME_PAYMENT_DAYS = 7  # told twice, by the YAML, by command or by the bank, its day differs by at most this


def is_one(amount: Decimal, on: date, other_amount: Decimal, other_on: date) -> bool:
    """Whether two amounts for one invoice are the same payment, told by two."""
    return amount == other_amount and abs((on - other_on).days) <= SAME_PAYMENT_DAYS
