"""The statement of account as a document (FIELD S22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from daemon.domain.books.client import Client, Creditor
from daemon.domain.standing.account import Account, AccountRow, AccountRowKind
from daemon.mail.dossier.document import Document, Heading
from daemon.mail.dossier.speech import DossierSpeech, letterhead
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.sheet import Paragraph, Table, clean

_HEAD = ("date", "what", "number", "debit", "credit", "balance")


def statement(accounts: Sequence[Account], creditor: Creditor, client: Client, pack: Pack, on: date) -> Document:
    """Every line of the account of each currency, and what is open in the end."""
    speech = DossierSpeech(pack)
    title = speech.say("account")
    tables = tuple(_table(account, speech, titled=len(accounts) > 1) for account in accounts)
    return Document(
        title=f"{title} – {clean(client.name)}",
        author=clean(creditor.name),
        language=pack.language,
        on=on,
        elements=(
            *letterhead(creditor, client, pack),
            Heading(title),
            Paragraph(speech.say("account_until", date=speech.long_day(on))),
            *tables,
        ),
    )


def _table(account: Account, speech: DossierSpeech, *, titled: bool) -> Table:
    return Table(
        tuple(speech.say(f"label_{name}") for name in _HEAD),
        tuple(_line(row, account.currency, speech) for row in account.rows),
        (speech.say("account_open"), speech.money(account.balance, account.currency)),
        title=account.currency if titled else "",
        figures=3,
    )


def _line(row: AccountRow, currency: str, speech: DossierSpeech) -> tuple[str, ...]:
    due = speech.short_day(row.due_on)
    return (
        speech.short_day(row.on),
        speech.say("what_invoice", date=due)
        if row.what is AccountRowKind.INVOICE
        else speech.say(f"what_{row.what.value}"),
        clean(row.number),
        speech.money(row.debit, currency) if row.debit else "",
        speech.money(row.credit, currency) if row.credit else "",
        speech.money(row.balance, currency),
    )
