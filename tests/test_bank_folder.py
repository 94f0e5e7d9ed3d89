"""The folder of the bank: a file is read once it lies still, a broken one is told, fresh data lets letters go on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from daemon.domain.books.bank_statement import BankTerms, ColumnMap, Statement
from daemon.domain.books.ledger import Ledger
from daemon.loops.bank import BankReader
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.out_of_order import faults_of
from daemon.wiring.bank import _reader, lying_there
from tests.bank_scene import books, owed
from tests.fakes import MemoryArchive, MemoryJournal, World
from tests.loop_house import START, token_of

SAMPLES = Path(__file__).parent / "bank"
SOON = 8.0  # seconds; far above what it takes on a busy machine


class Place:
    """A book, and a reader of a real folder."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self.folder, self.world, self.health = folder, World(START, Random(1), slow=0.0), Health()
        self.book = Book(ledger, MemoryJournal(self.world), MemoryArchive(self.world), _RealClock(), token_of)
        self.reader: BankReader = _reader(self.book, self.health, 0.1)

    def put(self, name: str, content: bytes | None = None) -> None:
        """As a bank's program does: written beside, then renamed."""
        draft = self.folder / f".{name}.part"
        draft.write_bytes(content if content is not None else (SAMPLES / name).read_bytes())
        draft.rename(self.folder / name)

    @property
    def paid(self) -> Decimal:
        return sum(
            (p.amount for payments in self.book.history.of("acme").payments.values() for p in payments), Decimal(0)
        )

    async def until(self, told: Callable[[], object]) -> None:
        """Until the condition holds."""
        async with asyncio.timeout(SOON):
            while not told():
                await asyncio.sleep(0.02)


class _RealClock:
    def now(self) -> datetime:
        return START

    async def sleep_until(self, moment: datetime) -> None:
        await asyncio.sleep(0.05)


def ledger_of(folder: Path, *numbers: str) -> Ledger:
    return books(*(owed(number, "1220.00") for number in numbers or ("2026-041",)), bank=BankTerms(folder=str(folder)))


@asynccontextmanager
async def running(place: Place) -> AsyncIterator[Place]:
    task = asyncio.create_task(place.reader.run())
    await asyncio.sleep(0.3)
    try:
        yield place
    finally:
        task.cancel()
        await asyncio.wait([task], timeout=SOON)
        await place.book.close()


async def test_what_lies_there_is_read_before_the_first_letter_is_planned(tmp_path: Path) -> None:
    place = Place(tmp_path, ledger_of(tmp_path))
    place.put("camt053-v02.xml")
    await place.reader.read_now(lying_there(place.book))

    assert place.paid == Decimal("1220.00")
    await place.book.close()


async def test_a_file_that_comes_is_read_and_every_client_is_looked_at_again(tmp_path: Path) -> None:
    place = Place(tmp_path, ledger_of(tmp_path))
    async with running(place):
        place.book.touched.clear()
        place.put("camt053-v02.xml")
        await place.until(lambda: place.paid)

        assert place.paid == Decimal("1220.00")
        assert place.book.touched == {"acme", "beta"}


async def test_a_draft_and_other_files_are_not_looked_at(tmp_path: Path) -> None:
    place = Place(tmp_path, ledger_of(tmp_path))
    shutil.copy(SAMPLES / "camt053-v02.xml", tmp_path / ".camt053.xml")
    (tmp_path / "notes.pdf").write_bytes(b"%PDF")

    assert lying_there(place.book) == []
    await place.book.close()


async def test_a_broken_file_is_told_until_it_is_mended(tmp_path: Path) -> None:
    place = Place(tmp_path, ledger_of(tmp_path))
    async with running(place):
        place.put("bank.xml", b"<x/>")
        await place.until(lambda: place.health.bank_faults)
        assert faults_of(place.book, place.health)["bank"].startswith("bank.xml: XML, but no camt")
        place.put("bank.xml", (SAMPLES / "camt053-v02.xml").read_bytes())
        await place.until(lambda: place.paid and not place.health.bank_faults)

        assert place.paid == Decimal("1220.00")


async def test_an_invoice_that_is_entered_after_its_payment_came_is_paid(tmp_path: Path) -> None:
    terms = BankTerms(folder=str(tmp_path))
    place = Place(tmp_path, books(owed("2026-999", "5.00", "beta"), bank=terms))
    place.put("camt053-v02.xml")
    async with running(place):
        await place.until(lambda: place.book.history.bank.statements)
        assert place.paid == 0
        place.book.use(books(owed("2026-999", "5.00", "beta"), owed("2026-041", "1220.00"), bank=terms))
        await place.until(lambda: place.paid)

    assert place.paid == Decimal("1220.00")


async def test_another_folder_is_taken_over_when_the_config_names_it(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    place = Place(other, ledger_of(one))
    place.put("camt053-v02.xml")
    async with running(place):
        place.book.use(replace(place.book.ledger, bank=BankTerms(folder=str(other))))
        await place.until(lambda: place.paid)

    assert place.paid == Decimal("1220.00")


async def test_a_folder_that_the_config_names_later_is_read_from_then_on(tmp_path: Path) -> None:
    """Else reminders would wait for fresh data that nobody reads."""
    place = Place(tmp_path, books(owed("2026-041", "1220.00"), bank=None))
    place.put("camt053-v02.xml")
    async with running(place):
        place.book.use(ledger_of(tmp_path))
        await place.until(lambda: place.paid)
        place.put("broken.xml", b"<x/>")
        await place.until(lambda: place.health.bank_faults)

    assert place.paid == Decimal("1220.00")


async def test_what_was_wrong_in_a_folder_is_wrong_no_more_when_the_config_names_another(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    place = Place(one, ledger_of(one))
    async with running(place):
        place.put("day.xml", b"<x/>")
        await place.until(lambda: place.health.bank_faults)
        place.folder = other
        place.put("day.xml", b"<y/>")
        place.book.use(ledger_of(other))
        await place.until(lambda: str(other / "day.xml") in place.health.bank_faults)

        assert list(place.health.bank_faults) == [str(other / "day.xml")]


async def test_a_file_that_the_map_of_columns_did_not_fit_is_read_when_the_map_is_mended(tmp_path: Path) -> None:
    wrong = ColumnMap(
        date="Day", amount="Amount", text=("Text",), currency="EUR", dates="DD.MM.YYYY", decimal=",", delimiter=";"
    )
    terms = BankTerms(folder=str(tmp_path), columns=wrong)
    ledger = books(owed("2026-041", "1220.00"), bank=terms)
    place = Place(tmp_path, ledger)
    async with running(place):
        place.put("day.csv", b"Day;Amount;Text\n05.11.2026;1.220,00;2026-041\n")
        await place.until(lambda: place.health.bank_faults)
        place.book.use(replace(ledger, bank=replace(terms, columns=replace(wrong, thousands="."))))
        await place.until(lambda: place.paid and not place.health.bank_faults)

    assert place.paid == Decimal("1220.00")


async def test_what_was_read_before_the_first_letter_is_not_read_again(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "camt053-v02.xml", tmp_path)
    place = Place(tmp_path, ledger_of(tmp_path))
    alive: list[int] = []
    await place.reader.read_now(lying_there(place.book), lambda: alive.append(1))
    assert place.paid
    read: list[str] = []

    def noted(file: Path) -> list[Statement]:
        read.append(file.name)
        return []

    place.reader._read = noted
    async with running(place):
        place.put("german.sta")
        await place.until(lambda: "german.sta" in read)

    assert read == ["german.sta"]
    assert alive == [1], "the watchdog is fed meanwhile"


async def test_what_the_disk_did_not_take_before_the_first_letter_is_read_again(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "camt053-v02.xml", tmp_path)
    place = Place(tmp_path, ledger_of(tmp_path))
    place.world.fails = lambda: True  # type: ignore[method-assign]  # the disk, not our code
    await place.reader.read_now(lying_there(place.book))
    place.world.fails = lambda: False  # type: ignore[method-assign]
    assert place.paid == 0
    async with running(place):
        await place.until(lambda: place.paid)


@pytest.mark.parametrize("terms", [None, BankTerms()])
async def test_without_a_folder_there_is_nothing_to_tell(tmp_path: Path, terms: BankTerms | None) -> None:
    place = Place(tmp_path, books(owed("2026-041", "1220.00"), bank=terms))

    assert faults_of(place.book, place.health) == {}
    await place.book.close()
