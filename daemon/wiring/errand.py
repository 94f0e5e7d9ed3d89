"""One errand: a command of the owner, by the running daemon or here; and the demo."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

from daemon.adapters.clock import SystemClock
from daemon.adapters.control import socket_path
from daemon.adapters.control_client import NoDaemon, ask
from daemon.adapters.dossier_zip import forget_dossiers
from daemon.demo import CannotShow as CannotShow
from daemon.demo import run_demo
from daemon.loops.book import Book
from daemon.loops.desk import OwnersDesk
from daemon.loops.forget import forgetting
from daemon.loops.health import Health
from daemon.ports import Settings
from daemon.wiring.storage import hold

_LEAVES = {
    "LetterQueued",
    "LetterReleased",
    "ProposalSettled",
}  # entries of which something comes only where a daemon runs


def command(settings: Settings, name: str, args: dict[str, Any]) -> dict[str, Any]:
    """Ask the running daemon; with none running take the lock and do it here."""
    try:
        return ask(socket_path(Path(settings.state)), name, args)
    except NoDaemon:
        pass

    async def here() -> dict[str, Any]:
        with hold(settings.state) as state:
            clock = SystemClock()
            book = Book(settings.ledger, state.journal, state.archive, clock, state.keys.token_of)
            desk = OwnersDesk(
                book,
                Health(),
                None,
                forgetting(book, state.journal.rewrite, partial(forget_dossiers, Path(settings.state))),
            )
            answer = await desk.handle(name, args)
            await book.close()
            if _LEAVES & set(answer.get("entries", ())):
                answer["message"] += " (no daemon is running: nothing leaves before `sollecito run`)"
            return answer

    return asyncio.run(here())


def demo(out: Path, seed: int, without: frozenset[str], *, show: bool) -> dict[str, Any]:
    """`sollecito demo`: this daemon, on embedded mail servers and with a clock that runs fast.

    Raises:
        CannotShow: the packages of `sollecito[demo]` are missing, or the arguments are not good; nothing was done.
    """
    return run_demo(out, seed, without, show=show)
