"""Letters a second from decision to octets: our rendering, building, re-reading, against `EmailMessage` building.

    python -m bench.letter_bytes

The reference gets its words for nothing: it only sets headers, adds two parts and calls `as_bytes()`.  Both run in one
process, in turns, and are measured in processor time, so that a busy machine slows both.  The bar is for letters
without a code to pay by, as the reference builds them; with one, segno takes most of the time, which is told besides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from email import policy
from email.message import EmailMessage
from time import process_time
from zoneinfo import ZoneInfo

from daemon.adapters.templates_dir import load_packs
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.client import Client, Contact, Creditor, PaymentWays
from daemon.domain.books.invoice import Invoice, Line
from daemon.domain.books.money import Money
from daemon.domain.journal import Claim, LetterQueued
from daemon.mail.letters.kinds import LADDER
from daemon.mail.letters.letter import Rendered, render
from daemon.mail.letters.message import compose
from daemon.mail.letters.pack import Pack
from daemon.mail.payment import qr
from daemon.mail.tokens.token import token

BAR = 3.0
LETTERS = 400
ROUNDS = 5
KEY = bytes(range(32))
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)
CREDITOR = Creditor(
    name="Studio Bianchi S.r.l.",
    contact="Giulia Bianchi",
    email="fatture@bianchi.example",
    language="it",
    timezone=ZoneInfo("Europe/Rome"),
    calendar=BusinessCalendar("IT"),
    phone="+39 02 5550 1234",
    address="Via Roma 1, 20121 Milano",
    tax_id="IT01234567890",
    payment=PaymentWays(
        iban="IT60X0542811101000000123456", bic="XXXXITMM", link="https://pay.example/{number}", qr=False
    ),
)
WITH_CODE = replace(CREDITOR, payment=replace(CREDITOR.payment, qr=None))


@dataclass(frozen=True, slots=True)
class Job:
    """One letter with all that it is made of; every client, amount and number is another."""

    letter: LetterQueued
    client: Client
    invoices: Mapping[str, Invoice]


def jobs(languages: Sequence[str]) -> list[Job]:
    return [_job(index, languages[index % len(languages)], LADDER[index % len(LADDER)]) for index in range(LETTERS)]


def _job(index: int, language: str, name: str) -> Job:
    number, amount, address = (
        f"2026-{index:04}",
        Decimal(100_000 + 37 * index) / 100,
        f"conta{index}@client{index}.example",
    )
    line = Line(what=f"Maintenance {index}", quantity=Decimal(10), unit="h", price=amount / 10, vat=Decimal(22))
    invoice = Invoice(
        number=number,
        client=f"c{index}",
        total=Money(amount, "EUR"),
        due_on=date(2026, 10, 31),
        issued_on=date(2026, 10, 1),
        lines=(line,),
        terms="Contract 12/2025, art. 4",
    )
    claim = Claim(
        number=number,
        instalment=None,
        level=4,
        due_on=invoice.due_on,
        outstanding=amount,
        currency="EUR",
        paid=Decimal(0),
        credited=Decimal(0),
    )
    client = Client(
        key=f"c{index}",
        name=f"Client {index} S.p.A.",
        language=language,
        policy="standard",
        contacts=(Contact(name=f"José Verdi {index}", email=address),),
        timezone=CREDITOR.timezone,
        calendar=CREDITOR.calendar,
        address=f"Corso Italia {index}, 10121 Torino",
    )
    letter = LetterQueued(
        at=NOW,
        client=client.key,
        letter_id=f"c{index}-1",
        letter=name,
        level=4,
        on=NOW.date(),
        to=address,
        to_name=f"José Verdi {index}",
        language=language,
        claims=(claim,),
        deadline=None,
        pay_by=date(2026, 11, 27),
        why="a benchmark",
    )
    return Job(letter, client, {number: invoice})


def rendered(job: Job, packs: Mapping[str, Pack], creditor: Creditor = CREDITOR) -> Rendered:
    return render(job.letter, creditor, job.client, job.invoices, packs)


def with_code(job: Job, packs: Mapping[str, Pack]) -> Rendered:
    """Codes are remembered, and no two letters ask for the same: each is made anew here."""
    qr.modules.cache_clear()
    qr.png.cache_clear()
    return rendered(job, packs, WITH_CODE)


def ours(job: Job, words: Rendered) -> bytes:
    made = token("k1", KEY, job.letter.letter_id)
    return compose(
        words,
        job.letter,
        CREDITOR,
        job.client,
        token=made,
        date=NOW,
        in_reply_to=None,
        references=(),
        attachments=(),
        reply_to=None,
    )


def reference(job: Job, words: Rendered) -> bytes:
    mail = EmailMessage(policy=policy.SMTP)
    mail["From"] = f"Giulia Bianchi <{CREDITOR.email}>"
    mail["To"] = f"{job.letter.to_name} <{job.letter.to}>"
    mail["Subject"] = words.subject
    mail["Date"] = NOW
    mail["Message-ID"] = f"<{job.letter.letter_id}@bianchi.example>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words.text)
    mail.add_alternative(words.html, subtype="html")
    return mail.as_bytes()


def per_second(work: Callable[[Job], object], batch: Sequence[Job]) -> float:
    begun = process_time()
    for job in batch:
        work(job)
    return len(batch) / (process_time() - begun)


def main() -> int:
    packs = load_packs(())
    batch = jobs(sorted(packs))
    words = {job.letter.letter_id: rendered(job, packs) for job in batch}
    ways: Mapping[str, Callable[[Job], object]] = {
        "render_and_compose": lambda job: ours(job, rendered(job, packs)),
        "with_code": lambda job: ours(job, with_code(job, packs)),
        "compose": lambda job: ours(job, words[job.letter.letter_id]),
        "email_message": lambda job: reference(job, words[job.letter.letter_id]),
    }
    best = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for name, way in ways.items():
            few = batch[: LETTERS // 4] if name in ("email_message", "with_code") else batch
            best[name] = max(best[name], per_second(way, few))
    ratio = best["render_and_compose"] / best["email_message"]
    figures = {f"{name}_per_second": round(speed) for name, speed in best.items()}
    print(json.dumps({"bench": "letter_bytes", "ratio": round(ratio, 2), "bar": BAR, "holds": ratio >= BAR, **figures}))
    return 0 if ratio >= BAR else 1


if __name__ == "__main__":
    raise SystemExit(main())
