"""Copies into the archive: handed over, written in the background, found meanwhile."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.adapters.archive_dir import ArchiveDir
from daemon.loops import keep
from daemon.loops.keep import Keeper
from daemon.ports import DiskTrouble, Kept


class SlowDisk(ArchiveDir):
    """The real archive on a disk that waits for `free`, and has no room while `full`."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.free = threading.Event()
        self.free.set()
        self.full = False
        self.writes = 0

    def keep_all(self, texts: Sequence[Kept]) -> None:
        assert self.free.wait(10)
        if self.full:
            raise DiskTrouble("no space left on device")
        self.writes += 1
        super().keep_all(texts)


@pytest.fixture
def disk(tmp_path: Path) -> SlowDisk:
    return SlowDisk(tmp_path / "archive")


def fault_of(keeper: Keeper) -> str | None:
    return keeper.fault


def texts(count: int, size: int = 100, client: str = "acme") -> list[Kept]:
    return [Kept(client, f"mail-{client}-{number}.eml", b"x" * size) for number in range(count)]


async def test_a_slow_disk_keeps_nobody_waiting_and_what_waits_is_found(disk: SlowDisk) -> None:
    keeper = Keeper(disk)
    disk.free.clear()
    async with asyncio.timeout(1):
        await keeper.keep(texts(20))
        await asyncio.sleep(0)

    assert disk.find("mail-acme-7.eml") is None
    assert keeper.find("mail-acme-7.eml") == b"x" * 100
    disk.free.set()
    await keeper.finish()
    assert disk.find("mail-acme-7.eml") == b"x" * 100


async def test_texts_that_come_together_are_written_together(disk: SlowDisk) -> None:
    keeper = Keeper(disk)
    for text in texts(300):
        await keeper.keep([text])
    await keeper.finish()

    assert disk.writes == 1
    assert all(disk.find(text.name) for text in texts(300))


async def test_memory_is_bounded_who_brings_more_waits_for_the_disk(
    disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "MOST_WAITING", 10_000)
    keeper = Keeper(disk)
    disk.free.clear()
    await keeper.keep(texts(10, size=1_000))
    late = asyncio.ensure_future(keeper.keep(texts(1, client="beta")))
    await asyncio.wait([late], timeout=0.2)

    assert not late.done()
    disk.free.set()
    await late
    assert disk.find("mail-acme-9.eml") is not None
    await keeper.finish()
    assert disk.find("mail-beta-0.eml") is not None


async def test_F60_on_a_full_disk_texts_stay_until_there_is_room(disk: SlowDisk) -> None:
    """The fault is shown meanwhile; a stop does not wait for room that may never come."""
    keeper = Keeper(disk)
    disk.full = True
    await keeper.keep(texts(3))
    async with asyncio.timeout(5):
        await keeper.finish()

    assert fault_of(keeper) == "no space left on device"
    assert keeper.find("mail-acme-2.eml") is not None
    disk.full = False
    await keeper.finish()
    assert fault_of(keeper) is None
    assert disk.find("mail-acme-2.eml") is not None


async def test_F60_a_full_disk_is_asked_again_by_itself(disk: SlowDisk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "_GATHER", 0.01)
    monkeypatch.setattr(keep, "_AGAIN", 0.05)
    keeper = Keeper(disk)
    disk.full = True
    await keeper.keep(texts(1))
    while fault_of(keeper) is None:
        await asyncio.sleep(0.01)
    disk.full = False
    async with asyncio.timeout(5):
        while fault_of(keeper) is not None:
            await asyncio.sleep(0.01)

    assert disk.find("mail-acme-0.eml") is not None


async def test_F60_with_the_disk_and_the_memory_full_nothing_more_is_taken(
    disk: SlowDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the asker waits, and a mail that is taken in again does not fill the memory a second time."""
    monkeypatch.setattr(keep, "MOST_WAITING", 1_000)
    keeper = Keeper(disk)
    disk.full = True
    await keeper.keep(texts(9))
    await keeper.keep(texts(9))
    await keeper.keep(texts(10))
    with pytest.raises(DiskTrouble):
        await keeper.keep(texts(1, client="beta"))

    assert keeper.find("mail-beta-0.eml") is None
    disk.full = False
    await keeper.keep(texts(1, client="beta"))
    assert keeper.find("mail-beta-0.eml") is not None
    await keeper.finish()


async def test_a_forgotten_client_is_not_written_afterwards(disk: SlowDisk) -> None:
    """Neither what waited nor what was being written at that moment (GDPR art. 17)."""
    keeper = Keeper(disk)
    await keeper.keep(texts(5))
    writing = asyncio.ensure_future(keeper.finish())
    disk.free.clear()
    await asyncio.sleep(0.05)
    await keeper.keep([*texts(3, client="beta"), Kept("acme", "letter-1.eml", b"late")])
    forgetting = asyncio.ensure_future(keeper.forget("acme"))
    await asyncio.sleep(0.05)
    disk.free.set()
    await asyncio.gather(writing, forgetting)
    await keeper.finish()

    assert [keeper.find(text.name) for text in texts(5)] == [None] * 5
    assert keeper.find("letter-1.eml") is None
    assert keeper.find("mail-beta-2.eml") is not None
