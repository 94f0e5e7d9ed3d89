"""What a relay answered to one letter for one recipient, and whose fault it is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Accepted:
    reply: str  # text of the 250


@dataclass(frozen=True, slots=True)
class Deferred:
    reason: str
    code: int = 0
    ours: bool = False  # the session failed, not the recipient: login, certificate, no line


@dataclass(frozen=True, slots=True)
class Stale:
    """DATA was not begun: the mailbox was read too long ago (promise 2).  Nothing was offered."""


class Fault(StrEnum):
    OURS = "ours"
    ADDRESS = "address"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Refused:
    fault: Fault
    reason: str
    code: int = 0


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Offered, and the answer is unknown."""

    reason: str


Submission = Accepted | Deferred | Stale | Refused | InDoubt
