"""The folder of `sollecito report`, and the command: for its owner's eyes, whole or not at all."""

from __future__ import annotations

import asyncio
import re
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.adapters.control import ControlServer, socket_path
from daemon.adapters.report_folder import NotOurs, ReportFolder
from daemon.adapters.report_pages import MARK
from daemon.adapters.state_dir import StateDir
from daemon.mail.pages.names import client_page
from daemon.ports import Settings
from daemon.wiring.inquiry import CannotTell
from daemon.wiring.report import write_report
from daemon.wiring.settings import load_settings
from tests.cli_place import CliPlace
from tests.report_place import pages, the_scene


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return the_scene(tmp_path_factory.mktemp("scene") / "creditor")


def test_only_the_owner_can_read_the_pages(scene: Settings, tmp_path: Path) -> None:
    """They hold personal data, whatever the umask says."""
    pages(scene, tmp_path / "new" / "report")

    assert stat.S_IMODE((tmp_path / "new" / "report").stat().st_mode) == 0o700
    assert {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "new" / "report").iterdir()} == {0o600}


def test_the_pages_of_clients_who_are_gone_go(scene: Settings, tmp_path: Path) -> None:
    out = tmp_path / "report"
    pages(scene, out)
    kept = {key: client for key, client in scene.ledger.clients.items() if key != "rossi"}
    invoices = tuple(i for i in scene.ledger.invoices if i.client != "rossi")
    pages(replace(scene, ledger=replace(scene.ledger, clients=kept, invoices=invoices)), out)

    assert not list(out.glob("*rossi*"))
    assert (out / client_page("acme")).is_file()
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


@pytest.mark.parametrize("foreign", ["notes.txt", "letter.html", "folder", "link.html"])
def test_a_folder_with_anything_of_somebody_elses_is_refused_and_left_alone(
    foreign: str, scene: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "report"
    pages(scene, out)
    match foreign:
        case "folder":
            (out / foreign).mkdir()
        case "link.html":
            (out / foreign).symlink_to(out / "index.html")
        case _:
            (out / foreign).write_text("<p>mine</p>")
    before = sorted(path.name for path in out.iterdir())

    with pytest.raises(CannotTell, match=f"holds '{foreign}', which is no page of an earlier report"):
        pages(scene, out)
    assert sorted(path.name for path in out.iterdir()) == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_report_that_is_broken_off_leaves_the_earlier_one(tmp_path: Path) -> None:
    out = tmp_path / "report"
    with ReportFolder(out, MARK) as folder:
        folder.write("index.html", f"{MARK} whole")
    half = ReportFolder(out, MARK)
    half.write("index.html", f"{MARK} half")
    half.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)

    assert (out / "index.html").read_text() == f"{MARK} whole"
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "report").write_text("mine")

    with pytest.raises(NotOurs, match="is no folder"):
        ReportFolder(tmp_path / "report", MARK)
    assert (tmp_path / "report").read_text() == "mine"


def test_the_command_writes_them_and_says_where(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    done = place.run("report", "--out", "pages")

    assert (done.code, done.err) == (0, "")
    assert done.out == "pages/index.html: 11 pages, 2 clients, 5 invoices\n"
    assert place.json("report", str(place.config), "--out", "pages") | {"at": ""} == {
        "out": "pages", "start": "pages/index.html", "pages": 11, "clients": 2, "invoices": 5, "at": "",
    }  # fmt: skip


def test_the_command_needs_no_lock(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    with StateDir.open(place.state):
        assert place.run("report", "--out", "pages").code == 0


def test_a_folder_that_is_not_ours_is_exit_1_and_a_sentence(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    done = place.run("report", "--out", ".")

    assert done.code == 1
    assert re.fullmatch(r"sollecito: .* holds .*: name another folder with --out\n", done.err)


def test_check_names_what_is_wrong_in_the_words_of_the_pages(tmp_path: Path) -> None:
    """Before somebody looks for the pages and finds a fault."""
    (tmp_path / "own" / "en").mkdir(parents=True)
    (tmp_path / "own" / "en" / "report.yaml").write_text("week: Week {number}\n")
    place = CliPlace(tmp_path, templates=["own"])
    done = place.run("check")

    assert done.code == 2
    assert "own/en/report.yaml:1:1: the phrase `week` knows no {number}" in done.err


async def test_a_running_daemon_is_asked_what_keeps_it_from_its_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through its real socket; and one that is gone meanwhile keeps nobody from the pages."""
    monkeypatch.setenv("RUNTIME_DIRECTORY", str(tmp_path))
    settings = load_settings(str(CliPlace(tmp_path).config))

    async def answer(command: str, args: dict[str, Any]) -> dict[str, Any]:
        return {
            "status": {"faults": ["relay: no route to host"], "mailbox": {"read_to_end_at": "2026-11-17T06:28:00Z"}}
        }

    async with ControlServer(socket_path(Path(settings.state)), answer):
        await asyncio.to_thread(write_report, settings, tmp_path / "with")
    await asyncio.to_thread(write_report, settings, tmp_path / "without")

    assert "no route to host" in (tmp_path / "with" / "index.html").read_text()
    assert "no route to host" not in (tmp_path / "without" / "index.html").read_text()
