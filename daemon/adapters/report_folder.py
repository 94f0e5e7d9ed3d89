"""The folder of pages on the disk: ours alone, for its owner's eyes, there as a whole or as it was before.

The pages are written into a new folder beside it; then the two change places in one step, so that nobody ever sees half
of a set, and what no longer belongs to it is gone.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from daemon.adapters.disk import sync_directory

_C = ctypes.CDLL(None, use_errno=True)
_HERE = -100  # AT_FDCWD of openat(2)
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2), Linux 3.15
_HEAD = 200  # octets in which a page's mark stands


class NotOurs(Exception):
    """There is something in the folder that is no page of ours; nothing was changed."""


class ReportFolder:
    """Takes pages, and puts them in place when all are there.

    Args:
        path: of the folder; it is made, and so is what it lies in.
        mark: what every page has at its head, and by which we know our own again.

    Raises:
        NotOurs: the path is no folder, or not every file in it is ours.
        OSError: it cannot be written; what stood there stands there still.
    """

    def __init__(self, path: Path, mark: str) -> None:
        self._path = path.resolve()  # a link to a folder: the folder itself changes
        self._mark = mark.encode()
        self._refuse_foreign()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._new = Path(tempfile.mkdtemp(prefix=f".{self._path.name}.", suffix=".new", dir=self._path.parent))  # 0700

    def write(self, name: str, page: str) -> None:
        """One page; mode 0600."""
        fd = os.open(self._new / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(page.encode("utf-8", "replace"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        """Put the pages in place; after a fault, or where the owner breaks it off, leave no trace of them."""
        try:
            if kind is None:
                self._refuse_foreign()  # it may have come meanwhile
                self._put_in_place()
        finally:
            shutil.rmtree(self._new, ignore_errors=True)  # what was there before, or what was not finished

    def _put_in_place(self) -> None:
        if self._path.exists():
            _exchange(self._new, self._path)
        else:
            self._new.rename(self._path)
        sync_directory(self._path.parent)

    def _refuse_foreign(self) -> None:
        if not self._path.exists():
            return
        if not self._path.is_dir():
            raise NotOurs(f"{self._path} is no folder: name another with --out")
        for entry in os.scandir(self._path):
            if not self._is_ours(entry):
                raise NotOurs(
                    f"{self._path} holds {entry.name!r}, which is no page of an earlier report:"
                    " name another folder with --out"
                )

    def _is_ours(self, entry: os.DirEntry[str]) -> bool:
        if not entry.is_file(follow_symlinks=False) or not entry.name.endswith(".html"):
            return False
        with open(entry.path, "rb") as file:
            return self._mark in file.read(_HEAD)


def _exchange(new: Path, old: Path) -> None:
    """Let two folders change their names, in one step where the file system can."""
    done = _C.renameat2(_HERE, os.fsencode(new), _HERE, os.fsencode(old), _EXCHANGE)
    if done == 0:
        return
    fault = ctypes.get_errno()
    if fault not in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        raise OSError(fault, os.strerror(fault), str(old))
    aside = new.with_suffix(".old")  # NFS and the like: two steps, and for a moment there is none
    old.rename(aside)
    new.rename(old)
    aside.rename(new)
