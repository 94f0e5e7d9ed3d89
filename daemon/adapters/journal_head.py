"""The head of a journal: a small file of fixed size that says where the journal ends, and holds its last appends.

It is a ring of pages.  Each frame starts a page: a checksum over all its pages, a JSON document that says what the
journal is after it, and the very lines of the append.  Frames are numbered, so the newest is known wherever the ring
stands; a frame never shares a page with another, so a torn write spoils nothing that was acknowledged.  Because the
file never grows, one `fdatasync` of it changes no metadata: that is the whole cost of an append
(docs/decisions/0001-journal-format.md).
"""

from __future__ import annotations

import os
from zlib import crc32

import msgspec

from daemon.adapters.disk import asking, read_at, sync, write_at

PAGE = 4096  # bytes; what disks and page caches write as one
PAGES = 64
LARGEST = PAGE * PAGES // 4  # bytes of lines that still go into a frame


class Frame(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the journal is after one append."""

    frame: int  # counts from 1 and never starts again
    journal: str  # id of the journal's header
    count: int  # entries
    end: int  # bytes of the journal that are acknowledged, header included
    chain: int  # checksum of the last line
    synced: int  # bytes of the journal that are on the disk; the rest is in the frames from there on
    carries: int = 0  # bytes of lines that follow this document: the last ones before `end`
    bulk: int = 0  # bytes behind `end` that an append too large for a frame may have begun to write


def pack(frame: Frame, lines: bytes) -> bytes:
    body = msgspec.json.encode(frame) + b"\n" + lines
    body += b"\n" * (-(len(body) + 9) % PAGE)
    return b"%08x %b" % (crc32(body), body)


def unpack(ring: bytes, at: int) -> tuple[Frame, bytes] | None:
    """The frame that starts at byte `at`, if a whole one does."""
    page = ring[at : at + PAGE]
    document, newline, _ = page[9:].partition(b"\n")
    if not newline or page[8:9] != b" ":
        return None
    try:
        checksum = int(page[:8], 16)
        frame = msgspec.json.decode(document, type=Frame)
    except (ValueError, msgspec.MsgspecError):
        return None
    start = at + 9 + len(document) + 1
    stop = at + -(-(start + frame.carries - at) // PAGE) * PAGE
    if stop > len(ring) or crc32(ring[at + 9 : stop]) != checksum:
        return None
    return frame, ring[start : start + frame.carries]


class Head:
    """The ring on the disk.  One writer."""

    def __init__(self, fd: int, last: Frame, tail: bytes, page: int) -> None:
        self._fd = fd
        self._page = page  # where the next frame goes
        self.last = last
        self.tail = tail  # the lines before `last.end` that the ring still held when it was opened

    @classmethod
    def load(cls, fd: int) -> Head:
        """Find the newest frame and the lines that may not be in the journal yet.

        Raises:
            ValueError: there is no whole frame.
        """
        ring = read_at(fd, PAGE * PAGES + 1, 0)
        if len(ring) != PAGE * PAGES:
            raise ValueError(f"it has {len(ring)} bytes instead of {PAGE * PAGES}")
        found: dict[int, tuple[int, Frame, bytes]] = {}
        for at in range(0, len(ring), PAGE):
            if unpacked := unpack(ring, at):
                found[unpacked[0].frame] = (at, *unpacked)
        if not found:
            raise ValueError("there is no whole record in it")
        at, last, lines = found[max(found)]
        page = (at + len(pack(last, lines))) // PAGE
        pieces, frame, start = [lines], last, last.end - len(lines)
        while start > last.synced and (older := found.get(frame.frame - 1)) is not None and older[1].end == start:
            _, frame, lines = older
            pieces.append(lines)
            start -= len(lines)
        return cls(fd, last, b"".join(reversed(pieces)), page)

    @staticmethod
    def fresh(frame: Frame) -> bytes:
        """The content of a new head: one frame, and room."""
        return pack(frame, b"").ljust(PAGE * PAGES, b"\0")

    def room_for(self, lines: bytes) -> bool:
        """Whether the next frame fits behind the last one.  If not: sync the journal, then `turn`."""
        return self._page + (len(lines) + 512) // PAGE + 1 <= PAGES  # 512: more than the longest document

    def turn(self) -> None:
        """Start over at the first page: the frames that follow overwrite older ones, never the last one.

        Only where `room_for` says no, and only when all the journal is synced.
        """
        self._page = 0

    def write(self, frame: Frame, lines: bytes = b"") -> None:
        """Make a frame durable.

        Raises:
            DiskTrouble: nothing was promised; the last frame still stands.
            LostDisk: nobody knows whether it is on the disk.
        """
        packed = pack(frame, lines)
        with asking("the head of the journal"):
            write_at(self._fd, packed, self._page * PAGE)
        sync(self._fd, "the head of the journal")
        self._page += len(packed) // PAGE
        self.last = frame

    def close(self) -> None:
        os.close(self._fd)
