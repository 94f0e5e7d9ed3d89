"""The owner's answer about money that came: what it is for, or that it is for nothing here."""

from __future__ import annotations

from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.bank_facts import put_away, reversed_as, settled_as
from daemon.domain.commands.errand import Command, Desk, Done
from daemon.domain.commands.target import Target, nearest
from daemon.domain.payments.open_claims import OpenClaim, OpenClaims
from daemon.domain.payments.payment_match import spread

ANSWERS = frozenset({"paid", "assign", "ignore", "stop", "missing"})  # and what they answer is settled


def of_a_payment(command: Command, target: Target, desk: Desk) -> Done | Refusal:
    """`paid 4`: as proposed; `assign 4 acme/2026-044`: for that; `missing 4`: it was taken back; `ignore 4`."""
    item = command.target
    unsure = desk.history.of(str(target.client)).unsure.get(target.ref or "")
    if unsure is None:
        return Refusal(f"item {item} is answered already")
    money = f"{unsure.currency} {unsure.amount:,.2f}"
    if command.name in ("ignore", "stop"):
        return Done(put_away(unsure, desk), f"{money} put away: for none of the invoices here")
    if unsure.undoes:
        if command.name != "missing":
            return Refusal(f"{money} went out: `missing {item}` if a payment was taken back, `ignore {item}` if not")
        return Done(
            reversed_as(unsure, desk), f"{money} of {', '.join(unsure.numbers)} was taken back: it is open again"
        )
    if command.name == "missing":
        return Refusal(f"{money} came: `paid {item}`, `assign {item} CLIENT/NUMBER`, or `ignore {item}`")
    if command.amount is not None:
        return Refusal(f"the bank says {money}: `assign {item} CLIENT/NUMBER` books it on other invoices")
    if command.name == "paid":
        if not unsure.parts:
            return Refusal(f"for which invoice? assign {item} {unsure.client}/NUMBER")
        parts = [(unsure.client, part.number, part.amount) for part in unsure.parts]
    else:
        found = _assigned(command, unsure, desk)
        if isinstance(found, Refusal):
            return found
        parts = found
    booked = ", ".join(f"{number} {unsure.currency} {amount:,.2f}" for _, number, amount in parts)
    return Done(settled_as(unsure, parts, desk), f"booked: {booked}")


def _assigned(command: Command, unsure: j.PaymentUnsure, desk: Desk) -> list[tuple[str, str, Decimal]] | Refusal:
    """The invoices that the owner names, the oldest first; of a client alone, those that are open."""
    client, _, number = command.client.partition("/")
    if client not in desk.ledger.clients:
        return Refusal(f"no client {client!r}{nearest(client, [*desk.ledger.clients])}")
    numbers = [*([number] if number else []), *(one.removeprefix(f"{client}/") for one in command.numbers)]
    known = {invoice.number: invoice for invoice in desk.ledger.by_client[client] if not invoice.credit}
    for one in numbers:
        if one not in known:
            return Refusal(f"{client} has no invoice {one!r}{nearest(one, [*known])}")
        if known[one].currency != unsure.currency:
            return Refusal(f"{one} is in {known[one].currency}, and the payment in {unsure.currency}: `paid` books it")
    books = OpenClaims(desk.ledger, desk.history, desk.today)
    wanted: list[OpenClaim] = (
        [claim for claim in books.of_client[client] if claim.number in numbers]
        if numbers
        else books.open_of(client, unsure.currency)
    )
    if not wanted:
        return Refusal(f"nothing is open of {client} in {unsure.currency}: name the invoice")
    return [(part.client, part.number, part.amount) for part in spread(unsure.amount, wanted)]
