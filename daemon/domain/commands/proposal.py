"""The owner's answer to an invoice that is proposed to be followed."""

from __future__ import annotations

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.errand import Command, Desk, Done
from daemon.domain.commands.mails import client_named
from daemon.domain.commands.target import Target
from daemon.domain.incoming.sending import now_of


def of_a_proposal(command: Command, target: Target, desk: Desk) -> Done | Refusal:
    """Follow it, say whose it is and follow it, or put it away."""
    item = command.target
    proposals, ref = desk.history.proposals, target.ref or ""
    left, left_by = proposals.left_over(desk.ledger.clients).get(ref, (None, ""))
    proposed = proposals.waiting.get(ref) or left
    if proposed is None:
        return Refusal(f"item {item} was answered already, or the same invoice was sent again")
    number = proposed.number
    if command.name in ("ignore", "stop"):
        return Done((_settled(proposed, "", desk),), f"{number} is not followed")
    if command.name not in ("go", "assign"):
        return Refusal(
            f"{number} is no invoice of yours here yet: `go {item}` follows it, `ignore {item}` puts it away"
        )
    if command.name == "go" and left_by:
        return _gone(left_by, item)
    key = client_named(command.client, desk.ledger) if command.name == "assign" else _only(proposed, item, desk)
    if isinstance(key, Refusal):
        return key
    going = [one.number for one, client in desk.history.proposals.going.values() if client == key]
    if number in going or any(invoice.number == number for invoice in desk.ledger.by_client[key]):
        return Refusal(f"{key} has an invoice {number} already; nothing was changed")
    return Done((_settled(proposed, key, desk),), f"{key}/{number} is followed from now on")


def _only(proposed: j.InvoiceProposed, item: str, desk: Desk) -> str | Refusal:
    clients = now_of(proposed, desk.ledger, desk.history)
    if len(clients) == 1:
        return clients[0]
    if clients:
        return Refusal(f"{proposed.number} may be of {' or of '.join(clients)}: `assign {item} {clients[0]}`")
    if proposed.clients:
        return _gone(" and ".join(proposed.clients), item)
    to = ", ".join(proposed.recipients) or "nobody"
    return Refusal(
        f"no client has the address {to}: add one under `clients:`, or say whose it is: `assign {item} CLIENT`"
    )


def _gone(client: str, item: str) -> Refusal:
    return Refusal(
        f"{client} is no longer in the YAML; say whose it is: `assign {item} CLIENT`; `ignore {item}` puts it away"
    )


def _settled(proposed: j.InvoiceProposed, client: str, desk: Desk) -> j.ProposalSettled:
    on = desk.today(client)
    return j.ProposalSettled(at=desk.at, on=on, ref=proposed.ref, client=client, number=proposed.number)
