"""Forgetting a person on request (GDPR art. 17): texts and addresses go, figures stay."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import msgspec

from daemon.domain import journal as j
from daemon.domain.journal.sending_entries import Unclear, without_people
from daemon.loops.book import Book
from daemon.loops.followed import pdf_kept
from daemon.loops.proofs import whose

FORGOTTEN = "forgotten@invalid.example"
FAILED = "forgotten-failed@invalid.example"  # another one: else every letter would have gone to a failed address
_PERSONAL: dict[str, str] = {
    "to": FORGOTTEN,
    "to_name": "",
    "sender": FORGOTTEN,
    "address": FAILED,
    "subject": "",
    "because": "",
    "note": "",
    "reply": "",
    "substitute": "",
    "contact": "",
    "phone": "",
    "said": "",
    "result": "",
    "text": "",
    "name": "",
}
_KEPT_WORDS = frozenset({"HoldPlaced", "LetterWithdrawn"})  # their `because` is ours, and means something

Sent = j.InvoiceProposed | j.SendingUnclear
Rewrite = Callable[[Callable[[j.AnyEntry], j.AnyEntry | None]], None]


def forgetting(
    book: Book, rewrite: Rewrite, remove_files: Callable[[str], None] = lambda client: None
) -> Callable[[str], Awaitable[None]]:
    """A function that removes what is kept about one client.

    Args:
        remove_files: removes what was put together about a client outside the archive.
    """

    async def forget(client: str) -> None:
        await book.keeper.forget(client)
        await asyncio.to_thread(remove_files, client)
        while book.is_writing:  # a slow disk is written to in another thread; the journal has one writer
            await book.settle()
        sent = _sent_to(client, book)
        rewrite(lambda entry: without_person(entry, client, sent))
        for mail in [mail for mail, one in book.history.proposals.unproven.items() if sent(one)]:
            await book.keeper.forget(whose(mail))
        proposals = book.history.proposals
        for proposed in (*proposals.waiting.values(), *(one for one, _ in proposals.going.values())):
            if proposed.kept and sent(proposed):
                await book.keeper.forget(str(pdf_kept(b"", proposed.kept).client))
        proposals.forget(sent)

    return forget


def _sent_to(client: str, book: Book) -> Callable[[Sent], bool]:
    """Whether an invoice that the owner sent by hand is this client's: as told, as assigned, or by an address."""
    proposals = book.history.proposals
    assigned = {ref for ref, key in proposals.whose.items() if key == client}
    known, recorded = book.ledger.clients.get(client), book.history.clients.get(client)
    at = {contact.email.lower() for contact in known.contacts} if known else set()
    if recorded is not None and recorded.told.contact is not None:
        at.add(recorded.told.contact.address.lower())

    def is_theirs(entry: Sent) -> bool:
        if client in entry.clients or not at.isdisjoint(entry.recipients):
            return True
        if isinstance(entry, j.InvoiceProposed):
            return entry.ref in assigned
        return entry.because == Unclear.KNOWN and entry.detail.startswith(f"{client}/")

    return is_theirs


def without_person(entry: j.AnyEntry, client: str, sent: Callable[[Sent], bool] = lambda entry: False) -> j.AnyEntry:
    """The same fact, without names, addresses and words.

    Args:
        sent: whether an invoice that the owner sent by hand is this client's.
    """
    if isinstance(entry, j.InvoiceProposed) and (client in entry.clients or sent(entry)):
        return without_people(entry)
    if isinstance(entry, j.SendingUnclear) and (client in entry.clients or sent(entry)):
        return without_people(entry)
    if not isinstance(entry, j.ClientEntry) or entry.client != client:
        return entry
    kind = type(entry).__name__
    changes: dict[str, object] = {}
    for name in entry.__struct_fields__:
        if name not in _PERSONAL or (name == "because" and kind in _KEPT_WORDS):
            continue
        if name == "note" and isinstance(entry, j.HoldPlaced) and entry.because is j.Because.BANK:
            continue  # it names the question that it waits for
        if getattr(entry, name):
            changes[name] = _PERSONAL[name]
    if isinstance(entry, j.LetterQueued) and entry.cc:
        changes["cc"] = ()
    if isinstance(entry, j.ContactTold):
        changes["instead_of"] = ()  # so that it is in force no longer, either
    return msgspec.structs.replace(entry, **changes) if changes else entry
