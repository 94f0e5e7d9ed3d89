"""A dossier on the disk: one ZIP, the same octets for the same pieces, there as a whole or not at all."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from daemon.adapters.disk import whole
from daemon.mail.dossier.manifest import Piece

_DOSSIERS = "dossiers"  # in the state directory: one folder a client, so that one can be forgotten
_FILE = 0o100600 << 16  # for unzip: an ordinary file that its owner may read and write
_UNIX = 3  # of the ZIP format's systems


def shelf_of(state: Path, client: str) -> Path:
    """Where the dossiers of a client lie in a state directory."""
    return state / _DOSSIERS / client  # the key of a client is no more than letters, digits, - . and _


def forget_dossiers(state: Path, client: str) -> None:
    """Remove what was put together about a client; nothing there is fine."""
    with suppress(FileNotFoundError):
        shutil.rmtree(shelf_of(state, client))


def write_zip(path: Path, pieces: Sequence[Piece], on: date) -> None:
    """Write the pieces in their order; mode 0600, durable on return.

    Args:
        on: the date that every file in it bears.

    Raises:
        OSError: it cannot be written; what stood there before stands there still.
    """
    with whole(path) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for piece in pieces:
            archive.writestr(_entry(piece.name, on), piece.content, zipfile.ZIP_DEFLATED)


def _entry(name: str, on: date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(on.year, 1980), on.month, on.day, 0, 0, 0))
    entry.external_attr, entry.create_system = _FILE, _UNIX
    return entry
