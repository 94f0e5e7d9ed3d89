"""Run every test that makes a fault happen, and count: `make faults`.

Each row says how often the fault was made to happen and how often the promise held.  The model test counts by its
lives; its seeds are the numbers of its batches.  What pytest skips (no real mail servers here) is not counted as held.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TREE))

from tests.faults import FAULTS  # noqa: E402  the tree is on the path only now
from tests.faults_table import node_ids  # noqa: E402

STEPS = os.environ.get("SOLLECITO_MODEL_STEPS", "100000")
AT_LENGTH = {  # of the crash matrix, of the long run, of the matrix of broken lines
    "SOLLECITO_KILLED_DAYS": "1000",
    "SOLLECITO_DAYS": "200",
    "SOLLECITO_LINES": "all",
}
_LONGEST = "tests/real/test_long_run.py"  # begun first, so that nothing waits for it at the end
_IN_A_LIFE = 50  # steps of the model test
_BATCH = re.compile(r"of_any_life\[(\d+)-(\d+)\]")


def main(arguments: list[str]) -> int:
    """Run with pytest's own `arguments`, and print the table; 1 where a promise did not hold."""
    every = {test for fault in FAULTS for test in node_ids(fault)}
    nodes = sorted(every, key=lambda test: (not test.startswith(_LONGEST), test))
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        report = Path(place) / "report.xml"
        command = [
            sys.executable,
            "-m",
            "pytest",
            f"--junit-xml={report}",
            "-o",
            "junit_family=xunit1",
            *arguments,
            *nodes,
        ]
        environment = {**AT_LENGTH, **os.environ, "SOLLECITO_MODEL_STEPS": STEPS}
        code = subprocess.run(command, cwd=TREE, env=environment, check=False).returncode  # noqa: S603  our own tests
        if not report.exists():
            return code
        tried, held, seeds = counted(report)
        struck = told_of_kills(report)
    print(f"\n{'fault':>5}  {'tried':>7}  {'held':>7}  what happened")
    whole = code == 0
    for fault in FAULTS:
        tests = node_ids(fault)
        often, well = (sum(count[test] for test in tests) for count in (tried, held))
        whole = whole and often == well and (often > 0 or not tests)
        told = f"{often:>7}  {well:>7}" if often else f"{'not run' if tests else 'no test yet':>16}"
        print(f"{'F' + str(fault.number):>5}  {told}  {fault.what}")
    print(f"Seeds of the model test: 1 to {seeds}, {STEPS} steps." if seeds else "The model test was not run.")
    print(struck)
    return 0 if whole else 1


def counted(report: Path) -> tuple[Counter[str], Counter[str], int]:
    """Of a JUnit report: how often each test was tried and how often it held, by node id, and the highest seed."""
    tried: Counter[str] = Counter()
    held: Counter[str] = Counter()
    seeds = 0
    for case in ET.parse(report).iter("testcase"):  # noqa: S314  pytest has just written it
        name = case.get("name", "")
        test = f"{case.get('classname', '').replace('.', '/')}.py::{name.partition('[')[0]}"
        batch = _BATCH.search(name)
        often = int(batch[2]) // _IN_A_LIFE if batch else 1
        seeds = max(seeds, int(batch[1]) if batch else 0)
        ends = {child.tag for child in case}
        if "skipped" not in ends:
            tried[test] += often
            held[test] += 0 if ends & {"failure", "error"} else often
    return tried, held, seeds


def told_of_kills(report: Path) -> str:
    """What the crash matrix noted in a JUnit report: where processes were ended, and how doubts were settled."""
    noted: Counter[tuple[str, str]] = Counter()
    doubts = 0
    for one in ET.parse(report).iter("property"):  # noqa: S314  pytest has just written it
        name, value = one.get("name", ""), one.get("value", "")
        noted[name, value] += 1
        doubts += int(value) if name == "doubts" else 0
    struck, settled = (
        {value: count for (what, value), count in sorted(noted.items()) if what == name}
        for name in ("struck", "settled")
    )
    steps = sum(struck.pop(side, 0) for side in ("before", "after"))
    broken = struck.pop("broken", 0)
    lines = ", ".join(f"{part} {count}" for part, count in struck.items())
    ends = ", ".join(f"{how} {count}" for how, count in settled.items())
    return (
        f"Processes ended by SIGKILL at a durable step: {steps}; at a random line: {sum(struck.values())} ({lines}).\n"
        f"Ended by an I/O error: {broken}.  Letters in doubt: {doubts}; settled: {ends or 'none'}."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
