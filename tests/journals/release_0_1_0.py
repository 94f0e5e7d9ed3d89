"""What stands in `tests/journals/0.1.0`: one entry of every kind that release 0.1.0 writes.

`python -m tests.journals.release_0_1_0` wrote it.  Once 0.1.0 is out, neither this file nor that directory changes: the
next release gets its own.
"""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from daemon.adapters.state_dir import StateDir
from daemon.domain.journal import (
    AlertSent,
    AnswerSent,
    AnyEntry,
    AskedOrder,
    AutoReplyReceived,
    BankRead,
    Because,
    CallMade,
    CallSuggested,
    Claim,
    ClientForgotten,
    ContactCleared,
    ContactFailed,
    ContactStated,
    ContactTold,
    DeliveryAccepted,
    DeliveryDeferred,
    DeliveryGivenUp,
    DeliveryInDoubt,
    DeliveryRefused,
    DeliveryStarted,
    DigestItem,
    DigestSent,
    DisputeRaised,
    DossierMade,
    DoubtSettled,
    HandedOver,
    HandoverSuggested,
    HoldLifted,
    HoldPlaced,
    HoldStated,
    InvoiceFollowed,
    InvoiceProposed,
    InvoiceSeen,
    InvoiceVanished,
    JournalBegun,
    LetterQueued,
    LetterRecovered,
    LetterReleased,
    LetterWithdrawn,
    MailDismissed,
    MailRead,
    MailUnmatched,
    NoteTaken,
    OrderAnswer,
    OrdersRefused,
    OrdersTaken,
    OwnerWrote,
    PaymentDismissed,
    PaymentMissing,
    PaymentPart,
    PaymentRecorded,
    PaymentReversed,
    PaymentUnsure,
    PlanAgreed,
    PlanBroken,
    PlanCancelled,
    PlanPart,
    PromiseBroken,
    PromiseKept,
    PromiseMade,
    ProposalSettled,
    ReplyReceived,
    SendingUnclear,
    StateRestored,
    StateTrusted,
    Wait,
    WriteOffReversed,
    WrittenOff,
)

AT = datetime(2026, 11, 17, 9, 30, 15, 250000, tzinfo=UTC)
ON = date(2026, 11, 17)
LATER = date(2026, 11, 24)
ANNA = "anna@acme.example"
HASH = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"
MAIL = "9f2c1d0e5b7a4c3f8e6d2b1a0c9f8e7d"
CLAIM = Claim(
    number="2026-041",
    instalment=1,
    level=3,
    due_on=date(2026, 10, 31),
    outstanding=Decimal("1020.00"),
    currency="EUR",
    paid=Decimal("200.00"),
    credited=Decimal("0.00"),
)

ENTRIES: tuple[AnyEntry, ...] = (
    JournalBegun(at=AT, on=ON, sends=False),
    InvoiceSeen(
        at=AT, client="acme", number="2026-041", total=Decimal("1220.00"), owed=Decimal("1020.00"), currency="EUR",
        due_on=date(2026, 10, 31), on=ON,
    ),
    InvoiceVanished(at=AT, client="acme", number="2026-040", on=ON),
    HoldStated(at=AT, client="acme", number="2026-041", held=True, until=LATER, on=ON),
    PaymentRecorded(
        at=AT, client="acme", number="2026-041", amount=Decimal("200.00"), currency="EUR", on=ON, by="yaml"
    ),
    LetterQueued(
        at=AT, client="acme", letter_id="acme-3", letter="first-reminder", level=3, on=ON, to=ANNA,
        to_name="Anna Verdi", cc=("d.neri@acme.example",), language="it", claims=(CLAIM,), also_open=(CLAIM,),
        deadline=LATER, pay_by=LATER, promised_on=ON, waits_for=Wait.FIRST_START, by_hand=True,
        why="2 giorni dopo la scadenza",
    ),
    LetterReleased(at=AT, client="acme", letter_id="acme-3"),
    LetterWithdrawn(at=AT, client="acme", letter_id="acme-3", because="paid meanwhile"),
    DeliveryStarted(
        at=AT, client="acme", letter_id="acme-3", to=ANNA, on=ON, attempt=1,
        message_id="<sol-1-aaaabbbbccccddddeeeeffff22@bianchi.example>",
    ),
    DeliveryAccepted(at=AT, client="acme", letter_id="acme-3", to=ANNA, reply="2.0.0 Ok: queued as 4cXyZ1"),
    DeliveryDeferred(
        at=AT, client="acme", letter_id="acme-3", to=ANNA, reason="greylisted", code=451, retry_at=AT, fault="theirs"
    ),
    DeliveryRefused(
        at=AT, client="acme", letter_id="acme-3", to=ANNA, fault="address", code=550, reason="no such user"
    ),
    DeliveryInDoubt(at=AT, client="acme", letter_id="acme-3", to=ANNA, reason="the line broke after the dot"),
    DeliveryGivenUp(at=AT, client="acme", letter_id="acme-3", to=ANNA, reason="deferred for five days"),
    DoubtSettled(at=AT, client="acme", letter_id="acme-3", to=ANNA, outcome="sent", by="evidence"),
    ContactFailed(
        at=AT, client="acme", address=ANNA, reason="user unknown", status="5.1.1", letter_id="acme-3", mail=MAIL, on=ON
    ),
    ContactCleared(at=AT, client="acme", address=ANNA, on=ON),
    ReplyReceived(
        at=AT, client="acme", numbers=("2026-041",), letter_id="acme-3", mail=MAIL, sender=ANNA, intent="promise",
        on=ON, because="«pagheremo venerdì»",
    ),
    OwnerWrote(at=AT, client="acme", numbers=("2026-041",), letter_id=None, mail=MAIL, on=ON),
    AutoReplyReceived(
        at=AT, client="acme", numbers=(), letter_id="acme-3", mail=MAIL, sender=ANNA, kind="absence", back_on=LATER,
        substitute="ada@acme.example", ticket="#4711", on=ON,
    ),
    PromiseMade(at=AT, client="acme", numbers=("2026-041",), promised_on=LATER, mail=MAIL, on=ON),
    PromiseBroken(at=AT, client="acme", numbers=("2026-041",), promised_on=LATER, on=ON),
    PromiseKept(at=AT, client="acme", numbers=("2026-041",), promised_on=ON, on=ON),
    PlanAgreed(
        at=AT, client="acme", number="2026-041", currency="EUR", paid_before=Decimal("610.00"),
        credited_before=Decimal("10.00"), on=ON, stated=(PlanPart(due_on=ON, amount=Decimal("1220.00")),),
        parts=(PlanPart(due_on=ON, amount=Decimal("300.00")), PlanPart(due_on=LATER, amount=Decimal("300.00"))),
    ),
    PlanBroken(at=AT, client="acme", number="2026-041", instalment=1, due_on=ON, on=LATER),
    PlanCancelled(at=AT, client="acme", number="2026-041", on=LATER, by="yaml"),
    DisputeRaised(at=AT, client="acme", numbers=("2026-041",), mail=None, on=ON, note="4 hours missing"),
    HoldPlaced(
        at=AT, client="acme", hold_id="h1", numbers=(), because=Because.DISPUTE, on=ON, until=LATER, review_on=LATER,
        mail=MAIL, note="Çağrı",
    ),
    HoldLifted(at=AT, client="acme", hold_id="h1", on=LATER, by="owner"),
    CallSuggested(
        at=AT, client="acme", call_id="c1", numbers=("2026-041",), reason="bounce", because="550 5.1.1 user unknown",
        contact="Anna Verdi", phone="+39 02 5550 1234", level=None, confirmed=False, mail=MAIL, on=ON,
    ),
    CallMade(at=AT, client="acme", call_id="c1", numbers=("2026-041",), result="promised 24/11", on=ON),
    HandoverSuggested(at=AT, client="acme", numbers=("2026-041",), to="legal", level=8, on=ON),
    HandedOver(at=AT, client="acme", numbers=("2026-041",), to="legal", on=ON),
    DossierMade(
        at=AT, client="acme", numbers=("2026-041",), file="/var/lib/sollecito/dossiers/acme/x.zip", missing=2, on=ON
    ),
    ClientForgotten(at=AT, client="acme", on=ON),
    ContactTold(
        at=AT, client="acme", address="Anna.Neri@acme.example", name="Anna Neri", instead_of=(ANNA,), on=ON
    ),
    ContactStated(at=AT, client="acme", on=LATER),
    NoteTaken(at=AT, client="acme", numbers=("2026-041",), text="«richiama lunedì», dice Anna", on=ON),
    PaymentMissing(at=AT, client="acme", numbers=("2026-041",), on=ON),
    WrittenOff(
        at=AT, client="acme", numbers=("2026-041",), amount=Decimal("20.00"), currency="EUR", because="too small", on=ON
    ),
    WriteOffReversed(at=AT, client="acme", numbers=("2026-041",), on=LATER),
    PaymentUnsure(
        at=AT, client="acme", bank_id="5f0c", parts=(PaymentPart(number="2026-041", amount=Decimal("1016.50")),),
        amount=Decimal("1016.50"), currency="EUR", booked_on=ON, name="ACME SPA", text="saldo 2026/41",
        because="it names 2026-041; 3.50 is missing", undoes="", on=ON,
    ),
    PaymentReversed(
        at=AT, client="acme", number="2026-041", amount=Decimal("1020.00"), currency="EUR", bank_id="5f0d",
        undoes="5f0b", on=ON,
    ),
    PaymentDismissed(at=AT, client="acme", bank_id="5f0c", on=LATER),
    BankRead(
        at=AT, account="IT60X0542811101000000123456", currency="EUR", statement="STMT-2026-211", file="nov.xml",
        until=ON, entries=4, on=LATER,
    ),
    MailRead(at=AT, folder="INBOX", uidvalidity=1700000000, uid=4711, mail=MAIL),
    MailUnmatched(
        at=AT, mail=MAIL, kind="human", sender="studio@fisco.example", subject="Beta paga venerdì", because="no thread",
        clients=("beta",), message_id="<7@fisco.example>", on=ON,
    ),
    MailDismissed(at=AT, mail=MAIL),
    DigestSent(
        at=AT, on=ON, items=(DigestItem(item=1, client="acme", numbers=("2026-041",), kind="hold", ref="h1"),),
        message_id="<digest-2026-11-17@bianchi.example>", empty=False, token=HASH,
    ),
    AlertSent(
        at=AT, on=ON, clients=("acme",), marks=("config 3f2a",), about="acme/2026-041", token=HASH,
        items=(DigestItem(item=1, client="acme", numbers=("2026-041",), kind="hold", ref="h1"),),
    ),
    OrdersTaken(
        at=AT, on=ON, mail=MAIL, by="giulia@bianchi.example", subject="Re: 17 nov", message_id="<9@bianchi.example>",
        came_with=HASH, said=HASH, answers=True,
        lines=(OrderAnswer(line="pagata 1", outcome="asked", words="Acme 2026-041 ha pagato", near="paid 1"),),
        asked=(AskedOrder(name="paid", target="acme/2026-041", amount=Decimal("20.00"), day=ON, text="bonifico"),),
    ),
    OrdersRefused(
        at=AT, on=ON, mail=MAIL, by="giulia@bianchi.example", subject="Re: 3 ott", message_id="<8@bianchi.example>",
        because="expired", detail="dmarc",
    ),
    AnswerSent(
        at=AT, on=ON, mails=(MAIL,), token=HASH, unasked=True,
        asked=(AskedOrder(name="go", target="acme/2026-041"),),
    ),
    StateRestored(at=AT, on=ON, backup_at=AT, entries=40),
    LetterRecovered(
        at=AT, client="acme", letter_id="acme-9", numbers=("2026-041",), to="anna@acme.example", mail=MAIL, on=ON
    ),
    StateTrusted(at=AT, on=ON),
    InvoiceProposed(
        at=AT, on=ON, ref="9c1f", mail=MAIL, subject="Fattura", source="fattura.xml", clients=("acme",),
        recipients=("anna@acme.example",), buyer="Acme S.p.A.", number="2026-043", owed=Decimal("1220.00"),
        currency="EUR", due_on=LATER, credit=False, yaml=("  due: 2026-12-15", "  total: 1220.00"),
        stranger=("acme:", '  name: "Acme"'),
    ),
    SendingUnclear(at=AT, on=ON, mail=MAIL, subject="Fattura", source="2026-044", because="amount", detail="EUR"),
    ProposalSettled(at=AT, on=ON, ref="9c1f", client="acme", number="2026-043"),
    InvoiceFollowed(
        at=AT, client="acme", on=ON, ref="9c1f", number="2026-043", file="/var/lib/sollecito/followed/invoices.yaml"
    ),
)  # fmt: skip

PLACE = Path(__file__).with_name("0.1.0")


async def write() -> None:
    shutil.rmtree(PLACE, ignore_errors=True)
    with StateDir.open(PLACE) as state:
        for number, entry in enumerate(ENTRIES):
            await state.journal.append(number, [entry])
    for spare in ("keys.json", "lock"):  # a key does not belong into a repository
        (PLACE / spare).unlink()


if __name__ == "__main__":
    asyncio.run(write())
