"""docs/follow-up.md is whole, and what it points at is there: files, config keys, commands and tests."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from daemon.__main__ import main

ROOT = Path(__file__).parent.parent
TABLE = (ROOT / "docs" / "follow-up.md").read_text(encoding="utf-8")
ROWS = {number: cells for number, *cells in re.findall(r"^\| (S?\d+) \| (.+) \| (.+) \| (.+) \|$", TABLE, re.MULTILINE)}


def test_every_number_of_both_lists_has_its_row() -> None:
    numbers = [f"S{n}" for n in range(1, 31)] + [str(n) for n in range(1, 22)]

    assert list(ROWS) == numbers
    assert TABLE.count("\n| ") == len(numbers) + 2, "a row is there twice, or has not four cells"


@pytest.mark.parametrize("number", ROWS)
def test_what_a_row_points_at_is_there(number: str) -> None:
    assert isinstance(main, click.Group)
    _, lives, proved = ROWS[number]
    tests = re.findall(r"`([\w/]+\.py)::(test_\w+)`", proved)

    assert tests, "no test proves it"
    for file, name in tests:
        source = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), f"{file} has no {name}"
    for path in re.findall(r"`((?:daemon|templates)/[\w./-]*)`", lives):
        assert (ROOT / path).exists(), path
    assert set(re.findall(r"`sollecito ([\w-]+)`", lives)) <= set(main.commands)
    example = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    for key in re.findall(r"`(\w+):", lives):
        assert re.search(rf"\b{key}:", example), key
