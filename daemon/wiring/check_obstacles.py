"""`check --online`: which of the providers' known obstacles a fault is, and what to do."""

from __future__ import annotations

from typing import Any

from daemon.adapters.obstacles import obstacle_in
from daemon.ports import Settings


def with_advice(row: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """The same row of `check --online`; of a fault that is known with "obstacle": {"id", "what", "do"}."""
    where = row["what"]
    if row["ok"] or where not in ("smtp", "imap"):
        return row
    server = settings.smtp if where == "smtp" else settings.imap
    known = obstacle_in(where, server.host, row["words"], oauth=server.oauth is not None)
    return {**row, "obstacle": {"id": known.id, "what": known.what, "do": known.do}} if known else row
