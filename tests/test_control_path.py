"""Where the control socket lies: the daemon and its clients find the same place, and never another creditor's."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from daemon.adapters.control import socket_path


def test_the_service_and_its_clients_agree_on_the_path(tmp_path: Path) -> None:
    """The client does not have $RUNTIME_DIRECTORY; it knows the daemon's choice by the socket that is there."""
    runtime, state = tmp_path / "run", tmp_path / "state"
    runtime.mkdir()
    state.mkdir()
    daemons = socket_path(state, {"RUNTIME_DIRECTORY": str(runtime)}, runtime)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(daemons))

        assert socket_path(state, {}, runtime) == daemons
        assert daemons.parent == runtime


def test_without_a_runtime_directory_the_socket_lies_in_the_state_directory(tmp_path: Path) -> None:
    assert socket_path(tmp_path, {}, tmp_path / "no such directory").parent == tmp_path


def test_another_users_runtime_directory_is_not_used_by_a_daemon_started_by_hand(tmp_path: Path) -> None:
    runtime, state = (tmp_path / "run" if os.geteuid() == 0 else Path("/usr")), tmp_path / "state"
    if os.geteuid() == 0:
        runtime.mkdir()
        os.chown(runtime, 12345, -1)

    assert socket_path(state, {}, runtime).parent == state


def test_two_creditors_never_share_a_socket(tmp_path: Path) -> None:
    """`sollecito paid` of the one must not reach the daemon of the other."""
    given = {"RUNTIME_DIRECTORY": str(tmp_path)}

    assert socket_path(Path("/var/lib/sollecito/a"), given) != socket_path(Path("/var/lib/sollecito/b"), given)


def test_a_state_directory_reached_by_a_link_has_the_same_socket(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "state")
    given = {"RUNTIME_DIRECTORY": "/run/x:/run/y"}

    assert socket_path(tmp_path / "link", given) == socket_path(tmp_path / "state", given)
    assert socket_path(tmp_path / "link", given).parent == Path("/run/x")
