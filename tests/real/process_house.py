"""`python -m daemon run` as a child process: its config, its state, its log, what it tells the service manager."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import format_datetime, make_msgid
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import yaml

from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from tests.canary import leaks
from tests.cli_place import NOON, TODAY, Finished, invoke
from tests.real.daemon_house import a_document
from tests.real.line_proxy import LineProxy
from tests.real.servers import Account, MailHouse

ROOT = Path(__file__).parent.parent.parent
TRUSTED = "mx.example.test"  # whose word about a mail's author a config may believe
PATIENCE = 30.0  # seconds for something that real servers or a new process bring about


class Place:
    """One creditor's folder: config.yaml, password, state/.  Its path is short, for the socket's sake.

    Args:
        zone: where the creditor lives, for a test with a clock of its own; else where it was noon when the tests began.
    """

    def __init__(self, mail: MailHouse, creditor: Account, owner: Account, zone: str = "", **changes: Any) -> None:
        self.mail, self.creditor, self.owner = mail, creditor, owner
        self.folder = Path(tempfile.mkdtemp(prefix="sol-", dir="/tmp"))
        self.state = self.folder / "state"
        self.config = self.folder / "config.yaml"
        document = a_document(mail, creditor, owner, self.state, policies={"now": NOW})
        document["creditor"] |= {"timezone": zone or NOON}
        document["owner"] |= {"digest_at": "23:59"}
        self.write({**document, **changes})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        found = [*leaks(self.folder)]
        shutil.rmtree(self.folder, ignore_errors=True)
        assert kind is not None or not found, f"a secret has leaked into {found}"

    def write(self, document: dict[str, Any] | str) -> None:
        """Replace the config as an editor does: a new file, renamed over the old one."""
        text = document if isinstance(document, str) else yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
        new = self.config.with_suffix(".new")
        new.write_text(text)
        new.rename(self.config)

    def edit(self, change: Callable[[dict[str, Any]], object]) -> None:
        document = yaml.safe_load(self.config.read_text())
        change(document)
        self.write(document)

    def run(self, *words: str, stdin: bytes | None = None, **environ: str) -> Finished:
        """One command of `sollecito`, to its end; what it asks, the daemon's own process answers."""
        return invoke(words, self.folder, stdin or b"", {"RUNTIME_DIRECTORY": str(self.folder), **environ})

    def ask(self, *words: str) -> Finished:
        """A command on this place's config."""
        return self.run(*words, "-c", str(self.config))

    def environment(self, **more: str) -> dict[str, str]:
        known = {
            key: value for key, value in os.environ.items() if not key.startswith(("SOLLECITO", "NOTIFY", "RUNTIME"))
        }
        return {**known, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "RUNTIME_DIRECTORY": str(self.folder), **more}

    def entries(self, *kinds: type[j.AnyEntry]) -> list[Any]:
        """What is in the journal on the disk."""
        with StateDir.read_only(self.state) as state:
            return [entry for entry in state.journal.replay() if not kinds or isinstance(entry, kinds)]

    def recorded(self, kind: type[Any], count: int = 1, within: float = PATIENCE) -> list[Any]:
        until(lambda: len(self.entries(kind)) >= count, f"{count} {kind.__name__}", within)
        return self.entries(kind)

    def journal_text(self) -> bytes:
        file = self.state / "journal.jsonl"
        return file.read_bytes() if file.exists() else b""

    def status(self) -> Any:
        done = self.ask("status", "--json")
        assert done.code == 0, done.err
        return done.document

    def inbox(self, account: Account, count: int = 1) -> list[EmailMessage]:
        """The mails that really lie there, once there are so many."""
        return [parsed(raw) for raw in self.mail.dovecot.wait_for_mails(account.username, count, within=PATIENCE)]

    def has(self, account: Account, folder: str = "INBOX") -> list[EmailMessage]:
        return [parsed(raw) for raw in self.mail.dovecot.mails(account.username, folder)]


@dataclass
class Running:
    """The child process."""

    place: Place
    process: subprocess.Popen[bytes]
    log: Path
    notified: list[str] = field(default_factory=list)  # what the service manager was told

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    def ready(self) -> Self:
        until(lambda: self.told("READY=1") or self.process.poll() is not None, "READY=1")
        assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.log.read_text()}"
        return self

    def told(self, line: str) -> int:
        """How many messages to the service manager held this line."""
        return sum(line in message.split("\n") for message in self.notified)

    def events(self, name: str | None = None) -> list[dict[str, Any]]:
        """The lines of its log."""
        lines = self.log.read_text(errors="replace").rpartition("\n")[0].splitlines()  # the last may be half written
        found = [json.loads(line) for line in lines if line.startswith("{")]
        return [event for event in found if name is None or event["event"] == name]

    def said(self, name: str, count: int = 1, within: float = PATIENCE) -> list[dict[str, Any]]:
        until(
            lambda: len(self.events(name)) >= count,
            f"{count} {name} in the log",
            within,
            lambda: self.log.read_text()[-3000:],
        )
        return self.events(name)

    def signal(self, sign: signal.Signals) -> None:
        self.process.send_signal(sign)

    def stop(self, within: float = 60.0) -> int:
        """SIGTERM, and how it ended."""
        self.signal(signal.SIGTERM)
        return self.process.wait(within)

    def kill(self) -> None:
        """SIGKILL, at this instant."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def ended(self, within: float = PATIENCE) -> int:
        return self.process.wait(within)


@contextmanager
def running(place: Place, *words: str, program: list[str] | None = None, **environ: str) -> Iterator[Running]:
    """Start the daemon (`program`: another Python command line that does), and end it at the end of the `with`."""
    log = place.folder / f"log-{time.monotonic_ns()}"
    notify = place.folder / "notify"
    notify.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, log.open("wb") as out:
        manager.bind(str(notify))
        process = subprocess.Popen(
            [sys.executable, *(program or ["-m", "daemon"]), "run", str(place.config), *words],
            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
            env=place.environment(NOTIFY_SOCKET=str(notify), **environ),
        )  # fmt: skip
        child = Running(place, process, log)
        hearing = threading.Thread(target=_hear, args=(manager, child.notified), daemon=True)
        hearing.start()
        try:
            with child:
                yield child
        finally:
            manager.shutdown(socket.SHUT_RDWR)
            hearing.join(5)


@contextmanager
def slow_line(port: int, **rules: Any) -> Iterator[LineProxy]:
    """A proxy in a thread of its own, for tests that wait for processes.  Arguments as of `LineProxy`."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    proxy = LineProxy(port, **rules)
    asyncio.run_coroutine_threadsafe(proxy.__aenter__(), loop).result(5)
    try:
        yield proxy
    finally:
        asyncio.run_coroutine_threadsafe(proxy.__aexit__(None, None, None), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


def with_changes(*lines: str) -> list[str]:
    """The daemon's own program after these Python statements: shorter times, a loop that freezes."""
    return ["-c", "\n".join([*lines, "from daemon.__main__ import main", "main()"])]


def _hear(manager: socket.socket, notified: list[str]) -> None:
    manager.settimeout(None)
    while message := manager.recv(4096):
        notified.append(message.decode())


def parsed(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=default)


def until(
    condition: Callable[[], object], what: str, within: float = PATIENCE, more: Callable[[], str] = lambda: ""
) -> float:
    """Wait until it is true; how many seconds that took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < within, f"{what}: not within {within} s. {more()}"
        time.sleep(0.01)
    return time.monotonic() - began


NOW = {  # a ladder whose letters may leave at any minute of any day
    "send_on": "every-day",
    "between": "00:00-23:59",
    "rest_days": 0,
    "per_day": 500,
    "levels": [{"letter": "first-reminder", "day": 1}, {"letter": "second-reminder", "day": 300}],
}


def debtor(account: Account, **changes: Any) -> dict[str, Any]:
    """A client on the ladder `now`."""
    contact = {"name": "Anna Verdi", "email": account.address, "phone": "+39 02 5550 1111"}
    return {"name": "Acme S.p.A.", "language": "en", "policy": "now", "contacts": [contact], **changes}


def overdue(number: str = "2026-041", client: str = "acme", days: int = 20, **changes: Any) -> dict[str, Any]:
    """An invoice that fell due so many days ago."""
    due = TODAY - timedelta(days=days)
    issued = due - timedelta(days=30)
    known = {"number": number, "client": client, "issued": issued.isoformat(), "due": due.isoformat()}
    return {**known, "currency": "EUR", "total": "1220.00", **changes}


def an_answer(place: Place, client: Account, letter: EmailMessage, text: str, at: datetime | None = None) -> bytes:
    """What the client's mail program writes in answer to a letter; `at`: now."""
    reply = EmailMessage()
    reply["From"], reply["To"] = client.address, place.creditor.address
    reply["Subject"], reply["Date"] = f"Re: {letter['Subject']}", format_datetime(at or datetime.now(UTC))
    reply["Message-ID"] = make_msgid(domain="example.test")
    reply["In-Reply-To"] = reply["References"] = str(letter["Message-ID"])
    reply.set_content(text)
    return reply.as_bytes()


def an_order(place: Place, ours: EmailMessage, text: str, at: datetime) -> bytes:
    """The owner's answer to a mail of ours, as her server delivers it; the config has to trust in `TRUSTED`."""
    domain = place.owner.address.partition("@")[2]
    mail = EmailMessage()
    mail["Authentication-Results"] = f"{TRUSTED}; dmarc=pass header.from={domain}"
    mail["Received"] = f"from mail.example.test by {TRUSTED}; {format_datetime(at)}"
    mail["From"], mail["To"] = f"Giulia Bianchi <{place.owner.address}>", place.creditor.address
    mail["Subject"], mail["Date"] = f"Re: {ours['Subject']}", format_datetime(at)
    mail["Message-ID"] = make_msgid(domain="example.test")
    mail["In-Reply-To"] = mail["References"] = str(ours["Message-ID"])
    mail.set_content(f"{text}\n")
    return mail.as_bytes()
