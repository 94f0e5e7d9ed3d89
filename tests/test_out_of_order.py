"""What is out of order is told everywhere: in the digest, in `status`, to a watchman and on the page of figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import BankTerms
from daemon.domain.books.outside import FAULTS
from daemon.loops.desk import OwnersDesk
from daemon.mail.owner.digest_wording import WORDING
from daemon.ports import Problem
from daemon.wiring.outside import ails, figures
from tests.loop_house import START
from tests.owner_house import OwnerHouse, owned_books

WRONG = Problem(file="c.yaml", line=1, column=2, message="wrong")
WATCHED = BankTerms(folder="/nowhere")


async def _forget(client: str) -> None: ...


def told_until(day: date) -> j.BankRead:
    return j.BankRead(
        at=START, file="b.xml", account="IT60X", statement="1", currency="EUR", until=day, on=day, entries=0
    )


CASES: dict[str, tuple[Callable[[OwnerHouse], object], str, str]] = {
    "mailbox": (
        lambda house: setattr(house.health, "mailbox_fault", "login refused"),
        "mailbox: login refused", "Mailbox out of reach, letters wait: login refused",
    ),
    "relay": (
        lambda house: setattr(house.health, "relay_fault", "refused"),
        "relay: refused", "Mail server out of reach, letters wait: refused",
    ),
    "disk": (
        lambda house: setattr(house.health, "disk_fault", "no room"),
        "disk: no room", "Nothing can be recorded, letters wait: no room",
    ),
    "clock": (
        lambda house: setattr(house.book, "is_steady", lambda: False),
        "letters wait: the clock of this machine jumped", "The machine’s clock jumped, letters wait",
    ),
    "config": (
        lambda house: setattr(house.health, "config_problems", (WRONG,)),
        "c.yaml:1:2: wrong", "The last edit of the config is not used: c.yaml:1:2: wrong",
    ),
    "bank": (
        lambda house: house.health.bank_faults.update({"/b.xml": "b.xml: no camt"}),
        "bank: b.xml: no camt", "A bank statement cannot be read: b.xml: no camt",
    ),
    "followed": (
        lambda house: setattr(house.health, "followed_fault", "acme/1: no client"),
        "followed: acme/1: no client", "An invoice that you sent is not followed: acme/1: no client",
    ),
    "stale": (
        lambda house: house.book.history.bank.take_in(told_until(date(2026, 10, 5))),
        "reminders wait: the bank has told only until 2026-10-05 (IT60X)",
        "Bank data only until 2026-10-05 (IT60X): reminders wait",
    ),
    "untold": (
        lambda house: None,
        "reminders wait: no bank statement was read yet", "No bank statement was read yet: reminders wait",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", CASES)
async def test_what_is_out_of_order_is_told_everywhere(kind: str) -> None:
    happens, words, line = CASES[kind]
    house = OwnerHouse(replace(owned_books(), bank=WATCHED if kind in ("stale", "untold") else None))
    happens(house)
    status = OwnersDesk(house.book, house.health, None, _forget).status()
    page = {figure.name: figure.values for figure in figures(house.book, house.health)}["sollecito_fault"]

    assert ails(house.book, house.health) == [kind]
    assert {of for (of,), there in page.items() if there} == {kind}
    assert status["faults"] == [words]
    assert f"!! {line}" in house.text(await house.digest()).splitlines()


async def test_while_all_is_well_every_kind_is_on_the_page_with_nought() -> None:
    house = OwnerHouse()
    page = {figure.name: figure.values for figure in figures(house.book, house.health)}["sollecito_fault"]

    assert page == {(kind,): 0.0 for kind in (*FAULTS, "loop")}


def test_every_kind_has_its_phrase() -> None:
    assert {f"fault_{kind}" for kind in FAULTS} <= set(WORDING)
