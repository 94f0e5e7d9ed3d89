"""Which invoices a payment may be for by the payer's name and the amount alone: a reason to ask, never to book."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import combinations

from daemon.domain.books.bank_statement import BankEntry
from daemon.domain.payments.open_claims import OpenClaim, OpenClaims
from daemon.domain.payments.payment_match import PaymentMatch, filled, unknown, unsure

_ZERO = Decimal(0)
MOST_TRIED = 12  # open invoices of one client of which sums are tried: 4,096 of them


def by_name(entry: BankEntry, books: OpenClaims, client: str) -> PaymentMatch:
    owing = books.open_of(client, entry.currency)
    by = f"it is from {entry.name}"
    if not owing:
        return unknown(entry, f"{by}, and nothing is open of {client} in {entry.currency}")
    exact = [claim for claim in owing if claim.fits(entry.amount)]
    if exact:
        alike = f"of {len(exact)} invoices; the oldest" if len(exact) > 1 else f"of {exact[0].number}"
        why = f"the amount is that {alike}, but no number stands there"
        return unsure(entry, client, filled(exact[:1], entry.amount), by, why)
    if sum((claim.open for claim in owing), _ZERO) == entry.amount:
        return unsure(entry, client, filled(owing, entry.amount), by, "the amount is all that is open")
    summed = sums_to(owing, entry.amount)
    if summed:
        why = f"only {', '.join(claim.number for claim in summed)} together make this amount"
        return unsure(entry, client, filled(summed, entry.amount), by, why)
    return unsure(entry, client, (), by, "the amount fits no invoice, and no number stands there")


def sums_to(owing: Sequence[OpenClaim], amount: Decimal) -> list[OpenClaim]:
    """The one set of open invoices that make an amount; none where there are two such sets, or too many to try."""
    if len(owing) > MOST_TRIED:
        return []
    found: list[OpenClaim] = []
    for count in range(1, len(owing) + 1):
        for some in combinations(owing, count):
            if sum((claim.open for claim in some), _ZERO) == amount:
                if found:
                    return []
                found = list(some)
    return found
