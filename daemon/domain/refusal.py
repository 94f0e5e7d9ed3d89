"""Why something that was asked for is not done."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    because: str  # for the owner; says what would be right where that is known
