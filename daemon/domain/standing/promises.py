"""What the calendar and the books make of promises and of holds in the YAML.

Asked again with nothing new, it says nothing.  The forecast asks it, too: a day that passes breaks a promise.
"""

from __future__ import annotations

from datetime import date, datetime

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.journal import Because
from daemon.domain.standing.balance import Item, below_tolerance
from daemon.domain.standing.case import Case


def last_day_of(case: Case, made: j.PromiseMade) -> date:
    """The last day of a promise's grace; the day after it is broken."""
    return case.hold_terms(made.numbers).promise_grace.after(made.promised_on, case.client.calendar)


def broken_promises(case: Case, today: date, at: datetime) -> list[j.AnyEntry]:
    """A promise is broken when its day and the grace have passed and something that was due is still open."""
    told = case.history.broken
    new = {
        number: made
        for number, made in case.history.promises.items()
        if number not in told or told[number].promised_on < made.promised_on
    }
    if not new:
        return []
    late = (i for i in case.items if i.due_on < today and not i.settled and not _is_small(case, i))
    open_due = {i.ref.number for i in late}
    broken: dict[date, list[str]] = {}
    for number, made in new.items():
        if number in open_due and today > last_day_of(case, made):
            broken.setdefault(made.promised_on, []).append(number)
    return [
        j.PromiseBroken(at=at, client=case.client.key, numbers=tuple(numbers), promised_on=day, on=today)
        for day, numbers in broken.items()
    ]


def kept_promises(case: Case, today: date, at: datetime) -> list[j.PromiseKept]:
    """A promise is kept when money came in by its day and the grace, and nothing that was due by then is open."""
    kept: dict[date, list[str]] = {}
    for number, made in case.history.promises.items():
        told, broken = case.history.kept.get(number), case.history.broken.get(number)
        if (told and told.promised_on >= made.promised_on) or (broken and broken.promised_on >= made.promised_on):
            continue
        items = [item for item in case.items if item.ref.number == number]
        if any(item.given_up for item in items):
            continue  # what the owner gives up, nobody has paid
        due = [item for item in items if item.due_on <= made.promised_on] or items
        if due and all(i.settled or _is_small(case, i) for i in due) and _came_in_time(case, due, made):
            kept.setdefault(made.promised_on, []).append(number)
    return [
        j.PromiseKept(at=at, client=case.client.key, numbers=tuple(numbers), promised_on=day, on=today)
        for day, numbers in kept.items()
    ]


def _is_small(case: Case, item: Item) -> bool:
    return below_tolerance(item, case.under(item.invoice.policy).policy)


def _came_in_time(case: Case, due: list[Item], made: j.PromiseMade) -> bool:
    last = due[0].last_paid_on
    return any(item.paid for item in due) and last is not None and last <= last_day_of(case, made)


def stated_holds(
    case: Case, invoices: tuple[Invoice, ...], today: date, at: datetime, placed: int = 0
) -> list[j.AnyEntry]:
    """Holds beside the invoices: when they began, moved or went, so that the ladder's clock knows the days.

    One that went before its end holds for one business day more, so that a digest tells the owner in time (F53).

    Args:
        placed: how many holds the same entries place before these.
    """
    known, key = case.history.holds.stated, case.client.key
    entries: list[j.AnyEntry] = []
    if not known and all(invoice.hold is None for invoice in invoices):
        return entries
    still_open = set(case.open_numbers)
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
        hold_id=case.history.next_hold_id(ahead),
        numbers=(number,),
        because=Because.VANISHED,
        on=today,
        until=case.client.calendar.after(today, 1),
        review_on=today,
        note="a hold stood in the YAML and is there no more",
    )
