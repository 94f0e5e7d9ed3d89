"""The tokens of a creditor in the state directory: mode 0600, replaced whole and durably, one writer at a time (F66).

oauth.json    what was allowed, by program and provider
oauth.lock    held while one process or thread looks, asks for new tokens, and keeps them

The state's own lock is not used: the daemon holds it for weeks, and `sollecito login` has to write meanwhile.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import msgspec

from daemon.adapters.disk import asking, read_private, sync_directory, write_private
from daemon.adapters.oauth_faults import AGAIN, LoginFault
from daemon.adapters.oauth_grant import Grant

FILE, LOCK = "oauth.json", "oauth.lock"
_PATIENCE = 90.0  # seconds for the lock: whoever holds it waits 30 for the provider
_LOOK_AGAIN = 0.02


class _Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    access_token: str
    refresh_token: str
    expires_at: float
    obtained_at: float
    scope: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    logins: dict[str, _Kept]  # `OAuth.name` -> tokens


class TokenStore:
    """The file, and the lock beside it."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.path = directory / FILE

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only one, among threads as among processes: each descriptor has a lock of its own (flock(2)).

        Raises:
            LoginFault: there is no directory, it is not ours, or somebody holds the lock for too long.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(self._directory / LOCK, flags, 0o600)
        except FileNotFoundError:
            raise LoginFault(f"nobody has logged in yet: {AGAIN}", ours=True) from None
        except OSError as wrong:
            raise LoginFault(f"{self._directory / LOCK}: {wrong.strerror}", ours=True) from None
        try:
            until = time.monotonic() + _PATIENCE
            while not _locked(fd):
                if time.monotonic() > until:
                    raise LoginFault(f"{self._directory / LOCK} is held by another process")
                time.sleep(_LOOK_AGAIN)
            yield
        finally:
            os.close(fd)

    def load(self, name: str) -> Grant | None:
        """What was kept under a name; None: nobody has logged in.

        Raises:
            LoginFault: the file cannot be read, is open to others, or is not what `save` wrote.
        """
        kept = self._read().get(name)
        return None if kept is None else Grant(**msgspec.structs.asdict(kept))

    def save(self, name: str, grant: Grant) -> None:
        """Keep it, durable on return.  `DiskTrouble` without room: the old file stands."""
        kept = _Kept(
            access_token=grant.access_token,
            refresh_token=grant.refresh_token,
            expires_at=grant.expires_at,
            obtained_at=grant.obtained_at,
            scope=grant.scope,
        )
        self._write({**self._read(), name: kept})

    def forget(self, name: str) -> None:
        """Remove what is kept under a name."""
        self._write({other: kept for other, kept in self._read().items() if other != name})

    def _read(self) -> Mapping[str, _Kept]:
        try:
            content, mode = read_private(self.path)
            if mode & 0o077:
                raise LoginFault(f"{self.path}: others may read it. Run: chmod 600 {self.path}", ours=True)
            return msgspec.json.decode(content, type=_File).logins
        except FileNotFoundError:
            return {}
        except OSError as wrong:
            raise LoginFault(f"{self.path}: {wrong.strerror}", ours=True) from None
        except (ValueError, msgspec.MsgspecError):  # without its words: they may quote the file
            raise LoginFault(f"{self.path} is garbled: remove it and {AGAIN}", ours=True) from None

    def _write(self, logins: Mapping[str, _Kept]) -> None:
        with asking(str(self.path)):
            new = self.path.with_name(FILE + ".new")
            write_private(new, msgspec.json.format(msgspec.json.encode(_File(logins=dict(logins)))) + b"\n")
            new.rename(self.path)
            sync_directory(self._directory)


def _locked(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
