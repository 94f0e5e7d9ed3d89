"""The journal's file and its head, as a TinyDB `Storage` that appends.

Order is everything here.  An append is first made durable in the head, then written to the journal, then acknowledged:
so the journal is never ahead of the head, bytes behind the head's end were never acknowledged, and what a power cut
takes from the journal's unsynced tail stands in the head's ring.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec
from tinydb.storages import Storage

from daemon.adapters.disk import LostDisk, asking, read_at, sync, write_at
from daemon.adapters.journal_head import LARGEST, Frame
from daemon.adapters.journal_install import finish_install, install
from daemon.adapters.journal_lines import seal_all, unseal
from daemon.adapters.journal_opening import Opened, fault, open_journal
from daemon.ports import DiskTrouble, StateFault

TABLE = "entries"  # the one table
_PIECE = 1 << 20  # bytes read at once


class JournalStorage(Storage):
    """One journal in one directory.

    Raises:
        StateFault: it is shortened, empty, garbled, missing, or of another version (F59).
        DiskTrouble: the disk is read-only.
    """

    def __init__(self, directory: str | os.PathLike[str], *, read_only: bool = False) -> None:
        super().__init__()
        self._directory = Path(directory)
        self._read_only = read_only
        self._lost: LostDisk | None = None
        self._turn = threading.RLock()  # an append may run in another thread while somebody reads
        self._enter()

    def _enter(self) -> None:
        if not self._read_only:
            finish_install(self._directory)
        self._open: Opened = open_journal(self._directory, read_only=self._read_only)
        self._behind = self._open.behind  # acknowledged lines that stand in the ring, and not in the journal
        self._synced = self._open.head.last.synced  # bytes of the journal known to be on the disk
        if not self._read_only:
            try:
                self._settle()
            except BaseException:
                self._open.close()
                raise

    # -- what TinyDB asks of a storage --------------------------------------------------------------------------

    def read(self) -> dict[str, dict[str, Any]]:
        """Everything, as stock TinyDB wants it: all in memory."""
        return {TABLE: {str(number): msgspec.json.decode(body) for number, body in enumerate(self.bodies(), 1)}}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        raise TypeError("the journal only grows: facts are not updated or removed")

    def close(self) -> None:
        """Sync the journal and say so in the head; then let go of both."""
        if self._open.fd < 0:
            return
        try:
            if not self._read_only and self._lost is None:
                with suppress(DiskTrouble):  # the ring has it all
                    self._catch_up()
                    self._sync()
                    self._write_frame(self._frame(0, 0, self._open.head.last.chain))
        finally:
            self._open.close()

    # -- reading ------------------------------------------------------------------------------------------------

    @property
    def path(self) -> Path:
        return self._open.path

    @property
    def notices(self) -> tuple[str, ...]:
        """What was mended when it was opened, for the owner."""
        return tuple(self._open.notices)

    @property
    def count(self) -> int:
        """Number of entries, which is the number of the last one."""
        return self._open.head.last.count

    def bodies(self) -> Iterator[bytes]:
        """The JSON documents in their order, each one's checksum verified; `StateFault` at the first wrong one."""
        with self._turn:
            path, fd, last, behind = self._open.path, self._open.fd, self._open.head.last, self._behind
        number = chain = 0
        for line in _lines(fd, last.end - len(behind), behind):
            try:
                body, chain = unseal(line, chain)
            except ValueError:
                raise fault(path, f"line {number + 1} is garbled") from None
            if number:
                yield body
            number += 1
        if (number - 1, chain) != (last.count, last.chain):
            raise fault(path, f"it has {number - 1} entries where its head counts {last.count}")

    # -- appending ----------------------------------------------------------------------------------------------

    def append(self, bodies: Sequence[bytes]) -> int:
        """Make these documents durable, all or none, and return the new count.

        Raises:
            DiskTrouble: nothing was recorded.
            LostDisk: nobody knows; the storage refuses everything from here on.
        """
        if self._read_only:
            raise TypeError("this journal was opened to look at it")
        with self._turn, self._or_lost():
            head = self._open.head
            self._catch_up()
            lines, chain = seal_all(bodies, head.last.chain)
            if len(lines) > LARGEST:
                self._append_bulk(lines, len(bodies), chain)
                return self.count
            if not head.room_for(lines):
                self._sync()
                head.turn()
            head.write(self._frame(len(lines), len(bodies), chain, carries=len(lines)), lines)
            self._behind = lines
            with suppress(DiskTrouble):  # it is durable in the ring; the next append waits for room in the journal
                self._catch_up()
            return self.count

    def rewrite(self, bodies: Iterable[bytes]) -> None:
        """Put a journal of these documents in the place of this one, all or nothing.

        Raises:
            DiskTrouble: the old journal stands.
        """
        with self._turn, self._or_lost():
            install(self._directory, bodies)
            self._open.close()
            try:
                self._enter()
            except (OSError, StateFault, DiskTrouble) as wrong:
                raise LostDisk(f"{self.path}: written anew, but not to be opened: {wrong}") from wrong

    @contextmanager
    def _or_lost(self) -> Iterator[None]:
        if self._lost is not None:
            raise self._lost
        try:
            yield
        except LostDisk as lost:
            self._lost = lost
            raise

    def _append_bulk(self, lines: bytes, count: int, chain: int) -> None:
        """An append larger than a frame: announced in the head, durable in the journal, acknowledged in the head."""
        path, fd, last = self._open.path, self._open.fd, self._open.head.last
        self._sync()
        self._write_frame(msgspec.structs.replace(self._frame(0, 0, last.chain), bulk=len(lines)))
        try:
            with asking(str(path)):
                write_at(fd, lines, last.end)
        except DiskTrouble:
            os.ftruncate(fd, last.end)
            raise
        self._sync()
        self._synced = last.end + len(lines)
        self._write_frame(self._frame(len(lines), count, chain))

    def _frame(self, size: int, count: int, chain: int, *, carries: int = 0) -> Frame:
        """What the head says after `count` more entries of `size` bytes."""
        last = self._open.head.last
        return Frame(
            frame=last.frame + 1,
            journal=last.journal,
            count=last.count + count,
            end=last.end + size,
            chain=chain,
            synced=self._synced,
            carries=carries,
        )

    def _write_frame(self, frame: Frame) -> None:
        """A frame without lines.  Only after a sync of the journal: it may turn the ring."""
        if not self._open.head.room_for(b""):
            self._open.head.turn()
        self._open.head.write(frame)

    def _catch_up(self) -> None:
        """Write what stands in the ring only.  `DiskTrouble` while there is no room for it."""
        if self._behind:
            with asking(str(self._open.path)):
                write_at(self._open.fd, self._behind, self._open.head.last.end - len(self._behind))
            self._behind = b""

    def _sync(self) -> None:
        sync(self._open.fd, str(self._open.path))
        self._synced = self._open.head.last.end - len(self._behind)

    def _settle(self) -> None:
        """After opening: write what a crash took, adopt or drop what stands behind the end."""
        opened, end = self._open, self._open.head.last.end
        adopted = opened.adopted
        size = adopted.size if adopted else 0
        if opened.dropped:
            with asking(str(opened.path)):
                os.ftruncate(opened.fd, end + size)
        with suppress(*(() if adopted else (DiskTrouble,))):  # without room: as in `append`
            self._catch_up()
            self._sync()
            if adopted:
                self._synced += size
                self._write_frame(self._frame(size, adopted.count, adopted.chain))
            self._write_frame(self._frame(0, 0, opened.head.last.chain))


def _lines(fd: int, size: int, behind: bytes) -> Iterator[bytes]:
    """The lines of the first `size` bytes of a file and of what follows them, without their ends."""
    rest, at = b"", 0
    while at < size and (piece := read_at(fd, min(_PIECE, size - at), at)):
        at += len(piece)
        lines = (rest + piece).split(b"\n")
        rest = lines.pop()
        yield from lines
    yield from (rest + behind).split(b"\n")[:-1]
