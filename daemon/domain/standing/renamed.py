"""Invoices that stood in the books under another name: a client's key or an invoice's number was changed in the YAML.

Letters, answers, and payments that were told by command are on record under the old name.  Under the new one the ladder
would begin again, and with it what must never happen: a letter twice, after payment, or to who has answered.
"""

from __future__ import annotations

from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.history.client_history import ClientHistory


def former_name(invoice: Invoice, ledger: Ledger, history: History) -> str | None:
    """What the invoice was called, as client/number, where that is in the books no more and something is on record.

    It is the same one where the number is, or where total, currency and due date are and this one was not yet seen when
    the other vanished.
    """
    number, mine = invoice.number, invoice.client
    for key in history.written_about.get(number, ()):
        if key != mine and all(other.client != key for other in ledger.by_number.get(number, ())):
            return f"{key}/{number}"
    gone = history.gone.get((invoice.total.amount, invoice.total.currency, invoice.due_on)) if history.gone else None
    for name in gone or ():
        if name != (mine, number) and _came_after(history.clients.get(mine), number, history.clients[name[0]], name[1]):
            return "/".join(name)
    return None


def _came_after(history: ClientHistory | None, number: str, theirs: ClientHistory, other: str) -> bool:
    """Whether an invoice was first seen when another one had vanished that is still gone, and on record."""
    vanished, seen = theirs.vanished.get(other), history.seen.get(number) if history else None
    return vanished is not None and (seen is None or seen.at >= vanished.at) and _is_on_record(theirs, other)


def _is_on_record(history: ClientHistory, number: str) -> bool:
    """Whether more is known about an invoice than its figures."""
    told = (history.disputes, history.plans, history.promises, history.handed_over, history.told.written_off)
    held = [hold.numbers for hold in history.holds] + [numbers for numbers, _ in history.holds.past_reasons]
    return (
        any(record.left and number in record.numbers for record in history.letters.values())
        or any(payment.by != "yaml" for payment in history.payments.get(number, ()))
        or any(number in some for some in told)
        or any(number in numbers or not numbers for numbers in held)
    )
