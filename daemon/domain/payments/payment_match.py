"""What is made of a payment: how sure it is, what of it is for which invoice, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from daemon.domain.books.bank_statement import BankEntry
from daemon.domain.payments.open_claims import OpenClaim


class Verdict(StrEnum):
    SURE = "sure"
    UNSURE = "unsure"  # the owner is asked
    UNKNOWN = "unknown"  # nothing here speaks for a client's invoice
    KNOWN = "known"  # booked, asked about or put away before
    OURS = "ours"  # money that we paid


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """What of a payment is for one invoice."""

    client: str
    number: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMatch:
    """One entry, and what is made of it.  The parts' amounts are together the entry's."""

    entry: BankEntry
    verdict: Verdict
    parts: tuple[PaymentPart, ...] = ()
    client: str = ""  # also where the invoice is unknown
    because: tuple[str, ...] = ()  # the evidence, and what is against it, in words for the owner
    undoes: str = ""  # of a reversal: the id of the payment that was taken back
    about: tuple[str, ...] = ()  # invoices that it names, where no part can be for them


def sure(entry: BankEntry, parts: tuple[PaymentPart, ...], *because: str) -> PaymentMatch:
    return PaymentMatch(entry=entry, verdict=Verdict.SURE, parts=parts, client=parts[0].client, because=because)


def unsure(entry: BankEntry, client: str, parts: tuple[PaymentPart, ...], *because: str) -> PaymentMatch:
    return PaymentMatch(entry=entry, verdict=Verdict.UNSURE, parts=parts, client=client, because=because)


def unknown(entry: BankEntry, *because: str) -> PaymentMatch:
    return PaymentMatch(entry=entry, verdict=Verdict.UNKNOWN, because=because)


# -- the parts ---------------------------------------------------------------------------------------------------


def filled(claims: Sequence[OpenClaim], amount: Decimal) -> tuple[PaymentPart, ...]:
    """An amount over invoices in their order; what is too much goes to the last.

    Where nothing is open of any of them, it is as if nothing of it had been paid.
    """
    settled = all(claim.open <= 0 for claim in claims)
    parts: list[PaymentPart] = []
    for place, claim in enumerate(claims):
        last = place == len(claims) - 1
        part = amount if last else min(amount, claim.total if settled else claim.open)
        amount -= part
        if part > 0:
            parts.append(PaymentPart(claim.client, claim.number, part))
    return tuple(parts)


def spread(entry_amount: Decimal, claims: Sequence[OpenClaim]) -> tuple[PaymentPart, ...]:
    """An amount over invoices that the owner names, the oldest first."""
    return filled(sorted(claims, key=lambda claim: (claim.open <= 0, claim.due_on, claim.number)), entry_amount)
