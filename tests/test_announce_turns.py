"""Two policies for one client, of which one announces its letters: neither waits for ever, and `plan` says so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from daemon.domain.books.policy import LetterLevel, Policy, Span
from daemon.domain.ladder.forecast import forecast
from tests.builders import a_history, a_ledger, a_policy, an_invoice
from tests.plan_scene import MON
from tests.test_announce import Announcing

LAST = MON + timedelta(days=45)
NAGGING = a_policy(levels=(LetterLevel(letter="firm-reminder", day=1, every=7),), announce=Span(2))
MILD = replace(
    a_policy(name="mild"),
    levels=(LetterLevel(letter="first-reminder", day=2), LetterLevel(letter="final-notice", day=9)),
)


def lived(nagging: Policy, mild: Policy) -> tuple[list[tuple[date, str]], list[tuple[date, str]]]:
    """What `plan` says on the first day, and what leaves."""
    books = (an_invoice(), an_invoice("2026-050", policy="mild"))
    ledger = a_ledger(*books, policies={"standard": nagging, "mild": mild})
    ahead = forecast(ledger, a_history(), MON, LAST).letters
    days = Announcing(ledger, a_history()).live(MON, LAST)
    return [(letter.on, letter.letter) for letter in ahead if letter.on <= LAST], days.letters()


def test_an_announced_ladder_starves_no_other_one() -> None:
    ahead, sent = lived(NAGGING, MILD)

    assert [name for _, name in sent[:4]] == ["firm-reminder", "first-reminder", "firm-reminder", "final-notice"]
    assert ahead == sent


def test_it_is_the_same_the_other_way_round() -> None:
    ahead, sent = lived(replace(NAGGING, announce=Span(0)), replace(MILD, announce=Span(2)))

    assert [name for _, name in sent[:4]] == ["firm-reminder", "first-reminder", "firm-reminder", "final-notice"]
    assert ahead == sent


def test_what_is_not_worth_a_letter_takes_nobodys_turn() -> None:
    _, sent = lived(NAGGING, replace(MILD, minimum=Decimal(5000)))

    assert {name for _, name in sent} == {"firm-reminder"}
    assert len(sent) == 7, "each week"
