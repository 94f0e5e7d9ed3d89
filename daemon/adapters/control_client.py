"""The command's end of the control socket (`daemon.adapters.control`): one question, one answer, no event loop."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import msgspec

from daemon.adapters.control import LONGEST_PATH, PathTooLong

LONGEST_ANSWER = 64 * 1024 * 1024  # bytes; the status of 100,000 invoices has room


class NoDaemon(Exception):
    """Nobody listens: there is no daemon for this state, and the command may take the lock itself."""


class NotAllowed(Exception):
    """There is a socket, and this user may not connect to it."""


class NoAnswer(Exception):
    """The daemon was asked and did not answer: the command may have been carried out, or not."""


def ask(path: Path, command: str, args: dict[str, Any], timeout: float = 30.0) -> dict[str, Any]:
    """Ask the daemon behind `path`; its answer, `{"ok": true, ...}` or `{"ok": false, "error": ...}`.

    Args:
        timeout: seconds, for the whole of it.

    Raises:
        NoDaemon, NotAllowed, PathTooLong: nothing was asked.
        NoAnswer: asked, and the outcome is unknown.
    """
    if len(os.fsencode(path)) > LONGEST_PATH:
        raise PathTooLong(f"{path}: too long for a Unix socket (at most {LONGEST_PATH} bytes)")
    until = time.monotonic() + timeout
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        _connect(line, path, until)
        try:
            line.settimeout(max(until - time.monotonic(), 0.001))
            line.sendall(msgspec.json.encode({"command": command, "args": args}) + b"\n")
            answer: dict[str, Any] = msgspec.json.decode(_read_line(line, until), type=dict[str, Any])
        except (OSError, msgspec.DecodeError) as fault:
            raise NoAnswer(
                f"{path}: the daemon was asked for `{command}` and gave no answer ({fault}); look at `sollecito status`"
                " before you ask again"
            ) from fault
        return answer


def _connect(line: socket.socket, path: Path, until: float) -> None:
    while True:
        line.settimeout(max(until - time.monotonic(), 0.001))
        try:
            line.connect(str(path))
        except (FileNotFoundError, NotADirectoryError, ConnectionRefusedError) as fault:
            raise NoDaemon(f"{path}: no daemon listens here") from fault
        except PermissionError as fault:
            raise NotAllowed(f"{path}: this user may not talk to the daemon; its group may (`ls -l {path}`)") from fault
        except (BlockingIOError, TimeoutError) as fault:  # EAGAIN: the queue of those who wait is full
            if time.monotonic() >= until:
                raise NoAnswer(f"{path}: the daemon takes no calls") from fault
            time.sleep(0.02)
        else:
            return


def _read_line(line: socket.socket, until: float) -> bytes:
    received = bytearray()
    while not received.endswith(b"\n"):
        line.settimeout(max(until - time.monotonic(), 0.001))
        part = line.recv(1 << 16)
        if not part:
            raise ConnectionResetError("it hung up")
        received += part
        if len(received) > LONGEST_ANSWER:
            raise ConnectionAbortedError(f"more than {LONGEST_ANSWER} bytes")
    return bytes(received)
