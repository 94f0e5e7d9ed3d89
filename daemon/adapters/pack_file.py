"""One archive file, written and read as a stream: .tar.gz, .tar.zst or .zip.

What is read back comes from somewhere else and may be anybody's: names that lead out of the folder, links, devices,
names twice, and bombs are refused before an octet of them is used.
"""

from __future__ import annotations

import gzip
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Protocol, cast

import zstandard

KINDS = (".tar.gz", ".tar.zst", ".zip")
_RATIO = 400  # octets out of one: JSON lines and mails stay far below, zeros do not
_SPARE = 16 << 20  # octets that may come out whatever the ratio
_LONGEST = 400  # of a name
_DEEPEST = 6  # folders
_MOST = 5_000_000  # files
_HEADER = 64 << 10  # octets of an extended header, which tarfile holds in memory
_PART = re.compile(r"[^\x00-\x1f\x7f/\\]{1,200}")
_FILE = 0o100600 << 16  # for unzip: an ordinary file that its owner may read and write
_UNIX = 3  # of the ZIP format's systems
_PLAIN = (tarfile.REGTYPE, tarfile.AREGTYPE)
_EXTENDED = (tarfile.XHDTYPE, tarfile.GNUTYPE_LONGNAME)
_BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, zstandard.ZstdError, zlib.error, struct.error, gzip.BadGzipFile, EOFError,
    ValueError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class BadPack(Exception):
    """The file is none of these archives, is broken, or holds what no pack of ours holds."""


class PackWriter(Protocol):
    def add(self, name: str, size: int, content: IO[bytes]) -> None:
        """Add one file of exactly `size` octets; `OSError` or `ValueError` where there are fewer."""
        ...


def kind_of(path: Path) -> str | None:
    """Which kind of archive the name says; None: none of them."""
    return next((kind for kind in KINDS if path.name.endswith(kind)), None)


@contextmanager
def writing(file: IO[bytes], kind: str) -> Iterator[PackWriter]:
    """Write a pack into an open file; it is complete when the context has ended."""
    with ExitStack() as opened:
        if kind == ".zip":
            yield _Zip(opened.enter_context(zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED)))
        elif kind == ".tar.gz":
            packed = opened.enter_context(gzip.GzipFile(fileobj=file, mode="wb", mtime=0))
            yield _Tar(opened.enter_context(tarfile.open(fileobj=packed, mode="w|")))
        else:
            squeezed = opened.enter_context(zstandard.ZstdCompressor(level=9).stream_writer(file, closefd=False))
            yield _Tar(opened.enter_context(tarfile.open(fileobj=cast("IO[bytes]", squeezed), mode="w|")))


class _Tar:
    def __init__(self, archive: tarfile.TarFile) -> None:
        self._archive = archive

    def add(self, name: str, size: int, content: IO[bytes]) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._archive.addfile(member, content)


class _Zip:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def add(self, name: str, size: int, content: IO[bytes]) -> None:
        entry = zipfile.ZipInfo(name)
        entry.external_attr, entry.create_system = _FILE, _UNIX
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, size
        left = size
        with self._archive.open(entry, "w", force_zip64=size >= 1 << 31) as into:
            while left and (piece := content.read(min(left, 1 << 20))):
                into.write(piece)
                left -= len(piece)
        if left:
            raise OSError(f"{name}: {left} octets are missing")


# -- reading ----------------------------------------------------------------------------------------------------


class Content:
    """The octets of one file of a pack, counted: all files together may not be more than the pack allows."""

    def __init__(self, stream: IO[bytes], room: list[int]) -> None:
        self._stream, self._room = stream, room

    def read(self, size: int) -> bytes:
        """The next octets, at most `size`; b"" at the end.  `BadPack` where it is broken or a bomb."""
        with _refusing():
            piece = self._stream.read(size)
        self._room[0] -= len(piece)
        if self._room[0] < 0:
            raise BadPack("far more comes out of it than any backup of ours holds")
        return piece


def reading(path: Path) -> Iterator[tuple[str, Content]]:
    """The files of a pack with their names, to be read one after the other as they come.

    Raises:
        BadPack: it is none of ours, or broken.
        OSError: it cannot be opened.
    """
    kind = kind_of(path)
    if kind is None:
        raise BadPack(f"its name ends in none of {', '.join(KINDS)}")
    with path.open("rb") as file:
        room = [path.stat().st_size * _RATIO + _SPARE]
        found = _of_zip(file) if kind == ".zip" else _of_tar(file, kind, room)
        names: set[str] = set()
        while True:
            with _refusing():
                name, stream = next(found, ("", None))
            if stream is None:
                return
            _refuse_name(name)
            if name in names or len(names) >= _MOST:
                raise BadPack(f"{name!r} is in it twice" if name in names else "it holds too many files")
            names.add(name)
            yield name, Content(stream, room)


def _of_tar(file: IO[bytes], kind: str, room: list[int]) -> Iterator[tuple[str, IO[bytes]]]:
    with ExitStack() as opened:
        if kind == ".tar.gz":
            packed = cast("IO[bytes]", opened.enter_context(gzip.GzipFile(fileobj=file, mode="rb")))
        else:
            unpacker = zstandard.ZstdDecompressor(max_window_size=1 << 27)
            packed = cast("IO[bytes]", opened.enter_context(unpacker.stream_reader(file, closefd=False)))
        # What lies between the files counts too: padding, and headers.  Twice the room, for their octets count twice.
        counted = cast("IO[bytes]", Content(packed, [room[0] * 2]))
        archive = opened.enter_context(tarfile.open(fileobj=counted, mode="r|", tarinfo=_Member))
        for member in archive:
            archive.members.clear()  # type: ignore[attr-defined]  # a stream is not read twice, and they would add up
            if member.type not in _PLAIN or member.issparse():
                raise BadPack(f"{member.name[:80]!r} in it is no plain file")
            stream = archive.extractfile(member)
            assert stream is not None
            yield member.name, stream
        while counted.read(_HEADER):  # the end has a checksum, too
            pass


class _Member(tarfile.TarInfo):
    """A member whose kind, and the size of whose header, is looked at before tarfile acts on it."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type not in (*_PLAIN, *_EXTENDED):
            raise BadPack(f"{self.name[:80]!r} in it is no plain file")
        if self.type in _EXTENDED and self.size > _HEADER:
            raise BadPack("a name in it is longer than any of ours")
        processed = super()._proc_member(archive)  # type: ignore[misc]  # tarfile's own hook, untyped
        assert isinstance(processed, tarfile.TarInfo)
        return processed


def _of_zip(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(file) as archive:
        for entry in archive.infolist():
            mode = entry.external_attr >> 16
            if entry.is_dir() or (mode and not stat.S_ISREG(mode)):
                raise BadPack(f"{entry.filename[:80]!r} in it is no plain file")
            with archive.open(entry) as stream:
                yield entry.filename, stream


def _refuse_name(name: str) -> None:
    parts = name.split("/")
    good = all(_PART.fullmatch(part) and not part.startswith(".") for part in parts)
    if not good or len(name) > _LONGEST or len(parts) > _DEEPEST:
        raise BadPack(f"it holds {name[:80]!r}, which no backup of ours does")


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except _BROKEN as wrong:
        raise BadPack(f"it is broken, or none of ours: {wrong}") from wrong
