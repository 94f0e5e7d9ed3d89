"""What cannot be undone is asked back, by whatever it was called; a `yes` needs the same right as the order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.owner import Right
from daemon.domain.commands.errand import Command, Desk
from daemon.domain.commands.orders import OrderLine, OrdersOutcome, take_orders
from daemon.domain.history import History
from daemon.domain.history.correspondence import Issued
from tests.builders import a_history, a_ledger, an_invoice, at
from tests.digest_scene import NOW, OLD, TODAY, invoice

ALL = frozenset(Right)


def books() -> tuple[Ledger, History]:
    overdue = invoice("acme", "2026-003", "500.00", 60)
    suggested = j.HandoverSuggested(at=OLD, client="acme", numbers=("2026-003",), to="legal", level=8, on=TODAY)
    return a_ledger(overdue, an_invoice("2026-004", "acme")), a_history(suggested)


def ordered(
    *commands: Command,
    issued: Issued | None = None,
    rights: frozenset[Right] = ALL,
    scene: tuple[Ledger, History] | None = None,
) -> OrdersOutcome:
    ledger, history = scene or books()
    item = j.DigestItem(item=1, client="acme", numbers=("2026-003",), kind="handover", ref="")
    mail = issued or Issued(at=NOW, items=(item,), about="acme/2026-003")
    desk = Desk(ledger=ledger, history=history, today=lambda client: TODAY, at=NOW)
    lines = [OrderLine(command.name, command) for command in commands]
    return take_orders(lines, mail, rights, desk, settled=False, tell=lambda done: "")


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


# -- by what it would do, whatever it is called and whatever it names ---------------------------------------------


def some_settled() -> tuple[Ledger, History]:
    """Of three invoices one is open, one written off, one paid."""
    given_up = j.WrittenOff(
        at=OLD, client="acme", numbers=("2026-002",), amount=Decimal("1220.00"), currency="EUR", on=TODAY
    )
    paid = j.PaymentRecorded(
        at=OLD, client="acme", number="2026-003", amount=Decimal("1220.00"), currency="EUR", on=TODAY, by="owner"
    )
    invoices = [an_invoice(number) for number in ("2026-001", "2026-002", "2026-003")]
    return a_ledger(*invoices), a_history(given_up, paid)


def test_a_yes_to_a_clients_payments_is_about_what_was_open_and_leaves_nothing_held() -> None:
    ledger, history = some_settled()
    asked = ordered(Command(name="paid", target="acme"), scene=(ledger, history))
    [held] = asked.entries
    history = history.after(asked.entries)
    done = ordered(Command(name="yes"), issued=Issued(at=NOW, asked=asked.asked), scene=(ledger, history))

    assert isinstance(held, j.HoldPlaced)
    assert (held.numbers, [order.target for order in asked.asked]) == (("2026-001",), ["acme/2026-001"])
    assert [line.outcome for line in done.lines] == ["done"]
    assert [e.number for e in done.entries if isinstance(e, j.PaymentRecorded)] == ["2026-001"]
    assert not history.after(done.entries).of("acme").holds


def test_a_yes_to_a_go_hands_over_and_lets_the_letters_go_that_it_would_have_let_go() -> None:
    ledger, history = books()
    waiting = a_letter(ledger, "2026-004")
    history.take_in(waiting)
    asked = ordered(Command(name="go", target="acme"), scene=(ledger, history)).asked
    done = ordered(Command(name="yes"), issued=Issued(at=NOW, asked=asked), scene=(ledger, history))

    assert [line.outcome for line in done.lines] == ["done", "done"]
    assert [type(entry) for entry in done.entries] == [j.HandedOver, j.LetterReleased]


@pytest.mark.parametrize(
    ("command", "right"),
    [
        (Command(name="called", target="2026-001", text="promised 2026-12-20"), Right.PAY),
        (Command(name="resume", target="2026-002"), Right.PAY),
        (Command(name="chase", target="2026-001"), Right.APPROVE),
    ],
)
def test_a_right_is_needed_for_what_is_recorded_whatever_it_is_called(command: Command, right: Right) -> None:
    ledger, history = some_settled()
    history.take_in(a_letter(ledger, "2026-001"))
    asked = (j.AskedOrder(name=command.name, target=f"acme/{command.target}", text=command.text),)
    for said, issued in ((command, None), (Command(name="yes"), Issued(at=NOW, asked=asked))):
        without = ordered(said, issued=issued, rights=ALL - {right}, scene=(ledger, history))
        assert [(line.outcome, line.words) for line in without.lines] == [("refused", "no-right")]
        assert without.entries == ()

        assert [line.outcome for line in ordered(said, issued=issued, scene=(ledger, history)).lines] == ["done"]


def test_who_may_hold_may_let_go_on_what_was_held_and_note_a_call() -> None:
    only = frozenset({Right.READ, Right.HOLD})
    commands = [
        Command(name="hold", target="2026-001"),
        Command(name="resume", target="2026-001"),
        Command(name="called", target="2026-001", text="voicemail"),
    ]

    assert [x.outcome for x in ordered(*commands, rights=only, scene=some_settled()).lines] == ["done"] * 3


def a_letter(ledger: Ledger, number: str) -> j.LetterQueued:
    """The first letter about it: it waits since the first start."""
    [invoice] = [one for one in ledger.invoices if one.number == number]
    claim = j.Claim(
        number=number, instalment=None, level=3, due_on=invoice.due_on, outstanding=invoice.total.amount,
        currency="EUR", paid=Decimal(0), credited=Decimal(0),
    )  # fmt: skip
    return j.LetterQueued(
        at=OLD, client="acme", letter_id="acme-1", letter="first-reminder", level=3, on=TODAY, to="anna@acme.example",
        to_name="Anna Verdi", cc=(), language="it", policy="standard", claims=(claim,), deadline=None, pay_by=TODAY,
        waits_for=j.Wait.FIRST_START, why="",
    )  # fmt: skip


# -- the lines of one mail see each other -----------------------------------------------------------------------


def test_a_mail_of_nobody_is_dealt_with_by_one_line_alone() -> None:
    ledger, history = books()
    history.take_in(
        j.MailUnmatched(at=OLD, mail="m9", kind="reply", sender="a@fisco.example", subject="", because="", on=TODAY)
    )
    item = j.DigestItem(item=4, client=None, numbers=(), kind="unmatched", ref="m9")
    lines = (
        Command(name="ignore", target="4"),
        Command(name="assign", target="4", client="acme"),
        Command(name="ignore", target="4"),
    )
    outcome = ordered(*lines, issued=Issued(at=NOW, items=(item,)), scene=(ledger, history))

    assert [line.outcome for line in outcome.lines] == ["done", "refused", "refused"]
    assert [type(entry) for entry in outcome.entries] == [j.MailDismissed]
    assert "m9" in history.unmatched, "what was asked for is read, and not changed"


def test_what_follows_the_go_after_a_restore_in_one_mail_knows_of_it() -> None:
    ledger, history = books()
    history.take_in(j.StateRestored(at=OLD, on=TODAY, backup_at=OLD, entries=1))
    outcome = ordered(*[Command(name="go", target="restored")] * 2, scene=(ledger, history))

    assert [line.outcome for line in outcome.lines] == ["done", "refused"]
    assert history.old.waits
