"""`status --check`: what a monitor is told, and by which exit code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daemon.domain.reports.ailments import ailments
from tests.cli_place import CliPlace

WELL: dict[str, Any] = {"faults": [], "in_doubt": [], "waiting": [], "daemon": True}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ()),
        ({"daemon": False}, ("no daemon is running",)),
        ({"faults": ["mailbox: refused"]}, ("mailbox: refused",)),
        ({"in_doubt": [{"client": "acme"}]}, ("1 letter in doubt",)),
        ({"waiting": [{}]}, ("1 letter waits for your go",)),
        ({"in_doubt": [{}, {}], "waiting": [{}, {}, {}]}, ("2 letters in doubt", "3 letters wait for your go")),
    ],
)
def test_it_is_said_what_somebody_has_to_look_at(changed: dict[str, Any], words: tuple[str, ...]) -> None:
    assert ailments({**WELL, **changed}) == words


def test_without_a_daemon_it_is_not_well(tmp_path: Path) -> None:
    """Invoices nobody follows up: a monitor that says nothing about it is the worst fault of all."""
    done = CliPlace(tmp_path).run("status", "--check")

    assert (done.code, done.out) == (1, "no daemon is running\n")


def test_with_json_the_document_is_whole_and_the_code_the_same(tmp_path: Path) -> None:
    done = CliPlace(tmp_path).run("status", "--check", "--json")

    assert done.code == 1
    assert {"invoices", "in_doubt", "waiting", "mailbox"} <= set(done.document)


def test_without_the_option_status_ends_well_as_ever(tmp_path: Path) -> None:
    assert CliPlace(tmp_path).run("status").code == 0


def test_a_config_or_a_state_that_cannot_be_trusted_has_its_own_code(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    place.state.mkdir(exist_ok=True)
    (place.state / "journal.jsonl").write_text("not a journal\n")
    wrong_state = place.run("status", "--check").code
    place.edit(creditor={})

    assert (wrong_state, place.run("status", "--check").code) == (3, 2)
