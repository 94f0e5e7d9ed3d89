"""`sollecito triage`: what was overdue before the very first start, what was written last, and the owner's answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from daemon.adapters.control import socket_path
from daemon.adapters.control_client import NoDaemon, ask
from daemon.adapters.imap import ImapMailbox
from daemon.domain import journal as j
from daemon.domain.commands.triage import Answer, Standing, orders, standing_of
from daemon.domain.history import History
from daemon.domain.ladder.forecast import forecast
from daemon.domain.reports.status import stamp
from daemon.domain.standing.case import case_of
from daemon.loops.health import Health
from daemon.loops.plan import Planner
from daemon.loops.whoiswho import WhoIsWho
from daemon.mail.read import Reader
from daemon.mail.whose.exchange import last_seen
from daemon.ports import Settings
from daemon.wiring.alone import alone
from daemon.wiring.inquiry import known_history
from daemon.wiring.ways_in import ways_in
from daemon.wiring.words import packs_of

_AHEAD = timedelta(days=31)
_MOST_WORDS = 160  # characters of a mail that are shown
Handle = Callable[[str, dict[str, Any]], Any]  # name, arguments -> an answer, awaitable


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMail:
    """The newest mail to or from a client, for display."""

    at: datetime
    by: str  # the sender's address
    theirs: bool  # they wrote; else the owner did
    words: str  # its first new words


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One client, as the owner sees them."""

    standing: Standing
    letter: j.LetterQueued | None  # that would go
    last: LastMail | None


def standings(settings: Settings, history: History, now: datetime) -> list[Row]:
    """Every client to be asked about, the oldest debt first; without a look into the mailbox."""
    ledger, found = settings.ledger, []
    today = now.astimezone(ledger.creditor.timezone).date()
    ahead: dict[str, j.LetterQueued] = {}
    for letter in forecast(ledger, history, today, today + _AHEAD).letters:
        ahead.setdefault(letter.client, letter)
    for key, client in ledger.clients.items():
        local = now.astimezone(client.zone).date()
        standing = standing_of(case_of(ledger, history, key, local), local)
        if standing is not None:
            found.append(Row(standing=standing, letter=ahead.get(key), last=None))
    return sorted(found, key=lambda row: (-row.standing.days, row.standing.client))


async def look(settings: Settings, days: int | None, now: datetime) -> list[Row]:
    """The same with the last mail of each.

    Args:
        days: how far back inbox and Sent are looked at, read-only; None: not at all.

    Raises:
        Unreachable: the mailbox cannot be read now.
    """
    history, keys = known_history(settings)
    rows = standings(settings, history, now)
    if days is None or not rows:
        return rows
    directory = WhoIsWho(settings.ledger, history, keys.token_of if keys else str).directory
    reader = Reader({language: pack.reading for language, pack in packs_of(settings).items()})
    doors = ways_in(settings)
    mailbox = ImapMailbox(settings.imap, doors.imap, renew=doors.renew_imap)
    asked = {row.standing.client for row in rows}
    last: dict[str, LastMail] = {}
    try:
        seen = last_seen(await mailbox.recent_heads((now - timedelta(days=days)).date()), directory, now)
        wanted = {client: one for client, one in seen.items() if client in asked}
        for role in ("inbox", "sent"):
            uids = sorted({one.head.uid for one in wanted.values() if one.head.role == role})
            raw = await mailbox.beginnings(role, uids) if uids else {}
            for client, one in wanted.items():
                if one.head.role == role and one.head.uid in raw:
                    text = reader.read(raw[one.head.uid], directory, now.date()).text
                    last[client] = LastMail(
                        at=one.at, by=one.sender, theirs=role == "inbox", words=" ".join(text.split())[:_MOST_WORDS]
                    )
    finally:
        await mailbox.close()
    return [Row(standing=row.standing, letter=row.letter, last=last.get(row.standing.client)) for row in rows]


@asynccontextmanager
async def desk_of(settings: Settings) -> AsyncIterator[Handle]:
    """Who takes the owner's answers: the running daemon; with none running this process, which takes the lock.

    The first start is on record after it: what was overdue until now waits for the owner.
    """
    where = socket_path(Path(settings.state))
    try:
        ask(where, "status", {})
    except NoDaemon:
        pass
    else:

        async def there(name: str, args: dict[str, Any]) -> dict[str, Any]:
            return ask(where, name, args)

        yield there
        return
    async with alone(settings) as (book, desk):
        await Planner(book, Health()).run_once()
        yield desk.handle


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one answer."""

    words: list[str]  # what was done, or why not
    all_of_it: bool


async def record(handle: Handle, answer: Answer, standing: Standing) -> Recorded:
    """Record one answer, an invoice at a time."""
    said, all_of_it = [], True
    for name, args in orders(answer, standing):
        done = await handle(name, {key: value for key, value in args.items() if value is not None})
        all_of_it &= bool(done.get("ok"))
        said.append(str(done["message"] if done.get("ok") else f"not recorded: {done.get('error')}"))
    return Recorded(list(dict.fromkeys(said)), all_of_it)


def as_document(rows: Sequence[Row]) -> dict[str, Any]:
    """The shape of `triage --json`."""
    return {"clients": [_as_json(row) for row in rows]}


def _as_json(row: Row) -> dict[str, Any]:
    standing, letter, last = row.standing, row.letter, row.last
    return {
        "client": standing.client,
        "name": standing.name,
        "owed": {currency: str(amount) for currency, amount in standing.owed.items()},
        "days": standing.days,
        "invoices": [
            {
                "number": item.number,
                "due": item.due_on.isoformat(),
                "days": item.days,
                "outstanding": str(item.outstanding),
                "currency": item.currency,
            }
            for item in standing.items
        ],
        "last": None
        if last is None
        else {"at": stamp(last.at), "by": last.by, "theirs": last.theirs, "words": last.words},
        "letter": None if letter is None else {"letter": letter.letter, "to": letter.to, "on": letter.on.isoformat()},
    }
