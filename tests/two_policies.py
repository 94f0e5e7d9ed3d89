"""A client with two policies for tests: a mild one, and a hard one for some invoices."""

from __future__ import annotations

from datetime import date

from daemon.domain.books.client import Client
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.policy import LetterLevel, Policy
from tests.builders import a_client, a_history, a_ledger, a_policy
from tests.ladder_days import Days

TODAY = date(2026, 11, 2)  # a Monday
MILD = (LetterLevel(letter="first-reminder", day=2, rest_days=1), LetterLevel(letter="second-reminder", day=9))
HARD = (
    LetterLevel(letter="due-today", day=0), LetterLevel(letter="first-reminder", day=1),
    LetterLevel(letter="firm-reminder", day=5, deadline_days=5),
)  # fmt: skip


def two_policies(*invoices: Invoice, client: Client | None = None, **standard: object) -> Days:
    policies = {
        "standard": a_policy(**{"levels": MILD, **standard}),
        "hard": Policy(name="hard", levels=HARD, rest_days=3, per_day=1),
    }
    return Days(a_ledger(*invoices, clients=(client or a_client(),), policies=policies), a_history())
