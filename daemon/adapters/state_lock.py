"""One process owns a state directory (F61).  `flock` lets go by itself when that process ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import sys
from contextlib import suppress
from pathlib import Path

from daemon.ports import StateFault

FILE = "lock"


def take_lock(directory: Path) -> int:
    """The descriptor that holds the lock until it is closed.

    Raises:
        StateFault: another process holds it; the text names its pid and command.
        OSError: the file cannot be made.
    """
    fd = os.open(directory / FILE, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(fd, 4096, 0).decode(errors="replace").strip() or "another process"
        os.close(fd)
        raise StateFault(
            f"{directory} is in use by {holder}. One process owns a state directory: stop that one first, "
            "or give the command to it"
        ) from None
    except BaseException:
        os.close(fd)
        raise
    with suppress(OSError):  # a full disk: the lock holds, only its holder's name is not told
        os.ftruncate(fd, 0)
        os.pwrite(fd, f"process {os.getpid()} ({_command()})\n".encode(), 0)
    return fd


def _command() -> str:
    program = os.path.basename(sys.argv[0])
    return " ".join(["sollecito" if program in ("", "__main__.py") else program, *sys.argv[1:]])[:200]
