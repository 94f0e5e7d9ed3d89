"""The days and amounts of an owner's orders: told for sure, or not taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daemon.domain.commands.errand import Command
from daemon.mail.orders.amounts import read_amount
from daemon.mail.orders.orders import NotUnderstood, Order
from daemon.mail.orders.shapes import NoOrder
from tests.order_mails import ALERT, DIGEST, QUESTION, TODAY, command, read, why


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("until Friday", date(2026, 11, 20)),
        ("until Tuesday", date(2026, 11, 24)),  # today is one: the next
        ("until 24 November", date(2026, 11, 24)),
        ("until Nov 24", date(2026, 11, 24)),
        ("24/11", date(2026, 11, 24)),
        ("03/12", date(2026, 12, 3)),  # day, then month, in English as well
        ("till 1/2/2027", date(2027, 2, 1)),
        ("2026-12-01", date(2026, 12, 1)),
        ("15.12", date(2026, 12, 15)),
        ("until the 30th", date(2026, 11, 30)),
        ("for two weeks", date(2026, 12, 1)),
        ("for 10 days", date(2026, 11, 27)),
        ("until the end of the month", date(2026, 11, 30)),
        ("until tomorrow", date(2026, 11, 18)),
        ("until today", TODAY),
    ],
)
def test_a_day_ahead_is_reckoned_from_today(written: str, on: date) -> None:
    assert command(f"hold 2 {written}") == Command(name="hold", target="2", day=on)


@pytest.mark.parametrize(
    ("written", "on"),
    [
        ("on Friday", date(2026, 11, 13)),
        ("yesterday", date(2026, 11, 16)),
        ("on 3 May", date(2026, 5, 3)),
        ("on the 3rd", date(2026, 11, 3)),
        ("on 16/11", date(2026, 11, 16)),
        ("today", TODAY),
    ],
)
def test_the_day_on_which_money_came_has_passed(written: str, on: date) -> None:
    assert command(f"paid 1 {written}") == Command(name="paid", target="1", day=on)


def test_a_payment_on_the_weekday_of_today_may_be_of_last_week_and_is_asked_for() -> None:
    assert why("paid 1 on Tuesday") is NoOrder.FUTURE
    assert why("paid 1 15.11") is NoOrder.AMBIGUOUS, "an amount that looks like a day"


@pytest.mark.parametrize(
    ("written", "point", "comma"),
    [
        ("500", "500", "500"),
        ("500.5", "500.5", "500.5"),
        ("500,50", "500.50", "500.50"),
        ("1.234,50", "1234.50", "1234.50"),
        ("1,234.50", "1234.50", "1234.50"),
        ("1'234.50", "1234.50", "1234.50"),
        ("1,234", "1234", None),
        ("1.234", None, "1234"),
        ("1.234.567", "1234567", "1234567"),
        ("1.234.567,89", "1234567.89", "1234567.89"),
        ("500,-", "500", "500"),
        ("12.34.56", None, None),
        ("1.2345", None, None),
        ("1,23,456", None, None),
        ("-500", None, None),
        ("5e3", None, None),
        ("١٢٣", None, None),
        ("", None, None),
    ],
)
def test_a_number_that_a_neighbour_would_read_otherwise_is_none(
    written: str, point: str | None, comma: str | None
) -> None:
    assert read_amount(written, ".") == (None if point is None else Decimal(point))
    assert read_amount(written, ",") == (None if comma is None else Decimal(comma))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("paid 1 1.220", NoOrder.AMOUNT),
        ("paid 1 -500", NoOrder.AMOUNT),
        ("paid 1 50", NoOrder.AMOUNT),  # it could be the number of an item
        ("paid 1 500 600", NoOrder.AMOUNT),
        ("paid 1 500 USD", NoOrder.CURRENCY),
        ("paid 1 $500", NoOrder.CURRENCY),
        ("paid 1, 2 500", NoOrder.AMBIGUOUS),
        ("paid 1 500k", NoOrder.AMOUNT),
    ],
)
def test_an_amount_that_is_not_sure_is_not_recorded(line: str, reason: NoOrder) -> None:
    assert why(line) is reason


@pytest.mark.parametrize(
    "line", ["paid OM 12/2026 $500", "paid omega/OM 12/2026 USD 500", "OM 12/2026 paid 500 dollars"]
)
def test_a_currency_that_is_the_invoices_is_taken(line: str) -> None:
    assert command(line).amount == Decimal(500)


def test_spaces_inside_a_number_are_read_where_the_language_writes_them() -> None:
    assert command("payée 1 500,50", ALERT, "fr").amount == Decimal("1500.50")
    assert command("payée 1 500,50", DIGEST, "fr") == Command(name="paid", target="1", amount=Decimal("500.50"))
    assert why("paid 1 500", ALERT) is NoOrder.AMOUNT


def test_an_ok_is_no_yes_where_a_yes_was_asked_for_and_nothing_elsewhere() -> None:
    assert why("Ok, thanks", QUESTION) is NoOrder.CONFIRM
    assert why("👍", QUESTION) is NoOrder.CONFIRM
    assert read("Ok, thanks") == read("👍") == ()
    assert command("Yes, thanks!", QUESTION) == Command(name="yes")


def test_a_polite_mail_is_answered_for_its_order_only() -> None:
    text = "Good morning,\n\nhold 2 until Friday, please.\nThank you very much!\n\nKind regards\nGiulia Bianchi"
    (one,) = read(text)

    assert isinstance(one, Order)
    assert one.line == "hold 2 until Friday, please."


def test_a_paragraph_of_prose_is_one_answer() -> None:
    text = "I have thought about Acme for a while and would\nrather see what they say before we decide.\n\nhold 2"
    prose, order = read(text)

    assert isinstance(prose, NotUnderstood)
    assert prose.why is NoOrder.PROSE
    assert isinstance(order, Order)


def test_a_note_that_a_mail_program_has_broken_is_whole() -> None:
    text = "dispute 2 four hours are missing on the invoice of the\nsecond week, and the rate is wrong\nhold 2"
    first, second = read(text)

    assert isinstance(first, Order)
    assert first.command.text == ("four hours are missing on the invoice of the second week, and the rate is wrong")
    assert isinstance(second, Order)


def test_a_line_that_is_not_understood_offers_the_order_that_may_be_meant() -> None:
    assert [one.near for one in read("payd 1\nhold 2 until spring\nresune 2") if isinstance(one, NotUnderstood)] == [
        "paid 1 500.00 on 3 May",
        "hold 2 until 24 November",
        "resume 2",
    ]


def test_an_address_that_a_mail_program_has_doubled_is_one() -> None:
    assert command("email 5 new@acme.example <mailto:new@acme.example>").text == "new@acme.example"


def test_a_mail_that_is_too_long_says_so() -> None:
    found = read("go 3\n" * 201)

    assert len(found) == 201
    assert isinstance(found[-1], NotUnderstood)
    assert found[-1].why is NoOrder.TOO_LONG
