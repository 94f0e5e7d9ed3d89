"""The state directory of one creditor: journal, archive, keys, and the lock that makes one process its owner.

journal.jsonl  journal.head   what happened (`journal_storage`)
keys.json                     HMAC keys, mode 0600 (`state_keys`)
oauth.json                    tokens of the log-ins, mode 0600, with a lock of its own (`oauth_store`)
archive/                      texts and mails (`archive_dir`)
followed/                     invoices that the owner sent by hand, as YAML (`followed_file`)
lock                          the owner's pid and command
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from daemon.adapters.archive_dir import ArchiveDir
from daemon.adapters.disk import NO_ROOM
from daemon.adapters.journal_install import HEAD, JOURNAL, finish_install, install
from daemon.adapters.journal_opening import fault
from daemon.adapters.state_keys import FILE as KEYS
from daemon.adapters.state_keys import load_keys, new_key, save_keys
from daemon.adapters.state_lock import take_lock
from daemon.adapters.tinydb_journal import JournalDB, TinyJournal
from daemon.domain.journal import AnyEntry
from daemon.mail.tokens.keys import Keys
from daemon.ports import DiskTrouble, StateFault

ARCHIVE = "archive"
RESTORING, REPLACED = ".restore.new", "replaced-"  # where `state_restore` unpacks, and puts what stood there


class StateDir:
    """Everything that one creditor's daemon remembers, held by this process alone."""

    def __init__(self, path: Path, lock: int, journal: TinyJournal, keys: Keys) -> None:
        self.path = path
        self._lock = lock
        self.journal = journal
        self.keys = keys
        self.archive = ArchiveDir(path / ARCHIVE)

    @classmethod
    def open(cls, path: str | os.PathLike[str]) -> Self:
        """Take the directory; make it, and an empty journal in it, at the very first start.

        Raises:
            StateFault: another process holds it (F61), or it cannot be trusted (F59); the text says how to go on.
            DiskTrouble: no room to begin, or read-only (F60); try again.
        """
        directory = Path(path)
        try:
            directory.parent.mkdir(parents=True, exist_ok=True)
            directory.mkdir(mode=0o700, exist_ok=True)
            refuse_for_another(directory)
            lock = take_lock(directory)
        except OSError as wrong:
            raise _trouble(directory, wrong) from wrong
        try:
            return cls(directory, lock, *_enter(directory))
        except OSError as wrong:
            os.close(lock)
            raise _trouble(directory, wrong) from wrong
        except BaseException:
            os.close(lock)
            raise

    @classmethod
    def read_only(cls, path: str | os.PathLike[str]) -> StateDirView:
        """Look without the lock, also while the daemon appends.  A directory that is not there yet is empty."""
        return StateDirView(Path(path))

    def close(self) -> None:
        """Sync the journal and let the directory go."""
        try:
            self.journal.close()
        finally:
            if self._lock >= 0:
                os.close(self._lock)
                self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class StateDirView:
    """The state as it was at one moment, to look at.  Nothing in it is ever written.

    Raises:
        StateFault: as `StateDir.open`, without the lock.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.archive = ArchiveDir(path / ARCHIVE)
        self.keys = load_keys(path)
        self.journal: TinyJournal | NoJournal = NoJournal()
        if self.keys is not None or _journal_is_there(path):
            self.journal = TinyJournal(JournalDB(path, read_only=True))

    def close(self) -> None:
        self.journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


class NoJournal:
    """The journal of a directory that is not there yet: no entries, and nowhere to add one."""

    last = 0
    notices: tuple[str, ...] = ()

    def replay(self) -> Iterator[AnyEntry]:
        return iter(())

    async def append(self, after: int, entries: Sequence[AnyEntry]) -> int:
        raise TypeError("this journal was opened to look at it")

    def close(self) -> None:
        pass


def _enter(directory: Path) -> tuple[TinyJournal, Keys]:
    """Open the journal and the keys, both new where there is neither; refuse where one of them is lost."""
    if (archive := directory / ARCHIVE).is_symlink() or (archive.exists() and not archive.is_dir()):
        raise StateFault(f"{archive}: it is not a directory. Links are not followed there: use a bind mount instead")
    finish_install(directory)
    keys = load_keys(directory)
    if not _journal_is_there(directory):
        if any(name == RESTORING or name.startswith(REPLACED) for name in os.listdir(directory)):
            raise StateFault(f"{directory}: a `sollecito restore` was broken off: run it once more")
        if keys is not None or any((directory / ARCHIVE).glob("*/*")):
            raise fault(directory / JOURNAL, "it is missing, although this directory was in use")
        install(directory, ())
    journal = TinyJournal(JournalDB(directory))
    try:
        if keys is None:
            if journal.last:
                raise fault(directory / KEYS, "it is missing; without it no answer to an older letter is known")
            keys = new_key()
            save_keys(directory, keys)
    except BaseException:
        journal.close()
        raise
    return journal, keys


def _journal_is_there(directory: Path) -> bool:
    return any(os.path.lexists(directory / name) for name in (JOURNAL, HEAD))


def refuse_for_another(directory: Path) -> None:
    """Files that root makes in a service's directory lock the service out of it."""
    owner = directory.stat().st_uid
    if os.geteuid() == 0 and owner != 0:
        try:
            name = pwd.getpwuid(owner).pw_name
        except KeyError:
            name = f"#{owner}"
        raise StateFault(
            f"{directory} belongs to {name}: run this command as {name}, `runuser -u {name} -- sollecito ...`"
        )


def _trouble(directory: Path, wrong: OSError) -> DiskTrouble | StateFault:
    if wrong.errno in NO_ROOM:
        return DiskTrouble(f"{directory}: {wrong.strerror}")
    return StateFault(f"{wrong.filename or directory}: {wrong.strerror}")
