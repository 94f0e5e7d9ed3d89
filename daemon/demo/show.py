"""The time-lapse from its first morning to its last: play it, tell it, keep it."""

from __future__ import annotations

import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog

from daemon.adapters import log
from daemon.demo import CannotShow
from daemon.demo.album import REPORT, NotOurs, clear, write_page
from daemon.demo.bank import Bank
from daemon.demo.clock import TimeLapse
from daemon.demo.ends import ends
from daemon.demo.owner import ZONE
from daemon.demo.post import sort_mails
from daemon.demo.screen import Screen
from daemon.demo.servers import MailServers
from daemon.demo.stage import CREDITOR, DAYS, OWNER, START, Stage, set_up
from daemon.demo.story import read_books
from daemon.demo.telling import Line, Narrator
from daemon.demo.without import RULES
from daemon.domain import journal as j
from daemon.wiring.report import Condition, write_report

Document = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Performance:
    """A time-lapse that is over."""

    rows: list[Document]  # the ends
    lines: list[Line]  # what happened, as the journal has it
    sheets: list[Line]  # of the calls, as the owner read them
    dossiers: dict[str, bytes]  # by the file's name
    servers: MailServers  # every mail that really arrived
    bank: Bank
    seconds: float


def play(out: Path, seed: int, without: frozenset[str], *, show: bool) -> Document:
    """See `daemon.demo.run_demo`."""
    if unknown := sorted(without - RULES.keys()):
        raise CannotShow(f"there is no rule {', '.join(unknown)}; there are {', '.join(RULES)}")
    try:
        clear(out)
    except NotOurs as refused:
        raise CannotShow(str(refused)) from refused
    except OSError as refused:
        raise CannotShow(f"{out} cannot be written: {refused.strerror}") from refused
    clients, _ = read_books()
    names = {key: known["name"] for key, known in clients.items()}
    with Screen(names, DAYS, START.astimezone(ZONE).date(), show=show) as screen:
        played = perform(seed, without, screen, pages=out / REPORT)
    mails = sort_mails(out, played.servers, creditor=CREDITOR, owner=OWNER, clients=clients, rows=played.rows)
    first, last = START.astimezone(ZONE), (START + timedelta(days=DAYS)).astimezone(ZONE)
    told = {
        "start": f"{first.day} {first:%B %Y}",
        "end": f"{last.day} {last:%B %Y}",
        "days": DAYS,
        "seconds": round(played.seconds),
        "seed": seed,
        "without": ", ".join(sorted(without)),
        "report": f"{REPORT}/index.html",
    }
    for name, content in played.dossiers.items():
        (out / "dossiers" / name).write_bytes(content)
    page = write_page(out, played.rows, [*played.sheets, *played.lines], mails, told)
    screen.table(played.rows, f"{DAYS} days in {played.seconds:.0f} s. Every letter, answer and digest: {page}")
    return {
        "days": DAYS,
        "clients": [{**row, "sent": [_public(letter) for letter in row["sent"]]} for row in played.rows],
        "digests": len(mails.digests),
        "out": str(out),
        "seed": seed,
        "without": sorted(without),
    }


def _public(letter: Document) -> Document:
    """Without the Message-ID, which is a secret of each run: so the same seed prints the same document."""
    return {key: value for key, value in letter.items() if key != "message_id"}


def perform(
    seed: int, without: frozenset[str], screen: Screen | None = None, days: int = DAYS, pages: Path | None = None
) -> Performance:
    """Play the days in a folder of its own, which is gone afterwards.

    Args:
        pages: where to write what `sollecito report` shows on the last day; None: nowhere.
    """
    began = time.monotonic()
    lapse = TimeLapse(START, START + timedelta(days=days))
    with (
        tempfile.TemporaryDirectory(prefix="sollecito-demo-") as folder,
        _only_errors(),
        asyncio.Runner(loop_factory=lapse.new_loop) as runner,
    ):
        played = runner.run(_perform(lapse, Path(folder), seed, without, screen, pages))
    played.seconds = time.monotonic() - began
    return played


async def _perform(
    lapse: TimeLapse, folder: Path, seed: int, without: frozenset[str], screen: Screen | None, pages: Path | None
) -> Performance:
    async with set_up(lapse, folder, seed, without) as stage:
        running = stage.running
        lines: list[Line] = []
        following = asyncio.create_task(_follow(stage, lines, screen))
        over = asyncio.create_task(lapse.clock.sleep_until(lapse.clock.end))
        try:
            done, _ = await asyncio.wait(
                {over, following, running.loops, stage.failed}, return_when=asyncio.FIRST_COMPLETED
            )
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
        made = [Path(entry.file) for entry in running.journal.replay() if isinstance(entry, j.DossierMade)]
        if pages is not None:
            await running.book.keeper.finish()  # days are short here: the disk may be some of them behind
            await asyncio.to_thread(_report, stage, pages, answer["status"])
        return Performance(
            rows=rows,
            lines=lines,
            sheets=stage.owner.sheets,
            dossiers={path.name: path.read_bytes() for path in made},
            servers=stage.servers,
            bank=stage.bank,
            seconds=0.0,
        )


def _report(stage: Stage, out: Path, status: Document) -> None:
    """The pages of the last day, by the code of the command, from the state of the running daemon."""
    running = stage.running
    settings = replace(running.settings, ledger=running.book.ledger)  # with what the owner has entered meanwhile
    condition = Condition(faults=tuple(status["faults"]))
    write_report(settings, out, now=stage.lapse.clock.now(), condition=condition, packs=running.packs)


async def _follow(stage: Stage, lines: list[Line], screen: Screen | None) -> None:
    """Tell each fact as soon as it is in the journal."""
    book = stage.running.book
    bell = book.bell.listen()

    narrator = Narrator(stage.running.words)
    known = 0
    while True:
        bell.clear()
        for entry in islice(stage.running.journal.replay(), known, None):
            known += 1
            if (line := narrator.tell(entry)) is not None:
                lines.append(line)
                if screen is not None:
                    screen.print(line)
        if screen is not None:
            screen.turn_to(stage.lapse.clock.now())
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
