"""The daemon's own program, ended by SIGKILL at a chosen step: `python -m tests.real.killed_at before:17 NOTES run ...`

before:N, after:N   right before, or right after, the N-th durable step: a sync, a rename, a link, a file's removal,
                    DATA and the dot on the wire
sending:N, ...      at the N-th line of the files that do a part of the day's work (`PARTS`)
broken:N            the N-th sync or rename answers EIO
never               lives on

NOTES gets a line a step, the one at which it ends included.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from aiosmtplib.protocol import SMTPProtocol

import daemon.adapters.disk
from daemon.__main__ import main
from tests.real.short_times import shorten

ROOT = Path(daemon.adapters.disk.__file__).parent.parent
# How their names begin.  Only files that touch the world: pure ones change nothing anywhere.
PARTS = {
    "sending": ("loops/deliver", "loops/departures", "loops/doubts", "loops/gate", "loops/post", "loops/verdicts",
                "loops/copies", "adapters/smtp"),
    "reading": ("loops/listen", "loops/lost", "loops/sendings", "loops/authenticate", "adapters/imap"),
    "commands": ("loops/orders", "loops/answer", "loops/desk", "adapters/control"),
    "digest": ("loops/report", "loops/owner_post", "loops/tell", "loops/quotes"),
    "records": ("loops/book", "loops/keep", "adapters/archive", "adapters/disk", "adapters/journal", "adapters/state",
                "adapters/tinydb"),
    "bank and dossier": ("loops/bank", "loops/handovers", "loops/dossier", "adapters/dossier"),
}  # fmt: skip
DURABLE = ("fsync", "fdatasync", "replace", "rename", "link", "unlink")


class Steps:
    """Counts, notes, and ends the process."""

    def __init__(self, when: str, notes: str) -> None:
        self.how, _, number = when.partition(":")
        self.last = int(number or 0)
        self.count = self.lines = 0
        self._files = tuple(f"{ROOT}/{begins}" for begins in PARTS.get(self.how, ()))
        assert all(any(ROOT.glob(f"{begins}*")) for begins in PARTS.get(self.how, ())), "a file has another name"
        self._turn = threading.RLock()
        self._notes = os.open(notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)

    def wrap(self, name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **options: Any) -> Any:
            with self._turn:
                self.count += 1
                here = self.count == self.last
                os.write(self._notes, f"{self.count} {name} {_named(args[0]) if args else ''}\n".encode())
                if here and self.how == "before":
                    _die()
                if here and self.how == "broken" and name in DURABLE:
                    raise OSError(errno.EIO, os.strerror(errno.EIO))
            done = does(*args, **options)
            if here and self.how == "after":
                _die()
            return done

        return step

    def traced(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any] | None:
        """For `sys.settrace`."""
        return self._line if frame.f_code.co_filename.startswith(self._files) else None

    def _line(self, frame: FrameType, event: str, arg: object) -> Callable[..., Any]:
        if event == "line":
            self.lines += 1
            if self.lines == self.last:
                file = frame.f_code.co_filename.removeprefix(f"{ROOT}/")
                os.write(self._notes, f"{self.lines} line {file}:{frame.f_lineno}\n".encode())
                _die()
        return self._line


class _Syncfs:
    """syncfs(2) is called through ctypes."""

    def __init__(self, steps: Steps) -> None:
        self.syncfs = steps.wrap("syncfs", daemon.adapters.disk._C.syncfs)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _named(what: object) -> str:
    """A file without what a run has of its own."""
    if isinstance(what, int):
        what = os.readlink(f"/proc/self/fd/{what}")
    return Path(os.fsdecode(what)).name if isinstance(what, str | bytes | os.PathLike) else ""


def watch(steps: Steps) -> None:
    for name in DURABLE:
        setattr(os, name, steps.wrap(name, getattr(os, name)))
    daemon.adapters.disk._C = _Syncfs(steps)  # type: ignore[assignment]  # as far as it is used
    write = SMTPProtocol.write

    def say(self: SMTPProtocol, octets: bytes) -> None:
        word = "DATA" if octets == b"DATA\r\n" else "dot" if octets.endswith(b"\r\n.\r\n") else ""
        (steps.wrap(word, write) if word else write)(self, octets)

    SMTPProtocol.write = say  # type: ignore[method-assign]  # counts, and says it all the same
    if steps.how in PARTS:
        threading.settrace(steps.traced)
        sys.settrace(steps.traced)


if __name__ == "__main__":
    when, notes = sys.argv[1:3]
    del sys.argv[1:3]
    shorten(  # a day is short here
        {
            "daemon.loops.tell._GATHER": 0.5,
            **{f"daemon.loops.{loop}._RETRY": 1 for loop in ("answer", "report", "tell")},
            **{f"daemon.loops.{loop}._DISK_PAUSE": 1 for loop in ("bank", "deliver", "plan")},
            "daemon.loops.handovers._AGAIN": 1,
        }
    )
    watch(Steps(when, notes))
    main()
