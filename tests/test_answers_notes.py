"""Notes of the owner, and what the dossier and the sheets of calls make of all that the owner tells."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from daemon.domain import journal as j
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Done
from daemon.domain.reports.call_sheet import StoryAbout, call_sheet
from daemon.domain.standing.timeline import entries_about, timeline
from daemon.mail.dossier.timeline import in_words
from tests.builders import ROME, an_invoice, at
from tests.digest_scene import PACKS
from tests.ladder_days import sent
from tests.plan_scene import MON, some_days, tell
from tests.test_answers_contact import NEW, words


def test_a_note_is_kept_and_changes_nothing() -> None:
    found = some_days()
    before = found.decide(MON)
    assert words(tell(found, "note", MON, text="  Anna is back on Monday ")) == "noted about 2026-041"

    assert [note.text for note in found.case(MON).history.told.notes] == ["Anna is back on Monday"]
    assert found.decide(MON) == before


@pytest.mark.parametrize("text", ["", "  ", "x" * 2001, "a\x00b"])
def test_a_note_that_says_nothing_or_too_much_is_refused(text: str) -> None:
    assert isinstance(tell(some_days(), "note", MON, text=text), Refusal)


def test_the_sheet_of_a_call_has_the_last_note_about_it_or_about_the_client() -> None:
    found = some_days(an_invoice(), an_invoice("2026-042"))
    found.take_in(*sent("acme-1", MON, ("2026-041", 3)))
    call = j.CallSuggested(
        at=at(MON), client="acme", call_id="acme-c1", numbers=("2026-041",), reason="level", because="no answer",
        contact="Anna Verdi", phone=None, on=MON,
    )  # fmt: skip
    found.take_in(call)
    tell(found, "note", MON, "acme", text="new owner")
    tell(found, "note", MON, "2026-042", text="of another invoice")
    sheet = call_sheet(found.case(MON), call, datetime(2026, 11, 2, 9, tzinfo=UTC))

    assert [told.words for told in sheet.told if told.about is StoryAbout.NOTED] == ["new owner"]


def test_the_dossier_tells_what_the_owner_told() -> None:
    """A note about the client as a whole is about each invoice, too; one about another invoice is not."""
    found = some_days(an_invoice(), an_invoice("2026-042"))
    entries: list[j.AnyEntry] = []
    for name, target, text in (
        ("note", "acme", "call again"),
        ("note", "2026-042", "of another"),
        ("email", "acme", NEW),
        ("called", "2026-041", "paid"),
        ("missing", "2026-041", ""),
        ("write-off", "2026-041", "too small"),
        ("resume", "2026-041", ""),
    ):
        answer = tell(found, name, MON, target, text=text)
        assert isinstance(answer, Done), name
        entries += answer.entries
    about = [entry for entry in entries_about(entries, "acme", ["2026-041"]) if isinstance(entry, j.ToldEntry)]

    assert [in_words(moment, PACKS["en"]) for moment in timeline((), about, ROME, MON)] == [
        "Note: call again",
        f"Letters go to {NEW} from here on",
        "The payment that the client had reported has not come in",
        "The rest is written off: €1,220.00. too small",
        "The rest is claimed again",
    ]
