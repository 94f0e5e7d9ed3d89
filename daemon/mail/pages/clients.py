"""The list of all clients."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.domain.reports.report import ClientFacts
from daemon.mail.pages.names import CLIENTS, client_page
from daemon.mail.pages.view import Cell, ColumnHead, Page, TableView
from daemon.mail.pages.words import Words, named


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientsView:
    lead: str
    table: TableView


def client_row(facts: ClientFacts, words: Words) -> tuple[Cell, ...]:
    """One line of the list of clients."""
    return (
        Cell(text=named(facts.case.client.name), href=client_page(facts.key), note=_in_short(facts, words)),
        Cell(text=words.amounts(facts.owed) or "–"),
        Cell(text=words.amounts(facts.overdue) or "–", tone="late" if facts.overdue else ""),
        Cell(text="" if not facts.days else words.number(facts.days)),
        Cell(text=_mean(facts, words)),
    )


def clients_page(rows: Sequence[tuple[Cell, ...]], words: Words) -> Page:
    columns = (
        ColumnHead(title=words.say("col_client")),
        ColumnHead(title=words.say("col_open"), figure=True),
        ColumnHead(title=words.say("col_overdue"), figure=True),
        ColumnHead(title=words.say("col_days"), figure=True, wide=True),
        ColumnHead(title=words.say("col_mean"), figure=True, wide=True),
    )
    title = words.say("clients")
    body = ClientsView(
        lead=words.say("clients_told", n=len(rows)), table=TableView(caption=title, columns=columns, rows=tuple(rows))
    )
    return Page(file=CLIENTS, template="clients", title=title, place=CLIENTS, body=body)


def _in_short(facts: ClientFacts, words: Words) -> str:
    """What is special about a client, in a few words."""
    states = {one.state for one in facts.invoices}
    told = [words.say(f"state_{state}") for state in ("disputed", "promised", "held", "handed-over") if state in states]
    told += [words.say("call")] if facts.sheets else []
    return ", ".join(told)


def _mean(facts: ClientFacts, words: Words) -> str:
    mean = facts.case.habit.mean
    return "–" if mean is None else words.number(mean)
