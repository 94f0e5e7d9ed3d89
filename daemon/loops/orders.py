"""Mails that give orders: whose they are, whether they may, and what is done, in the turn in which they are read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.authenticity import Authentic, NotAuthentic, Verdict, Why
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import Member, Right
from daemon.domain.books.reading import Evidence, Kind, Reading
from daemon.domain.commands.errand import Desk
from daemon.domain.commands.orders import OrderLine, Refused, take_orders
from daemon.domain.history import History
from daemon.domain.history.correspondence import Issued
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.mail.language.sentences import fold
from daemon.mail.letters.pack import Pack
from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import Mail, parse
from daemon.mail.orders.about import About
from daemon.mail.orders.done import done_words
from daemon.mail.orders.orders import Order, orders
from daemon.mail.orders.pack import OrderPack
from daemon.mail.owner.digest_speech import speech_for_owner
from daemon.mail.whose.authenticity import by_results
from daemon.ports import Fetched

Authenticate = Callable[[bytes], Awaitable[Verdict]]  # the octets of a mail -> whether it is from its From
FORWARDED = re.compile(r"\s*(?:fwd?|wg|i|inoltro|tr|rv|enc|ilt|i̇lt|doorst(?:uren)?)\s?\.?\s?:", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Whether one mail may give orders; made before the turn in which they are carried out."""

    by: str  # the sender, lower case
    rights: frozenset[Right] = frozenset()
    came_with: str = ""  # hash of the token of the mail that it answers
    sent_on: str = ""  # the Date field, as written
    names: frozenset[str] = frozenset()  # what the writer may sign with, folded
    refused: Refused | None = None
    detail: str = ""
    filed: bool = False  # a copy that a mail program put into a folder: it has come by no server
    about_client: bool = False  # it speaks of a client, whatever it answers

    @property
    def is_theirs(self) -> bool:
        """Whether it is to be read as any mail is, too: somebody else's, or the owner's about a client."""
        return self.refused is Refused.STRANGER or (self.refused is Refused.NO_TOKEN and self.about_client)


class OrderDesk:
    """Judges mails that carry a token of ours, and carries out what they order.

    Args:
        packs: how we speak to the owner.
        pack_of: the words in which orders are given and answered, in a language; read when first needed.
        authenticate: asked only about mails of the owner and the team that carry a token of ours.
    """

    def __init__(
        self,
        book: Book,
        packs: Mapping[str, Pack],
        pack_of: Callable[[str], OrderPack],
        authenticate: Authenticate,
    ) -> None:
        self._book = book
        self._packs = packs
        self._pack_of = pack_of
        self._authenticate = authenticate

    async def judge(self, mail: Fetched, reading: Reading) -> Judgement | None:
        """Whether a mail may give orders; None: it does not try to."""
        if reading.kind is not Kind.REPLY:
            return None
        if not reading.came_with:
            return self._answers_nothing(mail, reading)
        issued = self._book.history.owner.issued
        came_with = next((token for token in reading.came_with if token in issued), "")
        owner = self._book.ledger.owner
        member = owner.who(reading.sender)
        if not came_with and member is None:
            return None
        parsed = parse(mail.content)
        if "received" not in parsed.headers:  # RFC 5321 4.4: whatever came by SMTP has one
            return Judgement(by=reading.sender, filed=True) if member is not None else None
        judged = Judgement(
            by=reading.sender,
            rights=member.can | {Right.READ} if member else frozenset(),
            came_with=came_with,
            sent_on=parsed.headers.first("date"),
            names=_names(parsed, member, self._book.ledger),
        )
        if member is None:
            return _refused(judged, Refused.STRANGER)
        if owner.commands.nobody:
            return _refused(judged, Refused.OFF)
        if not came_with:
            return _refused(judged, Refused.UNKNOWN)
        verdict = await self._authenticate(mail.content)
        if isinstance(verdict, NotAuthentic):
            late = verdict.why is Why.LOOK_UP_FAILED
            why = Refused.LOOK_UP_FAILED if late else Refused.NOT_AUTHENTIC
            return _refused(judged, why, f"{verdict.why} {verdict.detail}".rstrip())
        assert isinstance(verdict, Authentic)
        if owner.who(verdict.author) != member:
            return _refused(judged, Refused.NOT_AUTHENTIC, verdict.author)
        if not issued[came_with].is_valid(self._book.clock.now()):
            return _refused(judged, Refused.EXPIRED)
        if FORWARDED.match(parsed.subject) or "resent-from" in parsed.headers:
            return _refused(judged, Refused.FORWARDED)
        if not _to_us_alone(parsed, self._book.ledger):
            return _refused(judged, Refused.OTHERS_READ)
        return judged

    def _answers_nothing(self, mail: Fetched, reading: Reading) -> Judgement | None:
        """Whether it is the owner's, gives an order, and is no answer to us: she is told to answer the mail itself.

        What her server says has to prove it: the DNS is asked only about mail with a token, and whoever could make us
        answer without one could use up the mails of an hour.
        """
        owner, ledger, history = self._book.ledger.owner, self._book.ledger, self._book.history
        tied = reading.match.evidence in (Evidence.TOKEN, Evidence.THREAD)
        member = owner.who(reading.sender) if not (tied or owner.commands.nobody) else None
        if member is None:
            return None
        verdict = by_results(mail.content, owner.commands)
        if not isinstance(verdict, Authentic) or owner.who(verdict.author) != member:
            return None
        parsed = parse(mail.content)
        if not _to_us_alone(parsed, ledger):
            return None
        last = Issued(at=self._book.clock.now(), items=history.digest.items if history.digest else ())
        text = _unsigned(reading.text, _names(parsed, member, ledger))
        words = self._pack_of(ledger.creditor.language).words
        read = orders(text, words, today=self._book.today(), about=_about(last, ledger, history))
        if not any(isinstance(one, Order) for one in read):
            return None
        about_client = reading.match.client is not None
        return Judgement(by=reading.sender, refused=Refused.NO_TOKEN, about_client=about_client)

    def entries(self, draft: Draft, reading: Reading, judged: Judgement) -> Sequence[j.AnyEntry]:
        """What follows from such a mail; for a step in the book's turn."""
        today = self._book.today()
        if judged.refused is not None:
            return (_refusal(draft, reading, judged.refused, judged.detail, today),)
        said = _said(judged, reading)
        if draft.was_carried_out(said):
            return (_refusal(draft, reading, Refused.REPEATED, "", today),)
        issued = draft.history.owner.issued[judged.came_with]
        pack = self._pack_of(self._book.ledger.creditor.language)
        text = _unsigned(reading.text, judged.names)
        read = orders(text, pack.words, today=today, about=_about(issued, draft.book.ledger, draft.history))
        lines = [
            OrderLine(one.line, one.command) if isinstance(one, Order) else OrderLine(one.line, None, one.why, one.near)
            for one in read
        ]
        speech = speech_for_owner(self._packs, self._book.ledger, today)
        desk = Desk(ledger=self._book.ledger, history=draft.history, today=self._book.today, at=draft.at)
        outcome = take_orders(
            lines,
            issued,
            judged.rights,
            desk,
            settled=draft.is_settled(judged.came_with),
            tell=lambda done: done_words(done, self._book.ledger, speech, pack.phrases.did),
        )
        taken = j.OrdersTaken(
            at=draft.at,
            on=today,
            mail=reading.mail,
            by=judged.by,
            subject=reading.subject,
            message_id=reading.message_id,
            came_with=judged.came_with,
            said=said,
            lines=outcome.lines,
            asked=outcome.asked,
            answers=outcome.answers,
        )
        return (*outcome.entries, taken)


def tell(entries: Sequence[j.AnyEntry]) -> None:
    """Log what became of the orders of a mail."""
    for entry in entries:
        if isinstance(entry, j.OrdersRefused):
            events.orders_refused(entry.because)
        elif isinstance(entry, j.OrdersTaken):
            outcomes = [line.outcome for line in entry.lines]
            done, refused = outcomes.count("done") + outcomes.count("asked"), outcomes.count("refused")
            events.orders_taken(done, refused, outcomes.count("unclear"))


def _refused(judged: Judgement, why: Refused, detail: str = "") -> Judgement:
    return Judgement(by=judged.by, came_with=judged.came_with, sent_on=judged.sent_on, refused=why, detail=detail)


def _refusal(draft: Draft, reading: Reading, why: Refused, detail: str, today: date) -> j.OrdersRefused:
    return j.OrdersRefused(
        at=draft.at,
        on=today,
        mail=reading.mail,
        by=reading.sender,
        subject=reading.subject,
        message_id=reading.message_id,
        because=why,
        detail=detail,
    )


def _said(judged: Judgement, reading: Reading) -> str:
    """The same words to the same mail of ours, of the same time, are the same orders, whatever their Message-ID is."""
    told = "\0".join((judged.came_with, judged.sent_on, " ".join(reading.text.split())))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _names(mail: Mail, member: Member | None, ledger: Ledger) -> frozenset[str]:
    """The writer's name as From has it and as the config does, whole and the first of it."""
    written = mail.author.partition("<")[0].strip(" \"'")
    whole = (written, member.name if member else "", ledger.creditor.contact)
    firsts = (name.split()[0] for name in whole if name.split())
    return frozenset(fold(name) for name in (*whole, *firsts) if name)


def _unsigned(text: str, names: frozenset[str]) -> str:
    """Without the lines that are nothing but the writer's own name."""
    return "\n".join(line for line in text.split("\n") if fold(line.strip(" .,-")) not in names)


def _to_us_alone(mail: Mail, ledger: Ledger) -> bool:
    """Whether To and Cc name nobody but the creditor's mailbox and those who may order."""
    addresses = (
        one for name in ("to", "cc") for field in mail.headers.all(name) for one in addresses_in(field, most=50)
    )
    return all(ledger.creditor.is_at(address) or ledger.owner.who(address) is not None for address in addresses)


def _about(issued: Issued, ledger: Ledger, history: History) -> About:
    return About(
        invoice=issued.about or None,
        items={item.item: item.kind for item in issued.items},
        invoices={
            client: {invoice.number: invoice.currency for invoice in invoices if not invoice.credit}
            for client, invoices in ledger.by_client.items()
        },
        names={key: client.name for key, client in ledger.clients.items()},
        of_items={item.item: (item.client, item.numbers) for item in issued.items if item.client},
        letters=frozenset(record.queued.letter_id for _, record in history.active_letters()),
        asks=bool(issued.asked),
    )
