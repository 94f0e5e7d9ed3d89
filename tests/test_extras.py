"""What a letter states besides its claims, from books, payments and terms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.extras_terms import Compensation, ExtrasTerms, Interest
from daemon.domain.books.invoice import Instalment, Payment
from daemon.domain.books.money import Money
from daemon.domain.books.rates import RatesMissing
from daemon.domain.standing.interest import total_of
from tests.builders import a_client, an_invoice, at
from tests.extras_books import NOV_23, STATUTORY, a_claim, a_letter, books, stated


def test_a_firm_reminder_states_interest_from_the_day_after_due_and_the_flat_sum() -> None:
    extras = stated(books())

    assert extras is not None
    (item,) = extras.items
    (segment,) = item.segments
    assert (segment.first, segment.last, segment.days) == (date(2026, 11, 1), NOV_23, 23)
    assert (segment.reference, segment.points, segment.rate) == (Decimal("2.40"), Decimal(8), Decimal("10.40"))
    assert (extras.interest, extras.compensation, extras.total) == (Decimal("8.00"), Decimal("40.00"), Decimal("48.00"))
    assert extras.law is not None
    assert extras.law.name == "D.Lgs. 231/2002"


def test_nothing_is_stated_unless_it_was_asked_for() -> None:
    assert stated(books(terms=ExtrasTerms())) is None


@pytest.mark.parametrize(("level", "printed"), [(3, False), (4, False), (6, True), (8, True)])
def test_milder_letters_do_not_speak_of_it(level: int, printed: bool) -> None:
    assert (stated(books(), level=level) is not None) == printed


def test_the_first_letter_that_states_it_is_the_owners_to_say() -> None:
    terms = replace(STATUTORY, from_level="first-reminder")

    assert stated(books(terms=terms), level=3) is not None


def test_each_letter_states_the_whole_anew() -> None:
    """Two letters are never added up: the second one's figure contains the first one's."""
    first, second = stated(books(), on=date(2026, 11, 23)), stated(books(), on=date(2026, 12, 7))

    assert first is not None
    assert second is not None
    assert [s.first for s in second.items[0].segments] == [date(2026, 11, 1)]
    assert second.interest > first.interest
    assert second.compensation == first.compensation == Decimal("40.00")


def test_a_part_payment_and_a_credit_note_split_the_time() -> None:
    invoice = an_invoice(
        due_on=date(2026, 10, 31), payments=(Payment(on=date(2026, 11, 11), amount=Decimal("610.00")),)
    )
    note = an_invoice(
        "NC-1",
        credit=True,
        against=invoice.number,
        issued_on=date(2026, 11, 16),
        total=Money(Decimal("110.00"), "EUR"),
    )

    extras = stated(books(invoice, note))

    assert extras is not None
    (item,) = extras.items
    assert [(s.first.day, s.last.day, s.base) for s in item.segments] == [
        (1, 10, Decimal("1220.00")),
        (11, 15, Decimal("610.00")),
        (16, 23, Decimal("500.00")),
    ]
    assert total_of(item.segments) == item.interest == extras.interest


def test_a_payment_told_by_command_counts_like_one_in_the_yaml() -> None:
    paid = j.PaymentRecorded(
        at=at(date(2026, 11, 11)),
        client="acme",
        number="2026-041",
        amount=Decimal("610.00"),
        currency="EUR",
        on=date(2026, 11, 11),
        by="owner",
    )

    extras = stated(books(), entries=(paid,))

    assert extras is not None
    assert [s.base for s in extras.items[0].segments] == [Decimal("1220.00"), Decimal("610.00")]


@pytest.mark.parametrize(("on", "days"), [(date(2026, 11, 5), 0), (date(2026, 11, 6), 6)])
def test_days_of_grace_cost_nothing_and_afterwards_all_of_them_count(on: date, days: int) -> None:
    extras = stated(books(terms=replace(STATUTORY, grace_days=5)), on=on)

    assert (sum(s.days for item in extras.items for s in item.segments) if extras else 0) == days


def test_a_consumer_pays_no_flat_sum_and_no_interest_where_no_rate_for_consumers_is_known() -> None:
    assert stated(books(client=a_client(consumer=True))) is None


def test_german_consumers_pay_five_points_and_businesses_nine() -> None:
    terms = replace(STATUTORY, jurisdiction="DE")

    business, consumer = stated(books(terms=terms)), stated(books(terms=terms, client=a_client(consumer=True)))

    assert business is not None
    assert consumer is not None
    assert (business.items[0].segments[0].points, consumer.items[0].segments[0].points) == (Decimal(9), Decimal(5))
    assert (business.compensation, consumer.compensation) == (Decimal("40.00"), Decimal(0))


def test_the_flat_sum_is_due_once_an_invoice_and_in_germany_for_each_instalment() -> None:
    invoice = an_invoice(
        due_on=date(2026, 9, 30),
        instalments=(
            Instalment(due_on=date(2026, 9, 30), amount=Decimal("610.00")),
            Instalment(due_on=date(2026, 10, 31), amount=Decimal("610.00")),
        ),
    )
    claims = (a_claim(invoice, 1), a_claim(invoice, 2))

    italy = stated(books(invoice), *claims)
    germany = stated(books(invoice, terms=replace(STATUTORY, jurisdiction="DE")), *claims)

    assert italy is not None
    assert germany is not None
    assert (italy.compensation, germany.compensation) == (Decimal("40.00"), Decimal("80.00"))
    assert [item.segments[0].base for item in italy.items] == [Decimal("610.00"), Decimal("610.00")]


@pytest.mark.parametrize(
    ("debt", "flat"), [("999.99", "40.00"), ("1000.00", "70.00"), ("9999.99", "70.00"), ("10000.00", "100.00")]
)
def test_britain_grades_its_flat_sum_by_the_debt(debt: str, flat: str) -> None:
    invoice = an_invoice(due_on=date(2026, 10, 31), total=Money(Decimal(debt), "GBP"))

    extras = stated(books(invoice, terms=replace(STATUTORY, jurisdiction="GB")))

    assert extras is not None
    assert extras.compensation == Decimal(flat)


def test_a_flat_sum_in_another_money_is_never_converted() -> None:
    invoice = an_invoice(due_on=date(2026, 10, 31), total=Money(Decimal("900.00"), "USD"))

    extras = stated(books(invoice))

    assert extras is not None
    assert extras.compensation == 0
    assert extras.interest > 0


def test_swiss_default_begins_with_a_reminder() -> None:
    """OR 102: before the first reminder nothing runs; after it 5 % from the next day on."""
    ledger = books(terms=ExtrasTerms(interest=Interest.STATUTORY, jurisdiction="CH"))
    reminder = a_letter(a_claim(ledger.invoices[0]), on=date(2026, 11, 3), letter="first-reminder", level=3)
    sent = j.DeliveryStarted(
        at=at(date(2026, 11, 3)),
        client="acme",
        letter_id=reminder.letter_id,
        to=reminder.to,
        on=date(2026, 11, 3),
        attempt=1,
        message_id="<a@bianchi.example>",
    )

    assert stated(ledger) is None
    extras = stated(ledger, entries=(reminder, sent))

    assert extras is not None
    assert [(s.first, s.rate) for s in extras.items[0].segments] == [(date(2026, 11, 4), Decimal(5))]


def test_a_contract_has_its_own_rate_and_sum() -> None:
    terms = ExtrasTerms(interest=Interest.CONTRACT, rate=Decimal("7.5"), compensation=Decimal("25"))

    extras = stated(books(terms=terms))

    assert extras is not None
    assert extras.law is None
    assert (extras.items[0].segments[0].rate, extras.compensation) == (Decimal("7.5"), Decimal("25.00"))


def test_where_no_rate_is_known_yet_the_letter_states_the_flat_sum_alone() -> None:
    extras = stated(books(), on=date(2027, 1, 20))

    assert extras is not None
    assert extras.missing == RatesMissing(jurisdiction="IT", day=date(2027, 1, 1))
    assert (extras.interest, extras.compensation) == (Decimal(0), Decimal("40.00"))


def test_a_client_may_be_spared_what_the_policy_charges() -> None:
    spared = a_client(extras=ExtrasTerms(interest=Interest.NONE, compensation=Compensation.NONE))

    assert stated(books(client=spared)) is None
