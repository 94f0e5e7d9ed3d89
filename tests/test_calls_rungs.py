"""Calls of the ladder: one for a person and an invoice, and what it says is still true when it is made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.reports.call_sheet import call_sheet
from daemon.domain.standing.open_calls import open_calls
from daemon.mail.owner.call_words import asked, when
from daemon.mail.owner.digest_speech import Speech
from tests.builders import ROME, a_contact, at
from tests.digest_scene import LANGUAGES, PACKS, a_call
from tests.ladder_days import Days, sent
from tests.react_scene import ANNA, OURS, TODAY, bounce, days, hear

LOWER = a_call(
    "acme", "2026-041", "level", "two letters without an answer", level=5, policy="standard", at=at(TODAY), on=TODAY
)
HIGHER = a_call(
    "acme", "2026-041", "level", "before the final notice", level=7, policy="standard", call_id="acme-c2",
    at=at(TODAY, 10), on=TODAY,
)  # fmt: skip


def calls(found: Days) -> list[str]:
    return [call.call_id for call in open_calls(found.case(TODAY), TODAY)]


def test_the_call_of_a_higher_rung_takes_the_place_of_a_lower_ones() -> None:
    """Nobody rings the same person twice about the same invoice."""
    found = days(a_contact(email=ANNA))
    found.take_in(LOWER, HIGHER)

    assert calls(found) == ["acme-c2"]

    desk = Desk(ledger=found.ledger, history=found.history, today=lambda _: TODAY, at=at(TODAY, 11))
    done = execute(Command(name="called", target="acme-c2", text="reached"), desk)
    assert isinstance(done, Done)
    found.take_in(*done.entries)

    assert calls(found) == []


def test_a_call_of_a_lower_rung_stays_for_the_invoice_that_the_higher_one_is_not_about() -> None:
    found = days(a_contact(email=ANNA), others=1)
    found.take_in(msgspec.structs.replace(LOWER, numbers=("2026-041", "2026-050")), HIGHER)

    assert calls(found) == ["acme-c1", "acme-c2"]


def test_a_call_before_a_letter_that_has_left_meanwhile_names_that_letter() -> None:
    """Who is told "the final notice is next" the day after it left says something wrong on the telephone."""
    found = days(a_contact(email=ANNA))
    found.take_in(HIGHER)
    speech = Speech(pack=PACKS["en"], today=TODAY, zone=ROME)
    before = call_sheet(found.case(TODAY), HIGHER, at(TODAY))
    found.take_in(*sent("acme-2", TODAY, ("2026-041", 8)))
    after = call_sheet(found.case(TODAY), HIGHER, at(TODAY))

    assert asked(before, speech) == ("Before the final notice. The final notice is next: what keeps them from paying?")
    assert asked(after, speech) == "Final notice of 4 Nov. When will they pay?"


def test_a_letter_that_came_back_is_not_named() -> None:
    """Nobody has read it; the next contact gets it."""
    found = days(a_contact(email=ANNA))
    found.take_in(HIGHER, *sent("acme-2", TODAY, ("2026-041", 8)))
    hear(found, bounce(replace(OURS, letter_id="acme-2")))

    assert call_sheet(found.case(TODAY), HIGHER, at(TODAY)).since is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_next_day_on_which_somebody_is_there_has_its_weekday_once(language: str) -> None:
    sunday = date(2026, 11, 8)
    found = days(a_contact(email=ANNA))
    sheet = call_sheet(found.case(sunday), LOWER, datetime(2026, 11, 8, 6, 30, tzinfo=UTC))
    speech = Speech(pack=PACKS[language], today=sunday, zone=ROME)
    day = speech.weekday(sunday + timedelta(days=1))

    assert f"{day} 09:00" in when(sheet, speech)
    assert when(sheet, speech).count(day.split()[0]) == 1
