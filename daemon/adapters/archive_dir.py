"""Texts and mails beside the journal: `archive/XX/NAME~WHOSE`.

XX are two digits of the name's hash, so that no directory grows large; WHOSE is a hash of the client, so that one
client can be forgotten.  A name may be kept for several clients; each has a file of its own.  What may still turn out
not to be worth keeping lies in `archive/ahead/NAME~SUM~WHOSE`.
"""

from __future__ import annotations

import os
import re
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from daemon.adapters.disk import asking, read_at, sync, sync_directory, sync_file_system, write_at
from daemon.ports import Kept

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,179}")
_NEW = ".new"  # ends a file that is being written
_AHEAD = "ahead"  # the directory of what is put ahead
_FEW = 4  # texts up to which each is synced by itself: others' unwritten data is not waited for
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class ArchiveDir:
    """`daemon.ports.Archive` in a directory of its own, mode 0700; it is made when the first text is kept.

    Every name is opened relative to its directory and no symbolic link is followed: who can write a link here must
    not choose what we read or remove.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._made: set[str] = set()  # shelves known to be on the disk
        self._turn = threading.Lock()  # texts are kept in another thread while a client may be forgotten in this one

    def keep(self, client: str | None, name: str, content: bytes) -> None:
        """`keep_all` of one text."""
        self.keep_all([Kept(client, name, content)])

    def keep_all(self, texts: Sequence[Kept]) -> None:
        """Keep them all, durable on return; an old name of the same client changes nothing.

        Many at once cost far less than one by one: they share one commit of the file system for their octets and one
        for their names.  A text has its name only when its octets are durable, so that no crash leaves a torn one.
        May be called in any thread; after `DiskTrouble` some may be kept, and the call may be repeated.

        Raises:
            ValueError: a name is not letters, digits, dots, dashes and underscores.
            DiskTrouble: no room.
            LostDisk: a sync failed.
        """
        with self._turn, asking(str(self._path)):
            self._make({_shelf_of(text.name) for text in texts} - self._made)
            if texts:
                _keep(self._path, texts)
            for name in {*self.ahead()}.intersection(text.name for text in texts):
                self.drop_ahead(name)

    def find(self, name: str) -> bytes | None:
        """What was kept under a name, for whomever; None: nothing.  `ValueError` as in `keep`."""
        with suppress(FileNotFoundError, NotADirectoryError), self._shelf(_shelf_of(name)) as shelf:
            for file in sorted(os.listdir(shelf)):
                if file.startswith(f"{name}~") and _is_file(shelf, file):
                    return _read(shelf, file)
        return None

    def put_ahead(self, text: Kept) -> None:
        """Put a text where it outlives this process, before it is known to be worth keeping; a later one replaces it.

        Nothing is synced, and the lock is not waited for: this costs a letter next to nothing.  A power cut may leave a
        half of it, which its sum tells from a whole.

        Raises:
            DiskTrouble: no room.
        """
        with asking(str(self._path)):
            for path in (self._path, self._path / _AHEAD):
                path.mkdir(mode=0o700, exist_ok=True)
            self.drop_ahead(text.name)
            with self._shelf(_AHEAD) as shelf:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                file = f"{text.name}~{_sum(text.content)}~{_whose(text.client)}"
                with os.fdopen(os.open(file, flags, 0o600, dir_fd=shelf), "wb") as into:
                    into.write(text.content)

    def ahead(self) -> Sequence[str]:
        """The names of what was put ahead."""
        return [file.partition("~")[0] for file in self._files_ahead()]

    def find_ahead(self, name: str) -> bytes | None:
        """What was put ahead under a name; None: nothing, or a power cut has left no whole."""
        for file in self._files_ahead(name):
            with suppress(FileNotFoundError), self._shelf(_AHEAD) as shelf:  # it may be kept in this moment
                content = _read(shelf, file)
                if file.split("~")[1] == _sum(content):
                    return content
        return None

    def drop_ahead(self, name: str) -> None:
        """Remove what was put ahead under a name, if anything was.  `DiskTrouble`: the disk is read-only."""
        for file in self._files_ahead(name):
            with asking(str(self._path)), self._shelf(_AHEAD) as shelf, suppress(FileNotFoundError):
                os.unlink(file, dir_fd=shelf)

    def _files_ahead(self, name: str = "") -> Sequence[str]:
        with suppress(FileNotFoundError, NotADirectoryError), self._shelf(_AHEAD) as shelf:
            return sorted(file for file in os.listdir(shelf) if not name or file.startswith(f"{name}~"))
        return ()

    def forget(self, client: str) -> int:
        """Remove everything that was kept for a client, durably; how many files."""
        end = f"~{_whose(client)}"
        return self._remove(lambda shelf, file: file.removesuffix(_NEW).endswith(end))

    def expire(self, before: datetime) -> int:
        """Remove what was kept before a moment (`keep:` of the config); how many files."""
        moment = before.timestamp()
        return self._remove(lambda shelf, file: os.stat(file, dir_fd=shelf, follow_symlinks=False).st_mtime < moment)

    def _remove(self, wanted: Callable[[int, str], bool]) -> int:
        removed = 0
        with self._turn, asking(str(self._path)), suppress(FileNotFoundError):
            for name in (entry.name for entry in os.scandir(self._path) if entry.is_dir(follow_symlinks=False)):
                with self._shelf(name) as shelf:
                    old = [file for file in os.listdir(shelf) if wanted(shelf, file)]
                    for file in old:
                        os.unlink(file, dir_fd=shelf)
                    if old:
                        os.fsync(shelf)
                    removed += sum(1 for file in old if not file.startswith("."))
        return removed

    def _make(self, shelves: set[str]) -> None:
        """Make directories that may be missing, durably."""
        if shelves:
            self._path.mkdir(mode=0o700, exist_ok=True)
            for name in shelves:
                (self._path / name).mkdir(mode=0o700, exist_ok=True)
            sync_directory(self._path.parent)
            sync_directory(self._path)
            self._made |= shelves

    @contextmanager
    def _shelf(self, name: str) -> Iterator[int]:
        """A descriptor of one directory of the archive."""
        archive = os.open(self._path, _DIRECTORY)
        try:
            shelf = os.open(name, _DIRECTORY, dir_fd=archive)
        finally:
            os.close(archive)
        try:
            yield shelf
        finally:
            os.close(shelf)


def _shelf_of(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name for a kept text: letters, digits, dots, - and _")
    return sha256(name.encode()).hexdigest()[:2]


def _sum(content: bytes) -> str:
    return sha256(content).hexdigest()[:16]


def _whose(client: str | None) -> str:
    return "-" if client is None else sha256(client.encode()).hexdigest()[:16]


def _is_file(shelf: int, file: str) -> bool:
    try:
        return stat.S_ISREG(os.stat(file, dir_fd=shelf, follow_symlinks=False).st_mode)
    except FileNotFoundError:
        return False


def _read(shelf: int, file: str) -> bytes:
    fd = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=shelf)
    try:
        return read_at(fd, os.fstat(fd).st_size, 0)
    finally:
        os.close(fd)


def _keep(path: Path, texts: Sequence[Kept]) -> None:
    """Write all, sync, name all, sync the names: so the file system commits twice and not for each."""
    few = len(texts) <= _FEW
    with ExitStack() as opened:
        archive = os.open(path, _DIRECTORY)
        opened.callback(os.close, archive)
        shelves: dict[str, int] = {}
        begun: dict[tuple[int, str], None] = {}  # directory, name
        try:
            for client, name, content in texts:
                if (shelf := _shelf_of(name)) not in shelves:
                    shelves[shelf] = os.open(shelf, _DIRECTORY, dir_fd=archive)
                    opened.callback(os.close, shelves[shelf])
                place = (shelves[shelf], f"{name}~{_whose(client)}")
                if place not in begun and not _is_file(*place):
                    begun[place] = None
                    _write(*place, content, durably=few)
            if begun and not few:
                sync_file_system(archive, str(path))
        except OSError:
            for shelf_fd, file in begun:
                with suppress(FileNotFoundError):
                    os.unlink(_aside(file), dir_fd=shelf_fd)
            raise
        for shelf_fd, file in begun:
            os.rename(_aside(file), file, src_dir_fd=shelf_fd, dst_dir_fd=shelf_fd)
        if few:
            for shelf_fd in {shelf_fd for shelf_fd, _ in begun}:
                os.fsync(shelf_fd)
        elif begun:
            sync_file_system(archive, str(path))


def _write(shelf: int, file: str, content: bytes, *, durably: bool) -> None:
    """A file that has not its name yet."""
    fd = _create(shelf, file)
    try:
        write_at(fd, content, 0)
        if durably:
            sync(fd, file)
    finally:
        os.close(fd)


def _create(shelf: int, file: str) -> int:
    """A descriptor of a new file that has not its name yet; one that a crash left is replaced."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(_aside(file), flags, 0o600, dir_fd=shelf)
    except FileExistsError:
        os.unlink(_aside(file), dir_fd=shelf)
        return os.open(_aside(file), flags, 0o600, dir_fd=shelf)


def _aside(file: str) -> str:
    return f".{file}{_NEW}"
