"""How `sollecito triage` shows one client."""

from __future__ import annotations

import textwrap
from typing import Any

import click

_WIDTH = 100


def show_row(row: dict[str, Any], place: int, of: int) -> None:
    """What is owed and since when, the last mail, the letter that would go; as `triage --json` has it."""
    owed = ", ".join(f"{currency} {_figure(amount)}" for currency, amount in row["owed"].items())
    click.secho(f"\n{place}/{of}  {row['name']} ({row['client']}): {owed}, {_days(row['days'])} overdue", bold=True)
    for item in row["invoices"]:
        amount = f"{item['currency']} {_figure(item['outstanding'])}"
        click.echo(f"      {item['number']:<16} {amount:>18}   due {item['due']}, {_days(item['days'])}")
    _line("last mail", _last(row["last"]))
    letter = row["letter"]
    _line("letter", f"{letter['letter']} to {letter['to']}, on {letter['on']}" if letter else "none: `plan` says why")


def _last(last: dict[str, Any] | None) -> str:
    if last is None:
        return "none found"
    who = last["by"] if last["theirs"] else "you"
    return f"{last['at'][:10]}, {who}: {last['words'] or '(no words)'}"


def _line(name: str, words: str) -> None:
    click.echo(textwrap.fill(words, _WIDTH, initial_indent=f"      {name:<10} ", subsequent_indent=" " * 17))


def _figure(amount: str) -> str:
    whole, point, part = amount.partition(".")
    return f"{int(whole):,}{point}{part}"


def _days(days: int) -> str:
    return f"{days} day{'' if days == 1 else 's'}"
