"""A payment that nobody is sure of: the digest asks, and the owner answers it by mail."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import TypeVar

import pytest

from daemon.domain.books.owner import CommandTrust, Member, Owner, Right
from daemon.domain.payments.payment_match import Verdict
from daemon.loops.bank import book_statements
from tests.bank_scene import came, told
from tests.owner_house import OWNER, SERVER, OwnerHouse, owned_books
from tests.virtual_time import run_virtually

T = TypeVar("T")
QUESTION = "1216.50"  # 3.50 less than what is open


def played(life: Callable[[OwnerHouse], Awaitable[T]], house: OwnerHouse | None = None) -> T:
    """A life that begins with a payment of which it is not sure what it is for."""

    async def all_of_it() -> T:
        here = house or OwnerHouse()
        await here.read()
        await book_statements(here.book, [told(came(QUESTION, "acme-2026-1", "Acme SpA", id="P1"))])
        return await life(here)

    return run_virtually(all_of_it())


def booked(house: OwnerHouse) -> list[Decimal]:
    return [p.amount for payments in house.book.history.of("acme").payments.values() for p in payments]


def test_the_digest_shows_the_payment_in_the_payers_words_and_reminders_wait() -> None:
    async def life(house: OwnerHouse) -> tuple[str, int]:
        return " ".join(house.text(await house.digest()).replace("| ", "").split()), len(house.letters())

    text, letters = played(life)

    assert letters == 0
    assert "Came in on 5 Nov from Acme SpA: “acme-2026-1”" in text
    assert "1,216.50" in text
    assert "Open of it: €1,220.00." in text
    assert "HELD" not in text, "it is asked above"


@pytest.mark.parametrize("order", ["paid {}", "assign {} acme acme-2026-1", "assign {} acme/acme-2026-1"])
def test_yes_it_is_for_that_one(order: str) -> None:
    """Nothing is asked back: the bank has said so before."""

    async def life(house: OwnerHouse) -> tuple[list[Decimal], str, int]:
        digest = await house.digest()
        answer = await house.order(order.format(house.item(digest, "acme-2026-1")), digest)
        return booked(house), house.text(answer), len(house.book.history.of("acme").holds)

    amounts, answer, holds = played(life)

    assert (amounts, holds) == ([Decimal(QUESTION)], 0), answer
    assert "PLEASE CONFIRM" not in answer
    assert "1,216.50" in answer


def test_no_it_is_for_none_of_them() -> None:
    async def life(house: OwnerHouse) -> tuple[list[Decimal], int, str]:
        digest = await house.digest()
        answer = await house.order(f"ignore {house.item(digest, 'acme-2026-1')}", digest)
        return booked(house), len(house.book.history.of("acme").holds), house.text(answer)

    amounts, holds, answer = played(life)

    assert (amounts, holds) == ([], 0), answer


@pytest.mark.parametrize("order", ["paid {}", "assign {} acme acme-2026-1", "ignore {}"])
def test_who_may_not_record_payments_may_not_say_what_one_is_for(order: str) -> None:
    aide = Member(email="aide@bianchi.example", can=frozenset({Right.READ, Right.HOLD}))
    ledger = owned_books(team=(aide,))

    async def life(house: OwnerHouse) -> tuple[list[Decimal], int]:
        digest = await house.digest()
        text = order.format(house.item(digest, "acme-2026-1"))
        await house.order(text, digest, From="Aide <aide@bianchi.example>")
        return booked(house), len(house.book.history.of("acme").unsure)

    assert played(life, OwnerHouse(ledger)) == ([], 1)


def test_two_who_read_the_same_statement_at_once_book_it_once() -> None:
    """Both steps stand in one turn of the book."""
    day = told(came("1220.00", "acme-2026-1", id="P2"))

    async def life(house: OwnerHouse) -> tuple[list[Decimal], list[Verdict]]:
        one, other = await asyncio.gather(book_statements(house.book, [day]), book_statements(house.book, [day]))
        return booked(house), [found.verdict for found in (*one, *other)]

    async def all_of_it() -> tuple[list[Decimal], list[Verdict]]:
        return await life(OwnerHouse(owned_books()))

    assert run_virtually(all_of_it()) == ([Decimal("1220.00")], [Verdict.SURE, Verdict.KNOWN])


def test_the_owner_is_the_one_of_these_books() -> None:
    """The tests above stand on it: what the owner's mails are known by."""
    assert owned_books().owner == Owner(email=OWNER, commands=CommandTrust(authserv_id=SERVER))
