"""A journal's life, for the benchmarks: the entries that a creditor's months leave, mixed as they come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import islice

from daemon.domain.journal import (
    AnyEntry,
    AutoReplyReceived,
    Because,
    CallSuggested,
    Claim,
    DeliveryAccepted,
    DeliveryDeferred,
    DeliveryStarted,
    DigestItem,
    DigestSent,
    HoldLifted,
    HoldPlaced,
    InvoiceSeen,
    LetterQueued,
    MailRead,
    PaymentRecorded,
    PromiseMade,
    ReplyReceived,
)

_LETTERS = ("first-reminder", "second-reminder", "firm-reminder", "final-notice")
_DISTINCT = 20_000  # entries; more of them would only make the benchmark start later


def life(count: int) -> Iterator[AnyEntry]:
    """`count` entries, the same ones at every call: about seven in ten of letters, the rest of answers."""
    some = list(islice(_invoices(random.Random(41)), min(count, _DISTINCT)))
    for number in range(count):
        yield some[number % len(some)]


def _invoices(dice: random.Random) -> Iterator[AnyEntry]:
    number, at = 0, datetime(2026, 1, 7, 9, 0, tzinfo=UTC)
    while True:
        number += 1
        at += timedelta(minutes=dice.randrange(90), microseconds=dice.randrange(1_000_000))
        yield from _invoice(dice, f"2026-{number:05}", f"client-{dice.randrange(400):03}", at)
        if number % 20 == 0:
            items = tuple(
                DigestItem(item=n, client=f"client-{n:03}", numbers=(f"2026-{n:05}",), kind="hold", ref=f"h{n}")
                for n in range(1, 7)
            )
            yield DigestSent(at=at, on=at.date(), items=items, message_id=f"<digest-{number}@bianchi.example>")


def _invoice(dice: random.Random, number: str, client: str, at: datetime) -> Iterator[AnyEntry]:
    """One invoice: seen, one to four letters, and for one in two an answer."""
    day, to = at.date(), f"contabilita@{client}.example"
    total = Decimal(dice.randrange(5_000, 900_000)) / 100
    yield InvoiceSeen(at=at, client=client, number=number, total=total, owed=total, currency="EUR", due_on=day, on=day)
    for level in range(1, dice.randrange(2, 6)):
        yield from _letter(dice, number, client, to, total, level, at + timedelta(days=9 * level))
    mail = sha256(number.encode()).hexdigest()
    at += timedelta(days=40)
    day = at.date()
    if dice.random() < 0.5:
        intent, because = dice.choice(
            [("promise", Because.PROMISE), ("dispute", Because.DISPUTE), ("unclear", Because.REPLY)]
        )
        yield ReplyReceived(
            at=at, client=client, numbers=(number,), letter_id=f"{client}-1", mail=mail, sender=to, intent=intent,
            on=day, because="pagheremo entro venerdì prossimo",
        )  # fmt: skip
        if because is Because.PROMISE:
            yield PromiseMade(
                at=at, client=client, numbers=(number,), promised_on=day + timedelta(days=5), mail=mail, on=day
            )
        yield HoldPlaced(
            at=at, client=client, hold_id=f"h{number}", numbers=(number,), because=because, on=day,
            review_on=day + timedelta(days=7), mail=mail,
        )  # fmt: skip
        yield MailRead(at=at, folder="INBOX", uidvalidity=1700000000, uid=dice.randrange(1, 10**6), mail=mail)
        yield HoldLifted(at=at + timedelta(days=7), client=client, hold_id=f"h{number}", on=day, by="owner")
    elif dice.random() < 0.3:
        yield AutoReplyReceived(
            at=at, client=client, numbers=(number,), letter_id=f"{client}-1", mail=mail, sender=to, kind="absence",
            back_on=day + timedelta(days=6), on=day,
        )  # fmt: skip
        yield MailRead(at=at, folder="INBOX", uidvalidity=1700000000, uid=dice.randrange(1, 10**6), mail=mail)
    else:
        yield CallSuggested(
            at=at, client=client, call_id=f"c{number}", numbers=(number,), reason="level",
            because="two letters without an answer", contact="Anna Verdi", phone="+39 02 5550 1234", level=3, on=day,
        )  # fmt: skip
    yield PaymentRecorded(at=at, client=client, number=number, amount=total, currency="EUR", on=day, by="yaml")


def _letter(
    dice: random.Random, number: str, client: str, to: str, total: Decimal, level: int, at: datetime
) -> Iterator[AnyEntry]:
    day: date = at.date()
    letter_id = f"{client}-{level}"
    claim = Claim(
        number=number, instalment=None, level=level, due_on=day, outstanding=total, currency="EUR",
        paid=Decimal("0.00"), credited=Decimal("0.00"),
    )  # fmt: skip
    yield LetterQueued(
        at=at, client=client, letter_id=letter_id, letter=_LETTERS[level - 1], level=level, on=day, to=to,
        to_name="Contabilità", language="it", claims=(claim,), deadline=None, pay_by=day + timedelta(days=7),
        why="9 days after the last letter",
    )  # fmt: skip
    message_id = f"<sol-1-{sha256(letter_id.encode()).hexdigest()[:26]}@bianchi.example>"
    yield DeliveryStarted(at=at, client=client, letter_id=letter_id, to=to, on=day, attempt=1, message_id=message_id)
    if dice.random() < 0.1:
        retry_at = at + timedelta(minutes=15)
        yield DeliveryDeferred(
            at=at, client=client, letter_id=letter_id, to=to, reason="4.7.1 greylisted", code=451, retry_at=retry_at
        )
        yield DeliveryStarted(
            at=retry_at, client=client, letter_id=letter_id, to=to, on=day, attempt=2, message_id=message_id
        )
    reply = f"2.0.0 Ok: queued as {dice.randrange(16**10):010X}"
    yield DeliveryAccepted(at=at, client=client, letter_id=letter_id, to=to, reply=reply)
