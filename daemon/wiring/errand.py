"""One errand: a command of the owner, by the running daemon or here."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from daemon.adapters.control import socket_path
from daemon.adapters.control_client import NoDaemon, ask
from daemon.ports import Settings
from daemon.wiring.alone import alone

# entries of which something comes only where a daemon runs
_LEAVES = {"LetterQueued", "LetterReleased", "ProposalSettled"}


def command(settings: Settings, name: str, args: dict[str, Any]) -> dict[str, Any]:
    """Ask the running daemon; with none running take the lock and do it here."""
    try:
        return ask(socket_path(Path(settings.state)), name, args)
    except NoDaemon:
        pass

    async def here() -> dict[str, Any]:
        async with alone(settings) as (_, desk):
            answer = await desk.handle(name, args)
        if _LEAVES & set(answer.get("entries", ())):
            answer["message"] += " (no daemon is running: nothing leaves before `sollecito run`)"
        return answer

    return asyncio.run(here())
