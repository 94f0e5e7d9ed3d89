"""One letter with all that it is written from, and how amounts, days and numbers read in its language."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.invoice import Invoice, ItemRef
from daemon.domain.journal import Claim, LetterQueued
from daemon.domain.standing.extras import Extras
from daemon.mail.letters import amounts
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import clean

_NAMED = 3  # how many numbers a sentence names before it counts the others


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterCase:
    """One letter with all that it is written from."""

    letter: LetterQueued
    creditor: Creditor
    client: Client
    invoices: Mapping[str, Invoice]
    pack: Pack
    asked: tuple[Claim, ...]  # what the prose speaks of, oldest first; at least one
    coming: tuple[Claim, ...]  # in the same letter, not yet due
    also_open: tuple[Claim, ...]
    extras: Extras | None = None  # what late payment costs, beside what is claimed
    parts_paid: Collection[ItemRef] = ()  # instalments that had come in by then
    qr: bytes | None = None  # PNG: scanned, it pays what is asked

    def phrase(self, name: str, /, **words: object) -> str:
        text = self.pack.phrases[name]
        return text.format(**words) if words else text

    def money(self, amount: Decimal, currency: str | None = None) -> str:
        """An amount in the letter's one currency, or in another that only a list may name."""
        return amounts.money(amount, currency or self.letter.claims[0].currency, self.pack.locale)

    def long_day(self, on: date) -> str:
        return amounts.day(on, "long", self.pack.locale)

    def short_day(self, on: date | None) -> str:
        return amounts.day(on, "medium", self.pack.locale) if on else "-"

    def week_day(self, on: date) -> str:
        return amounts.day(on, self.pack.phrases["day"], self.pack.locale)

    def issued(self, claim: Claim) -> date | None:
        invoice = self.invoices.get(claim.number)
        return invoice.issued_on if invoice else None

    def instalments(self, claim: Claim) -> int:
        """How many instalments the invoice of this one has."""
        invoice = self.invoices.get(claim.number)
        return max(len(invoice.instalments) if invoice else 0, claim.instalment or 0)

    def label(self, claim: Claim) -> str:
        """The invoice, and which instalment of it."""
        number = clean(claim.number)
        if claim.instalment is None:
            return number
        return self.phrase("label_instalment", number=number, n=claim.instalment, of=self.instalments(claim))

    def named(self, numbers: Sequence[str]) -> str:
        """`invoice 2026-041`, `invoices 2026-041 and 2026-044`, `invoices 2026-041, 2026-044 and 2 more`."""
        numbers = list(dict.fromkeys(numbers))
        if len(numbers) == 1:
            return self.phrase("item_one", number=numbers[0])
        if len(numbers) > _NAMED:
            return self.phrase("item_more", numbers=", ".join(numbers[: _NAMED - 1]), count=len(numbers) - _NAMED + 1)
        return self.phrase("item_many", numbers=amounts.listed(numbers, self.pack.locale))

    @property
    def total(self) -> Decimal:
        return sum((claim.outstanding for claim in self.asked), Decimal(0))

    @property
    def asked_invoices(self) -> tuple[Invoice, ...]:
        """The invoices that are asked for, each once."""
        numbers = dict.fromkeys(claim.number for claim in self.asked)
        return tuple(invoice for number in numbers if (invoice := self.invoices.get(number)))

    @property
    def terms(self) -> dict[str, list[str]]:
        """What was agreed, and the invoices that it was agreed for."""
        found: dict[str, list[str]] = {}
        for invoice in self.asked_invoices:
            if invoice.terms and (text := clean(invoice.terms)):
                found.setdefault(text, []).append(clean(invoice.number))
        return found
