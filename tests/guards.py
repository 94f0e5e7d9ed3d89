"""What keeps each fault from doing harm, and how it is taken out: `guards.toml`, read.

`scripts/guards.py` takes each out in a copy of the tree; the tests that are named must then fail.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class Guard(NamedTuple):
    fault: int  # its number in `docs/faults.md`
    what: str  # is taken out
    file: str  # from the root of the tree
    text: str  # stands in the file once
    instead: str
    tests: tuple[str, ...]  # node ids below tests/; each must fail


def guards() -> tuple[Guard, ...]:
    rows = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["guard"]
    return tuple(Guard(**{**row, "tests": tuple(row["tests"])}) for row in rows)
