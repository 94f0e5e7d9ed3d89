"""A statement's file, of whichever format: told by what is in it, not by its name."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from daemon.adapters.bank_camt import is_camt, read_camt
from daemon.adapters.bank_csv import read_csv
from daemon.adapters.bank_mt940 import is_mt940, read_mt940
from daemon.adapters.bank_ofx import is_ofx, read_ofx
from daemon.domain.books.bank_statement import ColumnMap, Statement, StatementFault

MOST_OCTETS = 100 * 1024 * 1024
_MOST_PACKED = 1000  # files in a ZIP
_ZIP = b"PK\x03\x04"
_CANNOT_UNPACK = (  # what `zipfile` raises: damage, a password (RuntimeError), a method that it has not, made-up places
    zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError,
)  # fmt: skip
SUFFIXES = frozenset(
    {".xml", ".camt", ".sta", ".mt940", ".940", ".txt", ".ofx", ".qfx", ".csv", ".zip"}
)  # looked at in a folder


def read_bank_file(path: Path, columns: ColumnMap | None) -> list[Statement]:
    """All statements of a file.

    Raises:
        StatementFault: it cannot be read; the message names the file, and the line where there is one.
    """
    name = path.name
    try:
        if path.stat().st_size > MOST_OCTETS:
            raise StatementFault(f"{name}: larger than {MOST_OCTETS // 1024 // 1024} MB")
        content = path.read_bytes()
    except OSError as wrong:
        raise StatementFault(f"{name}: {wrong.strerror or wrong}") from None
    return read_statements(content, name, columns)


def read_statements(content: bytes, name: str, columns: ColumnMap | None) -> list[Statement]:
    """All statements in a file's octets, and in those of the files that are packed in it.

    Raises:
        StatementFault: as `read_bank_file`.
    """
    if content[:4] == _ZIP:
        return [one for packed, inside in _unpacked(content, name) for one in _read(inside, packed, columns)]
    return _read(content, name, columns)


def _unpacked(content: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """The files in a ZIP, in which many banks give a month's statements."""
    room = MOST_OCTETS
    try:
        with zipfile.ZipFile(BytesIO(content)) as pack:
            members = [member for member in pack.infolist() if not member.is_dir()]
            if len(members) > _MOST_PACKED:
                raise StatementFault(f"{name}: it holds more than {_MOST_PACKED} files")
            for member in members:
                with pack.open(member) as stream:
                    inside = stream.read(room + 1)  # what the directory says of its size may be made up
                room -= len(inside)
                if room < 0:
                    raise StatementFault(f"{name}: unpacked it is larger than {MOST_OCTETS // 1024 // 1024} MB")
                yield f"{name}/{member.filename}", inside
    except _CANNOT_UNPACK as wrong:
        raise StatementFault(f"{name}: this ZIP cannot be unpacked: {wrong}") from None


def _read(content: bytes, name: str, columns: ColumnMap | None) -> list[Statement]:
    if is_camt(content):
        return read_camt(content, name)
    text = _text(content)
    if is_ofx(text):
        return read_ofx(text, name)
    if is_mt940(text):
        return read_mt940(text, name)
    if text.lstrip().startswith("<"):
        raise StatementFault(f"{name}: XML, but no camt.052, .053, .054 and no OFX")
    if columns is None:
        raise StatementFault(
            f"{name}: no CAMT, MT940 or OFX; for CSV, `bank: {{map: ...}}` of the config says how it is to be read"
        )
    return read_csv(content, name, columns)


def _text(content: bytes) -> str:
    """MT940 and OFX have no word for it: UTF-8 where it is that, else Windows' western one; UTF-16 has a mark."""
    try:
        if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def files_in(folder: Path) -> list[Path]:
    """The files of a folder that may be statements, by name; hidden ones are drafts."""
    try:
        return sorted(
            path
            for path in folder.iterdir()
            if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
        )
    except OSError:
        return []
