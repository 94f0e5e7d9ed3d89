"""`plan-payment`, `statement` and `preview --letter` on the command line, with no daemon running."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli_place import CliPlace, day


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


def test_a_plan_is_agreed_shown_and_taken_back(place: CliPlace) -> None:
    done = place.run("plan-payment", "2026-041", "--parts", "2", "--first", day(20), "--every", "2w")
    assert (done.code, done.err) == (0, "")
    row = place.row("2026-041")
    entries = place.json("history", "2026-041")

    assert f"EUR 1,100.00 in 2 parts, 550.00 by {day(20)}, 550.00 by {day(34)}" in done.out
    assert [(part["due"], part["outstanding"], part["missed"]) for part in row["plan"]["parts"]] == [
        (day(20), "550.00", False), (day(34), "550.00", False),
    ]  # fmt: skip
    assert row["state"] == "upcoming"
    assert [entry["entry"] for entry in entries if entry["entry"].startswith("Plan")] == ["PlanAgreed"]
    assert f"parts {day(20)}=550.00 {day(34)}=550.00" in place.run("history", "2026-041").out
    assert "plan: 0 of 2 paid" in " ".join(place.run("status").out.split())
    assert place.run("plan-payment", "2026-041", "--cancel").code == 0
    assert place.row("2026-041")["plan"] is None


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        ((f"{day(9)}=500.00", f"{day(20)}=500.00"), 1, "EUR 1,000.00, but EUR 1,100.00 is open"),
        ((f"{day(9)}=5,00",), 1, "is no part of a plan: write 2026-12-15=400.00"),
        (("tomorrow=1100.00",), 1, "is no date"),
        (("--parts", "3"), 2, "both --parts and --first"),
        (("--cancel", "--parts", "3"), 2, "--cancel takes no parts"),
        ((), 2, "DATE=AMOUNT"),
    ],
)
def test_a_plan_that_is_wrong_says_what_is_wrong(
    place: CliPlace, words: tuple[str, ...], code: int, named: str
) -> None:
    done = place.run("plan-payment", "2026-041", *words)

    assert done.code == code
    assert named in done.err
    assert place.row("2026-041")["plan"] is None


def test_a_statement_is_queued_and_says_what_it_lists(place: CliPlace) -> None:
    done = place.run("statement", "acme")
    assert (done.code, done.err) == (0, "")

    assert "acme: statement of" in done.out
    assert "is on its way" in place.run("statement", "acme").err
    assert place.run("statement").code == 2


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("thank-you", "Grazie"),
        ("statement", "Estratto conto"),
        ("broken-promise", "2026-041"),
        ("broken-plan", "Piano concordato"),
        ("final-notice", "2026-041"),
    ],
)
def test_any_letter_can_be_looked_at_by_its_name(place: CliPlace, letter: str, words: str) -> None:
    done = place.run("preview", "2026-041", "--letter", letter)

    assert done.code == 0, done.err
    assert f"-{letter}-" in done.out
    assert words in done.out
    assert not place.state.exists(), "to look changes nothing"


def test_a_letter_of_no_such_name_is_answered_with_those_that_there_are(place: CliPlace) -> None:
    done = place.run("preview", "2026-041", "--letter", "love-letter")

    assert done.code == 1
    assert "final-notice" in done.err
    assert "statement" in done.err
