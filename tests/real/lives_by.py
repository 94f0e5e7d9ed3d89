"""The daemon's own program by a clock that a file sets: `python -m tests.real.lives_by CLOCK run config.yaml`.

The file holds how far ahead of the real time it is, in seconds.  What the daemon takes for the time since the start of
the machine is ahead as far: to it the machine was suspended (F62 has tests of its own).  Its time-outs are real.
"""

from __future__ import annotations

import mmap
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import daemon.wiring.life
import daemon.wiring.parts
from daemon.__main__ import main
from daemon.adapters.clock import SystemClock, seconds_since_boot
from tests.real.short_times import shorten

_AHEAD = struct.Struct("d")


class Clock:
    """The file, for both sides."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(_AHEAD.pack(0.0))
        with path.open("r+b") as file:
            self._ahead = mmap.mmap(file.fileno(), _AHEAD.size)

    @property
    def ahead(self) -> float:
        """Seconds."""
        return float(_AHEAD.unpack(self._ahead[:])[0])

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def set(self, moment: datetime) -> None:
        """Let it be this moment, which is not in the past."""
        left = (moment - self.now()).total_seconds()
        assert left > 0, f"it is {self.now()}, later than {moment}"
        self._ahead[:] = _AHEAD.pack(self.ahead + left)


def _live_by(clock: Clock) -> None:
    daemon.wiring.parts.SystemClock = lambda: SystemClock(slice_seconds=0.05, read=clock.now)  # type: ignore[assignment,misc]  # the same class, by another clock
    daemon.wiring.life.seconds_since_boot = lambda: seconds_since_boot() + clock.ahead
    # A mailbox that was down for a night is down for a second here.
    shorten({"daemon.loops.listen._FIRST_PAUSE": 0.1, "daemon.loops.listen._LONGEST_PAUSE": 0.5})


if __name__ == "__main__":
    _live_by(Clock(Path(sys.argv.pop(1))))
    main()
