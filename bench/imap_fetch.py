"""Fetching 10,000 mails of 4 KB from Dovecot: through `ImapMailbox.read` against bare imapclient, in the same run.

Both fetch over TLS on the loopback, `BODY.PEEK[]` by 500 mails, from the same folder.  Each is run in turns, and the
medians are compared.  The last line is one JSON object.
"""

from __future__ import annotations

import asyncio
import gc
import json
import statistics
import sys
import time
from pathlib import Path

from imapclient import IMAPClient

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Cursor, ImapSettings, Secret, Security
from tests.real.servers import Dovecot

MAILS = 10_000
ROUNDS = 3
USER = "bench@example.test"
BAR = 0.8  # of bare imapclient's speed; no part of the bars, which speak of the way to the journal


def a_mail(number: int) -> bytes:
    """A reply of 4 KB."""
    head = (
        f"From: Anna Verdi <anna{number}@acme.example>\r\nTo: fatture@bianchi.example\r\n"
        f"Subject: Re: Fattura 2026-{number:05}\r\nMessage-ID: <{number}.answer@acme.example>\r\n"
        "Date: Mon, 16 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    ).encode()
    line = b"Gentile Giulia, la fattura sara' saldata venerdi' come d'accordo.\r\n"
    return head + line * ((4096 - len(head)) // len(line))


def fetch_bare(dovecot: Dovecot) -> tuple[float, int]:
    """Seconds and octets: numbers from one SEARCH, then by 500."""
    line = IMAPClient("localhost", dovecot.tls_port, ssl_context=dovecot.certificates.client_context(), timeout=60)
    with line:
        line.login(USER, "secret")
        line.select_folder("INBOX", readonly=True)
        start = time.perf_counter()
        uids = line.search("ALL")
        octets = 0
        for first in range(0, len(uids), 500):
            for answer in line.fetch(uids[first : first + 500], ["BODY.PEEK[]"]).values():
                octets += len(answer[b"BODY[]"])
        return time.perf_counter() - start, octets


async def fetch_ours(dovecot: Dovecot) -> tuple[float, int]:
    """Seconds and octets: all folders to their end, from a cursor below the first mail."""
    settings = ImapSettings(
        host="localhost",
        port=dovecot.tls_port,
        security=Security.TLS,
        username=USER,
        password=Secret(how="env", where=("UNUSED",)),
        ca_file=str(dovecot.ca_file),
    )
    mailbox = ImapMailbox(settings, lambda: "secret")
    try:
        cursors = {batch.folder: Cursor(batch.uidvalidity, 0) async for batch in mailbox.read({})}
        start = time.perf_counter()
        octets = 0
        async for batch in mailbox.read(cursors):
            octets += sum(len(mail.content) for mail in batch.mails)
        return time.perf_counter() - start, octets
    finally:
        await mailbox.close()


def main() -> None:
    with Dovecot() as dovecot:
        dovecot.add_user(USER, "secret")
        for number in range(MAILS):
            dovecot.put(USER, a_mail(number))
        fetch_bare(dovecot)  # Dovecot's index and the page cache are warm for everyone
        bare, ours = [], []
        for _ in range(ROUNDS):
            gc.collect()
            seconds, octets = fetch_bare(dovecot)
            bare.append(MAILS / seconds)
            gc.collect()
            seconds, same = asyncio.run(fetch_ours(dovecot))
            ours.append(MAILS / seconds)
            assert same == octets, (same, octets)
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"bare imapclient {statistics.median(bare):,.0f} mails/s, ImapMailbox.read {statistics.median(ours):,.0f}")
    told = {"bench": "imap_fetch", "mails": MAILS, "octets": octets, "ratio": round(ratio, 2), "bar": BAR}
    told |= {"holds": ratio >= BAR, "bare_per_second": round(statistics.median(bare))}
    print(json.dumps(told | {"ours_per_second": round(statistics.median(ours))}))


if __name__ == "__main__":
    main()
