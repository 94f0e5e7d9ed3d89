"""From a queued letter to octets: words, thread, attachments, ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import NamedTuple

from daemon.domain.books.client import Client
from daemon.domain.books.invoice import Invoice, ItemRef
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import ClientHistory
from daemon.domain.history.told import as_told
from daemon.domain.journal import LetterQueued, ReplyReceived
from daemon.domain.standing.balance import open_items
from daemon.domain.standing.extras import extras_for
from daemon.domain.standing.plans import as_planned
from daemon.mail.letters.letter import Rendered, render
from daemon.mail.letters.message import Attachment, compose
from daemon.mail.letters.pack import Pack

ReadFile = Callable[[str], bytes]


class Written(NamedTuple):
    """A letter for people, and the same letter for the wire."""

    rendered: Rendered
    content: bytes


class Post:
    """Writes letters.  It reads files, and nothing else of the world.

    Args:
        plus_token: answers go to `fatture+TOKEN@...`, because such mail was seen to arrive.
        redirect: every letter goes to this one address instead (`run --redirect`).
    """

    def __init__(
        self,
        packs: Mapping[str, Pack],
        token_of: Callable[[str], str],
        read_file: ReadFile,
        *,
        plus_token: bool,
        redirect: str | None = None,
    ) -> None:
        self.redirect = redirect
        self._packs = packs
        self._token_of = token_of
        self._read_file = read_file
        self._plus_token = plus_token

    def write(self, letter: LetterQueued, ledger: Ledger, history: ClientHistory, now: datetime) -> Written:
        """One letter as it goes to each of its recipients; its date is in the client's time zone.

        Raises:
            Unsendable: it cannot be put on the wire as it is meant (F16).
            OSError: an invoice's PDF cannot be read.
        """
        client = as_told(ledger.clients[letter.client], history.told.contact)
        planned = as_planned(ledger.by_client[letter.client], history.plans)
        invoices = {invoice.number: invoice for invoice in planned}
        answered = last_reply(history, letter)
        before = earlier_ids(history, letter)
        rendered = render(
            letter,
            ledger.creditor,
            client,
            invoices,
            self._packs,
            thread_subject=answered.subject if answered and answered.subject else None,
            ticket=ticket(history, letter),
            extras=extras_for(letter, ledger, history),
            parts_paid=_parts_paid(letter, planned, history),
        )
        token = self._token_of(letter.letter_id)
        content = compose(
            rendered,
            letter,
            ledger.creditor,
            client,
            token=token,
            date=now.astimezone(client.timezone),
            in_reply_to=answered.message_id if answered else (before[-1] if before else None),
            references=[*before, answered.message_id] if answered else before,
            attachments=self._attachments(letter, invoices),
            reply_to=self._reply_to(ledger, client, token),
        )
        return Written(rendered, content)

    def _attachments(self, letter: LetterQueued, invoices: Mapping[str, Invoice]) -> Sequence[Attachment]:
        if not letter.level:
            return []  # a thank-you, a statement: nothing is claimed
        numbers = dict.fromkeys(claim.number for claim in letter.claims)
        paths = [invoices[n].pdf for n in numbers if n in invoices]
        return [Attachment(name=PurePath(path).name, content=self._read_file(path)) for path in paths if path]

    def _reply_to(self, ledger: Ledger, client: Client, token: str) -> str | None:
        if not self._plus_token:
            return None
        local, _, domain = ledger.creditor.email.rpartition("@")
        return f"{local}+{token}@{domain}"


def _parts_paid(letter: LetterQueued, invoices: Sequence[Invoice], history: ClientHistory) -> frozenset[ItemRef]:
    """The instalments that had come in by the letter's day, where it is about instalments."""
    if not any(claim.instalment for claim in letter.claims):
        return frozenset()
    items = open_items(invoices, history.payments, letter.on, history.told.written_off)
    return frozenset(item.ref for item in items if item.settled and not item.given_up)


def last_reply(history: ClientHistory, letter: LetterQueued) -> ReplyReceived | None:
    """The client's last mail about one of the letter's invoices: our letter continues its thread."""
    numbers = {claim.number for claim in letter.claims}
    about = (r for r in reversed(history.replies) if r.message_id and (not r.numbers or numbers & set(r.numbers)))
    return next(about, None)


def earlier_ids(history: ClientHistory, letter: LetterQueued) -> list[str]:
    """The Message-IDs of our earlier letters about these invoices to the same address, oldest first."""
    numbers = {claim.number for claim in letter.claims}
    return [
        delivery.message_id
        for record in history.letters.values()
        if record.queued.letter_id != letter.letter_id and record.counts and numbers & set(record.numbers)
        for to, delivery in record.deliveries.items()
        if to == letter.to and delivery.message_id
    ]


def ticket(history: ClientHistory, letter: LetterQueued) -> str | None:
    """The number under which the client's ticket system keeps one of the letter's invoices."""
    numbers = {claim.number for claim in letter.claims}
    for record in reversed(history.letters.values()):
        if record.queued.letter_id in history.tickets and numbers & set(record.numbers):
            return history.tickets[record.queued.letter_id]
    return None
