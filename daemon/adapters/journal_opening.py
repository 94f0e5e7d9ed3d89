"""Opening a journal: what is there, what was never acknowledged, and what cannot be trusted (F59)."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec

from daemon.adapters.disk import NO_ROOM, read_at
from daemon.adapters.journal_head import Head
from daemon.adapters.journal_install import HEAD, JOURNAL
from daemon.adapters.journal_lines import count_lines, read_header
from daemon.ports import DiskTrouble, StateFault

_ADVICE = (
    "Nothing was sent. Restore the whole state directory from a backup; what was sent since that backup is found in "
    "the Sent folder. Do not empty the directory: everything would be sent again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    count: int  # entries
    chain: int  # checksum of the last
    size: int  # bytes


@dataclass(slots=True, kw_only=True)
class Opened:
    """A journal and its head, open, and how far they agree."""

    path: Path
    fd: int
    head: Head
    behind: bytes  # acknowledged lines before the head's end that the file lacks: a power cut took them
    notices: list[str]  # what an owner should hear about
    adopted: Adopted | None = None  # lines behind the head's end that count all the same
    dropped: int = 0  # bytes behind them that were never acknowledged

    def close(self) -> None:
        self.head.close()
        os.close(self.fd)
        self.fd = -1


def fault(path: Path, what: str) -> StateFault:
    """A journal that cannot be trusted, and how to go on."""
    return StateFault(f"{path}: {what}. {_ADVICE}")


def open_journal(directory: Path, *, read_only: bool) -> Opened:
    """Open and compare; write nothing.

    Args:
        read_only: somebody may be appending; look again when the two files were caught between two states.

    Raises:
        StateFault: missing, shortened, empty, garbled, or of another version.
        DiskTrouble: it is to be written and the disk is read-only.
    """
    seen = None
    while read_only:
        before, seen = seen, _stamps(directory)
        try:
            return _open(directory, read_only=True)
        except StateFault:
            if before == seen:  # nobody is writing: it is what it is
                raise
            time.sleep(0.003)
    return _open(directory, read_only=False)


def _stamps(directory: Path) -> list[tuple[int, int, int]]:
    """What changes when one of the two files is written or replaced."""
    files = [os.stat(directory / name) for name in (JOURNAL, HEAD) if os.path.exists(directory / name)]
    return [(file.st_ino, file.st_size, file.st_mtime_ns) for file in files]


def _open(directory: Path, *, read_only: bool) -> Opened:
    path = directory / JOURNAL
    head_fd = _descriptor(directory / HEAD, read_only=read_only)
    try:
        fd = _descriptor(path, read_only=read_only)
    except BaseException:
        os.close(head_fd)
        raise
    try:
        try:
            head = Head.load(head_fd)
        except ValueError as wrong:
            raise fault(directory / HEAD, f"the head of the journal is garbled: {wrong}") from None
        return _compare(path, fd, head, read_only=read_only)
    except BaseException:
        os.close(head_fd)
        os.close(fd)
        raise


def _descriptor(path: Path, *, read_only: bool) -> int:
    try:
        return os.open(path, (os.O_RDONLY if read_only else os.O_RDWR) | os.O_NOFOLLOW | os.O_CLOEXEC)
    except FileNotFoundError:
        raise fault(path, "it is missing") from None
    except OSError as wrong:
        if wrong.errno in NO_ROOM:
            raise DiskTrouble(f"{path}: {wrong.strerror}") from wrong
        raise StateFault(f"{path}: {wrong.strerror}") from wrong


def _compare(path: Path, fd: int, head: Head, *, read_only: bool) -> Opened:
    last, size = head.last, os.fstat(fd).st_size
    first = read_at(fd, 512, 0).partition(b"\n")
    try:
        header, _ = read_header(first[0])
    except ValueError as wrong:
        what = "it is empty" if size == 0 else f"its first line is not ours: {wrong}"
        raise fault(path, what) from None
    if header.id != last.journal:
        raise fault(path, f"it is another journal than the one of {HEAD}")
    floor = max(last.synced, last.end - len(head.tail))  # below it nothing can be missing for an honest reason
    if size < floor:
        raise fault(path, f"it is shortened: {size} bytes where {last.end} were recorded")
    tail = head.tail[len(head.tail) - (last.end - floor) :]
    behind = b"" if read_at(fd, last.end - floor, floor) == tail else tail
    opened = Opened(path=path, fd=fd, head=head, behind=behind, notices=[])
    if behind:
        opened.notices.append(f"{path}: {len(behind)} bytes that a crash took are there again, from {HEAD}")
    if size > last.end:
        beyond = read_at(fd, size - last.end, last.end)
        _look_beyond(opened, beyond)
        if read_only and opened.adopted:
            _adopt_to_look_at(opened, beyond)
    return opened


def _look_beyond(opened: Opened, beyond: bytes) -> None:
    """What stands behind the end that the head knows.

    A large append that was announced counts when it is whole.  Any other line was in the head before it was in the
    journal: if it truly follows, then the head is an older one, as in a copy that was made while the daemon ran, or
    its newest record is garbled.  The rest was never acknowledged.
    """
    last = opened.head.last
    count, chain, size = count_lines(beyond, last.chain)
    if last.bulk and not (size == len(beyond) == last.bulk):
        count, chain, size = 0, last.chain, 0
    opened.adopted = Adopted(count=count, chain=chain, size=size) if count else None
    opened.dropped = len(beyond) - size
    if count and not last.bulk:
        opened.notices.append(f"{opened.path}: {HEAD} did not know the last {count} entries; they are whole and count")


def _adopt_to_look_at(opened: Opened, beyond: bytes) -> None:
    """In memory: nothing is written by who only looks."""
    last, adopted = opened.head.last, opened.adopted
    if adopted:
        opened.behind += beyond[: adopted.size]
        opened.head.last = msgspec.structs.replace(
            last, count=last.count + adopted.count, end=last.end + adopted.size, chain=adopted.chain
        )
