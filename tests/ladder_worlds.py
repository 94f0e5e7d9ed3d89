"""Random books and random lives for the properties: ladders, clients, invoices, money, holds, answers, bounces."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival
from daemon.domain.answers.react import react
from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.client import Channel, Client, Role
from daemon.domain.books.invoice import Instalment, Invoice, Method, Payment, StatedHold
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.books.policy import (
    INSTALMENT_DUE,
    CallLevel,
    Group,
    HandoverLevel,
    LetterLevel,
    Level,
    Policy,
    SendOn,
    Since,
)
from daemon.domain.books.reading import Evidence, Intent, Kind, Match, Meaning, Reading, RecipientReport
from daemon.domain.commands.command import Command, Desk, Done, execute
from tests.builders import a_client, a_contact, a_creditor, a_ledger, a_policy, an_invoice, at, closed
from tests.ladder_days import Days

FIRST = date(2026, 10, 26)  # a Monday

quick = settings(  # no shrinking: a world takes minutes to shrink, and its ladder is printed whole
    max_examples=60,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
NAMES = ("first-reminder", "second-reminder", "firm-reminder", "final-notice")

days_ahead = st.integers(0, 75).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def ladders(draw: st.DrawFn) -> tuple[Level, ...]:
    levels: list[Level] = []
    if draw(st.integers(0, 3)) == 0:
        levels.append(LetterLevel(letter="confirm-receipt", day=draw(st.integers(0, 20)), since=Since.ISSUED))
    if draw(st.booleans()):
        levels.append(LetterLevel(letter=INSTALMENT_DUE, day=-draw(st.integers(6, 9))))
    if draw(st.booleans()):
        levels.append(
            LetterLevel(letter="courtesy", day=-draw(st.integers(0, 5)), only_late_payers=draw(st.booleans()))
        )
    day = 0
    for name in NAMES[: draw(st.integers(1, 4))]:
        day += draw(st.integers(1, 9))
        every = draw(st.sampled_from([None, None, None, 7, 9]))
        levels.append(
            LetterLevel(
                letter=name, day=day, rest_days=draw(st.sampled_from([None, 0, 1, 3])),
                deadline_days=draw(st.sampled_from([None, None, 4, 8])), approval=draw(st.booleans()),
                every=every, times=2 if every else None,
            )
        )  # fmt: skip
        if draw(st.booleans()):
            day += draw(st.integers(0, 5))
            levels.append(CallLevel(reason="call", day=day))
    if draw(st.booleans()):
        levels.append(HandoverLevel(to="legal", after_deadline=draw(st.integers(0, 3)), approval=draw(st.booleans())))
    elif isinstance(last := levels[-1], LetterLevel) and last.every:
        levels[-1] = replace(last, times=None)  # without end
    return tuple(levels)


@st.composite
def policies(draw: st.DrawFn, name: str = "standard") -> Policy:
    return a_policy(
        name=name, levels=draw(ladders()), rest_days=draw(st.integers(0, 9)), group=draw(st.sampled_from(Group)),
        send_on=draw(st.sampled_from(SendOn)), approve_first=draw(st.booleans()),
        approve_over=draw(st.none() | st.integers(0, 900).map(Decimal)),
        minimum=Decimal(draw(st.sampled_from([0, 0, 0, 300]))), good_payers=draw(st.sampled_from([None, "other"])),
        thank_you=draw(st.booleans()),
    )  # fmt: skip


@st.composite
def clients(draw: st.DrawFn, key: str = "acme", *, portal: bool = False) -> Client:
    spells = []
    for _ in range(draw(st.integers(0, 2))):
        start = draw(days_ahead)
        spells.append(DateRange(start, start + timedelta(days=draw(st.integers(0, 12)))))
    contacts = [a_contact(f"Person {n}", f"p{n}@{key}.example") for n in range(draw(st.integers(1, 3)))]
    if draw(st.booleans()):
        contacts.append(
            a_contact("Copy", f"cc@{key}.example", role=Role.CC, from_level=draw(st.sampled_from([None, *NAMES])))
        )
    return a_client(
        key, contacts=tuple(contacts), late_payer=draw(st.sampled_from([None, True, False])),
        calendar=BusinessCalendar(draw(st.sampled_from(["IT", "DE", "TR"])), tuple(spells)),
        channel=draw(st.sampled_from(Channel)) if portal else Channel.MAIL,
    )  # fmt: skip


@st.composite
def invoices(draw: st.DrawFn, number: str, client: str = "acme") -> Invoice:
    due = draw(st.integers(-40, 40).map(lambda n: FIRST + timedelta(days=n)))
    currency = draw(st.sampled_from(["EUR", "EUR", "USD"]))
    total = Decimal(draw(st.integers(1, 900)))
    payments = tuple(
        Payment(on=draw(days_ahead), amount=Decimal(draw(st.integers(1, 900)))) for _ in range(draw(st.integers(0, 1)))
    )
    credit = draw(st.integers(0, 9)) == 0
    parts: tuple[Instalment, ...] = ()
    if not credit and total > 2 and draw(st.integers(0, 4)) == 0:
        half = (total / 2).quantize(Decimal(1))
        parts = (
            Instalment(due_on=due, amount=half),
            Instalment(due_on=due + timedelta(days=draw(st.integers(1, 30))), amount=total - half),
        )
    method = draw(st.sampled_from([Method.TRANSFER, Method.TRANSFER, Method.TRANSFER, Method.SDD]))
    hold = None
    if draw(st.integers(0, 7)) == 0:
        hold = StatedHold(until=draw(st.none() | days_ahead), because="asked")
    return an_invoice(
        number, client, total=Money(total, currency), due_on=due, payments=payments, credit=credit, instalments=parts,
        hold=hold, issued_on=due - timedelta(days=30), method=method, manual=draw(st.integers(0, 11)) == 0,
        policy=draw(st.sampled_from([None, None, "other"])),
        returned_on=draw(st.none() | days_ahead) if method is Method.SDD else None,
        not_before=draw(days_ahead) if draw(st.integers(0, 7)) == 0 else None,
    )  # fmt: skip


@st.composite
def ledgers(draw: st.DrawFn, *, portal: bool = False, max_clients: int = 1) -> Ledger:
    keys = ("acme", "beta", "delta")[: draw(st.integers(1, max_clients))]
    known = tuple(draw(clients(key, portal=portal)) for key in keys)
    books = [draw(invoices(f"{key}-{n}", key)) for key in keys for n in range(draw(st.integers(1, 4)))]
    ladders_ = {name: draw(policies(name)) for name in ("standard", "other")}
    shut = draw(days_ahead)
    ours = a_creditor(calendar=closed(shut, shut + timedelta(days=draw(st.integers(0, 6)))))
    return a_ledger(
        *books, clients=known, policies=ladders_, first_start_sends=draw(st.booleans()), creditor=ours
    )  # fmt: skip


@dataclass(frozen=True)
class Event:
    """Something that happens between the planner's run and the deliverer's on a day, or after both."""

    day: date
    what: str
    pick: int  # which letter, invoice or contact
    number: int = 0
    before_sending: bool = False


EVENTS = ("reply", "promise", "paid", "dispute", "bounce", "refused", "doubt", "hold", "lift", "away", "gone",
          "stop", "payment", "elsewhere", "owner", "defer", "settled",
          "plan", "plan-off", "written", "statement",
          "missing", "write-off", "resume", "ignore", "email")  # fmt: skip

events = st.builds(
    Event, day=days_ahead, what=st.sampled_from(EVENTS), pick=st.integers(0, 5), number=st.integers(0, 30),
    before_sending=st.booleans(),
)  # fmt: skip


def happen(days: Days, event: Event, client: str = "acme") -> None:
    """Apply an event to the history, as the daemon's own decisions record it."""
    history, today = days.history.of(client), event.day
    case = days.case(today, client)
    letters = [r for r in history.letters.values() if r.counts]
    numbers = [invoice.number for invoice in days.ledger.by_client[client]]
    number = numbers[event.pick % len(numbers)]
    contact = case.client.contacts[event.pick % len(case.client.contacts)]
    record = letters[event.pick % len(letters)] if letters else None
    match event.what:
        case "payment":
            currency = next(i.currency for i in days.ledger.by_client[client] if i.number == number)
            days.take_in(
                j.PaymentRecorded(
                    at=at(today), client=client, number=number, amount=Decimal(event.number * 20 + 1),
                    currency=currency, on=today, by="owner",
                )
            )  # fmt: skip
        case "hold":
            until = today + timedelta(days=event.number) if event.number % 2 else None
            days.take_in(
                j.HoldPlaced(
                    at=at(today), client=client, hold_id=history.next_hold_id(), numbers=(number,),
                    because=j.Because.OWNER, on=today, until=until,
                )
            )  # fmt: skip
        case "settled" | "plan" | "plan-off" | "statement" | "missing" | "write-off" | "resume" | "ignore" | "email":
            _tell(days, event, client, number)
        case "written":
            _write_instalments(days, event, number)
        case "lift":
            for hold_id in [hold.hold_id for hold in history.holds]:
                days.take_in(j.HoldLifted(at=at(today), client=client, hold_id=hold_id, on=today))
        case "refused":
            days.take_in(
                j.ContactFailed(at=at(today), client=client, address=contact.email.lower(), reason="550", on=today)
            )
        case "doubt" if record is not None and record.status == "sent":
            letter = record.queued
            days.take_in(
                j.DeliveryInDoubt(at=at(today), client=client, letter_id=letter.letter_id, to=letter.to, reason="cut")
            )
        case _:
            reading = _mail(event, record.queued if record else None, contact.email, number, client)
            if reading is not None:
                days.take_in(*react(case, Arrival(reading=reading, today=today, at=at(today, 9))))


def _tell(days: Days, event: Event, client: str, number: str) -> None:
    """The owner says it, by command; what is refused changes nothing."""
    today = event.day
    desk = Desk(ledger=days.ledger, history=days.history, today=lambda _: today, at=at(today, 9))
    target = f"{client}/{number}"
    command = {
        "settled": Command(name="paid", target=target),
        "plan": Command(
            name="plan-payment", target=target, count=event.pick % 3 + 1, day=today + timedelta(days=event.number),
            every=f"{event.number + 1}d",
        ),
        "plan-off": Command(name="plan-payment", target=target, cancel=True),
        "statement": Command(name="statement", target=client, currency=("EUR", "USD")[event.pick % 2]),
        "email": Command(name="email", target=client, text=f"p{event.pick}@{client}.example"),
    }.get(event.what, Command(name=event.what, target=target))  # fmt: skip
    answer = execute(command, desk)
    if isinstance(answer, Done):
        days.take_in(*answer.entries)


def _write_instalments(days: Days, event: Event, number: str) -> None:
    """The owner writes instalments beside an invoice, or takes them out."""

    def written(invoice: Invoice) -> Invoice:
        if invoice.number != number or invoice.credit or invoice.owed.amount < 2:
            return invoice
        if invoice.instalments:
            return replace(invoice, instalments=())
        one, first = Decimal(1), event.day + timedelta(days=event.number)
        rest = Instalment(due_on=first + timedelta(days=event.pick + 1), amount=invoice.owed.amount - one)
        return replace(invoice, instalments=(Instalment(due_on=first, amount=one), rest))

    days.ledger = replace(days.ledger, invoices=tuple(map(written, days.ledger.invoices)))


def _mail(event: Event, letter: j.LetterQueued | None, sender: str, number: str, client: str) -> Reading | None:
    ours = Match(
        client=client, letter_id=letter.letter_id, numbers=tuple(dict.fromkeys(c.number for c in letter.claims)),
        evidence=Evidence.TOKEN, known_sender=True,
    ) if letter else Match(client=client, numbers=(number,), evidence=Evidence.NUMBER, known_sender=True)  # fmt: skip
    mail = f"{event.day}-{event.what}-{event.pick}-{event.number}"
    later = event.day + timedelta(days=event.number)
    match event.what:
        case "reply":
            return Reading(mail=mail, kind=Kind.REPLY, match=ours, sender=sender, intent=Intent.UNCLEAR)
        case "promise":
            return Reading(
                mail=mail, kind=Kind.REPLY, match=ours, sender=sender, intent=Intent.PROMISE, promised_on=later
            )
        case "paid":
            return Reading(mail=mail, kind=Kind.REPLY, match=ours, sender=sender, intent=Intent.PAID)
        case "dispute":
            return Reading(mail=mail, kind=Kind.REPLY, match=ours, sender=sender, intent=Intent.DISPUTE)
        case "stop":
            return Reading(mail=mail, kind=Kind.REPLY, match=ours, sender=sender, intent=Intent.STOP)
        case "owner":
            return Reading(mail=mail, kind=Kind.REPLY, match=ours, sender="fatture@bianchi.example", by_owner=True)
        case "elsewhere":
            elsewhere = Match(client=client, evidence=Evidence.SENDER, known_sender=True)
            return Reading(mail=mail, kind=Kind.REPLY, match=elsewhere, sender=sender)
        case "away":
            return Reading(mail=mail, kind=Kind.AUTO_REPLY, match=ours, sender=sender, back_on=later)
        case "gone":
            return Reading(mail=mail, kind=Kind.AUTO_REPLY, match=ours, sender=sender, gone=True)
        case "bounce" if letter is not None:
            report = RecipientReport(address=letter.to, action="failed", status="5.1.1", meaning=Meaning.DEAD)
            return Reading(mail=mail, kind=Kind.BOUNCE, match=ours, sender="mailer-daemon@x", recipients=(report,))
    return None
