"""What the owner tells us, by command: pure decisions that answer with entries and words, or with a refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.arrival import open_numbers
from daemon.domain.by_hand import remind
from daemon.domain.case import Case, case_of
from daemon.domain.history import History, Status
from daemon.domain.journal import Because
from daemon.domain.ledger import Ledger
from daemon.domain.refusal import Refusal
from daemon.domain.target import Target, find_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One command with its arguments, as typed; only those that it takes are set."""

    name: str  # paid, hold, resume, promise, dispute, called, go, stop, remind, settle, forget
    target: str = ""  # NUMBER, CLIENT/NUMBER, an item of the last digest, a letter or a client
    amount: Decimal | None = None
    day: date | None = None
    text: str = ""
    everything: bool = False  # go --all


@dataclass(frozen=True, slots=True)
class Done:
    """What is to be recorded, and what to tell the owner."""

    entries: tuple[j.AnyEntry, ...]
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a command is decided on."""

    ledger: Ledger
    history: History
    today: Callable[[str], date]  # the local date of a client
    at: datetime

    def case(self, client: str) -> Case:
        return case_of(self.ledger, self.history, client, self.today(client))


def execute(command: Command, desk: Desk) -> Done | Refusal:
    """Decide what a command does.  Nothing is guessed: an unclear target is refused, and so is what a rule forbids."""
    if command.name == "go" and command.everything:
        return _go_all(desk)
    if command.name == "settle":
        return _settle(command, desk)
    if command.name == "forget" and command.target in desk.history.clients:
        return _forget(command.target, desk)  # also one that has left the books
    target = find_target(command.target, desk.ledger, desk.history)
    if isinstance(target, Refusal):
        return target
    if command.name == "forget":
        if target.kind != "client":
            return Refusal("forget takes a client's key, not an invoice or a letter")
        return _forget(str(target.client), desk)
    if target.client is None:
        return _of_a_mail(command, target, desk)
    step = _STEPS.get(command.name)
    if step is None:
        return Refusal(f"there is no command {command.name!r}")
    return step(command, target, desk, desk.case(target.client))


_Step = Callable[[Command, Target, Desk, Case], Done | Refusal]


def _paid(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    entries: list[j.AnyEntry] = []
    told = []
    for number in target.numbers:
        items = [item for item in case.items if item.ref.number == number]
        owed = sum((item.outstanding for item in items), Decimal(0))
        amount = command.amount if command.amount is not None else owed
        if amount <= 0:
            return Refusal(f"{number} is paid already; nothing was recorded")
        currency = items[0].invoice.currency
        entries.append(
            j.PaymentRecorded(
                at=desk.at,
                client=case.client.key,
                number=number,
                amount=amount,
                currency=currency,
                on=command.day or today,
                by="owner",
            )
        )
        rest = owed - amount
        told.append(f"{number}: {currency} {amount:,.2f} recorded" + (f", {rest:,.2f} still open" if rest > 0 else ""))
        if rest < 0:
            told[-1] += f", {-rest:,.2f} more than was owed"
    entries += _lift(case, desk, target.numbers, frozenset({Because.CLAIMS_PAID, Because.PROMISE}))
    return Done(tuple(entries), "; ".join(told))


def _hold(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    if command.day is not None and command.day < today:
        return Refusal(f"{command.day} has passed; give a later day, or leave it out to hold until `resume`")
    hold = _placed(case, desk, target.numbers, Because.OWNER, until=command.day, note=command.text)
    return Done(
        (hold,),
        f"{_names(target)} held " + (f"until {command.day}, included" if command.day else "until you resume it"),
    )


def _resume(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    for item in case.items:
        stated = item.invoice.hold
        if item.ref.number in target.numbers and stated and (stated.until is None or today <= stated.until):
            return Refusal(f"{item.ref.number} is held in {item.invoice.source or 'the YAML'}: take the hold out there")
    entries = _lift(case, desk, target.numbers, frozenset(Because))
    if entries:
        return Done(tuple(entries), f"{_names(target)}: the ladder goes on")
    stated_addresses = {c.email.lower() for c in case.client.contacts}
    dead = [a for a in (*case.history.failed, *case.history.absent) if a in stated_addresses]
    if dead:
        cleared = tuple(
            j.ContactCleared(at=desk.at, client=case.client.key, address=a, on=today) for a in dict.fromkeys(dead)
        )
        return Done(cleared, f"{', '.join(dict.fromkeys(dead))} will be written to again")
    return Refusal(f"{_names(target)} is not held")


def _promise(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    if command.day is None or command.day < today:
        return Refusal("a promise needs a day that has not passed: promise NUMBER 2026-12-15")
    until = case.policy.hold.promise_grace.after(command.day, case.client.calendar)
    lifted = _lift(case, desk, target.numbers, _SETTLED_BY_OWNER)
    placed_before = sum(isinstance(e, j.HoldPlaced) for e in lifted)
    made = j.PromiseMade(
        at=desk.at, client=case.client.key, numbers=target.numbers, promised_on=command.day, mail=None, on=today
    )
    hold = _placed(case, desk, target.numbers, Because.PROMISE, until=until, ahead=placed_before)
    return Done((*lifted, made, hold), f"{_names(target)}: promised for {command.day}, held until {until}")


def _dispute(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    today = desk.today(case.client.key)
    raised = j.DisputeRaised(
        at=desk.at, client=case.client.key, numbers=target.numbers, mail=None, on=today, note=command.text
    )
    review = case.policy.hold.dispute_review.after(today, case.client.calendar)
    hold = _placed(case, desk, target.numbers, Because.DISPUTE, review_on=review, note=command.text)
    return Done((raised, hold), f"{_names(target)}: disputed, held; review on {review}")


_SETTLED_BY_OWNER = frozenset(Because) - {Because.DISPUTE, Because.VANISHED}
_PROMISED = ("promised", "promise")
_DISPUTED = ("disputes", "disputed", "dispute")


def _called(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """A call was made; `promised DATE`, `disputes` and `paid` have their effects, other words are kept."""
    today = desk.today(case.client.key)
    words = command.text.split()
    if not words:
        return Refusal("say how the call went: called NUMBER voicemail | promised 2026-12-15 | disputes | paid | ...")
    open_calls = [
        c.suggested for c in case.history.calls.values() if c.open and set(c.suggested.numbers) & set(target.numbers)
    ]
    call_id = target.ref if target.kind == "call" else (open_calls[0].call_id if len(open_calls) == 1 else None)
    made = j.CallMade(
        at=desk.at, client=case.client.key, call_id=call_id, numbers=target.numbers, result=command.text, on=today
    )
    effect: Done | Refusal = Done((), "noted")
    if words[0].lower() in _PROMISED:
        effect = _promise(command, target, desk, case)
    elif words[0].lower() in _DISPUTED:
        effect = _dispute(command, target, desk, case)
    elif words[0].lower() == "paid":
        review = case.policy.hold.claims_paid.after(today, case.client.calendar)
        effect = Done(
            (_placed(case, desk, target.numbers, Because.CLAIMS_PAID, review_on=review),),
            f"{_names(target)} held; if no money comes you are asked on {review}",
        )
    if isinstance(effect, Refusal):
        return effect
    return Done((made, *effect.entries), f"call recorded: {command.text}; {effect.words}")


def _go(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
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
    }
    if suggested:
        to = next(iter(suggested.values())).to
        entries.append(
            j.HandedOver(
                at=desk.at, client=case.client.key, numbers=tuple(suggested), to=to, on=desk.today(case.client.key)
            )
        )
        words.append(f"{', '.join(suggested)} handed over ({to}); we write no more about it")
    return (
        Done(tuple(entries), "; ".join(words)) if entries else Refusal(f"nothing about {_names(target)} waits for a go")
    )


def _go_all(desk: Desk) -> Done | Refusal:
    waiting = [
        record.queued
        for history in desk.history.clients.values()
        for record in history.letters.values()
        if record.status is Status.WAITING
    ]
    if not waiting:
        return Refusal("no letter waits for a go")
    entries = tuple(j.LetterReleased(at=desk.at, client=q.client, letter_id=q.letter_id) for q in waiting)
    return Done(entries, f"{len(entries)} letters released; the day's limit still holds")


def _stop(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
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
    entries.append(_placed(case, desk, numbers, Because.OWNER, note="stopped"))
    return Done(tuple(entries), f"{', '.join(numbers)} stopped; `resume` lets the ladder go on")


def _remind(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    letter = remind(case, target.numbers, desk.today(case.client.key), desk.at)
    if isinstance(letter, Refusal):
        return letter
    return Done((letter,), f"{letter.letter} about {', '.join(target.numbers)} to {letter.to} on {letter.on}")


def _forget(client: str, desk: Desk) -> Done:
    forgotten = j.ClientForgotten(at=desk.at, client=client, on=desk.today(client))
    stays = "; take them out of the YAML too" if client in desk.ledger.clients else ""
    return Done((forgotten,), f"texts and addresses of {client} are removed, figures stay{stays}")


def _settle(command: Command, desk: Desk) -> Done | Refusal:
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


def _of_a_mail(command: Command, target: Target, desk: Desk) -> Done | Refusal:
    if command.name != "stop" or target.ref is None:
        return Refusal(
            f"item {target.item} is a mail that belongs to no client: only `stop {target.item}` puts it away"
        )
    return Done((j.MailDismissed(at=desk.at, mail=target.ref),), "put away")


_STEPS: dict[str, _Step] = {
    "paid": _paid,
    "hold": _hold,
    "resume": _resume,
    "promise": _promise,
    "dispute": _dispute,
    "called": _called,
    "go": _go,
    "stop": _stop,
    "remind": _remind,
}


def _names(target: Target) -> str:
    return ", ".join(target.numbers)


def _placed(
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
        review_on = case.policy.hold.review.after(today, case.client.calendar)
    return j.HoldPlaced(
        at=desk.at,
        client=case.client.key,
        hold_id=f"{case.client.key}-h{case.history.holds_made + 1 + ahead}",
        numbers=numbers,
        because=because,
        on=today,
        until=until,
        review_on=review_on,
        note=note,
    )


def _lift(case: Case, desk: Desk, numbers: tuple[str, ...], kinds: frozenset[Because]) -> list[j.AnyEntry]:
    """Lift the holds of these kinds for these invoices; what such a hold covers besides stays held."""
    today = desk.today(case.client.key)
    entries: list[j.AnyEntry] = []
    placed = 0
    for hold in case.history.holds.values():
        covered = hold.numbers or open_numbers(case)
        if hold.because not in kinds or not set(covered) & set(numbers) or (hold.until and hold.until < today):
            continue
        entries.append(j.HoldLifted(at=desk.at, client=case.client.key, hold_id=hold.hold_id, on=today, by="owner"))
        rest = tuple(n for n in hold.numbers if n not in numbers)
        if rest:
            entries.append(
                _placed(
                    case,
                    desk,
                    rest,
                    hold.because,
                    until=hold.until,
                    review_on=hold.review_on,
                    note=hold.note,
                    ahead=placed,
                )
            )
            placed += 1
    return entries
