"""Appending to the journal: numbers, turns, cancellation, and what TinyDB makes of it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from tinydb import where

from daemon.adapters import tinydb_journal
from daemon.adapters.disk import LostDisk
from daemon.adapters.journal_head import LARGEST, PAGES
from daemon.adapters.journal_install import HEAD, JOURNAL, install
from daemon.adapters.journal_storage import JournalStorage
from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import AnyEntry, encode
from daemon.ports import OutOfTurn
from tests.journals.entries import a_fact, an_acceptance, facts


@pytest.fixture
def place(tmp_path: Path) -> Path:
    install(tmp_path, ())
    return tmp_path


def opened(place: Path) -> TinyJournal:
    return TinyJournal(JournalDB(place))


async def test_what_was_appended_is_replayed_in_order_after_a_restart(place: Path) -> None:
    """Also text that looks like a line's end, in any alphabet: JSON escapes what would break a line."""
    entries: list[AnyEntry] = [a_fact(1), an_acceptance("250 ok\r\n\x85\u2028 Çağrı è ñ \x00"), a_fact(2)]
    journal = opened(place)
    first = await journal.append(0, entries[:1])
    second = await journal.append(first, entries[1:])
    journal.close()
    again = opened(place)

    assert (first, second, again.last) == (1, 3, 3)
    assert list(again.replay()) == entries
    again.close()


async def test_the_ring_of_the_head_turns_without_losing_a_fact(place: Path) -> None:
    journal = opened(place)
    wanted = facts(PAGES * 3 + 5)
    for number, fact in enumerate(wanted):
        await journal.append(number, [fact])

    assert list(journal.replay()) == wanted
    journal.close()
    again = opened(place)
    assert list(again.replay()) == wanted
    assert (place / HEAD).stat().st_size == PAGES * 4096
    again.close()


@pytest.mark.parametrize("size", [LARGEST - 400, LARGEST + 1, LARGEST * 12], ids=["frame", "bulk", "many rings"])
async def test_an_append_of_any_size_is_one_append(place: Path, size: int) -> None:
    """The first start records every invoice at once; that does not fit into the head."""
    journal = opened(place)
    many = facts(size // 1000, size=850)
    await journal.append(0, [a_fact(9)])
    await journal.append(1, many)
    await journal.append(journal.last, [a_fact(10)])
    journal.close()
    again = opened(place)

    assert list(again.replay()) == [a_fact(9), *many, a_fact(10)]
    again.close()


async def test_an_append_behind_an_entry_that_is_not_the_last_is_refused(place: Path) -> None:
    """Who decided on an older history has to decide again."""
    journal = opened(place)
    await journal.append(0, facts(2))
    with pytest.raises(OutOfTurn, match="ends at 2, not at 1"):
        await journal.append(1, [a_fact(3)])
    with pytest.raises(OutOfTurn):
        await journal.append(3, [a_fact(3)])

    assert list(journal.replay()) == facts(2)
    journal.close()


async def test_of_two_appends_at_once_one_has_to_decide_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow disk the sync is awaited in a thread: turns are kept there too."""
    monkeypatch.setattr(tinydb_journal, "SLOW", 0.0)
    journal = opened(place)
    await journal.append(0, [a_fact(1)])
    answers = await asyncio.gather(*(journal.append(1, [a_fact(n)]) for n in (2, 3, 4)), return_exceptions=True)

    assert answers[0] == 2
    assert [type(answer) for answer in answers[1:]] == [OutOfTurn, OutOfTurn]
    assert list(journal.replay()) == facts(2)
    journal.close()


async def test_a_cancelled_append_on_a_slow_disk_ends_before_the_task_does(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the journal would be closed, or appended to, under the thread that still writes."""
    monkeypatch.setattr(tinydb_journal, "SLOW", 0.0)
    journal = opened(place)
    await journal.append(0, [a_fact(1)])
    task = asyncio.create_task(journal.append(1, facts(3000, after=1)))
    await asyncio.sleep(0)  # it waits for its thread now
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert journal.last == 3001
    journal.close()


async def test_F68_after_a_failed_sync_nothing_is_appended_any_more(place: Path) -> None:
    """Linux forgets the dirty pages of a failed sync: the next one would succeed without them."""
    journal = opened(place)
    await journal.append(0, [a_fact(1)])
    nowhere = os.open("/dev/null", os.O_RDWR)  # takes every write and cannot be synced
    head = next(
        int(fd) for fd in os.listdir("/proc/self/fd") if os.path.realpath(f"/proc/self/fd/{fd}") == str(place / HEAD)
    )
    good = os.dup(head)
    os.dup2(nowhere, head)
    with pytest.raises(LostDisk, match="cannot sync"):
        await journal.append(1, [a_fact(2)])
    os.dup2(good, head)  # as if the disk were well again
    with pytest.raises(LostDisk):
        await journal.append(1, [a_fact(2)])
    journal.close()
    os.close(nowhere)
    os.close(good)
    again = opened(place)

    assert list(again.replay()) == facts(1)
    again.close()


async def test_writing_anew_changes_and_removes_entries_and_keeps_the_rest(place: Path) -> None:
    """`sollecito forget`: the person's words go, the figures stay, and no copy of the words is left in any file."""
    journal = opened(place)
    await journal.append(0, [a_fact(1), an_acceptance("queued for Anna Verdi"), a_fact(2)])

    def forget(entry: AnyEntry) -> AnyEntry | None:
        if entry == a_fact(1):
            return None
        return msgspec.structs.replace(entry, reply="") if isinstance(entry, type(an_acceptance(""))) else entry

    journal.rewrite(forget)
    await journal.append(2, [a_fact(3)])
    journal.close()
    again = opened(place)

    assert list(again.replay()) == [an_acceptance(""), a_fact(2), a_fact(3)]
    assert {file.name for file in place.iterdir()} == {HEAD, JOURNAL}
    assert not any(b"Anna Verdi" in file.read_bytes() for file in place.iterdir())
    again.close()


def test_a_transformation_that_fails_leaves_the_journal_as_it_was(place: Path) -> None:
    db = JournalDB(place)
    journal = TinyJournal(db)
    db.insert_multiple([msgspec.to_builtins(fact) for fact in facts(3)])
    with pytest.raises(ZeroDivisionError):
        journal.rewrite(lambda entry: entry if 1 / (3 - entry.uid) else None)  # type: ignore[union-attr]

    assert list(journal.replay()) == facts(3)
    assert {file.name for file in place.iterdir()} == {HEAD, JOURNAL}
    journal.close()


# -- TinyDB ---------------------------------------------------------------------------------------------------


def test_stock_tinydb_reads_work_on_the_journal(place: Path) -> None:
    with JournalDB(place) as db:
        ids = db.insert_multiple([msgspec.to_builtins(fact) for fact in facts(3)])
        late = db.insert(msgspec.to_builtins(a_fact(4)))

        assert (ids, late, len(db)) == ([1, 2, 3], 4, 4)
        assert [document["uid"] for document in db.all()] == [1, 2, 3, 4]
        assert [document.doc_id for document in db.search(where("uid") > 2)] == [3, 4]
        assert db.get(doc_id=2)["uid"] == 2
        assert db.tables() == {"entries"}
        db.insert(msgspec.to_builtins(a_fact(5)))
        assert len(db.search(where("uid") > 2)) == 3  # the query cache was told


def test_inserting_a_document_appends_one_line(place: Path) -> None:
    with JournalDB(place) as db:
        db.insert_multiple([msgspec.to_builtins(fact) for fact in facts(50)])
        before = (place / JOURNAL).read_bytes()
        db.insert(msgspec.to_builtins(a_fact(51)))
        added = (place / JOURNAL).read_bytes().removeprefix(before)

        assert added[9:] == encode(a_fact(51)) + b"\n"


def test_a_document_that_is_no_entry_is_not_inserted(place: Path) -> None:
    """It would be refused by every start from then on."""
    with JournalDB(place) as db:
        with pytest.raises(msgspec.ValidationError):
            db.insert({"entry": "LetterLost", "at": "2026-11-17T07:30:00Z"})

        assert len(db) == 0


CHANGES: dict[str, Callable[[JournalDB], object]] = {
    "update": lambda db: db.update({"uid": 7}),
    "upsert": lambda db: db.upsert({"uid": 7}, where("uid") == 1),
    "remove": lambda db: db.remove(where("uid") == 1),
    "truncate": lambda db: db.truncate(),
    "drop_tables": lambda db: db.drop_tables(),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_fact_is_neither_updated_nor_removed(place: Path, change: Callable[[JournalDB], object]) -> None:
    with JournalDB(place) as db:
        db.insert(msgspec.to_builtins(a_fact(1)))
        with pytest.raises(TypeError, match="only grows"):
            change(db)

        assert [document["uid"] for document in db.all()] == [1]


def test_a_journal_that_was_opened_to_look_at_is_not_appended_to(place: Path) -> None:
    storage = JournalStorage(place, read_only=True)
    with pytest.raises(TypeError, match="to look at"):
        storage.append([encode(a_fact(1))])

    assert storage.count == 0
    storage.close()
