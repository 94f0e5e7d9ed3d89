"""Waiting: for a moment, or for something to have changed, with a sign of life while it lasts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from daemon.ports import Clock

SIGN_OF_LIFE = 10.0  # real seconds; the watchdog's patience is a multiple of it


class Bell:
    """Rings for everyone who waits for something to have changed."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def ring(self) -> None:
        for event in self._waiting:
            event.set()

    def listen(self) -> asyncio.Event:
        """An event of the caller's own, set at each ring; the caller clears it."""
        event = asyncio.Event()
        self._waiting.add(event)
        return event


async def until(clock: Clock, moment: datetime | None, event: asyncio.Event, alive: Callable[[], None]) -> None:
    """Wait for `moment` (None: for ever) or the event, whichever comes first; clear the event.

    Args:
        alive: called at once and then at least every `SIGN_OF_LIFE` seconds.
    """
    ring = asyncio.ensure_future(event.wait())
    moments = [asyncio.ensure_future(clock.sleep_until(moment))] if moment else []
    try:
        while True:
            alive()
            done, _ = await asyncio.wait([ring, *moments], timeout=SIGN_OF_LIFE, return_when=asyncio.FIRST_COMPLETED)
            if done:
                break
    finally:
        for waiting in (ring, *moments):
            waiting.cancel()
    event.clear()
