"""Invoices that the owner sends by hand: read as `import` reads them, and written into the file that we keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from daemon.adapters import followed_file
from daemon.adapters.config_main import LANGUAGES
from daemon.adapters.import_files import read_content
from daemon.adapters.import_yaml import client_lines, invoice_lines, new_key, read_back
from daemon.domain.books.ledger import Ledger
from daemon.domain.incoming.incoming import Form, Incoming, Party
from daemon.domain.incoming.intake import not_ours
from daemon.domain.incoming.sending import NotStated, Stated
from daemon.domain.journal.sending_entries import Unclear
from daemon.loops.followed import Enclosed, NotWritten
from daemon.mail.orders.sent_files import SentFile
from daemon.mail.orders.subject_tag import Tag

_ABOVE = 2  # lines of an invoice: its number, its client


def read_sending(
    ledger: Ledger, tags: Sequence[Tag], files: Sequence[SentFile], recipients: Sequence[str]
) -> tuple[Stated | NotStated, ...]:
    """What the files and the tags of a mail state; for a thread of its own.

    What is no invoice file at all, none of ours, or settled, is passed over: people send other files, too.

    Args:
        recipients: to whom the mail goes; a tag names no buyer.
    """
    found: list[Stated | NotStated] = []
    for file in files:
        batch = read_content(file.content, file.name)
        found += [
            NotStated(source=file.name, because=Unclear.FILE, detail=f"{refusal.field}: {refusal.message}")
            for refusal in batch.refusals
            if refusal.field
        ]
        for invoice in batch.invoices:
            found += _stated(replace(invoice, pdf=""), file.name, ledger)
    buyer = Party(email=recipients[0]) if recipients else Party()
    for tag in tags:
        invoice = Incoming(
            form=Form.TAG, file="", line=0, number=tag.number, issued_on=None, total=tag.amount, currency=tag.currency,
            buyer=buyer, due_on=tag.due_on,
        )  # fmt: skip
        found += _stated(invoice, "", ledger)
    return tuple(found)


def _stated(invoice: Incoming, source: str, ledger: Ledger) -> Iterator[Stated | NotStated]:
    owed = invoice.total if invoice.payable is None else invoice.payable
    if not_ours(invoice, ledger.creditor) or (owed <= 0 and not (invoice.credit and owed < 0)):
        return
    lines = invoice_lines(invoice, "client", "")
    good, wrong = read_back(lines, "import")
    if good is None:
        key, message = wrong[0] if wrong else ("", "it cannot be written")
        yield NotStated(source=source or invoice.number, because=Unclear.FILE, detail=f"{key} {message}".strip())
        return
    key = new_key(invoice.buyer, ledger.clients)
    stranger, _ = client_lines(key, invoice.buyer, LANGUAGES, ledger.creditor.language)
    due = good.instalments[0].due_on if good.instalments else good.due_on
    yield Stated(invoice=invoice, source=source, due_on=due, yaml=tuple(lines[_ABOVE:]), stranger=tuple(stranger))


def write_followed(state: str, client: str, number: str, rest: Sequence[str], pdf: Enclosed | None = None) -> Path:
    """Add an invoice to the file of those that were sent by hand, and its PDF beside it.

    Raises:
        NotWritten: not now, and why.
    """
    try:
        return followed_file.add(state, client, number, rest, pdf)
    except followed_file.NotAdded as cannot:
        raise NotWritten(str(cannot)) from None
