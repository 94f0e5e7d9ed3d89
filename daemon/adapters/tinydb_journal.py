"""The journal on TinyDB: its `Storage` and `Table` extension points, made to append.

What TinyDB reads (`all`, `search`, `len`) works as ever; inserting a document appends one line; what would change a
fact is refused.  The daemon itself goes straight over the lines: `TinyJournal.replay`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec
from tinydb import TinyDB
from tinydb.table import Table

from daemon.adapters.journal_opening import fault
from daemon.adapters.journal_storage import TABLE, JournalStorage
from daemon.domain.journal import AnyEntry, decode, encode
from daemon.ports import OutOfTurn

SLOW = 0.002  # seconds: a sync longer than a thread's hand-over is worth goes off the event loop


class EntryTable(Table):
    """A table whose documents are entries: numbered from 1, and only ever added."""

    def __len__(self) -> int:
        return cast("JournalStorage", self.storage).count

    def insert(self, document: Mapping[str, Any]) -> int:
        return self.insert_multiple([document])[-1]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[int]:
        """Append documents that are entries; `msgspec.ValidationError` for any other: no start could read it again."""
        bodies = [encode(decode(msgspec.json.encode(dict(document)))) for document in documents]
        if not bodies:
            return []
        last = self.append(bodies)
        return list(range(last - len(bodies) + 1, last + 1))

    def append(self, bodies: Sequence[bytes]) -> int:
        """Append encoded entries, all or none; the number of the last."""
        last = cast("JournalStorage", self.storage).append(bodies)
        self.clear_cache()
        return last


class JournalDB(TinyDB):
    """`JournalDB(directory)`: a TinyDB whose default table is the journal."""

    table_class = EntryTable
    default_table_name = TABLE
    default_storage_class = JournalStorage  # type: ignore[assignment]  # typed as its own default


class TinyJournal:
    """`daemon.ports.Journal` over one `JournalDB`."""

    def __init__(self, db: JournalDB) -> None:
        self._db = db
        self._table = cast("EntryTable", db.table(TABLE))
        self._storage = cast("JournalStorage", db.storage)
        self._turn = asyncio.Lock()
        self._slow = False  # whether the last sync took longer than `SLOW`

    @property
    def last(self) -> int:
        """The number of the last entry; 0: none."""
        return self._storage.count

    @property
    def notices(self) -> tuple[str, ...]:
        """What was mended when the journal was opened, in words for the log and the owner."""
        return self._storage.notices

    def replay(self) -> Iterator[AnyEntry]:
        """Every entry, oldest first, each checked.

        Raises:
            StateFault: a line is garbled or missing, or of a kind or version that this release does not know.
        """
        for number, body in enumerate(self._storage.bodies(), 1):
            try:
                entry = decode(body)
            except msgspec.MsgspecError as wrong:
                what = f"entry {number} is none of this release ({wrong}); was a newer one run on it?"
                raise fault(self._storage.path, what) from wrong
            yield entry

    async def append(self, after: int, entries: Sequence[AnyEntry]) -> int:
        """Make `entries` durable, all or none, behind entry number `after`; the new last number.

        A cancellation waits until the disk has answered: what was begun is recorded or not, never unknown.

        Raises:
            OutOfTurn: the journal does not end at `after`.
            DiskTrouble: nothing was recorded.
            LostDisk: a sync failed; the process has to end.
        """
        async with self._turn:
            if after != self.last:
                raise OutOfTurn(f"the journal ends at {self.last}, not at {after}")
            if not entries:
                return self.last
            bodies = [encode(entry) for entry in entries]
            if not self._slow:
                return self._append(bodies)
            work = asyncio.get_running_loop().run_in_executor(None, self._append, bodies)
            cancelled: asyncio.CancelledError | None = None
            while not work.done():
                try:
                    await asyncio.wait([work])
                except asyncio.CancelledError as request:
                    cancelled = request
            last = work.result()
            if cancelled is not None:
                raise cancelled
            return last

    def _append(self, bodies: Sequence[bytes]) -> int:
        started = time.perf_counter()
        try:
            return self._table.append(bodies)
        finally:
            self._slow = time.perf_counter() - started > SLOW

    def rewrite(self, transform: Callable[[AnyEntry], AnyEntry | None]) -> None:
        """Write the journal anew, each entry as `transform` returns it, without those for which it returns None.

        All or nothing, also when the power is cut.  Afterwards entries are numbered anew: fold again.

        Raises:
            DiskTrouble: no room for the second copy; the journal is as it was.
        """
        self._storage.rewrite(_transformed(self._storage.bodies(), transform))
        self._table.clear_cache()

    def close(self) -> None:
        """Sync and close; a second time does nothing."""
        self._db.close()


def _transformed(bodies: Iterable[bytes], transform: Callable[[AnyEntry], AnyEntry | None]) -> Iterator[bytes]:
    for body in bodies:
        entry = decode(body)
        changed = transform(entry)
        if changed is entry:
            yield body
        elif changed is not None:
            yield encode(changed)
