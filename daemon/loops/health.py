"""How the daemon fares: what the loops tell each other, the owner and the watchdog about themselves and the world."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from daemon.ports import Problem


@dataclass(slots=True)
class Health:
    """One creditor's.  Each loop writes what it knows; a fault is None again when it is over."""

    read_to_end_at: datetime | None = None  # mailbox
    mailbox_fault: str | None = None
    reader_died: datetime | None = None  # when the mailbox's thread was replaced the last time
    relay_fault: str | None = None
    config_problems: tuple[Problem, ...] = ()
    disk_fault: str | None = None
    followed_fault: str | None = None  # an invoice that the owner said go to, and why it is not written down
    bank_faults: dict[str, str] = field(default_factory=dict)  # by path: why it could not be read
    beats: dict[str, float] = field(default_factory=dict)  # loop name -> monotonic time of its last sign of life
