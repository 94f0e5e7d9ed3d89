"""The owner's words about what is held: hold, resume, promise, dispute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.refusal import Known, Refusal
from daemon.domain.commands.errand import Command, Desk, Done, named
from daemon.domain.commands.target import Target
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case

_SETTLED_BY_OWNER = frozenset(Because) - {Because.DISPUTE, Because.VANISHED}


def hold(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    if command.day is not None and command.day < today:
        return Refusal(f"{command.day} has passed; give a later day, or leave it out to hold until `resume`")
    waits = placed(case, desk, target.numbers, Because.OWNER, until=command.day, note=command.text)
    return Done(
        (waits,),
        f"{named(target)} held "
        + (
            f"until {command.day}, included"
            if command.day
            else f"until you resume it; you are asked again on {waits.review_on}"
        ),
    )


def resume(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """Lift every hold; where there is none, trust the addresses again that had failed.

    An invoice that is written off, and is named, is owed again; what held it before holds it still.
    """
    today = desk.today(case.client.key)
    given_up = tuple(n for n in target.numbers if n in case.history.told.written_off and target.kind != "client")
    if given_up:
        again = j.WriteOffReversed(at=desk.at, client=case.client.key, numbers=given_up, on=today)
        words = f"{', '.join(given_up)}: no longer written off; the ladder goes on"
        return Done((again,), words + still_held(case, given_up, today, ()))
    for item in case.items:
        if item.ref.number in target.numbers and item.invoice.held_on(today):
            return Refusal(f"{item.ref.number} is held in {item.invoice.source or 'the YAML'}: take the hold out there")
    entries = lift(case, desk, target.numbers, frozenset(Because))
    if entries:
        return Done(tuple(entries), f"{named(target)}: the ladder goes on", target.numbers)
    stated_addresses = {c.email.lower() for c in case.client.contacts}
    dead = [a for a in (*case.history.failed, *case.history.absent) if a in stated_addresses]
    if dead:
        cleared = tuple(
            j.ContactCleared(at=desk.at, client=case.client.key, address=a, on=today) for a in dict.fromkeys(dead)
        )
        return Done(cleared, f"{', '.join(dict.fromkeys(dead))} will be written to again")
    return Refusal(f"{named(target)} is not held", Known.NOT_HELD, named(target))


def promise(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    if command.day is None or command.day < today:
        return Refusal("a promise needs a day that has not passed: promise NUMBER 2026-12-15")
    until = case.hold_terms(target.numbers).promise_grace.after(command.day, case.client.calendar)
    lifted = lift(case, desk, target.numbers, _SETTLED_BY_OWNER)
    placed_before = sum(isinstance(e, j.HoldPlaced) for e in lifted)
    made = j.PromiseMade(
        at=desk.at, client=case.client.key, numbers=target.numbers, promised_on=command.day, mail=None, on=today
    )
    waits = placed(case, desk, target.numbers, Because.PROMISE, until=until, ahead=placed_before)
    return Done((*lifted, made, waits), f"{named(target)}: promised for {command.day}, held until {until}")


def dispute(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    raised = j.DisputeRaised(
        at=desk.at, client=case.client.key, numbers=target.numbers, mail=None, on=today, note=command.text
    )
    review = case.hold_terms(target.numbers).dispute_review.after(today, case.client.calendar)
    waits = placed(case, desk, target.numbers, Because.DISPUTE, review_on=review, note=command.text)
    return Done((raised, waits), f"{named(target)}: disputed, held; review on {review}")


def still_held(case: Case, numbers: tuple[str, ...], today: date, lifted: Sequence[j.AnyEntry]) -> str:
    """What holds them all the same once these entries are recorded, for the end of an answer; "": nothing does."""
    ended = {entry.hold_id for entry in lifted if isinstance(entry, j.HoldLifted)}
    held = [
        hold.because.value
        for number in numbers
        for hold in case.history.holds.on(number, today)
        if hold.hold_id not in ended
    ]
    stated = any(i.ref.number in numbers and i.invoice.held_on(today) for i in case.items)
    why = dict.fromkeys([*held, *(["in the YAML"] if stated else [])])
    return f"; still held ({', '.join(why)})" if why else ""


def placed(
    case: Case,
    desk: Desk,
    numbers: tuple[str, ...],
    because: Because,
    *,
    until: date | None = None,
    review_on: date | None = None,
    note: str = "",
    ahead: int = 0,
) -> j.HoldPlaced:
    today = desk.today(case.client.key)
    if until is None and review_on is None:
        review_on = case.hold_terms(numbers).review.after(today, case.client.calendar)
    return j.HoldPlaced(
        at=desk.at,
        client=case.client.key,
        hold_id=case.history.next_hold_id(ahead),
        numbers=numbers,
        because=because,
        on=today,
        until=until,
        review_on=review_on,
        note=note,
    )


def lift(
    case: Case,
    desk: Desk,
    numbers: tuple[str, ...],
    kinds: frozenset[Because],
    before: tuple[j.AnyEntry, ...] = (),
    only: Callable[[j.HoldPlaced], bool] = lambda hold: True,
) -> list[j.AnyEntry]:
    """Lift the holds of these kinds for these invoices; what such a hold covers besides stays held.

    Args:
        before: what the same command records ahead of these; a hold is lifted once.
        only: which of those holds.
    """
    today = desk.today(case.client.key)
    lifted = {entry.hold_id for entry in before if isinstance(entry, j.HoldLifted)}
    ahead = sum(isinstance(entry, j.HoldPlaced) for entry in before)
    again = [entry for entry in before if isinstance(entry, j.HoldPlaced)]
    entries: list[j.AnyEntry] = []
    for hold in [*case.history.holds, *again]:
        covered = hold.numbers or case.open_numbers
        over = hold.until is not None and hold.until < today
        if hold.hold_id in lifted or hold.because not in kinds or over or not set(covered) & set(numbers):
            continue
        if not only(hold):
            continue
        entries.append(j.HoldLifted(at=desk.at, client=case.client.key, hold_id=hold.hold_id, on=today, by="owner"))
        rest = tuple(n for n in covered if n not in numbers)
        if rest:
            hold_id = case.history.next_hold_id(ahead)
            ahead += 1
            entries.append(msgspec.structs.replace(hold, at=desk.at, hold_id=hold_id, numbers=rest, on=today))
    return entries
