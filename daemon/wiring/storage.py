"""A creditor's state, held or looked at.  Here the storage is chosen: there is one, a directory with TinyDB in it."""

from __future__ import annotations

from contextlib import AbstractContextManager

from daemon.adapters.state_dir import StateDir
from daemon.ports import State, StateView


def hold(place: str) -> AbstractContextManager[State]:
    """The state at `state:`, held by this process alone; made at the very first start.

    Raises:
        StateFault: another process holds it (F61), or it cannot be trusted (F59); the text says how to go on.
        DiskTrouble: no room to begin, or read-only (F60); try again.
    """
    return StateDir.open(place)


def look_at(place: str) -> AbstractContextManager[StateView]:
    """The state at `state:` as it is now, also while a daemon holds it; one that is not there yet is empty.

    Raises:
        StateFault: it cannot be trusted.
    """
    return StateDir.read_only(place)
