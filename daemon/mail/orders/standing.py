"""How things stand, for an owner who asks by mail: a line an invoice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from daemon.domain.books.money import Money
from daemon.mail.letters.sheet import clean
from daemon.mail.owner.digest_speech import Speech

_MOST = 40  # lines; of more invoices the rest is counted
_SETTLED = frozenset({"paid", "written-off", "handed-over"})
PHRASES = {
    **dict.fromkeys(("upcoming", "open", "held", "promised", "disputed", "paid", "handed-over", "written-off"), ""),
    "last": "date",
    "next": "date",
    "none": "",
    "more": "n",
}


def standing(
    numbers: frozenset[str] | None, document: Mapping[str, Any], speech: Speech, phrases: Mapping[str, str]
) -> Sequence[str]:
    """The lines about some invoices, or about all that are open.

    Args:
        numbers: CLIENT/NUMBER of each; None: all that are open.
        document: of `daemon.domain.reports.status`.
        phrases: `standing` of `commands.yaml`.
    """
    rows = [
        row
        for row in document["invoices"]
        if (row["state"] not in _SETTLED if numbers is None else f"{row['client']}/{row['number']}" in numbers)
    ]
    lines = [" · ".join(_line(row, speech, phrases)) for row in rows[:_MOST]]
    if len(rows) > _MOST:
        lines.append(phrases["more"].format(n=len(rows) - _MOST))
    return lines or [phrases["none"]]


def _line(row: Mapping[str, Any], speech: Speech, phrases: Mapping[str, str]) -> Iterator[str]:
    yield f"{clean(row['client'])} {clean(row['number'])}"
    if Decimal(row["outstanding"]) > 0:
        yield speech.money([Money(Decimal(row["outstanding"]), row["currency"])])
    hold = row["hold"]
    if hold and row["state"] == "held":
        yield _held(hold, speech, phrases)
    else:
        yield phrases[row["state"]]
    for name, key in (("last", "last_letter_on"), ("next", "next_on")):
        if row[key]:
            yield phrases[name].format(date=speech.day(date.fromisoformat(row[key])))


def _held(hold: Mapping[str, Any], speech: Speech, phrases: Mapping[str, str]) -> str:
    named = f"reason_{hold['because']}"
    reason = speech.say(named) if named in speech.pack.digest else phrases["held"]
    if hold["until"]:
        return speech.say("until", reason=reason, date=speech.day(date.fromisoformat(hold["until"])))
    if hold["review_on"]:
        return speech.say("review", reason=reason, date=speech.day(date.fromisoformat(hold["review_on"])))
    return reason
