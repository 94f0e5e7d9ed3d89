"""Mails in which the owner sends an invoice by hand, with a copy to us: whose they are, and what they propose."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from daemon.domain import journal as j
from daemon.domain.books.authenticity import NotAuthentic, Why
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.reading import Evidence, Kind, Reading
from daemon.domain.history.proposals import is_unproven
from daemon.domain.incoming.sending import NotStated, Sending, Stated, clients_at, propose, whose
from daemon.domain.journal.sending_entries import Unclear
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.loops.followed import pdf_kept
from daemon.loops.orders import FORWARDED, Authenticate
from daemon.loops.proofs import MOST_LOOK_UPS, Proofs
from daemon.loops.proofs import whose as not_yet
from daemon.mail.machines.autoreply import REPLY_PREFIX
from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import Mail, parse
from daemon.mail.orders.pack import OrderPack
from daemon.mail.orders.sent_files import MOST_OCTETS, SentFile, pdf_of, sent_files
from daemon.mail.orders.subject_tag import Tag, Unread, tags_in
from daemon.ports import Fetched, Kept

Read = Callable[
    [Ledger, Sequence[Tag], Sequence[SentFile], Sequence[str]], Sequence[Stated | NotStated]
]  # called in a thread: what tags and files state; the last are the recipients
Whole = Callable[[int], Awaitable[bytes | None]]  # so many octets at most -> the mail; None: it is larger, or gone
MOST_UNPROVEN = 5  # mails that one digest tells of
_AGAIN = timedelta(minutes=20)  # after a signature that could not be looked up
_PATIENT = timedelta(days=1)
_SILENT = (Why.NO_TRUST, Why.NO_RESULTS, Why.OTHER_SERVER, Why.LOOK_UP_FAILED)  # nothing speaks against it, either
_READING = 60.0  # seconds for the files of one mail
_MOST_RECIPIENTS = 20


class SendingDesk:
    """Looks into the owner's own mails for invoices.

    Args:
        authenticate: whether a signature holds (`daemon.loops.proofs`).
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
        self._proofs = Proofs(book, authenticate)
        self._telling: set[str] = set()  # digests of unproven mails that are to be told and not recorded yet
        self._looked_at: datetime | None = None  # when those were looked at again that have no proof yet
        self._languages = languages
        self._pack_of = pack_of
        self._read = read

    async def look(
        self, mail: Fetched, reading: Reading, whole: Whole | None = None, *, in_sent: bool
    ) -> Sending | None:
        """The invoices in a mail; None: it is none of hers, or none is in it.

        Args:
            whole: gets all of a mail that was fetched in part.
        """
        if reading.kind is not Kind.REPLY or not reading.by_owner or reading.came_with:
            return None
        if reading.mail in self._book.history.proposals.mails:  # seen before without a proof, it may have one now
            return None
        parsed = parse(mail.content, MOST_OCTETS)
        if FORWARDED.match(parsed.subject) or "resent-from" in parsed.headers:
            return None
        tags = self._tags(parsed)
        files = sent_files(parsed)
        if not (tags or files) and mail.whole:
            return None
        recipients = self._recipients(parsed)
        ledger, history = self._book.ledger, self._book.history
        clients = tuple(dict.fromkeys(key for one in recipients for key in clients_at(one, ledger, history)))
        proof = await self._proofs.of(mail, parsed, reading, in_sent=in_sent)
        if proof is None:
            return None
        if isinstance(proof, NotAuthentic):
            unproven = await self._unproven(mail, reading, proof, tags, files)
            return Sending(recipients=recipients, clients=clients, found=(unproven,)) if unproven else None
        found: list[Stated | NotStated] = [
            NotStated(source=t.text, because=t.because) for t in tags if isinstance(t, Unread)
        ]
        if not mail.whole:  # read to its end only now that it is known to be hers
            content = await whole(MOST_OCTETS) if whole is not None else None
            if content is None and files and not tags and self._is_blind_copy(parsed, in_sent=in_sent):
                found.append(NotStated(source=files[0].name, because=Unclear.SIZE))
            files = sent_files(await asyncio.to_thread(parse, content, MOST_OCTETS)) if content else ()
        good = [tag for tag in tags if isinstance(tag, Tag)]
        if good or files:
            found += await self._read_files(good, files, recipients)
        return Sending(recipients=recipients, clients=clients, found=tuple(found)) if found else None

    async def look_again(self, read: Callable[[Fetched], Reading]) -> None:
        """Look once more at the mails whose signature could not be looked up, for a day.

        Args:
            read: reads a mail as any other.
        """
        now, keeper = self._book.clock.now(), self._book.keeper
        if self._looked_at is not None and now - self._looked_at < _AGAIN:
            return
        self._looked_at = now
        for entry in [one for one in self._book.history.proposals.unproven.values() if one.because == Unclear.LOOK_UP]:
            if (content := keeper.find(_kept(entry.mail).name)) is None:
                continue
            if now - entry.at < _PATIENT and self._proofs.may_look_up(MOST_LOOK_UPS // 2):
                mail = Fetched(uid=0, size=len(content), content=content)
                reading = read(mail)
                sending = await self.look(mail, reading, in_sent=False)
                if sending is None or sending.unproven:
                    continue
                tell_proposed(await self._book.record(partial(self.entries, reading=reading, sending=sending)))
            await keeper.forget(not_yet(entry.mail))

    async def _read_files(
        self, tags: Sequence[Tag], files: Sequence[SentFile], recipients: Sequence[str]
    ) -> list[Stated | NotStated]:
        ledger = self._book.ledger
        try:
            async with asyncio.timeout(_READING):
                read = await asyncio.to_thread(self._read, ledger, tags, files, recipients)
        except Exception as bug:  # ours, or of a library: the mail must not stop the folder, nor be passed over
            events.sending_not_read(type(bug).__name__)
            names = [file.name for file in files] or [tag.number for tag in tags]
            return [NotStated(source=name, because=Unclear.FILE, detail=type(bug).__name__) for name in names]
        alone = len({one.invoice.number for one in read if isinstance(one, Stated)}) == 1
        found: list[Stated | NotStated] = []
        for one in read:
            if isinstance(one, Stated):
                clients = whose(one.invoice, recipients, ledger, self._book.history)
                one = replace(await self._with_pdf(one, files, alone=alone), clients=clients)
            found.append(one)
        return found

    async def _with_pdf(self, one: Stated, files: Sequence[SentFile], *, alone: bool) -> Stated:
        """With the PDF that came with it in the archive: by the time of her go the mail may be gone."""
        if (pdf := pdf_of(one.invoice.number, one.source, files, alone=alone)) is None:
            return one
        kept = pdf_kept(pdf.content)
        await self._book.keeper.keep([kept])
        return replace(one, pdf=pdf.name, kept=kept.name)

    async def _unproven(
        self,
        mail: Fetched,
        reading: Reading,
        proof: NotAuthentic,
        tags: Sequence[Tag | Unread],
        files: Sequence[SentFile],
    ) -> NotStated | None:
        """What to tell of a mail in her name that nothing proves; None: nothing, it is somebody else's or no invoice.

        Anybody can write such mails, so their files are not read, and a few of them are told in each digest.
        """
        proposals = self._book.history.proposals
        likely = [file.name for file in files if _may_be_invoice(file)]
        if proof.why not in _SILENT or not (tags or likely) or reading.mail in proposals.unproven:
            return None
        told = {one.mail for one in proposals.untold if one.mail in proposals.unproven}
        self._telling = {mail for mail in self._telling if mail not in proposals.unproven} | {reading.mail}
        events.sending_unproven(proof.why)
        if len(told | self._telling) > MOST_UNPROVEN:
            self._telling.discard(reading.mail)
            return None
        later = proof.why is Why.LOOK_UP_FAILED
        if later and mail.whole:
            await self._book.keeper.keep([_kept(reading.mail, mail.content)])
        named = [tag.number if isinstance(tag, Tag) else tag.text for tag in tags] or likely
        because = Unclear.LOOK_UP if later else Unclear.UNPROVEN
        return NotStated(source=named[0], because=because, detail=f"{proof.why} {proof.detail}".rstrip())

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
        proposals = draft.history.proposals
        said = [entry for entry in draft.entries if isinstance(entry, j.InvoiceProposed | j.SendingUnclear)]
        here = [entry for entry in said if entry.mail == reading.mail]
        if reading.mail in proposals.mails or any(sending.unproven or not is_unproven(entry) for entry in here):
            return ()
        earlier = {entry.ref for entry in said if isinstance(entry, j.InvoiceProposed)}
        known = frozenset(proposals.known | earlier)
        book = self._book
        found = propose(sending, reading.mail, reading.subject, book.ledger, known, on=book.today(), at=draft.at)
        told = {_said(entry) for entry in (*proposals.untold, *said) if isinstance(entry, j.SendingUnclear)}
        return [entry for entry in found if not isinstance(entry, j.SendingUnclear) or _said(entry) not in told]


def _said(entry: j.SendingUnclear) -> tuple[str, ...]:
    """What makes two of them one thing to tell, as when a mail goes round in circles."""
    return entry.because, entry.source, entry.detail


def _kept(mail: str, content: bytes = b"") -> Kept:
    """A mail that is looked at again, by its digest: nobody's as yet."""
    return Kept(not_yet(mail), f"sending-{mail}.eml", content)


def _may_be_invoice(file: SentFile) -> bool:
    """Whether an invoice may be in a file, by what costs nothing to see."""
    return b"/EmbeddedFile" in file.content or not file.name.lower().endswith(".pdf")


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
