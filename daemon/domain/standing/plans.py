"""Payment plans that were agreed after the fact: what they make of an invoice, and how a new one is laid out."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from daemon.domain.books.invoice import Instalment, Invoice
from daemon.domain.books.money import minor_unit
from daemon.domain.books.refusal import Refusal
from daemon.domain.journal import PlanAgreed, PlanPart

MOST_PARTS = 60
_EVERY = re.compile(r"(?:([1-9]\d?)\s?)?(month|months|m|w|d)")
_ZERO = Decimal(0)


# -- what a plan makes of an invoice ----------------------------------------------------------------------------


def as_planned(invoices: Sequence[Invoice], plans: Mapping[str, PlanAgreed]) -> tuple[Invoice, ...]:
    """One client's invoices, with the instalments of the plans that were agreed by command.

    The instalments are what was open then.  Where the books have changed since, the last ones give and take: together
    they stay what is owed but for what had been paid and credited before the plan.
    """
    if not plans:
        return tuple(invoices)
    return tuple(_planned(invoice, plans.get(invoice.number)) for invoice in invoices)


def _planned(invoice: Invoice, plan: PlanAgreed | None) -> Invoice:
    if plan is None or invoice.credit or plan.by == "yaml" or outdated(invoice, plan):
        return invoice
    left = max(invoice.owed.amount - plan.paid_before - plan.credited_before, _ZERO)
    parts: list[Instalment] = []
    for number, part in enumerate(plan.parts, start=1):
        amount = left if number == len(plan.parts) else min(part.amount, left)
        parts.append(Instalment(due_on=part.due_on, amount=amount))
        left -= amount
    return replace(invoice, instalments=tuple(parts))


def outdated(invoice: Invoice, plan: PlanAgreed) -> bool:
    """Whether the YAML has other instalments now than when the plan was agreed: they win."""
    return bool(invoice.instalments) and stated_parts(invoice) != plan.stated


def stated_parts(invoice: Invoice) -> tuple[PlanPart, ...]:
    """The instalments beside an invoice in the YAML, by due date."""
    ordered = sorted(invoice.instalments, key=lambda part: part.due_on)
    return tuple(PlanPart(due_on=part.due_on, amount=part.amount) for part in ordered)


# -- a new plan -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Every:
    """The distance between two instalments: so many days, or so many months."""

    count: int
    months: bool

    def after(self, first: date, times: int) -> date:
        """The day `times` distances after the first; in a month that is too short for it, its last day."""
        if not self.months:
            return first + timedelta(days=self.count * times)
        year, month = divmod(first.year * 12 + first.month - 1 + self.count * times, 12)
        return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1]))


def every(text: str) -> Every | Refusal:
    """`month`, `2months`, `2w`, `10d`."""
    found = _EVERY.fullmatch(text.strip().lower())
    if found is None:
        return Refusal(f"--every {text!r} is no distance: write month, 2w or 10d")
    count, unit = int(found[1] or 1), found[2]
    return Every(count * 7 if unit == "w" else count, months=unit.startswith("m"))


def equal_parts(amount: Decimal, currency: str, count: int, first: date, distance: Every) -> tuple[PlanPart, ...]:
    """`count` equal parts in whole minor units of the currency; the last one takes the rest."""
    unit = minor_unit(currency)
    each = (amount / count).quantize(unit, ROUND_HALF_UP)
    amounts = [each] * (count - 1) + [amount - each * (count - 1)]
    return tuple(PlanPart(due_on=distance.after(first, n), amount=part) for n, part in enumerate(amounts))


def wrong_with(parts: Sequence[PlanPart], amount: Decimal, currency: str, today: date) -> str | None:
    """What is wrong with a plan for what is open, in words; None where it is good."""
    if not 1 <= len(parts) <= MOST_PARTS:
        return f"a plan has 1 to {MOST_PARTS} parts, not {len(parts)}"
    unit = minor_unit(currency)
    for part in parts:
        if part.amount <= 0:
            return f"{_told(part, currency)}: each part is more than zero"
        if part.amount != part.amount.quantize(unit):
            return f"{_told(part, currency)}: {currency} has no smaller amount than {unit}"
        if part.due_on < today:
            return f"{_told(part, currency)}: that day has passed"
    for one, other in pairwise(parts):
        if other.due_on <= one.due_on:
            return f"{other.due_on} is not after {one.due_on}: give the parts in the order of their days"
    together = sum((part.amount for part in parts), _ZERO)
    if together != amount:
        return f"the parts add up to {currency} {together:,.2f}, but {currency} {amount:,.2f} is open"
    return None


def _told(part: PlanPart, currency: str) -> str:
    return f"{part.due_on}={part.amount} {currency}"
