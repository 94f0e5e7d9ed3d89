"""The charts of the first page: the money by age and by client, and how long clients take; each with its table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from daemon.domain.books.money import Money
from daemon.domain.reports.digest_money import Age, Owed
from daemon.domain.reports.report_money import MONTHS, Debt, Debts, Month
from daemon.mail.owner.digest_figures import age_words
from daemon.mail.pages.chart import Bar, Column, bars, columns
from daemon.mail.pages.names import client_page
from daemon.mail.pages.view import Cell, ChartView, ColumnHead, TableView
from daemon.mail.pages.words import Words, named

_CLIENTS = 10  # in the chart and its table; the others are summed
_AGE_TONES = dict(zip(Age, ("age0", "age1", "age2", "age3", "age4"), strict=True))


def by_age(money: Sequence[Owed], words: Words) -> list[ChartView]:
    found = []
    for owed in money:
        largest = max(bucket.amount for bucket in owed.buckets) or Decimal(1)
        title = words.say("by_age", currency=owed.currency)
        total = words.money([Money(owed.total, owed.currency)])
        late = sum((b.amount for b in owed.buckets if b.age is not Age.NOT_DUE), Decimal(0))
        lead = words.say("by_age_told", total=total, late=words.money([Money(late, owed.currency)]))
        rows = [
            (age_words(bucket.age, words), words.money([Money(bucket.amount, owed.currency)]), bucket)
            for bucket in owed.buckets
        ]
        drawn = [
            Bar(
                label=words.sentence(label),
                figure=figure,
                parts=((float(bucket.amount * 100 / largest), _AGE_TONES[bucket.age]),),
            )
            for label, figure, bucket in rows
        ]
        table = TableView(
            caption=title,
            columns=(_head("age", words), _head("amount", words, figure=True), _head("count", words, figure=True)),
            rows=(
                *(
                    (Cell(text=words.sentence(label)), Cell(text=figure), Cell(text=words.number(bucket.count)))
                    for label, figure, bucket in rows
                ),
                (Cell(text=words.sentence(words.say("total"))), Cell(text=total), Cell(text=words.number(owed.count))),
            ),
        )
        svg = bars(f"age-{owed.currency.lower()}", title, lead, drawn)
        found.append(ChartView(title=title, svg=svg, table=table, lead=lead, total=True))
    return found


def by_client(all_debts: Sequence[Debts], words: Words) -> list[ChartView]:
    """One for each currency: the largest debts, and the sum of the others."""
    return [_of_debts(owing, words) for owing in all_debts]


def _of_debts(owing: Debts, words: Words) -> ChartView:
    def money(amount: Decimal) -> str:
        return words.money([Money(amount, owing.currency)]) if amount else "–"

    shown = _shown(owing.debts, words)
    largest = max(debt.open for _, debt in shown) or Decimal(1)
    drawn = [
        Bar(
            label=name,
            figure=money(debt.open),
            parts=((float(debt.overdue * 100 / largest), "late"), (float(debt.not_due * 100 / largest), "early")),
        )
        for name, debt in shown
    ]
    title = words.say("by_client", currency=owing.currency)
    first = owing.debts[0]
    lead = words.say("by_client_told", name=first.name, money=words.money([Money(first.open, owing.currency)]))
    table = TableView(
        caption=title,
        columns=(_head("client", words), _head("overdue", words, figure=True), _head("open", words, figure=True)),
        rows=tuple(
            (
                Cell(text=name, href=client_page(debt.client) if debt.client else ""),
                Cell(text=money(debt.overdue)),
                Cell(text=money(debt.open)),
            )
            for name, debt in shown
        ),
    )
    svg = bars(f"client-{owing.currency.lower()}", title, lead, drawn)
    if any(debt.overdue for _, debt in shown):
        lead = f"{lead} {words.say('dark_is_late')}"
    return ChartView(title=title, svg=svg, table=table, lead=lead)


def _shown(debts: Sequence[Debt], words: Words) -> list[tuple[str, Debt]]:
    """The debts that are shown one by one, and one for all the others, each with its name."""
    shown, hidden = debts[:_CLIENTS], debts[_CLIENTS:]
    named_debts = [(named(debt.name), debt) for debt in shown]
    if hidden:
        overdue = sum((debt.overdue for debt in hidden), Decimal(0))
        not_due = sum((debt.not_due for debt in hidden), Decimal(0))
        rest = Debt(client="", name="", overdue=overdue, not_due=not_due)
        named_debts.append((words.say("more_clients", n=len(hidden)), rest))
    return named_debts


def pace(months: Sequence[Month], words: Words) -> list[ChartView]:
    title = words.say("pace")
    lead = words.say("pace_told", n=MONTHS)
    if not months:
        return []
    points = [
        Column(
            label=words.short_month(month.first),
            figure="" if month.to_pay is None else words.number(month.to_pay),
            value=float(month.to_pay or 0),
        )
        for month in months
    ]
    table = TableView(
        caption=title,
        columns=(
            _head("month", words),
            _head("days_to_pay", words, figure=True),
            _head("days_late", words, figure=True),
            _head("paid", words, figure=True),
        ),
        rows=tuple(
            (
                Cell(text=words.sentence(words.month(month.first))),
                Cell(text=days_of(month.to_pay, words)),
                Cell(text=days_of(month.late, words)),
                Cell(text=words.number(month.count)),
            )
            for month in months
        ),
    )
    return [ChartView(title=title, svg=columns("pace", title, lead, points), table=table, lead=lead)]


def days_of(days: Decimal | None, words: Words) -> str:
    return "–" if days is None else words.number(days)


def _head(name: str, words: Words, *, figure: bool = False) -> ColumnHead:
    return ColumnHead(title=words.say(f"col_{name}"), figure=figure)
