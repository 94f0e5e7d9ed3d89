"""The owner's mail program and server, over the real ones: what a running daemon wrote to her, and how she answers."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from random import Random

import yaml

from daemon.adapters.dkim_signatures import DkimSignatures
from daemon.domain import journal as j
from tests.dkim_signed import record, signed
from tests.real.border import AUTHSERV_ID, Border, from_outside
from tests.real.clients import imap
from tests.real.daemon_house import House, a_client, a_document, an_invoice, daemon_at
from tests.real.servers import Account, Certificates, MailHouse

MORNING = datetime(2026, 11, 2, 5, tzinfo=UTC)  # Monday, six in Rome
DIGEST = datetime(2026, 11, 2, 6, 31, tzinfo=UTC)
OPEN = datetime(2026, 11, 2, 9, 5, tzinfo=UTC)  # the window for letters is open
EVIL = "evil.test"  # a domain of strangers, who sign properly as well
ABOUT_MAIL = (
    j.MailRead, j.MailUnmatched, j.OrdersTaken, j.OrdersRefused, j.AnswerSent, j.AlertSent, j.DigestSent,
)  # fmt: skip
ORDERS = (
    "go all", "go acme", "go 2026-051", "stop acme", "hold acme until 20 November", "hold 2026-051", "paid 2026-041",
    "2026-051 paid EUR 10.00", "email acme thief@evil.test", "write off 2026-041", "remind 2026-041", "statement beta",
    "yes", "manda tutte", "note acme x", "missing 2026-041", "dispute acme four hours",
    "plan acme in 2 parts from 1/12",
)  # fmt: skip
_VOICE = (
    j.ReplyReceived, j.HoldPlaced, j.HoldLifted, j.LetterWithdrawn, j.DisputeRaised, j.PromiseMade, j.CallSuggested,
)  # fmt: skip
_DONE = ("done", "asked")


@asynccontextmanager
async def bordered(certificates: Certificates) -> AsyncIterator[tuple[MailHouse, Border]]:
    """A mail house whose Postfix asks a filter about what comes from outside."""
    keys = (("example.test", record()), (EVIL, record()))
    with Border(*keys) as border, MailHouse(certificates, postfix_settings=border.settings) as mail:
        yield mail, border


@dataclass
class Scene:
    """One morning: the digest lies in the owner's inbox, the first letters wait for her go, and she may answer."""

    house: House
    border: Border
    clients: dict[str, Account]
    digest: EmailMessage
    dice: Random = field(default_factory=lambda: Random(0))
    earlier: EmailMessage | None = None  # a digest of another creditor with the same owner
    written: Iterator[int] = field(default_factory=itertools.count)

    @property
    def owner(self) -> str:
        return self.house.owner.address

    @property
    def desk(self) -> str:
        """The address that takes the orders in answer to the digest."""
        return str(self.digest["Reply-To"])

    def reply(self, text: str = "", to: EmailMessage | None = None, **changes: str | None) -> EmailMessage:
        """A reply as her mail program writes it, with the quote below; a field of None is left out."""
        answered = to if to is not None else self.digest
        fields: dict[str, str | None] = {
            "From": f"Giulia Bianchi <{self.owner}>",
            "To": str(answered["Reply-To"] or self.house.creditor.address),
            "Cc": None,
            "Subject": f"Re: {answered['Subject']}",
            **stamped(self),
            "In-Reply-To": str(answered["Message-ID"]),
            "References": str(answered["Message-ID"]),
        }
        mail = EmailMessage(policy=SMTP.clone(max_line_length=200))
        for name, value in {**fields, **{k.replace("_", "-"): v for k, v in changes.items()}}.items():
            if value is not None:
                mail[name] = value
        mail.set_content(f"{text}\n\n{attribution(self)}\n{quoted(answered)}\n")
        return mail

    def send(self, *mails: EmailMessage | bytes, sender: str = "", to: str = "", sign: str = "example.test") -> None:
        """From outside, signed by the domain `sign` ("" by nobody), to the address in To."""
        made = []
        for mail in mails:
            raw = mail if isinstance(mail, bytes) else bytes(mail)
            made.append((signed(raw, domain=sign) if sign else raw, sender or self.owner, to or self.desk))
        from_outside(self.house.mail.postfix.plain_port, made)

    async def settled(self) -> None:
        """Wait until every mail that was handed in lies in a folder and was read, and what it led to is done."""
        await self.house.until(lambda: not self.house.mail.postfix.queued(), "an empty queue")
        await self.house.until(self._read, "the mailbox read to its end")
        await self.house.settled()

    def _read(self) -> bool:
        known = self.house.daemon.book.history.cursors
        with imap(self.house.mail.dovecot, self.house.creditor) as line:
            for name in known:
                line.select_folder(name, readonly=True)
                if known[name][1] < max(line.search("ALL"), default=0):
                    return False
        return True

    def letters(self) -> int:
        """How many mails lie in the clients' inboxes."""
        return sum(len(self.house.has(account)) for account in self.clients.values())

    def answers(self) -> list[EmailMessage]:
        return [mail for mail in self.house.has(self.house.owner) if mail["X-Sollecito-Loop"] == "answer"]


def orders(scene: Scene) -> str:
    """Some lines that would do something."""
    return "\n".join(["go all", *scene.dice.sample(ORDERS, scene.dice.randint(0, 3))])


def stamped(scene: Scene) -> dict[str, str]:
    """A Date and a Message-ID that no other mail has."""
    number = next(scene.written)
    at = scene.house.clock.now() + timedelta(seconds=number)
    return {"Date": format_datetime(at), "Message-ID": f"<{number}.{id(scene)}@mail.example.test>"}


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def quoted(mail: EmailMessage) -> str:
    return "\n".join(f"> {line}" for line in text_of(mail).splitlines())


def attribution(scene: Scene) -> str:
    return f"On Mon, 2 Nov 2026 at 07:31, Sollecito <{scene.house.creditor.address}> wrote:"


def changes(before: Sequence[j.AnyEntry], after: Sequence[j.AnyEntry], *, heard: bool = False) -> list[str]:
    """What has changed: entries about clients and money, and every order that was carried out or asked back.

    Args:
        heard: a client wrote, who is listened to as a client: that holds letters back (one hold takes the place of
            another, a letter that waited is withdrawn), and may suggest a call.
    """
    new = after[len(before) :]
    voice = _VOICE if heard else ()
    found = [
        type(entry).__name__
        for entry in new
        if not isinstance(entry, (*ABOUT_MAIL, *voice))
        or (isinstance(entry, j.HoldPlaced) and entry.because is j.Because.OWNER)
    ]
    lines = [line for entry in new if isinstance(entry, j.OrdersTaken) for line in entry.lines]
    return found + [f"{line.outcome}: {line.line}" for line in lines if line.outcome in _DONE]


@asynccontextmanager
async def morning(mail: MailHouse, border: Border, folder: Path, *, language: str = "en") -> AsyncIterator[Scene]:
    """A daemon that has written its digest and waits for the owner's go, at five past ten."""
    clients = {key: mail.new_user(key) for key in ("acme", "beta")}
    creditor, owner = mail.new_user("fatture"), mail.new_user("giulia")
    signatures = DkimSignatures(border.look_up)
    document = a_document(
        mail, creditor, owner, folder / "state", first_start="ask", reply_token="plus",
        clients={key: a_client(account, name=f"{key.title()} S.p.A.") for key, account in clients.items()},
        invoices=[an_invoice(), an_invoice("2026-051", client="beta")],
    )  # fmt: skip
    document["owner"]["commands"] = {"authserv_id": AUTHSERV_ID, "dkim": True}
    document["creditor"]["language"] = language
    (folder / "config.yaml").write_text(yaml.safe_dump(document, sort_keys=False))
    async with daemon_at(
        mail, folder, MORNING, creditor=creditor, owner=owner, world=lambda world: replace(world, signatures=signatures)
    ) as house:
        await house.at(DIGEST)
        [digest] = await house.inbox(owner, 1)
        await house.recorded(j.DigestSent)
        await house.at(OPEN)
        yield Scene(house, border, clients, digest)


async def wait_for_answer(scene: Scene, count: int) -> EmailMessage:
    """The newest answer to the owner, once there are so many."""
    await scene.house.until(lambda: len(scene.answers()) >= count, f"{count} answers")
    await asyncio.sleep(0)
    return scene.answers()[-1]
