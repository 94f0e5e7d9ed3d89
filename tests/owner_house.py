"""A daemon in memory whose owner is written to and answers by mail, as a mail program and a mail server would do it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP as SMTP_POLICY
from email.policy import default
from email.utils import format_datetime
from functools import partial
from pathlib import Path

from daemon.adapters.config_files import read_invoices
from daemon.adapters.config_main import LANGUAGES
from daemon.adapters.followed_file import path_of
from daemon.adapters.templates_dir import load_packs
from daemon.adapters.templates_orders import load_order_pack
from daemon.domain import journal as j
from daemon.domain.books.authenticity import Signature, Verdict
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import CommandTrust, Member, Owner
from daemon.loops.answer import Answerer
from daemon.loops.authenticate import authenticate
from daemon.loops.followed import FollowedInvoices
from daemon.loops.listen import Listener
from daemon.loops.orders import OrderDesk
from daemon.loops.owner_post import OwnerPost
from daemon.loops.post import Post
from daemon.loops.quotes import Quotes
from daemon.loops.report import Reporter
from daemon.loops.sendings import SendingDesk
from daemon.loops.tell import Teller
from daemon.ports import Accepted, Parcel, Signatures, Submission
from daemon.wiring.following import read_sending, write_followed
from tests.fakes import MemoryMailbox
from tests.loop_house import START, House, books, reader, token_of

SERVER = "mx.bianchi.example"
OWNER = "giulia@bianchi.example"
DESK = "fatture@bianchi.example"
PASSED = f"{SERVER}; dmarc=pass (p=reject) header.from=bianchi.example"


class NoSignatures:
    async def verify(self, raw: bytes, domain: str) -> tuple[Signature, ...]:
        return ()


@dataclass
class Letterbox:
    """What came to one address."""

    mails: list[EmailMessage]

    def of(self, kind: str) -> list[EmailMessage]:
        return [mail for mail in self.mails if mail["X-Sollecito-Loop"] == kind]


def owned_books(*keys: str, trust: CommandTrust | None = None, team: tuple[Member, ...] = ()) -> Ledger:
    owner = Owner(email=OWNER, commands=trust or CommandTrust(authserv_id=SERVER), team=team)
    known = books(*keys, owner=owner)
    return replace(known, creditor=replace(known.creditor, language="en"))


class OwnerHouse(House):
    """The loops of a daemon, and the owner's mail program."""

    def __init__(
        self, ledger: Ledger | None = None, start: datetime = START, *, plus: bool = False, folder: Path | None = None
    ) -> None:
        """Args: `folder`: the state directory, where invoices are to be followed that the owner sends by hand."""
        super().__init__(ledger or owned_books(), start)
        self.box = Letterbox([])
        self.written = 0
        packs = load_packs(())
        drawn = iter(range(1, 10_000))
        post = OwnerPost(
            self.book, self.relay, self.health, lambda octets: next(drawn).to_bytes(octets, "big"),
            lambda language: load_order_pack((), language).phrases.short, plus_token=plus,
        )  # fmt: skip
        words = Quotes(self.book, reader()).words

        def pack_of(language: str):  # type: ignore[no-untyped-def]  # what the loader says
            return load_order_pack((), language)

        def proven(raw: bytes) -> Awaitable[Verdict]:
            return authenticate(raw, self.book.ledger.owner.commands, self.signatures)

        self.signatures: Signatures = NoSignatures()
        desk = OrderDesk(self.book, packs, pack_of, proven)
        self.sendings = SendingDesk(self.book, LANGUAGES, pack_of, read_sending, proven)
        self.listener = Listener(self.book, MemoryMailbox(self.world), reader(), self.health, desk, self.sendings)
        self.folder = folder or Path("/nowhere")
        self.write = partial(write_followed, str(self.folder))
        self.followed = FollowedInvoices(self.book, self.write, self.reload, self.health)
        self.reporter = Reporter(
            self.book, post, packs, Post(packs, token_of, self.read, plus_token=False), words, self.health
        )
        self.teller = Teller(self.book, post, packs, words, self.health)
        self.answerer = Answerer(self.book, post, packs, pack_of, self.health)

    async def reload(self) -> None:
        """Believe what stands in the file of the invoices that were sent by hand, too."""
        path = str(path_of(self.folder))
        read = read_invoices(path, path)
        assert not read.report.problems
        known = self.book.ledger
        new = tuple(draft.invoice for draft in read.drafts if draft.invoice is not None)
        there = {(invoice.client, invoice.number) for invoice in known.invoices}
        more = tuple(invoice for invoice in new if (invoice.client, invoice.number) not in there)
        self.book.use(replace(known, invoices=(*known.invoices, *more)))

    async def accept(self, parcel: Parcel) -> Submission:
        if self.book.ledger.owner.who(parcel.recipient):
            self.box.mails.append(BytesParser(policy=default).parsebytes(parcel.content))
        return Accepted("2.0.0 queued")

    async def read(self) -> None:  # type: ignore[override]  # the mailbox, not a file
        await self.listener.read_to_end()

    async def digest(self) -> EmailMessage:
        """This morning's digest."""
        await self.planner.run_once()
        assert await self.reporter.send()
        return self.box.of("digest")[-1]

    async def order(self, text: str, to: EmailMessage, **changes: str | None) -> EmailMessage | None:
        """Answer a mail of ours, let it be read, and return what is answered."""
        before = len(self.box.of("answer"))
        self.world.deliver(self.reply(text, to, **changes))
        await self.read()
        await self.answerer.answer()
        answers = self.box.of("answer")
        return answers[-1] if len(answers) > before else None

    def reply(self, text: str, to: EmailMessage, **changes: str | None) -> bytes:
        """A reply as a mail program writes it and the server of bianchi.example delivers it; None takes a field out."""
        self.written += 1
        quoted = "\n".join(f"> {line}" for line in str(to.get_body(("plain",)).get_content()).splitlines())
        at = self.world.now() + timedelta(seconds=self.written)
        fields: dict[str, str | None] = {
            "Received": f"from mail.bianchi.example (mail.bianchi.example [192.0.2.7]) by {SERVER}; {format_datetime(at)}",  # noqa: E501  a field on one line
            "Authentication-Results": PASSED,
            "From": f"Giulia Bianchi <{OWNER}>",
            "To": str(to["Reply-To"] or DESK),
            "Cc": None,
            "Subject": f"Re: {to['Subject']}",
            "Date": format_datetime(at),
            "Message-ID": f"<{self.written}@mail.bianchi.example>",
            "In-Reply-To": str(to["Message-ID"]),
            "References": str(to["Message-ID"]),
            **changes,
        }
        # on top what the server has written last
        order = ["Authentication-Results", "Received"]
        mail = EmailMessage(policy=SMTP_POLICY)
        for name in (*order, *(name for name in fields if name not in order)):
            if (value := fields.get(name)) is not None:
                mail[name] = value
        mail.set_content(f"{text}\n\nOn Mon, 2 Nov 2026 at 07:30, Sollecito <{DESK}> wrote:\n{quoted}\n")
        return bytes(mail)

    def text(self, mail: EmailMessage | None) -> str:
        assert mail is not None
        return str(mail.get_body(("plain",)).get_content())

    def item(self, mail: EmailMessage, number: str) -> str:
        """The number of the point in which an invoice stands."""
        found = re.search(rf"^ *(\d+)  [^\n]*{re.escape(number)}", self.text(mail), re.MULTILINE)
        assert found, self.text(mail)
        return found[1]


def kinds_of(lines: Iterable[str]) -> list[str]:
    """The names of what was recorded, line by line of the journal."""
    return [type(j.decode(line.encode())).__name__ for line in lines]


def facts(house: OwnerHouse) -> list[str]:
    """What is known of clients and money: the journal without what was only read, told or answered."""
    about_mail = {"MailRead", "OrdersTaken", "OrdersRefused", "AnswerSent", "AlertSent", "DigestSent"}
    return [
        line.decode()
        for line in house.world.lines
        if not any(f'"entry":"{kind}"'.encode() in line for kind in about_mail)
    ]
