"""Where no daemon runs: this process holds the state for one errand, and does what the daemon would have done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from daemon.adapters.clock import SystemClock
from daemon.adapters.dossier_zip import forget_dossiers
from daemon.loops.book import Book
from daemon.loops.desk import OwnersDesk
from daemon.loops.forget import forgetting
from daemon.loops.health import Health
from daemon.ports import Settings, State
from daemon.wiring.storage import hold


@asynccontextmanager
async def alone(settings: Settings) -> AsyncIterator[tuple[Book, OwnersDesk]]:
    """The book, and the desk at which the owner's commands are taken.  What they have recorded is durable at the end.

    Raises:
        StateFault, DiskTrouble: as `hold`.
    """
    with hold(settings.state) as state:
        book = Book(settings.ledger, state.journal, state.archive, SystemClock(), state.keys.token_of)
        try:
            yield book, OwnersDesk(book, Health(), None, forgets(book, state, settings))
        finally:
            await book.close()


def forgets(book: Book, state: State, settings: Settings) -> Callable[[str], Awaitable[None]]:
    """What removes all that is kept about one client: texts, addresses in the journal, dossiers."""
    return forgetting(book, state.journal.rewrite, partial(forget_dossiers, Path(settings.state)))
