"""Files that are far too large, or made to be: `check` says so soon, and neither hangs nor fills the memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters import yaml_tree
from daemon.adapters.config_files import read_invoices
from daemon.adapters.config_yaml import load
from daemon.adapters.yaml_nodes import Report
from daemon.adapters.yaml_tree import read_tree


def _said(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    return [str(problem) for problem in load(str(path)).problems]


def test_a_file_of_fifty_megabytes_is_told_to_be_cut_up(tmp_path: Path) -> None:
    path = tmp_path / "invoices.yaml"
    with path.open("wb") as stream:
        stream.truncate(50 << 20)

    [problem] = read_invoices(str(path), "invoices.yaml").report.problems

    assert "larger than 32 MB: make several of it" in str(problem)


@pytest.mark.parametrize(
    "text", ["x: [" + "[]," * 3000 + "]", "x: {" + "".join(f"k{n}: 1," for n in range(3000)) + "}"]
)
def test_a_file_of_small_values_ends_where_nobody_could_follow(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Six million empty lists fit into eighteen megabytes."""
    monkeypatch.setattr(yaml_tree, "_MOST_VALUES", 2000)
    report = Report("huge.yaml")

    assert read_tree(text, report) is None
    assert "more than 2,000 values: make several files of this one" in str(report.problems[0])


@pytest.mark.parametrize(
    "text",
    [
        "creditor:\n" + "".join(f"  k{n}: 1\n" for n in range(20_000)),
        "a: 1\n" * 20_000,
        "? [a]\n: b\n" * 10_000,
        "invoices:\n" + "- {x: y}\n" * 20_000,
    ],
    ids=["unknown keys", "one key", "odd keys", "records"],
)
def test_a_thousand_problems_are_listed_and_then_said_to_be_more(tmp_path: Path, text: str) -> None:
    """Each looked for its line from the top: two million unknown keys took hours."""
    said = _said(tmp_path, text)

    assert len(said) < 1020, "some sections are missing as well"
    assert any("more is wrong from here on: 1,000 problems are listed" in one for one in said)


def test_files_without_end_are_not_looked_for_one_by_one(tmp_path: Path) -> None:
    said = _said(tmp_path, "invoices:\n" + "- x.yaml\n" * 20_000)

    assert any("more than 1,000 files are named one by one: write invoices/*.yaml" in one for one in said)
