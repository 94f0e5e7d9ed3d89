"""What a terminal, a full disk and a script each get of a command."""

from __future__ import annotations

import os
import pty
from pathlib import Path

import pytest

from tests.cli_place import CliPlace


@pytest.mark.parametrize("words", [("plan",), ("status", "--json")])
def test_an_output_that_cannot_be_written_is_one_line_and_exit_1(tmp_path: Path, words: tuple[str, ...]) -> None:
    place = CliPlace(tmp_path)
    with Path("/dev/full").open("w") as full:
        done = place.process(*words, stdout=full.fileno())

    assert (done.code, done.err) == (1, "sollecito: what it says cannot be written: No space left on device\n")


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("y", 0)])
def test_on_a_terminal_nobody_is_forgotten_without_a_yes(tmp_path: Path, answer: str, code: int) -> None:
    """It cannot be taken back; a script, which has no terminal, is asked nothing."""
    place = CliPlace(tmp_path)
    place.says("note", "acme", "new owner since May")
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = place.process("forget", "acme", stdin=theirs)
    os.close(theirs)
    os.close(ours)

    assert done.code == code, done
    assert "will be gone for good. Go on?" in done.err
    assert ("new owner since May" in place.run("history", "acme").out) == (code == 1)
