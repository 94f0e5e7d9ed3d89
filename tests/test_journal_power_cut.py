"""F68: the power is cut at any instruction.

The real adapter writes to real files while every write, sync and truncation is noted.  Then the disk of a power cut is
made from the notes: what was synced is there; of what was not, any 512-byte sectors are, in any order, or the beginning
up to any byte; a file may have grown without its bytes.  From each such disk the journal must open again.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.journal_head import LARGEST
from daemon.adapters.journal_install import install
from daemon.adapters.journal_storage import JournalStorage
from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import MailRead, encode
from tests.journals.entries import a_fact, facts

SECTOR = 512


@dataclass
class Notes:
    """What the disk was told, in order."""

    start: dict[str, bytes]  # file name -> content before
    told: list[tuple[Any, ...]] = field(default_factory=list)

    def disk_at(self, cut: int, chance: random.Random) -> dict[str, bytes]:
        """The files after a power cut that came right before instruction number `cut`."""
        files = {name: bytearray(content) for name, content in self.start.items()}
        waiting: dict[str, list[tuple[int, bytes | None]]] = {name: [] for name in files}
        for what, name, *rest in self.told[:cut]:
            if what == "sync":
                for offset, content in waiting[name]:
                    _put(files[name], offset, content)
                waiting[name].clear()
            elif what != "acknowledged":
                waiting[name].append((rest[0], rest[1]))
        for name, writes in waiting.items():
            for offset, content in writes:
                if content is None:
                    if chance.random() < 0.5:
                        _put(files[name], offset, None)
                    continue
                if chance.random() < 0.3:  # torn within a sector, in order
                    _put(files[name], offset, content[: chance.randrange(len(content.rstrip()) + 1)])
                    continue
                sectors = range(offset // SECTOR, (offset + len(content) - 1) // SECTOR + 1)
                share = chance.choice([0.0, 0.5, 1.0])
                for sector in sectors:
                    if chance.random() < share:
                        a, b = max(sector * SECTOR, offset), min((sector + 1) * SECTOR, offset + len(content))
                        _put(files[name], a, content[a - offset : b - offset])
                if chance.random() < 0.3 and len(files[name]) < offset + len(content):
                    files[name].extend(b"\0" * (offset + len(content) - len(files[name])))
        return {name: bytes(content) for name, content in files.items()}


def _put(file: bytearray, offset: int, content: bytes | None) -> None:
    if content is None:
        del file[offset:]
        return
    file.extend(b"\0" * (offset - len(file)))
    file[offset : offset + len(content)] = content


@contextmanager
def noted(place: Path, patch: pytest.MonkeyPatch) -> Iterator[Notes]:
    """Note what is written below `place`.  Writes go through to the real files."""
    notes = Notes({file.name: file.read_bytes() for file in place.iterdir()})
    pwrite, fdatasync, ftruncate = os.pwrite, os.fdatasync, os.ftruncate

    def name(fd: int) -> str:
        return os.path.basename(os.readlink(f"/proc/self/fd/{fd}"))

    def noting_pwrite(fd: int, content: Any, offset: int) -> int:
        done = pwrite(fd, content, offset)
        notes.told.append(("write", name(fd), offset, bytes(content[:done])))
        return done

    def noting_fdatasync(fd: int) -> None:
        fdatasync(fd)
        notes.told.append(("sync", name(fd)))

    def noting_ftruncate(fd: int, size: int) -> None:
        ftruncate(fd, size)
        notes.told.append(("truncate", name(fd), size, None))

    with patch.context() as patched:
        patched.setattr(os, "pwrite", noting_pwrite)
        patched.setattr(os, "fdatasync", noting_fdatasync)
        patched.setattr(os, "ftruncate", noting_ftruncate)
        yield notes


def lay_out(place: Path, disk: dict[str, bytes]) -> None:
    for name, content in disk.items():
        (place / name).write_bytes(content)


def recovered(place: Path) -> list[MailRead]:
    db = JournalDB(place)
    try:
        return [entry for entry in TinyJournal(db).replay() if isinstance(entry, MailRead)]
    finally:
        db.close()


def an_eventful_life(storage: JournalStorage, notes: Notes, chance: random.Random) -> list[int]:
    """Appends of one, of several, larger than a frame; several turns of the ring.  The counts after each append."""
    counts = [storage.count]
    for _ in range(150):
        many = chance.choice([1, 1, 1, 2, 30])
        size = 40 if chance.random() < 0.97 else LARGEST // many + 1
        storage.append([encode(fact) for fact in facts(many, after=storage.count, size=size)])
        counts.append(storage.count)
        notes.told.append(("acknowledged", "", storage.count))
    return counts


@pytest.mark.parametrize("seed", range(4))
def test_F68_no_power_cut_loses_an_acknowledged_entry_or_half_an_append(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    place, after = tmp_path / "state", tmp_path / "after"
    place.mkdir()
    after.mkdir()
    install(place, ())
    with noted(place, monkeypatch) as notes:
        storage = JournalStorage(place)
        counts = an_eventful_life(storage, notes, chance)
        storage.close()
    cuts = sorted(chance.sample(range(len(notes.told) + 1), 90))
    for cut in cuts:
        acknowledged = max((told[2] for told in notes.told[:cut] if told[0] == "acknowledged"), default=0)
        lay_out(after, notes.disk_at(cut, chance))
        if cut % 3 == 0:  # the power is cut again while it recovers
            with noted(after, monkeypatch) as again:
                JournalStorage(after).close()
            lay_out(after, again.disk_at(chance.randrange(len(again.told) + 1), chance))
        entries = recovered(after)

        assert [entry.uid for entry in entries] == list(range(1, len(entries) + 1)), cut
        assert len(entries) >= acknowledged, cut
        assert len(entries) in counts, f"half an append, cut {cut}"
        assert len(entries) <= next((count for count in counts if count > acknowledged), counts[-1]), cut


def test_F68_a_large_append_is_there_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes straight into the journal: what announces it in the head tells a part of it from the whole."""
    chance = random.Random(3)
    place, after = tmp_path / "state", tmp_path / "after"
    place.mkdir()
    after.mkdir()
    install(place, [encode(a_fact(1))])
    with noted(place, monkeypatch) as notes:
        storage = JournalStorage(place)
        storage.append([encode(fact) for fact in facts(40, after=1, size=LARGEST // 30)])
        notes.told.append(("acknowledged", "", 41))
        storage.close()
    seen = set()
    for cut in list(range(len(notes.told) + 1)) * 12:
        lay_out(after, notes.disk_at(cut, chance))
        count = len(recovered(after))
        seen.add(count)
        assert count == 41 or ("acknowledged", "", 41) not in notes.told[:cut], cut

    assert seen == {1, 41}


def test_F68_no_power_cut_while_it_opens_or_closes_loses_the_head(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command line that looks in every minute writes many records and no entry; none overwrites the last one."""
    chance = random.Random(7)
    place, after = tmp_path / "state", tmp_path / "after"
    place.mkdir()
    after.mkdir()
    install(place, [encode(fact) for fact in facts(3)])
    with noted(place, monkeypatch) as notes:
        for _ in range(50):
            JournalStorage(place).close()
    for cut in range(0, len(notes.told) + 1, 2):
        lay_out(after, notes.disk_at(cut, chance))

        assert recovered(after) == facts(3), cut


def test_the_notes_would_show_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk on which the head's sync did nothing loses acknowledged entries: this test can see that."""
    chance = random.Random(1)
    install(tmp_path, ())
    with noted(tmp_path, monkeypatch) as notes:
        storage = JournalStorage(tmp_path)
        for number in range(1, 20):
            storage.append([encode(a_fact(number))])
        storage_end = len(notes.told)
        storage.close()
    notes.told = [told for told in notes.told[:storage_end] if told[0] != "sync"]
    short = 0
    for _ in range(20):
        lay_out(tmp_path, notes.disk_at(len(notes.told), chance))
        try:
            short += len(recovered(tmp_path)) < 19
        except Exception:
            short += 1

    assert short > 0
