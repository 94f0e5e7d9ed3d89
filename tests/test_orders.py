"""What an owner's line orders, and what it does not: nothing is guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daemon.domain.commands.errand import Command
from daemon.mail.orders.orders import Order
from daemon.mail.orders.shapes import SHAPES, NoOrder
from tests.order_mails import ALERT, DIGEST, command, read, why

MAY = date(2026, 5, 3)
NOVEMBER = date(2026, 11, 24)
DECEMBER = date(2026, 12, 15)
FRIDAY = date(2026, 11, 20)


GIVEN: list[tuple[str, Command]] = [
    ("paid 1", Command(name="paid", target="1")),
    ("1 paid", Command(name="paid", target="1")),
    ("paid 1 500", Command(name="paid", target="1", amount=Decimal(500))),
    ("paid 1 EUR 50", Command(name="paid", target="1", amount=Decimal(50))),
    (
        "paid 2026-041 €1,020.00 on 3 May",
        Command(name="paid", target="2026-041", amount=Decimal(1020), day=MAY),
    ),
    ("missing 1", Command(name="missing", target="1")),
    ("assign 4 beta", Command(name="assign", target="4", client="beta")),
    ("assign 4 beta 2026-050", Command(name="assign", target="4", client="beta", numbers=("2026-050",))),
    ("ignore 4", Command(name="ignore", target="4")),
    ("hold 2 24/11", Command(name="hold", target="2", day=NOVEMBER)),
    ("hold 2", Command(name="hold", target="2")),
    ("put 2 on hold until Friday", Command(name="hold", target="2", day=FRIDAY)),
    ("resume 2", Command(name="resume", target="2")),
    ("promise 3 15/12", Command(name="promise", target="3", day=DECEMBER)),
    ("dispute 2 four hours missing", Command(name="dispute", target="2", text="four hours missing")),
    ("called 5: voicemail", Command(name="called", target="5", text="voicemail")),
    ("called 5 promised 24/11", Command(name="called", target="5", text="promised 24/11", day=NOVEMBER)),
    ("called 5: reached Mario, he checks", Command(name="called", target="5", text="reached Mario, he checks")),
    ("called 5: he was in a hurry", Command(name="called", target="5", text="he was in a hurry")),
    ("go 3", Command(name="go", target="3")),
    ("go all", Command(name="go", everything=True)),
    ("stop 8", Command(name="stop", target="8")),
    ("stop 2026-041", Command(name="stop", target="2026-041")),
    ("email 5 new@acme.example", Command(name="email", target="5", text="new@acme.example")),
    ("note 5 Ask for Ms O'Neill!", Command(name="note", target="5", text="Ask for Ms O'Neill!")),
    ("status", Command(name="status")),
    ("status 2026-041", Command(name="status", target="2026-041")),
    ("help", Command(name="help")),
    ("write off 3", Command(name="write-off", target="3")),
    ("settle 6 resend", Command(name="settle", target="6", text="resend")),
    ("settle acme-3 sent", Command(name="settle", target="acme-3", text="sent")),
    ("remind 2026-041", Command(name="remind", target="2026-041")),
    ("statement Omega Ltd in USD", Command(name="statement", target="omega", currency="USD")),
    ("plan 3 in 3 parts from 15/12", Command(name="plan-payment", target="3", count=3, day=DECEMBER)),
    (
        "plan 3 15/12 400, 15/1 620.50",
        Command(
            name="plan-payment",
            target="3",
            parts=((DECEMBER, Decimal(400)), (date(2027, 1, 15), Decimal("620.50"))),
        ),
    ),
    (
        "plan-payment 3 2026-12-15=400.00 2027-01-15=620.50",
        Command(
            name="plan-payment",
            target="3",
            parts=((DECEMBER, Decimal("400.00")), (date(2027, 1, 15), Decimal("620.50"))),
        ),
    ),
    ("plan 3 off", Command(name="plan-payment", target="3", cancel=True)),
    ("yes", Command(name="yes")),
    ("no", Command(name="no")),
]


def test_every_command_is_given_here() -> None:
    assert {meant.name for _, meant in GIVEN} == SHAPES.keys()


@pytest.mark.parametrize(("line", "meant"), GIVEN)
def test_every_command_can_be_given_in_answer_to_a_digest(line: str, meant: Command) -> None:
    assert command(line) == meant


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("paid", Command(name="paid", target="acme/2026-041")),
        ("paid 500 on 3 May", Command(name="paid", target="acme/2026-041", amount=Decimal(500), day=MAY)),
        ("hold until Friday", Command(name="hold", target="acme/2026-041", day=FRIDAY)),
        ("called: voicemail", Command(name="called", target="acme/2026-041", text="voicemail")),
        ("email new@acme.example", Command(name="email", target="acme/2026-041", text="new@acme.example")),
        ("dispute 4 hours are missing", Command(name="dispute", target="acme/2026-041", text="4 hours are missing")),
        ("resume beta/2026-050", Command(name="resume", target="beta/2026-050")),
    ],
)
def test_in_answer_to_an_alert_its_invoice_is_meant_where_nothing_is_named(line: str, meant: Command) -> None:
    assert command(line, ALERT) == meant


@pytest.mark.parametrize(
    "line", ["paid", "hold until Friday", "called: voicemail", "stop", "promise 15/12", "paid 500"]
)
def test_in_answer_to_a_digest_nothing_is_meant_where_nothing_is_named(line: str) -> None:
    assert why(line) is NoOrder.NO_TARGET


@pytest.mark.parametrize(
    "line",
    ["GO 3", "go #3", "go no. 3", "go nº 3", "go item 3", "#3 go", "3: go", "go: 3", "go - 3", "3. go", "go:3", "3) go",
     "Please, go 3.", "Go 3, thanks!", "Hi there, go 3", "  go   3  ", "go\u00a03", "*go 3*"],
)  # fmt: skip
def test_case_marks_and_manners_change_nothing(line: str) -> None:
    assert command(line) == Command(name="go", target="3")


@pytest.mark.parametrize("line", ["go 3, 4 and 8", "go 3 4 8", "go 3,4,8", "go 3, go 4; go 8", "go 3. Go 4. 8 go"])
def test_several_items_are_an_order_each(line: str) -> None:
    assert [one.command.target for one in read(line) if isinstance(one, Order)] == ["3", "4", "8"]


def test_orders_of_different_kinds_may_share_a_line_and_each_is_answered_as_typed() -> None:
    found = read("go 3, stop 4; 1 paid")

    assert [(one.line, one.command.name) for one in found if isinstance(one, Order)] == [
        ("go 3", "go"),
        ("stop 4", "stop"),
        ("1 paid", "paid"),
    ]


@pytest.mark.parametrize(
    "line", ["note 5 he called, go 3", "called 5: voicemail, paid 1", "dispute 2 four hours missing; hold 2"]
)
def test_words_that_may_be_a_note_or_the_next_order_are_neither(line: str) -> None:
    assert why(line) is NoOrder.AMBIGUOUS


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("> paid 1", NoOrder.QUOTED),
        ("- paid 1", NoOrder.QUOTED),
        ("• paid 1", NoOrder.QUOTED),
        ("| paid 1", NoOrder.QUOTED),
        ("paid 1 | missing 1", NoOrder.ALTERNATIVES),
        (' 1  Acme 2026-041  EUR 1,020.00  22 days   Anna: "paid Friday"    paid 1 | missing 1', NoOrder.ALTERNATIVES),
        ("answer: called 5 promised 24/11 | voicemail | disputes | paid", NoOrder.ALTERNATIVES),
        ('LEAVES AT 10:00 unless "stop 8"', NoOrder.UNKNOWN_WORDS),
        ("paid 1?", NoOrder.QUESTION),
        ("should I hold 2 until Friday?", NoOrder.QUESTION),
        ("is 1 paid", NoOrder.UNKNOWN_WORDS),
        ("don't release 3", NoOrder.NEGATED),
        ("3 is never paid", NoOrder.NEGATED),
        ("called 5: promised nothing", NoOrder.NEGATED),
        ("payd 1", NoOrder.UNKNOWN_COMMAND),
        ("hodl 2 until Friday", NoOrder.UNKNOWN_COMMAND),
        ("go 3 tomorrow", NoOrder.UNKNOWN_WORDS),
        ("maybe go 3", NoOrder.UNKNOWN_WORDS),
        ("go 3 if they have not paid", NoOrder.NEGATED),
        ("paid 1 half", NoOrder.UNKNOWN_WORDS),
        ("paid 1 paid 2", NoOrder.UNKNOWN_WORDS),
        ("hold 2 from Friday", NoOrder.UNKNOWN_WORDS),
        ("go 77", NoOrder.UNKNOWN_TARGET),
        ("go 2026-999", NoOrder.UNKNOWN_TARGET),
        ("assign 4 gamma", NoOrder.UNKNOWN_WORDS),
        ("assign 4", NoOrder.NO_TARGET),
        ("promise 3", NoOrder.NO_DAY),
        ("hold 2 until spring", NoOrder.NO_DAY),
        ("hold 2 until 31/2", NoOrder.NO_DAY),
        ("called 5 promised", NoOrder.NO_DAY),
        ("hold 2 until Friday 21 November", NoOrder.NO_DAY),  # that is a Saturday
        ("called 5 promised 24/11 or 25/11", NoOrder.AMBIGUOUS),
        ("plan 1 parts 2 from 15/12", NoOrder.AMBIGUOUS),  # of 1 in two, or of 2 in one
        ("paid 2026-041, 2026-999", NoOrder.UNKNOWN_TARGET),
        ("plan 3 400 on 15/12, 620 on 15/1", NoOrder.INCOMPLETE),
        ("hold 2 1/11", NoOrder.PAST),
        ("promise 3 yesterday", NoOrder.PAST),
        ("plan 3 in 3 parts from 1/11", NoOrder.PAST),
        ("paid 1 on 24/12", NoOrder.FUTURE),
        ("paid 1 tomorrow", NoOrder.FUTURE),
        ("called 5", NoOrder.NO_TEXT),
        ("note 5", NoOrder.NO_TEXT),
        ("email 5", NoOrder.NO_ADDRESS),
        ("settle 6", NoOrder.INCOMPLETE),
        ("plan 3 in 3 parts", NoOrder.INCOMPLETE),
        ("Please tell me what Acme owes us in total by the end of the year.", NoOrder.PROSE),
        ("x" * 2000, NoOrder.PROSE),
    ],
)
def test_what_is_not_spelled_out_is_not_done(line: str, reason: NoOrder) -> None:
    assert why(line) is reason


def test_a_number_that_is_an_item_and_an_invoice_names_neither() -> None:
    both = replace(DIGEST, items={**DIGEST.items, 7: "hold"})

    assert why("go 7", both) is NoOrder.AMBIGUOUS
    assert command("go omega/7", both).target == "omega/7"
