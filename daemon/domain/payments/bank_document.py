"""What was made of a bank's entries, as the document that `payments --json` prints."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from daemon.domain.books.bank_statement import Statement
from daemon.domain.payments.payment_match import PaymentMatch, Verdict

Document = dict[str, Any]  # what `json.dumps` takes


def match_row(match: PaymentMatch) -> Document:
    entry = match.entry
    return {
        "id": entry.id,
        "on": entry.booked_on.isoformat(),
        "amount": str(entry.amount),
        "currency": entry.currency,
        "flow": entry.flow.value,
        "from": entry.name,
        "text": entry.text,
        "verdict": match.verdict.value,
        "client": match.client,
        "invoices": [
            {"client": part.client, "number": part.number, "amount": str(part.amount)} for part in match.parts
        ],
        "because": list(match.because),
    }


def payments_document(statements: Iterable[Statement], rows: list[Document], *, dry_run: bool) -> Document:
    counts = Counter(str(row["verdict"]) for row in rows)
    return {
        "statements": [
            {
                "file": statement.file,
                "account": statement.account,
                "currency": statement.currency,
                "until": statement.until.isoformat(),
                "entries": len(statement.entries),
            }
            for statement in statements
        ],
        "entries": rows,
        "counts": {verdict.value: counts[verdict.value] for verdict in Verdict},
        "dry_run": dry_run,
    }
