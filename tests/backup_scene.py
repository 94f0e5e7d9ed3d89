"""A state to be saved, and the backup of it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from daemon.adapters.oauth_server import Grant
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.state_backup import Manifest, make_backup
from daemon.adapters.state_dir import StateDir
from daemon.domain.journal.restore_entries import StateRestored
from daemon.ports import Kept
from tests.canary import MARK as SECRET
from tests.journals.entries import facts

AT = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)
MARK = StateRestored(at=AT, on=date(2026, 11, 17), backup_at=AT, entries=0)
GRANT = Grant(access_token=f"at-{SECRET}", refresh_token=f"rt-{SECRET}", expires_at=0.0, obtained_at=0.0, scope="mail")
KINDS = [".tar.gz", ".tar.zst", ".zip"]


def quiet(what: str) -> None: ...


def save(state: Path, out: Path, *, logins: bool = True) -> Manifest:
    return make_backup(state, out, AT, "0.1.0", quiet, logins=logins)


async def a_state(place: Path) -> Path:
    """A state with entries, texts, a dossier, and a log-in."""
    with StateDir.open(place) as here:
        await here.journal.append(0, facts(300))
        here.archive.keep_all([Kept("acme", f"mail-{n}.eml", b"Dear Sirs %d" % n) for n in range(20)])
    (place / "dossiers" / "acme").mkdir(parents=True)
    (place / "dossiers" / "acme" / "2026-041 è.zip").write_bytes(b"PK")
    store = TokenStore(place)
    with store.lock():
        store.save("google", GRANT)
    return place
