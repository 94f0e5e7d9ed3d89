"""The reader of the bank's folder, on the watch and the formats; and statements that are told by command."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from daemon.adapters import bank_files
from daemon.adapters.clock import SystemClock
from daemon.adapters.control import socket_path
from daemon.adapters.control_client import NoDaemon, ask
from daemon.adapters.watch import Watch
from daemon.domain.books.bank_statement import Statement, StatementFault
from daemon.domain.commands.bank_facts import reckon
from daemon.domain.payments.bank_document import match_row
from daemon.loops.bank import BankReader
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.pulse import pulse
from daemon.ports import DiskTrouble, Settings
from daemon.wiring.alone import alone
from daemon.wiring.inquiry import known_history
from daemon.wiring.parts import Daemon

_A_REQUEST = 40_000  # bytes of entries; the control socket takes a little more


class StatementsRefused(Exception):
    """Files that are no statements: nothing was recorded."""


def bank_reader(daemon: Daemon) -> BankReader:
    """With no folder it waits until the config names one."""
    return _reader(daemon.book, daemon.health, daemon.world.settle_seconds)


def _reader(book: Book, health: Health, settle_seconds: float) -> BankReader:
    alive = pulse(health, "bank")
    watch = Watch(_watched(book), suffixes=bank_files.SUFFIXES, settle_seconds=settle_seconds, alive=alive)

    def read(file: Path) -> list[Statement]:
        terms = book.ledger.bank
        return bank_files.read_bank_file(file, terms.columns if terms else None)

    followed = book.ledger.bank

    def follow() -> list[Path]:
        nonlocal followed
        if book.ledger.bank == followed:
            return []
        followed = book.ledger.bank  # another folder, or another map of columns for what lies in it
        watch.follow(_watched(book))
        health.bank_faults.clear()
        return lying_there(book)

    return BankReader(book, health, watch.changes, read, follow)


def lying_there(book: Book) -> list[Path]:
    folder = _folder(book)
    return bank_files.files_in(folder) if folder else []


def _folder(book: Book) -> Path | None:
    terms = book.ledger.bank
    if terms is None or terms.folder is None:
        return None
    return Path(os.path.abspath(terms.folder))  # as the watch names it


def _watched(book: Book) -> list[Path]:
    folder = _folder(book)
    return [folder] if folder else []


# -- the command -------------------------------------------------------------------------------------------------


def read_files(settings: Settings, files: Sequence[str]) -> list[Statement]:
    """Every statement in these files and folders.

    Raises:
        StatementsRefused: one of them is none; nothing is half done.
    """
    terms = settings.ledger.bank
    found: list[Statement] = []
    wrong: list[str] = []
    for name in files:
        path = Path(name)
        for file in bank_files.files_in(path) if path.is_dir() else [path]:
            try:
                found += bank_files.read_bank_file(file, terms.columns if terms else None)
            except StatementFault as fault:
                wrong.append(str(fault))
    if wrong:
        raise StatementsRefused("\n".join(wrong))
    return found


def payments(settings: Settings, statements: Sequence[Statement], *, dry_run: bool) -> list[dict[str, Any]]:
    """What is made of each entry, recorded by the running daemon or here; `dry_run`: nothing is recorded.

    Raises:
        DiskTrouble: nothing more was recorded.
    """
    if dry_run:
        return _looked_at(settings, statements)
    rows: list[dict[str, Any]] = []
    try:
        for batch in _batches(statements):
            answer = ask(socket_path(Path(settings.state)), "payments", {"statements": batch})
            rows += _rows_of(answer)
    except NoDaemon:
        if rows:
            raise DiskTrouble("the daemon stopped in between: what it has booked is booked; run this again") from None
        return asyncio.run(_here(settings, statements))
    return sorted(rows, key=lambda row: str(row["on"]))


def _rows_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    if not answer.get("ok"):
        raise DiskTrouble(str(answer.get("error")))
    return [dict(row) for row in answer["rows"]]


def _looked_at(settings: Settings, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    history, _ = known_history(settings)
    now = SystemClock().now()
    zones = {key: client.zone for key, client in settings.ledger.clients.items()}
    today = now.astimezone(settings.ledger.creditor.timezone).date()
    found = reckon(statements, settings.ledger, history, lambda key: now.astimezone(zones[key]).date(), today, now)
    return [match_row(match) for match in found.matches]


async def _here(settings: Settings, statements: Sequence[Statement]) -> list[dict[str, Any]]:
    async with alone(settings) as (_, desk):
        return _rows_of(await desk.handle("payments", {"statements": [msgspec.to_builtins(one) for one in statements]}))


def _batches(statements: Sequence[Statement]) -> Iterator[list[Any]]:
    """The statements in pieces that a request can carry; the oldest first, as they would be read together."""
    pieces = [
        msgspec.structs.replace(statement, entries=tuple(entries), goes_on=goes_on)
        for statement in sorted(statements, key=lambda one: (one.until, one.account))
        for entries, goes_on in _pieces(statement)
    ]
    batch: list[Any] = []
    weight = 0
    for piece in pieces:
        plain = msgspec.to_builtins(piece)
        size = len(msgspec.json.encode(plain))
        if batch and weight + size > _A_REQUEST:
            yield batch
            batch, weight = [], 0
        batch.append(plain)
        weight += size
    if batch:
        yield batch


def _pieces(statement: Statement) -> Iterator[tuple[list[Any], bool]]:
    """Entries, and whether more of them follow."""
    piece: list[Any] = []
    weight = 0
    for entry in statement.entries:
        size = len(msgspec.json.encode(entry))
        if piece and weight + size > _A_REQUEST // 2:
            yield piece, True
            piece, weight = [], 0
        piece.append(entry)
        weight += size
    yield piece, False
