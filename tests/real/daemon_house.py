"""The whole daemon against real servers: its own config file, state and loops, and a clock that a test sets."""

from __future__ import annotations

import asyncio
import email.policy
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

import yaml

from daemon.adapters import config_yaml
from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from daemon.wiring import Daemon, World, build, live, real_world
from tests.real.servers import Account, MailHouse

PATIENCE = 20.0  # real seconds for something that real servers do


class SetClock:
    """A clock that stands still until the test sets it; whoever sleeps until a moment wakes when it is reached."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self._moved = asyncio.Condition()

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, moment: datetime) -> None:
        async with self._moved:
            await self._moved.wait_for(lambda: self._now >= moment)

    async def set(self, moment: datetime) -> None:
        assert moment >= self._now, "time goes forward"
        async with self._moved:
            self._now = moment
            self._moved.notify_all()


@dataclass
class House:
    """A running daemon, and what a test does to it."""

    mail: MailHouse
    daemon: Daemon
    clock: SetClock
    creditor: Account
    owner: Account
    config: Path

    async def at(self, moment: datetime) -> None:
        """Let it be this moment, and wait until the daemon has done what it then does."""
        await self.clock.set(moment)
        self.daemon.book.bell.ring()
        await self.settled()

    async def settled(self) -> None:
        """Wait until the planner has nothing new and no letter can leave now."""

        def quiet() -> bool:
            return not self.daemon.book.touched and self.daemon.deliverer.idle.is_set()

        for _ in range(3):  # a plan can make a departure, and a departure can make a plan
            await asyncio.sleep(0.05)
            await self.until(quiet)

    async def until(self, condition: Callable[[], bool], what: str = "the condition") -> None:
        """Wait for something that real servers bring about."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE
        while not condition():
            assert loop.time() < end, f"{what} did not come true within {PATIENCE} s"
            await asyncio.sleep(0.02)

    def entries(self, kind: type[j.AnyEntry] | None = None) -> list[Any]:
        """What is in the journal on the disk."""
        with StateDir.read_only(self.daemon.settings.state) as state:
            return [entry for entry in state.journal.replay() if kind is None or isinstance(entry, kind)]

    async def recorded(self, kind: type[Any], count: int = 1) -> list[Any]:
        """Wait until the journal holds so many entries of a kind."""
        await self.until(lambda: len(self.entries(kind)) >= count, f"{count} {kind.__name__}")
        found = self.entries()
        await self.until(lambda: self.daemon.book.history.count >= len(found), "the book's own knowledge")
        return [entry for entry in found if isinstance(entry, kind)]

    async def inbox(self, account: Account, count: int) -> list[EmailMessage]:
        """What really lies in an account's inbox, in the order of arrival, once it is at least `count` mails."""
        raw = await asyncio.to_thread(
            self.mail.dovecot.wait_for_mails, account.username, count, "INBOX", within=PATIENCE
        )
        return [_parse(mail) for mail in raw]

    def has(self, account: Account, folder: str = "INBOX") -> list[EmailMessage]:
        return [_parse(mail) for mail in self.mail.dovecot.mails(account.username, folder)]

    async def answer(self, client: Account, letter: EmailMessage, text: str, **headers: str) -> None:
        """The client answers a letter, as mail programs do, through the real servers."""
        reply = EmailMessage()
        reply["From"], reply["To"] = client.address, self.creditor.address
        reply["Subject"] = f"Re: {letter['Subject']}"
        reply["Date"] = format_datetime(self.clock.now())
        reply["Message-ID"] = make_msgid(domain="example.test")
        reply["In-Reply-To"] = reply["References"] = str(letter["Message-ID"])
        for name, value in headers.items():
            reply[name.replace("_", "-")] = value
        quoted = "\n".join(f"> {line}" for line in "an earlier letter\nof several lines".splitlines())
        reply.set_content(f"{text}\n\n{quoted}\n")
        await asyncio.to_thread(self.mail.submit, client, self.creditor.address, reply.as_bytes())

    async def command(self, name: str, **args: Any) -> dict[str, Any]:
        return await self.daemon.desk.handle(name, args)

    def status(self, number: str) -> dict[str, Any]:
        return next(row for row in self.daemon.desk.status()["invoices"] if row["number"] == number)

    def rewrite(self, change: Callable[[dict[str, Any]], None]) -> None:
        """The owner edits the YAML."""
        document = yaml.safe_load(self.config.read_text())
        change(document)
        new = self.config.with_suffix(".new")
        new.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
        new.rename(self.config)


def _parse(raw: bytes) -> EmailMessage:
    found = BytesParser(policy=email.policy.default).parsebytes(raw)
    assert isinstance(found, EmailMessage)
    return found


def a_document(mail: MailHouse, creditor: Account, owner: Account, state: Path, **changes: Any) -> dict[str, Any]:
    """A config for the mail house; `clients` and `invoices` are the test's own."""
    secret = state.parent / "password"
    secret.write_text(creditor.password)
    document: dict[str, Any] = {
        "creditor": {
            "name": "Studio Bianchi S.r.l.",
            "contact": "Giulia Bianchi",
            "email": creditor.address,
            "phone": "+39 02 5550 1234",
            "address": "Via Roma 1, 20121 Milano",
            "language": "en",
            "timezone": "Europe/Rome",
            "calendar": "IT",
            "payment": {"iban": "IT60X0542811101000000123456"},
        },
        "owner": {"email": owner.address, "digest_at": "07:30", "digest_on": ["mon", "tue", "wed", "thu", "fri"]},
        "smtp": {
            "host": mail.host, "port": mail.postfix.starttls_port, "security": "starttls",
            "username": creditor.username, "password": {"file": str(secret)}, "per_minute": 0,
            "ca_file": str(mail.ca_file),
        },
        "imap": {
            "host": mail.host, "port": mail.dovecot.tls_port, "security": "tls",
            "username": creditor.username, "password": {"file": str(secret)}, "ca_file": str(mail.ca_file),
        },
        "state": f"tinydb://{state}",
        "first_start": "send",
        "clients": {},
        "invoices": [],
    }  # fmt: skip
    for section in ("smtp", "imap", "owner"):  # a test names only the keys that it wants different
        document[section] = {**document[section], **changes.pop(section, {})}
    return {**document, **changes}


def a_client(account: Account, **changes: Any) -> dict[str, Any]:
    """A client whose first contact is a user of the mail house."""
    given: dict[str, Any] = {
        "name": "Acme S.p.A.",
        "language": "en",
        "policy": "standard",
        "address": "Corso Italia 5, 10121 Torino",
        "contacts": [{"name": "Anna Verdi", "email": account.address, "phone": "+39 02 5550 1111"}],
    }
    return {**given, **changes}


def an_invoice(number: str = "2026-041", due: str = "2026-10-30", **changes: Any) -> dict[str, Any]:
    return {
        "number": number, "client": "acme", "issued": "2026-10-01", "due": due, "currency": "EUR", "total": "1220.00",
        **changes,
    }  # fmt: skip


@asynccontextmanager
async def daemon_at(
    mail: MailHouse,
    folder: Path,
    start: datetime,
    *,
    creditor: Account,
    owner: Account,
    world: Callable[[World], World] = lambda world: world,
    **changes: Any,
) -> AsyncIterator[House]:
    """A daemon that lives as long as the `async with`, on the state in `folder`, at the moment `start`."""
    config = folder / "config.yaml"
    if not config.exists() or changes:
        document = a_document(mail, creditor, owner, folder / "state", **changes)
        config.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))
    loaded = config_yaml.load(config)
    assert loaded.settings is not None, "\n".join(str(problem) for problem in loaded.problems)
    clock = SetClock(start)
    stop = asyncio.Event()
    with StateDir.open(loaded.settings.state) as state:
        daemon = build(loaded.settings, state, world(real_world(loaded.settings, clock)), stop, loaded=loaded)
        life = asyncio.create_task(live(daemon, lambda _line: None))
        house = House(mail, daemon, clock, creditor, owner, config)
        try:
            await house.until(lambda: daemon.health.read_to_end_at is not None or life.done(), "the first read")
            if life.done():
                await life
            await house.settled()
            # Before a test moves the clock past it, or touches the line on which it goes.
            await house.until(lambda: daemon.reporter.next_at() > start, "the digest that is due at the start")
            yield house
        finally:
            stop.set()
            daemon.book.bell.ring()
            await asyncio.wait_for(life, 30)


def days(start: datetime, count: int) -> datetime:
    return start + timedelta(days=count)
