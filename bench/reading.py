"""How well and how fast mail is read, beside flufl.bounce 6 on the same bytes: a folder with `labels.jsonl`.

    python bench/reading.py [DIR] [--misses]

DIR defaults to `tests/mails`; the format of the labels is that of `corpora/README.md`.  Prints what was found of each
class, recall, false positives, recipients and meanings, intents where they are labelled, speed and the slowest
message; the last line is one JSON object.  Every message is in memory before anything is measured, and the readers
take turns, so that a busy machine slows them alike.
"""

from __future__ import annotations

import email
import json
import logging
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from flufl.bounce import all_failures

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file it finds its own folder only

from bench.reading_score import Score, score, score_intents
from daemon.domain.books.directory import Directory
from daemon.domain.books.reading import Reading
from daemon.mail.read import Reader

ROOT = Path(__file__).resolve().parent.parent
RECEIVED = date(2027, 12, 31)  # mails without a Date of their own, or with a later one, are reckoned from it
ROUNDS = 3


def packs() -> dict[str, dict[str, object]]:
    """The `reading:` section of every shipped language."""
    paths = sorted(ROOT.glob("templates/*/language.yaml"))
    trees = {
        p.parent.name: yaml.load(p.read_text(encoding="utf-8"), yaml.CBaseLoader) for p in paths
    }  # as the daemon does
    return {language: tree.get("reading") or {} for language, tree in trees.items() if isinstance(tree, dict)}


class Peer:
    """flufl.bounce with the parser that it needs; it raises on some mails."""

    def __init__(self) -> None:
        self.raised: set[int] = set()
        self.said: list[tuple[frozenset[str], frozenset[str]]] = []  # failed for now, failed for good

    def read_all(self, raws: list[bytes]) -> None:
        self.said = []
        for number, raw in enumerate(raws):
            try:
                passing, final = all_failures(email.message_from_bytes(raw))
            except Exception:  # counted: a daemon would have to survive it
                self.raised.add(number)
                passing, final = frozenset(), frozenset()
            self.said.append((frozenset(map(_text, passing)), frozenset(map(_text, final))))

    def score(self, labels: list[dict[str, Any]]) -> dict[str, int]:
        found = [bool(passing or final) for passing, final in self.said]
        bounces = [n for n, label in enumerate(labels) if label.get("cls") == "bounce"]
        others = [n for n, label in enumerate(labels) if label.get("cls") in Score.NEGATIVE]
        return {
            "found": sum(found[n] for n in bounces),
            "false_positives": sum(found[n] for n in others),
            "exceptions": len(self.raised),
        }


def _text(address: object) -> str:
    return (address.decode("latin-1") if isinstance(address, bytes) else str(address)).lower()


class Ours:
    """The daemon's reader, without its net: an exception is counted and shown."""

    def __init__(self) -> None:
        self.reader = Reader(packs())
        self.directory = Directory()
        self.raised: set[int] = set()
        self.readings: list[Reading | None] = []
        self.slowest = (0.0, 0)  # seconds and the number of the message

    def read_all(self, raws: list[bytes]) -> None:
        self.readings = []
        self.slowest = (0.0, 0)
        for number, raw in enumerate(raws):
            start = time.perf_counter()
            try:
                self.readings.append(self.reader.read_or_raise(raw, self.directory, RECEIVED))
            except Exception as fault:  # what the daemon must never see
                self.raised.add(number)
                self.readings.append(None)
                print("EXCEPTION", number, repr(fault))
            self.slowest = max(self.slowest, (time.perf_counter() - start, number))


def parse_all(raws: list[bytes]) -> None:
    """The standard library's parser alone: what reading could cost at least."""
    for raw in raws:
        email.message_from_bytes(raw)


def best_seconds(readers: list[Callable[[list[bytes]], None]], raws: list[bytes]) -> list[float]:
    """The best of `ROUNDS` turns of each reader, in seconds of this process's own time."""
    best = [float("inf")] * len(readers)
    for _ in range(ROUNDS):
        for number, read_all in enumerate(readers):
            start = time.process_time()
            read_all(raws)
            best[number] = min(best[number], time.process_time() - start)
    return best


def main(arguments: list[str]) -> int:
    logging.disable(logging.CRITICAL)  # flufl.bounce tells what it sees
    folders = [Path(a) for a in arguments if not a.startswith("--")]
    folder = folders[0] if folders else ROOT / "tests" / "mails"
    lines = (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    labels = [json.loads(line) for line in lines if line.strip()]
    raws = [(folder / label["path"]).read_bytes() for label in labels]
    ours, peer = Ours(), Peer()
    seconds = best_seconds([ours.read_all, peer.read_all, parse_all], raws)
    result = score(labels, ours.readings)
    theirs = peer.score(labels)
    if "--misses" in arguments:
        for miss in sorted(result.misses, key=str):
            print("MISS", *miss)
    for (label_kind, read_kind), count in sorted(result.table.items()):
        print(f"{label_kind:16} {read_kind:12} {count:5}")
    for line in score_intents(labels, ours.readings):
        print(line)
    ratio = seconds[1] / seconds[0]
    slowest_ms = round(ours.slowest[0] * 1000, 1)
    print(f"{result}; slowest {slowest_ms} ms {labels[ours.slowest[1]]['path']}")
    print(f"flufl.bounce: {theirs} of {result.bounces} bounces")
    figures = {
        "bench": "reading",
        "ratio": round(ratio, 2),
        "bar": 1.0,
        "holds": ratio >= 1.0 and not result.false and not ours.raised and result.noticed >= theirs["found"],
        "messages": len(raws),
        **result.figures(),
        "per_second": round(len(raws) / seconds[0]),
        "to_compat32": round(seconds[2] / seconds[0], 2),
        "slowest_ms": slowest_ms,
        "exceptions": len(ours.raised),
        "flufl": {**theirs, "per_second": round(len(raws) / seconds[1])},
    }
    print(json.dumps(figures))
    return 0 if figures["holds"] else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
