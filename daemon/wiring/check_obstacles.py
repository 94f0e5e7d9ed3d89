"""`check --online`: which of the providers' known obstacles a fault is, and what to do."""

from __future__ import annotations

from typing import Any

from daemon.adapters.obstacles import obstacle_in
from daemon.ports import Settings


def with_advice(row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The same row of `check --online`; of a fault that is known with "obstacle": {"id", "what", "do"}."""
    hosts = {"smtp": settings.smtp.host, "imap": settings.imap.host}
    where = row["what"]
    if row["ok"] or where not in hosts:
        return row
    known = obstacle_of(where, hosts[where], row["words"])
    return {**row, "obstacle": known} if known else row


def obstacle_of(where: str, host: str, words: str) -> dict[str, str] | None:
    """As JSON has it; None where these words are of no obstacle that we know."""
    known = obstacle_in(where, host, words)
    return {"id": known.id, "what": known.what, "do": known.do} if known else None
