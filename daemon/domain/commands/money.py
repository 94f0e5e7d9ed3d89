"""The owner's words about money: it came in, it did not, or it is given up."""

from __future__ import annotations

from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.money import too_fine
from daemon.domain.books.refusal import Known, Refusal
from daemon.domain.commands.errand import WAITS_FOR_YES, Command, Desk, Done, named
from daemon.domain.commands.holds import lift, still_held
from daemon.domain.commands.target import Target
from daemon.domain.journal import Because
from daemon.domain.ladder.quiet import Why
from daemon.domain.standing.case import Case
from daemon.domain.standing.promises import last_day_of

_ZERO = Decimal(0)


def paid(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """Money came in: all that is open, or an amount for one invoice.

    Also for one that was written off, where it is named by itself.
    """
    owed = _to_be_paid(command, target, case)
    if isinstance(owed, Refusal):
        return owed
    today = desk.today(case.client.key)
    day = command.day or today
    entries: list[j.AnyEntry] = []
    told = []
    for number, outstanding in owed.items():
        amount = outstanding if command.amount is None else command.amount
        rest = outstanding - amount
        entries.append(
            j.PaymentRecorded(
                at=desk.at,
                client=case.client.key,
                number=number,
                amount=amount,
                currency=_currency(case, number),
                on=day,
                by="owner",
            )
        )
        told.append(_recorded(case, number, amount, rest, f", counted from {day} on" if day > today else ""))
        if day > today:
            continue  # until that day nothing is paid, and what holds the letters back goes on holding them
        made = case.history.promises.get(number)
        if rest <= 0 and made is not None and day <= last_day_of(case, made):
            entries.append(
                j.PromiseKept(
                    at=desk.at, client=case.client.key, numbers=(number,), promised_on=made.promised_on, on=today
                )
            )
        answered = {Because.CLAIMS_PAID} if rest > 0 else {Because.CLAIMS_PAID, Because.PROMISE}
        entries += lift(case, desk, (number,), frozenset(answered), tuple(entries))
    return Done(tuple(entries), "; ".join(told))


def _to_be_paid(command: Command, target: Target, case: Case) -> dict[str, Decimal] | Refusal:
    """What is open of each invoice that money came in for; or why it cannot have."""
    notes = [number for number in target.numbers if number in case.credits]
    if notes:
        return Refusal(f"{notes[0]} is a credit note: it is netted by itself")
    given_up = case.history.told.written_off
    numbers = [n for n in target.numbers if n not in given_up or target.kind == "invoice"]
    owed = {number: _owed(case, number) for number in numbers}
    amount = command.amount
    if amount is None:
        owed = {number: outstanding for number, outstanding in owed.items() if outstanding > 0}
    if not owed:
        return Refusal(f"{named(target)}: paid already; nothing was recorded", Known.PAID_ALREADY, named(target))
    if amount is None:
        return owed
    if amount <= 0 or len(owed) > 1:
        return Refusal("an amount is more than zero, and for one invoice: paid CLIENT/NUMBER --amount 100.00")
    [(number, outstanding)] = owed.items()
    currency = _currency(case, number)
    if wrong := too_fine(amount, currency):
        return Refusal(f"{number}: {wrong}; nothing was recorded")
    if command.at_most_owed and amount > outstanding:
        return Refusal(
            f"{number}: {currency} {outstanding:,.2f} open, and {amount:,.2f} is more than"
            " that; nothing was recorded. Where so much came in, say --more-than-owed"
        )
    return owed


def _recorded(case: Case, number: str, amount: Decimal, rest: Decimal, later: str) -> str:
    """What was recorded, in words; `rest` is below zero where more came in than was owed."""
    told = f"{number}: {_currency(case, number)} {amount:,.2f} recorded{later}"
    if rest > 0:
        given_up = number in case.history.told.written_off
        return f"{told}, {rest:,.2f} still {'written off' if given_up else 'open'}"
    return f"{told}, {-rest:,.2f} more than was owed" if rest < 0 else told


def missing(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """The money that the client says was paid has not come: the ladder goes on, and the next letter says so."""
    today = desk.today(case.client.key)
    claimed: dict[str, bool] = {}  # by number: whether the client says so, and not only the owner who has to say yes
    for hold in case.history.holds:
        if hold.because is Because.CLAIMS_PAID and (hold.until is None or today <= hold.until):
            for number in hold.numbers or case.open_numbers:
                claimed[number] = claimed.get(number, False) or hold.note != WAITS_FOR_YES
    numbers = tuple(number for number in target.numbers if number in claimed)
    if not numbers:
        words = f"nobody says that {named(target)} was paid: nothing waits for that answer"
        return Refusal(words, Known.NOT_CLAIMED, named(target))
    lifted = lift(case, desk, numbers, frozenset({Because.CLAIMS_PAID}))
    by_them = tuple(number for number in numbers if claimed[number])
    not_come = [j.PaymentMissing(at=desk.at, client=case.client.key, numbers=by_them, on=today)] if by_them else []
    words = f"{', '.join(numbers)}: the money has not come; the ladder goes on"
    return Done((*not_come, *lifted), words + still_held(case, numbers, today, lifted))


def write_off(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """What is open is given up: no letter and no call about it any more, and it is no longer money that is owed.

    Like a payment it answers who says that it is paid, and a promise; other holds stay, should it be taken back.
    """
    today, key = desk.today(case.client.key), case.client.key
    if target.kind == "client":
        return Refusal("name the invoice that is written off: write-off NUMBER")
    notes = [number for number in target.numbers if number in case.credits]
    if notes:
        return Refusal(f"{notes[0]} is a credit note: nothing is owed for it")
    owed = {n: _owed(case, n) for n in target.numbers if n not in case.history.told.written_off}
    owed = {number: amount for number, amount in owed.items() if amount > 0}
    if not owed:
        done = any(number in case.history.told.written_off for number in target.numbers)
        return Refusal(f"{named(target)}: {'written off' if done else 'paid'} already; nothing was recorded")
    entries: list[j.AnyEntry] = [
        j.WrittenOff(
            at=desk.at, client=key, numbers=(number,), amount=amount, currency=_currency(case, number),
            because=command.text, on=today,
        )
        for number, amount in owed.items()
    ]  # fmt: skip
    entries += [
        j.LetterWithdrawn(at=desk.at, client=key, letter_id=record.queued.letter_id, because=Why.WRITTEN_OFF)
        for record in case.history.letters.values()
        if record.pending and not owed.keys().isdisjoint(record.numbers)
    ]
    entries += lift(case, desk, tuple(owed), frozenset({Because.CLAIMS_PAID, Because.PROMISE}))
    told = [f"{number}: {_currency(case, number)} {amount:,.2f} written off" for number, amount in owed.items()]
    return Done(tuple(entries), f"{'; '.join(told)}; `resume {key}/{next(iter(owed))}` takes it back")


def _owed(case: Case, number: str) -> Decimal:
    """What is open of an invoice, written off or not."""
    return sum((item.outstanding for item in case.items if item.ref.number == number), _ZERO)


def _currency(case: Case, number: str) -> str:
    return next(item.invoice.currency for item in case.items if item.ref.number == number)
