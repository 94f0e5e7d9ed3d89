"""docs/log-events.md names every event with its keys: those who watch the log by a program rely on it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_the_document_is_what_the_events_are() -> None:
    """Else: `.venv/bin/python scripts/log_events.py > docs/log-events.md`."""
    made = subprocess.run(
        [sys.executable, ROOT / "scripts" / "log_events.py"], capture_output=True, text=True, check=True
    )

    assert (ROOT / "docs" / "log-events.md").read_text(encoding="utf-8") == made.stdout
