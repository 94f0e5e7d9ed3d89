"""A creditor's books with a year behind them: who paid when, what was written, what was answered.

What benches share lies here; it is no bench.  The books are made as domain values, not read from YAML: that would take
longer than all that is measured.  `LIVED` clients live their year through the daemon's own rules, day by day, with a
relay that takes everything; all others are copies of these under keys and numbers of their own, made from the
journal's lines and read back, so that nothing but calendars and policies is shared.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from daemon.adapters.config_policies import policies_from
from daemon.adapters.yaml_nodes import Report
from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.client import Client, Contact, Creditor
from daemon.domain.books.invoice import Invoice, Payment
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.books.owner import Owner
from daemon.domain.history import History, Status
from daemon.domain.ladder.decide import decide_letters, still_due
from daemon.domain.ladder.notice import notice
from daemon.domain.standing.case import case_of

LIVED = 200
EACH = 5  # invoices of a client
TODAY = date(2026, 11, 2)  # a Monday: three days' letters have come due
_DAY = timedelta(days=1)
BEGUN = TODAY - 365 * _DAY
ROME = ZoneInfo("Europe/Rome")
_SUMMER = (DateRange(date(2026, 8, 8), date(2026, 8, 23)),)
# Days from the due date to the payment, the earliest and the latest, and the share of clients who pay so.
_WAYS = ((-10, 1, 0.55), (2, 20, 0.28), (10, 60, 0.11), (40, 400, 0.06))
_ANSWERED = 0.2  # of our letters, by a person; as many again in ten by a machine


class Year(NamedTuple):
    ledger: Ledger
    history: History
    lines: list[bytes]  # the journal, as it was written


def a_year(invoices: int, lived_clients: int = LIVED) -> Year:
    """The books and the journal of so many invoices, the same ones at every call."""
    clients = invoices // EACH
    lived = _lives(min(lived_clients, clients))
    lines = [j.encode(j.JournalBegun(at=_at(BEGUN), on=BEGUN, sends=True))]
    people: dict[str, Client] = {}
    owed: list[Invoice] = []
    for number in range(clients):
        life, written = lived[number % len(lived)]
        key = _key(number)
        people[key] = _client(number, like=life.number)
        owed += [replace(invoice, client=key, number=_number(key, n)) for n, invoice in enumerate(life.invoices)]
        lines += [line.replace(life.key.encode(), key.encode()) for line in written]
    lines += [j.encode(digest) for digest in _digests()]
    history = History()
    for line in lines:
        history.take_in(j.decode(line))
    return Year(_ledger(people, owed), history, lines)


@cache
def _lives(count: int) -> list[tuple[_Life, list[bytes]]]:
    """The clients who live their year, each with the lines that it left; a few seconds."""
    return [(life, [j.encode(entry) for entry in life.live()]) for life in map(_Life, range(count))]


def _key(number: int) -> str:
    return f"client{number:05}"


def _number(client: str, count: int) -> str:
    return f"26-{client}-{count}"  # holds the key, so that a copy of a line is a line of the copy


def _at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour, 17, 4, 250_000), UTC)


def _ledger(clients: dict[str, Client], invoices: list[Invoice]) -> Ledger:
    report = Report("lived_year")
    policies = policies_from(None, (), report)
    assert not report.problems, report.problems
    return Ledger(
        creditor=Creditor(
            name="Studio Bianchi S.r.l.", contact="Giulia Bianchi", email="fatture@bianchi.example", language="it",
            timezone=ROME, calendar=BusinessCalendar("IT"),
        ),
        owner=Owner(email="giulia@bianchi.example"),
        policies={name: replace(policy, per_day=100_000) for name, policy in policies.items()},
        clients=clients,
        invoices=tuple(invoices),
    )  # fmt: skip


def _client(number: int, like: int) -> Client:
    """Of `like` only what decides: the country, the policy, the closed ranges."""
    key = _key(number)
    people = [Contact(name="Anna Verdi", email=f"anna@{key}.example", phone="+39 02 5550 1111")]
    if like % 3 == 0:
        people.append(Contact(name="Marco Neri", email=f"marco@{key}.example"))
    return Client(
        key=key,
        name=f"Cliente {number} S.p.A.",
        language="it",
        policy=("standard", "standard", "standard", "gentle", "strict")[like % 5],
        contacts=tuple(people),
        timezone=ROME,
        calendar=BusinessCalendar(("IT", "DE", "ES", "FR", "IT")[like % 5], _SUMMER if like % 4 == 0 else ()),
    )


def _digests() -> Iterator[j.DigestSent]:
    for day in (BEGUN + n * _DAY for n in range(365)):
        if day.weekday() < 5:
            items = tuple(
                j.DigestItem(item=n, client=_key(n), numbers=(_number(_key(n), 0),), kind="call", ref=f"{_key(n)}-c1")
                for n in range(1, 21)
            )
            yield j.DigestSent(at=_at(day, 7), on=day, items=items, message_id=f"<digest-{day}@bianchi.example>")


@dataclass
class _Life:
    """One client's year: the invoices, and every day on which something is open."""

    number: int

    def __post_init__(self) -> None:
        self.dice = random.Random(self.number)
        self.key = _key(self.number)
        self.client = _client(self.number, like=self.number)
        way = self.dice.choices(_WAYS, [share for *_, share in _WAYS])[0]
        self.invoices = tuple(self._invoice(count, way) for count in range(EACH))
        self.mails = 0

    def _invoice(self, count: int, way: tuple[int, int, float]) -> Invoice:
        """One of the year's, five spread over it, each due after thirty days."""
        issued = BEGUN + timedelta(days=self.dice.randrange(365 // EACH) + count * 365 // EACH)
        due = issued + 30 * _DAY
        paid = due + timedelta(days=self.dice.randint(way[0], way[1]))
        total = Decimal(self.dice.randrange(5_000, 900_000)) / 100
        return Invoice(
            number=_number(self.key, count),
            client=self.key,
            total=Money(total, "EUR"),
            issued_on=issued,
            due_on=due,
            payments=(Payment(on=paid, amount=total),) if paid < TODAY else (),
        )

    def live(self) -> Iterator[j.AnyEntry]:
        """The entries from the first day to yesterday, in the order in which they were recorded."""
        self.history = History()
        self.history.take_in(j.JournalBegun(at=_at(BEGUN), on=BEGUN, sends=True))
        for day in (BEGUN + n * _DAY for n in range(365)):
            if day.weekday() < 5:
                for entry in self._day(day):
                    self.history.take_in(entry)
                    yield entry

    def _day(self, day: date) -> Iterator[j.AnyEntry]:
        """What planner, deliverer and listener record; the books are as they stood that day."""
        issued = [i for i in self.invoices if i.issued_on is not None and i.issued_on <= day]
        known = tuple(replace(i, payments=tuple(p for p in i.payments if p.on <= day)) for i in issued)
        if not known or (day.weekday() and all(i.payments or i.due_on > day + 7 * _DAY for i in known)):
            return  # nothing can happen; what came in is noticed on Monday
        books = _ledger({self.key: self.client}, list(known))
        yield from notice(case_of(books, self.history, self.key, day), known, day, _at(day, 1))
        yield from self._lift(day)
        yield from decide_letters(case_of(books, self.history, self.key, day), day, _at(day, 1)).entries
        for record in self.history.of(self.key).letters.values():
            if record.status is Status.WAITING:
                yield j.LetterReleased(at=_at(day, 8), client=self.key, letter_id=record.queued.letter_id)
            if record.status is Status.QUEUED:
                case = case_of(books, self.history, self.key, day, setting_aside=record.queued.letter_id)
                if reason := still_due(case, record, day, _at(day)):
                    letter_id = record.queued.letter_id
                    yield j.LetterWithdrawn(at=_at(day), client=self.key, letter_id=letter_id, because=reason)
                else:
                    yield from self._delivered(record.queued, day)

    def _lift(self, day: date) -> Iterator[j.HoldLifted]:
        """The owner looks at a hold on the day of its review."""
        for hold in list(self.history.of(self.key).holds):
            if hold.review_on is not None and hold.review_on <= day:
                yield j.HoldLifted(at=_at(day, 8), client=self.key, hold_id=hold.hold_id, on=day)

    def _delivered(self, letter: j.LetterQueued, day: date) -> Iterator[j.AnyEntry]:
        token = sha256(letter.letter_id.encode()).hexdigest()
        about: dict[str, Any] = {"at": _at(day), "client": self.key, "letter_id": letter.letter_id, "to": letter.to}
        message_id = f"<sol-1-{token[:26]}@bianchi.example>"
        yield j.DeliveryStarted(**about, on=day, attempt=1, message_id=message_id)
        yield j.DeliveryAccepted(**about, reply=f"2.0.0 Ok: queued as {token[:10].upper()}")
        chance = self.dice.random()
        if chance < 1.1 * _ANSWERED:
            yield from self._answer(letter, day, person=chance < _ANSWERED)

    def _answer(self, letter: j.LetterQueued, day: date, *, person: bool) -> Iterator[j.AnyEntry]:
        self.mails += 1
        mail = sha256(f"{self.key}{self.mails}".encode()).hexdigest()
        numbers = tuple(claim.number for claim in letter.claims)
        about: dict[str, Any] = {"at": _at(day, 14), "client": self.key, "numbers": numbers, "mail": mail, "on": day}
        promise = person and self.dice.random() < 0.5
        if person:
            yield j.ReplyReceived(
                **about, letter_id=letter.letter_id, message_id=f"<{mail[:20]}@{self.key}.example>",
                subject="Re: Promemoria", sender=letter.to, intent="promise" if promise else "unclear",
                because="pagheremo entro venerdì prossimo",
            )  # fmt: skip
            until = day + 9 * _DAY if promise else None
            if promise:
                yield j.PromiseMade(**about, promised_on=day + 7 * _DAY)
            yield j.HoldPlaced(
                **about, hold_id=f"{self.key}-h{self.mails}",
                because=j.Because.PROMISE if promise else j.Because.REPLY, until=until,
                review_on=None if promise else day + 7 * _DAY,
            )  # fmt: skip
        else:
            yield j.AutoReplyReceived(
                **about, letter_id=letter.letter_id, sender=letter.to, kind="absence", back_on=day + 6 * _DAY
            )
        yield j.MailRead(at=_at(day, 14), folder="INBOX", uidvalidity=1700000000, uid=self.mails, mail=mail)
