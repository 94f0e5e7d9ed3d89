"""Figures for the pages: who owes how much, and how many days it takes until money comes.  Currencies stand apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from daemon.domain.books.money import Money
from daemon.domain.standing.balance import Item, parts_paid
from daemon.domain.standing.case import Case

MONTHS = 12  # that the pace looks back, the present one included
_NONE = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """What one client owes in one currency."""

    client: str  # key
    name: str
    overdue: Decimal
    not_due: Decimal

    @property
    def open(self) -> Decimal:
        return self.overdue + self.not_due


@dataclass(frozen=True, slots=True, kw_only=True)
class Debts:
    """One currency."""

    currency: str
    debts: tuple[Debt, ...]  # the largest first

    @property
    def overdue(self) -> Decimal:
        return sum((debt.overdue for debt in self.debts), _NONE)

    @property
    def open(self) -> Decimal:
        return sum((debt.open for debt in self.debts), _NONE)


def debts(cases: Iterable[Case], today: date) -> tuple[Debts, ...]:
    """What is open by currency and client; the currency of most clients first."""
    found: dict[str, list[Debt]] = {}
    for case in cases:
        sums: dict[str, tuple[Decimal, Decimal]] = {}
        for item in case.items:
            if item.settled:
                continue
            late, early = sums.get(item.invoice.currency, (_NONE, _NONE))
            is_late = item.due_on < today
            sums[item.invoice.currency] = (
                late + (item.outstanding if is_late else _NONE),
                early + (_NONE if is_late else item.outstanding),
            )
        for currency, (late, early) in sums.items():
            debt = Debt(client=case.client.key, name=case.client.name, overdue=late, not_due=early)
            found.setdefault(currency, []).append(debt)
    made = [
        Debts(currency=currency, debts=tuple(sorted(owing, key=lambda d: (-d.open, d.client))))
        for currency, owing in found.items()
    ]
    return tuple(sorted(made, key=lambda d: (-len(d.debts), d.currency)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The invoices that were paid in full in one month, of all currencies: days are no money."""

    first: date  # its first day
    count: int  # of invoices
    to_pay: Decimal | None  # mean days from the invoice's date to the last payment; None: no date is known
    late: Decimal | None  # mean days after the due date, of each instalment its own; one paid in time counts as 0


def pace(cases: Iterable[Case], today: date) -> tuple[Month, ...]:
    """How many days passed until clients paid, by the month of the payment.

    What the creditor's bank collects says nothing about it (as in `habit`).

    Returns:
        The months from the first with a payment to the present one, `MONTHS` at most; () when nothing was paid.
    """
    since = _months_back(today, MONTHS - 1)
    paid: dict[date, list[tuple[int | None, list[int]]]] = {}
    for case in cases:
        for items in by_invoice(case.items):
            on, invoice = settled_on(items), items[0].invoice
            if on is None or on < since or on > today or invoice.is_collected(today):
                continue
            parts = parts_paid(invoice, case.history.payments.get(invoice.number, ()), today)
            late = [max((day - due).days, 0) for due, day in parts]
            to_pay = None if invoice.issued_on is None else (on - invoice.issued_on).days
            paid.setdefault(on.replace(day=1), []).append((to_pay, late))
    if not paid:
        return ()
    months = [month for month in _months(since, today) if month >= min(paid)]
    return tuple(
        Month(
            first=month,
            count=len(paid.get(month, ())),
            to_pay=_mean([days for days, _ in paid.get(month, ()) if days is not None]),
            late=_mean([days for _, parts in paid.get(month, ()) for days in parts]),
        )
        for month in months
    )


def by_invoice(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """The items of each invoice together, in their order."""
    found: dict[str, list[Item]] = {}
    for item in items:
        found.setdefault(item.ref.number, []).append(item)
    yield from map(tuple, found.values())


def settled_on(items: Sequence[Item]) -> date | None:
    """The day of an invoice's last payment, where all of it is paid and nothing was given up."""
    return items[0].last_paid_on if all(item.settled and not item.given_up for item in items) else None


def open_money(items: Iterable[Item]) -> tuple[Money, ...]:
    """What is outstanding of these, one sum a currency."""
    sums: dict[str, Money] = {}
    for item in items:
        if not item.settled:
            money = Money(item.outstanding, item.invoice.currency)
            sums[money.currency] = sums[money.currency] + money if money.currency in sums else money
    return tuple(sums.values())


def _mean(days: Sequence[int]) -> Decimal | None:
    if not days:
        return None
    return (Decimal(sum(days)) / len(days)).quantize(Decimal(1), ROUND_HALF_UP)


def _months_back(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)
