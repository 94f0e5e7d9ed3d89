"""`backup` and `restore`: what they say, and to whom."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from daemon import __version__
from daemon.adapters.clock import SystemClock
from daemon.adapters.oauth_store import FILE as LOGINS
from daemon.adapters.state_backup import NoBackup as NoBackup
from daemon.adapters.state_backup import make_backup
from daemon.adapters.state_restore import NotRestored as NotRestored
from daemon.adapters.state_restore import restore_backup
from daemon.domain.journal.restore_entries import StateRestored
from daemon.domain.reports.status import stamp
from daemon.ports import Settings


def backup(settings: Settings, out: Path | None, progress: Callable[[str], None], *, logins: bool) -> dict[str, Any]:
    """Save the state; what was written, as a document."""
    at = SystemClock().now()
    path = (out or Path(f"sollecito-{at:%Y%m%dT%H%M%SZ}.tar.gz")).absolute()
    manifest = make_backup(Path(settings.state), path, at, __version__, progress, logins=logins)
    return {
        "file": str(path),
        "size": path.stat().st_size,
        "made_at": stamp(manifest.made_at),
        "entries": manifest.entries,
        "files": len(manifest.files),
        "logins": LOGINS in manifest.files,
    }


def restore(
    settings: Settings, file: Path, into: Path | None, progress: Callable[[str], None], *, replace: bool
) -> dict[str, Any]:
    """Read a backup back; what was done, as a document."""
    at = SystemClock().now()
    state = into or Path(settings.state)
    today = at.astimezone(settings.ledger.creditor.timezone).date()
    mark = StateRestored(at=at, on=today, backup_at=at, entries=0)
    manifest, aside = restore_backup(file, state.absolute(), mark, progress, replace=replace)
    return {
        "state": str(state),
        "made_at": stamp(manifest.made_at),
        "entries": manifest.entries,
        "files": len(manifest.files),
        "replaced": str(aside) if aside else None,
    }
