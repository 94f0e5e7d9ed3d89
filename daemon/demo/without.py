"""The daemon with one rule switched off: to see that the rule, and not luck, makes the end of a story."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.directory import Directory
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import LetterLevel, Policy, Span
from daemon.domain.books.reading import Kind, Reading
from daemon.mail.read import Reader

RULES = {
    "reply": "answers of people hold the letters back",
    "bounce": "a bounced address gives way to the next contact, and a call is suggested",
    "promise": "a promise to pay is waited for",
    "holiday": "no letter on a public holiday",
    "rest": "days of rest between two letters to one client",
}
_BLIND = {"reply": Kind.REPLY, "bounce": Kind.BOUNCE}


@dataclass(frozen=True, slots=True)
class NoHolidays(BusinessCalendar):
    """Weekends, and no public holidays."""

    def is_business_day(self, day: date) -> bool:
        return day.weekday() < 5 and not self.is_closed(day)


class BlindReader(Reader):
    """Reads everything and does not see some kinds of mail."""

    __slots__ = ("_unseen",)

    def __init__(self, reader: Reader, unseen: frozenset[Kind]) -> None:
        for name in Reader.__slots__:
            setattr(self, name, getattr(reader, name))
        self._unseen = unseen

    def read(self, raw: bytes, directory: Directory, received_on: date, language: str | None = None) -> Reading:
        reading = super().read(raw, directory, received_on, language)
        ordered = bool(reading.came_with)  # an answer of the owner's to the daemon is no answer of a client's
        return replace(reading, kind=Kind.UNRELATED) if reading.kind in self._unseen and not ordered else reading


def reader_without(rules: frozenset[str]) -> Callable[[Reader], Reader]:
    """What the listener reads with."""
    unseen = frozenset(kind for rule, kind in _BLIND.items() if rule in rules)
    return (lambda reader: BlindReader(reader, unseen)) if unseen else (lambda reader: reader)


def ledger_without(rules: frozenset[str]) -> Callable[[Ledger], Ledger]:
    """What the daemon believes of policies and calendars."""

    def revised(ledger: Ledger) -> Ledger:
        policies = {name: _policy(policy, rules) for name, policy in ledger.policies.items()}
        if "holiday" not in rules:
            return replace(ledger, policies=policies)
        clients = {key: replace(c, calendar=_calendar(c.calendar)) for key, c in ledger.clients.items()}
        creditor = replace(ledger.creditor, calendar=_calendar(ledger.creditor.calendar))
        return replace(ledger, policies=policies, clients=clients, creditor=creditor)

    return revised


def _policy(policy: Policy, rules: frozenset[str]) -> Policy:
    if "rest" in rules:
        levels = (replace(level, rest_days=0) if isinstance(level, LetterLevel) else level for level in policy.levels)
        policy = replace(policy, rest_days=0, levels=tuple(levels))
    if "promise" in rules:
        policy = replace(policy, hold=replace(policy.hold, max_promise=Span(0)))
    return policy


def _calendar(calendar: BusinessCalendar) -> NoHolidays:
    return NoHolidays(calendar.region, calendar.closed)
