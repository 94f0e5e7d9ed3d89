"""What needs nothing from the owner: what is held and until when, and what happened since the last digest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from daemon.domain import journal as j
from daemon.domain.books.client import Channel
from daemon.domain.books.money import Money
from daemon.domain.history import ClientHistory
from daemon.domain.history.holds import remark
from daemon.domain.reports.digest_point import Books, Point
from daemon.domain.standing.balance import told_once
from daemon.domain.standing.case import Case, contact_for

_A_LOOP = 5  # mails of one machine between two digests
_T = TypeVar("_T", bound=j.ClientEntry)
_ORDER = (
    "dossier", "paid", "reversed", "returned", "kept", "broken", "plan-broken", "bounced", "told", "disputed",
    "promised", "planned", "away", "machine", "changed", "vanished", "written-off", "handed-over",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Letters that wait without asking for anything."""

    name: str  # of the client
    numbers: tuple[str, ...]
    about: str  # the reason of a hold, "stated" (in the YAML), "away", or "no-address"
    until: date | None = None  # the last day; of "away" the first on which somebody is there again
    review_on: date | None = None
    promised_on: date | None = None
    quote: str = ""  # why, in the owner's own words


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One thing that happened since the last digest."""

    about: str  # one of `_ORDER`
    name: str  # of the client
    numbers: tuple[str, ...] = ()
    money: Money | None = None
    on: date | None = None  # the promised day, a part's due date (of a plan: the last one), or the first day back
    address: str = ""  # of a contact; of a dossier: its file
    country: str = ""  # of a dossier: the client's, ISO 3166-1
    count: int = 0  # mails of a machine


@dataclass(frozen=True, slots=True, kw_only=True)
class SinceThen:
    """What happened since the last digest."""

    news: tuple[News, ...] = ()
    letters: int = 0  # sent to their first recipient
    replies: int = 0  # mails of people

    def __bool__(self) -> bool:
        return bool(self.news or self.letters or self.replies)


def held(books: Books, asked: list[Point]) -> tuple[Held, ...]:
    """Holds that no numbered point asks about, what the YAML holds, and who is away; the soonest end first."""
    told = {(point.kind, point.ref) for point in asked}
    found: list[Held] = []
    for case in books.cases.values():
        active = [(hold, books.open_numbers(hold.client, hold.numbers)) for hold in _active(case, books.today)]
        covered = {number for _, numbers in active for number in numbers}
        found += _by_holds(case, [(hold, numbers) for hold, numbers in active if numbers], told)
        stated = _by_the_yaml(books, case, covered)
        covered |= {number for one in stated for number in one.numbers}
        found += stated
        found += _by_absence(books, case, covered)
    return tuple(sorted(found, key=lambda h: (h.until or h.review_on or date.max, h.name)))


def _active(case: Case, today: date) -> Iterator[j.HoldPlaced]:
    return (hold for hold in case.history.holds if hold.on <= today and (hold.until is None or hold.until >= today))


def _by_holds(
    case: Case, active: Sequence[tuple[j.HoldPlaced, tuple[str, ...]]], told: Collection[object]
) -> list[Held]:
    found = []
    for hold, numbers in active:
        if not {("hold", hold.hold_id), ("unmatched", hold.mail), ("payment", hold.note)}.isdisjoint(told):
            continue
        made = case.history.promises.get(numbers[0]) if hold.because is j.Because.PROMISE else None
        found.append(
            Held(
                name=case.client.name,
                numbers=hold.numbers and numbers,
                about=hold.because,
                until=hold.until,
                review_on=None if hold.until else hold.review_on,
                promised_on=made.promised_on if made else None,
                quote=remark(hold) if hold.because is j.Because.OWNER else "",
            )
        )
    return found


def _by_the_yaml(books: Books, case: Case, covered: Collection[str]) -> list[Held]:
    stated = {
        item.ref.number: hold
        for item in books.open_items(case.client.key)
        if (hold := item.invoice.held_on(books.today)) is not None and item.ref.number not in covered
    }
    return [
        Held(name=case.client.name, numbers=(number,), about="stated", until=hold.until, quote=hold.because)
        for number, hold in stated.items()
    ]


def _by_absence(books: Books, case: Case, covered: Collection[str]) -> Iterator[Held]:
    contact, back_on = contact_for(case, books.today)
    late = tuple(
        dict.fromkeys(
            item.ref.number
            for item in books.open_items(case.client.key)
            if item.due_on < books.today and item.ref.number not in covered
        )
    )
    if contact is None and case.client.channel is Channel.MAIL:
        uncalled = tuple(n for n in late if not case.history.open_calls(n) and n not in case.history.handed_over)
        if uncalled:
            about = "no-address" if back_on is None else "away"
            yield Held(name=case.client.name, numbers=uncalled, about=about, until=back_on)
    elif contact is not None and back_on is not None and late:
        yield Held(name=case.client.name, numbers=late, about="away", until=back_on)


def since_then(books: Books, since: datetime) -> SinceThen:
    """What the history says happened after `since`."""
    news: list[News] = []
    letters = replies = 0
    for key, history in books.history.clients.items():
        name = books.name_of(key)
        news += _money(books, history, name, since)
        news += _returned(books, key, since)
        news += _answers(history, name, since)
        news += _told(books, history, name, since)
        news += _dossiers(books, history, name, since)
        news += _books(books, history, name, since)
        replies += sum(reply.at > since for reply in history.replies)
        for record in history.letters.values():
            first = record.deliveries.get(record.queued.to)
            if first is not None and first.last.at > since and record.counts:
                letters += isinstance(first.last, j.DeliveryAccepted | j.DoubtSettled)
    news += _machines(books, since)
    news.sort(key=lambda n: (_ORDER.index(n.about), n.name, n.numbers))
    return SinceThen(news=tuple(news), letters=letters, replies=replies)


def _money(books: Books, history: ClientHistory, name: str, since: datetime) -> Iterator[News]:
    """What came in; payments that the YAML had before the very first start are no news."""
    begun, last = books.history.begun, since.astimezone(books.ledger.creditor.timezone).date()
    for number, payments in history.payments.items():
        old = [p for p in payments if p.at <= since or (begun and p.by == "yaml" and p.on < begun.on)]
        amount = _came_in(payments, books.today) - _came_in(old, last)
        if amount > 0:
            yield News(about="paid", name=name, numbers=(number,), money=Money(amount, payments[0].currency))
    for back in history.taken_back:
        if back.at > since:
            yield News(about="reversed", name=name, numbers=(back.number,), money=Money(back.amount, back.currency))


def _came_in(payments: Sequence[j.PaymentRecorded], today: date) -> Decimal:
    by_yaml = ((p.on, p.amount) for p in payments if p.by == "yaml")
    return sum((amount for _, amount in told_once(by_yaml, payments, today)), Decimal(0))


def _returned(books: Books, client: str, since: datetime) -> Iterator[News]:
    """Debits and drafts that came back, as the YAML says; those of today may still be written there after this."""
    first = since.astimezone(books.ledger.creditor.timezone).date()
    for invoice in books.ledger.by_client.get(client, ()):
        if invoice.returned_on is not None and first <= invoice.returned_on < books.today:
            yield News(about="returned", name=books.name_of(client), numbers=(invoice.number,), on=invoice.returned_on)


def _answers(history: ClientHistory, name: str, since: datetime) -> Iterator[News]:
    for made in _once(history.promises, since):
        yield News(about="promised", name=name, numbers=made.numbers, on=made.promised_on)
    for broken in _once(history.broken, since):
        yield News(about="broken", name=name, numbers=broken.numbers, on=broken.promised_on)
    for kept in _once(history.kept, since):
        yield News(about="kept", name=name, numbers=kept.numbers, on=kept.promised_on)
    for plan in history.plans.values():
        if plan.at > since:
            yield News(about="planned", name=name, numbers=(plan.number,), on=plan.parts[-1].due_on)
    for missed in history.broken_plans.values():
        if missed.at > since:
            yield News(about="plan-broken", name=name, numbers=(missed.number,), on=missed.due_on)
    for dispute in _once(history.disputes, since):
        yield News(about="disputed", name=name, numbers=dispute.numbers)
    for given in _once(history.handed_over, since):
        yield News(about="handed-over", name=name, numbers=given.numbers)
    for failed in history.failed.values():
        if failed.at > since:
            yield News(about="bounced", name=name, address=failed.address)
    for away in history.absent.values():
        if away.at > since:
            yield News(about="away", name=name, on=away.back_on, address=away.sender)


def _machines(books: Books, since: datetime) -> Iterator[News]:
    """Whose system answers and answers (F42).  Nothing we send answers it, and somebody there had better know."""
    wrote = Counter(
        (mail.client, mail.sender) for mail in books.history.by_machines if mail.at > since and mail.kind != "delayed"
    )
    for (client, address), count in wrote.items():
        if count >= _A_LOOP:
            yield News(about="machine", name=books.name_of(client), address=address, count=count)


def _told(books: Books, history: ClientHistory, name: str, since: datetime) -> Iterator[News]:
    """What the owner gave up, and an address that stands in no YAML yet."""
    for given_up in _once(dict(history.told.written_off), since):
        money = Money(given_up.amount, given_up.currency)
        yield News(about="written-off", name=name, numbers=given_up.numbers, money=money)
    case, told = books.cases.get(history.client), history.told.contact
    if case is not None and case.is_told and told is not None and told.at > since:
        yield News(about="told", name=name, address=told.address)


def _dossiers(books: Books, history: ClientHistory, name: str, since: datetime) -> Iterator[News]:
    """Where everything about what was handed over lies ready."""
    case = books.cases.get(history.client)
    country = case.client.calendar.region.partition("-")[0] if case else ""
    for made in _once(history.dossiers, since):
        yield News(about="dossier", name=name, numbers=made.numbers, address=made.file, country=country)


def _once(entries: dict[str, _T], since: datetime) -> Iterator[_T]:
    """Entries that stand under several numbers, each once."""
    yield from {id(entry): entry for entry in entries.values() if entry.at > since}.values()


def _books(books: Books, history: ClientHistory, name: str, since: datetime) -> Iterator[News]:
    """Figures that changed under a letter (F56), and invoices that are gone (F57)."""
    claimed = {number for record in history.letters.values() for number in record.numbers if record.queued.at <= since}
    for number, seen in history.seen.items():
        if seen.at > since and number in claimed:
            yield News(about="changed", name=name, numbers=(number,), money=Money(seen.owed, seen.currency))
    gone = tuple(number for number, vanished in history.vanished.items() if vanished.at > since)
    if gone:
        yield News(about="vanished", name=name, numbers=gone)
