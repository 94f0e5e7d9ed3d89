"""Letters a second by the daemon's whole path to an SMTP server, against the script that everybody writes.

    python -m bench.send [--letters N] [--connections N] [--profile]

Ours: letters that are queued in the journal; `Deliverer.run_once` renders, builds, reads the mailbox (a real Dovecot,
over TLS) to its end, decides again, makes the beginning durable on the real disk, says MAIL, RCPT and DATA, makes the
answer durable and keeps a copy in the archive, to as many clients.  The other loops (planner, digest) do not run.

The script: two Jinja2 templates of the very words of our letters, segno's code to pay by, `EmailMessage(policy.SMTP)`,
aiosmtplib on as many connections; it reads no mailbox and records nothing.  Beside it stand aiosmtplib alone with
octets that were made before, and our path with the copies that go to Sent over IMAP.

One smtp-sink in a process of its own takes the mail of all, over plain TCP on the loopback; they take turns, and the
medians count.  The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import gc
import json
import os
import pstats
import re
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from email import policy
from email.message import EmailMessage
from email.utils import make_msgid
from io import BytesIO
from pathlib import Path
from statistics import median

import aiosmtplib
import jinja2
from segno.helpers import make_epc_qr

from bench.creditor import LANGUAGES, NOON, StandingClock, client_address, write_config
from bench.sink import Sink
from daemon.adapters import config_yaml, log
from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from daemon.wiring import Daemon, build, real_world
from tests.real.dovecot import Dovecot

BAR = 1.5
ROUNDS = 3
USER = "fatture@example.test"
IBAN = "IT60X0542811101000000123456"
PLACE = Path(__file__).parent.parent / "build"


# -- ours ----------------------------------------------------------------------------------------------------------


async def ours(config: Path, letters: int, profile: cProfile.Profile | None, made: list[bytes]) -> float:
    """Letters a second, from the first look at what is queued until every answer is durable."""
    loaded = config_yaml.load(config)
    assert loaded.settings is not None, "\n".join(map(str, loaded.problems))
    stop = asyncio.Event()
    with StateDir.open(loaded.settings.state) as state:
        daemon = build(loaded.settings, state, real_world(loaded.settings, StandingClock()), stop)
        try:
            await daemon.planner.run_once()
            await daemon.listener.read_to_end()
            queued = [r for c in daemon.book.history.clients.values() for r in c.letters.values()]
            assert len(queued) == letters, f"{len(queued)} letters are queued"
            if not made:
                made.extend(_contents(daemon))
            gc.collect()
            if profile is not None:
                profile.enable()
            started = time.perf_counter()
            await daemon.deliverer.run_once()
            await daemon.book.keeper.finish()
            seconds = time.perf_counter() - started
            if profile is not None:
                profile.disable()
            _all_recorded(daemon, letters)
        finally:
            await daemon.book.close()
            await daemon.world.relay.close()
            await daemon.world.mailbox.close()
    return letters / seconds


def _contents(daemon: Daemon) -> list[bytes]:
    """The octets of every letter, for those who send what was made before."""
    book, post = daemon.book, daemon.deliverer._post
    histories = [book.history.of(key) for key in book.ledger.clients]
    return [
        post.write(record.queued, book.ledger, history, NOON).content
        for history in histories
        for record in history.letters.values()
    ]


def _all_recorded(daemon: Daemon, letters: int) -> None:
    kinds = [type(entry) for entry in daemon.book._journal.replay()]
    started, accepted = kinds.count(j.DeliveryStarted), kinds.count(j.DeliveryAccepted)
    assert (started, accepted) == (letters, letters), f"{started} begun, {accepted} accepted of {letters}"


# -- the others ----------------------------------------------------------------------------------------------------


async def on_lines(
    port: int, count: int, connections: int, send: Callable[[aiosmtplib.SMTP, int], Awaitable[object]]
) -> float:
    """Letters a second when each connection takes the next one."""
    numbers = iter(range(count))

    async def work() -> None:
        async with aiosmtplib.SMTP(
            hostname="127.0.0.1", port=port, start_tls=False, local_hostname="localhost"
        ) as line:
            for number in numbers:
                await send(line, number)

    gc.collect()
    started = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(connections):
            group.create_task(work())
    return count / (time.perf_counter() - started)


class Script:
    """The ordinary script: a text and an HTML template for each language, filled in for each client."""

    def __init__(self, made: Sequence[bytes]) -> None:
        text = jinja2.Environment(autoescape=False)
        html = jinja2.Environment(autoescape=True)
        self._texts, self._pages, self._subjects = [], [], []
        for index in range(len(LANGUAGES)):  # as many letters as languages: the first of each
            mail = _parsed(made[index])
            plain, page = mail.get_body(("plain",)), mail.get_body(("html",))
            assert plain is not None
            assert page is not None
            self._texts.append(text.from_string(_templated(plain.get_content(), index)))
            self._pages.append(html.from_string(_templated(page.get_content(), index)))
            self._subjects.append(text.from_string(_templated(str(mail["Subject"]), index)))

    def mail(self, number: int) -> EmailMessage:
        words = _words(number)
        which = number % len(LANGUAGES)
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"Giulia Bianchi <{USER}>"
        mail["To"] = f"{words['person']} <{client_address(number)}>"
        mail["Subject"] = self._subjects[which].render(words)
        mail["Date"] = NOON
        mail["Message-ID"] = make_msgid(domain="example.test")
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self._texts[which].render(words))
        mail.add_alternative(self._pages[which].render(words), subtype="html")
        _, page = mail.iter_parts()
        picture = BytesIO()
        make_epc_qr(name="Studio Bianchi", iban=IBAN, amount=1220, text=words["number"]).save(picture, "png", scale=4)
        page.add_related(picture.getvalue(), "image", "png", cid="<code>")
        return mail

    async def send(self, line: aiosmtplib.SMTP, number: int) -> None:
        await line.send_message(self.mail(number))


def _words(number: int) -> dict[str, str]:
    return {
        "number": f"2026-{number:05}",
        "person": f"José Verdi {number}",
        "client": f"Client {number} S.p.A.",
        "street": f"Corso Italia {number},",
        "work": f"Maintenance {number}",
    }


def _parsed(content: bytes) -> EmailMessage:
    import email

    mail = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _templated(words: str, index: int) -> str:
    """One of our letters as a template: what names the client becomes a variable."""
    assert not {"{{", "{%"} & set(re.findall("{.", words))
    for name, value in _words(index).items():
        words = words.replace(value, "{{ " + name + " }}")
    return words


# -- the comparison --------------------------------------------------------------------------------------------------


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--letters", type=int, default=1000)
    arguments.add_argument("--connections", type=int, default=8)
    arguments.add_argument("--profile", action="store_true", help="where our time goes; the figures mean less")
    given = arguments.parse_args()
    PLACE.mkdir(exist_ok=True)
    profile = cProfile.Profile() if given.profile else None
    speeds: dict[str, list[float]] = {"ours": [], "script": [], "ready_made": [], "ours_filing_in_sent": []}
    made: list[bytes] = []
    # The states go at the end, together: ext4 is slow to make files where others were removed a moment ago.
    states = tempfile.TemporaryDirectory(dir=PLACE)
    with states as place, Dovecot() as dovecot, Sink() as sink, open(os.devnull, "w") as nowhere:
        log.configure(stream=nowhere)  # lines are written as in the daemon, and thrown away
        for turn in range(-1, ROUNDS):
            here = Path(place, str(turn))
            figures = _round(
                here, dovecot, sink, given.letters, given.connections, profile if turn >= 0 else None, made
            )
            if turn >= 0:  # the first warms everybody up
                for name, speed in figures.items():
                    speeds[name].append(speed)
    if profile is not None:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(60)
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumtime").print_stats(80)
    return _report(speeds, given.letters, given.connections, sum(map(len, made)) / len(made))


def _round(
    place: Path,
    dovecot: Dovecot,
    sink: Sink,
    letters: int,
    connections: int,
    profile: cProfile.Profile | None,
    made: list[bytes],
) -> dict[str, float]:
    found = {}
    last = place.name == str(ROUNDS - 1)  # the copies in Sent are stated, and cost the most
    for name in ("ours", "ours_filing_in_sent") if last else ("ours",):
        dovecot.add_user(USER, "secret")
        config = _config(place / name, dovecot, sink, letters, connections, file_sent=name != "ours")
        found[name] = asyncio.run(ours(config, letters, profile if name == "ours" else None, made))
    script = Script(made)
    found["script"] = asyncio.run(on_lines(sink.port, letters, connections, script.send))

    async def pass_on(line: aiosmtplib.SMTP, number: int) -> None:
        await line.sendmail(USER, [client_address(number)], made[number])

    found["ready_made"] = asyncio.run(on_lines(sink.port, letters, connections, pass_on))
    return found


def _config(folder: Path, dovecot: Dovecot, sink: Sink, letters: int, connections: int, *, file_sent: bool) -> Path:
    folder.mkdir(parents=True)
    password = folder / "password"
    password.write_text("secret")
    return write_config(
        folder,
        letters,
        address=USER,
        smtp={
            "host": "127.0.0.1", "port": sink.port, "security": "none", "per_minute": 0, "connections": connections,
        },
        imap={
            "host": "localhost", "port": dovecot.tls_port, "security": "tls", "username": USER,
            "password": {"file": str(password)}, "ca_file": str(dovecot.ca_file), "file_sent": file_sent,
        },
    )  # fmt: skip


def _report(speeds: dict[str, list[float]], letters: int, connections: int, octets: float) -> int:
    middle = {name: median(some) for name, some in speeds.items()}
    ratio = median(a / b for a, b in zip(speeds["ours"], speeds["script"], strict=True))
    ready = median(a / b for a, b in zip(speeds["ours"], speeds["ready_made"], strict=True))
    print(f"{letters} letters of {octets:.0f} octets on {connections} connections, {ROUNDS} rounds, medians, a second:")
    print(f"  the daemon's whole path              {middle['ours']:7.0f}")
    print(f"    and the copies filed in Sent       {middle['ours_filing_in_sent']:7.0f}")
    print(f"  Jinja2, EmailMessage, aiosmtplib     {middle['script']:7.0f}   ratio {ratio:.2f} (bar {BAR})")
    print(f"  aiosmtplib, octets made before       {middle['ready_made']:7.0f}   ratio {ready:.2f} (no bar)")
    result = {
        "bench": "send",
        "ratio": round(ratio, 3),
        "bar": BAR,
        "holds": ratio >= BAR,
        "letters_per_second": round(middle["ours"]),
        "script_per_second": round(middle["script"]),
        "ready_made_per_second": round(middle["ready_made"]),
        "ratio_to_ready_made": round(ready, 3),
        "filing_in_sent_per_second": round(middle["ours_filing_in_sent"]),
        "letters": letters,
        "connections": connections,
        "octets": round(octets),
        "cores": os.cpu_count(),
        "collector": "on" if gc.isenabled() else "off",
    }
    print(json.dumps(result))
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
