"""The points of the digest about invoices that the owner sent by hand."""

from __future__ import annotations

from collections.abc import Iterator

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.incoming.sending import now_of
from daemon.domain.reports.digest_point import Books, Do, Point, What

_MOST_CLIENTS = 3  # to whom one is proposed


def proposals(books: Books) -> Iterator[Point]:
    """Those that wait for an answer; one whose number has come into the books meanwhile waits no longer."""
    for proposed in books.history.proposals.waiting.values():
        clients = now_of(proposed, books.ledger, books.history)
        if not any(invoice.number == proposed.number for key in clients for invoice in books.ledger.by_client[key]):
            gone = () if clients else proposed.clients
            yield _point(proposed, clients, books, gone)
    for proposed, key in books.history.proposals.left_over(books.ledger.clients).values():
        yield _point(proposed, (), books, (key,))


def _point(proposed: j.InvoiceProposed, clients: tuple[str, ...], books: Books, gone: tuple[str, ...]) -> Point:
    """Args: `gone`: whose it was, where they have left the books."""
    several = clients[:_MOST_CLIENTS] if len(clients) > 1 else ()
    answers = [Do(name="assign", rest=key) for key in several]
    if not several and not gone:
        answers = [Do(name="go", word="follow")]
    return Point(
        what=What.PROPOSAL,
        client="",
        name=", ".join(books.name_of(key) for key in clients),
        numbers=(proposed.number,),
        money=(Money(proposed.owed, proposed.currency),),
        about="credit" if proposed.credit else "",
        quote=proposed.source,
        who=", ".join(gone),
        address=", ".join(proposed.recipients[:_MOST_CLIENTS]),
        on=proposed.due_on,
        do=(*answers, Do(name="ignore")),
        kind="proposal",
        ref=proposed.ref,
    )
