"""Whatever a digest offers can be answered to it as it stands there, or as it is typed behind `sollecito`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from daemon.adapters.templates_orders import load_order_pack
from daemon.domain.commands.call_result import read_result
from daemon.domain.commands.errand import Command
from daemon.domain.journal import Because
from daemon.mail.orders.about import About
from daemon.mail.orders.orders import Order
from daemon.mail.owner.digest import render
from daemon.mail.owner.digest_parts import Buttons
from daemon.mail.owner.order_short import in_mail
from tests.builders import a_history, a_ledger
from tests.digest_scene import (
    FRESH,
    LANGUAGES,
    PACKS,
    a_hold,
    a_reply,
    client,
    digest_of,
    invoice,
    scene_history,
    scene_ledger,
    typed,
)
from tests.order_mails import DIGEST, command, read

LEDGER = scene_ledger()
SENT = digest_of(LEDGER, scene_history())
POINTS = (*SENT.decide, *SENT.call, *SENT.leaves)
ANSWERED = About(
    items={item.item: item.kind for item in SENT.items},
    invoices={key: {i.number: i.currency for i in known} for key, known in LEDGER.by_client.items()},
    of_items={item.item: (item.client, item.numbers) for item in SENT.items if item.client},
)
CALLED = [point.item for point in SENT.call][:1]
RESULTS = ("promised 2026-12-15", "reached", "voicemail", "wrong-number", "disputes", "paid", "done")
DECEMBER = date(2026, 12, 15)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_the_digest_offers_is_the_order_that_it_is_in_a_shell(language: str) -> None:
    offered = [line for point in POINTS for line in point.commands]

    assert {line.split()[0] for line in offered} >= {"paid", "missing", "hold", "go", "stop", "settle", "ignore"}
    for line in offered:
        assert command(line, ANSWERED, language) == typed(line)
        assert command(f"> {line}"[2:] + "\u00a0", ANSWERED, language) == typed(line), "as a telephone copies it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_offers_them_in_the_words_of_its_language(language: str) -> None:
    """What is pressed on a telephone is understood, and is the order that the shell knows."""
    short = load_order_pack((), language).phrases.short
    results = [f"called {item} {result}" for item in CALLED for result in RESULTS]
    offered = [line for point in POINTS for line in point.commands]

    for line in [*offered, *results, "go --all", "settle 9 resend"]:
        if line.split()[0] == "settle" and not any(c.startswith(line[:8]) for c in offered):
            continue
        told = command(in_mail(line, short), ANSWERED, language)
        assert told == replace(typed(line), text=told.text if line.startswith("called") else typed(line).text), line
        if line.startswith("called"):
            assert read_result(told.text).outcome is read_result(typed(line).text).outcome, (line, told.text)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        (
            "sollecito paid 2026-041 --amount 610.00 --on 2026-11-04",
            Command(name="paid", target="2026-041", amount=Decimal("610.00"), day=date(2026, 11, 4)),
        ),
        ("hold 2 —until 2026-12-15", Command(name="hold", target="2", day=DECEMBER)),  # a telephone's long dash
        ("go --all", Command(name="go", everything=True)),
        ("statement acme --currency EUR", Command(name="statement", target="acme", currency="EUR")),
        (
            "plan-payment 3 --parts 3 --first 2026-12-15 --every 2w",
            Command(name="plan-payment", target="3", count=3, day=DECEMBER, every="2w"),
        ),
        (
            "plan-payment 3 --parts 2 --first 2026-12-15",
            Command(name="plan-payment", target="3", count=2, day=DECEMBER),
        ),
        ("plan-payment 3 --cancel", Command(name="plan-payment", target="3", cancel=True)),
        ("remind 'OM 12/2026'", Command(name="remind", target="OM 12/2026")),
    ],
)
def test_what_is_known_from_the_command_line_is_understood(line: str, meant: Command) -> None:
    assert command(line, DIGEST) == meant


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digest_itself_copied_into_an_answer_orders_nothing(language: str) -> None:
    """Its own lines, without any mark of a quotation; of one that offers a single command nobody could tell."""
    ledger = scene_ledger(language)
    digest = digest_of(ledger, scene_history())
    short = load_order_pack((), language).phrases.short
    for buttons in (None, Buttons(address="fatture@bianchi.example", short=short)):
        text = render(digest, ledger, PACKS[language], buttons).text

        assert [one for one in read(text, ANSWERED, language) if isinstance(one, Order)] == []


def _asked_for_time(intent: str, *numbers: str) -> tuple[str, ...]:
    """What is offered to who reads that Acme wants more time."""
    ledger = a_ledger(*(invoice("acme", n, "1020.00", 22) for n in numbers), clients=(client("acme", "Anna Verdi"),))
    hold = a_hold("acme", *numbers, because=Because.REPLY, at=FRESH, mail="m-acme")
    reply = a_reply("acme", numbers[0], "anna@acme.example", intent, "m-acme", FRESH)
    (point,) = digest_of(ledger, a_history(reply, hold)).decide
    return point.commands


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_for_time_may_be_given_parts_in_the_owners_own_words(language: str) -> None:
    about = About(items={1: "hold"}, invoices={"acme": {"2026-041": "EUR"}}, of_items={1: ("acme", ("2026-041",))})
    for intent in ("extension", "cannot-pay"):
        ignore, parts, hold = _asked_for_time(intent, "2026-041")
        assert parts == "plan-payment 1 --parts 2 --first 2026-11-24"
        assert (ignore.split()[0], hold.split()[0]) == ("ignore", "hold")

    told = in_mail(parts, load_order_pack((), language).phrases.short)
    assert "--" not in told
    assert command(told, about, language) == typed(parts)
    assert command(parts, about, language) == typed(parts)


def test_parts_are_offered_of_one_invoice_and_to_nobody_else() -> None:
    assert "plan-payment" not in " ".join(_asked_for_time("extension", "2026-041", "2026-042"))
    assert "plan-payment" not in " ".join(_asked_for_time("question", "2026-041"))
