"""The stage: servers, a config on disk, the daemon itself, and everybody who has a part."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from random import Random
from string import Template
from typing import Any
from zoneinfo import ZoneInfo

from daemon.demo.bank import Bank, InvoiceFile, open_amounts
from daemon.demo.clock import TimeLapse
from daemon.demo.correspondent import PASSWORD, Correspondent, Ports
from daemon.demo.daemon import Running, running_daemon
from daemon.demo.debtor import Debtor
from daemon.demo.mailbox import CountedMailbox
from daemon.demo.owner import ZONE, Owner
from daemon.demo.servers import MailServers
from daemon.demo.story import HERE, Screenplay, Stranger, read_books, read_manners, read_screenplay
from daemon.loops.book import Book
from daemon.ports import Clock

CREDITOR, OWNER = "fatture@bianchi.example", "giulia@bianchi.example"
START = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)  # a Monday, 07:00 in Milan: before the first digest
DAYS = 75
REFUSED = frozenset({"muhasebe@hazar.example"})  # known to be dead at RCPT
DEAD = frozenset({"m.hale@goodwin.example", "finans@hazar.example"})  # found out later: a report comes


@dataclass(slots=True, kw_only=True)
class Stage:
    """Everything that lives during the time-lapse."""

    lapse: TimeLapse
    servers: MailServers
    running: Running
    bank: Bank
    owner: Owner
    screenplay: Screenplay
    failed: asyncio.Future[None]  # an actor's bug


@asynccontextmanager
async def set_up(lapse: TimeLapse, folder: Path, seed: int, without: frozenset[str]) -> AsyncIterator[Stage]:
    """Build the stage in `folder`, which is empty and only for this; time stands still until it is complete."""
    async with AsyncExitStack() as stack:
        actors = await stack.enter_async_context(_Actors())
        clock, screenplay = lapse.clock, read_screenplay()
        servers = MailServers(clock, refused=REFUSED, spawn=actors.spawn)
        await servers.start(stack)
        ports = Ports(smtp=servers.smtp_port, imap=servers.imap_port)
        rung = await servers.open_mailbox(CREDITOR, PASSWORD, ("Sent", "Junk", "Drafts"))
        desk = actors.seat(Correspondent("Giulia Bianchi", CREDITOR, ports, rung))
        giulia = actors.seat(
            Correspondent("Giulia Bianchi", OWNER, ports, await servers.open_mailbox(OWNER, PASSWORD, ("Sent",)))
        )
        bank = Bank()
        debtors = await _debtors(screenplay, servers, ports, actors, clock, bank, seed)
        config = _write_config(folder, ports)
        books = InvoiceFile(folder / "invoices.yaml")
        running = await stack.enter_async_context(running_daemon(str(config), clock, without))
        owner = _owner(screenplay, giulia, desk, clock, bank, books, running, seed)
        actors.spawn(owner.live())
        for debtor in debtors:
            debtor.begin()
        for stranger in screenplay.strangers:
            visitor = actors.seat(Correspondent(stranger.name, stranger.address, ports, asyncio.Event()))
            actors.spawn(_write_unasked(stranger, visitor, clock))
        lapse.let_it_run(_quiet(servers, running.book, running.mailbox, books), running.mailbox.look_again)
        try:
            yield Stage(
                lapse=lapse,
                servers=servers,
                running=running,
                bank=bank,
                owner=owner,
                screenplay=screenplay,
                failed=actors.failed,
            )
        finally:
            lapse.stop()


def _quiet(servers: MailServers, book: Book, mailbox: CountedMailbox, books: InvoiceFile) -> Callable[[], bool]:
    """Whether the daemon has read every mail that there is, and every payment that was entered."""
    loop = asyncio.get_running_loop()
    hurried: dict[str, int] = {}

    def quiet() -> bool:
        if not mailbox.rests:
            return False
        last = servers.last_uids(CREDITOR)
        cursors = book.history.cursors
        behind = {f: uid for f, uid in last.items() if f != "Drafts" and cursors.get(f, (0, -1))[1] < uid}
        if behind:
            if hurried != behind:  # once for each state, so that a mailbox in trouble is not asked for ever
                hurried.clear()
                hurried.update(behind)
                loop.call_soon_threadsafe(mailbox.look_again)
            return False
        known = (len(invoice.payments) + (invoice.returned_on is not None) for invoice in book.ledger.invoices)
        return sum(known) >= books.entered

    return quiet


class _Actors:
    """Keeps the tasks and mail programs of the cast, and ends them."""

    def __init__(self) -> None:
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()  # raises what one of them did
        self._tasks: set[asyncio.Task[None]] = set()
        self._people: list[Correspondent] = []

    def spawn(self, part: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(part)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None and not self.failed.done():
            self.failed.set_exception(failure)

    def seat(self, person: Correspondent) -> Correspondent:
        self._people.append(person)
        return person

    async def __aenter__(self) -> _Actors:
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.failed.cancel()
        for person in self._people:
            person.close()


def _write_config(folder: Path, ports: Ports) -> Path:
    config = folder / "config.yaml"
    text = Template((HERE / "config.yaml").read_text(encoding="utf-8"))
    state = f"tinydb://{folder / 'state'}"
    config.write_text(text.substitute(smtp_port=ports.smtp, imap_port=ports.imap, state=state), encoding="utf-8")
    (folder / "imap-password").write_text(PASSWORD, encoding="utf-8")
    (folder / "imap-password").chmod(0o600)
    (folder / "invoices.yaml").write_bytes((HERE / "invoices.yaml").read_bytes())
    return config


async def _debtors(
    screenplay: Screenplay, servers: MailServers, ports: Ports, actors: _Actors, clock: Clock, bank: Bank, seed: int
) -> list[Debtor]:
    clients, invoices = read_books()
    manners = read_manners()
    found = []
    for story in screenplay.clients:
        known = clients[story.client]
        people = []
        for contact in known["contacts"]:
            if contact["email"] not in REFUSED | DEAD:
                rung = await servers.open_mailbox(contact["email"], PASSWORD)
                people.append(actors.seat(Correspondent(contact["name"], contact["email"], ports, rung)))
        found.append(
            Debtor(
                story,
                people,
                open_amounts(row for row in invoices if row["client"] == story.client),
                clock=clock,
                bank=bank,
                language=known["language"],
                zone=ZoneInfo(known.get("timezone", "Europe/Rome")),
                manners=manners,
                random=Random(f"{seed}/{story.client}"),  # noqa: S311  hours of the day, no secrets
                spawn=actors.spawn,
            )
        )
    return found


def _owner(
    screenplay: Screenplay,
    giulia: Correspondent,
    desk: Correspondent,
    clock: Clock,
    bank: Bank,
    books: InvoiceFile,
    running: Running,
    seed: int,
) -> Owner:
    clients, _ = read_books()
    return Owner(
        giulia,
        desk,
        {story.client: story for story in screenplay.clients},
        names={key: known["name"] for key, known in clients.items()},
        domains={
            key: frozenset(c["email"].partition("@")[2] for c in known["contacts"]) for key, known in clients.items()
        },
        languages={key: known["language"] for key, known in clients.items()},
        strangers=frozenset(stranger.address for stranger in screenplay.strangers),
        clock=clock,
        bank=bank,
        books=books,
        sheets=running.sheets.open_at,
        manners=read_manners(),
        random=Random(f"{seed}/owner"),  # noqa: S311
    )


async def _write_unasked(stranger: Stranger, visitor: Correspondent, clock: Clock) -> None:
    await clock.sleep_until(datetime.combine(stranger.on, time(3), ZONE) + timedelta(minutes=3))
    mail = EmailMessage()
    mail["From"] = Address(visitor.name, addr_spec=visitor.address)
    mail["To"] = CREDITOR
    mail["Subject"] = stranger.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = visitor.message_id()
    mail.set_content(stranger.text)
    await visitor.send(mail)
