"""Promises 1 and 2 over the real loops, with a world in memory that answers, fails and dies at every moment."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from random import Random

import pytest

from daemon.adapters.templates_dir import load_packs
from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History, Status
from daemon.loops.book import Book
from daemon.loops.deliver import Deliverer
from daemon.loops.health import Health
from daemon.loops.listen import Listener
from daemon.loops.plan import Planner
from daemon.loops.post import Post
from daemon.mail.read import Reader
from daemon.mail.tokens.token import token
from tests.builders import a_client, a_contact, a_ledger, an_invoice
from tests.fakes import MemoryArchive, MemoryJournal, MemoryMailbox, MemoryRelay, World
from tests.virtual_time import run_virtually

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # Monday, 10:30 in Rome: the window is open
KEYS = ("acme", "beta", "delta")
DATA_WITHIN = 10.0  # seconds after a read to its end; DESIGN 1, promise 2


@cache
def words() -> tuple[Reader, Post]:
    packs = load_packs(())
    post = Post(packs, token_of, lambda path: b"", plus_token=False)
    return Reader({language: pack.reading for language, pack in packs.items()}), post


def token_of(letter_id: str) -> str:
    return token("k1", b"k" * 32, letter_id)


def books() -> Ledger:
    clients = tuple(
        a_client(key, contacts=(a_contact(f"Anna {key.title()}", f"anna@{key}.example"),), language="en")
        for key in KEYS
    )
    invoices = (an_invoice(f"{key}-2026-1", key) for key in KEYS)
    return a_ledger(*invoices, clients=clients, first_start_sends=True)


class Daemon:
    """The book, the listener, the planner and the deliverer, as `wiring` puts them together."""

    def __init__(self, world: World) -> None:
        reader, post = words()
        health = Health()
        mailbox = MemoryMailbox(world)
        self.book = Book(books(), MemoryJournal(world), MemoryArchive(world), world, token_of)
        self.listener = Listener(self.book, mailbox, reader, health)
        self.planner = Planner(self.book, health)
        self.deliverer = Deliverer(
            self.book, MemoryRelay(world), mailbox, self.listener, post, health,
            stop=asyncio.Event(), workers=2, file_sent=True,
        )  # fmt: skip

    async def live(self) -> None:
        async with asyncio.TaskGroup() as loops:
            loops.create_task(self.listener.run())
            loops.create_task(self.planner.run())
            loops.create_task(self.deliverer.run())


def an_answer(key: str, number: int) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = f"anna@{key}.example", "fatture@bianchi.example"
    mail["Subject"] = f"Your invoice {key}-2026-1"
    mail["Message-ID"] = f"<{key}-{number}@{key}.example>"
    mail["Date"] = "Mon, 02 Nov 2026 10:31:00 +0100"
    mail.set_content("Good morning, could you send me the purchase order number?")
    return mail.as_bytes()


async def run_for(world: World, daemon: Daemon, seconds: float) -> None:
    life = asyncio.ensure_future(daemon.live())
    power = asyncio.ensure_future(world.crashed.wait())
    await asyncio.wait([life, power], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    if life.done():
        life.result()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await life
    await asyncio.sleep(0)


def known_before(world: World, key: str, moment: float) -> bool:
    """Whether the last read that was over by `moment` could see an answer of this client."""
    before = [looked_at for ended, looked_at in world.reads if ended <= moment]
    if not before:
        return False
    came = [m.came for m in world.folders["INBOX"] if f"anna@{key}.example".encode() in m.content]
    return any(at < before[-1]["INBOX"] for at in came)


async def answer_some_time(world: World) -> None:
    loop = asyncio.get_running_loop()
    moments = sorted((world.dice.random() * 25, key) for key in KEYS if world.dice.random() < 0.8)
    for number, (moment, key) in enumerate(moments):
        await asyncio.sleep(max(moment - loop.time(), 0))
        world.deliver(an_answer(key, number))


def one_interleaving(seed: int) -> World:
    dice = Random(seed)

    async def live() -> World:
        world = World(
            START, dice, trouble=dice.choice([0.0, 0.0, 0.1]), slow=dice.choice([0.2, 1.0, 6.0]),
            slow_relay=dice.choice([0.2, 4.0, 9.0]),
        )  # fmt: skip
        clients = asyncio.ensure_future(answer_some_time(world))
        await run_for(world, Daemon(world), 900)
        clients.cancel()
        return world

    return run_virtually(live())


def faults(world: World) -> list[str]:
    found = []
    for data in world.data:
        key = data.recipient.partition("@")[2].removesuffix(".example")
        ended = max((ended for ended, _ in world.reads if ended <= data.at), default=float("-inf"))
        if data.at - ended > DATA_WITHIN:
            found.append(f"{key}: DATA {data.at - ended:.1f} s after the last read")
        if known_before(world, key, data.at):
            found.append(f"{key}: DATA at {data.at:.2f} although the read before it could see the answer")
    stored = [data.recipient for data in world.data]
    found += [f"{one}: offered twice" for one in set(stored) if stored.count(one) > 1]
    return found


@pytest.mark.parametrize("batch", range(10))
def test_F40_no_letter_leaves_whose_answer_the_read_before_it_could_see(batch: int) -> None:
    """Promise 2, over 500 interleavings of answers, reads, MAIL, RCPT, DATA, lost lines and full disks."""
    sent = answered = 0
    for seed in range(batch * 50, batch * 50 + 50):
        world = one_interleaving(seed)
        assert faults(world) == [], f"seed {seed}"
        sent += len(world.data)
        answered += len({m.content.split(b"@", 1)[1][:4] for m in world.folders["INBOX"]})

    assert sent > 10, "some letters were faster than the answer"
    assert sent < 140, "some answers were faster than the letter"


def offered(world: World) -> list[str]:
    return [data.recipient for data in world.data]


def a_life_with_a_crash(crash_at: int | None, seed: int, trouble: float = 0.0, first: float = 40) -> World:
    async def live() -> World:
        world = World(START, Random(seed), slow=1.0, crash_at=crash_at, trouble=trouble)
        await run_for(world, Daemon(world), first)
        if world.crashed.is_set():
            world.crashed.clear()
            world.crash_at = None
            await run_for(world, Daemon(world), 900)
        return world

    return run_virtually(live())


@pytest.mark.parametrize("seed", range(2))
def test_F68_a_power_cut_at_every_await_of_a_delivery_sends_nothing_twice(seed: int) -> None:
    """And nothing is lost: what was not offered goes out after the restart, what may have been is in doubt or sent."""
    whole = a_life_with_a_crash(None, seed)
    assert sorted(offered(whole)) == [f"anna@{key}.example" for key in sorted(KEYS)]
    for point in range(1, whole.points):
        world = a_life_with_a_crash(point, seed)
        history = _folded(world)
        statuses = {key: [r.status for r in history.of(key).letters.values()][-1:] for key in KEYS}

        assert sorted(offered(world)) == sorted(set(offered(world))), f"cut at point {point}"
        for key in KEYS:
            assert statuses[key] in ([Status.SENT], [Status.IN_DOUBT]), f"cut at point {point}: {key} {statuses}"


@pytest.mark.parametrize("seed", range(40))
def test_F60_no_letter_is_offered_without_its_durable_record(seed: int) -> None:
    """The disk is full now and then; DATA is only ever begun behind a `DeliveryStarted` that can be read back."""
    world = a_life_with_a_crash(None, seed, trouble=0.3, first=3000)
    begun = [e for line in world.lines if isinstance(e := j.decode(line), j.DeliveryStarted)]

    assert {data.envelope_id for data in world.data} <= {token_of(e.letter_id) for e in begun}
    assert len(world.data) <= len(begun)
    assert sorted(offered(world)) == sorted(set(offered(world)))


def _folded(world: World) -> History:
    history = History()
    for entry in MemoryJournal(world).replay():
        history.take_in(entry)
    return history
