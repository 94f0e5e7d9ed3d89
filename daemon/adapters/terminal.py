"""What commands print for people: aligned columns and plain sentences; `--json` is for scripts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import click

Document = dict[str, Any]


def check(found: Document) -> None:
    """What was understood of a config that is right."""
    click.echo(f"{found['file']}: right")
    click.echo(f"  creditor   {found['creditor']}")
    notes = f", {found['credit_notes']} credit notes" if found["credit_notes"] else ""
    click.echo(f"  books      {found['clients']} clients, {found['invoices']} invoices{notes}")
    click.echo(f"  policies   {', '.join(found['policies'])}; letters in {', '.join(found['languages'])}")
    click.echo(f"  smtp       {found['smtp']}")
    click.echo(f"  imap       {found['imap']}")
    click.echo(f"  state      {found['state']}")
    for note in found["notices"]:
        click.echo(f"  note       {note}")
    for row in found.get("online", ()):
        click.echo(f"  {row['what']:<10} {'ok' if row['ok'] else 'FAULT'}: {row['words']}")


def plan(document: Document) -> None:
    """Letters, calls and hand-overs by day, then what stays quiet and why."""
    rows = [
        (
            letter["on"],
            letter["letter"] + (" (waits for your go)" if letter["waits_for_go"] else ""),
            letter["client"],
            ", ".join(_item(invoice) for invoice in letter["invoices"]),
            letter["to"],
        )
        for letter in document["letters"]
    ]
    rows += [(c["on"], f"call: {c['why']}", c["client"], ", ".join(c["invoices"]), "") for c in document["calls"]]
    rows += [(h["on"], h["why"], h["client"], ", ".join(h["invoices"]), "") for h in document["handovers"]]
    if rows:
        table(("ON", "WHAT", "CLIENT", "INVOICES", "TO"), sorted(rows))
    else:
        click.echo("Nothing goes out in this time.")
    if document["quiet"]:
        click.echo("\nToday nothing goes out about:")
        quiet = [
            (_item({"number": q["invoice"], **q}), q["client"], q["why"], q["until"] or "") for q in document["quiet"]
        ]
        table(("INVOICE", "CLIENT", "WHY", "UNTIL"), quiet)


def _item(invoice: Document) -> str:
    return str(invoice["number"]) + (f"/{invoice['instalment']}" if invoice.get("instalment") else "")


def status(document: Document) -> None:
    """A row for each invoice, then what waits, what is in doubt, and the mailbox."""
    for fault in document.get("faults", ()):
        click.secho(f"FAULT  {fault}", fg="red")
    rows = []
    for row in document["invoices"]:
        hold, call = row["hold"], row["call"]
        remark = ""
        if hold:
            when = f" until {hold['until']}" if hold["until"] else ""
            when = when or (f", review {hold['review_on']}" if hold["review_on"] else "")
            remark = f"{hold['because']}{when}"
        if call:
            remark = f"{remark}; " if remark else ""
            remark += f"CALL {call['contact']} {call['phone'] or ''}: {call['because']}"
        rows.append(
            (
                row["number"],
                row["client"],
                row["due"],
                f"{row['currency']} {row['outstanding']:>10}",
                row["state"],
                str(row["level"] or ""),
                row["last_letter_on"] or "",
                row["next_on"] or "",
                remark,
            )
        )
    table(("INVOICE", "CLIENT", "DUE", "OPEN", "STATE", "LEVEL", "LAST LETTER", "NEXT", "REMARK"), rows)
    for name, words in (("waiting", "waits for your go"), ("in_doubt", "IN DOUBT: settle it")):
        for letter in document[name]:
            click.echo(f"{letter['letter_id']}: {letter['letter']} about {', '.join(letter['invoices'])}: {words}")
    read_at = document["mailbox"]["read_to_end_at"]
    click.echo(f"Mailbox read to its end at {read_at}." if read_at else "Mailbox not read yet by a running daemon.")


def history(entries: Sequence[Document], number: str) -> None:
    """One line an entry, oldest first."""
    if not entries:
        click.echo(f"Nothing is recorded about {number} yet.")
    for entry in entries:
        details = {k: v for k, v in entry.items() if k not in _ELSEWHERE and v not in (None, "", [], False)}
        if "claims" in details:
            details["claims"] = ", ".join(
                f"{_item(c)} {c['currency']} {c['outstanding']} (level {c['level']})" for c in details["claims"]
            )
        words = "  ".join(f"{key}={', '.join(v) if _is_words(v) else v}" for key, v in details.items())
        click.echo(f"{entry['at'][:16].replace('T', ' ')}  {entry['entry']:<18} {words}")


_ELSEWHERE = frozenset({"at", "entry", "v", "client", "language", "also_open", "to_name", "mail", "message_id"})


def _is_words(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) for word in value)


def readings(documents: Sequence[Document]) -> None:
    """What was made of each mail, and why."""
    for found in documents:
        line = f"{found['file']}: {found['kind']}"
        if found["intent"]:
            line += f", {found['intent']}"
        for name in ("promised_on", "back_on", "invoice"):
            if found[name]:
                line += f", {name.replace('_', ' ')} {found[name]}"
        click.echo(line)
        for report in found["recipients"]:
            end = "permanent" if report["permanent"] else "not final"
            click.echo(f"    {report['address']}: {report['action']} {report['status']} ({end})")
        because = found["because"] if isinstance(found["because"], str) else "; ".join(found["because"])
        if because:
            click.echo(f"    because: {because}")
        if found["text"]:
            click.echo("    " + found["text"].strip().replace("\n", "\n    "))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; the last one runs on."""
    cells = [tuple(map(str, row)) for row in rows]
    widths = [max(len(row[n]) for row in [heads, *cells]) for n in range(len(heads))]
    for row in [heads, *cells]:
        click.echo("  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip())
