# ruff: noqa: E501  mails and tables read better unbroken
"""How well and how fast mail is read: a folder with `labels.jsonl` (the format of `corpora/README.md`).

    python bench/reading.py DIR [--misses]

Prints recall, false positives, recipients, a table of kinds, speed and the slowest message; the last line is one JSON
object.  Reads every message into memory first: the disk is not what is measured.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daemon.domain.directory import Directory
from daemon.domain.reading import Kind, Meaning, Reading
from daemon.mail.read import Reader

RECALL_BAR = 0.937  # what the best peer reaches on sources that it was not tuned to (corpora/README.md)
GOOD = {
    "bounce": {Kind.BOUNCE},
    "delayed": {Kind.DELAYED},
    "delayed_or_soft": {Kind.BOUNCE, Kind.DELAYED},
    "dsn_delivered": {Kind.RECEIPT},
    "complaint": {Kind.COMPLAINT},
    "auto_reply": {Kind.AUTO_REPLY},
    "mdn": {Kind.RECEIPT},
    "challenge": {Kind.AUTO_REPLY},
    "newsletter": {Kind.UNRELATED, Kind.REPLY, Kind.AUTO_REPLY},
    "list_or_human": {Kind.UNRELATED, Kind.REPLY},
    "not_bounce": {Kind.UNRELATED, Kind.REPLY, Kind.AUTO_REPLY},
    "other": set(Kind),
}
NEGATIVE = ("list_or_human", "newsletter", "not_bounce")


def _packs() -> dict[str, dict[str, object]]:
    import yaml

    root = Path(__file__).resolve().parent.parent / "templates"
    packs = {}
    for path in sorted(root.glob("*/language.yaml")):
        packs[path.parent.name] = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("reading") or {}
    return packs


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0])
    labels = [
        json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    raws = [(folder / label["path"]).read_bytes() for label in labels]
    reader = Reader(_packs())
    directory = Directory()
    on = date(2026, 11, 20)
    exceptions = 0
    slowest = (0.0, "")
    readings: list[Reading | None] = []
    began = time.perf_counter()
    for label, raw in zip(labels, raws, strict=True):
        start = time.perf_counter()
        try:
            readings.append(reader.read(raw, directory, on))
        except Exception as fault:  # the benchmark counts what the daemon must never see
            exceptions += 1
            print("EXCEPTION", label["path"], repr(fault))
            readings.append(None)
        took = time.perf_counter() - start
        if took > slowest[0]:
            slowest = (took, label["path"])
    seconds = time.perf_counter() - began
    table: Counter[tuple[str, str]] = Counter()
    misses, false, dead_right, dead_all, exact, labelled = [], [], 0, 0, 0, 0
    for label, reading in zip(labels, readings, strict=True):
        kind = reading.kind if reading is not None else None
        table[(label["cls"], str(kind))] += 1
        if kind not in GOOD[label["cls"]]:
            misses.append((label["cls"], str(kind), label["path"], reading.because if reading else ""))
        if kind is Kind.BOUNCE and label["cls"] not in ("bounce", "delayed_or_soft", "other"):
            false.append(label["path"])
        if reading is None or label["cls"] not in ("bounce", "delayed_or_soft"):
            continue
        if label.get("recipients"):
            labelled += 1
            same = sorted(a.lower() for a in label["recipients"]) == sorted(r.address for r in reading.recipients)
            same = same or sorted(a.lower() for a in label["recipients"]) == sorted(
                r.original or r.address for r in reading.recipients
            )
            exact += same
            if not same:
                misses.append(
                    (
                        "recipients",
                        str(label["recipients"]),
                        label["path"],
                        tuple(r.address for r in reading.recipients),
                    )
                )
        hard = label.get("hard")
        if hard and len(set(hard)) == 1 and reading.recipients:
            dead_all += 1
            dead = any(r.meaning is Meaning.DEAD for r in reading.recipients)
            dead_right += dead == hard[0]
            if dead != hard[0]:
                first = reading.recipients[0]
                misses.append(
                    (
                        "dead",
                        f"{label['reason']} {label['status']}",
                        label["path"],
                        (str(first.meaning), first.status, first.diagnostic[:160]),
                    )
                )
    if "--misses" in arguments:
        for miss in sorted(misses, key=str):
            print("MISS", *miss)
    bounces = sum(n for (cls, _), n in table.items() if cls == "bounce")
    found = table[("bounce", "bounce")]
    for (label_kind, read_kind), count in sorted(table.items()):
        print(f"{label_kind:16} {read_kind:12} {count:5}")
    others = sum(n for (cls, _), n in table.items() if cls in NEGATIVE)
    print(
        f"bounces {found}/{bounces}; false {len(false)}; of {others} list and human mails; recipients exact {exact}/{labelled}; dead or not {dead_right}/{dead_all}"
    )
    print(f"{len(raws)} messages in {seconds:.2f} s; slowest {slowest[0] * 1000:.1f} ms {slowest[1]}")
    recall = found / bounces if bounces else 1.0
    print(json.dumps({
        "bench": "reading", "ratio": round(recall, 4), "bar": RECALL_BAR, "holds": recall >= RECALL_BAR and not false and not exceptions,
        "bounces": bounces, "found": found, "false_positives": len(false), "recipients_exact": exact, "recipients_labelled": labelled,
        "dead_right": dead_right, "dead_labelled": dead_all, "per_second": round(len(raws) / seconds), "slowest_ms": round(slowest[0] * 1000, 1),
        "exceptions": exceptions,
    }))  # fmt: skip
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
