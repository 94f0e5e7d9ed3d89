"""F53, F56, F57, F58: the YAML changes under letters that have left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from email.message import EmailMessage

import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice, Payment
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.money import Money
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import execute
from daemon.domain.commands.errand import Command, Desk, Done
from daemon.domain.journal import Because
from daemon.mail.tokens.token import message_id
from tests.builders import a_client, a_contact, a_history, a_ledger, an_invoice, at
from tests.ladder_days import Days
from tests.loop_house import House, token_of
from tests.virtual_time import run_virtually

MON = date(2026, 11, 2)
ACME = a_client("acme", language="en", contacts=(a_contact("Anna Verdi", "anna@acme.example"),))
BETA = a_client("beta", language="en", contacts=(a_contact("Bob Jones", "bob@beta.example"),))
PAID = Payment(on=MON, amount=Decimal("220.00"))


def ledger(*invoices: Invoice) -> Ledger:
    return a_ledger(*invoices, clients=(ACME, BETA), first_start_sends=True)


def lived(first: Ledger, then: Ledger, *, weeks: int = 4) -> Days:
    """A Monday with the first books, on which a letter leaves where one is due; then some weeks with the others."""
    days = Days(first, a_history())
    days.day(MON)
    days.ledger = then
    return days.run(MON + timedelta(days=1), MON + timedelta(weeks=weeks))


def claimed(days: Days) -> Sequence[tuple[str, Decimal]]:
    """Which letters left, and what each claims."""
    return [(letter.letter, letter.claims[0].outstanding) for letter in days.sent]


def test_F56_a_letter_keeps_its_figures_and_the_next_one_uses_the_new_ones() -> None:
    corrected = an_invoice(total=Money(Decimal("1000.00"), "EUR"))
    days = lived(ledger(an_invoice()), ledger(corrected), weeks=2)

    assert claimed(days) == [("first-reminder", Decimal("1220.00")), ("second-reminder", Decimal("1000.00"))]
    kept = days.history.of("acme").letters["acme-1"].queued
    assert kept.claims[0].outstanding == Decimal("1220.00")


def test_F57_letters_about_an_invoice_that_is_gone_stop_and_its_history_stays() -> None:
    days = lived(ledger(an_invoice()), ledger())

    assert claimed(days) == [("first-reminder", Decimal("1220.00"))]
    assert "2026-041" in days.history.of("acme").vanished
    assert [r.numbers for r in days.history.of("acme").letters.values()] == [("2026-041",)]


def test_F57_an_invoice_that_comes_back_goes_on_where_it_stood() -> None:
    """A slip of the editor does not begin the ladder anew."""
    days = lived(ledger(an_invoice()), ledger(), weeks=1)
    days.ledger = ledger(an_invoice())
    days.run(MON + timedelta(days=8), MON + timedelta(weeks=2))

    assert [letter for _, letter in days.letters()] == ["first-reminder", "second-reminder"]


@pytest.mark.parametrize("by_id", [True, False], ids=["by our id", "by its number"])
def test_F57_a_late_answer_still_finds_the_invoice_that_is_gone(by_id: bool) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "anna@acme.example", "fatture@bianchi.example", "<1@acme.example>"
    mail["Subject"] = "Re: your letter" if by_id else "Invoice 2026-041"
    if by_id:
        mail["In-Reply-To"] = message_id(token_of("acme-1"), "bianchi.example")
    mail.set_content("Which order is this about?")

    async def life() -> House:
        house = House(ledger(an_invoice()))
        await house.live(3600.0)
        house.book.use(ledger())
        await house.live(60.0)
        house.world.deliver(mail.as_bytes())
        await house.live(60.0)
        return house

    [reply] = run_virtually(life()).book.history.of("acme").replies
    assert reply.numbers == ("2026-041",)


def test_F58_one_number_of_two_clients_is_two_invoices() -> None:
    """What is told of one does not settle the other one; whose is meant has to be said."""
    days = Days(ledger(an_invoice("7/2026", "acme"), an_invoice("7/2026", "beta")), a_history())
    days.day(MON)
    desk = Desk(ledger=days.ledger, history=days.history, today=lambda _: MON, at=at(MON))
    assert isinstance(execute(Command(name="paid", target="7/2026"), desk), Refusal)
    paid = execute(Command(name="paid", target="acme/7/2026"), desk)
    assert isinstance(paid, Done)
    days.take_in(*paid.entries)
    days.run(MON + timedelta(days=1), MON + timedelta(weeks=2))

    assert [(letter.client, letter.letter) for letter in days.sent if letter.level] == [
        ("acme", "first-reminder"), ("beta", "first-reminder"), ("beta", "second-reminder"),
    ]  # fmt: skip


def test_F53_a_payment_that_goes_from_the_yaml_keeps_the_letters_back() -> None:
    """A file that was half written, or a slip: nobody is reminded of what they have paid before the owner looks."""
    paid = an_invoice(payments=(Payment(on=MON, amount=Decimal("1220.00")),))
    days = lived(ledger(paid), ledger(an_invoice()))

    assert [hold.because for hold in days.history.of("acme").holds] == [Because.VANISHED]
    assert [letter for letter in days.sent if letter.level] == []


@pytest.mark.parametrize(("later", "open_"), [(0, "1000.00"), (7, "1000.00"), (8, "780.00")])
def test_F53_a_payment_in_the_yaml_and_from_the_owner_is_one_within_seven_days(later: int, open_: str) -> None:
    """Same amount; eight days apart they are two."""
    told = j.PaymentRecorded(
        at=at(MON), client="acme", number="2026-041", amount=PAID.amount, currency="EUR", on=PAID.on, by="owner"
    )
    both = an_invoice(payments=(Payment(on=PAID.on + timedelta(days=later), amount=PAID.amount),))
    days = Days(ledger(both), a_history(told))

    [item] = days.case(MON + timedelta(days=20)).items
    assert item.outstanding == Decimal(open_)
