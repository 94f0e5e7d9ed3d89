"""Mails in which the owner sends an invoice by hand, with a copy to us: whose they are, and what they propose."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.authenticity import Authentic
from daemon.domain.ledger import Ledger
from daemon.domain.owner import Right
from daemon.domain.reading import Evidence, Kind, Reading
from daemon.domain.sending import NotStated, Sending, Stated, Unclear, propose, whose
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.loops.orders import FORWARDED, Authenticate
from daemon.mail.authenticity import by_results, wants_signatures
from daemon.mail.autoreply import REPLY_PREFIX
from daemon.mail.headers import addresses_in
from daemon.mail.order_pack import OrderPack
from daemon.mail.parse import Mail, parse
from daemon.mail.sent_files import MOST_OCTETS, SentFile, sent_files
from daemon.mail.subject_tag import Tag, Unread, tags_in
from daemon.ports import Fetched

Read = Callable[
    [Ledger, Sequence[Tag], Sequence[SentFile], Sequence[str]], Sequence[Stated | NotStated]
]  # called in a thread: what tags and files state; the last are the recipients
MOST_LOOK_UPS = 10  # of an hour; a person sends a few invoices at a time
_HOUR = timedelta(hours=1)
_PATIENCE = 60.0  # seconds for the files of one mail
_MOST_RECIPIENTS = 20


class SendingDesk:
    """Looks into the owner's own mails for invoices.

    A mail counts when her server vouches for it, or her signature, as for an order; or when it lies in Sent and has
    come by no server (RFC 5321 4.4: what came by SMTP has a `Received`): only who has logged in to the mailbox puts it
    there.  These mails carry no token, so strangers can make us look up a signature: a few of an hour are looked up.

    Args:
        authenticate: asked only where her server is silent, and the config believes signatures.
        languages: those in which a tag may be written.
        pack_of: their words; read when the first tag comes.
    """

    def __init__(
        self,
        book: Book,
        languages: Sequence[str],
        pack_of: Callable[[str], OrderPack],
        read: Read,
        authenticate: Authenticate,
    ) -> None:
        self._book = book
        self._authenticate = authenticate
        self._looked_up: list[datetime] = []  # of the last hour
        self._languages = languages
        self._pack_of = pack_of
        self._read = read

    async def look(self, mail: Fetched, reading: Reading, *, in_sent: bool) -> Sending | None:
        """The invoices in a mail; None: it is none of hers, or none is in it."""
        if reading.kind is not Kind.REPLY or not reading.by_owner or reading.came_with:
            return None
        if reading.mail in self._book.history.proposals.mails:  # seen before without a proof, it may have one now
            return None
        parsed = parse(mail.content, MOST_OCTETS)
        if FORWARDED.match(parsed.subject) or "resent-from" in parsed.headers:
            return None
        tags = self._tags(parsed)
        files = sent_files(parsed)
        if not (tags or files) or not await self._is_hers(mail, parsed, reading, in_sent=in_sent):
            return None
        recipients = self._recipients(parsed)
        found: list[Stated | NotStated] = [
            NotStated(source=t.text, because=t.because) for t in tags if isinstance(t, Unread)
        ]
        if not mail.whole:
            if files and not tags and self._is_blind_copy(parsed, in_sent=in_sent):
                found.append(NotStated(source=files[0].name, because=Unclear.SIZE))
            files = ()
        good = [tag for tag in tags if isinstance(tag, Tag)]
        if good or files:
            found += await self._read_files(good, files, recipients)
        return Sending(recipients=recipients, found=tuple(found)) if found else None

    async def _read_files(
        self, tags: Sequence[Tag], files: Sequence[SentFile], recipients: Sequence[str]
    ) -> list[Stated | NotStated]:
        ledger = self._book.ledger
        try:
            async with asyncio.timeout(_PATIENCE):
                read = await asyncio.to_thread(self._read, ledger, tags, files, recipients)
        except Exception as bug:  # ours, or of a library: the mail must not stop the folder, nor be passed over
            events.sending_not_read(type(bug).__name__)
            names = [file.name for file in files] or [tag.number for tag in tags]
            return [NotStated(source=name, because=Unclear.FILE, detail=type(bug).__name__) for name in names]
        return [
            replace(one, clients=whose(one.invoice, recipients, ledger, self._book.history))
            if isinstance(one, Stated)
            else one
            for one in read
        ]

    async def _is_hers(self, mail: Fetched, parsed: Mail, reading: Reading, *, in_sent: bool) -> bool:
        owner, creditor = self._book.ledger.owner, self._book.ledger.creditor
        member = owner.who(reading.sender)
        may = member is not None and Right.APPROVE in member.can
        if "received" not in parsed.headers:
            return in_sent and (may or reading.sender == creditor.email.lower())
        if not may:
            return False
        verdict = by_results(mail.content, owner.commands)
        if wants_signatures(verdict, owner.commands) and self._may_look_up():
            verdict = await self._authenticate(mail.content)
        return isinstance(verdict, Authentic) and owner.who(verdict.author) == member

    def _may_look_up(self) -> bool:
        now = self._book.clock.now()
        self._looked_up = [at for at in self._looked_up if now - at < _HOUR]
        if len(self._looked_up) >= MOST_LOOK_UPS:
            return False
        self._looked_up.append(now)
        return True

    def _tags(self, parsed: Mail) -> Sequence[Tag | Unread]:
        """A tag counts where the subject is hers: that of an answer goes back and forth, and may be the client's."""
        answers = "in-reply-to" in parsed.headers or "references" in parsed.headers
        if "[" not in parsed.subject or answers or REPLY_PREFIX.match(parsed.subject):
            return ()
        languages = [self._pack_of(language).words for language in self._languages]
        return tags_in(parsed.subject, languages, self._book.today())

    def _addressed(self, parsed: Mail) -> list[str]:
        fields = [field for name in ("to", "cc") for field in parsed.headers.all(name)]
        return [address.lower() for field in fields for address in addresses_in(field, most=_MOST_RECIPIENTS)]

    def _recipients(self, parsed: Mail) -> tuple[str, ...]:
        """To whom it goes, without us and the owner's own people."""
        owner, creditor = self._book.ledger.owner, self._book.ledger.creditor
        others = (one for one in self._addressed(parsed) if not creditor.is_at(one) and owner.who(one) is None)
        return tuple(dict.fromkeys(others))

    def _is_blind_copy(self, parsed: Mail, *, in_sent: bool) -> bool:
        return not in_sent and not any(map(self._book.ledger.creditor.is_at, self._addressed(parsed)))

    def entries(self, draft: Draft, reading: Reading, sending: Sending) -> Sequence[j.AnyEntry]:
        """What is proposed, and what is not; for a step in the book's turn."""
        said = [entry for entry in draft.entries if isinstance(entry, j.InvoiceProposed | j.SendingUnclear)]
        if reading.mail in draft.history.proposals.mails or any(entry.mail == reading.mail for entry in said):
            return ()
        earlier = {entry.ref for entry in said if isinstance(entry, j.InvoiceProposed)}
        known = frozenset(draft.history.proposals.known | earlier)
        book = self._book
        return propose(sending, reading.mail, reading.subject, book.ledger, known, on=book.today(), at=draft.at)


def says_more(reading: Reading, entries: Sequence[j.AnyEntry]) -> bool:
    """Whether a mail is about something else than a new invoice: it answers, names another, or proposes none."""
    if not any(isinstance(entry, j.InvoiceProposed) for entry in entries):
        return True
    return reading.match.evidence in (Evidence.TOKEN, Evidence.THREAD, Evidence.NUMBER)


def tell_proposed(entries: Sequence[j.AnyEntry]) -> None:
    """Log what became of the invoices in a mail."""
    proposed = sum(isinstance(entry, j.InvoiceProposed) for entry in entries)
    unclear = sum(isinstance(entry, j.SendingUnclear) for entry in entries)
    if proposed or unclear:
        events.invoices_proposed(proposed, unclear)
