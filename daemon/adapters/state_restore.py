"""A state directory from a backup: checked as a whole, then put in place piece by piece, the journal last."""

from __future__ import annotations

import hashlib
import os
import pwd
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import msgspec

from daemon.adapters.disk import sync_directory, sync_file_system
from daemon.adapters.journal_install import HEAD, JOURNAL, install
from daemon.adapters.journal_lines import read_header, unseal
from daemon.adapters.oauth_store import FILE as LOGINS
from daemon.adapters.oauth_store import LOCK as LOGINS_LOCK
from daemon.adapters.pack_file import BadPack, reading
from daemon.adapters.state_backup import MANIFEST, Manifest, Packed, Progress
from daemon.adapters.state_dir import REPLACED, RESTORING, refuse_for_another
from daemon.adapters.state_keys import FILE as KEYS
from daemon.adapters.state_keys import load_keys
from daemon.adapters.state_lock import FILE as LOCK
from daemon.adapters.state_lock import take_lock
from daemon.domain.journal import decode, encode
from daemon.domain.journal.restore_entries import StateRestored

_PIECE = 1 << 20
_LARGEST_MANIFEST = 1 << 30


class NotRestored(Exception):
    """The backup is not good, or something stands in its place; the state is as it was."""


def restore_backup(
    backup: Path, state: Path, mark: StateRestored, progress: Progress, *, replace: bool = False
) -> tuple[Manifest, Path | None]:
    """Make `state` what the backup holds, with a mark in its journal that it was restored.

    Args:
        mark: the entry; what it says of the backup is filled in.
        replace: what stands there is put into a folder in it; else only an empty place is taken.

    Returns:
        The manifest, and the folder that holds what stood there; None: nothing did.

    Raises:
        NotRestored, StateFault: nothing was changed.
        OSError, DiskTrouble: no room, or it was broken off; begin again.
    """
    try:
        state.parent.mkdir(parents=True, exist_ok=True)
        state.mkdir(mode=0o700, exist_ok=True)
    except PermissionError:
        user = pwd.getpwuid(os.geteuid()).pw_name
        raise NotRestored(
            f"there is no {state}, and {user} may not make it: as root, `install -d -o {user} -m 0700 {state}`"
        ) from None
    refuse_for_another(state)
    with _locked(state):
        stands = sorted(name for name in os.listdir(state) if name not in (LOCK, LOGINS_LOCK, RESTORING))
        left = [name for name in stands if not name.startswith(REPLACED)]
        broken_off = RESTORING in os.listdir(state) and not {JOURNAL, HEAD} & set(left)  # it is the restore's own
        if left and not replace and not broken_off:
            raise NotRestored(
                f"{state} is not empty ({', '.join(left[:5])}): a state that is newer than the backup would be lost."
                " With --replace it is put aside, into a folder in it"
            )
        aside = state / RESTORING
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(mode=0o700)
        try:
            manifest = _unpacked(backup, aside, progress)
            _check(aside, manifest)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            if broken_off:  # what the first try left is still no state
                aside.mkdir(mode=0o700, exist_ok=True)
            raise
        # From here on it stays where it is broken off: it says that what lies beside it is no state.
        folder = _put_aside(state, left, mark.at) if left else None
        _put_in_place(state, aside, msgspec.structs.replace(
            mark, backup_at=manifest.made_at, entries=manifest.entries
        ), progress)  # fmt: skip
        shutil.rmtree(aside, ignore_errors=True)
    return manifest, folder


@contextmanager
def _locked(state: Path) -> Iterator[None]:
    lock = take_lock(state)
    try:
        yield
    finally:
        os.close(lock)


def _unpacked(backup: Path, aside: Path, progress: Progress) -> Manifest:
    """Write the files into a folder of their own; the manifest that they fit."""
    found: dict[str, Packed] = {}
    manifest: Manifest | None = None
    try:
        for number, (name, content) in enumerate(reading(backup), 1):
            if name == MANIFEST:
                raw = b"".join(iter(lambda c=content: c.read(_PIECE), b""))  # type: ignore[misc]  # bound at once
                manifest = msgspec.json.decode(raw[:_LARGEST_MANIFEST], type=Manifest)
                continue
            path = aside / name
            for folder in [*reversed(path.relative_to(aside).parents)][1:]:
                (aside / folder).mkdir(mode=0o700, exist_ok=True)
            fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            hashed, size = hashlib.sha256(), 0
            with os.fdopen(fd, "wb") as file:
                while piece := content.read(_PIECE):
                    file.write(piece)
                    hashed.update(piece)
                    size += len(piece)
            found[name] = Packed(size, hashed.hexdigest())
            if number % 1000 == 0:
                progress(f"{number} files")
    except (BadPack, msgspec.MsgspecError) as wrong:
        raise NotRestored(f"{backup}: {wrong}") from wrong
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as wrong:
        raise NotRestored(f"{backup}: a name in it is a file and a folder: {wrong}") from wrong
    if manifest is None:
        raise NotRestored(f"{backup}: it has no manifest: it is no backup of ours, or only the first part of one")
    _compare(backup, manifest.files, found)
    return manifest


def _compare(backup: Path, said: Mapping[str, Packed], found: Mapping[str, Packed]) -> None:
    for name in sorted({*said, *found}):
        if said.get(name) != found.get(name):
            raise NotRestored(f"{backup}: {name} is not what the manifest says; the file is damaged, or was changed")
    for name in (JOURNAL, KEYS):
        if name not in found:
            raise NotRestored(f"{backup}: it has no {name}")
    for name in found:
        if name in (HEAD, LOCK, LOGINS_LOCK) or name.startswith(REPLACED) or name.endswith(".new"):
            raise NotRestored(f"{backup}: it holds {name}, which no backup of ours does")


def _check(aside: Path, manifest: Manifest) -> None:
    """Whether this release can start on it: every entry, and the keys."""
    number = 0
    for number, body in enumerate(_bodies(aside / JOURNAL), 1):
        try:
            decode(body)
        except msgspec.MsgspecError as wrong:
            raise NotRestored(
                f"entry {number} is none of this release ({wrong}); was a newer one run on it?"
            ) from wrong
    if number != manifest.entries:
        raise NotRestored(f"the journal has {number} entries where the manifest says {manifest.entries}")
    load_keys(aside)


def _bodies(journal: Path) -> Iterator[bytes]:
    with journal.open("rb") as file:
        try:
            _, chain = read_header(file.readline().rstrip(b"\n"))
            for line in file:
                body, chain = unseal(line.rstrip(b"\n"), chain)
                yield body
        except ValueError as wrong:
            raise NotRestored(f"the journal in it is garbled: {wrong}") from wrong


def _put_aside(state: Path, names: list[str], at: datetime) -> Path:
    """Move what stands there into a folder; the journal first, so that nobody starts on half of it."""
    name = f"{REPLACED}{at:%Y%m%dT%H%M%S}"
    folder = next(p for n in count() if not (p := state / (f"{name}-{n}" if n else name)).exists())
    folder.mkdir(mode=0o700)
    for name in sorted(names, key=lambda name: name not in (JOURNAL, HEAD)):
        (state / name).rename(folder / name)
    sync_directory(folder)
    sync_directory(state)
    return folder


def _put_in_place(state: Path, aside: Path, mark: StateRestored, progress: Progress) -> None:
    """Each piece by a rename, durable before the journal, without which nothing starts, is installed."""
    progress("putting it in place")
    fd = os.open(aside, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        sync_file_system(fd, str(aside))
    finally:
        os.close(fd)
    for name in sorted(os.listdir(aside), key=lambda name: name in (KEYS, LOGINS)):
        if name != JOURNAL:
            (aside / name).rename(state / name)
    sync_directory(state)

    def bodies() -> Iterator[bytes]:
        yield from _bodies(aside / JOURNAL)
        yield encode(mark)

    install(state, bodies())
