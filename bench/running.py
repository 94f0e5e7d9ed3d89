"""A real `sollecito run` in a process of its own, with 1,000 invoices, against real mail servers.  It is no bench."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.creditor import write_config
from tests.real.servers import Account, MailHouse

INVOICES = 1000
READY_WITHIN = 60.0  # seconds
#: The command itself; when it has ended it tells what it had imported.
_RUN = """
import atexit, json, os, sys
atexit.register(lambda: json.dump(sorted(sys.modules), open(os.environ["BENCH_MODULES"], "w")))
from daemon.__main__ import main
main(["run", sys.argv[1]])
"""
_IMPORT = """
import importlib, json, sys
for name in json.load(open(sys.argv[1])):
    try:
        importlib.import_module(name)
    except ImportError:
        pass
print("imported", flush=True)
sys.stdin.read()
"""


def given_config(folder: Path, house: MailHouse) -> Path:
    """1,000 invoices of as many clients: a third overdue, which wait for the owner's go; the rest due later."""
    creditor: Account = house.new_user("fatture")
    password = folder / "password"
    password.write_text(creditor.password)
    login = {
        "username": creditor.username,
        "password": {"file": str(password)},
        "host": house.host,
        "ca_file": str(house.ca_file),
    }
    today = datetime.now(UTC).date()
    config = write_config(
        folder,
        INVOICES,
        address=creditor.address,
        due_on=today,
        smtp={**login, "port": house.postfix.starttls_port, "security": "starttls"},
        imap={**login, "port": house.dovecot.tls_port, "security": "tls"},
        extra={"first_start": "ask"},
    )
    text = config.read_text(encoding="utf-8").split(f"due: '{today}'")
    dues = [today + timedelta(days=(-20, 10, 40)[index % 3]) for index in range(len(text))]
    issued = f"issued: '{today - timedelta(days=30)}'"
    pieces = [
        piece.replace(issued, f"issued: '{dues[index] - timedelta(days=30)}'") for index, piece in enumerate(text)
    ]
    config.write_text(
        "".join(
            piece + (f"due: '{dues[index]}'" if index < len(pieces) - 1 else "") for index, piece in enumerate(pieces)
        ),
        encoding="utf-8",
    )
    return config


@dataclass(frozen=True, slots=True)
class Running:
    """The daemon's process, ready."""

    pid: int
    seconds_to_ready: float
    status: str  # what it said about itself when it was ready


@contextmanager
def running(config: Path) -> Iterator[Running]:
    """The daemon from start to READY=1; on leaving it is asked to stop, and has to end well.

    Afterwards `imported(config)` names the modules.
    """
    address = str(config.parent / "notify")
    Path(address).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, (config.parent / "log").open("wb") as output:
        notify.bind(address)
        notify.settimeout(READY_WITHIN)
        environ = {**os.environ, "NOTIFY_SOCKET": address, "BENCH_MODULES": str(config.parent / "modules.json")}
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, "-c", _RUN, str(config)], env=environ, stdout=output, stderr=output)
        try:
            while "READY=1" not in (lines := notify.recv(4096).decode()).splitlines():
                pass
            seconds = time.perf_counter() - started
            yield Running(process.pid, seconds, lines.partition("STATUS=")[2])
        finally:
            process.terminate()
            code = process.wait(30)
        assert code == 0, f"exit {code}: {(config.parent / 'log').read_text()[-2000:]}"


def imported(config: Path, *, ours: bool = False) -> Path:
    """A file with the names of all modules that the daemon had imported; of `ours` or without them."""
    names = json.loads((config.parent / "modules.json").read_text())
    left_out = ("__main__",) if ours else ("__main__", "daemon")
    file = config.parent / f"packages-{'all' if ours else 'others'}.json"
    file.write_text(json.dumps([name for name in names if name.partition(".")[0] not in left_out]))
    return file


@contextmanager
def only_importing(packages: Path) -> Iterator[tuple[int, float]]:
    """A process that has imported these modules and does nothing; its id, and the seconds that took."""
    started = time.perf_counter()
    command: Sequence[str] = [sys.executable, "-c", _IMPORT, str(packages)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "imported\n"
        try:
            yield process.pid, time.perf_counter() - started
        finally:
            process.communicate()


def resident(pid: int) -> int:
    """KiB, by the kernel's own count."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Rss:"))


def settled(pid: int, *, quiet: float = 3.0, at_most: float = 25.0) -> int:
    """KiB once they have not changed by more than 1 % for `quiet` seconds."""
    until, last, since = time.monotonic() + at_most, resident(pid), time.monotonic()
    while time.monotonic() < until and time.monotonic() - since < quiet:
        time.sleep(0.2)
        now = resident(pid)
        if abs(now - last) > last / 100:
            last, since = now, time.monotonic()
    return resident(pid)
