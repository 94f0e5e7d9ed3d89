"""The state directory: who owns it, who may read it, and what a lost part of it means."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from daemon.adapters.state_dir import StateDir
from daemon.adapters.state_keys import load_keys, new_key, save_keys
from daemon.mail.tokens.keys import Keys
from daemon.ports import StateFault
from tests.journals.entries import facts


@pytest.fixture
async def place(tmp_path: Path) -> Path:
    """A state directory with three entries."""
    place = tmp_path / "lib" / "studio"
    with StateDir.open(place) as state:
        await state.journal.append(0, facts(3))
        state.archive.keep("acme", "aa.eml", b"a letter")
    return place


def test_the_first_start_makes_a_directory_that_is_private(tmp_path: Path) -> None:
    old = os.umask(0o000)
    try:
        with StateDir.open(tmp_path / "state") as state:
            state.archive.keep("acme", "aa.eml", b"a letter")
    finally:
        os.umask(old)
    modes = {path.relative_to(tmp_path): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*")}

    assert modes[Path("state/keys.json")] == 0o600
    assert {mode for path, mode in modes.items() if (tmp_path / path).is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if (tmp_path / path).is_file()} == {0o600}


def test_F61_the_second_process_refuses_and_names_the_first(tmp_path: Path) -> None:
    """A real second process, and a view that needs no lock."""
    command = [sys.executable, "-m", "tests.state_writer", str(tmp_path), "hold"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as first:
        try:
            assert first.stdout is not None
            assert first.stdout.readline() == "held\n"
            with pytest.raises(StateFault) as refusal:
                StateDir.open(tmp_path)
            with StateDir.read_only(tmp_path) as view:
                assert view.journal.last == 0
        finally:
            first.kill()

    assert f"{tmp_path} is in use by process {first.pid} (state_writer.py {tmp_path} hold)" in str(refusal.value)
    with StateDir.open(tmp_path) as state:
        assert state.journal.last == 0


def test_F61_the_same_process_does_not_open_it_twice(tmp_path: Path) -> None:
    """Two configs of one `run` that name one directory."""
    with StateDir.open(tmp_path), pytest.raises(StateFault, match=f"in use by process {os.getpid()}"):
        StateDir.open(tmp_path)


def test_a_refused_start_lets_the_lock_go(place: Path) -> None:
    (place / "journal.head").rename(place / "elsewhere")
    with pytest.raises(StateFault, match=r"journal\.head: it is missing"):
        StateDir.open(place)
    (place / "elsewhere").rename(place / "journal.head")

    with StateDir.open(place) as state:
        assert state.journal.last == 3


@pytest.mark.parametrize(
    "lost", [["journal.jsonl"], ["journal.head"], ["keys.json"], ["journal.jsonl", "journal.head"]]
)
def test_F59_a_directory_that_lost_a_part_is_not_begun_anew(place: Path, lost: list[str]) -> None:
    """Nor looked at as if it were empty: `plan` would show every letter again."""
    for name in lost:
        (place / name).unlink()
    with pytest.raises(StateFault, match="it is missing"):
        StateDir.open(place)
    if lost != ["keys.json"]:
        with pytest.raises(StateFault, match="it is missing"):
            StateDir.read_only(place)

    assert not any((place / name).exists() for name in lost)


def test_F59_an_archive_without_a_journal_is_not_begun_anew(place: Path) -> None:
    for name in ("journal.jsonl", "journal.head", "keys.json"):
        (place / name).unlink()
    with pytest.raises(StateFault, match="this directory was in use"):
        StateDir.open(place)

    assert sorted(path.name for path in place.iterdir()) == ["archive", "lock"]


def test_a_copy_of_the_directory_is_a_backup(place: Path, tmp_path: Path) -> None:
    with StateDir.read_only(place) as view:
        keys = view.keys
    shutil.copytree(place, tmp_path / "restored")

    with StateDir.open(tmp_path / "restored") as state:
        assert list(state.journal.replay()) == facts(3)
        assert state.archive.find("aa.eml") == b"a letter"
        assert state.keys == keys


def test_a_first_start_cut_short_is_begun_again(place: Path, tmp_path: Path) -> None:
    """The new journal was not in place yet: nothing can have been sent."""
    cut = tmp_path / "cut"
    cut.mkdir()
    shutil.copy(place / "journal.jsonl", cut / "journal.jsonl.new")

    with StateDir.open(cut) as state:
        assert state.journal.last == 0


async def test_a_directory_that_is_not_there_is_an_empty_view_and_is_not_made(tmp_path: Path) -> None:
    """`plan` before the first start."""
    with StateDir.read_only(tmp_path / "none") as view:
        assert (list(view.journal.replay()), view.journal.last, view.keys) == ([], 0, None)
        assert view.archive.find("aa.eml") is None
        with pytest.raises(TypeError):
            await view.journal.append(0, facts(1))

    assert not (tmp_path / "none").exists()


def test_a_view_writes_nothing(place: Path) -> None:
    def content() -> dict[Path, tuple[bytes, int]]:
        return {p: (p.read_bytes(), p.stat().st_mtime_ns) for p in place.rglob("*") if p.is_file()}

    (place / "journal.jsonl").write_bytes((place / "journal.jsonl").read_bytes() + b"torn")
    before = content()
    with StateDir.read_only(place) as view:
        assert list(view.journal.replay()) == facts(3)

    assert content() == before


def test_a_path_that_is_a_file_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")
    with pytest.raises(StateFault, match="state: "):
        StateDir.open(tmp_path / "state")


def test_a_journal_behind_a_symbolic_link_is_refused(place: Path) -> None:
    (place / "journal.jsonl").rename(place / "real")
    (place / "journal.jsonl").symlink_to("real")

    with pytest.raises(StateFault, match="symbolic links"):
        StateDir.open(place)


def test_an_archive_that_is_a_symbolic_link_is_refused(place: Path) -> None:
    """No link is followed in there, so nothing could be kept; said at the start, not at the first letter."""
    (place / "archive").rename(place / "elsewhere")
    (place / "archive").symlink_to("elsewhere")

    with pytest.raises(StateFault, match="archive: it is not a directory"):
        StateDir.open(place)


# -- keys -----------------------------------------------------------------------------------------------------


def test_a_new_key_signs_and_the_old_ones_go_on_verifying(tmp_path: Path) -> None:
    first = new_key()
    save_keys(tmp_path, first)
    save_keys(tmp_path, new_key(first))
    keys = load_keys(tmp_path)

    assert keys is not None
    assert (keys.current, keys.find("1"), keys.find("9")) == ("2", first.key, None)
    assert keys.key == keys.find("2") != first.key
    assert len(keys.key) == 32
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_each_directory_has_a_key_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    keys = []
    for name in ("a", "b", "a"):
        with StateDir.open(tmp_path / name) as state:
            keys.append(state.keys.key)

    assert keys[0] == keys[2] != keys[1]


def test_keys_are_not_shown_where_they_are_printed() -> None:
    keys = Keys(current="1", secrets=(("1", b"top secret bytes"),))

    assert "secret bytes" not in f"{keys} {keys!r}"


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b'{"current":"2","keys":{"1":"' + b"00" * 32 + b'"}}', b'{"current":"1","keys":{"1":"xx"}}',
     b'{"current":"1","keys":{"1":"00"}}', b'{"current":"a-b","keys":{"a-b":"' + b"00" * 32 + b'"}}'],
)  # fmt: skip
def test_a_garbled_key_file_is_refused(place: Path, content: bytes) -> None:
    """Not replaced by a new key: no answer to an older letter would be known any more."""
    (place / "keys.json").write_bytes(content)
    with pytest.raises(StateFault, match=r"keys\.json.*Restore it from a backup"):
        StateDir.open(place)

    assert (place / "keys.json").read_bytes() == content


def test_a_key_file_that_others_may_read_is_refused(place: Path) -> None:
    (place / "keys.json").chmod(0o640)

    with pytest.raises(StateFault, match="chmod 600"):
        StateDir.open(place)


def test_root_makes_no_files_in_the_state_of_another_user(tmp_path: Path) -> None:
    """The service could not open them afterwards; the message says as whom to run the command."""
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    os.chown(state, 65534, 65534)

    with pytest.raises(StateFault, match="runuser -u nobody"):
        StateDir.open(state)
    assert list(state.iterdir()) == []
