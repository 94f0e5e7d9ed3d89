"""F59: a journal that is shortened, empty, garbled or missing is refused, and never read as a shorter history."""

from __future__ import annotations

import shutil
from pathlib import Path

import msgspec
import pytest

from daemon.adapters.journal_head import PAGE, Head
from daemon.adapters.journal_install import HEAD, JOURNAL, install
from daemon.adapters.journal_lines import header_line, read_header, seal
from daemon.adapters.journal_storage import JournalStorage
from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import Entry, encode
from daemon.ports import StateFault
from tests.journals.entries import a_fact, facts

COUNT = 4


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A journal of four facts that was closed well."""
    place = tmp_path / "state"
    place.mkdir()
    install(place, ())
    storage = JournalStorage(place)
    for fact in facts(COUNT):
        storage.append([encode(fact)])
    storage.close()
    return place


@pytest.fixture
def killed(tmp_path: Path) -> tuple[Path, Path]:
    """The files as a SIGKILL leaves them: before the fourth append, and after it was acknowledged."""
    place, before, after = (tmp_path / name for name in ("state", "before", "after"))
    place.mkdir()
    install(place, ())
    storage = JournalStorage(place)
    storage.append([encode(fact) for fact in facts(COUNT - 1)])
    shutil.copytree(place, before)
    storage.append([encode(a_fact(COUNT))])
    shutil.copytree(place, after)
    storage.close()
    return before, after


def replayed(place: Path) -> list[Entry]:
    db = JournalDB(place)
    try:
        return list(TinyJournal(db).replay())
    finally:
        db.close()


def looked_at(place: Path) -> list[Entry]:
    db = JournalDB(place, read_only=True)
    try:
        return list(TinyJournal(db).replay())
    finally:
        db.close()


def assert_refused(place: Path) -> str:
    """It is refused, looking and writing; nothing was changed; the text says how to go on."""
    before = {file.name: file.read_bytes() for file in place.iterdir() if file.name != HEAD}
    with pytest.raises(StateFault) as refusal:
        replayed(place)
    with pytest.raises(StateFault):
        looked_at(place)

    assert "Restore the whole state directory from a backup" in str(refusal.value)
    assert {file.name: file.read_bytes() for file in place.iterdir() if file.name != HEAD} == before
    return str(refusal.value)


def test_F59_a_journal_shortened_anywhere_is_refused(place: Path) -> None:
    """At every byte: also where the cut falls between two lines, and what is left looks whole."""
    whole = (place / JOURNAL).read_bytes()
    for size in range(len(whole)):
        (place / JOURNAL).write_bytes(whole[:size])
        text = assert_refused(place)

        assert ("it is empty" if size == 0 else "journal.jsonl") in text, size
    (place / JOURNAL).write_bytes(whole)
    assert replayed(place) == facts(COUNT)


def test_F59_a_journal_with_any_garbled_byte_is_refused(place: Path) -> None:
    whole = (place / JOURNAL).read_bytes()
    for at in range(len(whole)):
        garbled = bytearray(whole)
        garbled[at] ^= 0x01
        (place / JOURNAL).write_bytes(garbled)
        assert_refused(place)


def test_F59_a_line_taken_out_or_moved_is_refused(place: Path) -> None:
    """Each line is whole by itself; the running checksum knows that it is not the one that followed."""
    lines = (place / JOURNAL).read_bytes().splitlines(keepends=True)
    (place / JOURNAL).write_bytes(b"".join([*lines[:3], *lines[4:]]))
    assert_refused(place)
    (place / JOURNAL).write_bytes(b"".join([*lines[:3], lines[4], lines[3], *lines[5:]]))

    assert "is garbled" in assert_refused(place)


@pytest.mark.parametrize("name", [JOURNAL, HEAD])
def test_F59_a_missing_file_is_refused(place: Path, name: str) -> None:
    (place / name).unlink()

    assert f"{name}: it is missing" in assert_refused(place)
    assert not (place / name).exists()


@pytest.mark.parametrize("content", [b"", b"\0" * 64 * PAGE, b"{}\n", b"x" * 64 * PAGE, b"\0" * 63 * PAGE])
def test_F59_a_garbled_head_is_refused(place: Path, content: bytes) -> None:
    (place / HEAD).write_bytes(content)

    assert "the head of the journal is garbled" in assert_refused(place)


def test_F59_a_garbled_last_record_of_the_head_takes_no_entry_with_it(killed: tuple[Path, Path]) -> None:
    """It looks like an append that was torn; but the journal is never written before its head, so its line counts."""
    before, after = killed
    old, head, journal = (before / HEAD).read_bytes(), (after / HEAD).read_bytes(), (after / JOURNAL).read_bytes()
    at = next(byte for byte in range(len(old)) if old[byte] != head[byte]) // PAGE * PAGE
    for byte in range(at, at + 400):
        garbled = bytearray(head)
        garbled[byte] ^= 0x01
        (after / HEAD).write_bytes(garbled)
        (after / JOURNAL).write_bytes(journal + b"torn")

        assert looked_at(after) == facts(COUNT)
        assert replayed(after) == facts(COUNT)
        assert (after / JOURNAL).read_bytes() == journal


def test_a_copy_that_was_made_while_the_daemon_appended_is_a_backup(place: Path, tmp_path: Path) -> None:
    """`cp -r` takes the head first: it is older than the journal beside it."""
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(place / HEAD, copy)
    storage = JournalStorage(place)
    for fact in facts(3, after=COUNT):
        storage.append([encode(fact)])
    (copy / JOURNAL).write_bytes((place / JOURNAL).read_bytes()[:-10])  # and in the middle of a line
    storage.close()
    restored = JournalStorage(copy)

    assert restored.count == COUNT + 2
    assert "did not know the last 2 entries" in restored.notices[0]
    restored.append([encode(a_fact(COUNT + 3))])
    restored.close()
    assert replayed(copy) == facts(COUNT + 3)


def test_F59_a_journal_older_than_its_head_is_refused(place: Path, tmp_path: Path) -> None:
    old = (place / JOURNAL).read_bytes()
    storage = JournalStorage(place)
    storage.append([encode(a_fact(COUNT + 1))])
    storage.close()
    (place / JOURNAL).write_bytes(old)

    assert "it is shortened" in assert_refused(place)


def test_F59_the_journal_of_another_creditor_is_refused(place: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    install(other, [encode(fact) for fact in facts(COUNT)])
    shutil.copy(other / JOURNAL, place / JOURNAL)

    assert "another journal" in assert_refused(place)


def test_a_torn_tail_that_was_never_acknowledged_is_dropped(place: Path) -> None:
    """Half a line, garbage, zeros: what a power cut may leave behind the end.  The next append goes in its place."""
    whole = (place / JOURNAL).read_bytes()
    for tail in (b"7d0e", b'7d0ee210 {"entry":"MailRead"', b"\0" * 5000, b"\n", b"rubbish\n" * 3):
        (place / JOURNAL).write_bytes(whole + tail)
        assert replayed(place) == facts(COUNT)
        assert (place / JOURNAL).read_bytes() == whole


def test_F68_an_append_torn_at_any_byte_is_there_whole_or_not_at_all(killed: tuple[Path, Path], tmp_path: Path) -> None:
    """The head is written first; the journal of before stands beside each beginning of the head's new record."""
    before, after = killed
    old, new = (before / HEAD).read_bytes(), (after / HEAD).read_bytes()
    start = next(at for at in range(len(old)) if old[at] != new[at]) // PAGE * PAGE
    counts = []
    for cut in [*range(start, start + 420), start + PAGE - 1, start + PAGE]:
        place = tmp_path / "torn"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(before, place)
        (place / HEAD).write_bytes(new[:cut] + old[cut:])
        entries = replayed(place)
        counts.append(len(entries))
        assert entries == facts(len(entries)), cut

    assert counts == [COUNT - 1] * 421 + [COUNT]


def test_F68_acknowledged_bytes_that_a_power_cut_took_are_written_again(
    killed: tuple[Path, Path], tmp_path: Path
) -> None:
    """The journal's own tail is not synced; its bytes stand in the head.  Shortened at every byte, or zeros."""
    before, after = killed
    size, whole = (before / JOURNAL).stat().st_size, (after / JOURNAL).read_bytes()
    for cut in range(size, len(whole) + 1):
        for tail in (b"", b"\0" * (len(whole) - cut)):
            place = tmp_path / "cut"
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(after, place)
            (place / JOURNAL).write_bytes(whole[:cut] + tail)

            assert replayed(place) == facts(COUNT), cut
            assert (place / JOURNAL).read_bytes() == whole


@pytest.mark.parametrize(
    "line",
    [
        b'{"entry":"LetterLost","at":"2026-11-17T07:30:00Z","v":1}',
        encode(a_fact(COUNT + 1)).replace(b'"v":1', b'"v":2'),
    ],
    ids=["kind", "version"],
)
def test_an_entry_of_a_newer_release_is_refused(place: Path, line: bytes) -> None:
    """Not skipped: it may be the very one that stops a letter."""
    storage = JournalStorage(place)
    storage.append([line])
    storage.close()

    assert f"entry {COUNT + 1} is none of this release" in assert_refused(place)


def test_a_journal_of_a_newer_format_is_refused(place: Path) -> None:
    line = header_line("00")
    body = msgspec.json.encode({"format": "sollecito-journal", "version": 2, "id": "00"})
    (place / JOURNAL).write_bytes(seal(body, 0)[0])

    assert "sollecito-journal version 2; this release reads" in assert_refused(place)
    assert read_header(line[:-1])[0].version == 1


def test_of_a_journal_that_is_written_anew_the_rename_is_the_moment_that_counts(place: Path, tmp_path: Path) -> None:
    """A power cut before it leaves the old journal, one after it the new; the head follows at the next start."""
    anew = tmp_path / "anew"
    anew.mkdir()
    install(anew, [encode(fact) for fact in facts(2)])
    early, late = tmp_path / "early", tmp_path / "late"
    for half in (early, late):
        shutil.copytree(place, half)
        shutil.copy(anew / HEAD, half / f"{HEAD}.new")
    shutil.copy(anew / JOURNAL, early / f"{JOURNAL}.new")
    shutil.copy(anew / JOURNAL, late / JOURNAL)

    assert (replayed(early), replayed(late)) == (facts(COUNT), facts(2))
    assert {file.name for half in (early, late) for file in half.iterdir()} == {HEAD, JOURNAL}


def test_the_head_knows_its_newest_record_wherever_the_ring_stands(place: Path) -> None:
    storage = JournalStorage(place)
    for number in range(COUNT, 200):
        storage.append([encode(a_fact(number + 1))])
        with (place / HEAD).open("rb") as file:
            assert Head.load(file.fileno()).last.count == number + 1
    storage.close()
