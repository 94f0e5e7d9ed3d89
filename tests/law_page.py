"""The tables of docs/law.md, made of the rates and laws that come with the program: `python -m tests.law_page`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "law.md"
KNOWN: dict[str, Any] = yaml.load((ROOT / "daemon/adapters/statutory_rates.yaml").read_text("utf-8"), yaml.BaseLoader)
_PLACES = {
    "EU": "elsewhere in the EU", "IT": "Italy", "ES": "Spain", "DE": "Germany", "AT": "Austria", "FR": "France",
    "GB": "United Kingdom", "TR": "Türkiye", "CH": "Switzerland",
}  # fmt: skip
_MARKS = re.compile(r"(<!-- made of the data -->\n).*?(<!-- to here -->)", re.DOTALL)


def tables() -> str:
    """Both tables, as Markdown."""
    return "\n".join([*_laws(), "", *_rates(), ""])


def page(old: str) -> str:
    """The page with its tables anew."""
    return _MARKS.sub(lambda found: f"{found[1]}{tables()}{found[2]}", old)


def _laws() -> Iterator[str]:
    yield "| Place | Between businesses | With a consumer | A flat sum | Source |"
    yield "|---|---|---|---|---|"
    for key, law in KNOWN["laws"].items():
        business, consumer = law["business"], law.get("consumer")
        cells = (
            f"{_PLACES[key]} (`{key}`)",
            f"{_percent(business)}; {business['cite']}{_notes(law)}",
            f"{_percent(consumer)}; {consumer['cite']}" if consumer else "none is known here",
            "; ".join(map(_sum, law.get("flat_sums", ()))) or "none",
            business["source"],
        )
        yield f"| {' | '.join(cells)} |"


def _percent(debtor: dict[str, str]) -> str:
    if "rate" in debtor:
        return f"{debtor['rate']} %"
    points = debtor["points"]
    return f"{debtor['table']} and {points} points" if points != "0" else f"{debtor['table']}, the whole rate"


def _notes(law: dict[str, str]) -> str:
    notes = {
        "from the day after the first reminder on": law.get("begins") == "reminder",
        "the rate of the first day stays": law.get("fixed") == "true",
        "leap years have 366 days": law.get("year") == "actual",
        "the flat sum for each instalment": law.get("flat_sum_for") == "instalment",
    }
    return "".join(f"; {note}" for note, told in notes.items() if told)


def _sum(row: dict[str, Any]) -> str:
    steps = row.get("steps", [{"amount": row.get("amount")}])
    amounts = ", ".join(f"{s['amount']}{' under ' + s['under'] if 'under' in s else ''}" for s in steps)
    until = f" to {row['to']}" if "to" in row else " on"
    return f"{row['currency']} {amounts} from {row['from']}{until}"


def _rates() -> Iterator[str]:
    yield "| Rate | From | To | % | Where it was read | On |"
    yield "|---|---|---|---|---|---|"
    for key, table in KNOWN["tables"].items():
        for row in reversed(table["rows"]):
            yield f"| {key} | {row['from']} | {row['to']} | {row['rate']} | {row['source']} | {row['read_on']} |"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
