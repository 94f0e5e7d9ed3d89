"""The owner's words about letters: go, stop, remind, settle."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.books.refusal import Known, Refusal
from daemon.domain.commands.errand import Command, Desk, Done, named
from daemon.domain.commands.holds import placed
from daemon.domain.commands.target import Target, find_target
from daemon.domain.history import Status
from daemon.domain.history.holds import STOPPED
from daemon.domain.journal import Because
from daemon.domain.ladder.account_letter import statement as statement_of
from daemon.domain.ladder.by_hand import remind as remind_by_hand
from daemon.domain.standing.case import Case


def go(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    waiting = [
        record
        for record in case.history.letters.values()
        if record.status is Status.WAITING
        and (
            record.queued.letter_id in target.letters
            if target.kind == "letter"
            else set(record.numbers) & set(target.numbers)
        )
    ]
    entries: list[j.AnyEntry] = [
        j.LetterReleased(at=desk.at, client=case.client.key, letter_id=record.queued.letter_id) for record in waiting
    ]
    words = [f"{record.queued.letter} about {', '.join(record.numbers)} goes next" for record in waiting]
    suggested = {
        n: case.history.handovers[n]
        for n in target.numbers
        if n in case.history.handovers and n not in case.history.handed_over and target.kind != "letter"
        if n not in case.history.told.written_off
    }
    if suggested:
        to = next(iter(suggested.values())).to
        entries.append(
            j.HandedOver(
                at=desk.at, client=case.client.key, numbers=tuple(suggested), to=to, on=desk.today(case.client.key)
            )
        )
        words.append(f"{', '.join(suggested)} handed over ({to}); we write no more about it")
    if not entries:
        return Refusal(f"nothing about {named(target)} waits for a go", Known.NO_GO, named(target))
    return Done(tuple(entries), "; ".join(words))


def go_all(desk: Desk) -> Done | Refusal:
    waiting = [
        record.queued
        for history in desk.history.clients.values()
        for record in history.letters.values()
        if record.status is Status.WAITING
    ]
    if not waiting:
        return Refusal("no letter waits for a go", Known.NOTHING_WAITS)
    entries = tuple(j.LetterReleased(at=desk.at, client=q.client, letter_id=q.letter_id) for q in waiting)
    count = "1 letter" if len(entries) == 1 else f"{len(entries)} letters"
    return Done(entries, f"{count} released; the day's limit still holds")


def stop(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    pending = [
        record
        for record in case.history.letters.values()
        if record.pending
        and (
            record.queued.letter_id in target.letters
            if target.kind == "letter"
            else set(record.numbers) & set(target.numbers)
        )
    ]
    entries: list[j.AnyEntry] = [
        j.LetterWithdrawn(
            at=desk.at, client=case.client.key, letter_id=record.queued.letter_id, because="stopped by you", by="owner"
        )
        for record in pending
    ]
    if target.kind == "call":
        made = j.CallMade(
            at=desk.at,
            client=case.client.key,
            call_id=target.ref,
            numbers=target.numbers,
            result="not needed",
            on=desk.today(case.client.key),
        )
        return Done((made,), "call taken off the list")
    numbers = tuple(dict.fromkeys(n for record in pending for n in record.numbers)) or target.numbers
    entries.append(placed(case, desk, numbers, Because.OWNER, note=STOPPED))
    return Done(tuple(entries), f"{', '.join(numbers)} stopped; `resume` lets the ladder go on")


def remind(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    letter = remind_by_hand(case, target.numbers, desk.today(case.client.key), desk.at)
    if isinstance(letter, Refusal):
        return letter
    about = ", ".join(dict.fromkeys(claim.number for claim in letter.claims))
    return Done((letter,), f"{letter.letter} about {about} to {letter.to} on {letter.on}")


def statement(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """A statement of account to one client, in one currency."""
    letter = statement_of(case, command.currency, desk.today(case.client.key), desk.at)
    return letter if isinstance(letter, Refusal) else Done((letter,), _stated(letter))


def statements(command: Command, desk: Desk) -> Done | Refusal:
    """A statement of account to every client with something overdue; who gets none is named with the reason."""
    entries: list[j.AnyEntry] = []
    words: list[str] = []
    for key in desk.ledger.clients:
        case, today = desk.case(key), desk.today(key)
        if not any(item.due_on < today and not item.settled for item in case.items):
            continue
        letter = statement_of(case, command.currency, today, desk.at)
        words.append(f"none: {letter.because}" if isinstance(letter, Refusal) else _stated(letter))
        entries += [] if isinstance(letter, Refusal) else [letter]
    if not entries:
        return Refusal("\n".join(words) or "nothing is overdue")
    return Done(tuple(entries), "\n".join(words))


def _stated(letter: j.LetterQueued) -> str:
    count = len({claim.number for claim in letter.claims})
    total = sum(claim.outstanding for claim in letter.claims)
    about = f"{count} invoice{'' if count == 1 else 's'}, {letter.claims[0].currency} {total:,.2f}"
    left = f"; left out: {', '.join(letter.left_out)}" if letter.left_out else ""
    return f"{letter.client}: statement of {about}, to {letter.to} on {letter.on}{left}"


def settle(command: Command, desk: Desk) -> Done | Refusal:
    if command.text not in ("sent", "resend"):
        return Refusal("settle LETTER sent, or settle LETTER resend")
    target = find_target(command.target, desk.ledger, desk.history)
    letter_id = target.ref if isinstance(target, Target) and target.kind == "doubt" and target.ref else command.target
    for key, history in desk.history.clients.items():
        record = history.letters.get(letter_id)
        if record is None:
            continue
        entries = tuple(
            j.DoubtSettled(
                at=desk.at,
                client=key,
                letter_id=letter_id,
                to=to,
                by="owner",
                outcome="sent" if command.text == "sent" else "resend",
            )
            for to, delivery in record.deliveries.items()
            if delivery.status is Status.IN_DOUBT
        )
        words = "counts as sent" if command.text == "sent" else "will be sent again"
        return Done(entries, f"{letter_id} {words}") if entries else Refusal(f"{letter_id} is not in doubt")
    return Refusal(f"there is no letter {command.target!r}; `sollecito status` lists those in doubt")
