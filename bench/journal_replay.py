"""Typed replay of 1,000,000 entries against `json.loads` of the same lines.

    python -m bench.journal_replay [--entries N]

Ours opens the journal, reads the file, verifies every checksum and decodes every line to its entry.  The reference
gets the JSON of the same lines ready in memory, one `bytes` each, and only parses.  Neither keeps what it made.  The
garbage collector runs in both as Python starts it; a pair without it is stated beside.  The last line is one JSON
object.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.journal_life import life
from daemon.adapters.journal_install import JOURNAL, install
from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import encode

BAR = 4.0
ROUNDS = 3
PLACE = Path(__file__).parent.parent / "build"


def ours(place: Path) -> float:
    started = time.perf_counter()
    journal = TinyJournal(JournalDB(place, read_only=True))
    deque(journal.replay(), maxlen=0)  # it counts for itself, and refuses to end on another count than the head's
    seconds = time.perf_counter() - started
    journal.close()
    return seconds


def theirs(lines: list[bytes]) -> float:
    started = time.perf_counter()
    for line in lines:
        json.loads(line)
    return time.perf_counter() - started


@contextmanager
def collector(on: bool) -> Iterator[None]:
    was = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        yield
    finally:
        (gc.enable if was else gc.disable)()


def measure(place: Path, lines: list[bytes], rounds: int) -> dict[str, float | bool]:
    pairs = [(ours(place), theirs(lines)) for _ in range(rounds)]
    return {
        "ratio": round(median(mine / reference for mine, reference in pairs), 3),
        "replay_s": round(median(mine for mine, _ in pairs), 2),
        "json_loads_s": round(median(reference for _, reference in pairs), 2),
        "collector_on": gc.isenabled(),
    }


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=1_000_000)
    count = arguments.parse_args().entries
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=PLACE) as name:
        place = Path(name)
        install(place, map(encode, life(count)))
        with (place / JOURNAL).open("rb") as file:
            lines = [line[9:-1] for line in file][1:]
        size = (place / JOURNAL).stat().st_size
        assert len(lines) == count
        figures = measure(place, lines, ROUNDS)
        with collector(on=False):
            beside = measure(place, lines, 1)
    print(f"{count:,} entries, {size / count:.0f} bytes each: {figures}, without the collector: {beside}")
    holds = figures["ratio"] <= BAR
    report = {"bench": "journal_replay", "bar": BAR, "holds": holds, **figures, "entries": count, "without": beside}
    print(json.dumps(report))
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
