"""Where the output goes matters: a full disk is said in one line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_place import ROOT, CliPlace


@pytest.mark.parametrize("words", [("plan",), ("status", "--json")])
def test_an_output_that_cannot_be_written_is_one_line_and_exit_1(tmp_path: Path, words: tuple[str, ...]) -> None:
    place = CliPlace(tmp_path)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "daemon", *words], cwd=place.folder, stdout=full, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT), "RUNTIME_DIRECTORY": str(place.folder)}, timeout=60,
        )  # fmt: skip

    assert (done.returncode, done.stderr) == (1, "sollecito: what it says cannot be written: No space left on device\n")
