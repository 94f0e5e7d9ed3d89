"""What a fresh reader asked of the answers: nobody who has answered is written to as if they had not."""

from __future__ import annotations

from datetime import date
from email.message import EmailMessage
from functools import cache
from random import Random

from daemon.adapters.templates_dir import load_packs
from daemon.domain.books.ledger import Ledger
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.listen import Listener
from daemon.mail.read import Reader
from daemon.mail.tokens.token import token
from tests.builders import a_client, a_contact, a_ledger, an_invoice, at
from tests.fakes import MemoryArchive, MemoryJournal, MemoryMailbox, World
from tests.virtual_time import run_virtually

TODAY = date(2026, 11, 16)


@cache
def reader() -> Reader:
    return Reader({language: pack.reading for language, pack in load_packs(()).items()})


def token_of(letter_id: str) -> str:
    return token("k1", b"k" * 32, letter_id)


def a_mail(sender: str, subject: str, text: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "fatture@bianchi.example", subject
    mail["Message-ID"], mail["Date"] = "<m1@client.example>", "Mon, 16 Nov 2026 09:00:00 +0100"
    mail.set_content(text)
    return mail.as_bytes()


def holds_after(ledger: Ledger, raw: bytes) -> set[tuple[str, tuple[str, ...], date | None]]:
    """What is held when the listener has read one mail: client, invoices, until when."""

    async def live() -> Book:
        world = World(at(TODAY), Random(1), slow=0.0)
        book = Book(ledger, MemoryJournal(world), MemoryArchive(world), world, token_of)
        world.deliver(raw)
        await Listener(book, MemoryMailbox(world), reader(), Health()).read_to_end()
        return book

    history = run_virtually(live()).history
    return {(h.client, h.numbers, h.until) for client in history.clients.values() for h in client.holds}


def test_somebody_at_the_clients_domain_who_names_an_invoice_is_heard() -> None:
    """DESIGN 7: human mail from the client's own domain that names an invoice counts as an answer in the thread."""
    ledger = a_ledger(an_invoice("2026-041"), clients=(a_client(language="en"),))
    held = holds_after(ledger, a_mail("cfo@acme.example", "2026-041", "We have paid invoice 2026-041 on Friday."))

    assert held == {("acme", ("2026-041",), None)}


def test_a_stranger_who_names_an_invoice_holds_nothing() -> None:
    """The other side of the rule: the number alone is no evidence (F48)."""
    ledger = a_ledger(an_invoice("2026-041"), clients=(a_client(language="en"),))
    held = holds_after(ledger, a_mail("x@stranger.example", "2026-041", "We have paid invoice 2026-041 on Friday."))

    assert held == set()


def test_one_mail_about_invoices_of_two_clients_answers_for_both() -> None:
    """An address that two clients share writes about an invoice of each: both wait without an end (rule 4)."""
    shared = a_contact("Rita Conti", "rita@conti.example")
    clients = (a_client("acme", contacts=(shared,)), a_client("beta", contacts=(shared,)))
    ledger = a_ledger(an_invoice("2026-041", "acme"), an_invoice("2026-050", "beta"), clients=clients)
    mail = a_mail("rita@conti.example", "Bills", "Both 2026-041 and 2026-050 were paid on Friday.")
    held = holds_after(ledger, mail)

    assert held == {("acme", ("2026-041",), None), ("beta", ("2026-050",), None)}
