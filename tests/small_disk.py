"""A disk that is full, or read-only, for the tests of F60.

Root mounts a real tmpfs.  Who may not mount gets the same answers from the kernel by a limit on the size of files
(RLIMIT_FSIZE: EFBIG instead of ENOSPC), which needs no rights.
"""

from __future__ import annotations

import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Tmpfs:
    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        """Leave not one byte."""
        with (self.path / "filler").open("ab", buffering=0) as file:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    def free(self) -> None:
        (self.path / "filler").unlink()

    @contextmanager
    def read_only(self) -> Iterator[None]:
        _mount("-o", "remount,ro", self.path)
        try:
            yield
        finally:
            _mount("-o", "remount,rw", self.path)


class Limited:
    """Files of this process may not grow beyond what the largest one below `path` is now."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fill(self) -> None:
        journal = max((file.stat().st_size for file in self.path.rglob("journal.jsonl")), default=0)
        self._limit(journal)

    def free(self) -> None:
        self._limit(resource.RLIM_INFINITY)

    @contextmanager
    def read_only(self) -> Iterator[None]:
        self._limit(0)
        try:
            yield
        finally:
            self.free()

    def _limit(self, size: int) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@contextmanager
def tmpfs(path: Path, *, size: int) -> Iterator[Tmpfs | Limited]:
    """A disk of `size` bytes at `path`; `Limited` where mounting is not permitted."""
    path.mkdir()
    try:
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", path)
    except (subprocess.CalledProcessError, FileNotFoundError):
        yield Limited(path)
        return
    try:
        yield Tmpfs(path)
    finally:
        subprocess.run(["umount", "-l", path], check=True)


def _mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
