"""Whoever may write a link into the state directory must not choose what the daemon reads, nor where it writes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from daemon.adapters.dossier_zip import forget_dossiers
from daemon.adapters.oauth_faults import LoginFault
from daemon.adapters.oauth_store import TokenStore
from daemon.adapters.state_dir import StateDir
from daemon.ports import StateFault
from tests.backup_scene import GRANT


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with StateDir.open(tmp_path / "state"):
        pass
    return tmp_path / "state"


def test_keys_and_tokens_behind_a_link_are_refused(place: Path, tmp_path: Path) -> None:
    """Also where what they lead to is private, and would be good."""
    (place / "keys.json").rename(tmp_path / "keys")
    (place / "keys.json").symlink_to(tmp_path / "keys")
    with pytest.raises(StateFault, match=r"keys\.json"):
        StateDir.open(place)

    store = TokenStore(place)
    with store.lock():
        store.save("google", GRANT)
    store.path.rename(tmp_path / "oauth.json")
    store.path.symlink_to(tmp_path / "oauth.json")
    with pytest.raises(LoginFault, match=r"oauth\.json"):
        store.load("google")


@pytest.mark.parametrize("name", ["lock", "oauth.lock"])
def test_a_lock_behind_a_link_is_refused_and_what_it_leads_to_is_left_alone(
    place: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "victim").write_text("mine")
    (place / name).unlink(missing_ok=True)
    (place / name).symlink_to(tmp_path / "victim")
    with pytest.raises((StateFault, LoginFault)):
        StateDir.open(place) if name == "lock" else TokenStore(place).lock().__enter__()

    assert (tmp_path / "victim").read_text() == "mine"


def test_a_new_file_does_not_go_where_a_link_leads(place: Path, tmp_path: Path) -> None:
    """What is written anew is written beside its place first; a link that waits there is replaced, not followed."""
    (tmp_path / "victim").write_text("mine")
    (place / "oauth.json.new").symlink_to(tmp_path / "victim")
    TokenStore(place).save("google", GRANT)

    assert (tmp_path / "victim").read_text() == "mine"
    assert not (place / "oauth.json").is_symlink()


def test_forgetting_removes_nothing_behind_a_link(place: Path, tmp_path: Path) -> None:
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "mine.txt").write_text("mine")
    (place / "dossiers").mkdir()
    (place / "dossiers" / "acme").symlink_to(tmp_path / "others")
    with pytest.raises(OSError):
        forget_dossiers(place, "acme")

    assert os.listdir(tmp_path / "others") == ["mine.txt"]
