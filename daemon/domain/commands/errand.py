"""A command of the owner, what it is decided on, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.target import Target
from daemon.domain.history import History
from daemon.domain.standing.case import Case, case_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command with its arguments, as typed; only those that it takes are set."""

    # paid, missing, write-off, hold, resume, promise, plan-payment, dispute, called, note, email, assign, ignore, go,
    # stop, remind, statement, settle, forget
    name: str
    target: str = ""  # NUMBER, CLIENT/NUMBER, an item of the last digest, a letter or a client
    amount: Decimal | None = None
    at_most_owed: bool = False  # paid: an amount beyond what is open is a slip of the pen, and refused
    day: date | None = None
    text: str = ""  # in free words; email: the address, and a name behind it where one is given
    everything: bool = False  # go --all, statement --all
    parts: tuple[tuple[date, Decimal], ...] = ()  # plan-payment: each with its day
    count: int | None = None  # plan-payment: so many equal parts, the first on `day`
    every: str = ""  # plan-payment: the distance between them: month, 2w, 10d
    cancel: bool = False  # plan-payment: it is off
    currency: str = ""  # statement: of what is owed in this currency
    client: str = ""  # assign: whose mail it is, a key of the YAML
    numbers: tuple[str, ...] = ()  # assign: the invoices that it is about; () : all of the client's


@dataclass(frozen=True, slots=True)
class Done:
    """What is to be recorded, and what to tell the owner."""

    entries: tuple[j.AnyEntry, ...]
    words: str
    goes_on: tuple[str, ...] = ()  # what is held no more; what such a hold covers besides stays held


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a command is decided on."""

    ledger: Ledger
    history: History
    today: Callable[[str], date]  # the local date of a client
    at: datetime

    def case(self, client: str) -> Case:
        return case_of(self.ledger, self.history, client, self.today(client))


WAITS_FOR_YES = "waits for your yes"  # the note of a hold that nobody but the owner has caused

Step = Callable[[Command, Target, Desk, Case], Done | Refusal]


def named(target: Target) -> str:
    return ", ".join(target.numbers)
