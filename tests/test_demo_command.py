"""`sollecito demo` as it is typed, where it cannot be shown."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from daemon.__main__ import main


def test_a_missing_package_is_named_with_the_way_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A server is installed without the demo's packages."""
    for name in [name for name in sys.modules if name.startswith(("daemon.demo.", "pymap"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pymap", None)

    answer = CliRunner().invoke(main, ["demo", "--out", str(tmp_path / "out")])

    assert answer.exit_code == 1
    assert answer.output == "sollecito: pymap is not installed, which the demo needs: pip install 'sollecito[demo]'\n"
    assert not (tmp_path / "out").exists()


def test_an_unknown_rule_is_refused_with_those_there_are(tmp_path: Path) -> None:
    answer = CliRunner().invoke(main, ["demo", "--without", "rset", "--out", str(tmp_path / "out")])

    assert answer.exit_code == 1
    assert "rset; there are reply, bounce, promise, holiday, rest" in answer.output


def test_a_folder_of_somebody_elses_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")

    answer = CliRunner().invoke(main, ["demo", "--out", str(tmp_path)])

    assert answer.exit_code == 1
    assert "--out" in answer.output
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
