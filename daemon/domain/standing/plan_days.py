"""What the calendar and the YAML make of payment plans: an instalment that was missed, a plan that was written down.

The calendar alone says whether an instalment was missed; the entry about it is for the owner.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.reading import Intent
from daemon.domain.journal import Because
from daemon.domain.standing.balance import Item, below_tolerance
from daemon.domain.standing.case import Case
from daemon.domain.standing.plans import outdated, stated_parts
from daemon.domain.standing.steps import Step

_DAY = timedelta(days=1)
_ASKS_FOR_TIME = (Intent.EXTENSION, Intent.CANNOT_PAY)


def plan_of(case: Case, item: Item) -> j.PlanAgreed | None:
    """The plan, agreed after the fact, of which an item is a part; instalments from the start are no such plan."""
    return None if item.ref.instalment is None else case.history.plans.get(item.ref.number)


def missed_from(case: Case, item: Item) -> date:
    """The first day on which a part of a plan counts as missed: the day after its own and the grace."""
    return case.policy.hold.promise_grace.after(item.due_on, case.client.calendar) + _DAY


def is_missed(case: Case, item: Item, today: date) -> bool:
    """Whether a part of a plan has not come in by its day and the grace."""
    late = item.due_on < today and not item.settled and not below_tolerance(item, case.policy)
    return late and plan_of(case, item) is not None and missed_from(case, item) <= today


def untold(case: Case, item: Item, done: list[Step]) -> bool:
    """Whether no letter has said yet that this part was missed."""
    missed = missed_from(case, item)
    return not any(step.on >= missed and not step.before_plan for step in done)


def broken_plans(case: Case, today: date, at: datetime) -> list[j.PlanBroken]:
    """The parts of plans that were missed, each once."""
    if not case.history.plans:
        return []
    return [
        j.PlanBroken(
            at=at, client=case.client.key, number=item.ref.number, instalment=item.ref.instalment,
            due_on=item.due_on, on=today,
        )
        for item in case.items
        if item.ref.instalment is not None
        and item.ref not in case.history.broken_plans
        and is_missed(case.under(item.invoice.policy), item, today)
    ]  # fmt: skip


def plans_stated(case: Case, invoices: tuple[Invoice, ...], today: date, at: datetime) -> list[j.AnyEntry]:
    """Instalments in the YAML that are a plan agreed after the fact: letters about the whole, or a plan, came before.

    They answer who asked for time.  They stand in the place of a plan that was agreed by command before they were
    written; taken out, they end it.

    Args:
        invoices: as the YAML states them.
    """
    history, key = case.history, case.client.key
    in_parts = history.plans or any(ref.instalment for ref in history.by_item) or any(i.instalments for i in invoices)
    if not in_parts or not (history.plans or history.letters):
        return []
    entries: list[j.AnyEntry] = []
    agreed: set[str] = set()
    as_a_whole, as_parts = _written_about(case)
    for invoice in invoices:
        number, plan = invoice.number, history.plans.get(invoice.number)
        if invoice.instalments and (number in as_a_whole if plan is None else outdated(invoice, plan)):
            parts = stated_parts(invoice)
            agreed.add(number)
            entries.append(
                j.PlanAgreed(
                    at=at, client=key, number=number, parts=parts, currency=invoice.currency, paid_before=Decimal(0),
                    stated=parts, on=today, by="yaml",
                )
            )  # fmt: skip
        elif not invoice.instalments and (number in as_parts if plan is None else plan.by == "yaml"):
            entries.append(j.PlanCancelled(at=at, client=key, number=number, on=today, by="yaml"))
    if not agreed:
        return entries
    asking = (hold for hold in history.holds if hold.numbers and asks_for_time(case, hold))
    return entries + [
        j.HoldLifted(at=at, client=case.client.key, hold_id=hold.hold_id, on=today, by="rule")
        for hold in asking
        if agreed.intersection(hold.numbers)
        and not (hold.because is Because.PROMISE and history.plans.keys() & set(hold.numbers))  # made under the plan
        and set(hold.numbers) <= agreed | {n for n, p in history.plans.items() if p.on >= hold.on}
    ]


def _written_about(case: Case) -> tuple[set[str], set[str]]:
    """The invoices about which letters went as they were owed before, as a whole; and those about their parts now."""
    as_a_whole: set[str] = set()
    as_parts: set[str] = set()
    for ref, letters in case.history.by_item.items():
        before = case.history.before_plan.get(ref.number, frozenset())
        for record, _ in letters:
            if record.counts:
                earlier = ref.instalment is None or record.queued.letter_id in before
                (as_a_whole if earlier else as_parts).add(ref.number)
    return as_a_whole, as_parts


def asks_for_time(case: Case, hold: j.HoldPlaced) -> bool:
    """Whether a plan is the answer to what holds the letters: a promise, or that the client cannot pay as agreed."""
    if hold.because is Because.PROMISE:
        return True
    if hold.because is not Because.REPLY or not hold.mail:
        return False
    return any(reply.mail == hold.mail and reply.intent in _ASKS_FOR_TIME for reply in case.history.replies)
