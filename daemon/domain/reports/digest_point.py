"""One point of the digest: what it is about, what is to be said, and the commands that settle it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.history import History
from daemon.domain.journal import HoldPlaced, LetterQueued
from daemon.domain.reports.call_sheet import CallSheet
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case
from daemon.domain.standing.plan_days import asks_for_time


class What(StrEnum):
    """What a point asks; the order is the order in which DECIDE asks it."""

    ELSEWHERE = "elsewhere"  # a client wrote about something else: all of their letters wait two business days
    REVIEW = "review"  # a hold whose review date has come
    CLAIMS_PAID = "claims-paid"  # the bank's transit is over: has the money come?
    PAYMENT = "payment"  # money came that may be theirs
    RETURNED = "returned"  # money went out that may be a payment of theirs, taken back
    PROPOSAL = "proposal"  # an invoice that the owner sent by hand: is it to be followed?
    MAIL = "mail"  # a client's mail that nobody has answered
    GO = "go"  # a letter that needs the owner's approval
    BULK = "bulk"  # letters that wait because there are many, or because it is the first start; a client each
    HANDOVER = "handover"
    DOUBT = "doubt"
    REST = "rest"  # what is left is below the tolerance
    VANISHED = "vanished"  # a payment that stood in the YAML
    CLOCK = "clock"  # the clock jumped (F62)
    UNMATCHED = "unmatched"  # a mail that names a client or a number, or that nobody could read
    REFUSED = "refused"  # the letter itself was refused
    CALL = "call"
    LEAVES = "leaves"
    AHEAD = "ahead"  # a letter that is announced: it leaves another day


@dataclass(frozen=True, slots=True, kw_only=True)
class Do:
    """A command as the owner types it behind `sollecito`."""

    name: str
    rest: str = ""  # arguments behind the target
    target: str = ""  # "": the number of the item
    word: str = ""  # of `short` in `commands.yaml`, where a mail calls it otherwise: an invoice is followed, not sent

    def typed(self, item: int) -> str:
        target = shlex.quote(self.target) if self.target else str(item)
        return f"{self.name} {target} {self.rest}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is said about one client.  Amounts are never summed across currencies."""

    what: What
    client: str  # key; "": a mail that belongs to no client, or an invoice that is none of ours yet
    name: str  # of the client, as the owner knows it
    item: int = 0  # its number in the digest; 0: it has none
    numbers: tuple[str, ...] = ()
    money: tuple[Money, ...] = ()  # what is overdue, or where nothing is: what is open; one a currency
    still_open: tuple[Money, ...] = ()  # of a payment: what is open of the invoices that it may be for
    days: int | None = None  # overdue, of the oldest; None: nothing is due yet
    about: str = ""  # which kind of it: a reason for a hold or a call, the name of a letter, an intent
    quote: str = ""  # somebody else's words: a client's, a server's, the policy's
    who: str = ""  # the person to telephone, or the sender of the quoted mail
    phone: str | None = None
    address: str = ""  # where the letter goes, or the address that is dead
    on: date | None = None  # the day that belongs to it: of a review, of the mail
    leaves_at: datetime | None = None  # UTC
    confirmed: bool = True  # False: anyone could have sent what proposes this call (F47)
    do: tuple[Do, ...] = ()
    sheet: CallSheet | None = None  # of a call
    kind: Literal["letter", "hold", "call", "handover", "unmatched", "doubt", "balance", "payment", "proposal"] = "hold"
    ref: str = ""

    @property
    def by_name(self) -> Point:
        """The same without its number: its commands name what they are about, or are left to the next digest."""
        one = self.kind in ("proposal", "letter", "doubt", "call") and len(self.ref.split()) == 1
        invoice = self.kind in ("hold", "handover", "balance") and len(self.numbers) == 1
        name = self.ref if one else f"{self.client}/{self.numbers[0]}" if invoice else ""
        named = (replace(do, target=do.target or name) for do in self.do)
        return replace(self, item=0, do=tuple(do for do in named if do.target))

    @property
    def commands(self) -> tuple[str, ...]:
        return tuple(do.typed(self.item) for do in self.do)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the digest is made from, gathered once."""

    ledger: Ledger
    history: History
    today: date  # the creditor's
    now: datetime  # UTC
    cases: dict[str, Case]  # by client key; every client of the ledger

    def name_of(self, client: str) -> str:
        known = self.ledger.clients.get(client)
        return known.name if known else client

    def open_items(self, client: str, numbers: tuple[str, ...] | None = None) -> list[Item]:
        """What a client still owes; of these invoices, where some are named."""
        case = self.cases.get(client)
        items = case.items if case else ()
        return [i for i in items if not i.settled and (numbers is None or i.ref.number in numbers)]

    def open_numbers(self, client: str, numbers: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Those of `numbers` that are still owed; of () all that are."""
        return tuple(dict.fromkeys(i.ref.number for i in self.open_items(client, numbers or None)))

    def figures(self, client: str, numbers: tuple[str, ...]) -> tuple[tuple[Money, ...], int | None]:
        """What is overdue of these invoices, and for how many days; where nothing is, what is open."""
        items = self.open_items(client, numbers)
        late = [i for i in items if i.due_on < self.today]
        days = max(((self.today - i.due_on).days for i in late), default=None)
        return by_currency([Money(i.outstanding, i.invoice.currency) for i in late or items]), days

    def days_overdue(self, letter: LetterQueued) -> int | None:
        """How late the oldest of its claims is; None: nothing of it is due yet."""
        days = max((self.today - claim.due_on).days for claim in letter.claims)
        return days if days > 0 else None

    def stated_hold(self, client: str, numbers: tuple[str, ...]) -> bool:
        """Whether the YAML holds one of them: then no command can resume it."""
        return any(i.ref.number in numbers and i.invoice.held_on(self.today) for i in self.open_items(client))

    def paid(self, client: str, numbers: tuple[str, ...]) -> tuple[Do, ...]:
        """The command that says that these were paid: never an instalment that is not due yet."""
        items = self.open_items(client, numbers)
        late: dict[str, Decimal] = {}
        for item in items:
            if item.due_on < self.today:
                late[item.ref.number] = late.get(item.ref.number, Decimal(0)) + item.outstanding
        in_part = {i.ref.number for i in items if i.due_on >= self.today} & late.keys()
        if not in_part:
            return (Do(name="paid"),)
        if len(numbers) == 1:
            return (Do(name="paid", rest=f"--amount {late[numbers[0]]}"),)
        return tuple(
            Do(name="paid", target=f"{client}/{n}", rest=f"--amount {late[n]}" if n in in_part else "") for n in numbers
        )

    def in_parts(self, hold: HoldPlaced, numbers: tuple[str, ...], first: date) -> tuple[Do, ...]:
        """The command that agrees to two parts, a month between them, where a client asks for time; of one invoice."""
        if len(numbers) != 1 or not self.open_items(hold.client, numbers):
            return ()
        asked = asks_for_time(self.cases[hold.client], hold)
        return (Do(name="plan-payment", rest=f"--parts 2 --first {first}"),) if asked else ()


def by_currency(amounts: list[Money]) -> tuple[Money, ...]:
    """One sum a currency, the currencies in the order in which they come."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        sums[amount.currency] = sums[amount.currency] + amount if amount.currency in sums else amount
    return tuple(sums.values())
