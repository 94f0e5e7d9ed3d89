"""Entries for the tests of the journal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from daemon.domain.journal import DeliveryAccepted, Entry, MailRead

START = datetime(2026, 11, 17, 7, 30, tzinfo=UTC)


def a_fact(number: int, *, size: int = 40) -> MailRead:
    """One small fact that is unlike any other number's; `size` is about the bytes that it takes beyond the rest."""
    at = START + timedelta(seconds=number)
    return MailRead(at=at, folder="INBOX", uidvalidity=1, uid=number, mail=f"{number:0{size}x}")


def facts(count: int, *, after: int = 0, size: int = 40) -> list[MailRead]:
    return [a_fact(number, size=size) for number in range(after + 1, after + count + 1)]


def an_acceptance(reply: str) -> DeliveryAccepted:
    return DeliveryAccepted(at=START, client="acme", letter_id="acme-1", to="anna@acme.example", reply=reply)


def numbers(entries: list[Entry]) -> list[int]:
    """The numbers of `facts`, as they come back."""
    return [entry.uid for entry in entries if isinstance(entry, MailRead)]
