"""What keeps the daemon from its work: the one list that digest, alerts, `status`, ping and metrics read."""

from __future__ import annotations

from daemon.domain.history.bank import stale_data
from daemon.loops.book import Book
from daemon.loops.health import Health


def faults_of(book: Book, health: Health) -> dict[str, str]:
    """By kind (`daemon.domain.books.outside.FAULTS`) why, in words; "" where the kind says it all."""
    ledger, history = book.ledger, book.history
    known = {
        "mailbox": health.mailbox_fault,
        "relay": health.relay_fault,
        "disk": health.disk_fault,
        "clock": None if book.is_steady() else "",
        "config": str(health.config_problems[0]) if health.config_problems else None,
        "bank": next(iter(health.bank_faults.values()), None),
        "followed": health.followed_fault,
        "state": history.old.words if history.old.waits else None,
    }
    if ledger.bank is not None:
        currencies = {invoice.currency for invoice in ledger.invoices}
        known |= stale_data(ledger.bank, history.bank, currencies, book.today(), ledger.creditor.calendar)
    return {kind: why for kind, why in known.items() if why is not None}
