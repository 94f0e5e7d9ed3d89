"""Invoices that the owner said go to: each written into the YAML once, read from there, and recorded."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

from daemon.domain import journal as j
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.pulse import pulse
from daemon.ports import DiskTrouble, Kept

_AGAIN = timedelta(minutes=10)  # after one that could not be written
_WRITING = 300.0  # seconds without a sign of life: a slow disk, and a large config that is read again

Enclosed = tuple[str, bytes]  # the folder and the octets of the PDF that came with an invoice
Write = Callable[[str, str, Sequence[str], Enclosed | None], Path]
"""Client, number, the lines below, the PDF -> the file of YAML; called in a thread."""


def pdf_kept(content: bytes, name: str = "") -> Kept:
    """A PDF as the archive has it between proposal and go, under no client: by its octets, or by its name there."""
    name = name or f"sent-{hashlib.sha256(content).hexdigest()[:32]}.pdf"
    return Kept(f"sent/{name}", name, content)


class NotWritten(Exception):
    """Not now; nothing was changed, and the message says why."""


class FollowedInvoices:
    """Sees to it that what was answered with go stands in the YAML, also after a crash in between.

    Args:
        write: leaves alone what is there already.
        reload: has the config read again; None: nobody watches it.
    """

    def __init__(
        self, book: Book, write: Write, reload: Callable[[], Awaitable[object]] | None, health: Health
    ) -> None:
        self._book = book
        self._write = write
        self._reload = reload
        self._health = health
        self._alive = pulse(health, "follow")

    async def run(self) -> None:
        """For ever: write what is to be written, and wait for the next."""
        bell = self._book.bell.listen()
        while True:
            done = await self.write_due()
            await until(self._book.clock, None if done else self._book.clock.now() + _AGAIN, bell, self._alive)

    async def write_due(self) -> bool:
        """Write every invoice that is waiting for it; False: one could not be written."""
        good, written = True, False
        fault: str | None = None
        self._alive(_WRITING)
        left = self._book.history.proposals.left_over(self._book.ledger.clients)  # the digest asks about these
        for ref, (proposed, client) in list(self._book.history.proposals.going.items()):
            if ref in left:
                continue
            try:
                written = await self._write_one(proposed, client) or written
            except DiskTrouble as trouble:
                self._health.disk_fault = str(trouble)
                events.disk_trouble(str(trouble))
                good = False
            except NotWritten as why:
                events.invoice_not_followed(client, str(why))
                fault = fault or f"{client}/{proposed.number}: {why}"
                good = False
        self._health.followed_fault = fault
        if written and self._reload is not None:
            await self._reload()
        self._alive()
        return good

    async def _write_one(self, proposed: j.InvoiceProposed, client: str) -> bool:
        """Whether the YAML has changed; the owner may have written the invoice down before us."""
        book, number = self._book, proposed.number
        known = [invoice for invoice in book.ledger.by_client.get(client, ()) if invoice.number == number]
        if known:
            source = known[0].source
            file = source.file if source else ""
        else:
            pdf = book.keeper.find(proposed.kept) if proposed.kept else None
            enclosed = None if pdf is None else (proposed.ref, pdf)
            file = str(await asyncio.to_thread(self._write, client, number, proposed.yaml, enclosed))
        await book.record(
            lambda draft: (
                j.InvoiceFollowed(
                    at=draft.at, client=client, on=book.today(), ref=proposed.ref, number=number, file=file
                ),
            )
        )
        if proposed.kept:
            await book.keeper.forget(str(pdf_kept(b"", proposed.kept).client))
        events.invoice_followed(client)
        return not known
