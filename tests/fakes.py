"""A world in memory behind the ports: a journal, a mailbox, a relay, a clock.  Honest about what can go wrong.

Every moment at which the real ones wait is a `point`: there time passes (as the dice say), news may come in, and a
test may cut the power.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from daemon.domain.journal import AnyEntry, decode, encode
from daemon.ports import (
    Accepted,
    Batch,
    Cursor,
    Deferred,
    DiskTrouble,
    Fault,
    Fetched,
    InDoubt,
    Kept,
    OutOfTurn,
    Parcel,
    Place,
    Refused,
    Stale,
    Submission,
    Unreachable,
)


@dataclass
class Mail:
    uid: int
    content: bytes
    came: float  # the loop's time


@dataclass
class Data:
    """DATA was begun: the letter is on its way, whatever becomes of it."""

    at: float
    recipient: str
    envelope_id: str
    stored: bool = False  # the server has it


@dataclass
class World:
    """What outlives the daemon: the disk, the mailbox, what was sent; and the dice."""

    start: datetime
    dice: Random
    trouble: float = 0.0  # how often a door says no
    slow: float = 3.0  # seconds that a point takes at most
    slow_relay: float = 3.0  # the same, between two commands to the relay
    news: asyncio.Event = field(default_factory=asyncio.Event)
    lines: list[bytes] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    kept_for: dict[str, str | None] = field(default_factory=dict)  # by name: the client
    ahead: dict[str, bytes] = field(default_factory=dict)
    room_ahead: bool = True  # for copies that are put ahead
    folders: dict[str, list[Mail]] = field(default_factory=lambda: {"INBOX": [], "Sent": []})
    uidvalidity: int = 1
    data: list[Data] = field(default_factory=list)
    reads: list[tuple[float, dict[str, float]]] = field(default_factory=list)  # end of a read, when each was looked at
    points: int = 0
    crash_at: int | None = None
    crashed: asyncio.Event = field(default_factory=asyncio.Event)

    async def point(self, slow: float | None = None) -> None:
        """A moment that takes time; the power may fail in it."""
        if self.crashed.is_set():
            raise asyncio.CancelledError
        self.points += 1
        if self.points == self.crash_at:
            self.crashed.set()
            await asyncio.Event().wait()
        await asyncio.sleep(self.dice.random() ** 3 * (self.slow if slow is None else slow))

    def fails(self) -> bool:
        return self.dice.random() < self.trouble

    def deliver(self, content: bytes, folder: str = "INBOX") -> Mail:
        mail = Mail(len(self.folders[folder]) + 1, content, asyncio.get_running_loop().time())
        self.folders[folder].append(mail)
        self.news.set()
        return mail

    # -- Clock --------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.start + timedelta(seconds=asyncio.get_running_loop().time())

    async def sleep_until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:
            await asyncio.sleep(left)


class MemoryJournal:
    """Lines as the real one writes them; all of an append or none."""

    def __init__(self, world: World) -> None:
        self._world = world

    def replay(self) -> Iterator[AnyEntry]:
        yield from (decode(line) for line in self._world.lines)

    async def append(self, after: int, entries: Sequence[AnyEntry]) -> int:
        world = self._world
        await world.point()
        if world.fails():
            raise DiskTrouble("no space left on device")
        if after != len(world.lines):
            raise OutOfTurn
        world.lines += [encode(entry) for entry in entries]
        await world.point()
        return len(world.lines)


class MemoryArchive:
    def __init__(self, world: World) -> None:
        self._world = world

    def keep(self, client: str | None, name: str, content: bytes) -> None:
        self._world.kept.setdefault(name, content)
        self._world.kept_for.setdefault(name, client)

    def keep_all(self, texts: Sequence[Kept]) -> None:
        for text in texts:
            self.keep(text.client, text.name, text.content)
            self.drop_ahead(text.name)

    def put_ahead(self, text: Kept) -> None:
        if not self._world.room_ahead:
            raise DiskTrouble("no space left on device")
        self._world.ahead[text.name] = text.content

    def ahead(self) -> Sequence[str]:
        return [*self._world.ahead]

    def find_ahead(self, name: str) -> bytes | None:
        return self._world.ahead.get(name)

    def drop_ahead(self, name: str) -> None:
        self._world.ahead.pop(name, None)

    def find(self, name: str) -> bytes | None:
        return self._world.kept.get(name)

    def forget(self, client: str) -> int:
        names = [name for name, whose in self._world.kept_for.items() if whose == client]
        for name in names:
            del self._world.kept[name], self._world.kept_for[name]
        return len(names)

    def expire(self, before: datetime) -> int:
        return 0


class MemoryMailbox:
    def __init__(self, world: World) -> None:
        self._world = world

    async def folders(self) -> Mapping[str, str]:
        return {"inbox": "INBOX", "sent": "Sent"}

    async def read(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
        world = self._world
        looked_at: dict[str, float] = {}
        for folder, mails in world.folders.items():
            known, uidvalidity = cursors.get(folder), world.uidvalidity  # as it was when the folder was opened
            uid = known.uid if known is not None and known.uidvalidity == uidvalidity else 0
            at_end = False
            while not at_end:
                await world.point()
                if world.fails():
                    raise Unreachable("the line was cut")
                new = [mail for mail in mails if mail.uid > uid]
                looked_at[folder] = asyncio.get_running_loop().time()
                some = new[: world.dice.randint(1, 3)]
                at_end = len(some) == len(new)
                uid = some[-1].uid if some else uid
                await world.point()  # the answer travels; what comes now is not in it
                fetched = tuple(Fetched(uid=m.uid, size=len(m.content), content=m.content) for m in some)
                yield Batch(folder=folder, uidvalidity=uidvalidity, mails=fetched, last_uid=uid, at_end=at_end)
        world.reads.append((asyncio.get_running_loop().time(), looked_at))

    async def wait(self, seconds: float) -> None:
        self._world.news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._world.news.wait()

    async def file_sent(self, content: bytes) -> None:
        await self._world.point()
        if self._world.fails():
            raise Unreachable("the line was cut")
        self._world.deliver(content, "Sent")
        await self._world.point()

    async def find(self, message_id: str) -> bool:
        await self._world.point()
        if self._world.fails():
            raise Unreachable("the line was cut")
        return any(message_id.encode() in mail.content for mail in self._world.folders["Sent"])

    async def whole(self, folder: str, uidvalidity: int, uid: int, most: int) -> bytes | None:
        content = next((mail.content for mail in self._world.folders[folder] if mail.uid == uid), b"")
        return content if 0 < len(content) <= most else None

    async def fetch_again(self, message_id: str, place: Place | None) -> bytes | None:
        await self._world.point()
        if self._world.fails():
            raise Unreachable("the line was cut")
        if place is None:
            here = [mail.content for mail in self._world.folders["Sent"] if message_id.encode() in mail.content]
        elif place.uidvalidity == self._world.uidvalidity:
            here = [mail.content for mail in self._world.folders[place.folder] if mail.uid == place.uid]
        else:
            here = []
        return here[0] if here else None

    async def newest_headers(self, most: int) -> tuple[bytes, ...]:
        newest = [mail.content for mail in self._world.folders["INBOX"]][-most:]
        return tuple(reversed(newest))

    async def close(self) -> None: ...


class MemoryRelay:
    """A server that may be slow, greylist, refuse, or hang up before or after it has stored the letter."""

    def __init__(self, world: World) -> None:
        self._world = world

    @asynccontextmanager
    async def line(self) -> AsyncIterator[MemoryLine | Deferred | Refused]:
        await self._world.point()
        yield Deferred("no line", ours=True) if self._world.fails() else MemoryLine(self._world)

    async def close(self) -> None: ...


class MemoryLine:
    def __init__(self, world: World) -> None:
        self._world = world

    async def submit(self, parcel: Parcel, data_by: float) -> Submission:
        world, loop = self._world, asyncio.get_running_loop()
        for _ in ("MAIL", "RCPT"):
            await world.point(world.slow_relay)
            if world.fails():
                return Deferred("451 later", 451)
        if loop.time() > data_by or parcel.called_off():
            return Stale()
        data = Data(loop.time(), parcel.recipient, parcel.envelope_id)
        world.data.append(data)
        await world.point()
        if world.fails():
            return Refused(Fault.MESSAGE, "554 no", 554)
        data.stored = not world.fails()
        await world.point()
        return InDoubt("the line broke") if not data.stored or world.fails() else Accepted("2.0.0 queued")
