"""F60: a full or read-only disk.  No letter without its durable record; the old state whole; well again with room."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from daemon.adapters.journal_head import LARGEST
from daemon.adapters.state_dir import StateDir
from daemon.ports import DiskTrouble
from tests.journals.entries import facts
from tests.small_disk import Limited, Tmpfs, tmpfs

SIZE = 2 << 20  # bytes


@pytest.fixture(params=["tmpfs", "limit"])
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Tmpfs | Limited]:
    if request.param == "limit":
        limited = Limited(tmp_path)
        yield limited
        limited.free()
        return
    with tmpfs(tmp_path / "disk", size=SIZE) as mounted:
        yield mounted


async def test_F60_an_append_without_room_records_nothing_and_the_next_one_with_room_goes_on(
    disk: Tmpfs | Limited,
) -> None:
    """What was acknowledged before, or while the disk filled up, is all there after a restart."""
    with StateDir.open(disk.path / "state") as state:
        await state.journal.append(0, facts(2500, size=100))  # beyond the head's size, so that the limit lets that grow
        disk.fill()
        last, refused = state.journal.last, 0
        for _ in range(100):
            try:
                last = await state.journal.append(last, facts(1, after=last, size=4000))
            except DiskTrouble:
                refused += 1

        assert refused >= 97  # one may go into the room that the last block has, and one into the ring
        assert state.journal.last == last
        disk.free()
        last = await state.journal.append(last, facts(1, after=last))
    with StateDir.open(disk.path / "state") as again:
        assert [getattr(entry, "uid", 0) for entry in again.journal.replay()] == list(range(1, last + 1))


async def test_F60_a_large_append_without_room_leaves_no_part_of_itself(disk: Tmpfs | Limited) -> None:
    journal = disk.path / "state" / "journal.jsonl"
    with StateDir.open(disk.path / "state") as state:
        await state.journal.append(0, facts(2000))
        disk.fill()
        size = journal.stat().st_size
        with pytest.raises(DiskTrouble):
            await state.journal.append(2000, facts(2 * LARGEST // 1000, after=2000, size=1000))
        assert journal.stat().st_size == size
        disk.free()
        last = await state.journal.append(2000, facts(1, after=2000))

        assert list(state.journal.replay()) == facts(last)


async def test_F60_a_restart_while_the_disk_is_full_finds_everything(disk: Tmpfs | Limited) -> None:
    """Also the entry that had room in the ring only: it is read from there, and written when there is room."""
    with StateDir.open(disk.path / "state") as state:
        last = await state.journal.append(0, facts(2500, size=100))
        disk.fill()
        with suppress(DiskTrouble):
            for _ in range(100):
                last = await state.journal.append(last, facts(1, after=last, size=1000))
        assert last < 2600
    with StateDir.open(disk.path / "state") as again:
        found = [getattr(entry, "uid", 0) for entry in again.journal.replay()]
    with StateDir.read_only(disk.path / "state") as view:
        seen = [getattr(entry, "uid", 0) for entry in view.journal.replay()]
    disk.free()
    with StateDir.open(disk.path / "state") as well:
        after = [getattr(entry, "uid", 0) for entry in well.journal.replay()]

    assert found == seen == after == list(range(1, last + 1))


async def test_F60_a_text_without_room_is_not_kept_in_part(disk: Tmpfs | Limited) -> None:
    with StateDir.open(disk.path / "state") as state:
        state.archive.keep("acme", "old.eml", b"old")
        disk.fill()
        with pytest.raises(DiskTrouble):
            state.archive.keep("acme", "new.eml", b"n" * 800_000)
        assert state.archive.find("new.eml") is None
        assert state.archive.find("old.eml") == b"old"
        disk.free()
        state.archive.keep("acme", "new.eml", b"n" * 100_000)

        assert state.archive.find("new.eml") == b"n" * 100_000


async def test_F60_no_room_for_a_copy_leaves_the_journal_as_it_was(disk: Tmpfs | Limited) -> None:
    """`forget` writes a second journal before it lets go of the first."""
    with StateDir.open(disk.path / "state") as state:
        await state.journal.append(0, facts(500, size=100))
        disk.fill()
        with pytest.raises(DiskTrouble):
            state.journal.rewrite(lambda entry: entry)
        assert list(state.journal.replay()) == facts(500, size=100)
        disk.free()

        assert await state.journal.append(500, facts(1, after=500)) == 501


def test_F60_a_first_start_without_room_begins_nothing(disk: Tmpfs | Limited) -> None:
    """Nor does it leave something that the next start would take for a lost journal."""
    disk.fill()
    with pytest.raises(DiskTrouble):
        StateDir.open(disk.path / "state")
    disk.free()
    with StateDir.open(disk.path / "state") as state:
        assert state.journal.last == 0


async def test_F60_a_read_only_disk_is_trouble_and_can_still_be_looked_at(disk: Tmpfs | Limited) -> None:
    async def one_more() -> None:
        with StateDir.open(disk.path / "state") as state:
            await state.journal.append(3, facts(1, after=3))

    with StateDir.open(disk.path / "state") as state:
        await state.journal.append(0, facts(3))
    with disk.read_only():
        with pytest.raises(DiskTrouble):
            await one_more()
        with StateDir.read_only(disk.path / "state") as view:
            assert list(view.journal.replay()) == facts(3)
    await one_more()
    with StateDir.read_only(disk.path / "state") as view:
        assert list(view.journal.replay()) == facts(4)
