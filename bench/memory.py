"""Resident memory of the daemon at rest with 1,000 invoices, against a process that only imports the same packages.

The bar is for a process that has imported every package that the daemon had, `daemon` among them, and does nothing:
what is above it is what the invoices, the log-ins and the waiting cost.  Without `daemon` the reference is some 6 MiB
smaller; that ratio is stated too.

    python -m bench.memory

`sollecito run` on a fresh state against a real Postfix and Dovecot, measured when it is ready, has planned, has read
the mailbox, and its size no longer changes.  The last line is one JSON object.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from bench.running import INVOICES, given_config, imported, only_importing, running, settled
from tests.real.servers import MailHouse

BAR = 1.25
ROUNDS = 2


def main() -> int:
    mine: list[int] = []
    theirs: list[int] = []
    others: list[int] = []  # the same without our own modules
    with MailHouse() as house:
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory() as name:
                config = given_config(Path(name), house)
                with running(config) as daemon:
                    mine.append(settled(daemon.pid))
                    status = daemon.status
                packages = imported(config, ours=True)
                modules = len(json.loads(packages.read_text()))
                with only_importing(packages) as (pid, _):
                    theirs.append(settled(pid, quiet=1.0))
                with only_importing(imported(config)) as (pid, _):
                    others.append(settled(pid, quiet=1.0))
    ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
    without_ours = median(a / b for a, b in zip(mine, others, strict=True))
    print(f"{status}, {ROUNDS} rounds, medians of resident memory:")
    print(f"  sollecito run, at rest         {median(mine) / 1024:6.1f} MiB   ratio {ratio:.2f} (bar {BAR})")
    print(f"  its {modules} modules, imported    {median(theirs) / 1024:6.1f} MiB")
    print(f"  the same without our own       {median(others) / 1024:6.1f} MiB   ratio {without_ours:.2f} (no bar)")
    result = {
        "bench": "memory",
        "ratio": round(ratio, 3),
        "bar": BAR,
        "holds": ratio <= BAR,
        "mebibytes": round(median(mine) / 1024, 1),
        "reference_mebibytes": round(median(theirs) / 1024, 1),
        "ratio_without_our_own_modules": round(without_ours, 3),
        "invoices": INVOICES,
        "modules": modules,
    }
    print(json.dumps(result))
    return 0 if ratio <= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
