"""Look for a mail on which the reader raises, or takes longer than its size explains: coverage-guided, by atheris.

    python scripts/fuzz_reading.py [--seconds N] [DIR ...]

The seeds are the mails of the DIRs (`tests/mails` without one), and atheris mutates them by what each mutation reaches
in the reader.  Needs `pip install 'sollecito[fuzz]'`; `make fuzz` sees to it.  A finding ends the run with exit code 1
and leaves the bytes in `crash-*`.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a file it finds its own folder only

import atheris

with atheris.instrument_imports(include=["daemon.mail"]):
    from daemon.domain.books.directory import Directory
    from daemon.mail.read import Reader, as_json

from bench.reading import packs

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 64 * 1024  # bytes of one mutation
#: What a byte may cost, with a start of its own: a thousand times what honest mails take, far below anything quadratic.
SLOWEST_PER_BYTE, SLOWEST = 50e-6, 2.0
READER = Reader(packs())
BOOK = Directory(numbers={"2026-041": ("acme",)}, addresses={"anna@acme.example": ("acme",)}, names={"acme": "Acme"})


def read_one(raw: bytes) -> None:
    """One mutation: it must be read, shown as JSON, and cost no more than its size."""
    started = time.process_time()
    reading = READER.read_or_raise(raw, BOOK, date(2026, 11, 11))
    as_json(reading, "x")
    spent = time.process_time() - started
    if spent > SLOWEST + SLOWEST_PER_BYTE * len(raw):
        raise AssertionError(f"{spent:.1f} s for {len(raw)} bytes")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[ROOT / "tests" / "mails"])
    parser.add_argument("--seconds", type=int, default=120, help="how long (default: %(default)s)")
    told = parser.parse_args(arguments)
    seeds = Path(tempfile.mkdtemp(prefix="sollecito-fuzz-"))
    files = [path for folder in told.folders for path in sorted(folder.rglob("*.eml"))]
    for number, path in enumerate(files):
        shutil.copyfile(path, seeds / f"{number:05}")
    print(f"{len(files)} seeds, {told.seconds} s", flush=True)
    options = [
        f"-max_total_time={told.seconds}",
        f"-max_len={LONGEST}",
        "-timeout=30",
        "-rss_limit_mb=2048",
        "-verbosity=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(seeds)], read_one)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(seeds, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
