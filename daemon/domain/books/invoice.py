"""Invoices as the creditor's books state them.  What we did about one lives in the journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from daemon.domain.books.money import Money


class Method(StrEnum):
    """How the money comes."""

    TRANSFER = "transfer"  # the client pays
    SDD = "sdd"  # SEPA direct debit: the creditor collects it
    RIBA = "riba"  # Italian bank draft (ricevuta bancaria): the creditor's bank presents it


class ItemRef(NamedTuple):
    """One thing that can be claimed: a whole invoice, or one instalment of it."""

    number: str
    instalment: int | None  # counts from 1; None: the invoice has no instalments

    def __str__(self) -> str:
        return self.number if self.instalment is None else f"{self.number}/{self.instalment}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an invoice, for the letter's details (FIELD S2)."""

    what: str
    quantity: Decimal | None = None
    unit: str | None = None
    price: Decimal | None = None  # of one unit, in the invoice's currency, without tax
    vat: Decimal | None = None  # percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money that came in, as the YAML states it."""

    on: date
    amount: Decimal  # in the invoice's currency, more than zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalment:
    due_on: date
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedHold:
    """A hold that the owner wrote beside the invoice in the YAML."""

    until: date | None  # the last day held, included; None: until it is taken out
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where something was written, to name it in a message."""

    file: str
    line: int  # counts from 1
    column: int  # counts from 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """One invoice, or one credit note.  Its identity is (client, number)."""

    number: str
    client: str  # the client's key
    total: Money  # as printed on the invoice, tax included; of a credit note: the amount in the client's favour
    due_on: date  # the last day on which payment is on time
    issued_on: date | None = None
    payable: Money | None = None  # what is really owed (withholding, split payment); None: the total
    lines: tuple[Line, ...] = ()
    pdf: str | None = None  # absolute path
    evidence: tuple[str, ...] = ()  # absolute paths: what proves the claim, for a dossier (FIELD S17)
    reference: str | None = None  # payment reference, as the client has to write it
    terms: str | None = None  # cited from the firm reminder on
    instalments: tuple[Instalment, ...] = ()
    payments: tuple[Payment, ...] = ()
    hold: StatedHold | None = None
    credit: bool = False  # a credit note
    against: str | None = None  # of a credit note: the number of the invoice it corrects
    policy: str | None = None  # overrides the client's
    not_before: date | None = None  # no letter before this day
    manual: bool = False  # no letter goes by itself, only what the owner asks for
    method: Method = Method.TRANSFER
    returned_on: date | None = None  # the day on which the debit or draft came back unpaid
    source: Source | None = None

    @property
    def owed(self) -> Money:
        """What the client has to pay in all: `payable` where it differs from the total."""
        return self.payable or self.total

    @property
    def currency(self) -> str:
        return self.total.currency

    def held_on(self, day: date) -> StatedHold | None:
        """The hold in the YAML that keeps its letters back on a day."""
        return self.hold if self.hold is not None and (self.hold.until is None or day <= self.hold.until) else None

    def is_collected(self, today: date) -> bool:
        """Whether the creditor's bank fetches the money, so that there is nothing to remind of."""
        return self.method is not Method.TRANSFER and (self.returned_on is None or today < self.returned_on)
