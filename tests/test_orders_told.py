"""The answer to an order names what was done, all of it, and quotes what the owner wrote."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from daemon.adapters.templates_orders import load_order_pack
from daemon.domain import journal as j
from daemon.domain.books.owner import Right
from daemon.domain.books.refusal import Known
from daemon.domain.commands.errand import Command, Desk
from daemon.domain.commands.orders import OrderLine, OrdersOutcome, take_orders
from daemon.domain.history import History
from daemon.domain.history.correspondence import Issued
from daemon.domain.journal import Because
from daemon.mail.orders.answer import render_answer
from daemon.mail.orders.done import done_words
from daemon.mail.owner.digest_speech import Speech
from tests.builders import ROME, a_history, a_ledger, an_invoice
from tests.digest_scene import LANGUAGES, NOW, PACKS, TODAY, a_hold

BOOKS = a_ledger(*(an_invoice(f"2026-00{n}") for n in (1, 2, 3)))
ORDERS = {language: load_order_pack((), language) for language in ("en", "it")}


def ordered(*lines: OrderLine, history: History, issued: Issued | None = None, language: str = "en") -> OrdersOutcome:
    desk = Desk(ledger=BOOKS, history=history, today=lambda client: TODAY, at=NOW)
    speech = Speech(pack=PACKS[language], zone=ROME, today=TODAY)
    return take_orders(
        lines, issued or Issued(at=NOW), frozenset(Right), desk, settled=False,
        tell=lambda done: done_words(done, BOOKS, speech, ORDERS[language].phrases.did),
    )  # fmt: skip


@pytest.mark.parametrize("because", [Because.OWNER, Because.REPLY])
def test_of_a_hold_on_three_the_one_that_goes_on_is_named(because: Because) -> None:
    held = a_hold("acme", "2026-001", "2026-002", "2026-003", because=because, review_on=TODAY + timedelta(days=3))
    [line] = ordered(
        OrderLine("resume 2026-002", Command(name="resume", target="2026-002")), history=a_history(held)
    ).lines

    assert line.words.startswith("Acme S.p.A. 2026-002: letters go on.")
    assert ("2026-001, 2026-003, held by you" in line.words) == (because is Because.OWNER)


def test_the_day_on_which_money_came_is_asked_back_with_it() -> None:
    yesterday = TODAY - timedelta(days=1)
    paid = Command(name="paid", target="2026-001", amount=Decimal("100.00"), day=yesterday)

    assert [one.words for one in ordered(OrderLine("paid 2026-001", paid), history=a_history()).lines] == [
        "Acme S.p.A. 2026-001 paid €100.00 (16 Nov)."
    ]


def test_what_a_yes_has_done_stands_below_the_yes() -> None:
    """Nobody wrote `paid acme/2026-001`, and in her language it is another word."""
    paid = OrderLine("pagata 2026-001", Command(name="paid", target="2026-001"))
    asked = ordered(paid, history=a_history(), language="it").asked
    [line] = ordered(
        OrderLine("sì", Command(name="yes")), history=a_history(), issued=Issued(at=NOW, asked=asked), language="it"
    ).lines

    assert (line.line, line.outcome, line.words.replace("\xa0", " ")) == (
        "sì", "done", "Acme S.p.A. 2026-001 pagati 1.220,00 €."
    )  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("known", Known)
def test_a_refusal_that_is_met_often_is_said_in_the_owners_language(known: Known, language: str) -> None:
    """What is refused in English within an Italian mail reads as a fault of the program."""
    phrases = load_order_pack((), language).phrases
    line = j.OrderAnswer(line="x", outcome="refused", words=known, near="2026-001")
    taken = j.OrdersTaken(
        at=NOW, on=TODAY, mail="m", by="giulia@bianchi.example", subject="", message_id="", came_with="", said="",
        lines=(line,), asked=(),
    )  # fmt: skip
    speech = Speech(pack=PACKS[language], zone=ROME, today=TODAY)
    told = render_answer([taken], speech, phrases, {}, None).text

    assert ("2026-001" in told) == (known is not Known.NOTHING_WAITS)
    assert f"why_{known}" in phrases.answer


@pytest.mark.parametrize(
    ("name", "known"), [("go", Known.NO_GO), ("resume", Known.NOT_HELD), ("missing", Known.NOT_CLAIMED)]
)
def test_what_is_refused_is_named_by_its_reason(name: str, known: Known) -> None:
    [line] = ordered(OrderLine(name, Command(name=name, target="2026-001")), history=a_history()).lines

    assert (line.outcome, line.words, line.near) == ("refused", known, "2026-001")
