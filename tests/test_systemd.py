"""What the service manager hears, over a real datagram socket in its place."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.systemd import Notifier, watchdog_seconds


class Listener:
    """The service manager's end."""

    def __init__(self, address: str) -> None:
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(address)
        self.socket.settimeout(5)

    def heard(self) -> str:
        return self.socket.recv(4096).decode()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    heard = Listener(str(tmp_path / "notify"))
    yield heard
    heard.socket.close()


@pytest.fixture
def notifier(listener: Listener) -> Notifier:
    return Notifier({"NOTIFY_SOCKET": listener.socket.getsockname()})


def test_each_message_is_what_sd_notify_sends(notifier: Notifier, listener: Listener) -> None:
    notifier.ready("3 invoices open")
    notifier.watchdog()
    notifier.status("mailbox read to its end at 07:28")
    notifier.stopping()
    notifier("EXTEND_TIMEOUT_USEC=1000000")

    assert [listener.heard() for _ in range(5)] == [
        "READY=1\nSTATUS=3 invoices open",
        "WATCHDOG=1",
        "STATUS=mailbox read to its end at 07:28",
        "STOPPING=1",
        "EXTEND_TIMEOUT_USEC=1000000",
    ]


def test_a_reload_states_the_monotonic_time_at_which_it_began(notifier: Notifier, listener: Listener) -> None:
    before = time.monotonic_ns() // 1000
    notifier.reloading()
    after = time.monotonic_ns() // 1000
    first, second = listener.heard().split("\n")

    assert first == "RELOADING=1"
    assert before <= int(second.removeprefix("MONOTONIC_USEC=")) <= after


def test_a_status_cannot_smuggle_in_another_assignment(notifier: Notifier, listener: Listener) -> None:
    """A server's reason, with line breaks in it, may end up in the status."""
    notifier.status("relay said: 550\r\nSTOPPING=1\n")

    assert listener.heard() == "STATUS=relay said: 550 STOPPING=1"


def test_an_abstract_address_is_understood() -> None:
    """Containers and user managers use them; the @ stands for NUL."""
    name = f"sollecito-test-{os.getpid()}"
    listener = Listener("\0" + name)
    Notifier({"NOTIFY_SOCKET": "@" + name}).watchdog()
    heard = listener.heard()
    listener.socket.close()

    assert heard == "WATCHDOG=1"


@pytest.mark.parametrize(
    "environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/no/such/socket"}, {"NOTIFY_SOCKET": "vsock:2:1"}]
)
def test_without_a_service_manager_nothing_happens(environ: dict[str, str]) -> None:
    Notifier(environ).ready()


def test_a_service_manager_that_does_not_read_holds_us_up_for_a_second_at_most(
    notifier: Notifier, listener: Listener
) -> None:
    started = time.monotonic()
    listener.socket.setblocking(False)
    for _ in range(2000):  # beyond net.unix.max_dgram_qlen
        notifier("WATCHDOG=1")
        if time.monotonic() - started > 0.5:
            break

    assert time.monotonic() - started < 3


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": "120000000"}, 60.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": str(os.getpid())}, 60.0),
        ({"WATCHDOG_USEC": "120000000", "WATCHDOG_PID": "1"}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
    ],
    ids=["none", "set", "ours", "of another process", "zero", "nonsense"],
)
def test_the_watchdog_is_fed_twice_in_its_time_and_only_when_it_is_ours(
    environ: dict[str, str], seconds: float | None
) -> None:
    assert watchdog_seconds(environ) == seconds
