"""A marker in every secret that the tests use: where it turns up and does not belong, a secret has leaked.

`tests/conftest.py` looks for it after each test: in what was written, logged and printed, and in every file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

MARK = "c4n4ry"
PASSWORD = f"secret-{MARK}-1f6b"  # of accounts on the tests' own servers
_KEEPERS = {"password", "oauth.json", "oauth.json.new", "smtp", "imap"}  # files that are there to hold one
_KEEPING_FOLDERS = {"users", "credentials"}  # Dovecot's accounts; systemd's credentials
_LARGEST = 32 << 20  # octets of a file that are looked at


def leaks(folder: Path) -> Iterator[str]:
    """The files below `folder` that hold the mark and should not, and the names that do."""
    mark = MARK.encode()
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in _KEEPING_FOLDERS]
        for name in files:
            path = Path(place, name)
            looked_at = name not in _KEEPERS and path.is_file() and not path.is_symlink()
            if MARK in name or (looked_at and mark in _start(path)):
                yield str(path)


def _start(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST)
    except OSError:
        return b""  # gone meanwhile, or not ours to read
