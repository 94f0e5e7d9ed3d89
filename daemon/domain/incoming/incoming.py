"""An invoice as a document from elsewhere states it, before it is one of ours: what it says, and who says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from daemon.domain.books.invoice import Instalment, Line, Method


class Form(StrEnum):
    """In which way a document is written."""

    UBL = "UBL"
    CII = "CII"
    FACTUR_X = "Factur-X"  # a CII inside of a PDF; ZUGFeRD 2 is the same
    FATTURA_PA = "FatturaPA"
    CSV = "CSV"
    TAG = "tag"  # of the subject of a mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A seller or a buyer, as the document names it; what it does not say is empty."""

    name: str = ""
    tax_ids: tuple[str, ...] = ()  # the VAT number first, with its country
    email: str = ""
    certified: str = ""  # an Italian PEC address
    contact: str = ""  # a person
    phone: str = ""
    address: str = ""  # its lines, one below the other
    country: str = ""  # ISO 3166, two letters
    language: str = ""  # ISO 639, only where the document says so


NOBODY = Party()


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """One invoice or credit note out of a document, its amounts as stated there."""

    form: Form
    file: str
    line: int  # where it begins, from 1; 0: where lines mean nothing, as in a PDF
    number: str
    issued_on: date | None
    total: Decimal  # tax included; of a credit note in the client's favour, more than zero
    currency: str
    buyer: Party
    seller: Party = NOBODY
    due_on: date | None = None
    payable: Decimal | None = None  # where it is not the total
    instalments: tuple[Instalment, ...] = ()
    lines: tuple[Line, ...] = ()
    credit: bool = False
    against: str = ""  # of a credit note: the invoice that it corrects
    reference: str = ""
    terms: str = ""
    method: Method = Method.TRANSFER
    ibans: tuple[str, ...] = ()  # where it may be paid to
    client: str = ""  # a client's key, where the document has one (a column of a CSV)
    pdf: str = ""  # the path of the invoice for people
    notes: tuple[str, ...] = ()  # worth a word to the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class NotRead:
    """Why a document, or one invoice in it, was not read: where, what, and what would be right."""

    file: str
    message: str
    line: int = 0  # from 1; 0: the file as a whole
    field: str = ""  # the element or the column

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


@dataclass(slots=True, kw_only=True)
class Batch:
    """What one file gave."""

    invoices: list[Incoming] = field(default_factory=list)
    refusals: list[NotRead] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
