"""The lines of a journal file: eight hex digits, a space, one JSON document.

The digits are a running CRC-32: each line's checksum starts from the one before it, so that a line that was changed,
taken out or moved is noticed at the next one, and the last checksum stands for the whole file.  The first line is the
header.  CRC-32 finds accidents, not forgery: who can write the file can also write the checksums.
"""

from __future__ import annotations

from collections.abc import Iterable
from zlib import crc32

import msgspec

FORMAT = "sollecito-journal"
VERSION = 1
PREFIX = 9  # bytes before the document: eight digits and a space


class Header(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The first line: what this file is.  The head repeats `id`, so that the two are never of different journals."""

    format: str
    version: int
    id: str  # random, new whenever the file is written anew


def header_line(journal_id: str) -> bytes:
    return seal(msgspec.json.encode(Header(format=FORMAT, version=VERSION, id=journal_id)), 0)[0]


def read_header(line: bytes) -> tuple[Header, int]:
    """The header, from its line without the line end, and the checksum from which the first entry's starts.

    Raises:
        ValueError: this is no header of ours, or of a version that this release does not know.
    """
    body, chain = unseal(line, 0)
    try:
        header = msgspec.json.decode(body, type=Header)
    except msgspec.MsgspecError as fault:
        raise ValueError(f"the first line is not a journal's header: {fault}") from fault
    if header.format != FORMAT or header.version != VERSION:
        raise ValueError(f"it is {header.format} version {header.version}; this release reads {FORMAT} {VERSION}")
    return header, chain


def seal(body: bytes, chain: int) -> tuple[bytes, int]:
    """The line for one document behind the checksum `chain`, and the new checksum."""
    chain = crc32(body, chain)
    return b"%08x %b\n" % (chain, body), chain


def seal_all(bodies: Iterable[bytes], chain: int) -> tuple[bytes, int]:
    """The lines of several documents as one piece, and the checksum of the last."""
    lines: list[bytes] = []
    for body in bodies:
        line, chain = seal(body, chain)
        lines.append(line)
    return b"".join(lines), chain


def unseal(line: bytes, chain: int) -> tuple[bytes, int]:
    """The document of a line, given without its line end, and the new checksum.

    Raises:
        ValueError: the line is torn, garbled, or not the one that followed.
    """
    body = line[PREFIX:]
    chain = crc32(body, chain)
    if line[8:PREFIX] != b" " or int(line[:8], 16) != chain:
        raise ValueError("the checksum does not match")
    return body, chain


def count_lines(piece: bytes, chain: int) -> tuple[int, int, int]:
    """How many whole lines a piece begins with that truly follow `chain`, their last checksum, and their bytes."""
    count = size = 0
    for line in piece.split(b"\n")[:-1]:
        try:
            _, chain = unseal(line, chain)
        except ValueError:
            break
        count, size = count + 1, size + len(line) + 1
    return count, chain, size
