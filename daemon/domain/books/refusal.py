"""Why something that was asked for is not done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Known(StrEnum):
    """A refusal that owners meet often: the answer to an order by mail has words for it in their language."""

    NOTHING_WAITS = "nothing-waits"
    NO_GO = "no-go"
    NOT_HELD = "not-held"
    PAID_ALREADY = "paid-already"
    NOT_CLAIMED = "not-claimed"  # `missing`, and nobody says that it was paid
    ON_ITS_WAY = "on-its-way"
    BY_PORTAL = "by-portal"


@dataclass(frozen=True, slots=True)
class Refusal:
    because: str  # for the owner; says what would be right where that is known
    known: Known | None = None
    about: str = ""  # invoices, or a client, of a known one
