"""YAML files of the owner, changed whole or not at all: written beside, renamed, and put back where it was no good."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path

from daemon.adapters.disk import whole

_BOM = "\ufeff"


class CannotWrite(Exception):
    """A file cannot be read or replaced; nothing of it was changed."""


@dataclass(slots=True)
class Pages:
    """Files that are about to change: what they were, and what they are to be."""

    before: dict[str, bytes | None] = field(default_factory=dict)  # None: there was no such file
    after: dict[str, str] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)  # that were made for files which are new

    def text(self, path: str) -> str:
        """What a file is to be by now; empty where there is none yet."""
        path = os.path.realpath(path)
        if path not in self.after:
            self.before[path] = content = _content(path)
            try:
                self.after[path] = (content or b"").decode()
            except UnicodeDecodeError:
                raise CannotWrite(f"{path} is not UTF-8: save it as UTF-8") from None
        return self.after[path].removeprefix(_BOM)

    def put(self, path: str, text: str) -> None:
        """Say what a file, asked for before, is to be."""
        path = os.path.realpath(path)
        mark = _BOM if self.after[path].startswith(_BOM) else ""
        self.after[path] = mark + text

    def changed(self) -> list[str]:
        return [path for path, text in self.after.items() if text.encode() != self.before[path]]

    def write(self) -> None:
        """Replace every file that is to change; where one cannot be, none is.

        Raises:
            CannotWrite: one cannot be written, or changed since it was read.
        """
        done: list[str] = []
        for path in self.changed():
            try:
                if _content(path) != self.before[path]:
                    raise CannotWrite(f"{path} was changed by somebody else meanwhile: try again")
                self._make_folder(os.path.dirname(path))
                _replace(path, self.after[path].encode())
            except (CannotWrite, OSError) as fault:
                self._put_back(done)
                if isinstance(fault, CannotWrite):
                    raise
                raise CannotWrite(f"{path}: cannot be written: {fault.strerror}") from fault
            done.append(path)

    def put_back(self) -> None:
        """Make every file what it was."""
        self._put_back(self.changed())

    def _put_back(self, paths: list[str]) -> None:
        for path in paths:
            content = self.before[path]
            if content is None:
                os.unlink(path)
            else:
                _replace(path, content)
        for folder in self.folders:
            with contextlib.suppress(OSError):  # somebody put something into it meanwhile
                os.rmdir(folder)
        self.folders.clear()

    def _make_folder(self, folder: str) -> None:
        """The one that a new file lies in, where it is missing; more than one level is rather a slip of the pen."""
        if os.path.isdir(folder):
            return
        if not os.path.isdir(above := os.path.dirname(folder)):
            raise CannotWrite(f"there is no folder {above}")
        os.mkdir(folder, 0o750)
        self.folders.append(folder)


def _content(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWrite(f"{path} cannot be read: {error.strerror}") from None


def _replace(path: str, content: bytes) -> None:
    """Write beside, durable, with the rights of what it takes the place of; then rename."""
    with whole(Path(path)) as stream:
        stream.write(content)
        try:
            known = os.stat(path)
            os.fchmod(stream.fileno(), known.st_mode & 0o7777)
            with contextlib.suppress(PermissionError):  # only root gives files away
                os.fchown(stream.fileno(), known.st_uid, known.st_gid)
        except FileNotFoundError:
            os.fchmod(stream.fileno(), 0o666 & ~_umask())


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
