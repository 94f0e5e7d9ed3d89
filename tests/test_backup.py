"""`sollecito backup` and `restore`: what goes in comes out, and nothing is half done."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.state_backup import NoBackup
from daemon.adapters.state_dir import StateDir
from daemon.adapters.state_restore import NotRestored, restore_backup
from daemon.domain.journal.restore_entries import StateRestored
from daemon.ports import DiskTrouble, StateFault
from tests.backup_scene import AT, KINDS, MARK, a_state, quiet, save
from tests.cli_place import CliPlace
from tests.journals.entries import facts


@pytest.fixture
async def state(tmp_path: Path) -> Path:
    return await a_state(tmp_path / "state")


def below(folder: Path) -> dict[str, bytes]:
    """Everything that a state remembers, by name."""
    skipped = ("journal.jsonl", "journal.head", "lock", "oauth.lock")
    files = (file for file in folder.rglob("*") if file.is_file() and file.name not in skipped)
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_saved_is_read_back(state: Path, tmp_path: Path, kind: str) -> None:
    """And the journal says that it was restored."""
    out, again = tmp_path / f"b{kind}", tmp_path / "again"
    manifest = save(state, out)
    restore_backup(out, again, MARK, quiet)

    assert manifest.entries == 300
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert below(again) == below(state)
    assert all(stat.S_IMODE(f.stat().st_mode) in (0o600, 0o700) for f in again.rglob("*"))
    with StateDir.open(again) as here:
        entries = list(here.journal.replay())
    assert entries[:300] == facts(300)
    assert entries[300:] == [StateRestored(at=AT, on=MARK.on, backup_at=AT, entries=300)]


def test_without_the_log_ins_no_token_is_in_it(state: Path, tmp_path: Path) -> None:
    save(state, tmp_path / "b.zip", logins=False)

    with zipfile.ZipFile(tmp_path / "b.zip") as pack:
        assert "oauth.json" not in pack.namelist()
        assert "keys.json" in pack.namelist()


async def test_a_backup_beside_a_running_daemon_is_a_state_that_there_was(tmp_path: Path) -> None:
    """Entries are appended and texts kept all the while; each backup holds the first so many entries, whole."""
    place, done = tmp_path / "state", threading.Event()
    counts: list[int] = []

    def look() -> None:
        while not done.is_set():
            counts.append(save(place, tmp_path / f"b{len(counts)}.tar.gz").entries)

    with StateDir.open(place) as here:
        await here.journal.append(0, facts(1))
        thread = threading.Thread(target=look)
        thread.start()
        for number in range(1, 150):
            here.archive.keep("acme", f"mail-{number}.eml", b"x" * 100)
            await here.journal.append(number, facts(1, after=number))
        done.set()
        thread.join()

    assert counts == sorted(counts)
    for number, count in [*enumerate(counts)][:: max(len(counts) // 4, 1)]:
        restore_backup(tmp_path / f"b{number}.tar.gz", tmp_path / f"again{number}", MARK, quiet)
        with StateDir.open(tmp_path / f"again{number}") as again:
            assert list(again.journal.replay())[:-1] == facts(count)


def test_nothing_is_written_where_a_backup_does_not_belong(state: Path, tmp_path: Path) -> None:
    """Into the state directory, also by a link; over another file; under a name of no kind."""
    (tmp_path / "link").symlink_to(state)
    (tmp_path / "there.zip").write_bytes(b"mine")
    before = below(state)
    for out in (state / "b.zip", tmp_path / "link" / "b.zip", state / "archive" / "b.zip", tmp_path / "there.zip"):
        with pytest.raises(NoBackup):
            save(state, out)
    with pytest.raises(NoBackup, match=r"\.tar\.gz"):
        save(state, tmp_path / "b.rar")

    assert below(state) == before
    assert (tmp_path / "there.zip").read_bytes() == b"mine"


def test_a_disk_without_links_takes_a_backup_too(state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stick with FAT: link(2) says EPERM there."""

    def refuses(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr("os.link", refuses)
    save(state, tmp_path / "b.tar.gz")

    assert [f.name for f in tmp_path.iterdir() if "b.tar.gz" in f.name] == ["b.tar.gz"]


def test_a_link_in_the_state_is_refused_and_leaves_no_half_backup(state: Path, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("root's")
    (state / "archive" / "ab").mkdir(exist_ok=True)
    (state / "archive" / "ab" / "x~y").symlink_to(tmp_path / "secret")
    with pytest.raises(StateFault, match="x~y"):
        save(state, tmp_path / "b.tar.gz")

    assert [f.name for f in tmp_path.iterdir() if "b.tar.gz" in f.name] == []


def test_what_stands_there_is_not_replaced_without_the_word(state: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.tar.gz"
    save(state, out)
    before = below(state)
    with pytest.raises(NotRestored, match="--replace"):
        restore_backup(out, state, MARK, quiet)
    assert below(state) == before

    _, aside = restore_backup(out, state, MARK, quiet, replace=True)
    assert aside is not None
    assert below(aside) == before, "put aside, not removed"
    assert (aside / "journal.jsonl").exists()
    with StateDir.open(state) as here:
        assert here.journal.last == 301
    save(state, tmp_path / "c.zip")
    with zipfile.ZipFile(tmp_path / "c.zip") as pack:
        assert not any(name.startswith("replaced-") for name in pack.namelist()), "backups do not hold one another"


def test_F61_nothing_is_restored_under_a_running_daemon(state: Path, tmp_path: Path) -> None:
    out = tmp_path / "b.tar.gz"
    save(state, out)
    with StateDir.open(state), pytest.raises(StateFault, match="in use"):
        restore_backup(out, state, MARK, quiet, replace=True)


def test_F59_a_restore_that_was_broken_off_is_no_first_start(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Power goes after the old state was put aside: the daemon refuses to begin anew, and a second restore mends it."""
    out = tmp_path / "b.tar.gz"
    save(state, out)

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("daemon.adapters.state_restore._put_in_place", power_cut)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(out, state, MARK, quiet, replace=True)
    with pytest.raises(StateFault, match="broken off"):
        StateDir.open(state)
    restore_backup(out, state, MARK, quiet, replace=True)
    with StateDir.open(state) as here:
        assert here.journal.last == 301


@pytest.mark.parametrize("tidied", [True, False])
def test_F59_a_restore_into_an_empty_place_that_was_broken_off_is_done_once_more_in_the_same_words(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tidied: bool
) -> None:
    """The disk was full, or power went, before the journal was there: what lies there is the restore's own."""
    out, place, junk = tmp_path / "b.tar.gz", tmp_path / "place", tmp_path / "junk.zip"
    save(state, out)
    junk.write_bytes(b"another file, by mistake")

    def no_room(*_: object) -> None:
        raise DiskTrouble("no room")

    with monkeypatch.context() as broken:
        broken.setattr("daemon.adapters.state_restore.install", no_room)
        if not tidied:
            broken.setattr("shutil.rmtree", lambda *_args, **_given: None)
        with pytest.raises(DiskTrouble):
            restore_backup(out, place, MARK, quiet)
    with pytest.raises(StateFault, match="broken off: run it once more"):
        StateDir.open(place)
    with pytest.raises(NotRestored, match="broken, or none of ours"):
        restore_backup(junk, place, MARK, quiet)
    restore_backup(out, place, MARK, quiet)
    with StateDir.open(place) as here:
        assert here.journal.last == 301


def test_F68_a_restore_cut_at_any_step_never_leaves_a_state_that_begins_anew(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At each rename and sync: what is there is the old state, the new one, or refused; a second restore mends it."""
    out, steps = tmp_path / "b.tar.gz", 0
    save(state, out)
    whole = tmp_path / "whole"
    shutil.copytree(state, whole)

    def cut(at: int) -> bool:
        """Restore, and pull the plug at this step; False: it had no such step."""
        left = at

        def step(real: Callable[..., Any]) -> Callable[..., Any]:
            def stepped(*args: Any) -> Any:
                nonlocal left
                left -= 1
                if left < 0:
                    raise KeyboardInterrupt
                return real(*args)

            return stepped

        with monkeypatch.context() as plug:
            plug.setattr(Path, "rename", step(Path.rename))
            plug.setattr("os.fsync", step(os.fsync))
            plug.setattr("shutil.rmtree", lambda *_args, **_given: None)  # a power cut tidies nothing up
            try:
                restore_backup(out, state, MARK, quiet, replace=True)
            except KeyboardInterrupt:
                return True
        return False

    while cut(steps):
        steps += 1
        try:
            with StateDir.open(state) as here:
                assert here.journal.last in (300, 301)
                assert list(here.journal.replay())[:300] == facts(300)
        except StateFault:
            restore_backup(out, state, MARK, quiet, replace=True)
            with StateDir.open(state) as here:
                assert here.journal.last == 301
        shutil.rmtree(state)
        shutil.copytree(whole, state)

    assert steps > 10


# -- the commands -----------------------------------------------------------------------------------------------


def test_the_commands_say_what_they_did_and_what_is_to_be_done(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    assert place.run("hold", "2026-041").code == 0
    made = place.run("backup", "--out", str(tmp_path / "b.tar.zst"))
    assert (made.code, made.err) == (0, "")
    assert "entries" in made.out
    document = place.json("backup", "--out", str(tmp_path / "c.zip"))
    assert document["entries"] > 0
    assert document["logins"] is False
    again = place.run("restore", str(tmp_path / "b.tar.zst"))
    assert again.code == 1
    assert "--replace" in again.err
    shutil.rmtree(place.state)
    done = place.run("restore", str(tmp_path / "b.tar.zst"))
    assert done.code == 0, done.err
    assert "go restored" in done.out
    assert place.row("2026-041")["state"] == "held"
    assert "go restored" in place.json("status")["faults"][0]
    assert "restored" in place.run("remind", "2026-050").err
    assert place.run("go", "restored").code == 0
    assert place.run("remind", "2026-050").code == 0


def test_before_the_first_start_there_is_nothing_to_save(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    said = place.run("backup", "--out", str(tmp_path / "b.zip"))

    assert said.code == 1
    assert "nothing to save" in said.err
    assert not (tmp_path / "b.zip").exists()
