"""Opening a journal: what is there, what was never acknowledged, and what cannot be trusted (F59)."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.disk import NO_ROOM, read_at
from daemon.adapters.journal_head import Head
from daemon.adapters.journal_install import HEAD, JOURNAL
from daemon.adapters.journal_lines import count_lines, read_header
from daemon.ports import DiskTrouble, StateFault

_ADVICE = (
    "Nothing was sent. Restore the whole state directory from a backup; what was sent since that backup is found in "
    "the Sent folder. Do not empty the directory: everything would be sent again."
)


@dataclass(slots=True, kw_only=True)
class Opened:
    """A journal and its head, open, and how far they agree."""

    path: Path
    fd: int
    head: Head
    behind: bytes  # acknowledged lines before the head's end that the file lacks: a power cut took them
    beyond: int  # bytes behind the end, never acknowledged
    bulk: (
        tuple[int, int] | None
    )  # (entries, last checksum) of a large append that is all there, but for the acknowledgement

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
    for _ in range(20 if read_only else 0):
        try:
            return _open(directory, read_only=True)
        except StateFault:
            time.sleep(0.005)
    return _open(directory, read_only=read_only)


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
    if size <= last.end or read_only:
        return Opened(path=path, fd=fd, head=head, behind=behind, beyond=0, bulk=None)
    beyond = read_at(fd, size - last.end, last.end)
    count, chain = count_lines(beyond, last.chain)
    bulk = (count, chain) if len(beyond) == last.bulk and count and count == beyond.count(b"\n") else None
    if count and not last.bulk:  # the journal is never written before the head
        raise fault(path, f"it goes on behind the end that {HEAD} knows: that file is garbled or from a backup")
    return Opened(path=path, fd=fd, head=head, behind=behind, beyond=len(beyond), bulk=bulk)
