"""A year that nobody means is refused wherever a day is told, as in the YAML: sums with it would leave the calendar."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.domain.commands.call_result import read_result
from tests.cli_place import CliPlace

SAID = "9999-12-31: the year is to be between 1990 and 2100"


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


@pytest.mark.parametrize(
    "words",
    [
        ("plan", "--as-of", "9999-12-31"),
        ("plan", "--until", "9999-12-31"),
        ("hold", "2026-041", "--until", "9999-12-31"),
        ("promise", "2026-041", "9999-12-31"),
        ("paid", "2026-041", "--on", "9999-12-31"),
        ("plan-payment", "2026-041", "9999-12-31=1100.00"),
        ("plan-payment", "2026-041", "--parts", "2", "--first", "9999-12-31"),
    ],
)
def test_it_is_refused_and_nothing_is_recorded(place: CliPlace, words: tuple[str, ...]) -> None:
    done = place.run(*words)

    assert done.code in (1, 2)
    assert SAID in done.err
    assert place.row("2026-041")["state"] == "open"


def test_in_a_telephone_call_it_is_no_day() -> None:
    assert read_result("promised 9999-12-31").day is None
