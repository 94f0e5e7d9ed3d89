"""A creditor's daemon from its start to its stop."""

from __future__ import annotations

import asyncio
import contextlib
import faulthandler
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from daemon.adapters import config_yaml
from daemon.adapters.allocator import share_one_arena
from daemon.adapters.clock import seconds_since_boot
from daemon.adapters.control import ControlServer, socket_path
from daemon.adapters.core_dumps import forbid_core_dumps
from daemon.adapters.systemd import Notifier
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.pulse import pulse
from daemon.loops.steady import ClockWatch
from daemon.loops.supervise import supervise
from daemon.loops.watch import READING
from daemon.ports import DiskTrouble
from daemon.wiring.bank import bank_reader, lying_there
from daemon.wiring.outside import outside
from daemon.wiring.parts import Daemon, build, real_world
from daemon.wiring.settings import settings_of
from daemon.wiring.storage import hold
from daemon.wiring.words import packs_of

FINISH_WITHIN = 25.0  # seconds for a letter on its way when we are told to stop; the unit's TimeoutStopSec is longer


async def run_daemon(path: str, redirect: str | None = None) -> None:
    """`sollecito run`: until SIGTERM or SIGINT; SIGHUP reloads.

    Raises:
        ConfigRefused, StateFault: before anything was done.
    """
    faulthandler.enable()  # a crash in C code leaves a trace; SIGABRT of the watchdog too
    share_one_arena()
    forbid_core_dumps()
    loaded = config_yaml.load(path)
    settings = settings_of(loaded)
    packs = packs_of(settings)
    notifier = Notifier()
    stop = asyncio.Event()
    with hold(settings.state) as state:
        for what in state.journal.notices:
            events.journal_mended(what)
        daemon = build(settings, state, real_world(settings), stop, redirect=redirect, loaded=loaded, packs=packs)
        del packs  # megabytes that the reader has packed small
        async with serving(daemon):
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(sign, _begin_stop, daemon, notifier)
            reload_asked = asyncio.Event()
            loop.add_signal_handler(signal.SIGHUP, reload_asked.set)
            book = daemon.book
            events.started(
                book.ledger.creditor.name, len(book.ledger.invoices), len(book.ledger.clients), book.history.count
            )
            notifier.ready(f"{len(book.ledger.invoices)} invoices of {len(book.ledger.clients)} clients")
            watch = ClockWatch(book, seconds_since_boot, pulse(daemon.health, "clock"))
            book.is_steady = watch.is_steady
            reloading = partial(_reload_when_asked, daemon, reload_asked, notifier)
            await live(daemon, notifier, {"reload": reloading, "clock": watch.run, **outside(daemon)})


async def live(daemon: Daemon, notify: Callable[[str], None], more: Mapping[str, Callable[[], Any]] = {}) -> None:
    """Run every loop of one creditor, and `more`, until its stop is set."""
    bank = bank_reader(daemon)
    # before a letter is planned about what is paid
    await bank.read_now(lying_there(daemon.book), lambda: notify("WATCHDOG=1"))
    with contextlib.suppress(DiskTrouble):  # then the planner tries again, and says so
        await daemon.planner.run_once()  # the first digest lists what waits
    loops: dict[str, Callable[[], Any]] = {
        "plan": daemon.planner.run,
        "listen": daemon.listener.run,
        "deliver": daemon.deliverer.run,
        "report": daemon.reporter.run,
        "tell": daemon.teller.run,
        "answer": daemon.answerer.run,
        "dossier": daemon.handovers.run,
        "follow": daemon.followed.run,
        "bank": bank.run,
    }
    if daemon.watcher is not None:
        loops["watch"] = daemon.watcher.run
    loops.update(more)
    try:
        await supervise(loops, daemon.health, daemon.stop, notify, last="deliver", finish_within=FINISH_WITHIN)
    finally:
        await daemon.book.close()
        await daemon.world.relay.close()
        await daemon.world.mailbox.close()


@contextlib.asynccontextmanager
async def serving(daemon: Daemon) -> AsyncIterator[None]:
    """The socket for the owner's commands, for as long as the daemon lives."""
    async with ControlServer(socket_path(Path(daemon.settings.state)), daemon.desk.handle):
        yield


def _begin_stop(daemon: Daemon, notifier: Notifier) -> None:
    events.stopping()
    notifier.stopping()
    daemon.stop.set()
    daemon.book.bell.ring()


async def _reload_when_asked(daemon: Daemon, asked: asyncio.Event, notifier: Notifier) -> None:
    """SIGHUP.  A loop like the others: a bug in here ends the process."""
    alive = pulse(daemon.health, "reload")
    while True:
        await until(daemon.book.clock, None, asked, alive)
        alive(READING)
        notifier.reloading()
        if daemon.watcher is not None:
            await daemon.watcher.reload()
        notifier.ready()
