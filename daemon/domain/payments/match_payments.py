"""Which invoices a payment is for, how sure that is, and why.

Sure is only what the payer wrote: a reference, or a number, that fits the amount.  A name and an amount are a reason to
ask, never to book.  Amounts are never compared across currencies.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import combinations

from daemon.domain.books.bank_statement import BankEntry
from daemon.domain.payments.open_claims import OpenClaim, OpenClaims

_ZERO = Decimal(0)
MOST_TRIED = 12  # open invoices of one client of which sums are tried: 4,096 of them


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


@dataclass(slots=True)
class _Hits:
    """What the text names of one client."""

    firm: dict[str, OpenClaim]  # by a reference, or a number that cannot well be anything else
    short: dict[str, OpenClaim]  # by a number that may as well be a day, a year or an amount
    by_reference: bool = False

    @property
    def claims(self) -> dict[str, OpenClaim]:
        return self.firm or self.short

    @property
    def numbers(self) -> str:
        return ", ".join(self.claims)


def match_payment(entry: BankEntry, books: OpenClaims) -> PaymentMatch:
    """Say what one payment is for.  `books` are not changed: `book` does that with what was sure."""
    if entry.collective:
        return _unknown(entry, "one sum for several payments: the statement does not tell them apart")
    named = _named(entry, books)
    clients = books.clients_named(entry.name) if entry.name else ()
    if named:
        return _by_number(entry, books, named, clients)
    if len(clients) == 1:
        return _by_name(entry, books, clients[0])
    if clients:
        owing = [key for key in clients if books.open_of(key, entry.currency)]
        if len(owing) == 1:
            return _by_name(entry, books, owing[0])
        if owing:
            return _unsure(entry, owing[0], (), f"{entry.name} may be {' or '.join(owing)}")
    alike = books.with_amount(entry.currency, entry.amount)
    if len(alike) == 1:
        why = f"only of {alike[0].number} exactly {entry.amount} is open; neither number nor name says so"
        return _unsure(entry, alike[0].client, _filled(alike, entry.amount), why)
    return _unknown(entry, "no reference, number, name or amount of an open invoice")


def book(match: PaymentMatch, books: OpenClaims) -> None:
    """Take what a sure match pays off what is open."""
    for part in match.parts:
        claim = next(c for c in books.of_client[part.client] if c.number == part.number)
        claim.take(part.amount, match.entry.booked_on)


# -- by what the payer wrote --------------------------------------------------------------------------------------


def _named(entry: BankEntry, books: OpenClaims) -> dict[str, _Hits]:
    """The invoices that the text and the references name, by client."""
    found: dict[str, _Hits] = {}
    for text in (entry.text, *entry.references):
        for named, is_reference, claims in books.named_in(text) if text else ():
            for claim in claims:
                hits = found.setdefault(claim.client, _Hits({}, {}))
                by_reference = is_reference and books.is_reference_of(named.key, claim)
                (hits.firm if by_reference or named.is_strong else hits.short)[claim.number] = claim
                hits.by_reference |= by_reference
    return found


def _by_number(entry: BankEntry, books: OpenClaims, named: dict[str, _Hits], clients: Sequence[str]) -> PaymentMatch:
    sound = {key: hits for key, hits in named.items() if hits.firm or key in clients}
    named = {key: hits for key, hits in sound.items() if key in clients} or sound
    if not named:  # a short number is one only beside the name
        if len(clients) == 1:
            return _by_name(entry, books, clients[0])
        return _unknown(entry, "a short number, and no name of a client")
    if len(named) > 1:
        by_reference = {key: hits for key, hits in named.items() if hits.by_reference}
        named = by_reference if len(by_reference) == 1 else named
    if len(named) > 1:
        first = next(iter(named.items()))
        why = f"{first[1].numbers} is a number of {' and of '.join(named)}"
        fitting = [key for key, hits in named.items() if any(c.fits(entry.amount) for c in hits.claims.values())]
        if len(fitting) == 1:
            client = fitting[0]
            claims = [c for c in named[client].claims.values() if c.fits(entry.amount)]
            return _unsure(entry, client, _filled(claims[:1], entry.amount), f"{why}; the amount is that of {client}")
        return _unsure(entry, first[0], (), why)
    client, hits = next(iter(named.items()))
    how = "the reference of" if hits.by_reference else "it names"
    evidence = f"{how} {hits.numbers}"
    claims = [claim for claim in hits.claims.values() if claim.currency == entry.currency]
    if not claims:
        others = ", ".join(sorted({claim.currency for claim in hits.claims.values()}))
        why = f"which is in {others}, and the payment in {entry.currency}"
        return replace(_unsure(entry, client, (), evidence, why), about=tuple(hits.claims))
    by_name = client in clients
    if by_name:
        evidence += f", and is from {entry.name}"
    if not hits.firm and not any(claim.fits(entry.amount) for claim in claims):
        return _by_name(entry, books, client)  # the short number was something else
    invoices = sorted((c for c in claims if not c.credit), key=lambda claim: (claim.due_on, claim.number))
    notes = [claim for claim in claims if claim.credit]
    if not invoices:
        return _unsure(entry, client, (), evidence, "a credit note: money for the client, not from them")
    if len(invoices) == 1 and not notes:
        found = _for_one(entry, books, invoices[0], evidence, certain=hits.by_reference or by_name)
    else:
        found = _for_several(entry, invoices, notes, evidence)
    if clients and not by_name and not hits.by_reference and found.verdict is Verdict.SURE:
        return _unsure(entry, client, found.parts, *found.because, f"but it is from {entry.name}, another client")
    return found


def _for_one(entry: BankEntry, books: OpenClaims, claim: OpenClaim, evidence: str, *, certain: bool) -> PaymentMatch:
    """One invoice is named.

    Args:
        certain: by its reference, or with the client's name: then a part payment is one.
    """
    amount, left = entry.amount, claim.open
    whole = (PaymentPart(claim.client, claim.number, amount),)
    if claim.was_told(amount, entry.booked_on):
        return _sure(entry, whole, evidence, "you have told this payment before: it is the same one")
    if left <= 0:
        done = "which you have written off" if claim.given_up else "which is paid already"
        return _unsure(entry, claim.client, whole, evidence, done)
    if claim.fits(amount):
        return _sure(entry, whole, evidence, f"{'all that is' if amount == left else 'an instalment that is'} open")
    if amount < left:
        short = next(step - amount for step in _steps(claim) if step > amount)
        if short < claim.tolerance:
            return _unsure(entry, claim.client, whole, evidence, f"{short} is missing: a bank's fee?")
        said = f"a part: {left - amount} stays open"
        return _sure(entry, whole, evidence, said) if certain else _unsure(entry, claim.client, whole, evidence, said)
    over = amount - left
    others = [other for other in books.open_of(claim.client, claim.currency) if other is not claim]
    if not others:
        return _sure(entry, whole, evidence, f"{over} more than is open")
    exact = _sums_to(others, over)
    parts = (PaymentPart(claim.client, claim.number, left), *_filled(exact or others, over))
    said = f"with {', '.join(c.number for c in exact)} it would be exact" if exact else "other invoices are open, too"
    return _unsure(entry, claim.client, parts, evidence, f"{over} more than is open; {said}")


def _for_several(entry: BankEntry, invoices: list[OpenClaim], notes: list[OpenClaim], evidence: str) -> PaymentMatch:
    """A transfer over several invoices, less the credit notes that it names."""
    client, amount = invoices[0].client, entry.amount
    told = _as_told(entry, invoices)
    if told:
        return _sure(entry, told, evidence, "you have told this payment before: it is the same one")
    still = [claim for claim in invoices if claim.open > 0]
    if not still:
        given_up = ", ".join(claim.number for claim in invoices if claim.given_up)
        done = f"nothing of them is open: {given_up} you have written off" if given_up else ""
        return _unsure(entry, client, _filled(invoices, amount), evidence, done or "all of them are paid already")
    left = sum((claim.open for claim in still), _ZERO)
    before_notes = sum((claim.open + claim.net for claim in still), _ZERO)
    credited = sum((note.net for note in notes), _ZERO)
    parts = _filled(still, amount)
    if amount == left:
        return _sure(entry, parts, evidence, "together all that is open of them")
    if notes and amount == before_notes - credited:
        why = f"less {', '.join(note.number for note in notes)}, which is set off against another: `against:` says so"
        return _unsure(entry, client, parts, evidence, why)
    return _unsure(entry, client, parts, evidence, f"together {left} is open of them, and {amount} came")


def _as_told(entry: BankEntry, invoices: Sequence[OpenClaim]) -> tuple[PaymentPart, ...]:
    """The parts of a transfer that was told before, of some of the invoices at least (F53); (): it is another one."""
    told = {claim.number: claim.told_about(entry.booked_on) for claim in invoices}
    if not any(told.values()):
        return ()
    parts = [PaymentPart(claim.client, claim.number, told[claim.number] or claim.open) for claim in invoices]
    return tuple(part for part in parts if part.amount) if sum(p.amount for p in parts) == entry.amount else ()


# -- by name and amount: never sure -----------------------------------------------------------------------------


def _by_name(entry: BankEntry, books: OpenClaims, client: str) -> PaymentMatch:
    owing = books.open_of(client, entry.currency)
    by = f"it is from {entry.name}"
    if not owing:
        return _unknown(entry, f"{by}, and nothing is open of {client} in {entry.currency}")
    exact = [claim for claim in owing if claim.fits(entry.amount)]
    if exact:
        alike = f"of {len(exact)} invoices; the oldest" if len(exact) > 1 else f"of {exact[0].number}"
        why = f"the amount is that {alike}, but no number stands there"
        return _unsure(entry, client, _filled(exact[:1], entry.amount), by, why)
    if sum((claim.open for claim in owing), _ZERO) == entry.amount:
        return _unsure(entry, client, _filled(owing, entry.amount), by, "the amount is all that is open")
    summed = _sums_to(owing, entry.amount)
    if summed:
        why = f"only {', '.join(claim.number for claim in summed)} together make this amount"
        return _unsure(entry, client, _filled(summed, entry.amount), by, why)
    return _unsure(entry, client, (), by, "the amount fits no invoice, and no number stands there")


def _sums_to(owing: Sequence[OpenClaim], amount: Decimal) -> list[OpenClaim]:
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


# -- the parts ---------------------------------------------------------------------------------------------------


def _steps(claim: OpenClaim) -> list[Decimal]:
    """What is open of it after each instalment, ascending."""
    sums = [sum(claim.parts[: place + 1], _ZERO) for place in range(len(claim.parts))]
    return [step for step in sums if step > 0]


def _filled(claims: Sequence[OpenClaim], amount: Decimal) -> tuple[PaymentPart, ...]:
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
    return _filled(sorted(claims, key=lambda claim: (claim.open <= 0, claim.due_on, claim.number)), entry_amount)


def _sure(entry: BankEntry, parts: tuple[PaymentPart, ...], *because: str) -> PaymentMatch:
    return PaymentMatch(entry=entry, verdict=Verdict.SURE, parts=parts, client=parts[0].client, because=because)


def _unsure(entry: BankEntry, client: str, parts: tuple[PaymentPart, ...], *because: str) -> PaymentMatch:
    return PaymentMatch(entry=entry, verdict=Verdict.UNSURE, parts=parts, client=client, because=because)


def _unknown(entry: BankEntry, *because: str) -> PaymentMatch:
    return PaymentMatch(entry=entry, verdict=Verdict.UNKNOWN, because=because)
