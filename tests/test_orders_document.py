"""docs/commands.md is what the packs say, and what it points at is there."""

from __future__ import annotations

import re

import pytest

from daemon.mail.orders.shapes import SHAPES
from tests.order_mails import why
from tests.orders_document import DOCUMENT, WRONG, document

PAGE = DOCUMENT.read_text(encoding="utf-8")


def test_the_page_is_made_from_the_packs() -> None:
    """`python -m tests.orders_document` writes it anew."""
    assert document() == PAGE


def test_every_command_has_its_row() -> None:
    assert set(re.findall(r"^\| `([\w-]+)` \| .+ \| .+ \| .+ \|$", PAGE, re.MULTILINE)) == SHAPES.keys() == WRONG.keys()


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_line_is_answered_with_its_reason(name: str) -> None:
    line, reason = WRONG[name]

    assert why(line) is reason


def test_the_tests_that_it_names_are_there() -> None:
    named = re.findall(r"`(test_\w+\.py)::(test_\w+)`", PAGE)

    assert named
    for file, test in named:
        source = (DOCUMENT.parent.parent / "tests" / file).read_text(encoding="utf-8")
        assert re.search(rf"^def {test}\(", source, re.MULTILINE), f"{file} has no {test}"
