"""A bank's statement: what moved on one account, and how the config says that statements are to be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

import msgspec


class StatementFault(Exception):
    """A statement that cannot be read; the message says where in the file and what."""


class Flow(StrEnum):
    """Which way the money went."""

    IN = "in"
    OUT = "out"  # our own payments: nothing to match
    BACK = "back"  # money that had come in was taken back: a reversal or a return


class BankEntry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One booked movement."""

    id: str  # the same whichever file tells it: `daemon.adapters.bank_ids`
    account: str
    booked_on: date
    amount: Decimal  # more than zero
    currency: str  # ISO 4217
    flow: Flow = Flow.IN
    name: str = ""  # of who paid, as the bank writes it
    iban: str = ""  # of who paid
    text: str = ""  # what they wrote
    references: tuple[str, ...] = ()  # structured ones, ids of the transfer, numbers of documents
    collective: bool = False  # one sum for several payments that are not told apart


class Statement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One statement of one account."""

    file: str  # the name, without the folder
    id: str  # as the bank names it; where it does not, by account and day
    account: str
    currency: str
    until: date  # the last day of which it tells
    entries: tuple[BankEntry, ...]
    goes_on: bool = False  # a piece of it, and more is to come: until then it makes nothing fresh


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    """How a CSV is to be read.  Nothing of it is guessed."""

    date: str  # names of columns
    amount: str
    out: str | None = None  # of what went out, where the bank has a column of its own for it
    text: tuple[str, ...] = ()  # joined with a space
    name: str | None = None
    iban: str | None = None
    reference: str | None = None
    id: str | None = None  # what makes a line one movement, where the bank gives that
    currency_in: str | None = None
    currency: str | None = None  # of all lines, where no column has it
    account: str = "csv"
    dates: str = "YYYY-MM-DD"  # DD, MM, YYYY and the signs between them; or as `strptime` reads them
    decimal: str = "."  # or ","
    thousands: str = ""  # the sign between them; empty: none is there
    delimiter: str = ","
    encoding: str = "utf-8"
    skip: int = 0  # lines above the names of the columns


@dataclass(frozen=True, slots=True, kw_only=True)
class BankTerms:
    """`bank:` of the config."""

    folder: str | None = None  # absolute; None: statements are told by command only
    fresh_within: int = 4  # business days of the creditor; older bank data holds reminders back
    transit: int = 2  # business days after a due date in which money may be on its way
    columns: ColumnMap | None = None


def in_order(statements: Iterable[Statement]) -> list[BankEntry]:
    """The entries of several statements, the oldest first, each once: the order of the files is nothing."""
    return sorted(
        {entry.id: entry for statement in statements for entry in statement.entries}.values(),
        key=lambda entry: (entry.booked_on, entry.flow is Flow.BACK, entry.id),
    )
