"""How long it takes to read a thousand UBL invoices, against the bare parse of the same files by the same library.

    python -m bench.import [--files N]

The reference opens each file and parses it (`xml.etree`, expat).  Ours opens it, looks for what is hostile, parses, and
reads every field into a typed invoice with its lines.  The invoices have one to nine lines.  What the whole command
takes is stated beside it: judged, written as YAML, and read back by the config's reader.
The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from xml.etree import ElementTree

from bench.config_load import seconds
from daemon.adapters.import_files import read_file
from daemon.wiring.importing import Asked, take_in

BAR = 2.0
ROUNDS = 7
_SAMPLE = Path(__file__).parent.parent / "tests" / "invoices" / "ubl" / "invoice.xml"


def write_files(folder: Path, count: int) -> list[str]:
    """So many invoices, each with a number of its own and one to nine lines."""
    text = _SAMPLE.read_text(encoding="utf-8")
    head, _, rest = text.partition("  <cac:InvoiceLine>")
    line = "  <cac:InvoiceLine>" + rest.partition("</cac:InvoiceLine>\n")[0] + "</cac:InvoiceLine>\n"
    paths = []
    for n in range(count):
        path = folder / f"{n:05}.xml"
        lines = "".join(line.replace("80.00", f"{80 + n % 17}.{k}0") for k in range(n % 9 + 1))
        path.write_text(head.replace("2026-101", f"2026-{n:05}") + lines + "</Invoice>\n", encoding="utf-8")
        paths.append(str(path))
    return paths


def bare(paths: Sequence[str]) -> None:
    for path in paths:
        with open(path, "rb") as stream:
            ElementTree.fromstring(stream.read())


def ours(paths: Sequence[str]) -> None:
    for path in paths:
        assert read_file(path).invoices


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    arguments.add_argument("--files", type=int, default=1000)
    count = arguments.parse_args().files
    with tempfile.TemporaryDirectory() as name:
        paths = write_files(Path(name), count)
        octets = sum(Path(path).stat().st_size for path in paths)
        bare(paths)  # warm both up: imports, the disk's cache
        ours(paths)
        rounds = [(seconds(lambda: ours(paths)), seconds(lambda: bare(paths))) for _ in range(ROUNDS)]
        whole = seconds(lambda: take_in(Asked(paths=[name], config=None)))
    ratios = [one / other for one, other in rounds]
    ratio, mine, reference = median(ratios), median(one for one, _ in rounds), median(other for _, other in rounds)
    print(f"{count} UBL invoices, {octets / 1e6:.1f} MB, {ROUNDS} rounds, medians")
    print(f"  read every field            {mine:6.3f} s")
    print(f"  bare parse (xml.etree)      {reference:6.3f} s    ratio {ratio:.2f} (bar {BAR})")
    print(f"  judged and written as YAML  {whole:6.3f} s")
    result = {
        "bench": "import",
        "ratio": round(ratio, 3),
        "bar": BAR,
        "holds": ratio <= BAR,
        "seconds": round(mine, 4),
        "reference_seconds": round(reference, 4),
        "spread": [round(min(ratios), 3), round(max(ratios), 3)],
        "whole_seconds": round(whole, 3),
        "files": count,
        "megabytes": round(octets / 1e6, 2),
    }
    print(json.dumps(result))
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
