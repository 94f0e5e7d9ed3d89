"""The daemon itself, as a process: statements are read at its start, while it runs, and from the command line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.canary import PASSWORD, leaks
from tests.cli_place import ROOT, CliPlace

SAMPLES = ROOT / "tests" / "bank"
SOON = 20.0  # seconds; a process starts in two
CLOSED = {"host": "localhost", "port": 1, "security": "none"}  # nobody listens there


@pytest.fixture
def place() -> Iterator[CliPlace]:
    """A short path, for the socket's sake."""
    folder = Path(tempfile.mkdtemp(prefix="sol-", dir="/tmp"))
    (folder / "statements").mkdir()
    shutil.copy(SAMPLES / "camt053-v02.xml", folder / "statements")
    yield CliPlace(
        folder,
        bank={"folder": "statements"},
        smtp=CLOSED,
        imap={**CLOSED, "username": "u", "password": {"env": "IMAP_PASSWORD"}},
        invoices=[
            {"number": number, "client": "acme", "due": "2026-10-30", "total": "1220.00", "currency": "EUR"}
            for number in ("2026-041", "2026-077")
        ],
    )
    found = [*leaks(folder)]
    shutil.rmtree(folder)
    assert not found, f"a secret has leaked into {found}"


@contextmanager
def run(place: CliPlace) -> Iterator[subprocess.Popen[bytes]]:
    environ = {"PYTHONPATH": str(ROOT), "RUNTIME_DIRECTORY": str(place.folder), "IMAP_PASSWORD": PASSWORD}
    with (place.folder / "daemon.log").open("ab") as log:
        running = subprocess.Popen(
            [sys.executable, "-m", "daemon", "run", "-c", str(place.config)], cwd=place.folder,
            env={**os.environ, **environ}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        until(lambda: place.json("status")["daemon"])
        yield running
    finally:
        running.send_signal(signal.SIGTERM)
        assert running.wait(SOON) == 0


@pytest.fixture
def daemon(place: CliPlace) -> Iterator[subprocess.Popen[bytes]]:
    with run(place) as running:
        yield running


def until(told: Callable[[], object]) -> None:
    end = time.monotonic() + SOON
    while not told():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.1)


def test_statements_are_read_at_the_start_while_it_runs_and_by_command(
    place: CliPlace, daemon: subprocess.Popen[bytes]
) -> None:
    def paid(number: str) -> bool:
        return bool(place.row(number)["state"] == "paid")

    until(lambda: paid("2026-041"))
    shutil.copy(SAMPLES / "camt053-v08.xml", place.folder / "statements")
    until(lambda: not paid("2026-041"))
    again = place.json("payments", str(SAMPLES / "camt054-v02.xml"))
    assert again["counts"]["known"] == 1, "the daemon answered: the bank's reference is the same"

    (place.folder / "statements" / "broken.xml").write_text("<x/>")
    until(lambda: any("broken.xml: XML, but no camt" in fault for fault in place.json("status")["faults"]))
    assert place.json("status")["daemon"] is True


def test_a_folder_that_the_config_names_while_it_runs_is_read(place: CliPlace) -> None:
    place.edit(bank={"fresh_within": "4d"})
    with run(place):
        place.edit(bank={"folder": "statements"})
        until(lambda: place.row("2026-041")["state"] == "paid")
