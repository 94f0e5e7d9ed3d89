"""The world of the model test: what outlives the daemon, a relay of changing temper, a journal that is watched."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from enum import StrEnum

from daemon.domain import journal as j
from daemon.ports import Accepted, Deferred, Fault, InDoubt, Parcel, Refused, Stale, Submission
from tests.builders import ROME
from tests.fakes import MemoryJournal, World
from tests.loop_house import token_of

_SLICE = 10.0  # seconds of one sleep: the wall clock may have jumped meanwhile


class Temper(StrEnum):
    """How the relay answers."""

    TAKES = "takes"
    DOUBTS = "hangs up after the final dot, having taken the letter or not"
    LATER = "puts off at the final dot"
    TURNS_DOWN = "refuses the message"
    NO_SUCH_USER = "refuses the address"
    DOWN = "is out of reach"


@dataclass
class Offer:
    """DATA was begun for a letter to one address."""

    at: float  # the loop's time
    on: date  # in Rome
    letter: j.LetterQueued
    to: str
    content: bytes
    may_have_arrived: bool = True  # until the server says clearly that it has not taken it


@dataclass
class ModelWorld(World):
    """A `World` that tells of each offer and each append in the moment in which it happens."""

    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    letters: dict[str, j.LetterQueued] = field(default_factory=dict)  # by token
    offers: list[Offer] = field(default_factory=list)
    owner_box: list[EmailMessage] = field(default_factory=list)  # what came to the owner
    temper: Temper = Temper.TAKES
    slept: timedelta = timedelta(0)  # suspended, or off; the clock that nobody sets ran on
    noted: int = 0  # lines of the journal that were told of
    tokens: int = 0  # drawn for mails to the owner
    offered: Callable[[Offer], None] = lambda offer: None
    appended: Callable[[Sequence[j.AnyEntry]], None] = lambda entries: None

    def now(self) -> datetime:
        """Also between two steps, when the loop stands still."""
        return self.start + timedelta(seconds=self.loop.time())

    @property
    def today(self) -> date:
        return self.now().astimezone(ROME).date()

    async def sleep_until(self, moment: datetime) -> None:
        while (left := (moment - self.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left, _SLICE))

    def set_clock(self, ahead: timedelta) -> None:
        """The wall clock jumps; the loop's own does not."""
        self.start += ahead

    def seconds(self) -> float:
        """Of the clock that nobody sets."""
        return self.loop.time() + self.slept.total_seconds()

    def letter(self, letter_id: str) -> j.LetterQueued:
        return self.letters[token_of(letter_id)]

    def note_new(self) -> None:
        """Tell of what the journal has got: the entries of one append."""
        new = [j.decode(line) for line in self.lines[self.noted :]]
        self.noted = len(self.lines)
        for entry in new:
            if isinstance(entry, j.LetterQueued):
                self.letters[token_of(entry.letter_id)] = entry
        if new:
            self.appended(new)


class WatchedJournal(MemoryJournal):
    """Tells of each append, also of one whose caller died before it returned."""

    def __init__(self, world: ModelWorld) -> None:
        super().__init__(world)
        self._watched = world

    async def append(self, after: int, entries: Sequence[j.AnyEntry]) -> int:
        try:
            return await super().append(after, entries)
        finally:
            self._watched.note_new()


class ModelRelay:
    def __init__(self, world: ModelWorld) -> None:
        self._world = world

    @asynccontextmanager
    async def line(self) -> AsyncIterator[ModelLine | Deferred | Refused]:
        await self._world.point()
        down = self._world.temper is Temper.DOWN or self._world.fails()
        yield Deferred("no line", ours=True) if down else ModelLine(self._world)

    async def close(self) -> None: ...


class ModelLine:
    def __init__(self, world: ModelWorld) -> None:
        self._world = world

    async def submit(self, parcel: Parcel, data_by: float) -> Submission:
        world, loop = self._world, asyncio.get_running_loop()
        letter = world.letters.get(parcel.envelope_id)
        for _ in ("MAIL", "RCPT"):
            await world.point(world.slow_relay)
            if world.fails():
                return Deferred("451 later", 451)
        if letter is not None and world.temper is Temper.NO_SUCH_USER:
            return Refused(Fault.ADDRESS, "550 5.1.1 no such user", 550)
        if loop.time() > data_by or parcel.called_off():
            return Stale()
        if letter is None:  # a digest, an alert, an answer
            world.owner_box.append(BytesParser(policy=default).parsebytes(parcel.content))
            await world.point()
            return InDoubt("the line broke") if world.fails() else Accepted("2.0.0 queued")
        offer = Offer(loop.time(), world.today, letter, parcel.recipient, parcel.content)
        world.offers.append(offer)
        world.offered(offer)
        await world.point()
        return self._answer(offer)

    def _answer(self, offer: Offer) -> Submission:
        world = self._world
        match world.temper:
            case Temper.LATER:
                offer.may_have_arrived = False
                return Deferred("450 4.2.0 later", 450)
            case Temper.TURNS_DOWN:
                offer.may_have_arrived = False
                return Refused(Fault.MESSAGE, "554 5.7.1 no", 554)
            case Temper.DOUBTS:
                return InDoubt("the line broke")
            case _:
                return InDoubt("the line broke") if world.fails() else Accepted("2.0.0 queued")
