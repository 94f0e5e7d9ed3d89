"""What one more fact costs, durable, at 100, 10,000 and 1,000,000 entries, against one SQLite commit.

    python -m bench.journal_append [--appends N]

Ours is `await TinyJournal.append(after, [entry])` as the daemon calls it.  The reference inserts the same JSON as one
row and commits, with `journal_mode=WAL` and `synchronous=FULL`, into a table with as many rows.  Both lie in one
directory of a real disk and take turns, a hundred at a time, so that whatever else the disk does meets both; the
ratio is the median over the turns.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.journal_life import life
from daemon.adapters.journal_install import install
from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import AnyEntry, encode

BAR = 1.5
SIZES = (100, 10_000, 1_000_000)
TURN = 100  # appends
PLACE = Path(__file__).parent.parent / "build"


async def ours(journal: TinyJournal, entries: list[AnyEntry]) -> float:
    last = journal.last
    started = time.perf_counter()
    for entry in entries:
        last = await journal.append(last, [entry])
    return time.perf_counter() - started


def theirs(database: sqlite3.Connection, entries: list[AnyEntry]) -> float:
    started = time.perf_counter()
    for entry in entries:
        with database:
            database.execute("INSERT INTO journal (entry) VALUES (?)", (encode(entry),))
    return time.perf_counter() - started


def prepared(place: Path, size: int) -> tuple[TinyJournal, sqlite3.Connection]:
    """Both with `size` entries, opened and replayed as at a start, all of it synced."""
    place.mkdir()
    install(place, map(encode, life(size)))
    database = sqlite3.connect(place / "reference.sqlite")
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE journal (number INTEGER PRIMARY KEY, entry BLOB NOT NULL)")
    with database:
        database.executemany("INSERT INTO journal (entry) VALUES (?)", ((encode(entry),) for entry in life(size)))
    database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    journal = TinyJournal(JournalDB(place))
    assert sum(1 for _ in journal.replay()) == size
    return journal, database


async def measure(place: Path, appends: int) -> dict[str, dict[str, float]]:
    """Take turns through all the sizes, so that they meet the same moods of the disk."""
    open_ones = {size: prepared(place / str(size), size) for size in SIZES}
    pairs: dict[int, list[tuple[float, float]]] = {size: [] for size in SIZES}
    entries = list(life(TURN))
    os.sync()
    for turn in range(-2, appends // TURN):
        for size, (journal, database) in open_ones.items():
            if turn % 2:
                pair = (await ours(journal, entries), theirs(database, entries))
            else:
                reference = theirs(database, entries)
                pair = (await ours(journal, entries), reference)
            if turn >= 0:  # the first two warm up
                pairs[size].append(pair)
    for size, (journal, database) in open_ones.items():
        assert journal.last == size + TURN * (appends // TURN + 2)
        journal.close()
        database.close()
    return {str(size): _figures(some) for size, some in pairs.items()}


def _figures(pairs: list[tuple[float, float]]) -> dict[str, float]:
    mine, reference = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return {
        "ratio": round(median(a / b for a, b in pairs), 3),
        "append_us": round(median(mine) / TURN * 1e6, 1),
        "sqlite_us": round(median(reference) / TURN * 1e6, 1),
        "ratio_of_sums": round(sum(mine) / sum(reference), 3),
    }


def file_system(path: Path) -> str:
    """The type of the file system that holds `path`, from the longest mount point above it."""
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    return max((m for m in mounts if path.resolve().is_relative_to(m[0])), key=lambda m: len(m[0]))[1]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--appends", type=int, default=2000, help="of each kind, at each size")
    appends = arguments.parse_args().appends
    PLACE.mkdir(exist_ok=True)
    disk = file_system(PLACE)
    if disk in ("tmpfs", "ramfs"):
        print(f"{PLACE} is on {disk}: a sync costs nothing there. Run from a real disk.")
        return 1
    with tempfile.TemporaryDirectory(dir=PLACE) as place:
        sizes = asyncio.run(measure(Path(place), appends))
    for size, figures in sizes.items():
        print(f"{int(size):>9,} entries: {figures}")
    worst = max(figures["ratio"] for figures in sizes.values())
    growth = round(sizes[str(SIZES[-1])]["append_us"] / sizes[str(SIZES[0])]["append_us"], 2)
    report = {"bench": "journal_append", "ratio": worst, "bar": BAR, "holds": worst <= BAR, "disk": disk}
    print(json.dumps({**report, "cost_at_most_entries_to_fewest": growth, "sizes": sizes}))
    return 0 if worst <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
