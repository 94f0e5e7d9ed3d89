"""A backup of a state directory: one file, made while the daemon runs or not.

MANIFEST.json     what is in it: size and SHA-256 of each file, when it was made, how many entries; the last one
journal.jsonl     the journal up to one entry, as it stands in the state directory
keys.json         the HMAC keys; oauth.json: the tokens of the log-ins, unless they are left out
archive/, ...     whatever else lies in the state directory

The lock and half-written files stay out.  Entries and texts only ever grow, so a prefix of the journal with whatever
texts there are is a state that there was.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO, Literal, cast

import msgspec

from daemon.adapters.disk import whole
from daemon.adapters.journal_install import HEAD, JOURNAL
from daemon.adapters.journal_lines import header_line, read_header, seal
from daemon.adapters.journal_storage import JournalStorage
from daemon.adapters.oauth_store import FILE as LOGINS
from daemon.adapters.oauth_store import LOCK as LOGINS_LOCK
from daemon.adapters.pack_file import KINDS, PackWriter, kind_of, writing
from daemon.adapters.state_dir import REPLACED
from daemon.adapters.state_keys import FILE as KEYS
from daemon.adapters.state_lock import FILE as LOCK
from daemon.ports import StateFault

MANIFEST = "MANIFEST.json"
_OURS_ALONE = {JOURNAL, HEAD, KEYS, LOGINS, LOCK, LOGINS_LOCK, MANIFEST}
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
Progress = Callable[[str], None]


class NoBackup(Exception):
    """It cannot be made, or not there; nothing was written."""


class Packed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One file of a backup."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup holds."""

    format: Literal["sollecito-backup"] = "sollecito-backup"
    version: Literal[1] = 1
    made_at: datetime  # UTC
    made_by: str  # the release
    entries: int  # of the journal
    files: dict[str, Packed]


def make_backup(
    state: Path, out: Path, at: datetime, release: str, progress: Progress, *, logins: bool = True
) -> Manifest:
    """Write a backup of `state` to `out`; mode 0600, durable on return, there as a whole or not at all.

    Args:
        logins: with the refresh tokens of OAuth, so that nobody has to log in again after `restore`.

    Raises:
        NoBackup: no such kind of file, `out` lies in the state directory or is there already, or the state is empty.
        StateFault: the state cannot be trusted, or a link lies in it.
        OSError: it cannot be written; or what its `filename` names in `state` cannot be read.
    """
    kind = kind_of(out)
    if kind is None:
        raise NoBackup(f"{out}: name a file that ends in {', '.join(KINDS)}")
    folder = out.resolve().parent
    if folder.is_relative_to(state.resolve()):
        raise NoBackup(f"{out} lies in the state directory, which it is to save: name a file elsewhere")
    if os.path.lexists(out):
        raise NoBackup(f"{out} is there already: name another file")
    if not (state / KEYS).exists():
        raise NoBackup(f"{state}: there is nothing to save yet")
    with whole(out, _name) as file, writing(file, kind) as pack:
        return _pack(state, pack, at, release, progress, beside=folder, logins=logins)


def _name(aside: str, out: Path) -> None:
    """Give it its name; `FileExistsError` where something has come there meanwhile."""
    try:
        os.link(aside, out)  # unlike a rename, it never replaces anything
    except FileExistsError:
        raise
    except OSError:  # a stick with FAT has no links
        if os.path.lexists(out):
            raise
        os.rename(aside, out)
        return
    os.unlink(aside)


def _pack(
    state: Path, pack: PackWriter, at: datetime, release: str, progress: Progress, *, beside: Path, logins: bool
) -> Manifest:
    files: dict[str, Packed] = {}

    def add(name: str, size: int, content: IO[bytes]) -> None:
        hashed = Hashed(content)
        pack.add(name, size, cast("IO[bytes]", hashed))
        files[name] = Packed(size, hashed.sha256)

    progress("the journal")
    journal = JournalStorage(state, read_only=True)
    try:
        entries = journal.count
        with _journal(journal, beside) as (size, lines):
            add(JOURNAL, size, lines)
    finally:
        journal.close()
    for name in (KEYS, LOGINS) if logins else (KEYS,):
        with suppress(FileNotFoundError):
            content = _read(state / name)
            add(name, len(content), io.BytesIO(content))
    for count, (name, fd) in enumerate(_others(state)):
        with os.fdopen(fd, "rb") as file:
            add(name, os.fstat(fd).st_size, file)
        if count % 1000 == 999:
            progress(f"{count + 1} texts")
    manifest = Manifest(made_at=at, made_by=release, entries=entries, files=files)
    content = msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"
    pack.add(MANIFEST, len(content), io.BytesIO(content))
    return manifest


@contextmanager
def _journal(journal: JournalStorage, beside: Path) -> Iterator[tuple[int, IO[bytes]]]:
    """The lines up to now, sealed anew: what a crash left behind the journal's end stands in its head."""
    with tempfile.TemporaryFile(dir=beside) as spool:
        header = header_line("0" * 32)
        _, chain = read_header(header[:-1])
        spool.write(header)
        for body in journal.bodies():
            line, chain = seal(body, chain)
            spool.write(line)
        size = spool.tell()
        spool.seek(0)
        yield size, spool


def _read(path: Path) -> bytes:
    with _named(path), os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb") as file:
        return file.read()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """An `OSError` in it names the file by its path, not by a descriptor or within its folder."""
    try:
        yield
    except OSError as fault:
        fault.filename = str(path)
        raise


def _others(state: Path) -> Iterator[tuple[str, int]]:
    """Everything else that lies there: its name, and a descriptor.  No link is followed, none is passed over."""
    waiting = [""]
    while waiting:
        below = waiting.pop()
        try:
            folder = os.open(state / below, _DIRECTORY)
        except FileNotFoundError:
            continue  # forgotten meanwhile
        try:
            for name in sorted(os.listdir(folder)):
                full = f"{below}{name}"
                if name.startswith(".") or name.endswith(".new") or (not below and _stays(name)):
                    continue
                with suppress(FileNotFoundError):
                    mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
                    if stat.S_ISDIR(mode):
                        waiting.append(f"{full}/")
                    elif stat.S_ISREG(mode):
                        with _named(state / full):
                            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
                        yield full, fd
                    elif not stat.S_ISSOCK(mode):
                        raise StateFault(f"{state / full}: it is no plain file, and nothing of ours. Remove it first")
        finally:
            os.close(folder)


def _stays(name: str) -> bool:
    return name in _OURS_ALONE or name.startswith(REPLACED)


class Hashed:
    """A stream that hashes what is read from it."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._state = stream, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._state.update(piece)
        return piece

    @property
    def sha256(self) -> str:
        return self._state.hexdigest()
