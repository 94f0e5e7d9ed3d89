"""The figures at the digest's foot as bars: money by age and by client, and the days until clients pay."""

from __future__ import annotations

from decimal import Decimal

from daemon.domain.reports.digest import Digest
from daemon.domain.reports.digest_money import Age, Owed
from daemon.domain.reports.report_money import Debts, Month
from daemon.mail.letters import amounts
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.digest_parts import Bar, Chart
from daemon.mail.owner.digest_speech import Speech, whole

_MOST_CLIENTS = 5
_LEAST_CLIENTS = 2  # of one alone the ages say it all
_MONTHS = 6
_LEAST_MONTHS = 2  # with a payment: one is no course of time


def charts(digest: Digest, speech: Speech) -> tuple[Chart, ...]:
    """Each currency by age and by client; then the pace, which has no currency."""
    made = []
    by_currency = {debts.currency: debts for debts in digest.debts}
    for owed in digest.money:
        made.append(_chart(owed, speech))
        debts = by_currency.get(owed.currency)
        if debts is not None and sum(debt.overdue > 0 for debt in debts.debts) >= _LEAST_CLIENTS:
            made.append(_by_client(debts, speech))
    months = digest.pace[-_MONTHS:]
    if sum(month.to_pay is not None for month in months) >= _LEAST_MONTHS:
        made.append(_pace(months, speech))
    return tuple(made)


def _by_client(debts: Debts, speech: Speech) -> Chart:
    late = sorted((debt for debt in debts.debts if debt.overdue > 0), key=lambda debt: (-debt.overdue, debt.client))
    rows = [(clean(debt.name), debt.overdue) for debt in late[:_MOST_CLIENTS]]
    if len(late) > _MOST_CLIENTS:
        rest = late[_MOST_CLIENTS:]
        rows.append((speech.say("owed_by_others", n=len(rest)), sum((debt.overdue for debt in rest), Decimal(0))))
    largest = max(amount for _, amount in rows)
    bars = tuple(
        Bar(label=name, figure=speech.round(amount), count=None, share=round(amount * 100 / largest))
        for name, amount in rows
    )
    return Chart(title=speech.say("owed_by", currency=debts.currency), bars=bars)


def _pace(months: tuple[Month, ...], speech: Speech) -> Chart:
    longest = max(month.to_pay or Decimal(0) for month in months) or Decimal(1)
    bars = tuple(
        Bar(
            label=amounts.day(month.first, "LLL", speech.locale),
            figure="–" if month.to_pay is None else speech.round(month.to_pay),
            count=month.count,
            share=round((month.to_pay or Decimal(0)) * 100 / longest),
        )
        for month in months
    )
    return Chart(title=speech.say("days_to_pay"), bars=bars)


def _chart(owed: Owed, speech: Speech) -> Chart:
    largest = max(bucket.amount for bucket in owed.buckets)
    bars = tuple(
        Bar(
            label=age_words(bucket.age, speech),
            figure=speech.round(bucket.amount),
            count=bucket.count,
            share=round(bucket.amount * 100 / largest) if largest else 0,
        )
        for bucket in owed.buckets
    )
    return Chart(
        ages=True,
        title=speech.say("money", currency=owed.currency),
        bars=bars,
        label=speech.say("total"),
        total=speech.round(sum((whole(bucket.amount) for bucket in owed.buckets), Decimal(0))),  # what is shown adds up
        count=owed.count,
    )


def age_words(age: Age, speech: Speech) -> str:
    if age is Age.NOT_DUE:
        return speech.say("age_not_due")
    if age is Age.OVER_60:
        return speech.say("age_over", n=60)
    return speech.say("age_days", days=age.value.replace("-", "–"))
