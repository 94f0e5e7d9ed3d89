"""Dossiers for what was handed over: each written once into the state directory, and recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.pulse import pulse
from daemon.ports import DiskTrouble

_AGAIN = timedelta(hours=1)  # after one that could not be written
_WRITING = 900.0  # seconds without a sign of life: a long journal is read again for it


class DossierWritten(NamedTuple):
    """A dossier on the disk."""

    file: str  # absolute path
    missing: int  # pieces that it should have and has not


# a client's key, invoices, the creditor's local date
Write = Callable[[Ledger, str, Sequence[str], date], DossierWritten]


class HandoverFiles:
    """Sees to it that every invoice handed over has its dossier, also after a crash in between.

    Args:
        write: puts one together and writes it; called in another thread.  `OSError` and `RuntimeError`: not now.
    """

    def __init__(self, book: Book, write: Write, health: Health) -> None:
        self._book = book
        self._write = write
        self._health = health
        self._beat = pulse(health, "dossier")

    async def run(self) -> None:
        """For ever: write what is due, and wait for the next hand-over."""
        bell = self._book.bell.listen()
        while True:
            done = await self.write_due()
            moment = None if done else self._book.clock.now() + _AGAIN
            await until(self._book.clock, moment, bell, self._beat)

    async def write_due(self) -> bool:
        """Write every dossier that is missing; False: one could not be written."""
        good = True
        for client, numbers in self._due():
            good = await self._write_one(client, numbers) and good
        self._beat()
        return good

    def _due(self) -> list[tuple[str, tuple[str, ...]]]:
        """What was handed over together and has no dossier since; what is in the books no more gets none."""
        found = []
        for client, history in self._book.history.clients.items():
            if not history.handed_over or client not in self._book.ledger.clients:
                continue
            known = {invoice.number for invoice in self._book.ledger.by_client[client]}
            for given in {id(entry): entry for entry in history.handed_over.values()}.values():
                numbers = tuple(number for number in given.numbers if number in known)
                if any(number not in history.dossiers for number in numbers):
                    found.append((client, numbers))
        return found

    async def _write_one(self, client: str, numbers: tuple[str, ...]) -> bool:
        book, today = self._book, self._book.today()
        self._beat(_WRITING)
        try:
            await book.keeper.finish()  # the last mails are on the disk before they are looked for there
            written = await asyncio.to_thread(self._write, book.ledger, client, numbers, today)
            await book.record(
                lambda draft: (
                    j.DossierMade(
                        at=draft.at,
                        client=client,
                        numbers=numbers,
                        file=written.file,
                        missing=written.missing,
                        on=today,
                    ),
                )
            )
        except DiskTrouble as trouble:
            self._health.disk_fault = str(trouble)
            events.disk_trouble(str(trouble))
            return False
        except (OSError, RuntimeError) as wrong:
            events.dossier_not_made(client, str(wrong))
            return False
        events.dossier_made(client, len(numbers), written.missing)
        return True
