"""What the disk says: no room is a value to try again, a failed sync is the end of the process."""

from __future__ import annotations

import ctypes
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from daemon.ports import DiskTrouble

#: Refused before anything was promised; the same call may succeed later (F60).
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
_C = ctypes.CDLL(None, use_errno=True)  # releases the interpreter's lock while it waits


class LostDisk(Exception):
    """A sync or a write failed for good: what is on the disk is unknown, so the process has to end (F60, F68).

    Never caught and tried again: after a failed fsync Linux forgets the dirty pages, and the next one succeeds
    without them.
    """


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn the answers to a write that was not promised yet into ours.

    Raises:
        DiskTrouble: no room or read-only; the caller leaves the old state whole.
        LostDisk: any other answer, such as EIO.
    """
    try:
        yield
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise DiskTrouble(f"{what}: {fault.strerror}") from fault
        raise LostDisk(f"{what}: {fault}") from fault


def sync(fd: int, what: str) -> None:
    """Wait until the bytes of a file, and its size, are on the disk.  `LostDisk` when they may not be."""
    try:
        os.fdatasync(fd)
    except OSError as fault:
        raise LostDisk(f"{what}: cannot sync: {fault}") from fault


def sync_file_system(fd: int, what: str) -> None:
    """Wait until everything on the file system of an open file is on the disk, names too (syncfs(2)).

    Many new files at once are durable five to ten times sooner than with a sync of each, for the journal of the file
    system is written once.  Since Linux 5.8 it also tells of pages that could not be written; `LostDisk` then.
    """
    # Python has os.sync, which waits for every disk of the machine and tells nothing.
    if _C.syncfs(fd) != 0:
        fault = OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        raise LostDisk(f"{what}: cannot sync: {fault}") from fault


def sync_directory(path: Path) -> None:
    """Wait until the names in a directory are on the disk (fsync(2): a new file's entry needs its own sync)."""
    fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    except OSError as fault:
        raise LostDisk(f"{path}: cannot sync: {fault}") from fault
    finally:
        os.close(fd)


@contextmanager
def whole(path: Path, name: Callable[[str, Path], None] = os.replace) -> Iterator[BinaryIO]:
    """A file that is there as a whole or not at all: written beside, mode 0600, durable on return.

    Args:
        name: gives what was written beside its name.

    Raises:
        OSError: it cannot be written; what stood there before stands there still.
    """
    fd, beside = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(fd, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        name(beside, path)
    except BaseException:  # also where it is broken off: no half of it is left lying about
        with suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    sync_directory(path.parent)


def write_at(fd: int, content: bytes, offset: int) -> None:
    """`os.pwrite`, all of it: a full disk first answers with a short count, then with an error."""
    view = memoryview(content)
    while view:
        done = os.pwrite(fd, view, offset)
        view, offset = view[done:], offset + done


def read_at(fd: int, size: int, offset: int) -> bytes:
    """`os.pread`, all of it; shorter only where the file ends."""
    parts: list[bytes] = []
    while size and (part := os.pread(fd, size, offset)):
        parts.append(part)
        size, offset = size - len(part), offset + len(part)
    return b"".join(parts)


def read_private(path: Path) -> tuple[bytes, int]:
    """The content of a file and its mode, both of what was opened; a symbolic link is an error (ELOOP)."""
    fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    with os.fdopen(fd, "rb") as file:
        return file.read(), os.fstat(fd).st_mode


def write_private(path: Path, content: bytes) -> None:
    """A new file, mode 0600, its bytes durable; its name only after `sync_directory`.  An old one is replaced."""
    path.unlink(missing_ok=True)
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        write_at(fd, content, 0)
        sync(fd, str(path))
    finally:
        os.close(fd)
