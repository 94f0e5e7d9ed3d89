"""Runs every benchmark of this folder, one after another, and puts their last lines into one table.

    python -m bench            all of them
    python -m bench journal    those named

A benchmark is a module here that can be run; its last line is one JSON object: {"bench", "ratio", "bar", "holds", ...}.
`holds` null: the figure is stated, there is no bar.  Exit 1 when one does not hold, fails, or says nothing.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LONGEST_SECONDS = 600
KNOWN = ("bench", "ratio", "bar", "holds")


def benchmarks(folder: Path) -> list[str]:
    """The modules that do something when they are run; the others are what these share."""
    return sorted(path.stem for path in folder.glob("*.py") if path.stem != "__main__" and _runs(path))


def _runs(path: Path) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(isinstance(node, ast.If) and "__name__" in ast.unparse(node.test) for node in tree.body)


def run(name: str, folder: Path) -> list[dict[str, Any]]:
    """Run one benchmark; its figures, or one row that says why there are none.

    Every JSON object with a "bench" that it printed counts: one run may have measured several things.
    """
    command = [sys.executable, "-m", f"{folder.name}.{name}"]
    try:
        done = subprocess.run(command, cwd=folder.parent, stdout=subprocess.PIPE, text=True, timeout=LONGEST_SECONDS)
    except subprocess.TimeoutExpired:
        return [{"bench": name, "holds": False, "fault": f"not finished after {LONGEST_SECONDS} s"}]
    figures = [found for line in done.stdout.splitlines() if (found := _figure(line)) is not None]
    if done.returncode not in (0, 1) or not figures:  # 1 may say only that a bar does not hold
        figures.append({"bench": name, "holds": False, "fault": f"exit {done.returncode}, {len(figures)} figures"})
    return figures


def _figure(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and "bench" in found else None


def table(figures: list[dict[str, Any]]) -> str:
    rows = [("bench", "ratio", "bar", "holds", "measured")]
    for figure in figures:
        holds = {True: "yes", False: "NO", None: "stated"}[figure.get("holds")]
        rest = "  ".join(f"{key}={_short(value)}" for key, value in figure.items() if key not in KNOWN)
        rows.append((str(figure["bench"]), _short(figure.get("ratio")), _short(figure.get("bar")), holds, rest))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True)).rstrip() for row in rows
    )


def _short(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def main(arguments: list[str], folder: Path = HERE) -> int:
    figures: list[dict[str, Any]] = []
    for name in arguments or benchmarks(folder):
        started = time.perf_counter()
        print(f"bench: {name} ...", file=sys.stderr, flush=True)
        figures += run(name, folder)
        print(f"bench: {name} took {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(table(figures))
    failed = [str(figure["bench"]) for figure in figures if figure.get("holds") is False]
    print(json.dumps({"benches": len(figures), "do_not_hold": failed}))
    return 1 if failed or not figures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
