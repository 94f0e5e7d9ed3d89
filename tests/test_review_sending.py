"""What a fresh reader asked of the sending loops: no letter twice, no loop that dies or waits for ever unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.domain import journal as j
from daemon.domain.books.client import Role
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import Status
from daemon.ports import Accepted, Deferred, DiskTrouble, Parcel, Submission
from tests.builders import a_client, a_contact, a_ledger, a_policy, an_invoice
from tests.loop_house import START, House, books
from tests.virtual_time import run_virtually

HOUR = 3600.0


def with_copy(**changes: object) -> Ledger:
    contacts = (a_contact(email="anna@acme.example"), a_contact("Dario Neri", "dario@acme.example", role=Role.CC))
    client = a_client("acme", language="en", contacts=contacts)
    invoice = an_invoice("acme-2026-1", **changes)  # type: ignore[arg-type]
    return a_ledger(invoice, clients=(client,), first_start_sends=True)


def test_a_copy_that_cannot_be_written_leaves_the_letter_sent() -> None:
    """The PDF goes after To had the letter and before the copy: the letter stays sent, its level stays spent."""

    async def life() -> House:
        house = House(with_copy(pdf="1.pdf"))
        house.files["1.pdf"] = b"%PDF-1.4"

        async def answer(parcel: Parcel) -> Submission:
            house.files.clear()
            return Accepted("2.0.0 queued")

        house.relay.answer = answer
        await house.live(HOUR)
        return house

    house = run_virtually(life())

    assert house.relay.sent == ["anna@acme.example"]
    assert [status for _, status in house.letters()] == [Status.SENT]


def test_a_client_who_leaves_the_books_during_a_delivery_ends_nothing() -> None:
    """A reload drops the client between MAIL and the answer: the answer is recorded, the loops go on."""

    async def life() -> House:
        house = House(books("acme", "beta"))

        async def answer(parcel: Parcel) -> Submission:
            if parcel.recipient == "anna@acme.example":
                house.book.use(books("beta"))
            return Accepted("2.0.0 queued")

        house.relay.answer = answer
        await house.live(HOUR)
        return house

    house = run_virtually(life())

    assert sorted(house.relay.sent) == ["anna@acme.example", "anna@beta.example"]
    assert house.letters("acme") == [("first-reminder", Status.SENT)]


def test_clients_who_leave_the_books_before_their_turn_end_nothing() -> None:
    """The first letter is on its way when a reload drops everybody who is still waiting."""

    async def life() -> House:
        keys = ("acme", "beta", "delta", "epsilon")
        house = House(books(*keys))

        async def answer(parcel: Parcel) -> Submission:
            house.book.use(books("acme"))
            return Accepted("2.0.0 queued")

        house.relay.answer = answer
        await house.live(HOUR)
        return house

    house = run_virtually(life())

    assert house.letters("epsilon") == [("first-reminder", Status.WITHDRAWN)]


def test_an_invoice_that_leaves_the_books_with_a_letter_queued_ends_nothing() -> None:
    async def life() -> House:
        house = House(books(), START - timedelta(hours=3))
        await house.live(HOUR)
        assert [status for _, status in house.letters()] == [Status.QUEUED]
        house.book.use(replace(books(), invoices=()))
        await house.live(HOUR * 5)
        return house

    house = run_virtually(life())

    assert house.relay.sent == []
    assert [status for _, status in house.letters()] == [Status.WITHDRAWN]


def test_after_the_window_nothing_is_queued_and_withdrawn_in_a_circle() -> None:
    """At 18:00 an invoice is due: it waits for tomorrow, with few lines in the journal."""

    async def life() -> House:
        house = House(books(), START + timedelta(hours=8))
        await house.live(HOUR)
        return house

    house = run_virtually(life())

    assert len(house.world.lines) < 20


def test_a_full_disk_uses_up_no_letters_of_the_day() -> None:
    """F60: the disk says no for half an hour; then all goes on, and the day's limit counts letters, not attempts."""

    async def life() -> House:
        house = House(books(policy=a_policy(per_day=5)))
        append = house.book._journal.append

        async def full(after: int, entries: Sequence[j.AnyEntry]) -> int:
            begins = any(isinstance(entry, j.DeliveryStarted) for entry in entries)
            if begins and house.world.now() < START + timedelta(minutes=30):
                raise DiskTrouble("no space left on device")
            return await append(after, entries)

        house.book._journal.append = full  # type: ignore[method-assign]
        await house.live(HOUR * 2)
        return house

    house = run_virtually(life())

    assert house.relay.sent == ["anna@acme.example"]


def test_letters_beyond_the_days_limit_are_looked_at_again_without_any_news() -> None:
    """Released all at once, more than `per_day`: the rest leaves on the days after, though nobody writes."""

    async def life() -> House:
        house = House(books(*(f"client{n}" for n in range(5)), policy=a_policy(per_day=1)))
        await house.live(1.0)
        waiting = [key for key in house.book.ledger.clients if house.book.history.of(key).letters]
        assert len(waiting) == 5, "a flood waits"

        def go(draft: object) -> list[j.AnyEntry]:
            return [
                j.LetterReleased(at=house.world.now(), client=key, letter_id=f"{key}-1")
                for key in house.book.ledger.clients
            ]

        await house.book.record(go)
        await house.live(HOUR * 24 * 4)
        return house

    house = run_virtually(life())

    assert len(house.relay.sent) >= 4, house.relay.sent
    assert house.relay.lines < 60


def test_a_copy_put_off_is_given_up_when_the_client_has_answered_meanwhile() -> None:
    """Greylisted, and held before the second attempt: it does not leave weeks later when the hold is lifted."""

    async def life() -> House:
        house = House(with_copy())

        async def answer(parcel: Parcel) -> Submission:
            later = parcel.recipient == "dario@acme.example" and house.world.now() < START + timedelta(minutes=20)
            return Deferred("451 later", 451) if later else Accepted("2.0.0 queued")

        house.relay.answer = answer
        await house.live(HOUR / 6)
        assert house.relay.sent == ["anna@acme.example"]
        day = house.book.today("acme")
        hold = j.HoldPlaced(
            at=house.world.now(), client="acme", hold_id="acme-h1", numbers=(), because=j.Because.REPLY, on=day
        )
        await house.book.record(lambda draft: [hold])
        await house.live(HOUR * 3)
        lift = j.HoldLifted(at=house.world.now(), client="acme", hold_id="acme-h1", on=day + timedelta(days=1))
        await house.book.record(lambda draft: [lift])
        await house.live(HOUR)
        return house

    house = run_virtually(life())

    assert house.relay.sent == ["anna@acme.example"]
    assert not house.book.history.active, "nothing is left to be done about it"


def test_a_fact_that_cannot_be_taken_in_ends_its_asker_and_nobody_waits_for_ever() -> None:
    """A bug in a fact itself: an exception that somebody sees, not a turn that never ends."""

    async def life() -> str:
        house = House(books())
        unknown = j.LetterReleased(at=START, client="acme", letter_id="acme-99")
        try:
            async with asyncio.timeout(60):
                await house.book.record(lambda draft: [unknown])
        except TimeoutError:
            return "waits for ever"
        except KeyError:
            return "seen"
        return "taken"

    assert run_virtually(life()) == "seen"


def test_of_many_facts_the_one_that_cannot_be_taken_in_keeps_none_of_the_others_out() -> None:
    async def life() -> tuple[int, int]:
        house = House(books())
        unknown = j.LetterReleased(at=START, client="acme", letter_id="acme-99")
        read = j.MailRead(at=START, folder="INBOX", uidvalidity=7, uid=3, mail="")
        with pytest.raises(KeyError):
            await house.book.record_all([lambda draft: [unknown], lambda draft: [read]])
        await house.book.settle()
        return house.book.history.cursors["INBOX"]

    assert run_virtually(life()) == (7, 3)
