"""The real daemon, put together by `daemon.wiring` as for `sollecito run`, on the demo's clock."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from daemon import wiring
from daemon.adapters import config_yaml
from daemon.adapters.control import socket_path
from daemon.adapters.control_client import ask
from daemon.demo.mailbox import CountedMailbox
from daemon.demo.sheets import Sheets
from daemon.demo.without import ledger_without, reader_without
from daemon.loops.book import Book
from daemon.mail.letters.pack import Pack
from daemon.ports import Clock, Journal, Settings
from daemon.wiring.storage import hold
from daemon.wiring.words import packs_of

_SETTLED = 0.05  # seconds: the owner's editor here writes at once

Command = Callable[[str, dict[str, Any]], dict[str, Any]]  # over the control socket; blocks


@dataclass(slots=True, kw_only=True)
class Running:
    """The daemon at work."""

    book: Book
    words: Callable[[str], str]  # what a client wrote, by the mail's digest
    journal: Journal
    mailbox: CountedMailbox
    command: Command
    sheets: Sheets
    settings: Settings
    packs: Mapping[str, Pack]
    loops: asyncio.Task[None]  # ends by itself only on a bug


@asynccontextmanager
async def running_daemon(config: str, clock: Clock, without: frozenset[str]) -> AsyncIterator[Running]:
    """What `wiring.run_daemon` does, but for the signals, the clock and the rules that are switched off."""
    loaded = config_yaml.load(config)
    if loaded.settings is None:
        raise wiring.ConfigRefused(loaded.problems)
    world = wiring.real_world(loaded.settings, clock)
    mailbox = world.mailbox = CountedMailbox(world.mailbox)
    world.read_with, world.believe = reader_without(without), ledger_without(without)
    world.settle_seconds = _SETTLED
    stop = asyncio.Event()
    with hold(loaded.settings.state) as state:
        packs = packs_of(loaded.settings)
        owners = packs[loaded.settings.ledger.creditor.language]
        daemon = wiring.build(loaded.settings, state, world, stop, loaded=loaded, packs=packs)
        async with wiring.serving(daemon):
            loops = asyncio.create_task(wiring.live(daemon, lambda _line: None), name="live")
            command = partial(ask, socket_path(Path(loaded.settings.state)))
            try:
                yield Running(
                    book=daemon.book,
                    words=daemon.quotes.words,
                    journal=state.journal,
                    mailbox=mailbox,
                    command=command,
                    sheets=Sheets(book=daemon.book, quotes=daemon.quotes, pack=owners),
                    settings=loaded.settings,
                    packs=packs,
                    loops=loops,
                )
            finally:
                stop.set()
                daemon.book.bell.ring()
                await asyncio.wait([loops])
