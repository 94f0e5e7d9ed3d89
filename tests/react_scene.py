"""A client who got a first reminder on 2 November, and the mails that they and machines send."""

from __future__ import annotations

from datetime import date

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival
from daemon.domain.answers.react import react
from daemon.domain.books.reading import Evidence, Kind, Match, Meaning, Reading, RecipientReport
from daemon.domain.journal import Because
from tests.builders import a_client, a_contact, a_history, a_ledger, an_invoice, at
from tests.ladder_days import Days, sent

TODAY = date(2026, 11, 4)  # a Wednesday
ANNA = "anna@acme.example"
OURS = Match(client="acme", letter_id="acme-1", numbers=("2026-041",), evidence=Evidence.TOKEN, known_sender=True)
TWO = (a_contact(email=ANNA), a_contact("Bruno", "bruno@acme.example"))


def days(*contacts: object, others: int = 0) -> Days:
    invoices = [an_invoice(), *(an_invoice(f"2026-05{n}") for n in range(others))]
    client = a_client(contacts=contacts or (a_contact(email=ANNA),))
    found = Days(a_ledger(*invoices, clients=(client,)), a_history())
    found.take_in(*sent("acme-1", date(2026, 11, 2), ("2026-041", 3)))
    return found


def mail(kind: Kind = Kind.REPLY, match: Match = OURS, **changes: object) -> Reading:
    return Reading(**{"mail": "m1", "kind": kind, "match": match, "sender": ANNA, **changes})  # type: ignore[arg-type]


def hear(found: Days, reading: Reading, today: date = TODAY) -> list[j.AnyEntry]:
    entries = react(found.case(today), Arrival(reading=reading, today=today, at=at(today)))
    found.take_in(*entries)
    return list(entries)


def holds(entries: list[j.AnyEntry]) -> list[tuple[Because, tuple[str, ...], date | None, date | None]]:
    return [(e.because, e.numbers, e.until, e.review_on) for e in entries if isinstance(e, j.HoldPlaced)]


def bounce(match: Match = OURS, address: str = ANNA, **changes: object) -> Reading:
    report = RecipientReport(address=address, action="failed", status="5.1.1", meaning=Meaning.DEAD)
    return mail(Kind.BOUNCE, match, sender="mailer-daemon@relay.example", recipients=(report,), **changes)
