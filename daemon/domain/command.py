"""What the owner tells us, by command: pure decisions that answer with entries and words, or with a refusal."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.command_calls import called
from daemon.domain.command_contact import email, note
from daemon.domain.command_holds import dispute, hold, promise, resume
from daemon.domain.command_letters import go, go_all, remind, settle, statement, statements, stop
from daemon.domain.command_mails import assign, ignore, of_a_mail
from daemon.domain.command_money import missing, paid, write_off
from daemon.domain.command_plan import plan_payment
from daemon.domain.errand import Command as Command
from daemon.domain.errand import Desk as Desk
from daemon.domain.errand import Done as Done
from daemon.domain.errand import Step
from daemon.domain.refusal import Refusal
from daemon.domain.target import find_target


def execute(command: Command, desk: Desk) -> Done | Refusal:
    """Decide what a command does.  Nothing is guessed: an unclear target is refused, and so is what a rule forbids."""
    if command.name == "go" and command.everything:
        return go_all(desk)
    if command.name == "statement" and command.everything:
        return statements(command, desk)
    if command.name == "settle":
        return settle(command, desk)
    if command.name == "forget" and command.target in desk.history.clients:
        return forget(command.target, desk)  # also one that has left the books
    target = find_target(command.target, desk.ledger, desk.history)
    if isinstance(target, Refusal):
        return target
    if command.name == "forget":
        if target.kind != "client":
            return Refusal("forget takes a client's key, not an invoice or a letter")
        return forget(str(target.client), desk)
    if target.client is None:
        return of_a_mail(command, target, desk)
    step = _STEPS.get(command.name)
    if step is None:
        return Refusal(f"there is no command {command.name!r}")
    return step(command, target, desk, desk.case(target.client))


def paid(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """Money came in: all that is open, or an amount for one invoice."""
    today = desk.today(case.client.key)
    notes = [number for number in target.numbers if number in case.credits]
    if notes:
        return Refusal(f"{notes[0]} is a credit note: it is netted by itself")
    owed = {number: _owed(case, number) for number in target.numbers}
    if command.amount is None:
        owed = {number: amount for number, amount in owed.items() if amount > 0}
    if not owed:
        return Refusal(f"{named(target)}: paid already; nothing was recorded")
    if command.amount is not None and (command.amount <= 0 or len(owed) > 1):
        return Refusal("an amount is more than zero, and for one invoice: paid CLIENT/NUMBER --amount 100.00")
    later = f", counted from {command.day} on" if command.day is not None and command.day > today else ""
    entries: list[j.AnyEntry] = []
    told = []
    for number, outstanding in owed.items():
        amount = outstanding if command.amount is None else command.amount
        currency = next(item.invoice.currency for item in case.items if item.ref.number == number)
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
        rest = outstanding - amount
        told.append(f"{number}: {currency} {amount:,.2f} recorded{later}")
        if rest > 0:
            told[-1] += f", {rest:,.2f} still open"
        if rest < 0:
            told[-1] += f", {-rest:,.2f} more than was owed"
        if later:
            continue  # until that day nothing is paid, and what holds the letters back goes on holding them
        made = case.history.promises.get(number)
        if rest <= 0 and made is not None and (command.day or today) <= last_day_of(case, made):
            entries.append(
                j.PromiseKept(
                    at=desk.at, client=case.client.key, numbers=(number,), promised_on=made.promised_on, on=today
                )
            )
        answered = {Because.CLAIMS_PAID} if rest > 0 else {Because.CLAIMS_PAID, Because.PROMISE}
        entries += lift(case, desk, (number,), frozenset(answered), tuple(entries))
    return Done(tuple(entries), "; ".join(told))


def _owed(case: Case, number: str) -> Decimal:
    return sum((item.outstanding for item in case.items if item.ref.number == number), Decimal(0))


def forget(client: str, desk: Desk) -> Done:
    """Texts and addresses go, figures stay; a letter that waits would have no address any more."""
    known = desk.history.clients.get(client)
    pending = [record for record in known.letters.values() if record.pending] if known else []
    withdrawn = (
        j.LetterWithdrawn(
            at=desk.at, client=client, letter_id=record.queued.letter_id, because="the client is forgotten", by="owner"
        )
        for record in pending
    )
    forgotten = j.ClientForgotten(at=desk.at, client=client, on=desk.today(client))
    stays = "; take them out of the YAML too" if client in desk.ledger.clients else ""
    return Done((*withdrawn, forgotten), f"texts and addresses of {client} are removed, figures stay{stays}")


def of_a_mail(command: Command, target: Target, desk: Desk) -> Done | Refusal:
    if command.name != "stop" or target.ref is None:
        return Refusal(
            f"item {target.item} is a mail that belongs to no client: only `stop {target.item}` puts it away"
        )
    return Done((j.MailDismissed(at=desk.at, mail=target.ref),), "put away")


_STEPS: dict[str, Step] = {
    "paid": paid,
    "missing": missing,
    "write-off": write_off,
    "hold": hold,
    "resume": resume,
    "promise": promise,
    "plan-payment": plan_payment,
    "dispute": dispute,
    "called": called,
    "note": note,
    "email": email,
    "assign": assign,
    "ignore": ignore,
    "go": go,
    "stop": stop,
    "remind": remind,
    "statement": statement,
}
