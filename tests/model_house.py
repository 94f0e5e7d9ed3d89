"""The daemon of the model test with all its loops, and what befalls it: mails, edits, commands, crashes, days."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from daemon.domain.books.client import Role
from daemon.domain.books.invoice import Invoice, Payment, StatedHold
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.books.owner import CommandTrust, Owner
from daemon.domain.books.policy import CallLevel, HandoverLevel, LetterLevel
from daemon.domain.history import History
from daemon.loops.answer import Answerer
from daemon.loops.authenticate import authenticate
from daemon.loops.book import Book
from daemon.loops.deliver import Deliverer
from daemon.loops.desk import OwnersDesk
from daemon.loops.health import Health
from daemon.loops.listen import Listener
from daemon.loops.orders import OrderDesk
from daemon.loops.owner_post import OwnerPost
from daemon.loops.plan import Planner
from daemon.loops.post import Post
from daemon.loops.quotes import Quotes
from daemon.loops.report import Reporter
from daemon.loops.steady import ClockWatch
from daemon.loops.tell import Teller
from tests.builders import ROME, a_client, a_contact, a_creditor, a_ledger, a_policy, an_invoice
from tests.fakes import MemoryArchive, MemoryMailbox
from tests.letter_cases import packs as letter_packs
from tests.loop_house import START, reader, token_of
from tests.model_promises import Promises, Silence
from tests.model_world import ModelRelay, ModelWorld, WatchedJournal
from tests.order_mails import pack
from tests.owner_house import OWNER, SERVER, NoSignatures, OwnerHouse

LADDER = (
    LetterLevel(letter="first-reminder", day=1, rest_days=1),
    LetterLevel(letter="second-reminder", day=4),
    CallLevel(reason="two letters without an answer", day=7),
    LetterLevel(letter="firm-reminder", day=9, deadline_days=2),
    LetterLevel(letter="final-notice", day=14, deadline_days=3, approval=True),
    HandoverLevel(to="legal", after_deadline=1, approval=True),
)
_DUE = {"acme-1": 30, "acme-2": 36, "acme-3": 50, "beta-1": 31, "beta-2": 40, "X-7": 33}  # days after 1 October
_STOPS_WITHIN = 45.0  # seconds that a letter on its way has after a stop


def first_books() -> Ledger:
    acme = (
        a_contact("Anna Verdi", "anna@acme.example"), a_contact("Bruno Neri", "bruno@acme.example"),
        a_contact("Carla Rosa", "carla@acme.example", role=Role.CC, from_level="second-reminder"),
    )  # fmt: skip
    clients = (
        a_client("acme", language="en", contacts=acme),
        a_client("beta", language="en", contacts=(a_contact("Berta Blu", "berta@beta.example"),)),
        a_client("delta", language="en", contacts=(a_contact("Dario Viola", "dario@delta.example"),)),
    )
    whose = [(number, number.partition("-")[0]) for number in _DUE if number != "X-7"]
    invoices = [
        an_invoice(number, client, due_on=date(2026, 10, 1) + timedelta(days=_DUE[number]))
        for number, client in [*whose, ("X-7", "beta"), ("X-7", "delta")]
    ]
    return a_ledger(
        *invoices, clients=clients, policy=a_policy(levels=LADDER, rest_days=2), first_start_sends=True,
        creditor=a_creditor(language="en"), owner=Owner(email=OWNER, commands=CommandTrust(authserv_id=SERVER)),
    )  # fmt: skip


class Process:
    """The loops of one life, around the world that outlives it."""

    def __init__(self, world: ModelWorld, ledger: Ledger) -> None:
        packs, health, mailbox, relay = letter_packs(), Health(), MemoryMailbox(world), ModelRelay(world)

        def draw(octets: int) -> bytes:
            world.tokens += 1
            return world.tokens.to_bytes(octets, "big")

        self.stop = asyncio.Event()
        self.book = Book(ledger, WatchedJournal(world), MemoryArchive(world), world, token_of)
        trust = ledger.owner.commands
        desk = OrderDesk(self.book, packs, pack, lambda raw: authenticate(raw, trust, NoSignatures()))
        owner_post = OwnerPost(
            self.book, relay, health, draw, lambda language: pack(language).phrases.short, plus_token=False
        )
        post = Post(packs, token_of, lambda path: b"", plus_token=False)
        words = Quotes(self.book, reader()).words
        listener = Listener(self.book, mailbox, reader(), health, desk)
        self.deliverer = Deliverer(
            self.book, relay, mailbox, listener, post, health, stop=self.stop, workers=2, file_sent=True
        )
        self.desk = OwnersDesk(self.book, health, None, self._forget)
        watch = ClockWatch(self.book, world.seconds)
        self.book.is_steady = watch.is_steady
        runs = (
            watch.run, listener.run, Planner(self.book, health).run, self.deliverer.run,
            Reporter(self.book, owner_post, packs, post, words, health).run,
            Teller(self.book, owner_post, packs, words, health).run,
            Answerer(self.book, owner_post, packs, pack, health).run,
        )  # fmt: skip
        self.loops = [asyncio.ensure_future(run()) for run in runs]
        self.delivering = self.loops[3]

    async def _forget(self, client: str) -> None: ...


class ModelHouse:
    """A daemon, its owner and its clients.  Lives on a loop whose clock jumps; see `virtual_time`."""

    reply = OwnerHouse.reply  # the owner's mail program

    def __init__(self, seed: int) -> None:
        dice = Random(seed)
        folders: dict[str, list[Any]] = {"INBOX": [], "Junk": [], "Sent": []}
        self.world = ModelWorld(START, dice, folders=folders, slow=dice.choice([0.2, 1.0, 3.0]))
        self.world.slow_relay = dice.choice([0.2, 1.0, 6.0])
        self.ledger = first_books()
        self.promises = Promises(self.world, lambda: self.ledger)
        self.world.offered, self.world.appended = self.promises.offered, self.promises.appended
        self.written = 0
        self.process = Process(self.world, self.ledger)

    # -- time ---------------------------------------------------------------------------------------------------

    async def live(self, seconds: float) -> None:
        """Time passes; where the power fails in it, the daemon comes up again."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        power = asyncio.ensure_future(self.world.crashed.wait())
        await asyncio.wait([power, *self.process.loops], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        power.cancel()
        if self.world.crashed.is_set():
            await self.end()
            self.world.crashed.clear()
            self.world.crash_at = None
            self.process = Process(self.world, self.ledger)
            await self.live(max(end - loop.time(), 5.0))
        for task in self.process.loops:
            if task.done():
                task.result()
                raise AssertionError("a loop came to its end by itself")

    async def crash(self, points: int) -> None:
        """The power fails at so many moments from now."""
        self.world.crash_at = self.world.points + points
        await self.live(30.0)
        self.world.crash_at = None

    async def restart(self) -> None:
        """SIGTERM, as `supervise` does it: what is on its way comes to its end, then everything stops (F5)."""
        process = self.process
        process.stop.set()
        process.book.bell.ring()
        for task in process.loops:
            if task is not process.delivering:
                task.cancel()
        await asyncio.wait([process.delivering], timeout=_STOPS_WITHIN)
        await self.end()
        self.process = Process(self.world, self.ledger)

    async def end(self) -> None:
        """Everything that runs is cut off where it is."""
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        for task in tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task
        self.promises.commands = 0
        self.promises.begun.clear()  # in doubt, when the next one has looked

    def days_pass(self, days: int, hour: int) -> None:
        """The machine sleeps until an hour, so many days later."""
        local = self.world.now().astimezone(ROME)
        then = datetime.combine(local.date() + timedelta(days=days), time(hour, 7), ROME)
        self.world.set_clock(then - local)
        self.world.slept += then - local

    async def clock_jumps(self, days: int) -> None:
        """Somebody sets it wrong, and the daemon has a moment to notice (F62)."""
        self.world.trouble = 0.0
        self.world.set_clock(timedelta(days=days))
        for key in self.ledger.clients:
            numbers = [i.number for i in self.ledger.invoices if i.client == key]
            self.promises.hush(key, numbers, "the clock jumped", None)
        await self.live(40.0)

    def soon(self, seconds: float, happens: Callable[[], object]) -> None:
        """In the middle of whatever goes on then."""
        self.world.loop.call_later(seconds, happens)

    # -- the clients --------------------------------------------------------------------------------------------

    def arrives(self, content: bytes, folder: str = "INBOX", silences: tuple[Silence, ...] = ()) -> None:
        came = self.world.deliver(content, folder).came
        for silence in silences:
            silence.came, silence.folder = came, folder
        self.promises.silences += silences

    def next_serial(self) -> int:
        self.written += 1
        return self.written

    # -- the owner ----------------------------------------------------------------------------------------------

    async def command(self, name: str, **args: object) -> None:
        promises, process = self.promises, self.process
        promises.commands += 1
        try:
            await process.desk.handle(name, args)
        except asyncio.CancelledError:
            promises.commands += 1  # cut off: what it has written is noted a moment later, and `end` counts anew
            raise
        finally:
            promises.commands = max(promises.commands - 1, 0)

    def edit(self, client: str, number: str, change: Callable[[Invoice], Invoice | None]) -> None:
        """The owner's editor saves the file, and the daemon reads it; None takes the invoice out."""
        kept = []
        for invoice in self.ledger.invoices:
            made = change(invoice) if (invoice.client, invoice.number) == (client, number) else invoice
            if made is not None:
                kept.append(made)
        self.use(replace(self.ledger, invoices=tuple(kept)))

    def use(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.process.book.use(ledger)

    def pay(self, client: str, number: str, amount: Decimal) -> None:
        paid = Payment(on=self.world.today, amount=amount)
        self.edit(client, number, lambda invoice: replace(invoice, payments=(*invoice.payments, paid)))

    def lose_payments(self, client: str, number: str) -> None:
        """The editor loses a line: payments that were there are there no more (F53)."""
        lost = [(client, number, p.amount) for i in self._of(client, number) for p in i.payments]
        vanished = "a payment vanished from the YAML"
        known = any(s.because == vanished and (s.client, s.number) == (client, number) for s in self.promises.silences)
        if not known and any(one in self.promises.paid_in_yaml for one in lost):
            self.promises.hush(client, (number,), vanished, None)
        self.edit(client, number, lambda invoice: replace(invoice, payments=()))

    def hold_in_yaml(self, client: str, number: str, until: date | None, *, held: bool) -> None:
        hold = StatedHold(until=until, because="asked") if held else None
        self.edit(client, number, lambda invoice: replace(invoice, hold=hold))

    def change_total(self, client: str, number: str, total: int) -> None:
        self.edit(client, number, lambda invoice: replace(invoice, total=Money(Decimal(total), "EUR")))

    def put_back(self, client: str, number: str) -> None:
        if not self._of(client, number):
            invoice = next(i for i in first_books().invoices if (i.client, i.number) == (client, number))
            self.use(replace(self.ledger, invoices=(*self.ledger.invoices, invoice)))

    def _of(self, client: str, number: str) -> list[Invoice]:
        return [i for i in self.ledger.invoices if (i.client, i.number) == (client, number)]

    # -- what is known ------------------------------------------------------------------------------------------

    def replayed(self) -> History:
        history = History()
        for entry in WatchedJournal(self.world).replay():
            history.take_in(entry)
        return history
