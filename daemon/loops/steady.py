"""Whether the machine's clock can be believed: it jumped a day or more, either way, and letters wait (F62).

A clock that is set wrong makes everything overdue, or nothing.  Two things show it: the time of day runs away from the
time since the machine started, which nobody sets; or it is earlier than what the journal has recorded.  One that was
ahead before we started looks like a daemon that was down: then one letter goes, as after any outage (F19).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from daemon.domain import journal as j
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.loops.pulse import Alive, unwatched
from daemon.ports import DiskTrouble

JUMP = timedelta(days=1)
_LOOK = 30.0  # seconds between two looks; the gate looks before each letter


class ClockWatch:
    """Compares the time of day with a clock that nobody sets.

    Args:
        seconds: that clock, in seconds, running on while the machine is suspended.
    """

    def __init__(self, book: Book, seconds: Callable[[], float], alive: Alive = unwatched) -> None:
        self._book = book
        self._alive = alive
        self._seconds = seconds
        self._then = book.clock.now(), seconds()
        last = book.history.last_at
        self._behind = last - book.clock.now() if last is not None else timedelta(0)  # at the start

    def is_steady(self) -> bool:
        """Whether nothing speaks against the time of day."""
        return abs(self._jumped()) < JUMP

    async def run(self) -> None:
        """For ever: look, and where it jumped hold every client's letters until the owner has looked."""
        while True:
            self._alive()
            jumped = self._jumped()
            if abs(jumped) >= JUMP:
                await self._hold_all(jumped)
            else:
                self._then = self._book.clock.now(), self._seconds()  # what is slewed little by little is no jump
            await asyncio.sleep(_LOOK)

    def _jumped(self) -> timedelta:
        """By how much it is ahead of what it should be; negative: behind."""
        if self._behind >= JUMP:
            return -self._behind
        now, seconds = self._then
        return (self._book.clock.now() - now) - timedelta(seconds=self._seconds() - seconds)

    async def _hold_all(self, jumped: timedelta) -> None:
        try:
            await self._book.record(self._holds)
        except DiskTrouble as trouble:
            events.disk_trouble(str(trouble))
            return  # nothing leaves meanwhile: it is not steady
        events.clock_jumped(jumped.total_seconds())
        self._then, self._behind = (self._book.clock.now(), self._seconds()), timedelta(0)

    def _holds(self, draft: Draft) -> Sequence[j.AnyEntry]:
        found: list[j.AnyEntry] = []
        for key in self._book.ledger.clients:
            case, today = draft.case(key), self._book.today(key)
            still_open, before = case.open_numbers, case.history.holds
            asked = [h.numbers or still_open for h in before if h.because is j.Because.CLOCK and h.on <= today]
            if set(still_open) - {number for numbers in asked for number in numbers}:
                found.append(
                    j.HoldPlaced(
                        at=draft.at,
                        client=key,
                        hold_id=case.history.next_hold_id(),
                        numbers=(),
                        because=j.Because.CLOCK,
                        on=today,
                        review_on=today,
                    )
                )
        return found
