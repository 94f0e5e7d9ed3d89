"""Putting a whole journal in place: a new one, or one written anew.

A journal and its head are two files, and a rename replaces one.  Both are first made durable under a second name, then
the journal is renamed, which is the moment that counts, then the head; `finish_install` does what a power cut between
the two left undone.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from daemon.adapters.disk import LostDisk, asking, sync, sync_directory, write_private
from daemon.adapters.journal_head import Frame, Head
from daemon.adapters.journal_lines import header_line, read_header, seal_all

JOURNAL = "journal.jsonl"
HEAD = "journal.head"
NEW = ".new"  # one that is being put in place


def install(directory: Path, bodies: Iterable[bytes]) -> None:
    """Make a journal of these documents the journal of the directory, or leave all as it was.

    Raises:
        DiskTrouble: no room, or read-only; the old journal stands.
        LostDisk: it may be half in place; the next start completes it.
    """
    journal, head = directory / JOURNAL, directory / HEAD
    new_journal, new_head = journal.with_name(JOURNAL + NEW), head.with_name(HEAD + NEW)
    journal_id = secrets.token_hex(16)
    line = header_line(journal_id)
    _, chain = read_header(line[:-1])
    with asking(str(journal)):
        try:
            write_private(new_journal, line)
            count, end, bodies = 0, len(line), iter(bodies)
            with new_journal.open("ab") as file:
                while some := list(islice(bodies, 4096)):
                    lines, chain = seal_all(some, chain)
                    file.write(lines)
                    count, end = count + len(some), end + len(lines)
                file.flush()
                sync(file.fileno(), str(new_journal))
            first = Frame(frame=1, journal=journal_id, count=count, end=end, chain=chain, synced=end)
            write_private(new_head, Head.fresh(first))
            sync_directory(directory)
        except BaseException:
            new_journal.unlink(missing_ok=True)
            new_head.unlink(missing_ok=True)
            raise
    try:
        new_journal.rename(journal)
        sync_directory(directory)
        new_head.rename(head)
        sync_directory(directory)
    except OSError as fault:  # also for want of room: whoever goes on would append to a file without a name
        raise LostDisk(f"{journal}: {fault}") from fault


def finish_install(directory: Path) -> None:
    """Complete an `install` that was cut short, or clear it away when the old journal still stands."""
    new_journal, new_head = directory / (JOURNAL + NEW), directory / (HEAD + NEW)
    if new_head.exists() and not new_journal.exists() and _belong(directory / JOURNAL, new_head):
        with asking(str(new_head)):
            new_head.rename(directory / HEAD)
            sync_directory(directory)
    for left in (new_journal, new_head):
        if left.exists():
            with asking(str(left)):
                left.unlink()


def _belong(journal: Path, head: Path) -> bool:
    try:
        with journal.open("rb") as file:
            header, _ = read_header(file.readline(4096).rstrip(b"\n"))
        fd = os.open(head, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            return Head.load(fd).last.journal == header.id
        finally:
            os.close(fd)
    except (OSError, ValueError):
        return False
