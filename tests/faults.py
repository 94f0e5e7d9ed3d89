"""The faults that can befall the daemon, and what must happen then: `faults.toml`, read."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple


class Fault(NamedTuple):
    number: int  # F1, F2, ...
    what: str
    must: str  # what must happen


_ROWS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["fault"]
FAULTS = tuple(Fault(**row) for row in _ROWS)
