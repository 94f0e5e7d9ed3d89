"""The owner's second way, for when mail itself is what is broken: a command, or an address that takes a text (F65)."""

from __future__ import annotations

import asyncio
import contextlib

from daemon.adapters.web_call import web_call
from daemon.domain.books.owner import OtherWay

_PATIENCE = 30.0  # seconds for a command, and for an answer
_LONGEST = 10_000  # octets of the text: healthchecks keeps 100 kB, others less


async def tell_otherwise(way: OtherWay, text: str) -> str | None:
    """Run the command with the text on its standard input, or POST the text; None: told, else why not."""
    said = text.encode()[:_LONGEST].decode(errors="ignore").encode()
    if way.command:
        return await _run(way.command, said)
    return await _post(way.url, said)


async def _run(command: tuple[str, ...], said: bytes) -> str | None:
    """What it prints is not ours to keep; its errors go to our own stderr, and so into the log."""
    pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=nowhere)
    except OSError as wrong:
        return f"alerts.also: the command {command[0]} cannot be run: {wrong.strerror}"
    try:
        async with asyncio.timeout(_PATIENCE):
            await process.communicate(said)
    except TimeoutError:
        return f"alerts.also: the command {command[0]} did not end within {_PATIENCE:.0f} seconds"
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    if process.returncode:
        return f"alerts.also: the command {command[0]} failed (exit status {process.returncode})"
    return None


async def _post(url: str, said: bytes) -> str | None:
    text = {"Content-Type": "text/plain; charset=utf-8"}
    failure = await web_call("POST", url, said, patience=_PATIENCE, headers=text)
    return f"alerts.also: {failure}" if failure else None
