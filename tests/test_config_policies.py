"""Policies of the config: the shipped ones, `like:`, and the order of the levels."""

from __future__ import annotations

import os
from datetime import time
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.adapters.config_yaml import load
from daemon.domain.books.policy import CallLevel, HandoverLevel, LetterLevel, Policy, SendOn, Span
from tests.config_builder import changed, loaded, problems


def _policies(folder: Path, *lines: str) -> dict[str, Policy]:
    read = loaded(folder, changed("state:", "policies:\n" + "".join(f"  {line}\n" for line in lines) + "state:"))
    assert read.settings is not None, read.problems
    return dict(read.settings.ledger.policies)


def _said(folder: Path, *lines: str) -> list[str]:
    return problems(folder, changed("state:", "policies:\n" + "".join(f"  {line}\n" for line in lines) + "state:"))


def test_the_shipped_standard_is_the_ladder_of_the_design(tmp_path: Path) -> None:
    """DESIGN section 4, to the letter."""
    settings = loaded(tmp_path).settings
    assert settings is not None

    assert set(settings.ledger.policies) == {"gentle", "standard", "strict"}
    assert settings.ledger.policies["standard"] == Policy(
        name="standard",
        send_on=SendOn.BUSINESS_DAYS,
        opens=time(10),
        closes=time(17),
        rest_days=7,
        per_day=50,
        tolerance=Decimal("5.00"),
        levels=(
            LetterLevel(letter="courtesy", day=-3, only_late_payers=True),
            LetterLevel(letter="due-today", day=0, only_late_payers=True),
            LetterLevel(letter="first-reminder", day=2, rest_days=1),
            LetterLevel(letter="second-reminder", day=9),
            CallLevel(reason="two letters without an answer", day=16),
            LetterLevel(letter="firm-reminder", day=23, deadline_days=7),
            CallLevel(reason="before the final notice", day=31),
            LetterLevel(letter="final-notice", day=35, deadline_days=10, approval=True),
            HandoverLevel(to="legal", after_deadline=3, approval=True),
        ),
    )


def test_a_policy_like_another_says_only_what_differs(tmp_path: Path) -> None:
    found = _policies(tmp_path, "mine: {like: theirs, per_day: 9}", "theirs: {like: standard, hold: {review: 3bd}}")

    assert found["mine"].levels == found["standard"].levels
    assert (found["mine"].per_day, found["theirs"].per_day) == (9, 50)
    assert found["mine"].hold.review == Span(3, business=True)
    assert found["mine"].hold.max_promise == Span(15)


def test_a_policy_with_a_shipped_name_takes_its_place(tmp_path: Path) -> None:
    """Also one that is like the shipped one of its own name; those like it follow."""
    found = _policies(tmp_path, "standard: {like: standard, rest_days: 5}", "mine: {like: standard}")

    assert (found["standard"].rest_days, found["mine"].rest_days, found["gentle"].rest_days) == (5, 5, 10)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["mine: {like: standart}"], ["c.yaml:6:16: there is no policy `standart`; did you mean `standard`?"]),
        (["mine: {like: mine}"], ["c.yaml:6:16: `mine` is like itself: one of them needs levels of its own"]),
        (
            ["a: {like: b}", "b: {like: a}", "c: {like: a}"],
            [
                "c.yaml:6:13: `a` is like `b`, which is like `a` again: one of them needs levels of its own",
                "c.yaml:7:13: `b` is like `a`, which is like `b` again: one of them needs levels of its own",
            ],
        ),
        (
            ["mine: {rest_days: 3}"],
            ["c.yaml:6:9: `levels` is missing in the policy `mine`: write the ladder, or `like: "],
        ),
        (["mine: {like: standard, between: 17:00-10:00}"], ["`17:00-10:00` ends before it begins"]),
        (["mine: {like: standard, hold: {review: 7}}"], ["write 7d for days, 7bd for business days"]),
        (["mine: {like: standard, tolerance: -1}"], ["`-1` is less than zero"]),
        (["mine: {like: standard, levels: []}"], ["the list is empty; at least one of levels is needed"]),
        (["mine:"], ["c.yaml:6:3: `mine` is empty"]),
    ],
)
def test_a_policy_that_makes_no_sense_is_named(tmp_path: Path, lines: list[str], expected: list[str]) -> None:
    found = _said(tmp_path, *lines)

    assert len(found) == len(expected), found
    assert all(part in problem for part, problem in zip(expected, found, strict=True)), found


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (
            ["{letter: second-reminder, day: 9}", "{letter: first-reminder, day: 2}"],
            "c.yaml:9:39: the levels ascend by day, and this one (day 2) is not after the one in line 8 (day 9)",
        ),
        (["{letter: first-reminder, day: 2}", "{letter: second-reminder, day: 2}"], "is not after the one in line 8"),
        (["{letter: frist-reminder, day: 2}"], "there is no letter `frist-reminder`; did you mean `first-reminder`?"),
        (["{letter: first-reminder, day: 0}"], "says that the invoice is overdue: its day is 1 or later"),
        (["{letter: courtesy, day: 3}"], "says that nothing is late yet"),
        (["{letter: first-reminder}"], "`day` is missing in a letter level"),
        (["{letter: first-reminder, day: 2, after_deadline: 3}"], "`after_deadline` is not a key of a letter level"),
        (["{handover: legal, after_deadline: 3}"], "nothing is handed over before a letter set a deadline"),
        (
            [
                "{letter: final-notice, day: 9, deadline_days: 9}",
                "{handover: legal, after_deadline: 3}",
                "{call: x, day: 99}",
            ],
            "a hand-over is the last level",
        ),
        (["{handover: police, after_deadline: 3}"], "`police` is not one of legal or collection"),
        (
            ["{mail: first-reminder, day: 2}"],
            "a level is written as one of {letter: ...}, {call: ...}, {handover: ...}",
        ),
        (["{call: x, letter: first-reminder, day: 2}"], "has one of letter, call, handover, not two of them"),
        (["first-reminder"], "a level is written as one of"),
    ],
)
def test_levels_that_cannot_be_climbed_are_named(tmp_path: Path, levels: list[str], expected: str) -> None:
    found = _said(tmp_path, "mine:", "  levels:", *(f"    - {level}" for level in levels))

    assert len(found) == 1, found
    assert expected in found[0]


def test_a_level_in_the_wrong_place_is_one_problem(tmp_path: Path) -> None:
    """All that come after it are too early, and too mild, on its account."""
    names = ("final-notice", "first-reminder", "second-reminder", "firm-reminder")
    levels = (f"    - {{letter: {name}, day: {day}}}" for name, day in zip(names, (25, 2, 9, 17), strict=True))
    (found,) = _said(tmp_path, "mine:", "  levels:", *levels)

    assert found.startswith("c.yaml:9:"), found


def test_a_call_may_be_on_the_day_of_a_letter(tmp_path: Path) -> None:
    """The owner telephones and the letter goes: two different things."""
    levels = "[{letter: first-reminder, day: 2}, {call: also by telephone, day: 2}]"

    assert len(_policies(tmp_path, f"mine: {{levels: {levels}}}")["mine"].levels) == 2


def test_the_owners_own_letters_and_languages_are_known_by_their_templates(tmp_path: Path) -> None:
    (tmp_path / "own" / "de").mkdir(parents=True)
    (tmp_path / "own" / "de" / "language.yaml").write_text("x: y\n")
    (tmp_path / "own" / "de" / "stop-work.prose").write_text("x\n")
    text = changed("state:", "templates: [own]\npolicies: {mine: {levels: [{letter: stop-work, day: 3}]}}\nstate:")
    read = loaded(tmp_path, text.replace("    contacts:", "    language: de\n    policy: mine\n    contacts:"))

    assert read.problems == ()
    assert read.settings is not None
    assert read.settings.templates == (str(tmp_path / "own"),)


def test_a_language_that_came_into_a_template_folder_is_known_at_the_next_load(tmp_path: Path) -> None:
    """The folders are looked at again though the config itself did not change."""
    (tmp_path / "own").mkdir()
    text = changed("state:", "templates: [own]\nstate:").replace("language: it", "language: pl")
    earlier = loaded(tmp_path, text)
    path = tmp_path / "c.yaml"
    os.utime(path, (path.stat().st_mtime - 60,) * 2)
    settled = load(path, earlier)
    (tmp_path / "own" / "pl").mkdir()
    (tmp_path / "own" / "pl" / "language.yaml").write_text("x: y\n")

    assert ["there are no templates for `pl`" in str(problem) for problem in settled.problems] == [True]
    assert load(path, settled).problems == ()


def test_letters_over_an_amount_can_be_made_to_wait(tmp_path: Path) -> None:
    found = _policies(tmp_path, "mine: {like: standard, approve_over: 5000.00}")

    assert (found["mine"].approve_over, found["standard"].approve_over) == (Decimal("5000.00"), None)
    assert "approve_over" not in " ".join(_said(tmp_path, "mine: {like: standard, approve_over: 0}"))
    assert any("5.000,00" in said for said in _said(tmp_path, 'mine: {like: standard, approve_over: "5.000,00"}'))
