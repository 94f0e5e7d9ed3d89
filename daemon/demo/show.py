"""The time-lapse from its first morning to its last: play it, tell it, keep it."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog

from daemon.adapters import log
from daemon.demo import CannotShow
from daemon.demo.album import NotOurs, clear, write_page
from daemon.demo.clock import TimeLapse
from daemon.demo.ends import ends
from daemon.demo.owner import ZONE
from daemon.demo.post import sort_mails
from daemon.demo.screen import Screen
from daemon.demo.stage import CREDITOR, DAYS, OWNER, START, Stage, set_up
from daemon.demo.story import read_books
from daemon.demo.telling import Line, Teller
from daemon.demo.without import RULES

Document = dict[str, Any]


def play(out: Path, seed: int, without: frozenset[str], *, show: bool, days: int = DAYS) -> Document:
    """See `daemon.demo.run_demo`.

    Raises:
        CannotShow: a rule that there is not, or a folder that is not ours to write into.
    """
    if unknown := sorted(without - RULES.keys()):
        raise CannotShow(f"there is no rule {', '.join(unknown)}; there are {', '.join(RULES)}")
    try:
        clear(out)
    except (NotOurs, OSError) as refused:
        raise CannotShow(str(refused)) from refused
    end = START + timedelta(days=days)
    lapse = TimeLapse(START, end)
    clients, _ = read_books()
    names = {key: known["name"] for key, known in clients.items()}
    screen = Screen(names, days, START.astimezone(ZONE).date(), show=show)
    with (
        tempfile.TemporaryDirectory(prefix="sollecito-demo-") as folder,
        _only_errors(),
        screen,
        asyncio.Runner(loop_factory=lapse.new_loop) as runner,
    ):
        began = time.monotonic()
        document, told, lines, stage = runner.run(_play(lapse, Path(folder), seed, without, end, screen))
    mails = sort_mails(out, stage.servers, creditor=CREDITOR, owner=OWNER, clients=clients, rows=document["clients"])
    page = write_page(
        out,
        document["clients"],
        lines,
        mails.clients,
        mails.digests,
        mails.others,
        {
            **told,
            "days": days,
            "seconds": round(time.monotonic() - began),
            "seed": seed,
            "without": ", ".join(sorted(without)),
        },
    )
    screen.table(
        document["clients"], f"{days} days in {time.monotonic() - began:.0f} s. Every letter, answer and digest: {page}"
    )
    return {"days": days, **document, "digests": len(mails.digests), "out": str(out), "seed": seed}


async def _play(
    lapse: TimeLapse, folder: Path, seed: int, without: frozenset[str], end: datetime, screen: Screen
) -> tuple[Document, Document, list[Line], Stage]:
    async with set_up(lapse, folder, seed, without) as stage:
        running = stage.running
        lines: list[Line] = []

        def tell(line: Line) -> None:
            lines.append(line)
            screen.print(line)

        following = asyncio.create_task(_follow(stage, tell, screen))
        over = asyncio.create_task(stage.clock.sleep_until(end))
        parts = {over, following, running.loops, stage.failed}
        try:
            done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
            for part in done:
                part.result()  # a bug ends the demo at once
        finally:
            lapse.stop()
            over.cancel()
            following.cancel()
        answer = await asyncio.to_thread(running.command, "status", {})
        clients, _ = read_books()
        names = {key: known["name"] for key, known in clients.items()}
        rows = ends(answer["status"], running.journal.replay(), stage.screenplay.clients, names)
        first, last = START.astimezone(ZONE), end.astimezone(ZONE)
        told = {"start": f"{first.day} {first:%B %Y}", "end": f"{last.day} {last:%B %Y}"}
        return {"clients": rows}, told, lines, stage


async def _follow(stage: Stage, tell: Callable[[Line], None], screen: Screen) -> None:
    """Tell each fact as soon as it is in the journal."""
    book = stage.running.book
    bell = book.bell.listen()

    def words(mail: str) -> str:
        return (book.archive.find(f"words-{mail}.txt") or b"").decode(errors="replace")

    teller = Teller(words)
    known = 0
    while True:
        bell.clear()
        for entry in islice(stage.running.journal.replay(), known, None):
            known += 1
            if (line := teller.tell(entry)) is not None:
                tell(line)
        screen.turn_to(stage.clock.now())
        await bell.wait()


@contextmanager
def _only_errors() -> Iterator[None]:
    """The daemon's log would run through the timeline: only errors, and afterwards all as it was."""
    root = logging.getLogger()
    handlers, level, config = root.handlers[:], root.level, structlog.get_config()
    log.configure(level="error", stream=sys.stderr)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**config)
