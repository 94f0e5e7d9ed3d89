"""The watch on the config's files: every edit is told, however the editor writes, and only once it lies still."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from daemon.adapters.watch import Watch

SOON = 8.0  # seconds; far above what an event takes on a busy machine


class Told:
    """What one watch has told so far."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.queue: asyncio.Queue[frozenset[Path]] = asyncio.Queue()

    async def listen(self) -> None:
        async for changed in self.watch.changes():
            self.queue.put_nowait(changed)

    async def next(self) -> set[str]:
        return {path.name for path in await asyncio.wait_for(self.queue.get(), SOON)}

    async def silence(self, seconds: float) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(self.queue.get(), seconds)


@asynccontextmanager
async def watching(*paths: Path, settle: float = 0.2, poll: float = 60.0) -> AsyncIterator[Told]:
    """A running watch.  `poll` is beyond the test's time unless it is what the test is about."""
    told = Told(Watch(paths, settle_seconds=settle, poll_seconds=poll))
    task = asyncio.create_task(told.listen())
    await asyncio.sleep(0.3)  # until the kernel's watch is armed; what comes before it is another test's
    try:
        yield told
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=SOON)
        assert task.done(), "the watch did not end when it was cancelled"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text("creditor: {}\n")
    return file


async def test_a_file_written_in_place_is_told(config: Path) -> None:
    async with watching(config) as told:
        config.write_text("creditor: {name: Studio Bianchi}\n")

        assert await told.next() == {"config.yaml"}


async def test_F67_a_file_that_an_editor_replaces_is_told_again_and_again(config: Path) -> None:
    """vim and emacs write a new file and rename it: a watch on the file itself would be deaf after the first time."""
    async with watching(config) as told:
        for turn in range(3):
            new = config.with_name(f".config.yaml.{turn}.swp")
            new.write_text(f"creditor: {{name: '{turn}'}}\n")
            new.rename(config)

            assert await told.next() == {"config.yaml"}


async def test_F53_a_file_still_being_written_is_not_told_before_it_lies_still(config: Path) -> None:
    """Half a file is fewer invoices."""
    async with watching(config, settle=0.6) as told:
        with config.open("w") as file:
            for number in range(8):
                file.write(f"- {{number: {number}}}\n")
                file.flush()
                await asyncio.sleep(0.2)
            written_at = time.monotonic()

        assert await told.next() == {"config.yaml"}
        assert time.monotonic() - written_at >= 0.4
        await told.silence(1.0)  # once, not once a line


async def test_files_changed_together_are_told_together(tmp_path: Path) -> None:
    """One reload for one `git pull`."""
    files = [tmp_path / name for name in ("a.yaml", "b.yaml", "c.yaml")]
    async with watching(*files, settle=0.4) as told:
        for file in files:
            file.write_text("[]\n")
            await asyncio.sleep(0.05)

        assert await told.next() == {"a.yaml", "b.yaml", "c.yaml"}


async def test_a_new_yaml_file_in_a_watched_folder_is_told_and_nothing_else_there(tmp_path: Path) -> None:
    folder = tmp_path / "invoices"
    folder.mkdir()
    async with watching(folder) as told:
        (folder / "notes.txt").write_text("not ours")
        (folder / "2027.yaml").write_text("[]\n")

        assert await told.next() == {"2027.yaml"}


async def test_a_new_yaml_file_beside_a_known_one_is_told_but_not_an_editors_draft(tmp_path: Path) -> None:
    """`invoices/*.yaml` in January: the first file of the new year."""
    known = tmp_path / "2026.yaml"
    known.write_text("[]\n")
    async with watching(known) as told:
        (tmp_path / ".2027.yaml").write_text("[")
        (tmp_path / "2027.yaml").write_text("[]\n")

        assert await told.next() == {"2027.yaml"}


async def test_a_removed_file_is_told_and_so_is_its_return(config: Path) -> None:
    async with watching(config) as told:
        config.unlink()
        assert await told.next() == {"config.yaml"}

        config.write_text("creditor: {}\n")
        assert await told.next() == {"config.yaml"}


async def test_a_folder_that_is_replaced_as_a_whole_stays_watched(tmp_path: Path) -> None:
    """rsync and deployment tools swap directories; the kernel's watch dies with the old one."""
    folder = tmp_path / "invoices"
    folder.mkdir()
    (folder / "2026.yaml").write_text("[]\n")
    async with watching(folder) as told:
        new = tmp_path / "new"
        new.mkdir()
        (new / "2026.yaml").write_text("[{}]\n")
        shutil.rmtree(folder)
        new.rename(folder)
        assert await told.next() == {"2026.yaml"}

        (folder / "2026.yaml").write_text("[{}, {}]\n")
        assert await told.next() == {"2026.yaml"}


async def test_a_link_whose_target_changes_elsewhere_is_told(tmp_path: Path) -> None:
    """No event comes for it: the link's own directory is untouched.  The regular look finds it."""
    target = tmp_path / "elsewhere" / "real.yaml"
    target.parent.mkdir()
    target.write_text("[]\n")
    link = tmp_path / "watched" / "config.yaml"
    link.parent.mkdir()
    link.symlink_to(target)
    async with watching(link, poll=0.5) as told:
        target.write_text("[1]\n")

        assert await told.next() == {"config.yaml"}


async def test_an_edit_between_the_reading_of_the_config_and_the_first_look_is_told(config: Path) -> None:
    watch = Watch([config], settle_seconds=0.2, poll_seconds=60.0)
    config.write_text("creditor: {name: changed meanwhile}\n")
    changes = watch.changes()

    assert await asyncio.wait_for(anext(changes), SOON) == {config}


async def test_a_file_that_the_new_config_names_is_watched_from_then_on(config: Path, tmp_path: Path) -> None:
    other = tmp_path / "elsewhere" / "more.yaml"
    other.parent.mkdir()
    other.write_text("[]\n")
    async with watching(config) as told:
        told.watch.follow([config, other])
        await asyncio.sleep(0.5)
        other.write_text("[1]\n")

        assert await told.next() == {"more.yaml"}


async def test_what_changed_while_the_config_was_read_again_is_still_told(config: Path) -> None:
    """`follow` comes after the reading; an edit in between belongs to the next one."""
    watch = Watch([config], settle_seconds=0.2, poll_seconds=60.0)
    config.write_text("creditor: {name: a second edit}\n")
    watch.follow([config, config.with_name("more.yaml")])

    assert await asyncio.wait_for(anext(watch.changes()), SOON) == {config}


async def test_a_file_whose_folder_is_not_there_yet_is_told_when_it_comes(tmp_path: Path) -> None:
    file = tmp_path / "later" / "invoices.yaml"
    async with watching(file, poll=0.5) as told:
        file.parent.mkdir()
        file.write_text("[]\n")

        assert await told.next() == {"invoices.yaml"}


async def test_an_edit_of_same_size_and_time_is_still_told(config: Path) -> None:
    """`rsync -t` and some editors set the old time again; the inode's own change time gives them away."""
    status = config.stat()
    async with watching(config) as told:
        config.write_text("creditor: []\n")
        os.utime(config, ns=(status.st_atime_ns, status.st_mtime_ns))

        assert await told.next() == {"config.yaml"}


async def test_a_folder_in_which_something_else_is_written_all_the_time_is_looked_at_all_the_same(
    config: Path, tmp_path: Path
) -> None:
    """A log beside the config; and the file behind a link, which nothing announces, is edited."""
    target = tmp_path / "elsewhere" / "more.yaml"
    target.parent.mkdir()
    target.write_text("[]\n")
    config.with_name("more.yaml").symlink_to(target)
    looks = []

    async def log() -> None:
        while True:
            with config.with_name("daemon.log").open("a") as lines:
                lines.write("one more\n")
            await asyncio.sleep(0.1)

    watch = Watch([config], settle_seconds=0.2, poll_seconds=0.5, alive=lambda: looks.append(1))
    told = Told(watch)
    tasks = [asyncio.create_task(told.listen()), asyncio.create_task(log())]
    await asyncio.sleep(2.0)
    before = len(looks)
    target.write_text("[1]\n")

    assert await told.next() == {"more.yaml"}
    assert before >= 2
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
