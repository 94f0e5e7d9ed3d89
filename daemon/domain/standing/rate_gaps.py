"""Where letters should state interest and cannot, because no rate is known for a day: a word to the owner."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from daemon.domain.books.extras_terms import Interest
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import Policy
from daemon.domain.books.rates import Law, RatesMissing, RateTable, Tariff, spells
from daemon.domain.standing.extras import terms_of

_DAY = timedelta(days=1)


def rate_gaps(ledger: Ledger, today: date) -> tuple[str, ...]:
    """One sentence for each day of a table that letters need and that it does not have, in stable order.

    Asked are today, and the first day of default of every overdue invoice that the YAML does not show as paid.
    """
    found: dict[tuple[str, date], list[str]] = {}
    for key, client in ledger.clients.items():
        for policy in ledger.policies_of(client):
            for law, tariff, table in _needed(ledger, key, policy):
                for first in {today, *_first_days(ledger, key, today)}:
                    missing = spells(law, tariff, first, first if law.fixed else today)
                    if isinstance(missing, RatesMissing):
                        places = found.setdefault((table.key, missing.day), [])
                        if law.jurisdiction not in places:
                            places.append(law.jurisdiction)
    return tuple(
        f"no rate for {day} is in the table {table}: until one is added under `rates:`, letters under the law of"
        f" {', '.join(places)} about that day state no interest"
        for (table, day), places in sorted(found.items())
    )


def _needed(ledger: Ledger, client: str, policy: Policy) -> Iterator[tuple[Law, Tariff, RateTable]]:
    terms = terms_of(ledger, client, policy)
    law = ledger.laws.get(terms.jurisdiction or "")
    tariff = law.tariff(consumer=ledger.clients[client].consumer) if law else None
    if terms.interest is Interest.STATUTORY and law and tariff and tariff.table:
        yield law, tariff, tariff.table


def _first_days(ledger: Ledger, client: str, today: date) -> Iterator[date]:
    for invoice in ledger.by_client[client]:
        if not invoice.credit and invoice.due_on < today:
            paid = sum(payment.amount for payment in invoice.payments)
            if paid < invoice.owed.amount:
                yield invoice.due_on + _DAY
