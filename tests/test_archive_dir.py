"""Texts and mails beside the journal."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.adapters.archive_dir import ArchiveDir
from daemon.adapters.disk import LostDisk, sync_file_system
from daemon.ports import Kept


@pytest.fixture
def archive(tmp_path: Path) -> ArchiveDir:
    return ArchiveDir(tmp_path / "archive")


def shelf(tmp_path: Path) -> Path:
    """The one directory of the archive."""
    (only,) = (tmp_path / "archive").iterdir()
    return only


def test_what_was_kept_is_found_as_it_was_also_by_another_process(archive: ArchiveDir, tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    archive.keep("acme", "0a1b.eml", content)
    archive.keep(None, "ffff.txt", b"")

    assert archive.find("0a1b.eml") == content
    assert ArchiveDir(tmp_path / "archive").find("ffff.txt") == b""
    assert archive.find("0a1b") is None


def test_an_old_name_changes_nothing(archive: ArchiveDir) -> None:
    archive.keep("acme", "0a1b.eml", b"first")
    archive.keep("acme", "0a1b.eml", b"second")

    assert archive.find("0a1b.eml") == b"first"


def test_a_forgotten_client_leaves_no_text_and_takes_nobody_elses(archive: ArchiveDir, tmp_path: Path) -> None:
    for number in range(40):
        archive.keep("acme", f"{number:04x}.eml", b"dear Anna")
    archive.keep("acme2", "0001.txt", b"dear Ada")
    archive.keep(None, "0002.txt", b"nobody's")
    archive.keep("acme", "0001.txt", b"of two clients")

    assert archive.forget("acme") == 41
    assert archive.forget("acme") == 0
    assert archive.find("0001.eml") is None
    assert archive.find("0001.txt") == b"dear Ada"
    assert archive.find("0002.txt") == b"nobody's"
    assert not any(b"Anna" in path.read_bytes() for path in (tmp_path / "archive").rglob("*") if path.is_file())


def test_a_file_that_a_crash_left_half_written_is_no_text_and_is_forgotten_too(
    archive: ArchiveDir, tmp_path: Path
) -> None:
    archive.keep("acme", "0a1b.eml", b"whole")
    (file,) = shelf(tmp_path).iterdir()
    file.rename(file.with_name(f".{file.name}.new"))

    assert archive.find("0a1b.eml") is None
    archive.forget("acme")
    assert list(shelf(tmp_path).iterdir()) == []


def test_texts_expire_by_the_day_they_were_kept(archive: ArchiveDir, tmp_path: Path) -> None:
    archive.keep("acme", "0a1b.eml", b"old")
    (file,) = shelf(tmp_path).iterdir()
    os.utime(file, (time.time() - 86400 * 10,) * 2)
    archive.keep("acme", "0a1c.eml", b"new")

    assert archive.expire(datetime.now(UTC) - timedelta(days=9)) == 1
    assert (archive.find("0a1b.eml"), archive.find("0a1c.eml")) == (None, b"new")


def test_texts_are_private_whatever_the_umask(archive: ArchiveDir, tmp_path: Path) -> None:
    old = os.umask(0o000)
    try:
        archive.keep("acme", "0a1b.eml", b"text")
    finally:
        os.umask(old)
    (file,) = shelf(tmp_path).iterdir()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(shelf(tmp_path).stat().st_mode) == stat.S_IMODE((tmp_path / "archive").stat().st_mode) == 0o700


@pytest.mark.parametrize("name", ["", ".", "..", "../keys.json", "a/b", "/etc/passwd", ".hidden", "a\0b", "a~b", "a b",
                                  "à.eml", "a\n", "x" * 200])  # fmt: skip
def test_a_name_that_could_lead_elsewhere_is_refused(archive: ArchiveDir, tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="no name for a kept text"):
        archive.keep("acme", name, b"x")
    with pytest.raises(ValueError, match="no name for a kept text"):
        archive.find(name)

    assert list(tmp_path.rglob("*")) == []


@pytest.mark.parametrize("client", ["../..", "a/b", "", "~", "*", "acme\n", "Ünal A.Ş."])
def test_a_clients_key_may_be_anything(archive: ArchiveDir, tmp_path: Path, client: str) -> None:
    archive.keep(client, "0a1b.eml", b"text")

    assert archive.find("0a1b.eml") == b"text"
    assert archive.forget(client) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_no_symbolic_link_is_followed(archive: ArchiveDir, tmp_path: Path) -> None:
    """Neither for a text, nor for the file that is being written, nor for a directory."""
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    archive.keep("acme", "0a1b.eml", b"text")
    (file,) = shelf(tmp_path).iterdir()
    file.unlink()
    file.symlink_to(secret)
    assert archive.find("0a1b.eml") is None
    file.unlink()
    file.with_name(f".{file.name}.new").symlink_to(secret)
    archive.keep("acme", "0a1b.eml", b"text")
    assert secret.read_bytes() == b"secret"
    place = shelf(tmp_path)
    place.rename(tmp_path / "moved")
    place.symlink_to(tmp_path / "moved")

    assert archive.find("0a1b.eml") is None
    assert archive.forget("acme") == 0


def many(first: int = 0) -> list[Kept]:
    """Texts of 20,000 octets that say their own names."""
    names = [f"mail-{number:04}.eml" for number in range(first, first + 60)]
    return [Kept("acme", name, name.encode() * 1_500) for name in names]


def named(tmp_path: Path) -> dict[str, bytes]:
    """What stands in the archive under final names."""
    files = (path for path in (tmp_path / "archive").rglob("*~*") if path.is_file() and path.name[0] != ".")
    return {path.name.partition("~")[0]: path.read_bytes() for path in files}


def test_many_texts_are_kept_with_two_commits_of_the_file_system(
    archive: ArchiveDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One before they have their names, so that no crash shows a torn one, and one after."""
    seen: list[int] = []

    def counting(fd: int, what: str) -> None:
        seen.append(len(named(tmp_path)))
        sync_file_system(fd, what)

    monkeypatch.setattr("daemon.adapters.archive_dir.sync_file_system", counting)
    archive.keep_all([*many(), *many()])

    assert named(tmp_path) == {text.name: text.content for text in many()}
    assert seen == [0, 60]


def test_F60_a_failed_sync_names_nothing_and_ends_the_process(
    archive: ArchiveDir, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(fd: int, what: str) -> None:
        raise LostDisk(f"{what}: cannot sync")

    monkeypatch.setattr("daemon.adapters.archive_dir.sync_file_system", failing)
    with pytest.raises(LostDisk):
        archive.keep_all(many())

    assert named(tmp_path) == {}


_KEEPING = """
import sys
from pathlib import Path
from daemon.adapters.archive_dir import ArchiveDir
from tests.test_archive_dir import many
archive = ArchiveDir(Path(sys.argv[1]))
print("begun", flush=True)
for first in range(0, 6000, 60):
    archive.keep_all(many(first))
"""


@pytest.mark.parametrize("seconds", [0.002, 0.01, 0.03, 0.06, 0.1])
def test_F68_a_process_killed_while_it_keeps_many_leaves_no_torn_text(tmp_path: Path, seconds: float) -> None:
    """And what it left half written does not stand in the way of the next one."""
    with subprocess.Popen(
        [sys.executable, "-c", _KEEPING, str(tmp_path / "archive")],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[1],
    ) as keeping:
        assert keeping.stdout is not None
        assert keeping.stdout.readline() == b"begun\n"
        time.sleep(seconds)
        keeping.kill()
    left = named(tmp_path)

    assert all(content == name.encode() * 1_500 for name, content in left.items())
    assert len(left) < 6000, "it was killed on its way"
    archive = ArchiveDir(tmp_path / "archive")
    archive.keep_all(many(len(left) // 60 * 60))
    assert all(archive.find(text.name) == text.content for text in many(len(left) // 60 * 60))
