"""The loops of one daemon around a book in memory, a relay that answers as a test says, and files that may go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from functools import cache
from random import Random

from daemon.adapters.templates_dir import load_packs
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import Status
from daemon.loops.book import Book
from daemon.loops.deliver import Deliverer
from daemon.loops.health import Health
from daemon.loops.listen import Listener
from daemon.loops.plan import Planner
from daemon.loops.post import Post
from daemon.mail.read import Reader
from daemon.mail.tokens.token import token
from daemon.ports import Accepted, Parcel, Stale, Submission
from tests.builders import a_client, a_contact, a_ledger, an_invoice
from tests.fakes import MemoryArchive, MemoryJournal, MemoryMailbox, World

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # Monday, 10:30 in Rome: the window is open


@cache
def reader() -> Reader:
    return Reader({language: pack.reading for language, pack in load_packs(()).items()})


async def forget_nobody(client: str) -> None:
    raise AssertionError(client)


def token_of(letter_id: str) -> str:
    return token("k1", b"k" * 32, letter_id)


class Relay:
    """A server that answers as a test says."""

    def __init__(self, answer: Callable[[Parcel], Awaitable[Submission]]) -> None:
        self.answer = answer
        self.sent: list[str] = []
        self.lines = 0

    @contextlib.asynccontextmanager
    async def line(self) -> AsyncIterator[Relay]:
        self.lines += 1
        yield self

    async def submit(self, parcel: Parcel, data_by: float) -> Submission:
        await asyncio.sleep(0.5)
        if parcel.called_off():
            return Stale()
        answer = await self.answer(parcel)
        if isinstance(answer, Accepted):
            self.sent.append(parcel.recipient)
        return answer

    async def close(self) -> None: ...


class House:
    """One daemon's loops around a book, a relay and a disk that a test can take away."""

    def __init__(self, ledger: Ledger, start: datetime = START, world: World | None = None) -> None:
        """Args:
        world: what an earlier process has left.
        """
        self.world = world or World(start, Random(1), slow=0.0)
        self.files: dict[str, bytes] = {}
        self.health = Health()
        self.relay = Relay(self.accept)
        self.stop = asyncio.Event()
        mailbox = MemoryMailbox(self.world)
        self.book = Book(ledger, MemoryJournal(self.world), MemoryArchive(self.world), self.world, token_of)
        self.listener = Listener(self.book, mailbox, reader(), self.health)
        self.planner = Planner(self.book, self.health)
        self.deliverer = Deliverer(
            self.book, self.relay, mailbox, self.listener, Post(load_packs(()), token_of, self.read, plus_token=False),
            self.health, stop=self.stop, workers=2, file_sent=False,
        )  # fmt: skip

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path]

    async def accept(self, parcel: Parcel) -> Submission:
        return Accepted("2.0.0 queued")

    async def live(self, seconds: float) -> None:
        loops = [asyncio.ensure_future(r()) for r in (self.listener.run, self.planner.run, self.deliverer.run)]
        done, _ = await asyncio.wait(loops, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
        for task in loops:
            task.cancel()
        await asyncio.wait(loops)
        for task in done:
            task.result()

    def letters(self, key: str = "acme") -> list[tuple[str, Status]]:
        return [(r.queued.letter, r.status) for r in self.book.history.of(key).letters.values()]


def books(*keys: str, **changes: object) -> Ledger:
    clients = tuple(
        a_client(key, language="en", contacts=(a_contact(f"Anna {key.title()}", f"anna@{key}.example"),))
        for key in keys or ("acme",)
    )
    invoices = (an_invoice(f"{c.key}-2026-1", c.key) for c in clients)
    return a_ledger(*invoices, **{"clients": clients, "first_start_sends": True, **changes})  # type: ignore[arg-type]
