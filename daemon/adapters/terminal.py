"""What commands print for people: aligned columns and plain sentences; `--json` is for scripts."""

from __future__ import annotations

import re
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

import click

Document = dict[str, Any]
_LETTER = re.compile(r"[a-z]+(-[a-z]+)+")  # the name of one; a call has its reason in words


def check(found: Document) -> None:
    """What was understood of a config that is right."""
    click.echo(f"{found['file']}: right")
    click.echo(f"  creditor   {found['creditor']}")
    books = [count(found["clients"], "client"), count(found["invoices"], "invoice")]
    books += [count(found["credit_notes"], "credit note")] if found["credit_notes"] else []
    click.echo(f"  books      {', '.join(books)}")
    click.echo(f"  policies   {', '.join(found['policies'])}; letters in {', '.join(found['languages'])}")
    click.echo(f"  smtp       {found['smtp']}")
    click.echo(f"  imap       {found['imap']}")
    click.echo(f"  state      {found['state']}")
    for note in found["notices"]:
        click.echo(f"  note       {note}")
    for row in found.get("online", ()):
        looked(row)


def looked(row: Document) -> None:
    """One thing that was tried at a server; where it failed in a way that is known, what to do about it."""
    words = row["words"].removeprefix(f"{row['what']}: ")
    click.echo(f"  {row['what']:<10} {'ok' if row['ok'] else 'FAULT'}: {words}")
    if obstacle := row.get("obstacle"):
        _advice(obstacle)


def _advice(obstacle: Document) -> None:
    for begins, words in (("why", obstacle["what"]), ("do", obstacle["do"])):
        indent = " " * 20
        click.echo(textwrap.fill(words, 100, initial_indent=f"{'':<13}{begins:<7}", subsequent_indent=indent))


def plan(document: Document) -> None:
    """Letters, calls and hand-overs by day, then what stays quiet and why."""
    rows = [
        (
            letter["on"],
            letter["letter"] + (" (your go)" if letter["waits_for_go"] else ""),
            letter["client"],
            ", ".join(_item(invoice) for invoice in letter["invoices"]),
            letter["to"],
            letter["why"].removeprefix(f"{letter['letter']}, ")
            + (f"; waits for your go: {letter['waits_because']}" if letter["waits_for_go"] else ""),
        )
        for letter in document["letters"]
    ]
    for call in document["calls"]:
        letter, _, why = call["why"].partition(", ")
        what, why = (f"portal: {letter}", why) if _LETTER.fullmatch(letter) else (f"call: {call['why']}", "")
        rows.append((call["on"], what, call["client"], ", ".join(call["invoices"]), "", why))
    rows += [(h["on"], h["why"], h["client"], ", ".join(h["invoices"]), "", "") for h in document["handovers"]]
    if rows:
        table(("ON", "WHAT", "CLIENT", "INVOICES", "TO", "WHY"), sorted(rows))
    else:
        click.echo("Nothing goes out in this time.")
    coming = {i["number"] for letter in document["letters"] for i in letter["invoices"]}
    paid = [q for q in document["quiet"] if q["why"] == "paid"]
    quiet = [q for q in document["quiet"] if q not in paid and q["invoice"] not in coming]
    if quiet:
        click.echo("\nNo letter in this time about:")
        still = [(_item({"number": q["invoice"], **q}), q["client"], q["until"] or "", q["why"]) for q in quiet]
        table(("INVOICE", "CLIENT", "UNTIL", "WHY"), still)
    if paid:
        click.echo(
            f"\n{count(len(paid), 'invoice')} paid: {', '.join(_item({'number': q['invoice'], **q}) for q in paid)}"
        )


def count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _item(invoice: Document) -> str:
    return str(invoice["number"]) + (f"/{invoice['instalment']}" if invoice.get("instalment") else "")


def status(document: Document) -> None:
    """A row for each invoice, then who pays late, what waits, what is in doubt, and the mailbox."""
    for fault in document.get("faults", ()):
        click.secho(f"FAULT  {fault}", fg="red")
    rows = [
        (
            row["number"],
            row["client"],
            row["due"],
            f"{row['currency']} {row['outstanding']:>10}",
            row["state"],
            f"{row['level']} on {row['last_letter_on']}" if row["level"] else "",
            row["next_on"] or "",
            _why_nothing(row),
        )
        for row in document["invoices"]
    ]
    table(("INVOICE", "CLIENT", "DUE", "OPEN", "STATE", "LAST LEVEL", "NEXT", "WHY NOTHING GOES OUT NOW"), rows)
    for client in document.get("clients", ()):
        if client["late_payer"]:
            click.echo(f"{client['client']}: a habitual late payer, {_habit(client)}")
        if told := client.get("told"):
            where = f"letters go to {told['email']}, as you said on {told['on']}"
            click.echo(f"{client['client']}: {where}; the YAML still says {told['instead_of'][0]}")
    for name, words in (("waiting", "waits for your go"), ("in_doubt", "IN DOUBT: settle it")):
        for letter in document[name]:
            click.echo(f"{letter['letter_id']}: {letter['letter']} about {', '.join(letter['invoices'])}: {words}")
    read_at = document["mailbox"]["read_to_end_at"]
    if not document.get("daemon", True):
        click.echo("No daemon is running on this state: no letter leaves, and no answer is heard.")
    else:
        click.echo(f"Mailbox read to its end at {_moment(read_at)}." if read_at else "The mailbox was not read yet.")


def _why_nothing(row: Document) -> str:
    """Why nothing goes out now: the strongest reason, what is agreed before it, and whom to call behind it."""
    hold, call, quiet = row["hold"], row["call"], row.get("quiet")
    remark = ""
    if quiet and quiet["why"] not in (row["state"], row["state"].replace("-", " ")):
        until = quiet["until"] or ""
        remark = quiet["why"] + ("" if until == row["next_on"] or until in quiet["why"] else f" until {until}")
    if hold:
        when = f" until {hold['until']}" if hold["until"] else ""
        when = when or (f"; review {hold['review_on']}" if hold["review_on"] else "")
        remark = f"{HOLDS.get(hold['because'], hold['because'])}{when}"
    if off := row.get("written_off"):
        remark = f"{row['currency']} {off['amount']} given up on {off['on']}"
        remark += f": {off['because']}" if off["because"] else ""
    if row.get("plan"):
        remark = _plan_words(row["plan"]["parts"]) + (f"; {remark}" if remark else "")
    if call:
        remark = f"{remark}; " if remark else ""
        whom = " ".join(word for word in (call["contact"], call["phone"]) if word)
        remark += f"CALL {whom}: {call['because']}"
    return remark


def _plan_words(parts: Sequence[Document]) -> str:
    """`plan: 1 of 3 paid`, and which part was missed."""
    paid = sum(Decimal(part["outstanding"]) <= 0 for part in parts)
    missed = [f"{part['instalment']} of {part['due']} missed" for part in parts if part["missed"]]
    return ", ".join([f"plan: {paid} of {len(parts)} paid", *missed])


def _habit(client: Document) -> str:
    """How we know of a habit: from the YAML, or from what was paid."""
    learned = f"{client['mean_days_late']} days late on the average; {count(client['settled'], 'invoice')} settled"
    if not client["stated"]:
        return learned
    return "as you say" + (f" ({learned})" if client["mean_days_late"] is not None else "")


HOLDS = {  # by `Because`
    "reply": "their answer waits for yours",
    "promise": "promised",
    "claims-paid": "says it is paid",
    "dispute": "disputed",
    "stop": "asked us to stop",
    "wrong-contact": "wrong contact",
    "complaint": "complained about our mail",
    "owner-wrote": "you wrote to them",
    "owner": "held by you",
    "other-thread": "wrote to us about something else",
    "refused": "our letter was refused",
    "vanished": "a payment or hold vanished from the YAML",
    "clock": "the clock jumped",
    "bank": "the bank tells of money that may be for it: the digest asks you",
}


def _moment(stamp: str) -> str:
    """`2026-11-22T10:05:00Z` as people read it."""
    return f"{stamp[:10]} {stamp[11:16]} UTC"


def history(entries: Sequence[Document], number: str) -> None:
    """One line an entry, oldest first."""
    if not entries:
        click.echo(f"Nothing is recorded about {number} yet.")
    for entry in entries:
        details: dict[str, Any] = {
            k: v for k, v in entry.items() if k not in _ELSEWHERE and v not in (None, "", [], False)
        }
        if "claims" in details:
            details["claims"] = ", ".join(
                f"{_item(c)} {c['currency']} {c['outstanding']} (level {c['level']})" for c in details["claims"]
            )
        if "parts" in details:
            # of a plan, each with its day; of a payment that may be for several invoices, each with its number
            details["parts"] = [f"{part.get('due_on') or part['number']}={part['amount']}" for part in details["parts"]]
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", entry["entry"]).capitalize()
        words = ", ".join(_told(key.replace("_", " "), value) for key, value in details.items())
        click.echo(f"{_moment(entry['at'])}  {name:<18}  {words}")


def _told(name: str, value: object) -> str:
    """One detail of an entry: `level 3`, `by hand`, `numbers 2026-041 2026-042`."""
    if value is True:
        return name
    return f"{name} {' '.join(map(str, value)) if isinstance(value, list) else value}"


_ELSEWHERE = frozenset(
    {"at", "entry", "v", "client", "language", "also_open", "to_name", "mail", "message_id", "stated"}
)


_MEANT = {
    "dead": "the address does not exist",
    "refused": "this message was refused",
    "gave-up": "their server gave up after its tries",
    "retrying": "still being tried",
    "delivered": "delivered",
}


def readings(documents: Sequence[Document]) -> None:
    """What was made of each mail, and why."""
    for found in documents:
        line = f"{found['file']}: {found['kind']}"
        if found["intent"]:
            line += f", {found['intent']}"
        line += ", a part of it" if found["part"] else ""
        for name in ("promised_on", "amount", "back_on", "ticket", "substitute", "invoice"):
            if found[name]:
                line += f", {name.replace('_', ' ')} {found[name]}"
        line += ", has left" if found["gone"] else ""
        click.echo(line)
        for report in found["recipients"]:
            codes = " ".join(str(code) for code in (report["code"], report["status"]) if code)
            was = f", sent to {report['original']}" if report["original"] else ""
            said = report["action"] + (f" ({codes})" if codes else "")
            click.echo(f"    {report['address']}{was}: {said}, {_MEANT[report['meaning']]}")
        because = found["because"] if isinstance(found["because"], str) else "; ".join(found["because"])
        if because:
            click.echo(f"    because: {because}")
        if found["text"]:
            click.echo("    " + found["text"].strip().replace("\n", "\n    "))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Columns as wide as their widest cell; on a terminal the last one is folded into what is left of the line."""
    cells = [tuple(map(str, row)) for row in rows]
    widths = [max(len(row[n]) for row in [heads, *cells]) for n in range(len(heads))]
    before = sum(widths[:-1]) + 2 * len(widths[:-1])
    left = shutil.get_terminal_size().columns - before if sys.stdout.isatty() else 0
    for row in [heads, *cells]:
        line = "".join(f"{cell:<{width}}  " for cell, width in zip(row, widths[:-1], strict=False))
        if not sys.stdout.isatty():
            click.echo(f"{line}{row[-1]}".rstrip())
        elif left < _NARROW:  # no room beside: below
            click.echo(line.rstrip())
            for below in textwrap.wrap(row[-1], left + before - 4) if row is not heads else ():
                click.echo(f"    {below}")
        else:
            first, *more = textwrap.wrap(row[-1], left, break_long_words=False) or [""]
            click.echo(f"{line}{first}".rstrip())
            for below in more:
                click.echo(" " * before + below)


_NARROW = 16  # characters; a column with less than this is not folded
