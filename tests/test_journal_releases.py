"""The journal of every release must replay, with the meaning that it had."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest

from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import AnyEntry, decode, encode
from tests.journals import release_0_1_0

RELEASES: list[ModuleType] = [release_0_1_0]


@pytest.mark.parametrize("release", RELEASES, ids=lambda release: release.PLACE.name)
def test_the_journal_of_a_release_replays(release: ModuleType, tmp_path: Path) -> None:
    """Entry by entry what that release meant; and it can be gone on with."""
    place = tmp_path / "state"
    shutil.copytree(release.PLACE, place)
    db = JournalDB(place)
    journal = TinyJournal(db)

    assert tuple(journal.replay()) == release.ENTRIES
    assert len(db.all()) == len(release.ENTRIES)
    db.table("entries").insert(db.all()[0])
    assert journal.last == len(release.ENTRIES) + 1
    journal.close()


def test_the_newest_of_them_holds_every_kind_of_entry() -> None:
    """A kind was added: write the journal of the coming release anew (`python -m tests.journals.release_...`)."""
    assert {type(entry) for entry in RELEASES[-1].ENTRIES} == set(get_args(AnyEntry))


@pytest.mark.parametrize("entry", RELEASES[-1].ENTRIES, ids=lambda entry: type(entry).__name__)
def test_an_entry_is_one_line_and_comes_back_as_it_was(entry: AnyEntry) -> None:
    line = encode(entry)

    assert decode(line) == entry
    assert b"\n" not in line
    assert len(line.splitlines()) == 1
