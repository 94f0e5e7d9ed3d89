"""What a command is about: an item of the last digest, an invoice, a letter, or a client."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher, get_close_matches
from typing import Literal

from daemon.domain.books.ledger import Ledger
from daemon.domain.books.refusal import Refusal
from daemon.domain.history import History

_MOST_NEAR = 3
_ITEM_DIGITS = 3  # a digest never has a thousand items


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    client: str | None  # None: a mail that belongs to no client, or an invoice that is none of ours yet
    numbers: tuple[str, ...] = ()
    kind: Literal[
        "invoice",
        "client",
        "letter",
        "hold",
        "call",
        "handover",
        "unmatched",
        "doubt",
        "balance",
        "payment",
        "proposal",
    ] = "invoice"
    ref: str | None = None  # letter_id, hold_id, call_id or digest of a mail, where it is an item of the digest
    item: int | None = None

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that it names; an item of the digest may stand for all of a client's that wait."""
        return tuple(self.ref.split()) if self.kind == "letter" and self.ref else ()


def find_target(text: str, ledger: Ledger, history: History) -> Target | Refusal:
    """Find what `text` names: CLIENT/NUMBER, a number, an item of the last digest, or a client's key."""
    if not text:
        return Refusal("say which invoice: NUMBER, CLIENT/NUMBER, or an item of the last digest")
    client, slash, number = text.partition("/")
    if slash and client in ledger.clients:
        if any(invoice.number == number for invoice in ledger.by_client[client]):
            return Target(client=client, numbers=(number,))
        return Refusal(
            f"{client} has no invoice {number!r}{nearest(number, [i.number for i in ledger.by_client[client]])}"
        )
    item = _item(text, history)
    owners = [invoice.client for invoice in ledger.by_number.get(text, ())]
    if item is not None and owners:
        return Refusal(f"{text} is both an item of the digest and an invoice: write {owners[0]}/{text} for the invoice")
    if item is not None:
        return item
    if len(owners) > 1:
        return Refusal(f"{text} is an invoice of {' and of '.join(owners)}: write {owners[0]}/{text}")
    if owners:
        return Target(client=owners[0], numbers=(text,))
    for key, known in history.clients.items():
        record = known.letters.get(text)
        if record is not None:
            return Target(client=key, numbers=record.numbers, kind="letter", ref=text)
        call = known.calls.get(text)
        if call is not None:
            return Target(client=key, numbers=call.suggested.numbers, kind="call", ref=text)
    left, _ = history.proposals.going.get(text, (None, ""))
    if (proposed := history.proposals.waiting.get(text) or left) is not None:
        return Target(client=None, numbers=(proposed.number,), kind="proposal", ref=text)
    if text in ledger.clients:
        numbers = tuple(dict.fromkeys(i.number for i in ledger.by_client[text] if not i.credit))
        return Target(client=text, numbers=numbers, kind="client")
    return Refusal(f"no invoice, letter, client or item {text!r}{nearest(text, [*ledger.by_number, *ledger.clients])}")


def _item(text: str, history: History) -> Target | None:
    if history.digest is None or not text.isdecimal() or len(text) > _ITEM_DIGITS:
        return None
    found = next((i for i in history.digest.items if i.item == int(text)), None)
    if found is None:
        return None
    return Target(client=found.client, numbers=found.numbers, kind=found.kind, ref=found.ref, item=found.item)


def nearest(text: str, known: list[str]) -> str:
    """`; did you mean ...?`, the end of a refusal; "" where nothing known is near.  Of several as near, three."""
    near = get_close_matches(text, known, n=_MOST_NEAR, cutoff=0.6)
    as_near = [one for one in near if _likeness(one, text) == _likeness(near[0], text)]
    return f"; did you mean {' or '.join(sorted(as_near))}?" if near else ""


def _likeness(one: str, text: str) -> float:
    return SequenceMatcher(None, one, text).ratio()
