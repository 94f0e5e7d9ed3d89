"""What we tell the service manager.

Source: sd_notify(3).  The protocol is a datagram of KEY=VALUE lines to the Unix socket that
$NOTIFY_SOCKET names; outside a service the variable is missing and everything here is silent.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Mapping

SEND_SECONDS = 1.0  # how long a full queue of the service manager may hold us up


class Notifier:
    """Sends lines to the service manager.  Callable, so that it serves as `daemon.ports.Notify`.

    Raises nothing: a service manager that does not listen is no reason to stop reading the mailbox.
    """

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        self._address = _socket_address(environ.get("NOTIFY_SOCKET", ""))

    def __call__(self, lines: str) -> None:
        """Send KEY=VALUE lines as one message, which the service manager takes in as a whole."""
        if self._address is None:
            return
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.settimeout(SEND_SECONDS)
                line.sendto(lines.encode("utf-8", "replace"), self._address)
        except OSError:
            return

    def ready(self, status: str = "") -> None:
        """The start, or a reload, is complete."""
        self("READY=1" + _status(status))

    def reloading(self) -> None:
        """A reload begins; `ready` ends it.  The time tells this reload's READY=1 from an earlier one's."""
        self(f"RELOADING=1\nMONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """The stop begins."""
        self("STOPPING=1")


def _socket_address(written: str) -> str | None:
    """A path, or an abstract address, written with @ and beginning with NUL; vsock is for whole machines."""
    if written.startswith("@"):
        return "\0" + written[1:]
    return written if written.startswith("/") else None


def _status(text: str) -> str:
    """A line break in `text` would begin a new assignment; it becomes a space."""
    return f"\nSTATUS={' '.join(text.split())}" if text.strip() else ""
