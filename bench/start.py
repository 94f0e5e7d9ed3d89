"""From the start of `sollecito run` with 1,000 invoices to READY=1, beside a process that only imports its packages.

    python -m bench.start

The first start makes the state; the next ones replay the journal that it left.  There is no bar: the figure is stated.
The last line is one JSON object.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.running import INVOICES, given_config, imported, only_importing, running, settled
from tests.real.servers import MailHouse

ROUNDS = 5


def main() -> int:
    again: list[float] = []
    imports: list[float] = []
    with MailHouse() as house, tempfile.TemporaryDirectory() as name:
        config = given_config(Path(name), house)
        with running(config) as daemon:
            first = daemon.seconds_to_ready
            settled(daemon.pid)  # it has planned, so that the next start has something to replay
        for _ in range(ROUNDS):
            with running(config) as daemon:
                again.append(daemon.seconds_to_ready)
            with only_importing(imported(config)) as (_, seconds):
                imports.append(seconds)
    ratio = median(a / b for a, b in zip(again, imports, strict=True))
    print(f"{daemon.status}, {ROUNDS} rounds, medians:")
    print(f"  the very first start       {first:6.2f} s")
    print(f"  start to ready             {median(again):6.2f} s   ratio {ratio:.2f} (no bar)")
    print(f"  the same modules imported  {median(imports):6.2f} s")
    result = {
        "bench": "start",
        "ratio": round(ratio, 3),
        "bar": None,
        "holds": True,
        "seconds": round(median(again), 3),
        "first_seconds": round(first, 3),
        "reference_seconds": round(median(imports), 3),
        "invoices": INVOICES,
    }
    print(json.dumps(result))
    return 0


if __name__ == "__main__":
    sys.exit(main())
