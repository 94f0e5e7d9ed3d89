"""Postfix's smtp-sink: an SMTP server in a process of its own that takes everything and keeps nothing."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Self

from tests.real.workplace import Workplace, program


class Sink:
    """Listens on `port` of the loopback for as long as the `with` lasts."""

    def __enter__(self) -> Self:
        self._place = Workplace("sink")
        self.port = self._place.port()
        self._place.run(
            [program("/usr/sbin/smtp-sink"), "-u", "mailtest", f"127.0.0.1:{self.port}", "100"],
            user=None,
            log=self._place.folder / "console.log",
            ready=self._answers,
        )
        return self

    def _answers(self) -> None:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1) as line:
            if not line.recv(100).startswith(b"220"):
                raise ConnectionError("no greeting")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._place.clear()
