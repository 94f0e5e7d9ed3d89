"""`sollecito init`: writes the first config, and never over another one."""

from __future__ import annotations

import contextlib
import os
from datetime import date
from pathlib import Path

from daemon.adapters import config_yaml
from daemon.adapters.first_config import FirstAnswers, config_text, invoices_text
from daemon.ports import Problem, Settings

_PRIVATE, _FOR_THE_GROUP = 0o600, 0o640


class CannotBegin(Exception):
    """Nothing was written; the message says why."""


class Misfit(Exception):
    """The config would not pass `check`; nothing was written."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


def refuse_to_overwrite(out: Path) -> None:
    """Raises `CannotBegin` where there is something already, or no folder to write into."""
    if os.path.lexists(out):
        raise CannotBegin(f"{out} is there already, and is never overwritten: name another file with --out, or edit it")
    if not out.parent.is_dir():
        raise CannotBegin(f"there is no folder {out.parent}")


def has_no_password(path: Path) -> bool:
    """Whether there is no such file; or an empty one, as systemd-tmpfiles makes them for the service."""
    return not path.exists() or (path.is_file() and not path.stat().st_size)


def keep_password(path: Path, password: str) -> bool:
    """Keep a password in a file that only its owner can read, where there is none; whether the file is new."""
    try:
        _write_new(path, password, _PRIVATE)
    except FileExistsError:
        if has_no_password(path):
            path.chmod(_PRIVATE)
            path.write_text(password, encoding="utf-8")
        return False
    return True


class FirstFiles:
    """A config that is written beside its place, found good, and only then put there.

    Used as a context: what was not put in its place is taken away at the end.
    """

    def __init__(self, out: Path, told: FirstAnswers, today: date) -> None:
        """Raises `CannotBegin` where it cannot be written, `Misfit` where `check` would find a fault in it."""
        refuse_to_overwrite(out)
        self._out = out
        self._draft = out.with_name(f".{out.name}.draft")
        self._made: list[Path] = []
        try:
            self.invoices = self._with_invoices(told, today)
            self._draft.unlink(missing_ok=True)
            self._make(self._draft, config_text(told, today))
            loaded = config_yaml.load(str(self._draft))
            if loaded.settings is None or loaded.problems:
                raise Misfit(loaded.problems)
        except OSError as fault:
            self.take_away()
            raise CannotBegin(f"{fault.filename or out}: {fault.strerror}") from fault
        except BaseException:  # also where it is broken off: no half of it is left lying about
            self.take_away()
            raise
        self.settings: Settings = loaded.settings

    def __enter__(self) -> FirstFiles:
        return self

    def __exit__(self, *_: object) -> None:
        self.take_away()

    def put(self) -> None:
        """The config takes its place; a link does not overwrite what came there meanwhile."""
        try:
            os.link(self._draft, self._out)
        except FileExistsError:
            refuse_to_overwrite(self._out)
            raise
        self._made = [self._draft]

    def take_away(self) -> None:
        for path in reversed(self._made):
            if path.is_dir():
                with contextlib.suppress(OSError):  # somebody put something into it meanwhile
                    path.rmdir()
            else:
                path.unlink(missing_ok=True)
        self._made = []

    def _make(self, path: Path, text: str) -> None:
        _write_new(path, text, _FOR_THE_GROUP)
        self._made.append(path)

    def _with_invoices(self, told: FirstAnswers, today: date) -> Path:
        """A first file of invoices; where there are some already they are left alone."""
        folder = self._out.parent / told.invoices
        for made in (folder.parent, folder):
            with contextlib.suppress(FileExistsError):
                made.mkdir(mode=0o750)
                self._made.append(made)
        path = folder / f"{today.year}.yaml"
        if not any(folder.glob("*.yaml")):
            self._make(path, invoices_text(told, today))
        return path


def _write_new(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with open(descriptor, "w", encoding="utf-8") as stream:
        os.fchmod(descriptor, mode)  # whatever the umask says
        stream.write(text)
