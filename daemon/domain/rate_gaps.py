"""Where letters should state interest and cannot, because no rate for today is known: a word to the owner."""

from __future__ import annotations

from datetime import date

from daemon.domain.extras import terms_of
from daemon.domain.extras_terms import Interest
from daemon.domain.ledger import Ledger
from daemon.domain.rates import RatesMissing, spells


def rate_gaps(ledger: Ledger, today: date) -> tuple[str, ...]:
    """One sentence for each table that a client's letters need and that says nothing about today, in stable order."""
    found: dict[str, list[str]] = {}
    for key, client in ledger.clients.items():
        for policy in ledger.policies_of(client):
            terms = terms_of(ledger, key, policy)
            law = ledger.laws.get(terms.jurisdiction or "")
            tariff = law.tariff(consumer=client.consumer) if law else None
            if terms.interest is not Interest.STATUTORY or law is None or tariff is None or tariff.table is None:
                continue
            if isinstance(spells(law, tariff, today, today), RatesMissing):
                places = found.setdefault(tariff.table.key, [])
                if law.jurisdiction not in places:
                    places.append(law.jurisdiction)
    return tuple(
        f"no rate for {today} is in the table {table}: until one is added under `rates:`, letters under the law of"
        f" {', '.join(places)} state no interest"
        for table, places in found.items()
    )
