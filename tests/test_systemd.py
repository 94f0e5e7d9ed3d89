"""What the service manager hears, over a real datagram socket in its place."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.adapters.systemd import Notifier
from daemon.loops.supervise import FEEDS_EVERY


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
    notifier("WATCHDOG=1")
    notifier.stopping()

    assert [listener.heard() for _ in range(3)] == ["READY=1\nSTATUS=3 invoices open", "WATCHDOG=1", "STOPPING=1"]


def test_a_reload_states_the_monotonic_time_at_which_it_began(notifier: Notifier, listener: Listener) -> None:
    before = time.monotonic_ns() // 1000
    notifier.reloading()
    after = time.monotonic_ns() // 1000
    first, second = listener.heard().split("\n")

    assert first == "RELOADING=1"
    assert before <= int(second.removeprefix("MONOTONIC_USEC=")) <= after


def test_a_status_cannot_smuggle_in_another_assignment(notifier: Notifier, listener: Listener) -> None:
    """It would be believed like one of ours."""
    notifier.ready("relay said: 550\r\nSTOPPING=1\n")

    assert listener.heard() == "READY=1\nSTATUS=relay said: 550 STOPPING=1"


def test_an_abstract_address_is_understood() -> None:
    """Containers and user managers use them; the @ stands for NUL."""
    name = f"sollecito-test-{os.getpid()}"
    listener = Listener("\0" + name)
    Notifier({"NOTIFY_SOCKET": "@" + name}).ready()
    heard = listener.heard()
    listener.socket.close()

    assert heard == "READY=1"


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


@pytest.mark.parametrize("unit", ["sollecito.service", "sollecito@.service"])
def test_the_watchdog_is_fed_twice_in_the_time_that_the_unit_gives(unit: str) -> None:
    """As sd_watchdog_enabled(3) advises."""
    text = (Path(__file__).parent.parent / "systemd" / unit).read_text(encoding="utf-8")
    [minutes] = re.findall(r"^WatchdogSec=(\d+)min$", text, re.MULTILINE)

    assert int(minutes) * 60 >= 2 * FEEDS_EVERY
