"""The command about the bank's statements."""

from __future__ import annotations

import sys
from typing import Any

import click

from daemon.adapters import terminal
from daemon.domain.payments.bank_document import payments_document
from daemon.domain.payments.payment_match import Verdict
from daemon.wiring.argv import FAILED, config_option, config_path, faults_have_codes, json_option, print_json
from daemon.wiring.bank import StatementsRefused, read_files
from daemon.wiring.bank import payments as payments_of
from daemon.wiring.settings import load_settings

_TITLES = {
    Verdict.SURE: ("Booked", "Would be booked"),
    Verdict.UNSURE: ("Not sure: the next digest asks you, and reminders about it wait",) * 2,
    Verdict.UNKNOWN: ("For none of your invoices, as far as one can tell",) * 2,
}


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@config_option
@click.option("--dry-run", is_flag=True, help="Show what would be booked, and record nothing.")
@json_option
@faults_have_codes
def payments(files: tuple[str, ...], config_file: str | None, dry_run: bool, as_json: bool) -> None:
    """Read bank statements, and book what was paid.

    CAMT.053 and .054, MT940, OFX, and CSV with `bank: {map: ...}` in the config; FILE may be a folder. Booked is what
    names an invoice by reference or number; what only looks like it is a question in the next digest. The same
    statement may be read again: each entry counts once.

    \b
    Example:
      sollecito payments statement.xml --dry-run
      sollecito payments ~/statements
    """
    settings = load_settings(config_path(None, config_file))
    try:
        statements = read_files(settings, files)
    except StatementsRefused as refused:
        click.echo(f"sollecito: {refused}\nsollecito: nothing was recorded", err=True)
        sys.exit(FAILED)
    rows = payments_of(settings, statements, dry_run=dry_run)
    document = payments_document(statements, rows, dry_run=dry_run)
    if as_json:
        print_json(document)
    else:
        click.echo(_table(document))


def _table(document: dict[str, Any]) -> str:
    told = []
    for verdict, titles in _TITLES.items():
        rows = [row for row in document["entries"] if row["verdict"] == verdict]
        if rows:
            told.append(f"{titles[document['dry_run']]} ({len(rows)})")
            told += [line for row in rows for line in _lines(row)]
            told.append("")
    counts = document["counts"]
    told += [f"{counts[Verdict.KNOWN]} read before"] if counts[Verdict.KNOWN] else []
    told += [f"{terminal.count(ours, 'outgoing payment')}, ignored"] if (ours := counts[Verdict.OURS]) else []
    until = {statement["account"]: statement["until"] for statement in document["statements"]}
    told += [f"{account}: statement reaches to {day}" for account, day in until.items()]
    return "\n".join(told)


def _lines(row: dict[str, Any]) -> list[str]:
    sign = "-" if row["flow"] == "back" else ""
    wide = len(row["invoices"]) > 1
    invoices = ", ".join(
        f"{part['client']}/{part['number']}" + (f" {part['amount']}" if wide else "") for part in row["invoices"]
    )
    money = f"{sign}{row['amount']} {row['currency']}"
    who = " ".join(f"{row['from']} {row['text']}".split())
    who = f"{who[:57]}..." if len(who) > 60 else who
    whose = f"{invoices or row['client']}: " if invoices or row["client"] else ""
    return [f"  {row['on']}  {money:>16}  {who}", f"      {whose}{'; '.join(row['because'])}"]


BANKING = (payments,)
