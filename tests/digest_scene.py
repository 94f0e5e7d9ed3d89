"""One Tuesday morning on which everything that a digest can say is to be said, and the small parts to make others."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from daemon.adapters.config_main import LANGUAGES as LANGUAGES
from daemon.adapters.templates_dir import load_packs
from daemon.domain import journal as j
from daemon.domain.books.client import Client
from daemon.domain.books.invoice import Invoice, Payment, StatedHold
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.commands.command import Command, Desk
from daemon.domain.history import History
from daemon.domain.journal import Because
from daemon.domain.reports.digest import Digest, build
from tests.builders import ROME, a_client, a_contact, a_creditor, a_history, a_ledger, an_invoice, at

TODAY = date(2026, 11, 17)  # a Tuesday
NOW = datetime(2026, 11, 17, 6, 30, tzinfo=UTC)  # 07:30 in Rome
SINCE = NOW - timedelta(days=1)
FRESH = NOW - timedelta(hours=15)  # after the last digest
OLD = NOW - timedelta(days=6)
READ_AT = NOW - timedelta(minutes=2)
PACKS = load_packs(())


def client(key: str, person: str, name: str = "", **changes: object) -> Client:
    contact = a_contact(person, f"{person.split()[0].lower()}@{key}.example", phone="+39 02 5550 2200")
    return a_client(key, name=name or key.title(), contacts=(contact,), **changes)


def invoice(of: str, number: str, amount: str, days: int, **changes: object) -> Invoice:
    """An invoice that has been overdue for `days` today."""
    currency = str(changes.pop("currency", "EUR"))
    total = Money(Decimal(amount), currency)
    return an_invoice(number, of, total=total, due_on=TODAY - timedelta(days=days), **changes)


def a_letter(of: Invoice, letter: str, day: date, n: int = 1, **changes: object) -> j.LetterQueued:
    claim = j.Claim(
        number=of.number, instalment=None, level=3, due_on=of.due_on, outstanding=of.owed.amount,
        currency=of.currency, paid=Decimal(0), credited=Decimal(0),
    )  # fmt: skip
    given: dict[str, object] = {
        "at": at(day, 5), "client": of.client, "letter_id": f"{of.client}-{n}", "letter": letter, "level": 3, "on": day,
        "to": f"office@{of.client}.example", "to_name": "", "language": "it", "claims": (claim,), "deadline": None,
        "pay_by": day + timedelta(days=5), "why": "",
    }  # fmt: skip
    return j.LetterQueued(**{**given, **changes})  # type: ignore[arg-type]


def offered(letter: j.LetterQueued, when: datetime) -> j.DeliveryStarted:
    return j.DeliveryStarted(
        at=when, client=letter.client, letter_id=letter.letter_id, to=letter.to, on=when.date(), attempt=1,
        message_id=f"<{letter.letter_id}@bianchi.example>",
    )  # fmt: skip


def sent(letter: j.LetterQueued, when: datetime) -> tuple[j.AnyEntry, ...]:
    accepted = j.DeliveryAccepted(
        at=when, client=letter.client, letter_id=letter.letter_id, to=letter.to, reply="250 ok"
    )
    return (letter, offered(letter, when), accepted)


def a_hold(of: str, *numbers: str, because: Because, **changes: object) -> j.HoldPlaced:
    given: dict[str, object] = {"at": OLD, "hold_id": f"{of}-h1", "on": OLD.date(), "review_on": None}
    return j.HoldPlaced(**{"client": of, "numbers": numbers, "because": because, **given, **changes})  # type: ignore[arg-type]


def a_reply(of: str, number: str, sender: str, intent: str, mail: str, when: datetime) -> j.ReplyReceived:
    return j.ReplyReceived(
        at=when, client=of, numbers=(number,) if number else (), letter_id=None, mail=mail, sender=sender,
        intent=intent, on=when.date(), subject="Re: Sollecito",
    )  # fmt: skip


def a_call(of: str, number: str, reason: str, because: str, **changes: object) -> j.CallSuggested:
    given: dict[str, object] = {
        "at": OLD, "client": of, "call_id": f"{of}-c1", "numbers": (number,), "reason": reason, "because": because,
        "contact": "Mario Blu", "phone": "+39 02 5550 2200", "on": OLD.date(),
    }  # fmt: skip
    return j.CallSuggested(**{**given, **changes})  # type: ignore[arg-type]


def a_payment(of: str, number: str, amount: str, day: date, when: datetime) -> j.PaymentRecorded:
    paid = Decimal(amount)
    return j.PaymentRecorded(at=when, client=of, number=number, amount=paid, currency="EUR", on=day, by="yaml")


def an_unmatched_mail(mail: str, sender: str, of: str) -> j.MailUnmatched:
    return j.MailUnmatched(
        at=FRESH, mail=mail, kind="reply", sender=sender, subject="Hello", because="", clients=(of,), on=TODAY
    )


WORDS: Mapping[str, str] = {
    "m-acme": "Paid on Friday,\n  please check.",
    "m-rossi": "4 hours are missing",
    "m-fiore": "Which order is this about? <b>Please</b> call.",
    "m-nuovo": "We are moving on 1 December.",
    "m-beta": "Beta pays Friday",
}


def paid(amount: str, day: date) -> Payment:
    return Payment(on=day, amount=Decimal(amount))


INVOICES = {
    i.client: i
    for i in (
        invoice("acme", "2026-041", "1020.00", 22),
        invoice("rossi", "2026-038", "3400.00", 19),
        invoice("fiore", "2026-029", "480.00", 12),
        invoice("delta", "2026-019", "2100.00", 38),
        invoice("omega", "2025-101", "900.00", 120),
        invoice("zeta", "2026-003", "5000.00", 75),
        invoice("sigma", "2026-022", "640.00", 14),
        invoice("theta", "2026-028", "1000.00", 9, payments=(paid("997.50", date(2026, 11, 12)),)),
        invoice("kappa", "2026-024", "2600.00", 21),
        invoice("lambda", "2026-031", "310.00", 6),
        invoice("gamma", "2026-027", "1800.00", 16),
        invoice("eta", "2026-026", "700.00", 18),
        invoice("ypsilon", "2026-033", "150.00", 5),
        invoice("luna", "2026-044", "2300.00", 2),
        invoice("nora", "2026-043", "75.00", 4),
        invoice("iris", "2026-036", "830.00", 20),
        invoice("tiber", "2026-030", "1250.00", 25),
        invoice("mira", "2026-046", "410.00", 3, hold=StatedHold(until=date(2026, 12, 1), because="credit note")),
        invoice("sirio", "2026-035", "1900.00", 11, payments=(paid("900", date(2026, 11, 16)),)),
        invoice("beta", "2026-050", "60.00", -20),
        invoice("nuovo", "2026-045", "220.00", 1),
    )
}  # fmt: skip
DOLLARS = invoice("omega", "2025-102", "450.00", 100, currency="USD")


def scene_ledger(language: str = "en") -> Ledger:
    people = {"acme": "Anna Verdi", "fiore": "Ada Lovati", "luna": "Ada Gialli", "gamma": "Mario Blu"}
    clients = tuple(client(key, people.get(key, "Eva Rosa")) for key in INVOICES)
    return a_ledger(*INVOICES.values(), DOLLARS, clients=clients, creditor=a_creditor(language=language, timezone=ROME))


def scene_entries() -> tuple[j.AnyEntry, ...]:
    of = INVOICES
    doubtful = a_letter(of["sigma"], "first-reminder", date(2026, 11, 13))
    refused = a_letter(of["lambda"], "first-reminder", date(2026, 11, 13))
    gone = a_letter(of["gamma"], "first-reminder", date(2026, 11, 16), to="mario@gamma.example")
    zeta = of["zeta"].number
    return (
        *sent(a_letter(of["rossi"], "first-reminder", date(2026, 11, 2)), OLD),
        a_reply("acme", "2026-041", "anna@acme.example", "paid", "m-acme", OLD),
        a_hold("acme", "2026-041", because=Because.CLAIMS_PAID, review_on=TODAY, mail="m-acme"),
        a_reply("rossi", "2026-038", "eva@rossi.example", "dispute", "m-rossi", OLD),
        j.DisputeRaised(at=OLD, client="rossi", numbers=("2026-038",), mail="m-rossi", on=OLD.date()),
        a_hold("rossi", "2026-038", because=Because.DISPUTE, review_on=date(2026, 11, 16), mail="m-rossi"),
        a_reply("fiore", "2026-029", "ada@fiore.example", "question", "m-fiore", FRESH),
        a_hold("fiore", "2026-029", because=Because.REPLY, review_on=date(2026, 11, 23), mail="m-fiore", at=FRESH),
        a_letter(of["delta"], "final-notice", TODAY, waits_for=j.Wait.APPROVAL, to_name="Eva Rosa"),
        a_letter(of["omega"], "first-reminder", TODAY, 1, waits_for=j.Wait.FIRST_START),
        a_letter(DOLLARS, "first-reminder", TODAY, 2, waits_for=j.Wait.FIRST_START),
        j.HandoverSuggested(at=OLD, client="zeta", numbers=(zeta,), to="legal", level=9, on=OLD.date()),
        doubtful,
        offered(doubtful, OLD),
        j.DeliveryInDoubt(at=OLD, client="sigma", letter_id="sigma-1", to=doubtful.to, reason="the line broke"),
        a_payment("theta", "2026-028", "997.50", date(2026, 11, 12), OLD),
        a_payment("kappa", "2026-024", "500", date(2026, 11, 10), OLD),
        a_hold("kappa", "2026-024", because=Because.VANISHED, review_on=OLD.date(), note="a payment is gone"),
        *(refused, offered(refused, OLD)),
        j.DeliveryRefused(
            at=OLD, client="lambda", letter_id="lambda-1", to=refused.to, fault="message", code=554, reason="spam"
        ),
        a_hold("lambda", "2026-031", because=Because.REFUSED, review_on=OLD.date(), note="554 5.7.1 looks like spam"),
        an_unmatched_mail("m-beta", "studio@fisco.example", "beta"),
        a_reply("nuovo", "", "eva@nuovo.example", "unclear", "m-nuovo", FRESH),
        an_unmatched_mail("m-nuovo", "eva@nuovo.example", "nuovo"),
        a_hold("nuovo", because=Because.OTHER_THREAD, until=date(2026, 11, 18), mail="m-nuovo", at=FRESH),
        *sent(gone, FRESH),
        j.ContactFailed(at=FRESH, client="gamma", address="mario@gamma.example", reason="5.1.1", on=TODAY),
        a_call("gamma", "2026-027", "bounce", "mail to mario@gamma.example is not delivered (5.1.1)"),
        a_call("eta", "2026-026", "level", "two letters without an answer", level=5),
        a_call("ypsilon", "2026-033", "bounce", "an unconfirmed bounce: 550", confirmed=False, phone=None),
        a_letter(of["luna"], "first-reminder", TODAY, to_name="Ada Gialli", to="ada@luna.example"),
        j.AutoReplyReceived(
            at=FRESH, client="nora", numbers=(), letter_id=None, mail="m-nora", sender="eva@nora.example",
            kind="absence", back_on=date(2026, 11, 23), on=TODAY,
        ),
        j.PromiseMade(
            at=FRESH, client="iris", numbers=("2026-036",), promised_on=date(2026, 11, 20), mail="m-iris", on=TODAY
        ),
        a_hold("iris", "2026-036", because=Because.PROMISE, until=date(2026, 11, 24), mail="m-iris", at=FRESH),
        a_hold("tiber", "2026-030", because=Because.DISPUTE, review_on=date(2026, 11, 25), mail="m-tiber"),
        a_payment("sirio", "2026-035", "900", date(2026, 11, 16), FRESH),
    )  # fmt: skip


def scene_history() -> History:
    return a_history(*scene_entries())


def digest_of(
    ledger: Ledger, history: History, *, faults: tuple[str, ...] = (), since: datetime | None = SINCE
) -> Digest:
    return build(
        ledger, history, today=TODAY, now=NOW, since=since, read_to_end_at=READ_AT, faults=faults,
        words=lambda mail: WORDS.get(mail, ""),
    )  # fmt: skip


def with_digest(history: History, digest: Digest) -> History:
    """The history once this digest has been sent: from here on its numbers mean something."""
    history.take_in(j.DigestSent(at=NOW, on=TODAY, items=digest.items, message_id="<d@bianchi.example>"))
    return history


def desk(ledger: Ledger, history: History) -> Desk:
    return Desk(ledger=ledger, history=history, today=lambda _: TODAY, at=NOW)


def typed(line: str) -> Command:
    """A command as the command line reads it (DESIGN section 5)."""
    name, *words = shlex.split(line)
    command = Command(name=name)
    rest: list[str] = []
    while words:
        word = words.pop(0)
        match word:
            case "--until" | "--on" | "--first":
                command = replace(command, day=date.fromisoformat(words.pop(0)))
            case "--amount":
                command = replace(command, amount=Decimal(words.pop(0)))
            case "--parts":
                command = replace(command, count=int(words.pop(0)))
            case "--all":
                command = replace(command, everything=True)
            case _:
                rest.append(word)
    if rest:
        command = replace(command, target=rest.pop(0))
    if name == "called" and rest[:1] == ["promised"]:
        command = replace(command, day=date.fromisoformat(rest[1]))
    if name == "assign":
        return replace(command, client=rest[0], numbers=tuple(rest[1:]))
    return replace(command, text=" ".join(rest))
