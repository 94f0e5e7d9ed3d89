"""A mailbox or a relay that answers, and takes longer than a letter may wait: it stays, and that is no secret."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from itertools import pairwise

import pytest

from daemon.domain import journal as j
from daemon.domain.history import Status
from daemon.loops.out_of_order import faults_of
from daemon.ports import Accepted, Batch, Cursor, Parcel, Stale, Submission
from tests.fakes import MemoryMailbox, World
from tests.loop_house import House, books
from tests.virtual_time import run_virtually

HOUR = 3600.0


class SlowMailbox(MemoryMailbox):
    """Each read takes so many seconds, for as long as the test wants it to."""

    def __init__(self, world: World, seconds: float) -> None:
        super().__init__(world)
        self.seconds = seconds

    async def read(self, cursors: Mapping[str, Cursor]) -> AsyncGenerator[Batch, None]:
        await asyncio.sleep(self.seconds)
        async for batch in super().read(cursors):
            yield batch


def test_F40_a_mailbox_that_takes_too_long_to_read_is_a_fault_that_is_told_and_no_storm(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No letter could ever leave within ten seconds of such a read.  Once it is read faster, they do."""

    async def life() -> tuple[House, dict[str, str], list[str], list[Status]]:
        house = House(books("acme", "beta"))
        mailbox = SlowMailbox(house.world, 12.0)
        house.listener._mailbox = mailbox
        await house.live(6 * HOUR)
        told, before = faults_of(house.book, house.health), list(house.relay.sent)
        statuses = [status for _, status in house.letters()]
        mailbox.seconds = 0.5
        await house.live(300.0)
        return house, told, before, statuses

    house, told, before, statuses = run_virtually(life())
    entries = [type(j.decode(line)) for line in house.world.lines]

    assert (before, statuses) == ([], [Status.QUEUED])
    assert told == {"mailbox": "to read it takes 12 seconds, and a letter has to leave within 10 of the reading"}
    assert entries.count(j.DeliveryStarted) == 2, "none was begun while it was slow"
    assert capsys.readouterr().out.count("mailbox_slow") == 1
    assert house.relay.sent == ["anna@acme.example", "anna@beta.example"]
    assert faults_of(house.book, house.health) == {}


def test_F40_a_read_with_very_much_to_take_in_is_no_fault() -> None:
    async def life() -> tuple[House, dict[str, str]]:
        house = House(books())
        mailbox = SlowMailbox(house.world, 12.0)
        house.listener._mailbox = mailbox
        await house.live(13.0)
        mailbox.seconds = 0.5
        return house, faults_of(house.book, house.health)

    house, told = run_virtually(life())

    assert house.health.read_to_end_at is not None
    assert told == {}


def test_F40_a_relay_that_is_slow_at_every_letter_is_no_storm() -> None:
    """MAIL and RCPT take longer than a read of the mailbox lasts, a whole day long."""

    async def life() -> House:
        house = House(books())

        async def slowly(parcel: Parcel) -> Submission:
            await asyncio.sleep(11.0)
            return Stale() if len(house.world.lines) < 40 else Accepted("2.0.0 queued")

        house.relay.answer = slowly
        await house.live(5 * HOUR)
        return house

    house = run_virtually(life())
    begun = [e for line in house.world.lines if isinstance(e := j.decode(line), j.DeliveryStarted)]
    pauses = [(b.at - a.at).total_seconds() for a, b in pairwise(begun)]

    assert house.relay.sent == ["anna@acme.example"]
    assert max(pauses[:2]) < 60, "with a fresh read at once"
    assert min(pauses[2:]) >= 300, "and then no more than every five minutes"


def test_F38_each_mail_of_which_the_server_gives_nothing_is_told() -> None:
    """They are as like as two drops of water; taken for one mail, the second would be passed over in silence."""

    async def life() -> House:
        house = House(books())
        await house.live(5.0)
        for _ in range(3):
            house.world.deliver(b"")
        await house.live(60.0)
        return house

    house = run_virtually(life())

    assert [mail.kind for mail in house.book.history.unmatched.values()] == ["unreadable"] * 3
