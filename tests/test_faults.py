"""The table of faults is what the tests are, and every guard can be taken out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.faults import FAULTS
from tests.faults_found import by_number
from tests.faults_table import HEAD, PAGE, cells, node_ids
from tests.guards import Guard, guards

TREE = Path(__file__).parent.parent


def test_the_page_is_what_the_faults_the_tests_and_the_guards_are() -> None:
    """`python -m tests.faults_table` writes it anew; tests that came since need not stand on it."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    rows = {row[1]: row for line in lines if len(row := re.split(r" ?(?<!\\)\| ?", line)) > 5 and row[1][:1] == "F"}

    assert lines[: len(HEAD.splitlines())] == HEAD.splitlines()
    assert list(rows) == [f"F{fault.number}" for fault in FAULTS]
    for fault in FAULTS:
        _, _, what, must, named, without, *_ = rows[f"F{fault.number}"]
        tests = {f"tests/{test}" for test in re.findall(r"`([^`]+)`", named)}

        assert [what, must, without] == [cell.strip() for cell in (*cells(fault)[1:3], cells(fault)[4])]
        assert tests <= set(node_ids(fault))
        assert bool(tests) == bool(node_ids(fault)), f"{fault}: there is a test now"


def test_a_number_in_a_tests_name_is_that_of_a_fault() -> None:
    assert set(by_number()) <= {fault.number for fault in FAULTS}


@pytest.mark.parametrize("guard", guards(), ids=lambda guard: f"F{guard.fault} {guard.what}")
def test_a_guard_is_there_to_be_taken_out_and_its_tests_are_there_to_fail(guard: Guard) -> None:
    text = (TREE / guard.file).read_text(encoding="utf-8")

    assert text.count(guard.text) == 1
    assert guard.tests
    for test in guard.tests:
        file, _, name = test.partition("::")
        assert not name or f"def {name}(" in (TREE / "tests" / file).read_text(encoding="utf-8")
