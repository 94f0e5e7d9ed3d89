"""A reload reads again what changed, and believes nothing that is half written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daemon.adapters.config_yaml import Loaded, load
from tests.config_builder import GOOD, loaded

ONE = '- {number: "N", client: acme, due: 2026-10-31, currency: EUR, total: T}\n'


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read from the disk, in order."""
    names: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        names.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", noted)
    return names


def _write(path: Path, text: str, *, minutes_ago: int = 60) -> None:
    """Write a file as if it had been there for a while: one that was changed just now is never taken for settled."""
    path.write_text(text, encoding="utf-8")
    then = path.stat().st_mtime - minutes_ago * 60
    os.utime(path, (then, then))


def _several(folder: Path) -> Loaded:
    _write(folder / "c.yaml", GOOD + "  - in/*.yaml\n")
    (folder / "in").mkdir()
    for name in "ab":
        _write(folder / "in" / f"{name}.yaml", ONE.replace("N", name).replace("T", "5.00"))
    return load(folder / "c.yaml")


def _totals(read: Loaded) -> dict[str, str]:
    assert read.settings is not None, read.problems
    return {invoice.number: str(invoice.total.amount) for invoice in read.settings.ledger.invoices}


def test_only_the_file_that_changed_is_read_again(tmp_path: Path, opened: list[str]) -> None:
    earlier = _several(tmp_path)
    _write(tmp_path / "in" / "b.yaml", ONE.replace("N", "b").replace("T", "7.00"), minutes_ago=50)
    opened.clear()
    again = load(tmp_path / "c.yaml", earlier)

    assert opened == ["b.yaml"]
    assert _totals(again) == {"1": "100.00", "a": "5.00", "b": "7.00"}


def test_when_nothing_changed_nothing_is_read_and_the_result_is_the_same(tmp_path: Path, opened: list[str]) -> None:
    earlier = _several(tmp_path)
    opened.clear()
    again = load(tmp_path / "c.yaml", earlier)

    assert opened == []
    assert again == earlier


def test_a_reload_says_what_a_first_load_says(tmp_path: Path) -> None:
    """Checks across files are made anew: a client that went away is missed in a file that did not change."""
    earlier = _several(tmp_path)
    _write(tmp_path / "c.yaml", (GOOD + "  - in/*.yaml\n").replace("  acme:", "  acmo:"), minutes_ago=50)
    again = load(tmp_path / "c.yaml", earlier)

    assert again == load(tmp_path / "c.yaml")
    assert [problem.message for problem in again.problems] == ["there is no client `acme`; did you mean `acmo`?"] * 3


def test_files_that_come_and_go_are_noticed(tmp_path: Path) -> None:
    earlier = _several(tmp_path)
    _write(tmp_path / "in" / "c.yaml", ONE.replace("N", "c").replace("T", "9.00"))
    (tmp_path / "in" / "a.yaml").unlink()

    assert _totals(load(tmp_path / "c.yaml", earlier)) == {"1": "100.00", "b": "5.00", "c": "9.00"}


def test_a_pdf_that_went_away_is_noticed_in_a_file_that_did_not_change(tmp_path: Path) -> None:
    (tmp_path / "1.pdf").write_bytes(b"%PDF-1.7")
    _write(tmp_path / "c.yaml", GOOD.replace("total: 100.00", "total: 100.00, pdf: 1.pdf"))
    earlier = load(tmp_path / "c.yaml")
    assert earlier.problems == ()
    (tmp_path / "1.pdf").unlink()
    again = load(tmp_path / "c.yaml", earlier)

    assert again.settings is None
    assert again.files == (str(tmp_path / "c.yaml"),)
    assert "there is no file" in again.problems[0].message


def test_a_file_that_was_changed_just_now_is_read_again_though_it_looks_the_same(tmp_path: Path) -> None:
    """Two edits of equal length within one tick of the disk's clock have one time and one size."""
    earlier = loaded(tmp_path, GOOD)
    path = tmp_path / "c.yaml"
    before = path.stat()
    path.write_text(GOOD.replace("total: 100.00", "total: 200.00"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    assert _totals(load(path, earlier)) == {"1": "200.00"}


def test_F52_a_broken_edit_gives_problems_and_no_settings_and_its_correction_is_read(tmp_path: Path) -> None:
    """Who keeps the last good settings is the caller; here a broken file never becomes fewer invoices."""
    earlier = _several(tmp_path)
    _write(tmp_path / "in" / "b.yaml", '- {number: "b", client: ac', minutes_ago=50)
    broken = load(tmp_path / "c.yaml", earlier)
    _write(tmp_path / "in" / "b.yaml", ONE.replace("N", "b").replace("T", "8.00"), minutes_ago=40)
    mended = load(tmp_path / "c.yaml", broken)

    assert broken.settings is None
    assert [problem.file for problem in broken.problems] == [str(tmp_path / "in" / "b.yaml")]
    assert _totals(mended) == {"1": "100.00", "a": "5.00", "b": "8.00"}


def test_F53_a_file_that_was_cut_to_nothing_is_a_problem(tmp_path: Path) -> None:
    """An editor that truncates before it writes must not look like an owner without invoices."""
    earlier = _several(tmp_path)
    for content in ("", "\n", "# only a remark\n"):
        _write(tmp_path / "in" / "b.yaml", content, minutes_ago=50)
        again = load(tmp_path / "c.yaml", earlier)

        assert again.settings is None
        assert "empty" in again.problems[0].message


def test_a_pattern_without_files_is_a_notice_and_a_name_without_a_file_a_problem(tmp_path: Path) -> None:
    pattern = loaded(tmp_path, GOOD + "  - none/*.yaml\n")
    name = loaded(tmp_path, GOOD + "  - none.yaml\n")

    assert pattern.settings is not None
    assert pattern.settings.notices == (f"{tmp_path}/c.yaml:13:5: no file matches none/*.yaml yet",)
    assert [problem.message for problem in name.problems] == [f"there is no file {tmp_path}/none.yaml"]


def test_a_file_that_two_patterns_match_is_read_once_and_the_config_itself_never(tmp_path: Path) -> None:
    one = ONE.replace("N", "x").replace("T", "5.00")
    read = loaded(tmp_path, GOOD + "  - '*.yaml'\n  - x.yaml\n", x_yaml=one)

    assert read.problems == ()
    assert read.settings is not None
    assert read.settings.files == (str(tmp_path / "c.yaml"), str(tmp_path / "x.yaml"))


def test_names_that_the_disk_cannot_have_are_problems(tmp_path: Path) -> None:
    """Each of these raised in one of the calls that ask the disk."""
    for name in ('"a\\0.yaml"', '"*\\0.yaml"', "x" * 5000, f"{'x' * 5000}/*.yaml"):
        read = loaded(tmp_path, GOOD + f"  - {name}\n")

        assert bool(read.problems) or read.settings is not None
    for pdf in ('"a\\0.pdf"', "x" * 5000):
        assert loaded(tmp_path, GOOD.replace("total: 100.00", f"total: 100.00, pdf: {pdf}")).settings is None
