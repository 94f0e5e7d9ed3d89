"""What cannot be undone is asked back, by whatever it was called; a `yes` needs the same right as the order."""

from __future__ import annotations

import pytest

from daemon.domain import journal as j
from daemon.domain.correspondence import Issued
from daemon.domain.errand import Command, Desk
from daemon.domain.history import History
from daemon.domain.ledger import Ledger
from daemon.domain.orders import Line, Outcome, take_orders
from daemon.domain.owner import Right
from tests.builders import a_history, a_ledger, an_invoice, at
from tests.digest_scene import NOW, OLD, TODAY, invoice

ALL = frozenset(Right)


def books() -> tuple[Ledger, History]:
    overdue = invoice("acme", "2026-003", "500.00", 60)
    suggested = j.HandoverSuggested(at=OLD, client="acme", numbers=("2026-003",), to="legal", level=8, on=TODAY)
    return a_ledger(overdue, an_invoice("2026-004", "acme")), a_history(suggested)


def ordered(*commands: Command, issued: Issued | None = None, rights: frozenset[Right] = ALL) -> Outcome:
    ledger, history = books()
    item = j.DigestItem(item=1, client="acme", numbers=("2026-003",), kind="handover", ref="")
    mail = issued or Issued(at=NOW, items=(item,), about="acme/2026-003")
    desk = Desk(ledger=ledger, history=history, today=lambda client: TODAY, at=NOW)
    lines = [Line(command.name, command) for command in commands]
    return take_orders(lines, mail, rights, desk, settled=False, tell=lambda entries: "")


@pytest.mark.parametrize("target", ["1", "2026-003", "acme/2026-003"])
def test_a_hand_over_is_asked_back_by_whatever_name_it_is_called(target: str) -> None:
    outcome = ordered(Command(name="go", target=target))

    assert [line.outcome for line in outcome.lines] == ["asked"]
    assert not [entry for entry in outcome.entries if isinstance(entry, j.HandedOver)]
    assert [(order.name, order.target) for order in outcome.asked] == [("go", "acme/2026-003")]


def test_a_yes_hands_it_over() -> None:
    asked = ordered(Command(name="go", target="1")).asked

    outcome = ordered(Command(name="yes"), issued=Issued(at=NOW, asked=asked))

    assert [type(entry) for entry in outcome.entries] == [j.HandedOver]
    assert outcome.answers


def test_who_may_only_hold_cannot_say_yes_to_money_either() -> None:
    asked = (j.AskedOrder(name="paid", target="acme/2026-003"),)

    outcome = ordered(Command(name="yes"), issued=Issued(at=NOW, asked=asked), rights=frozenset({Right.HOLD}))

    assert outcome.entries == ()
    assert [(line.outcome, line.words) for line in outcome.lines] == [("refused", "no-right")]


@pytest.mark.parametrize("name", ["paid", "write-off"])
def test_what_is_said_to_be_settled_is_not_reminded_of_until_the_answer(name: str) -> None:
    [held] = ordered(Command(name=name, target="2026-003")).entries

    assert isinstance(held, j.HoldPlaced)
    assert held.numbers == ("2026-003",)
    assert held.at == NOW != at(TODAY)


@pytest.mark.parametrize(
    ("name", "right"),
    [("hold", Right.HOLD), ("note", Right.HOLD), ("paid", Right.PAY), ("go", Right.APPROVE), ("email", Right.APPROVE)],
)
def test_each_order_needs_its_right(name: str, right: Right) -> None:
    command = Command(name=name, target="2026-004", text="x" if name != "email" else "a@acme.example")

    without = ordered(command, rights=ALL - {right})

    assert without.entries == ()
    assert [line.words for line in without.lines] == ["no-right"]
