"""Mails a second from Dovecot to the journal, against bare imapclient fetches and a parse of the same mails.

    python -m bench.listen [--mails N] [--profile]

Ours: `Listener.read_to_end` from a cursor below the first mail: fetch, read (whom it is about, what sort it is, what
it means), keep what is about a client in the archive, react, and make what follows durable on the real disk.  The
reference: `BODY.PEEK[]` by 500 mails with imapclient, `email.message_from_bytes` of each (compat32), and nothing more.

Both read the same folder of a real Dovecot over TLS on the loopback, in turns; the medians count.  The last line is one
JSON object.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import email
import gc
import json
import os
import pstats
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median

from imapclient import IMAPClient

from bench.creditor import StandingClock, client_address, write_config
from bench.mailbox_mix import mails
from daemon.adapters import config_yaml, log
from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from daemon.loops.book import Draft
from daemon.wiring import build, real_world
from tests.real.dovecot import Dovecot

BAR = 0.35
ROUNDS = 3
CLIENTS = 1000
USER = "fatture@example.test"
PLACE = Path(__file__).parent.parent / "build"


def reference(dovecot: Dovecot) -> tuple[float, int]:
    """Seconds, and how many mails."""
    with IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context()) as line:
        line.login(USER, "secret")
        line.select_folder("INBOX", readonly=True)
        gc.collect()
        started = time.perf_counter()
        count = 0
        uids = line.search("ALL")
        for first in range(0, len(uids), 500):
            for answer in line.fetch(uids[first : first + 500], ["BODY.PEEK[]"]).values():
                count += email.message_from_bytes(answer[b"BODY[]"]) is not None
        return time.perf_counter() - started, count


async def ours(
    config: Path, dovecot: Dovecot, count: int, profile: cProfile.Profile | None
) -> tuple[float, Counter[str]]:
    """Seconds from the first command to the last durable entry, and what went into the journal.

    The first call delivers the mails, which answer the letters that it has queued; the next ones find them there.
    """
    loaded = config_yaml.load(config)
    assert loaded.settings is not None, "\n".join(map(str, loaded.problems))
    with StateDir.open(loaded.settings.state) as state:
        daemon = build(loaded.settings, state, real_world(loaded.settings, StandingClock()), asyncio.Event())
        book, listener = daemon.book, daemon.listener
        try:
            await daemon.planner.run_once()
            if not dovecot.mails(USER):
                tokens = [book.token_of(f"{key}-1") for key in book.ledger.clients]
                addresses = [client_address(index) for index in range(CLIENTS)]
                for raw in mails(count, tokens, addresses, USER):
                    dovecot.put(USER, raw)
            await listener.read_to_end()  # connects; begins at the end of each folder (F34)
            await book.record(_from_the_beginning)
            before = book.history.count
            gc.collect()
            if profile is not None:
                profile.enable()
            started = time.perf_counter()
            await listener.read_to_end()
            await book.keeper.finish()
            seconds = time.perf_counter() - started
            if profile is not None:
                profile.disable()
            return seconds, Counter(type(entry).__name__ for entry in list(state.journal.replay())[before:])
        finally:
            await book.close()
            await daemon.world.relay.close()
            await daemon.world.mailbox.close()


def _from_the_beginning(draft: Draft) -> tuple[j.AnyEntry, ...]:
    validity, _ = draft.book.history.cursors["INBOX"]
    return (j.MailRead(at=draft.at, folder="INBOX", uidvalidity=validity, uid=0, mail=""),)


def _config(folder: Path, dovecot: Dovecot) -> Path:
    folder.mkdir()
    password = folder / "password"
    password.write_text("secret")
    return write_config(
        folder,
        CLIENTS,
        address=USER,
        smtp={"host": "127.0.0.1", "port": 9, "security": "none"},
        imap={
            "host": "localhost", "port": dovecot.tls_port, "security": "tls", "username": USER,
            "password": {"file": str(password)}, "ca_file": str(dovecot.ca_file),
        },
    )  # fmt: skip


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--mails", type=int, default=5000)
    arguments.add_argument("--profile", action="store_true", help="where our time goes; the figures mean less")
    given = arguments.parse_args()
    PLACE.mkdir(exist_ok=True)
    profile = cProfile.Profile() if given.profile else None
    mine: list[float] = []
    theirs: list[float] = []
    with Dovecot() as dovecot, open(os.devnull, "w") as nowhere, tempfile.TemporaryDirectory(dir=PLACE) as name:
        log.configure(stream=nowhere)  # lines are written as in the daemon, and thrown away
        dovecot.add_user(USER, "secret")
        keys = None
        for turn in range(-1, ROUNDS):
            config = _config(Path(name, str(turn)), dovecot)
            if keys is not None:  # the same tokens, so that the same mails answer the same letters
                _give_keys(config.parent / "state", keys)
            seconds, entries = asyncio.run(ours(config, dovecot, given.mails, profile if turn >= 0 else None))
            keys = keys or (config.parent / "state" / "keys.json").read_bytes()
            bare, count = reference(dovecot)
            assert (count, entries["MailRead"]) == (given.mails, given.mails), (count, entries)
            if turn >= 0:  # the first warms everybody up
                mine.append(given.mails / seconds)
                theirs.append(given.mails / bare)
        octets = sum(map(len, dovecot.mails(USER)))
    if profile is not None:
        pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(45)
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumtime").print_stats(60)
    ratio = median(a / b for a, b in zip(mine, theirs, strict=True))
    about = {name: number for name, number in entries.most_common() if name != "MailRead"}
    print(
        f"{given.mails} mails of {octets / given.mails:.0f} octets on the average, {ROUNDS} rounds, medians, a second:"
    )
    print(f"  from Dovecot to the journal        {median(mine):7.0f}   ratio {ratio:.2f} (bar {BAR})")
    print(f"  imapclient and message_from_bytes  {median(theirs):7.0f}")
    print(f"  what followed besides MailRead: {about}")
    result = {
        "bench": "listen",
        "ratio": round(ratio, 3),
        "bar": BAR,
        "holds": ratio >= BAR,
        "mails_per_second": round(median(mine)),
        "reference_per_second": round(median(theirs)),
        "mails": given.mails,
        "octets": round(octets / given.mails),
        "followed": sum(about.values()),
        "cores": os.cpu_count(),
        "collector": "on" if gc.isenabled() else "off",
    }
    print(json.dumps(result))
    return 0 if ratio >= BAR else 1


def _give_keys(state: Path, keys: bytes) -> None:
    """A state directory whose journal is empty and whose keys are these."""
    with StateDir.open(state):
        pass
    (state / "keys.json").write_bytes(keys)


if __name__ == "__main__":
    sys.exit(main())
