"""Says when the config's files have changed, and only once they lie still (F53, F67).

Watched are the *directories*: editors write a new file and rename it over the old one, and a watch on the old one
would be deaf from then on.  What the kernel announces is a hint to look; what has changed is told by comparing the
files with what they were.  So nothing is missed where no hint comes: a link whose target changes, a network disk, a
directory that was replaced, a kernel out of watches.
"""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, suppress
from pathlib import Path

from watchfiles import Change, awatch

YAML = frozenset({".yaml", ".yml"})
SETTLE_SECONDS = 1.0  # unchanged for so long: settled; editors and rsync write faster than this
POLL_SECONDS = 10.0  # looks without a hint

State = tuple[int, int, int, int]  # device, inode, size in bytes, and nanoseconds of the last change
Look = dict[Path, State]


class Watch:
    """The files to watch, and how they looked when the config was last read.

    Make it *before* the config is read: what changes while it is read is told then.
    """

    def __init__(
        self,
        paths: Iterable[Path],
        *,
        suffixes: frozenset[str] = YAML,
        settle_seconds: float = SETTLE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        """Args:
        paths: files, which may be missing, and directories.  Every YAML file beside such a file, or directly in
            such a directory, is watched too: `invoices/*.yaml` may mean one that is not there yet.
        suffixes: of the files that are watched so, lower case, instead of YAML's.
        alive: called at each look, which is at least every `poll_seconds`.
        """
        self._suffixes = suffixes
        self._settle = settle_seconds
        self._poll = poll_seconds
        self._alive = alive
        self._again = asyncio.Event()
        self._hinted = 0.0  # monotonic
        self._paths: frozenset[Path] = frozenset()
        self._known: Look = {}
        self.follow(paths)

    def follow(self, paths: Iterable[Path]) -> None:
        """Watch these from now on; of those watched before, what has changed meanwhile is still told."""
        self._paths = frozenset(Path(os.path.abspath(path)) for path in paths)
        folders = self._folders()
        still = {path: state for path, state in self._known.items() if path in self._paths or path.parent in folders}
        self._known = self._look() | still
        self._again.set()

    async def changes(self) -> AsyncIterator[frozenset[Path]]:
        """The files that were written, replaced, added or removed since the last time, once they lie still."""
        while True:
            self._again = again = asyncio.Event()
            folders = await asyncio.to_thread(self._folders)
            async with aclosing(self._hints(folders, again)) as hints:
                async for _hint in hints:
                    if changed := await self._settled():
                        yield changed
                    if again.is_set() or await asyncio.to_thread(self._folders) != folders:
                        break  # other paths, or a directory was put in another's place: watch anew

    async def _hints(self, folders: Look, again: asyncio.Event) -> AsyncGenerator[None, None]:
        """Now, whenever something stirs in the folders, and at least every `poll_seconds`."""
        self._hinted = time.monotonic()
        yield None
        announced = awatch(
            *folders,
            watch_filter=self._matters,
            debounce=400,
            rust_timeout=int(self._poll * 1000),
            yield_on_timeout=True,
            stop_event=again,
            recursive=False,
        )
        try:
            async with aclosing(announced):
                async for _changes in announced:
                    self._hinted = time.monotonic()
                    yield None
        except OSError:  # no more watches to be had, or a folder went in this instant
            await asyncio.sleep(self._poll)

    def _matters(self, _change: Change, path: str) -> bool:
        """Also what is no concern of ours, now and then: while such changes come, no time-out of `awatch` does."""
        if time.monotonic() - self._hinted >= self._poll:
            return True
        return Path(path) in self._paths or Path(path).suffix.lower() in self._suffixes or Path(path).is_dir()

    async def _settled(self) -> frozenset[Path]:
        """Wait until two looks are alike, and say what differs from what was known."""
        look = await asyncio.to_thread(self._look)
        self._alive()
        while look != self._known:
            await asyncio.sleep(self._settle)
            self._alive()
            before, look = look, await asyncio.to_thread(self._look)
            if look == before:
                break
        known, self._known = self._known, look
        return frozenset(path for path in look.keys() | known.keys() if look.get(path) != known.get(path))

    def _look(self) -> Look:
        found: Look = {}
        folders = {path if path.is_dir() else path.parent for path in self._paths}
        for file in self._paths.union(*(_beside(folder, self._suffixes) for folder in folders)):
            if (state := _state(file)) is not None:
                found[file] = state
        return found

    def _folders(self) -> Look:
        """The directories to watch, by identity; of one that is missing, the nearest above it that is there."""
        found: Look = {}
        for path in self._paths:
            folder = path if path.is_dir() else path.parent
            while not folder.is_dir() and folder != folder.parent:
                folder = folder.parent
            with suppress(OSError):  # it went in this instant; the next look finds the one above it
                status = folder.stat()
                found[folder] = (status.st_dev, status.st_ino, 0, 0)
        return found


def _beside(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    """Hidden ones are not ours: no pattern matches them, and editors keep their drafts so."""
    try:
        return [file for file in folder.iterdir() if file.suffix.lower() in suffixes and not file.name.startswith(".")]
    except OSError:  # it is missing, went in this instant, or is not ours to read
        return []


def _state(path: Path) -> State | None:
    """None for what is missing, and for a directory: its files speak for it.  Follows links."""
    try:
        status = path.stat()
    except OSError:
        return None
    if path.is_dir():
        return None
    return (status.st_dev, status.st_ino, status.st_size, max(status.st_mtime_ns, status.st_ctime_ns))
