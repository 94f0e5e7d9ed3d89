"""How the daemon may be seen from outside: what a watchman and a page of figures are told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

# What may be out of order.
FAULTS = ("mailbox", "relay", "disk", "clock", "config", "bank", "stale", "untold", "state", "followed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Watchman:
    """Somebody outside who is shown a sign of life, and tells when it stays away."""

    url: str  # lets one in: not for the log
    every: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric: a value for each tuple of its labels' values.  Never about one client."""

    name: str
    means: str
    labels: tuple[str, ...]
    values: Mapping[tuple[str, ...], float]
    grows: bool = False  # a counter; else it goes up and down
