"""The bank: statements are read when their files lie still, and each of their entries counts once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import Statement, StatementFault
from daemon.domain.commands.bank_facts import Reckoned, reckon
from daemon.domain.payments.bank_document import match_row
from daemon.domain.payments.payment_match import PaymentMatch, Verdict
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book, Draft
from daemon.loops.health import Health
from daemon.loops.pulse import Alive, pulse, unwatched
from daemon.ports import DiskTrouble

_DISK_PAUSE = timedelta(seconds=30)
_READING = 300.0  # seconds that one file may take without a sign of life


async def book_statements(
    book: Book, statements: Sequence[Statement], *, dry_run: bool = False
) -> tuple[PaymentMatch, ...]:
    """Match every entry on the latest history and record what follows.

    Raises:
        DiskTrouble: nothing was recorded.
    """
    found: list[Reckoned] = []

    def step(draft: Draft) -> Sequence[j.AnyEntry]:
        known = {getattr(entry, "bank_id", "") for entry in draft.entries}
        today = book.today()
        found.append(reckon(statements, book.ledger, draft.history, book.today, today, draft.at, known))
        return () if dry_run else found[-1].entries

    recorded = await book.record(step)
    if any(isinstance(entry, j.BankRead) for entry in recorded):
        book.touched.update(book.ledger.clients)  # what waited for fresh data waits no longer
        book.bell.ring()
    return found[-1].matches


async def take_statements(book: Book, args: dict[str, Any]) -> dict[str, Any]:
    """The command `payments`: {"statements": [..], "dry_run": ..}, read by who asks; answers with a row an entry."""
    try:
        statements = msgspec.convert(args.get("statements"), list[Statement], strict=False)
    except msgspec.ValidationError as wrong:
        return {"ok": False, "error": f"no statements: {wrong}"}
    try:
        matches = await book_statements(book, statements, dry_run=bool(args.get("dry_run")))
    except DiskTrouble as trouble:
        return {"ok": False, "error": f"nothing was recorded: {trouble}"}
    return {"ok": True, "rows": [match_row(match) for match in matches]}


class BankReader:
    """Reads the files of `bank.folder`, and looks again at what was for no invoice when the books change."""

    def __init__(
        self,
        book: Book,
        health: Health,
        changes: Callable[[], AsyncIterator[frozenset[Path]]],
        read: Callable[[Path], list[Statement]],
        follow: Callable[[], Sequence[Path]],
    ) -> None:
        """Args:
        changes: the files that came or changed since this was made, each time; gives a sign of life of the loop `bank`
            by itself while there are none.
        read: raises `StatementFault`.
        follow: called when the books have changed; the files to read anew where the config names another folder or
            tells of columns in another way.  What was wrong before is forgotten.
        """
        self._book, self._health, self._changes, self._read = book, health, changes, read
        self._follow = follow
        self._unmatched: dict[str, Statement] = {}  # by entry: statements of one entry, to be matched again
        self._left: Sequence[Path] = ()  # what was there at the start, and the disk did not take

    async def read_now(self, files: Sequence[Path], alive: Callable[[], object] = lambda: None) -> None:
        """What lies there already, before the first letter is planned; where the disk takes nothing, `run` does it.

        Args:
            alive: called after each file, for there may be years of them.
        """
        for place, file in enumerate(files):
            try:
                await self.take(file, once=True)
            except DiskTrouble:
                self._left = files[place:]
                return
            alive()

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as both:
            both.create_task(self._files(), name="bank files")
            both.create_task(self._books(), name="bank books")

    async def _files(self) -> None:
        alive = pulse(self._health, "bank")
        for file in self._left:
            await self.take(file, alive)
        async for files in self._changes():
            for file in sorted(files):
                await self.take(file, alive)
            alive()

    async def _books(self) -> None:
        """An invoice that is entered after its payment came is paid all the same."""
        bell, ledger, alive = self._book.bell.listen(), self._book.ledger, pulse(self._health, "bank books")
        while True:
            await until(self._book.clock, None, bell, alive)
            if self._book.ledger is not ledger:
                ledger = self._book.ledger
                for file in self._follow():
                    await self.take(file, alive)
                await self._book_all([*self._unmatched.values()], alive)

    async def take(self, file: Path, alive: Alive = unwatched, *, once: bool = False) -> None:
        """Read one file; what is wrong with it stays told until it is mended or gone.

        Args:
            once: where the disk takes nothing, raise `DiskTrouble` instead of waiting.
        """
        alive(_READING)
        faults, key = self._health.bank_faults, str(file)
        if not await asyncio.to_thread(file.exists):
            faults.pop(key, None)
            return
        try:
            statements = await asyncio.to_thread(self._read, file)
        except StatementFault as fault:
            if faults.get(key) != str(fault):
                events.bank_file_refused(file.name, str(fault))
            faults[key] = str(fault)
            return
        faults.pop(key, None)
        matches = await self._book_all(statements, alive, once=once)
        count = {verdict: sum(match.verdict is verdict for match in matches) for verdict in Verdict}
        events.bank_read(file.name, len(matches), count[Verdict.SURE], count[Verdict.UNSURE])

    async def _book_all(
        self, statements: list[Statement], alive: Alive = unwatched, *, once: bool = False
    ) -> Sequence[PaymentMatch]:
        """Until the disk takes it; or `once`, and then it raises `DiskTrouble`."""
        if not statements:
            return ()
        while True:
            try:
                matches = await book_statements(self._book, statements)
                break
            except DiskTrouble as trouble:
                self._health.disk_fault = str(trouble)
                events.disk_trouble(str(trouble))
                if once:
                    raise
                clock = self._book.clock
                await until(clock, clock.now() + _DISK_PAUSE, asyncio.Event(), alive)
        self._remember(statements, matches)
        return matches

    def _remember(self, statements: Sequence[Statement], matches: Sequence[PaymentMatch]) -> None:
        by_entry = {entry.id: statement for statement in statements for entry in statement.entries}
        for match in matches:
            key = match.entry.id
            if match.verdict is Verdict.UNKNOWN:
                with suppress(KeyError):
                    self._unmatched[key] = msgspec.structs.replace(by_entry[key], entries=(match.entry,))
            else:
                self._unmatched.pop(key, None)
