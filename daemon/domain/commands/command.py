"""What the owner tells us, by command: pure decisions that answer with entries and words, or with a refusal."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.books.written import wrong_with_day
from daemon.domain.commands.calls import called
from daemon.domain.commands.contact import email, note
from daemon.domain.commands.errand import Command as Command
from daemon.domain.commands.errand import Desk as Desk
from daemon.domain.commands.errand import Done as Done
from daemon.domain.commands.errand import Step
from daemon.domain.commands.holds import dispute, hold, promise, resume
from daemon.domain.commands.letters import go, go_all, remind, settle, statement, statements, stop
from daemon.domain.commands.mails import assign, ignore, of_a_mail
from daemon.domain.commands.money import missing, paid, write_off
from daemon.domain.commands.payment import ANSWERS, of_a_payment
from daemon.domain.commands.plan import plan_payment
from daemon.domain.commands.proposal import of_a_proposal
from daemon.domain.commands.restored import RESTORED, trust
from daemon.domain.commands.target import find_target
from daemon.domain.commands.triage import chase


def execute(command: Command, desk: Desk) -> Done | Refusal:
    """Decide what a command does.  Nothing is guessed: an unclear target is refused, and so is what a rule forbids."""
    told = (command.day, *(day for day, _ in command.parts))
    if wrong := next((said for day in told if day is not None and (said := wrong_with_day(day))), None):
        return Refusal(wrong)
    if command.name == "go" and command.everything:
        return go_all(desk)
    if command.name == "go" and command.target == RESTORED:
        return trust(desk)
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
    if target.kind == "proposal":
        return of_a_proposal(command, target, desk)
    if target.client is None:
        return of_a_mail(command, target, desk)
    if target.client not in desk.ledger.clients:
        return Refusal(f"{target.client} is no longer in the YAML: only `settle` and `forget` are left")
    if target.kind == "payment" and command.name in ANSWERS:
        return of_a_payment(command, target, desk)
    step = _STEPS.get(command.name)
    if step is None:
        return Refusal(f"there is no command {command.name!r}")
    if target.kind == "payment" and not target.numbers and command.name not in _ABOUT_CLIENTS:
        item, number = command.target, f"{target.client}/NUMBER"
        return Refusal(
            f"item {item} names no invoice: `assign {item} {number}` says which it is for;"
            f" for anything else name one: {command.name} {number}"
        )
    known = {invoice.number for invoice in desk.ledger.by_client[target.client]}
    gone = [number for number in target.numbers if number not in known]
    if gone and command.name in _ABOUT_MONEY:  # since the digest that named it
        return Refusal(f"{gone[0]} is no longer in the YAML")
    return step(command, target, desk, desk.case(target.client))


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
    proposed = [one for one in desk.history.proposals.waiting.values() if client in one.clients]
    put_away = (
        j.ProposalSettled(at=desk.at, on=desk.today(client), ref=one.ref, client="", number=one.number)
        for one in proposed
    )
    forgotten = j.ClientForgotten(at=desk.at, client=client, on=desk.today(client))
    stays = "; take them out of the YAML too" if client in desk.ledger.clients else ""
    return Done((*withdrawn, *put_away, forgotten), f"texts and addresses of {client} are removed, figures stay{stays}")


_ABOUT_CLIENTS = frozenset({"note", "email", "statement"})  # whatever invoices are named
_ABOUT_MONEY = frozenset({"paid", "write-off", "plan-payment", "promise", "dispute", "remind"})
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
    "chase": chase,
    "stop": stop,
    "remind": remind,
    "statement": statement,
}
