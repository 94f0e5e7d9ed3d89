"""How the daemon is seen from outside: figures for Prometheus, signs of life for a watchman."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from functools import partial
from typing import Any

from daemon import __version__
from daemon.adapters import log
from daemon.adapters.metrics_page import metrics_page
from daemon.adapters.ping import ping
from daemon.domain.books.outside import FAULTS, Figure
from daemon.domain.history import LetterRecord, Status
from daemon.loops import events
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.out_of_order import faults_of
from daemon.loops.ping import Pinger
from daemon.loops.pulse import pulse, rest
from daemon.loops.supervise import STUCK_AFTER
from daemon.wiring.parts import Daemon

_PATIENCE = 5.0  # seconds a reader waits for the loops to come to it


def outside(daemon: Daemon) -> dict[str, Callable[[], Any]]:
    """The loops that the config asks for."""
    settings, loops = daemon.settings, dict[str, Callable[[], Any]]()
    if settings.metrics_port is not None:
        loops["metrics"] = partial(_serve, daemon, settings.metrics_port)
    if settings.ping is not None:
        what_ails, alive = partial(ails, daemon.book, daemon.health), pulse(daemon.health, "ping")
        loops["ping"] = Pinger(settings.ping.every, what_ails, partial(ping, settings.ping.url), alive).run
    return loops


async def _serve(daemon: Daemon, port: int) -> None:
    """Until it is cancelled.  A port that is taken costs the figures, not the letters."""
    loop, alive = asyncio.get_running_loop(), pulse(daemon.health, "metrics")

    async def now() -> list[Figure]:
        return figures(daemon.book, daemon.health)

    def ask() -> list[Figure]:
        """In the page's thread; the books are read in the loops' own."""
        return asyncio.run_coroutine_threadsafe(now(), loop).result(_PATIENCE)

    try:
        with metrics_page(port, ask):
            await rest(math.inf, alive)
    except OSError as why:
        events.metrics_unavailable(port, why.strerror or type(why).__name__)
        await rest(math.inf, alive)


def faults(book: Book, health: Health) -> dict[str, bool]:
    """By kind: whether something is out of reach or out of order."""
    known, now = faults_of(book, health), asyncio.get_running_loop().time()
    stuck = any(now - beat > STUCK_AFTER for beat in health.beats.values())
    return {**{kind: kind in known for kind in FAULTS}, "loop": stuck}


def ails(book: Book, health: Health) -> list[str]:
    return [kind for kind, there in faults(book, health).items() if there]


def figures(book: Book, health: Health) -> list[Figure]:
    """All of them.  No client, address or amount: whoever is on this machine may read the page."""
    letters = [record for _, record in book.history.active_letters()]
    read_at = health.read_to_end_at
    return [
        Figure("sollecito_build", "The version that runs.", ("version",), {(__version__,): 1.0}),
        Figure("sollecito_invoices", "Invoices in the books.", (), {(): float(len(book.ledger.invoices))}),
        Figure("sollecito_clients", "Clients in the books.", (), {(): float(len(book.ledger.clients))}),
        Figure("sollecito_journal_entries", "Facts recorded since the beginning.", (), {(): float(book.history.count)}),
        Figure(
            "sollecito_letters",
            "Letters that are not settled: waiting for the owner's go, in doubt; and active, all of them together.",
            ("state",),
            {(state,): float(count) for state, count in _by_state(letters).items()},
        ),
        Figure(
            "sollecito_fault",
            "1 while something is out of reach or out of order.",
            ("of",),
            {(kind,): float(there) for kind, there in faults(book, health).items()},
        ),
        Figure(
            "sollecito_mailbox_read_to_end_timestamp_seconds",
            "When the mailbox was last read to its end; 0: not since the start.",
            (),
            {(): read_at.timestamp() if read_at else 0.0},
        ),
        Figure(
            "sollecito_log_events",
            "What the log has said since the start, by event.",
            ("event", "level"),
            {key: float(count) for key, count in log.said.items()},
            grows=True,
        ),
    ]


def _by_state(letters: list[LetterRecord]) -> dict[str, int]:
    doubtful = sum(any(one.status is Status.IN_DOUBT for one in r.deliveries.values()) for r in letters)
    waiting = sum(record.status is Status.WAITING for record in letters)
    return {"waiting": waiting, "in_doubt": doubtful, "active": len(letters)}
