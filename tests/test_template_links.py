"""Templates are mailed to clients: no link in their folder makes the daemon read what lies elsewhere."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from daemon.adapters.templates_dir import TemplateFaults, load_packs, shipped_folder
from daemon.adapters.templates_orders import check_own_order_packs
from daemon.adapters.templates_report import load_report_words

LETTER = "en/first-reminder.prose"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "own" / "en" / "informal").mkdir(parents=True)
    (tmp_path / "secret").write_text("the mail server's password")
    return tmp_path / "own"


def told(load: Callable[[], object]) -> str:
    with pytest.raises(TemplateFaults) as faults:
        load()
    return str(faults.value)


@pytest.mark.parametrize("name", [LETTER, "en/informal/first-reminder.prose", "en/language.yaml"])
def test_a_link_out_of_the_folder_is_refused_and_nothing_of_it_is_told(folder: Path, name: str) -> None:
    (folder / name).symlink_to(folder.parent / "secret")
    said = told(lambda: load_packs([str(folder)]))

    assert f"{folder / name}:0:0" in said
    assert "leads out of" in said
    assert "password" not in said


def test_a_language_that_is_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "first-reminder.prose").write_text("subject: x\n")
    (folder / "it").symlink_to(tmp_path / "elsewhere")

    assert "leads out of" in told(lambda: load_packs([str(folder)]))


def test_words_of_orders_and_of_pages_by_a_link_are_refused_too(folder: Path) -> None:
    for name in ("commands.yaml", "report.yaml"):
        (folder / "en" / name).symlink_to(folder.parent / "secret")

    assert "leads out of" in told(lambda: check_own_order_packs([str(folder)]))
    assert "leads out of" in told(lambda: load_report_words([str(folder)], "en"))


def test_a_pipe_does_not_keep_the_daemon_waiting(folder: Path) -> None:
    os.mkfifo(folder / LETTER)

    assert "no plain file" in told(lambda: load_packs([str(folder)]))


def test_links_within_the_folder_and_to_the_folder_are_fine(folder: Path, tmp_path: Path) -> None:
    """As a ConfigMap of Kubernetes makes them, and as an owner does who keeps the templates in a repository."""
    (folder / "..data").mkdir()
    text = (shipped_folder() / LETTER).read_text()
    (folder / "..data" / "first-reminder.prose").write_text(text)
    (folder / LETTER).symlink_to("../..data/first-reminder.prose")
    (tmp_path / "link").symlink_to(folder)

    assert "first-reminder" in load_packs([str(tmp_path / "link")])["en"].letters
