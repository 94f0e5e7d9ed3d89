"""What keeps one client's letters back, and on which days something did.

Only `take_in` changes them; decisions read them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.calendar import DateRange

STOPPED = "stopped"  # the note of a hold that `stop` places
_DAY = timedelta(days=1)


def remark(hold: j.HoldPlaced) -> str:
    """What the owner wrote to a hold; the note of `stop` is not hers, nor in her language."""
    return "" if hold.note == STOPPED else hold.note


@dataclass(slots=True)
class Holds:
    """One client's holds.  To iterate gives those that are not lifted, oldest first; those past their `until` too."""

    placed: dict[str, j.HoldPlaced] = field(default_factory=dict)  # by hold_id; not lifted
    stated: dict[str, j.HoldStated] = field(default_factory=dict)  # by number: the hold that stands in the YAML
    past: list[tuple[tuple[str, ...], DateRange]] = field(default_factory=list)  # lifted: numbers, days held
    past_reasons: list[tuple[tuple[str, ...], j.Because]] = field(default_factory=list)  # lifted: numbers, why
    made: int = 0  # how many were ever placed

    def __iter__(self) -> Iterator[j.HoldPlaced]:
        return iter(self.placed.values())

    def __len__(self) -> int:
        return len(self.placed)

    def on(self, number: str, day: date) -> list[j.HoldPlaced]:
        """Those that keep an invoice's letters back on `day`."""
        return [
            hold
            for hold in self.placed.values()
            if (not hold.numbers or number in hold.numbers) and hold.on <= day and (not hold.until or day <= hold.until)
        ]

    def spells(self, number: str, today: date) -> list[DateRange]:
        """The days up to `today` on which an invoice was held; the clock of the ladder stood still on them."""
        spells = [spell for numbers, spell in self.past if not numbers or number in numbers]
        spells += [
            DateRange(hold.on, min(hold.until or today, today))
            for hold in self.placed.values()
            if (not hold.numbers or number in hold.numbers) and hold.on <= today
        ]
        stated = self.stated.get(number)
        if stated is not None and stated.on <= today and (not stated.until or stated.on <= stated.until):
            spells.append(DateRange(stated.on, min(stated.until or today, today)))
        return spells

    def copy(self) -> Holds:
        return Holds(dict(self.placed), dict(self.stated), list(self.past), list(self.past_reasons), self.made)

    def take_in(self, entry: j.HoldPlaced | j.HoldStated) -> None:
        match entry:
            case j.HoldPlaced():
                self.placed[entry.hold_id] = entry
                self.made += 1
            case j.HoldStated():
                self._take_in_stated(entry)

    def lift(self, entry: j.HoldLifted) -> j.HoldPlaced | None:
        """The hold that is lifted; None where it was lifted before."""
        hold = self.placed.pop(entry.hold_id, None)
        if hold is not None:
            last = min(hold.until, entry.on - _DAY) if hold.until else entry.on - _DAY
            if last >= hold.on:
                self.past.append((hold.numbers, DateRange(hold.on, last)))
            self.past_reasons.append((hold.numbers, hold.because))
        return hold

    def _take_in_stated(self, entry: j.HoldStated) -> None:
        """A hold in the YAML that began, moved its end, or went: the days that it lasted are kept."""
        before = self.stated.pop(entry.number, None)
        moved = before is not None and entry.held and (before.until is None or entry.on <= before.until + _DAY)
        if before is not None and not moved:
            last = min(before.until or date.max, entry.on - _DAY)
            if before.on <= last:
                self.past.append(((entry.number,), DateRange(before.on, last)))
        if entry.held:
            since = before.on if moved and before is not None else entry.on
            self.stated[entry.number] = msgspec.structs.replace(entry, on=since)
