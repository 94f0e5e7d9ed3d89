"""The owner's commands, as they come over the socket or from the command line itself."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.reports.status import status_document
from daemon.loops import events
from daemon.loops.bank import take_statements
from daemon.loops.book import Book, Draft
from daemon.loops.health import Health
from daemon.loops.out_of_order import faults_of
from daemon.ports import DiskTrouble, Problem

_PLAIN_AMOUNT = re.compile(r"\d{1,15}(\.\d{1,6})?")

_SAID = {  # of a kind that is no place where something fails
    "clock": "letters wait: the clock of this machine jumped",
    "stale": "reminders wait: the bank has told only until {why}",
    "untold": "reminders wait: no bank statement was read yet",
}


class OwnersDesk:
    """Takes a command by name and arguments (JSON values) and answers with a JSON object.

    Args:
        reload: reads the config again; () when it was good.
        forget: removes a client's kept texts and the addresses in the journal; None where another process holds it.
    """

    def __init__(
        self,
        book: Book,
        health: Health,
        reload: Callable[[], Awaitable[tuple[Problem, ...]]] | None,
        forget: Callable[[str], Awaitable[None]],
    ) -> None:
        self._book = book
        self._health = health
        self._reload = reload
        self._forget = forget

    async def handle(self, name: str, args: dict[str, Any]) -> dict[str, Any]:
        """Answer one request: {"ok": true, ...} or {"ok": false, "error": ...}."""
        if name == "status":
            return {"ok": True, "status": self.status()}
        if name == "reload" and self._reload is not None:
            problems = await self._reload()
            return {"ok": not problems, "error": "\n".join(str(problem) for problem in problems)}
        if name == "payments":
            return await take_statements(self._book, args)
        command = command_of(name, args)
        if isinstance(command, Refusal):
            return {"ok": False, "error": command.because}
        refused: list[str] = []
        words: list[str] = []

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            desk = Desk(ledger=self._book.ledger, history=draft.history, today=self._book.today, at=draft.at)
            answer = execute(command, desk)
            if isinstance(answer, Refusal):
                refused.append(answer.because)
                return ()
            words.append(answer.words)
            return answer.entries

        try:
            entries = await self._book.record(step)
            if name == "forget" and not refused:
                await self._forget(command.target)
        except DiskTrouble as trouble:
            return {"ok": False, "error": f"nothing was recorded: {trouble}"}
        if refused:
            return {"ok": False, "error": refused[0]}
        events.command_done(name, len(entries))
        return {"ok": True, "message": words[0], "entries": [type(entry).__name__ for entry in entries]}

    def status(self) -> dict[str, Any]:
        """The `status` document; with a config that was refused, its problems too (DESIGN 6.7)."""
        document = status_document(self._book.ledger, self._book.history, self._book.today, self._health.read_to_end_at)
        known = faults_of(self._book, self._health)
        known.pop("config", None)
        faults = [_SAID.get(kind, f"{kind}: {{why}}").format(why=why) for kind, why in known.items()]
        return {**document, "faults": faults + [str(problem) for problem in self._health.config_problems]}


def command_of(name: str, args: dict[str, Any]) -> Command | Refusal:
    """The command with its arguments typed; a `Refusal` names what cannot be read."""
    amount = day = None
    if args.get("amount") is not None:
        if not _PLAIN_AMOUNT.fullmatch(str(args["amount"])):
            return Refusal(f"{args['amount']!r} is no amount: write 1234.50")
        amount = Decimal(str(args["amount"]))
    text = str(args.get("text") or "")
    parts = [_part(str(one)) for one in args.get("parts") or ()]
    for part in parts:
        if isinstance(part, Refusal):
            return part
    if args.get("day") is not None:
        try:
            day = date.fromisoformat(str(args["day"]))
        except ValueError:
            return Refusal(f"{args['day']!r} is no date: write 2026-12-15")
    return Command(
        name=name,
        target=str(args.get("target") or ""),
        amount=amount,
        at_most_owed=bool(args.get("at_most_owed")),
        day=day,
        text=text,
        everything=bool(args.get("everything")),
        parts=tuple(part for part in parts if not isinstance(part, Refusal)),
        count=args["count"] if isinstance(args.get("count"), int) else None,
        every=str(args.get("every") or ""),
        cancel=bool(args.get("cancel")),
        currency=str(args.get("currency") or "").upper(),
        client=str(args.get("client") or ""),
        numbers=tuple(str(number) for number in args.get("numbers") or ()),
    )


def _part(text: str) -> tuple[date, Decimal] | Refusal:
    """One part of a payment plan, as typed: its day and its amount."""
    day, equals, amount = text.partition("=")
    if not equals or not _PLAIN_AMOUNT.fullmatch(amount):
        return Refusal(f"{text!r} is no part of a plan: write 2026-12-15=400.00")
    try:
        return date.fromisoformat(day), Decimal(amount)
    except ValueError:
        return Refusal(f"{text!r} is no part of a plan: {day!r} is no date, write 2026-12-15=400.00")


__all__ = ["Done", "OwnersDesk", "command_of"]
