"""The canary itself: it is found where it does not belong, and a test that leaks it fails."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.canary import MARK, PASSWORD, leaks

ROOT = Path(__file__).parent.parent
TEST = """
import logging, pathlib, pytest
from tests.canary import PASSWORD
warn = logging.getLogger("x").warning
@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    return tmp_path_factory.mktemp("shared")
def test_it(tmp_path, shared):
    {leak}
"""


def test_it_is_found_in_a_file_and_in_a_name_and_not_where_secrets_are_kept(tmp_path: Path) -> None:
    for name in ("state/journal.jsonl", "out/index.html", f"{MARK}.txt", "password", "state/oauth.json", "users/anna"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x" if MARK in name else f"... {PASSWORD} ...")
    found = sorted(str(Path(place).relative_to(tmp_path)) for place in leaks(tmp_path))
    for name in found:
        (tmp_path / name).unlink()

    assert found == sorted([f"{MARK}.txt", "out/index.html", "state/journal.jsonl"])


@pytest.mark.parametrize(
    ("leak", "failed"),
    [
        ("print(PASSWORD)", True),
        ("warn('logged in with %s', PASSWORD)", True),
        ("(tmp_path / 'index.html').write_text(PASSWORD)", True),
        ("(shared / 'index.html').write_text(PASSWORD)", True),
        ("(tmp_path / 'password').write_text(PASSWORD)", False),
        ("print('***')", False),
    ],
)
def test_a_test_that_leaks_it_fails(leak: str, failed: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:  # not this test's own: that one is looked through, too
        Path(folder, "conftest.py").write_text("from tests.conftest import *\n")
        Path(folder, "test_it.py").write_text(TEST.format(leak=leak))
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            f"--basetemp={folder}/base",
            "test_it.py",
        ]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})

    assert ("a secret has leaked" in done.stdout, done.returncode) == (failed, int(failed))
