"""`sollecito dossier`, and the dossier that a hand-over makes by itself: on the disk, recorded, told and forgotten."""

from __future__ import annotations

import asyncio
import json
import stat
import subprocess
import threading
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from random import Random

import pytest

from daemon.adapters.dossier_zip import forget_dossiers, shelf_of
from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.ledger import Ledger
from daemon.loops.book import Book
from daemon.loops.handovers import DossierWritten, HandoverFiles
from daemon.loops.health import Health
from daemon.mail.owner.digest_sheet import sheet
from daemon.wiring.dossier import write_beside
from tests.builders import a_history, a_ledger, at
from tests.cli_place import CliPlace, a_config
from tests.config_builder import changed, problems
from tests.digest_scene import FRESH, OLD, PACKS, client, digest_of, invoice
from tests.dossier_books import KEPT, NUMBERS, TODAY, books, entries
from tests.fakes import MemoryArchive, MemoryJournal, World
from tests.loop_house import START, token_of

HANDED = j.HandedOver(at=at(TODAY, 7), client="acme", numbers=("2026-041",), to="legal", on=TODAY)


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


def test_the_command_writes_one_file_that_checks_itself(place: CliPlace) -> None:
    done = place.run("dossier", "2026-041")
    file = place.folder / "dossier-acme-2026-041.zip"
    with zipfile.ZipFile(file) as archive:
        archive.extractall(place.folder / "out")
    summed = subprocess.run(["sha256sum", "-c", "--quiet", "SHA256SUMS"], cwd=place.folder / "out", check=False)

    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{file.name}: ")
    assert "missing: invoice 2026-041 (the books name no `pdf` of it)" in done.out
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert summed.returncode == 0
    assert (place.folder / "out" / "letter-of-demand.pdf").read_bytes().startswith(b"%PDF-")


def test_the_command_says_the_same_as_json_with_the_evidence_and_what_is_missing_of_it(place: CliPlace) -> None:
    """S17.  What is not there is a notice of `check`: it may come later, and a config is not refused for it."""
    (place.folder / "order.pdf").write_bytes(b"%PDF signed")
    document = a_config(place.state)
    document["invoices"][2]["evidence"] = ["order.pdf", "gone.pdf"]
    place.write(document)
    checked, made = place.json("check"), place.json("dossier", "beta/2026-050", "2026-060", "--out", "beta.zip")

    assert checked["problems"] == []
    assert [notice for notice in checked["notices"] if "gone.pdf; a dossier will say that it is missing" in notice]
    assert not [notice for notice in checked["notices"] if "order.pdf" in notice]
    assert made["file"] == str(place.folder / "beta.zip")
    files = {row["name"] for row in made["files"]}
    assert {"letter-of-demand-EUR.pdf", "letter-of-demand-GBP.pdf", "evidence/2026-050-order.pdf"} <= files
    assert "evidence for 2026-050: gone.pdf" in [row["what"] for row in made["missing"]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("2026-999",), "no invoice"),
        (("2026-041", "2026-050"), "of acme and of beta: a dossier is about one client"),
        (("NC-7",), "NC-7 is a credit note: name the invoice that it corrects"),
        (("acme",), "acme is no invoice"),
        (("2026-041", "--out", "no/such/folder/x.zip"), "cannot be written: No such file or directory"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_left(place: CliPlace, words: Sequence[str], said: str) -> None:
    done = place.run("dossier", *words)

    assert done.code != 0
    assert said in done.err
    assert not list(place.folder.rglob("*.zip*"))


def test_the_state_is_read_as_it_lies_there_and_mails_come_out_as_they_were_kept(tmp_path: Path) -> None:
    """Beside a running daemon too: no lock is taken, nothing in it changes but the new file."""
    state = tmp_path / "state"
    with StateDir.open(state) as held:
        asyncio.run(held.journal.append(0, entries()))
        for name, content in KEPT.items():
            held.archive.keep("acme", name, content)
        written = write_beside(str(state), PACKS, books(), "acme", NUMBERS, TODAY)

        assert Path(written.file) == shelf_of(state, "acme") / "dossier-acme-2026-041-2026-044.zip"
        assert written.missing == 5  # one letter, and the four files of the invoices
        with zipfile.ZipFile(written.file) as archive:
            assert archive.read("mails/002-2026-11-02-reply.eml") == KEPT["mail-aa.eml"]
            told = [row["kind"] for row in json.loads(archive.read("timeline.json"))]
        assert told[-1] == "handed-over"
        forget_dossiers(state, "acme")
        forget_dossiers(state, "never-seen")
    assert not shelf_of(state, "acme").exists()


def test_forgetting_a_client_removes_the_dossiers_about_them(place: CliPlace) -> None:
    """GDPR art. 17: texts and addresses are in there, too."""
    place.run("promise", "2026-041", "2027-01-01")
    shelf = shelf_of(place.state, "acme")
    shelf.mkdir(parents=True)
    (shelf / "dossier-acme-2026-041.zip").write_bytes(b"PK")

    assert place.run("forget", "acme").code == 0
    assert not shelf.exists()


def test_no_ladder_may_mail_the_letter_of_demand(tmp_path: Path) -> None:
    """FIELD 4: a formal demand is a PDF and a task for the owner, never a mail."""
    levels = "levels: [{letter: first-reminder, day: 2}, {letter: letter-of-demand, day: 40}]"
    [said] = problems(tmp_path, changed("state:", f"policies:\n  own: {{{levels}}}\nstate:"))

    assert "`letter-of-demand` is for paper, signed by you, and is never mailed: `handover: legal`" in said


class Desk:
    """A writer of dossiers that notes what it was asked for, and fails as often as a test says."""

    def __init__(self, failing: int = 0) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []
        self.threads: set[int] = set()
        self.failing = failing

    def __call__(self, ledger: Ledger, of: str, numbers: Sequence[str], today: date) -> DossierWritten:
        self.threads.add(threading.get_ident())
        self.asked.append((of, tuple(numbers)))
        if len(self.asked) <= self.failing:
            raise OSError("no room")
        return DossierWritten(f"/state/dossiers/{of}/x.zip", 1)


async def _handed_over(desk: Desk, *more: j.AnyEntry) -> tuple[Book, HandoverFiles]:
    world = World(START, Random(1), slow=0.0)
    book = Book(books(), MemoryJournal(world), MemoryArchive(world), world, token_of)
    await book.record(lambda draft: (HANDED, *more))
    return book, HandoverFiles(book, desk, Health())


async def test_a_hand_over_gets_its_dossier_once_and_it_is_recorded() -> None:
    desk = Desk()
    book, files = await _handed_over(desk)

    assert await files.write_due()
    assert await files.write_due()
    assert desk.asked == [("acme", ("2026-041",))]
    assert book.history.of("acme").dossiers["2026-041"].file == "/state/dossiers/acme/x.zip"
    assert desk.threads != {threading.get_ident()}  # the event loop goes on meanwhile


async def test_what_is_handed_over_again_gets_a_new_dossier_and_what_is_gone_gets_none() -> None:
    desk = Desk()
    book, files = await _handed_over(desk)
    await files.write_due()
    again = j.HandedOver(at=book.clock.now(), client="acme", numbers=("2026-044", "9999"), to="collection", on=TODAY)
    gone = j.HandedOver(at=book.clock.now(), client="acme", numbers=("8888",), to="legal", on=TODAY)
    await book.record(lambda draft: (again, gone))
    await files.write_due()

    assert desk.asked[1:] == [("acme", ("2026-044",))]


async def test_a_dossier_that_cannot_be_written_is_tried_again_and_stops_nothing() -> None:
    desk = Desk(failing=1)
    book, files = await _handed_over(desk)

    assert not await files.write_due()
    assert book.history.of("acme").dossiers == {}
    assert await files.write_due()
    assert "2026-041" in book.history.of("acme").dossiers


@pytest.mark.parametrize(
    ("country", "words"),
    [("IT", "PEC"), ("TR", "KEP"), ("DE", "prove its arrival"), ("US-NY", "prove its arrival")],
)
def test_the_digest_says_where_the_dossier_is_and_that_a_mail_is_no_formal_demand(country: str, words: str) -> None:
    """FIELD 4: art. 1219 cc, TTK 18/3; elsewhere in general."""
    ledger = a_ledger(
        invoice("acme", "2026-041", "1020.00", 60),
        clients=(client("acme", "Anna Verdi", calendar=BusinessCalendar(country)),),
    )
    made = j.DossierMade(at=FRESH, client="acme", numbers=("2026-041",), file="/state/x.zip", on=FRESH.date())
    old = j.DossierMade(at=OLD, client="acme", numbers=("2026-040",), file="/state/old.zip", on=OLD.date())
    said = str(sheet(digest_of(ledger, a_history(made, old)), ledger, PACKS["en"]))

    assert "Acme 2026-041: dossier in /state/x.zip." in said
    assert words in said
    assert "old.zip" not in said


def test_the_language_of_a_digest_has_its_own_words_for_it() -> None:
    for language, pack in PACKS.items():
        assert {"formal", "formal_it", "formal_tr"} <= {*pack.dossier}, language
        assert "news_dossier" in pack.digest, language
