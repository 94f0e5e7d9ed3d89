"""Which invoices a payment is for by what the payer wrote: a reference, or a number, that fits the amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from daemon.domain.books.bank_statement import BankEntry
from daemon.domain.payments.match_names import by_name, sums_to
from daemon.domain.payments.open_claims import OpenClaim, OpenClaims
from daemon.domain.payments.payment_match import PaymentMatch, PaymentPart, Verdict, filled, sure, unknown, unsure

_ZERO = Decimal(0)


@dataclass(slots=True)
class Hits:
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


def named_in(entry: BankEntry, books: OpenClaims) -> dict[str, Hits]:
    """The invoices that the text and the references name, by client."""
    found: dict[str, Hits] = {}
    for text in (entry.text, *entry.references):
        for named, is_reference, claims in books.named_in(text) if text else ():
            for claim in claims:
                hits = found.setdefault(claim.client, Hits({}, {}))
                by_reference = is_reference and books.is_reference_of(named.key, claim)
                (hits.firm if by_reference or named.is_strong else hits.short)[claim.number] = claim
                hits.by_reference |= by_reference
    return found


def by_number(entry: BankEntry, books: OpenClaims, named: dict[str, Hits], clients: Sequence[str]) -> PaymentMatch:
    """Say what a payment is for whose text names invoices.

    Args:
        named: what it names, by client; from `named_in`.
        clients: who the payer may be, by the name.
    """
    likely = _likely(named, clients)
    if len(likely) > 1:
        return _of_several_clients(entry, likely)
    if likely:
        [(client, hits)] = likely.items()
        return _of_one_client(entry, books, client, hits, clients)
    if len(clients) == 1:
        return by_name(entry, books, clients[0])
    return unknown(entry, "a short number, and no name of a client")


def _likely(named: dict[str, Hits], clients: Sequence[str]) -> dict[str, Hits]:
    """Whose invoices are meant; a short number is one only beside the name."""
    sound = {key: hits for key, hits in named.items() if hits.firm or key in clients}
    likely = {key: hits for key, hits in sound.items() if key in clients} or sound
    by_reference = {key: hits for key, hits in likely.items() if hits.by_reference}
    return by_reference if len(by_reference) == 1 else likely


def _of_several_clients(entry: BankEntry, likely: dict[str, Hits]) -> PaymentMatch:
    first, hits = next(iter(likely.items()))
    why = f"{hits.numbers} is a number of {' and of '.join(likely)}"
    fitting = [key for key, hits in likely.items() if any(c.fits(entry.amount) for c in hits.claims.values())]
    if len(fitting) == 1:
        client = fitting[0]
        claims = [c for c in likely[client].claims.values() if c.fits(entry.amount)]
        return unsure(entry, client, filled(claims[:1], entry.amount), f"{why}; the amount is that of {client}")
    return unsure(entry, first, (), why)


def _of_one_client(
    entry: BankEntry, books: OpenClaims, client: str, hits: Hits, clients: Sequence[str]
) -> PaymentMatch:
    how = "the reference of" if hits.by_reference else "it names"
    evidence = f"{how} {hits.numbers}"
    claims = [claim for claim in hits.claims.values() if claim.currency == entry.currency]
    if not claims:
        others = ", ".join(sorted({claim.currency for claim in hits.claims.values()}))
        why = f"which is in {others}, and the payment in {entry.currency}"
        return replace(unsure(entry, client, (), evidence, why), about=tuple(hits.claims))
    from_them = client in clients
    if from_them:
        evidence += f", and is from {entry.name}"
    if not hits.firm and not any(claim.fits(entry.amount) for claim in claims):
        return by_name(entry, books, client)  # the short number was something else
    invoices = sorted((c for c in claims if not c.credit), key=lambda claim: (claim.due_on, claim.number))
    notes = [claim for claim in claims if claim.credit]
    if not invoices:
        return unsure(entry, client, (), evidence, "a credit note: money for the client, not from them")
    if len(invoices) == 1 and not notes:
        found = _for_one(entry, books, invoices[0], evidence, certain=hits.by_reference or from_them)
    else:
        found = _for_several(entry, invoices, notes, evidence)
    if clients and not from_them and not hits.by_reference and found.verdict is Verdict.SURE:
        return unsure(entry, client, found.parts, *found.because, f"but it is from {entry.name}, another client")
    return found


def _for_one(entry: BankEntry, books: OpenClaims, claim: OpenClaim, evidence: str, *, certain: bool) -> PaymentMatch:
    """One invoice is named.

    Args:
        certain: by its reference, or with the client's name: then a part payment is one, and so is too much.
    """
    amount, left = entry.amount, claim.open
    whole = (PaymentPart(claim.client, claim.number, amount),)
    if claim.was_told(amount, entry.booked_on):
        return sure(entry, whole, evidence, "you have told this payment before: it is the same one")
    if left <= 0:
        done = "which you have written off" if claim.given_up else "which is paid already"
        return unsure(entry, claim.client, whole, evidence, done)
    if claim.fits(amount):
        return sure(entry, whole, evidence, f"{'all that is' if amount == left else 'an instalment that is'} open")
    if amount < left:
        short = next(step - amount for step in _steps(claim) if step > amount)
        if short < claim.tolerance:
            return unsure(entry, claim.client, whole, evidence, f"{short} is missing: a bank's fee?")
        said = f"a part: {left - amount} stays open"
        return sure(entry, whole, evidence, said) if certain else unsure(entry, claim.client, whole, evidence, said)
    over = amount - left
    others = [other for other in books.open_of(claim.client, claim.currency) if other is not claim]
    if not others:
        said = f"{over} more than is open"
        return sure(entry, whole, evidence, said) if certain else unsure(entry, claim.client, whole, evidence, said)
    exact = sums_to(others, over)
    parts = (PaymentPart(claim.client, claim.number, left), *filled(exact or others, over))
    said = f"with {', '.join(c.number for c in exact)} it would be exact" if exact else "other invoices are open, too"
    return unsure(entry, claim.client, parts, evidence, f"{over} more than is open; {said}")


def _for_several(entry: BankEntry, invoices: list[OpenClaim], notes: list[OpenClaim], evidence: str) -> PaymentMatch:
    """A transfer over several invoices, less the credit notes that it names."""
    client, amount = invoices[0].client, entry.amount
    told = _as_told(entry, invoices)
    if told:
        return sure(entry, told, evidence, "you have told this payment before: it is the same one")
    still = [claim for claim in invoices if claim.open > 0]
    if not still:
        given_up = ", ".join(claim.number for claim in invoices if claim.given_up)
        done = f"nothing of them is open: {given_up} you have written off" if given_up else ""
        return unsure(entry, client, filled(invoices, amount), evidence, done or "all of them are paid already")
    left = sum((claim.open for claim in still), _ZERO)
    before_notes = sum((claim.open + claim.net for claim in still), _ZERO)
    credited = sum((note.net for note in notes), _ZERO)
    parts = filled(still, amount)
    if amount == left:
        return sure(entry, parts, evidence, "together all that is open of them")
    if notes and amount == before_notes - credited:
        why = f"less {', '.join(note.number for note in notes)}, which is set off against another: `against:` says so"
        return unsure(entry, client, parts, evidence, why)
    return unsure(entry, client, parts, evidence, f"together {left} is open of them, and {amount} came")


def _as_told(entry: BankEntry, invoices: Sequence[OpenClaim]) -> tuple[PaymentPart, ...]:
    """The parts of a transfer that was told before, of some of the invoices at least (F53); (): it is another one."""
    told = {claim.number: claim.told_about(entry.booked_on) for claim in invoices}
    if not any(told.values()):
        return ()
    parts = [PaymentPart(claim.client, claim.number, told[claim.number] or claim.open) for claim in invoices]
    return tuple(part for part in parts if part.amount) if sum(p.amount for p in parts) == entry.amount else ()


def _steps(claim: OpenClaim) -> list[Decimal]:
    """What is open of it after each instalment, ascending."""
    sums = [sum(claim.parts[: place + 1], _ZERO) for place in range(len(claim.parts))]
    return [step for step in sums if step > 0]
