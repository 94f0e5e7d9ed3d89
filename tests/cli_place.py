"""A creditor's folder for the tests of the command line: a config without servers, and `sollecito` as a process."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import structlog
import yaml
from click.testing import CliRunner

from daemon.__main__ import main
from tests.canary import MARK, PASSWORD

ROOT = Path(__file__).parent.parent
_BEGAN = datetime.now(UTC)
TODAY = _BEGAN.date()
# Where it was noon when the tests began: TODAY is the day there for as long as they last.  POSIX counts the other way,
# Etc/GMT-2 is two hours ahead.
NOON = f"Etc/GMT{_BEGAN.hour - 12:+d}"


def day(offset: int) -> str:
    """A date so many days from today."""
    return (TODAY + timedelta(days=offset)).isoformat()


@dataclass
class Finished:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


class CliPlace:
    """`config.yaml` and `state/` in a folder, and the commands on them."""

    def __init__(self, folder: Path, **changes: Any) -> None:
        self.folder = folder
        self.config = folder / "config.yaml"
        self.state = folder / "state"
        self.write({**a_config(self.state), **changes})

    def write(self, document: dict[str, Any]) -> None:
        self.config.write_text(yaml.safe_dump(document, sort_keys=False, allow_unicode=True))

    def edit(self, **changes: Any) -> None:
        self.write({**yaml.safe_load(self.config.read_text()), **changes})

    def run(self, *words: str, stdin: bytes = b"", folder: Path | None = None, **environ: str) -> Finished:
        """`sollecito` with these words, from the place's folder or another: in this process, which is quick."""
        return invoke(words, folder or self.folder, stdin, {"RUNTIME_DIRECTORY": str(self.folder), **environ})

    def process(self, *words: str, stdin: int = subprocess.DEVNULL, stdout: int = subprocess.PIPE) -> Finished:
        """The same as a process of its own; file descriptors where it is to read and to write elsewhere."""
        done = subprocess.run(
            [sys.executable, "-m", "daemon", *words], cwd=self.folder, stdin=stdin, stdout=stdout,
            stderr=subprocess.PIPE, text=True, timeout=60,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RUNTIME_DIRECTORY": str(self.folder)},
        )  # fmt: skip
        return Finished(done.returncode, done.stdout or "", done.stderr)

    def says(self, *words: str) -> str:
        """What a command that succeeds prints: one line on stdout, nothing on stderr."""
        done = self.run(*words)
        assert (done.code, done.err) == (0, ""), done.err
        assert done.out.count("\n") == 1, done.out
        return done.out

    def json(self, *words: str) -> Any:
        done = self.run(*words, "--json")
        assert done.code == 0, done.err
        return done.document

    def row(self, number: str) -> dict[str, Any]:
        """An invoice as `status` shows it."""
        [row] = [row for row in self.json("status")["invoices"] if row["number"] == number]
        assert isinstance(row, dict)
        return row


def invoke(words: Sequence[str], folder: Path, stdin: bytes, environ: Mapping[str, str]) -> Finished:
    """One command of `sollecito` in this very process, which is quick."""
    known = {"SOLLECITO_CONFIG": None, "COLUMNS": "100", "IMAP_PASSWORD": PASSWORD, **environ}
    with contextlib.chdir(folder), _logging_as_before():
        done = CliRunner().invoke(
            main, list(words), prog_name="sollecito", input=stdin, env=known, catch_exceptions=False
        )
    assert MARK not in done.stdout + done.stderr, "a secret was printed"
    return Finished(done.exit_code, done.stdout, done.stderr)


@contextlib.contextmanager
def _logging_as_before() -> Iterator[None]:
    """A command sets the log up for its own streams, which end with it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def a_config(state: Path) -> dict[str, Any]:
    """Two clients; what is overdue, what is to come, an instalment, a credit note, and what is paid."""
    return {
        "creditor": {
            "name": "Studio Bianchi S.r.l.", "contact": "Giulia Bianchi", "email": "fatture@bianchi.example",
            "phone": "+39 02 5550 1234", "address": "Via Roma 1, 20121 Milano", "language": "en",
            "timezone": NOON, "calendar": "IT", "payment": {"iban": "IT60X0542811101000000123456"},
        },
        "owner": {"email": "giulia@bianchi.example"},
        "smtp": {"host": "localhost", "security": "none"},
        "imap": {"host": "localhost", "security": "none", "username": "u", "password": {"env": "IMAP_PASSWORD"}},
        "state": f"tinydb://{state}",
        "clients": {
            "acme": {
                "name": "Acme S.p.A.", "language": "it",
                "contacts": [{"name": "Anna Verdi", "email": "anna@acme.example", "phone": "+39 02 5550 2000"}],
            },
            "beta": {
                "name": "Beta Ltd", "language": "en", "policy": "strict",
                "contacts": [{"name": "Bob Jones", "email": "bob@beta.example"}],
            },
        },
        "invoices": [
            invoice("2026-041", "acme", due=-40, total="1220.00"),
            invoice("2026-042", "acme", due=60, total="2440.50"),
            invoice("2026-050", "beta", due=-5, total="12500.00", currency="GBP"),
            invoice("2026-060", "beta", due=-12, total="610.00", instalments=[
                {"due": day(-12), "amount": "305.00"}, {"due": day(30), "amount": "305.00"}]),
            invoice("2026-061", "beta", due=-70, total="100.00", payments=[{"on": day(-60), "amount": "100.00"}]),
            {
                "number": "NC-7", "client": "acme", "credit": True,
                "issued": day(-30), "currency": "EUR", "total": "120.00",
            },
        ],
    }  # fmt: skip


def invoice(number: str, client: str, *, due: int, total: str, **more: Any) -> dict[str, Any]:
    """Due so many days from today."""
    known = {"number": number, "client": client, "issued": day(due - 30), "due": day(due), "currency": "EUR"}
    return {**known, "total": total, **more}


def is_day(text: object) -> bool:
    """Whether it is a date as JSON writes it."""
    return isinstance(text, str) and len(text) == 10 and bool(date.fromisoformat(text))


def is_stamp(text: object) -> bool:
    """Whether it is a moment in UTC with Z."""
    return isinstance(text, str) and text.endswith("Z") and datetime.fromisoformat(text).tzinfo is not None
