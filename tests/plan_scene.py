"""An invoice about which letters go, and the owner who agrees on a payment plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daemon.domain.books.invoice import Invoice
from daemon.domain.books.policy import INSTALMENT_DUE, LetterLevel
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from tests.builders import STANDARD_LEVELS, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days

MON = date(2026, 11, 2)
FRI = date(2026, 11, 6)
DEC = date(2026, 12, 1)  # a Tuesday
JAN = date(2027, 1, 12)  # a Tuesday
HALVES = ((DEC, Decimal("610.00")), (JAN, Decimal("610.00")))
LADDER = a_policy(levels=(LetterLevel(letter=INSTALMENT_DUE, day=-4), *STANDARD_LEVELS[2:]))


def some_days(*invoices: Invoice, **ledger: object) -> Days:
    return Days(a_ledger(*(invoices or (an_invoice(),)), **ledger), a_history())  # type: ignore[arg-type]


def tell(days: Days, name: str, today: date, target: str = "2026-041", **given: object) -> Done | Refusal:
    desk = Desk(ledger=days.ledger, history=days.history, today=lambda _: today, at=at(today, 11))
    answer = execute(Command(name=name, target=target, **given), desk)  # type: ignore[arg-type]
    if isinstance(answer, Done):
        days.take_in(*answer.entries)
    return answer


def agree(days: Days, today: date, *parts: tuple[date, Decimal], target: str = "2026-041") -> None:
    answer = tell(days, "plan-payment", today, target, parts=parts or HALVES)
    assert isinstance(answer, Done), answer.because
