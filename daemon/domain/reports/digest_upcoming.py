"""The points of the digest that nobody has to decide: whom to call, and which letters leave."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from datetime import datetime

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.books.written import is_email
from daemon.domain.history import LetterRecord, Status
from daemon.domain.reports.call_sheet import call_sheet
from daemon.domain.reports.digest_point import Books, Do, Point, What, by_currency
from daemon.domain.standing.open_calls import named_addresses, open_calls

Words = Callable[[str], str]


def calls(books: Books, words: Words) -> list[Point]:
    """Calls that nobody has made and that still have a reason; the unconfirmed ones last."""
    found = []
    for key, case in books.cases.items():
        for call in open_calls(case, books.today):
            sheet = call_sheet(case, call, books.now, words)
            named = ", ".join(named_addresses(call))
            by_rung = call.reason in ("level", "portal")
            money, days = books.figures(key, sheet.numbers)
            proposed = call.reason == "wrong-contact" and is_email(named)
            result = "done" if call.reason == "portal" else "voicemail"
            email = (Do(name="email", rest=shlex.quote(named)),) if proposed else ()
            found.append(
                Point(
                    what=What.CALL, client=key, name=case.client.name, numbers=sheet.numbers, money=money, days=days,
                    about=call.reason, quote=call.because if by_rung else call.said, who=sheet.person,
                    phone=sheet.phone, address="" if by_rung else named,
                    confirmed=call.confirmed, on=call.on, do=(Do(name="called", rest=result), *email), sheet=sheet,
                    kind="call", ref=call.call_id,
                )
            )  # fmt: skip
    return sorted(found, key=lambda p: (not p.confirmed, -(p.days or 0), p.client))


def leaves(books: Books) -> list[Point]:
    """Letters that leave unless they are stopped, today or on a later day, in the order in which they may."""
    found = []
    for key, case in books.cases.items():
        for record in case.history.letters.values():
            if record.status is not Status.QUEUED:
                continue
            at = _window(books, record)
            on = at.astimezone(books.ledger.creditor.timezone).date()
            if on > books.today and record.deliveries:
                continue  # it is tried again: it was shown before
            letter = record.queued
            claimed = by_currency([Money(c.outstanding, c.currency) for c in letter.claims])
            found.append(
                Point(
                    what=What.AHEAD if on > books.today else What.LEAVES, client=key, name=case.client.name,
                    numbers=record.numbers, money=claimed, days=books.days_overdue(letter), about=letter.letter,
                    who=letter.to_name, address=letter.to, on=on, leaves_at=at, do=(Do(name="stop"),), kind="letter",
                    ref=letter.letter_id,
                )
            )  # fmt: skip
    return sorted(found, key=lambda p: (p.leaves_at, p.client, p.ref))


def _window(books: Books, record: LetterRecord) -> datetime:
    """When the letter may leave next: the window of its day in the client's time, or its next try; never the past."""
    client = books.ledger.clients[record.queued.client]
    policy = books.ledger.policy_for(client, record.queued.policy)
    at = datetime.combine(max(record.queued.on, books.today), policy.opens, client.zone)
    delivery = record.deliveries.get(record.queued.to)
    if delivery is not None and isinstance(delivery.last, j.DeliveryDeferred):
        at = max(at, delivery.last.retry_at)
    return max(at.astimezone(books.now.tzinfo), books.now)
