"""docs/security.md points at tests and files that exist, and leaves nothing of what it promises without a test."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from daemon.__main__ import main

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(test_\w+)`", PAGE)))
ROWS = re.findall(
    r"^\| (?!They try|What |---)(.+) \| .+ \| (.+) \|$", PAGE.partition("## Against whom")[2], re.MULTILINE
)


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_it_names_is_there(file: str, name: str) -> None:
    source = (ROOT / "tests" / file).read_text(encoding="utf-8")

    assert re.search(rf"^(?:async )?def {name}\(", source, re.MULTILINE), f"tests/{file} has no {name}"


def test_every_row_names_its_test() -> None:
    assert len(ROWS) > 25
    assert [what for what, tests in ROWS if "::test_" not in tests] == []


def test_commands_and_files_that_it_names_are_there() -> None:
    assert isinstance(main, click.Group)

    assert set(re.findall(r"`sollecito ([a-z-]+)", PAGE)) <= set(main.commands)
    for path in re.findall(r"`((?:tests|CONTRIBUTING)[\w./-]*)`", PAGE):
        assert (ROOT / path).exists(), path
