"""What the calendar alone makes of promises, of holds in the YAML, and of payment plans that were asked for.

Asked again with nothing new, it says nothing.  The forecast asks it, too: a day that passes breaks a promise.
"""

from __future__ import annotations

from datetime import date, datetime

from daemon.domain import journal as j
from daemon.domain.balance import below_tolerance
from daemon.domain.case import Case
from daemon.domain.invoice import Invoice, ItemRef
from daemon.domain.journal import Because
from daemon.domain.reading import Intent

_ASKS_FOR_A_PLAN = (Intent.EXTENSION, Intent.CANNOT_PAY)


def last_day_of(case: Case, made: j.PromiseMade) -> date:
    """The last day of a promise's grace; the day after it is broken."""
    return case.policy.hold.promise_grace.after(made.promised_on, case.client.calendar)


def broken_promises(case: Case, today: date, at: datetime) -> list[j.AnyEntry]:
    """A promise is broken when its day and the grace have passed and something that was due is still open."""
    if not case.history.promises:
        return []
    late = (i for i in case.items if i.due_on < today and not i.settled and not below_tolerance(i, case.policy))
    open_due = {i.ref.number for i in late}
    broken: dict[date, list[str]] = {}
    for number, made in case.history.promises.items():
        told = case.history.broken.get(number)
        new = told is None or told.promised_on < made.promised_on
        if new and number in open_due and today > last_day_of(case, made):
            broken.setdefault(made.promised_on, []).append(number)
    return [
        j.PromiseBroken(at=at, client=case.client.key, numbers=tuple(numbers), promised_on=day, on=today)
        for day, numbers in broken.items()
    ]


def stated_holds(
    case: Case, invoices: tuple[Invoice, ...], today: date, at: datetime, placed: int = 0
) -> list[j.AnyEntry]:
    """Holds beside the invoices: when they began, moved or went, so that the ladder's clock knows the days.

    One that went before its end holds for one business day more, so that a digest tells the owner in time (F53).

    Args:
        placed: how many holds the same entries place before these.
    """
    known, key = case.history.stated, case.client.key
    entries: list[j.AnyEntry] = []
    still_open = {item.ref.number for item in case.items if not item.settled}
    for invoice in invoices:
        before, now = known.get(invoice.number), invoice.hold
        if now is not None and (before is None or before.until != now.until):
            entries.append(j.HoldStated(at=at, client=key, number=invoice.number, held=True, until=now.until, on=today))
        elif now is None and before is not None:
            entries.append(j.HoldStated(at=at, client=key, number=invoice.number, held=False, until=None, on=today))
            if invoice.number in still_open and (before.until is None or before.until >= today):
                entries.append(_gone(case, invoice.number, today, at, placed))
                placed += 1
    return entries


def _gone(case: Case, number: str, today: date, at: datetime, ahead: int) -> j.HoldPlaced:
    return j.HoldPlaced(
        at=at,
        client=case.client.key,
        hold_id=f"{case.client.key}-h{case.history.holds_made + 1 + ahead}",
        numbers=(number,),
        because=Because.VANISHED,
        on=today,
        until=case.client.calendar.after(today, 1),
        review_on=today,
        note="a hold stood in the YAML and is there no more",
    )


def plans_entered(case: Case, invoices: tuple[Invoice, ...], today: date, at: datetime) -> list[j.AnyEntry]:
    """The client asked for time, and the owner has entered instalments where there were none: that answers it."""
    asked = {reply.mail for reply in case.history.replies if reply.intent in _ASKS_FOR_A_PLAN and reply.mail}
    if not asked:
        return []
    planned = {i.number for i in invoices if i.instalments and case.history.letters_about(ItemRef(i.number, None))}
    return [
        j.HoldLifted(at=at, client=case.client.key, hold_id=hold.hold_id, on=today, by="rule")
        for hold in case.history.holds.values()
        if hold.because is Because.REPLY and hold.mail in asked and hold.numbers and set(hold.numbers) <= planned
    ]
