"""What late payment costs by law or contract: interest and flat sums, stated beside the claim, never added to it (S5).

Everything is opt-in, and computed anew for every letter from the invoices and the payments; nothing of it is stored.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from daemon.domain.books.extras_terms import FROM_LEVEL, Compensation, ExtrasTerms, Interest
from daemon.domain.books.invoice import Invoice, ItemRef
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import minor_unit
from daemon.domain.books.policy import LATE_LETTERS, LetterLevel, Policy
from daemon.domain.books.rates import Begins, Law, RatesMissing, Spell, YearLength, agreed, spells
from daemon.domain.history.client_history import ClientHistory
from daemon.domain.journal import Claim, LetterQueued
from daemon.domain.standing.balance import open_items
from daemon.domain.standing.interest import Principal, Segment, interest_on, total_of
from daemon.domain.standing.plans import as_planned

_DAY = timedelta(days=1)
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemExtras:
    """Of one invoice or instalment, in the letter's currency."""

    number: str
    instalment: int | None
    due_on: date
    segments: tuple[Segment, ...]  # oldest first; their amounts add up to `interest`
    interest: Decimal
    compensation: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """All that a letter states besides its claims.  A reader can check it: each segment has days, base and rate."""

    currency: str
    until: date  # the last day that interest was computed for: the letter's date
    items: tuple[ItemExtras, ...]  # those for which there is something to state
    basis: Interest  # STATUTORY, CONTRACT, or NONE: only a flat sum
    law: Law | None  # None: all of it is by contract
    interest_cite: str = ""  # the rule of the law, as a letter names it; empty: by contract, or none is stated
    compensation_cite: str = ""
    missing: RatesMissing | None = None  # why a letter that should state interest does not

    @property
    def interest(self) -> Decimal:
        return sum((item.interest for item in self.items), _ZERO)

    @property
    def compensation(self) -> Decimal:
        return sum((item.compensation for item in self.items), _ZERO)

    @property
    def total(self) -> Decimal:
        return self.interest + self.compensation


def terms_of(ledger: Ledger, client_key: str, policy: Policy) -> ExtrasTerms:
    """What the client's own terms say over the policy's, the jurisdiction filled in: the creditor's country."""
    terms = ledger.clients[client_key].extras.over(policy.extras)
    country = ledger.creditor.calendar.region.partition("-")[0]
    return terms.over(ExtrasTerms(jurisdiction=country, from_level=FROM_LEVEL, grace_days=0))


def extras_for(letter: LetterQueued, ledger: Ledger, history: ClientHistory) -> Extras | None:
    """State interest and flat sums for the claims of one letter.

    Args:
        letter: its date is the last day of interest; what it claims and is overdue bears some.
        history: the client's; its payments count beside those of the YAML.

    Returns:
        None where nothing was asked for, this letter does not print it yet, or it comes to nothing.  A consumer pays no
        flat sum, and the law's rate for consumers where the law has one.
    """
    policy = ledger.policy_for(ledger.clients[letter.client], letter.policy)
    terms = terms_of(ledger, letter.client, policy)
    if not terms.wanted or not _printed(letter, terms, policy):
        return None
    law = ledger.laws.get(terms.jurisdiction or "") if terms.needs_law else None
    asked = _Asked(letter, ledger, history, terms, law)
    late = [c for c in letter.claims if (letter.on - c.due_on).days > (terms.grace_days or 0)]
    late.sort(key=lambda c: (c.due_on, c.number, c.instalment or 0))
    segments = [asked.interest(claim) for claim in late]
    missing = next((s for s in segments if isinstance(s, RatesMissing)), None)
    flat = asked.flat_sums(late)
    items = tuple(
        _item(claim, () if missing or isinstance(found, RatesMissing) else found, amount)
        for claim, found, amount in zip(late, segments, flat, strict=True)
    )
    stated = tuple(item for item in items if item.interest or item.compensation)
    if not stated:
        return None
    return Extras(
        currency=letter.claims[0].currency,
        until=letter.on,
        items=stated,
        basis=(terms.interest or Interest.NONE) if any(item.segments for item in stated) else Interest.NONE,
        law=law,
        interest_cite=asked.interest_cite if any(item.interest for item in stated) else "",
        compensation_cite=asked.compensation_cite(late) if any(item.compensation for item in stated) else "",
        missing=missing,
    )


def _item(claim: Claim, segments: tuple[Segment, ...], compensation: Decimal) -> ItemExtras:
    return ItemExtras(
        number=claim.number,
        instalment=claim.instalment,
        due_on=claim.due_on,
        segments=segments,
        interest=total_of(segments),
        compensation=compensation,
    )


def _printed(letter: LetterQueued, terms: ExtrasTerms, policy: Policy) -> bool:
    order = [level.letter if isinstance(level, LetterLevel) else None for level in policy.levels]
    return terms.from_level in order and letter.level >= order.index(terms.from_level) + 1


@dataclass(frozen=True, slots=True)
class _Asked:
    """One letter's question, with what is needed to answer it."""

    letter: LetterQueued
    ledger: Ledger
    history: ClientHistory
    terms: ExtrasTerms
    law: Law | None

    @property
    def consumer(self) -> bool:
        return self.ledger.clients[self.letter.client].consumer

    @property
    def interest_cite(self) -> str:
        tariff = self.law.tariff(consumer=self.consumer) if self.law else None
        by_law = self.terms.interest is Interest.STATUTORY and tariff
        return tariff.cite or self.law.name if by_law and tariff and self.law else ""

    def compensation_cite(self, claims: Sequence[Claim]) -> str:
        if self.law is None or self.terms.compensation is not Compensation.STATUTORY:
            return ""
        sums = (self.law.flat_sum_on(first) for claim in claims if (first := self._first_day(claim)))
        return next((flat.cite or self.law.name for flat in sums if flat), "")

    def interest(self, claim: Claim) -> tuple[Segment, ...] | RatesMissing:
        first = self._first_day(claim)
        if first is None or not self.terms.charges_interest:
            return ()
        rates = self._rates(first)
        if isinstance(rates, RatesMissing) or not rates:
            return rates if isinstance(rates, RatesMissing) else ()
        year = self.law.year if self.law and self.terms.interest is Interest.STATUTORY else YearLength.DAYS_365
        return interest_on(self._principals(claim, first), rates, year, claim.currency)

    def _rates(self, first: date) -> tuple[Spell, ...] | RatesMissing:
        if self.terms.interest is Interest.CONTRACT:
            return agreed(self.terms.rate or _ZERO, first, self.letter.on)
        tariff = self.law.tariff(consumer=self.consumer) if self.law else None
        return spells(self.law, tariff, first, self.letter.on) if self.law and tariff else ()

    def _first_day(self, claim: Claim) -> date | None:
        """The first day of default; None where default begins with a reminder and none was sent."""
        begins = self.law.begins if self.law and self.terms.interest is not Interest.CONTRACT else Begins.DUE
        if begins is Begins.DUE:
            return claim.due_on + _DAY
        sent = [
            record.on
            for record, _ in self.history.letters_about(ItemRef(claim.number, claim.instalment))
            if record.counts and record.queued.letter in LATE_LETTERS and record.on < self.letter.on
        ]
        return max(min(sent), claim.due_on) + _DAY if sent else None

    def _principals(self, claim: Claim, first: date) -> list[Principal]:
        """What was open of an item from the first day of default on: payments and credit notes change it.

        What cannot be followed (an invoice that is gone from the YAML) counts as if no more than what is open today
        had ever been: less is claimed, never more.
        """
        invoices = self._invoices(claim)
        days = {first, *(d for d in self._changes(invoices) if first < d <= self.letter.on)}
        found: list[Principal] = []
        for day in sorted(days):
            items = open_items(invoices, self.history.payments, day, self.history.told.written_off)
            open_then = next((i.outstanding for i in items if tuple(i.ref) == (claim.number, claim.instalment)), None)
            if open_then is None:
                return [Principal(first, claim.outstanding)]
            if not found or found[-1].amount != open_then:  # a payment of another invoice parts nothing
                found.append(Principal(day, open_then))
        return found

    def _invoices(self, claim: Claim) -> Sequence[Invoice]:
        """Only the invoice itself, where no credit note can move money between several."""
        all_of_them = as_planned(self.ledger.by_client[self.letter.client], self.history.plans)
        if any(invoice.credit for invoice in all_of_them):
            return all_of_them
        return [invoice for invoice in all_of_them if invoice.number == claim.number]

    def _changes(self, invoices: Sequence[Invoice]) -> set[date]:
        days = {invoice.issued_on for invoice in invoices if invoice.credit and invoice.issued_on}
        for invoice in invoices:
            days.update(payment.on for payment in invoice.payments)
            days.update(payment.on for payment in self.history.payments.get(invoice.number, ()))
        return days

    def flat_sums(self, claims: Sequence[Claim]) -> list[Decimal]:
        """The flat sum of each claim: once an invoice, unless the law gives it for each instalment."""
        charged: set[str] = set()
        found = []
        for claim in claims:
            amount = _ZERO if claim.number in charged else self._flat_sum(claim)
            if amount and not (self.law and self.law.per_instalment):
                charged.add(claim.number)
            found.append(amount)
        return found

    def _flat_sum(self, claim: Claim) -> Decimal:
        first = self._first_day(claim)
        wanted = self.terms.compensation
        if first is None or self.consumer or wanted in (None, Compensation.NONE):
            return _ZERO
        if isinstance(wanted, Decimal):
            return wanted.quantize(minor_unit(claim.currency))
        flat = self.law.flat_sum_on(first) if self.law else None
        if flat is None or flat.currency != claim.currency:  # a sum in another money is never converted
            return _ZERO
        debt = self._principals(claim, first)[0].amount
        return flat.amount_of(debt).quantize(minor_unit(claim.currency)) if debt > 0 else _ZERO
