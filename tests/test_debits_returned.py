"""A direct debit or a bank draft that came back unpaid is told: to the owner, and in what happened."""

from __future__ import annotations

from datetime import timedelta

from daemon.domain.books.invoice import Invoice, Method
from daemon.domain.standing.timeline import timeline
from daemon.mail.dossier.timeline import in_words
from tests.builders import ROME, a_history, a_ledger
from tests.digest_scene import OLD, PACKS, TODAY, a_payment, client, digest_of, invoice


def a_debit(number: str, days_ago: int) -> Invoice:
    """That came back so many days ago."""
    back = TODAY - timedelta(days=days_ago)
    return invoice("acme", number, "100.00", 9, method=Method.SDD, returned_on=back)


def test_a_debit_that_came_back_is_news_once() -> None:
    """The one that came back today may be written after this digest: the next one tells of it."""
    debits = (a_debit("yesterday", 1), a_debit("today", 0), a_debit("long ago", 5))
    ledger = a_ledger(*debits, clients=(client("acme", "Anna Verdi"),))
    known = a_payment("acme", "yesterday", "5.00", OLD.date(), OLD)

    assert [(n.about, n.numbers, n.on) for n in digest_of(ledger, a_history(known)).since.news] == [
        ("returned", ("yesterday",), TODAY - timedelta(days=1))
    ]


def test_a_debit_that_came_back_stands_in_what_happened_once_it_has() -> None:
    debit = a_debit("2026-041", 0)

    assert [m.kind for m in timeline((debit,), (), ROME, TODAY - timedelta(days=1))][-1] == "due"
    assert in_words(timeline((debit,), (), ROME, TODAY)[-1], PACKS["en"]) == (
        "The direct debit or draft for invoice 2026-041 came back unpaid"
    )
