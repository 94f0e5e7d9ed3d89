"""What `sollecito import` prints: one document for scripts, the YAML for a file, and words for a person."""

from __future__ import annotations

from typing import Any

from daemon.domain.incoming.intake_rows import Outcome, Row, Stranger
from daemon.wiring.importing import Intake, numbers

_HEAD = "# Clients that the config does not have: put them under `clients:` there, without the #."


def as_document(intake: Intake) -> dict[str, Any]:
    """The whole of it, as `--json` prints it."""
    return {
        "files": intake.files,
        "counts": {outcome.value: count for outcome, count in numbers(intake.rows).items()},
        "invoices": [_invoice(row) for row in intake.rows],
        "clients": [_client(one) for one in intake.strangers],
        "refused": [
            {"file": one.file, "line": one.line or None, "field": one.field or None, "message": one.message}
            for one in intake.refusals
        ],
        "notes": intake.notes,
        "problems": [
            {"file": one.file, "line": one.line, "column": one.column, "message": one.message}
            for one in intake.problems
        ],
        "written": intake.written,
        "yaml": yaml_of(intake),
    }


def _invoice(row: Row) -> dict[str, Any]:
    one = row.incoming
    return {
        "file": one.file,
        "line": one.line or None,
        "format": one.form.value,
        "number": one.number,
        "client": row.client or None,
        "buyer": one.buyer.name or None,
        "outcome": row.outcome.value,
        "why": row.why or None,
        "field": row.at or None,
        "credit": one.credit,
        "currency": one.currency,
        "total": str(one.total),
        "payable": None if one.payable is None else str(one.payable),
        "issued": one.issued_on.isoformat() if one.issued_on else None,
        "due": one.due_on.isoformat() if one.due_on else None,
        "instalments": [{"due": part.due_on.isoformat(), "amount": str(part.amount)} for part in one.instalments],
        "iban": one.ibans[0] if one.ibans else None,
        "changes": [{"key": change.key, "ours": change.ours, "theirs": change.theirs} for change in row.changes],
        "notes": row.notes,
    }


def _client(one: Stranger) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.party.name,
        "added": one.added,
        "missing": one.missing or None,
        "yaml": one.lines,
    }


def yaml_of(intake: Intake) -> str:
    """The new invoices as a list; above them, as remarks, the clients that the config has not."""
    lines = []
    strangers = [one for one in intake.strangers if not one.added]
    if strangers:
        lines.append(_HEAD)
        for one in strangers:
            lines += [f"#   {line}" for line in one.lines]
            lines += [f"#   ^ {_seen(one.missing)}"] if one.missing else []
    for row in intake.rows:
        if row.outcome is Outcome.NEW:
            lines += row.lines
    return "\n".join(lines) + "\n" if lines else ""


def words_of(intake: Intake) -> list[str]:
    """For a person, a line each: what needs a look, then how much there was; no sign in them steers a terminal."""
    return [_seen(words) for words in _words_of(intake)]


def _seen(words: str) -> str:
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in words)


def _words_of(intake: Intake) -> list[str]:
    said = [str(refusal) for refusal in intake.refusals]
    for row in intake.rows:
        named = f"{row.place}: {row.incoming.number}"
        if row.failed:
            at = f"`{row.at}`: " if row.at else ""
            said.append(f"{named}: {at}{row.why}")
        elif row.outcome is Outcome.UPDATED:
            said.append(f"{named}: updated: {', '.join(map(str, row.changes))}")
        elif row.outcome is Outcome.SETTLED:
            said.append(f"{named}: left out: {row.why}")
    said += _notes(intake)
    for one in intake.strangers:
        if one.added:
            said.append(f"new client `{one.key}`: {one.party.name}")
    said += [str(problem) for problem in intake.problems]
    said += ["nothing was changed: with it the config would be wrong"] if intake.problems else []
    said += [f"written: {path}" for path in intake.written]
    counts = [f"{count} {_WORDS[outcome]}" for outcome, count in numbers(intake.rows).items() if count]
    counts += [f"{len(intake.refusals)} not read"] if intake.refusals else []
    said.append(f"{intake.files} file{'' if intake.files == 1 else 's'}: {', '.join(counts) or 'no invoices'}")
    return said


def _notes(intake: Intake) -> list[str]:
    """Each note once, with the first invoice that it is about; a thousand may have the same."""
    about: dict[str, list[str]] = {}
    for row in intake.rows:
        for note in row.notes:
            about.setdefault(note, []).append(f"{row.place}: {row.incoming.number}")
    said = [
        f"{named[0]}: note: {note}" + (f" (and {len(named) - 1} more)" if len(named) > 1 else "")
        for note, named in about.items()
    ]
    return said + [f"note: {note}" for note in intake.notes]


_WORDS = {
    Outcome.NEW: "new",
    Outcome.KNOWN: "known already",
    Outcome.DIFFERS: "known otherwise, left as they are (--update takes the documents' figures)",
    Outcome.UPDATED: "updated",
    Outcome.SETTLED: "with nothing to pay",
    Outcome.STRANGER: "of clients who are not in the config",
    Outcome.REFUSED: "refused",
}
