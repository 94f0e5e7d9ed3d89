"""Money that went out again: whether it undoes a payment that was booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import BankEntry, Flow
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.payments.open_claims import OpenClaims
from daemon.domain.payments.payment_match import PaymentMatch, PaymentPart, Verdict


@dataclass(slots=True)
class Booked:
    """One payment that the bank told and that was booked, in its parts."""

    parts: list[j.PaymentRecorded] = field(default_factory=list)

    def add(self, part: j.PaymentRecorded) -> None:
        self.parts.append(part)

    @property
    def amount(self) -> Decimal:
        return sum((part.amount for part in self.parts), Decimal(0))


def booked_payments(history: History, ledger: Ledger) -> dict[str, Booked]:
    """What the bank told, of the clients that are still in the books, by the bank's id."""
    found: dict[str, Booked] = {}
    for key in ledger.clients:
        known = history.clients.get(key)
        for payments in known.payments.values() if known else ():
            for payment in payments:
                if payment.by == "bank":
                    found.setdefault(payment.bank_id, Booked()).add(payment)
    return found


def match_reversal(entry: BankEntry, books: OpenClaims, booked: Mapping[str, Booked]) -> PaymentMatch:
    """Which booked payment was taken back.  Sure where the bank calls it a reversal and names the invoice."""
    same = {
        key: payment
        for key, payment in booked.items()
        if payment.amount == entry.amount
        and payment.parts[0].currency == entry.currency
        and payment.parts[0].on <= entry.booked_on
    }
    texts = (entry.text, *entry.references) if same else ()
    named = {
        (claim.client, claim.number)
        for text in texts
        for _, _, claims in (books.named_in(text) if text else ())
        for claim in claims
    }
    meant = {key: p for key, p in same.items() if any((part.client, part.number) in named for part in p.parts)}
    if entry.flow is Flow.OUT and len(meant) != 1:
        return PaymentMatch(entry=entry, verdict=Verdict.OURS)
    if len(meant) == 1:
        key, payment = next(iter(meant.items()))
        sure = entry.flow is Flow.BACK
        why = "a payment of the same amount came for it" if sure else "it went out: was it sent back?"
        numbers = ", ".join(part.number for part in payment.parts)
        return _undone(entry, key, payment, Verdict.SURE if sure else Verdict.UNSURE, f"it names {numbers}", why)
    if len(same) == 1:
        key, payment = next(iter(same.items()))
        why = "only one payment of this amount came, and the bank does not say that it is this one"
        return _undone(entry, key, payment, Verdict.UNSURE, why)
    told = f"{len(same)} payments of this amount came" if same else "no payment of this amount was booked"
    return PaymentMatch(entry=entry, verdict=Verdict.UNKNOWN, because=("money was taken back", told))


def _undone(entry: BankEntry, key: str, payment: Booked, verdict: Verdict, *because: str) -> PaymentMatch:
    parts = tuple(PaymentPart(part.client, part.number, part.amount) for part in payment.parts)
    return PaymentMatch(entry=entry, verdict=verdict, parts=parts, client=parts[0].client, because=because, undoes=key)
