"""The owner's words about a payment plan: the parts that were agreed, or that it is off."""

from __future__ import annotations

from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.refusal import Refusal
from daemon.domain.books.written import wrong_with_day
from daemon.domain.commands.errand import Command, Desk, Done
from daemon.domain.commands.holds import lift
from daemon.domain.commands.target import Target
from daemon.domain.journal import Because, PlanAgreed, PlanCancelled, PlanPart
from daemon.domain.standing.balance import money_in
from daemon.domain.standing.case import Case
from daemon.domain.standing.plan_days import asks_for_time
from daemon.domain.standing.plans import MOST_PARTS, equal_parts, every, outdated, stated_parts, wrong_with

_HOW = "plan-payment NUMBER 2026-12-15=400.00 2027-01-15=400.00, or --parts 3 --first 2026-12-15 --every month"


def plan_payment(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """What is open of one invoice is paid in parts from now on; or it is owed as a whole again."""
    if len(target.numbers) != 1:
        return Refusal(f"one plan an invoice: {_HOW}")
    number, today = target.numbers[0], desk.today(case.client.key)
    stated = next(i for i in desk.ledger.by_client[case.client.key] if i.number == number)
    known = case.history.plans.get(number)
    if command.cancel:
        return _cancelled(desk, case, stated, known)
    if stated.credit:
        return Refusal(f"{number} is a credit note: nothing is owed for it")
    if number in case.history.handed_over:
        return Refusal(f"{number} is handed over: we write no more about it")
    if number in case.history.told.written_off:
        return Refusal(f"{number} is written off: `resume {number}` takes that back")
    items = [item for item in case.items if item.ref.number == number]
    amount = sum((item.outstanding for item in items), Decimal(0))
    if amount <= 0:
        return Refusal(f"{number} is paid already")
    parts = _parts(command, amount, stated.currency)
    if isinstance(parts, Refusal):
        return parts
    wrong = wrong_with(parts, amount, stated.currency, today)
    if wrong is not None:
        return Refusal(wrong)
    settled = stated.owed.amount - amount
    paid = min(money_in(stated, case.history.payments.get(number, ()), today)[0], settled)
    agreed = PlanAgreed(
        at=desk.at, client=case.client.key, number=number, parts=parts, currency=stated.currency, paid_before=paid,
        credited_before=settled - paid, stated=stated_parts(stated), on=today,
    )  # fmt: skip
    lifted = lift(case, desk, (number,), frozenset(Because), only=lambda hold: _answered(case, hold))
    left = [hold for hold in case.history.holds.on(number, today) if not _answered(case, hold)]
    still = f"; still held ({', '.join(dict.fromkeys(hold.because.value for hold in left))})" if left else ""
    told = ", ".join(f"{part.amount:,.2f} by {part.due_on}" for part in parts)
    return Done((agreed, *lifted), f"{number}: {stated.currency} {amount:,.2f} in {_count(parts)}, {told}{still}")


def _count(parts: tuple[PlanPart, ...]) -> str:
    return "1 part" if len(parts) == 1 else f"{len(parts)} parts"


def _cancelled(desk: Desk, case: Case, invoice: Invoice, known: PlanAgreed | None) -> Done | Refusal:
    number = invoice.number
    if (known is None or known.by == "yaml" or outdated(invoice, known)) and invoice.instalments:
        return Refusal(f"the instalments of {number} stand in {invoice.source or 'the YAML'}: take them out there")
    if known is None:
        return Refusal(f"no payment plan is agreed for {number}")
    off = PlanCancelled(at=desk.at, client=case.client.key, number=number, on=desk.today(case.client.key))
    return Done((off,), f"{number}: the plan is off; the ladder goes on where it stood")


def _parts(command: Command, amount: Decimal, currency: str) -> tuple[PlanPart, ...] | Refusal:
    """As they were typed, or so many equal ones."""
    if command.parts:
        if command.count is not None or command.day is not None or command.every:
            return Refusal("either DATE=AMOUNT for each part, or --parts with --first and --every")
        return tuple(PlanPart(due_on=day, amount=part) for day, part in command.parts)
    if command.count is None or command.day is None:
        return Refusal(f"say which parts: {_HOW}")
    if not 1 <= command.count <= MOST_PARTS:
        return Refusal(f"a plan has 1 to {MOST_PARTS} parts, not {command.count}")
    distance = every(command.every or "month")
    if isinstance(distance, Refusal):
        return distance
    parts = equal_parts(amount, currency, command.count, command.day, distance)
    if wrong_with_day(parts[-1].due_on):
        return Refusal(f"{command.count} parts from {command.day} on end after all calendars: give an earlier day")
    return parts


def _answered(case: Case, hold: j.HoldPlaced) -> bool:
    """Whether the plan is the owner's answer to what holds the letters; a dispute, say, it is not."""
    return hold.because is Because.OWNER_WROTE or asks_for_time(case, hold)
