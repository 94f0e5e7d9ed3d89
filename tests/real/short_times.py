"""Shorter times for a daemon in a process of its own, so that a test need not wait for minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from importlib import import_module


def shorten(times: Mapping[str, float]) -> None:
    """Set constants of the daemon, by their full names, to so many seconds.

    Raises:
        AttributeError: there is none of that name, or not any more; the test would wait for the long one.
    """
    for name, seconds in times.items():
        module, _, constant = name.rpartition(".")
        room = import_module(module)
        is_delta = isinstance(getattr(room, constant), timedelta)
        setattr(room, constant, timedelta(seconds=seconds) if is_delta else seconds)


def shortened(times: Mapping[str, float]) -> str:
    """The same, as a line of a program."""
    return f"from tests.real.short_times import shorten; shorten({dict(times)!r})"
