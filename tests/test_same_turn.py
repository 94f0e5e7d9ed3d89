"""Steps of one turn: each decides on what the ones before it found, and nothing of it is known before it is durable."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from random import Random

from daemon.adapters.templates_dir import load_packs
from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.loops.book import Book, Draft
from daemon.loops.departures import departures
from daemon.loops.desk import OwnersDesk
from daemon.loops.gate import Gate
from daemon.loops.health import Health
from daemon.loops.plan import Planner
from daemon.loops.quotes import Quotes
from daemon.mail.read import Reader
from daemon.ports import Accepted, Parcel, Submission
from tests.builders import a_client, a_contact, a_ledger, an_invoice
from tests.fakes import MemoryArchive, MemoryJournal, World
from tests.loop_house import House, books, forget_nobody
from tests.virtual_time import run_virtually

START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)  # Monday, 10:30 in Rome: the window is open


def a_book(world: World) -> Book:
    client = a_client("acme", contacts=(a_contact("Anna", "anna@acme.example"),), language="en")
    ledger = a_ledger(an_invoice("2026-1", "acme"), clients=(client,), first_start_sends=True)
    return Book(ledger, MemoryJournal(world), MemoryArchive(world), world, lambda letter: letter)


def test_a_payment_told_in_the_same_turn_stops_the_letter() -> None:
    """The command and the letter's beginning share one append; the command came first."""

    async def turn() -> tuple[Sequence[j.AnyEntry], dict[str, object]]:
        world = World(START, Random(1), slow=0)
        book = a_book(world)
        await Planner(book, Health()).run_once()
        [departure] = departures(book.ledger, book.history, world.now())
        desk = OwnersDesk(book, Health(), None, forget_nobody)
        lines = len(world.lines)
        told, begun = await asyncio.gather(
            desk.handle("paid", {"target": "2026-1"}), book.record(Gate(book).begin(departure))
        )
        assert len(world.lines) == lines + 2
        return begun, told

    begun, told = run_virtually(turn())

    assert told["ok"], told
    assert [type(entry) for entry in begun] == [j.LetterWithdrawn]


def test_what_is_open_in_a_draft_follows_from_its_payments() -> None:
    async def look() -> tuple[Decimal, Decimal, Decimal]:
        world = World(START, Random(1), slow=0)
        book = a_book(world)
        draft = Draft(book)
        before = draft.case("acme").items[0].outstanding
        paid = j.PaymentRecorded(
            at=world.now(),
            client="acme",
            number="2026-1",
            amount=Decimal(10),
            currency="EUR",
            on=START.date(),
            by="owner",
        )
        draft.take_in([paid])
        return before, draft.case("acme").items[0].outstanding, book.case("acme").items[0].outstanding

    before, after, recorded = run_virtually(look())

    assert after == before - 10
    assert recorded == before, "nothing is believed before it is durable"


def test_a_mail_taken_in_behind_the_beginning_in_its_turn_calls_the_letter_off() -> None:
    """Promise 2: it was not known when the letter began, and is before DATA."""

    async def turn() -> tuple[bool, bool]:
        world = World(START, Random(1), slow=0)
        book = a_book(world)
        gate = Gate(book)
        await Planner(book, Health()).run_once()
        [departure] = departures(book.ledger, book.history, world.now())

        def an_answer(draft: Draft) -> Sequence[j.AnyEntry]:
            hold = j.HoldPlaced(
                at=draft.at, client="acme", hold_id="acme-h1", numbers=("2026-1",), because=j.Because.REPLY,
                on=START.date(), review_on=START.date(), note="",
            )  # fmt: skip
            return (hold,)

        begun, _ = await asyncio.gather(book.record(gate.begin(departure)), book.record(an_answer))
        assert isinstance(begun[0], j.DeliveryStarted)
        called_off = gate.news_since(begun[0], departure, book.ledger)
        return called_off(), book.latest["acme"] is begun[0]

    called_off, is_last = run_virtually(turn())

    assert called_off
    assert not is_last


def test_F41_F56_books_that_change_while_the_beginning_is_written_call_the_letter_off() -> None:
    """It was begun by the earlier ones, and claims what they said."""

    async def life() -> tuple[list[bytes], bool]:
        house = House(books(), world=World(START, Random(1), slow=2.0))
        offered = []

        async def answers(parcel: Parcel) -> Submission:
            offered.append(parcel.content)
            return Accepted("2.0.0 queued")

        async def lower_it() -> bool:
            while not any(isinstance(j.decode(line), j.DeliveryStarted) for line in house.world.lines):
                await asyncio.sleep(0.01)
            meanwhile = house.book.is_writing
            lowered = replace(house.book.ledger.invoices[0], total=Money(Decimal("972.00"), "EUR"))
            house.book.use(replace(house.book.ledger, invoices=(lowered,)))
            return meanwhile

        house.relay.answer = answers
        lowers = asyncio.create_task(lower_it())
        await house.live(60.0)
        return offered, await lowers

    offered, meanwhile = run_virtually(life())

    assert meanwhile, "the beginning was still being written"
    assert not [content for content in offered if b"1,220.00" in content]


def test_a_clients_words_are_read_again_from_the_kept_mail() -> None:
    """Also while the copy is still on its way to the disk; a mail that is gone is not quoted from memory."""
    mail = (
        b"From: anna@acme.example\nTo: fatture@bianchi.example\nSubject: Re: 2026-1\nMessage-ID: <1@acme.example>\n\n"
        b"We pay on Friday.\n\nOn Mon, 2 Nov 2026, Giulia wrote:\n> Please pay.\n"
    )

    async def look() -> tuple[str, str, str, str]:
        world = World(START, Random(1), slow=0)
        book = a_book(world)
        reader = Reader({language: pack.reading for language, pack in load_packs(()).items()})
        quotes = Quotes(book, reader)
        digest = reader.read(mail, book.directory, START.date()).mail
        world.kept[f"mail-{digest}.eml"] = mail
        kept, again = quotes.words(digest), quotes.words(digest)
        world.kept.clear()
        return kept, again, quotes.words(digest), quotes.words("0" * 32)

    assert run_virtually(look()) == ("We pay on Friday.", "We pay on Friday.", "", "")
