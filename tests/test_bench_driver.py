"""`make bench`: every benchmark runs, its figures land in one table, and what does not hold fails the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.__main__ import benchmarks, main

SHARED = "SIZES = (100, 1000)\n"
HOLDS = """
import json
if __name__ == "__main__":
    print("some words first")
    print(json.dumps({"bench": "append", "ratio": 1.2345678, "bar": 1.5, "holds": True, "entries": 100}))
    print(json.dumps({"bench": "start", "ratio": None, "bar": None, "holds": None, "seconds": 0.5}))
"""
DOES_NOT = HOLDS.replace("True", "False").replace('"append"', '"replay"')
CRASHES = 'if __name__ == "__main__":\n    raise SystemExit("no disk")\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "benches"
    made.mkdir()
    (made / "shared.py").write_text(SHARED)
    (made / "journal.py").write_text(HOLDS)
    return made


def _last(text: str) -> dict[str, object]:
    found = json.loads(text.strip().splitlines()[-1])
    assert isinstance(found, dict)
    return found


def test_a_module_that_others_share_is_no_benchmark(folder: Path) -> None:
    assert benchmarks(folder) == ["journal"]


def test_figures_that_hold_make_a_table_and_exit_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([], folder)
    table = capsys.readouterr().out

    assert code == 0
    assert "append  1.235  1.5  yes     entries=100" in table
    assert "start   -      -    stated  seconds=0.5" in table
    assert _last(table) == {"benches": 2, "do_not_hold": []}


def test_one_that_does_not_hold_is_named_and_exits_1(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "slow.py").write_text(DOES_NOT)
    code = main([], folder)

    assert code == 1
    assert _last(capsys.readouterr().out) == {"benches": 4, "do_not_hold": ["replay"]}


def test_one_that_crashes_does_not_pass_for_one_that_holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.py").write_text(CRASHES)
    code = main(["broken"], folder)

    assert code == 1
    assert _last(capsys.readouterr().out)["do_not_hold"] == ["broken"]
