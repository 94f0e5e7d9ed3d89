"""The formal demand: what it claims and by when.  It is for paper; the ladder knows nothing of it (FIELD S13, 4)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.journal import LetterQueued
from daemon.domain.ladder.draft import claim_of
from daemon.domain.standing.case import case_of

DEMAND = "letter-of-demand"  # the name of its prose; no level of a ladder may call for it
_DAYS = timedelta(days=10)  # to pay, from the day that it bears; then the client's next business day


def demands(
    ledger: Ledger, history: History, client: str, numbers: Collection[str], today: date, language: str
) -> tuple[LetterQueued, ...]:
    """A demand for what is overdue of some invoices of one client, one a currency; () where nothing is.

    It has the form of a letter, so that it is written like one; it is never queued.  Its level is the ladder's last, so
    that it states what late payment costs where the policy does: the invoices' own, where they have the same.
    """
    case = case_of(ledger, history, client, today)
    case = case.under_theirs(numbers)
    named = [item for item in case.items if item.ref.number in numbers and not item.written_off]
    due = [item for item in named if item.outstanding > 0 and item.due_on < today]
    reminded = any(record.counts for item in due for record, _ in case.history.letters_about(item.ref))
    level = max(len(case.policy.levels), 2)
    pay_by = case.client.calendar.on_or_after(today + _DAYS)
    return tuple(
        LetterQueued(
            at=datetime.combine(today, time(12), UTC),
            client=client,
            letter_id=f"{client}-demand",
            letter=DEMAND,
            level=level,
            on=today,
            to=case.client.billing[0].email,
            to_name="",  # it goes to the company
            language=language,
            policy=case.policy.name,
            claims=tuple(claim_of(item, level if reminded else 0) for item in due if item.invoice.currency == currency),
            deadline=pay_by,
            pay_by=pay_by,
            why="a formal demand",
        )
        for currency in sorted({item.invoice.currency for item in due})
    )
