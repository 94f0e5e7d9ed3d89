"""`check --online` tells which obstacle a fault is, and what to do."""

from __future__ import annotations

import socket
from pathlib import Path

from daemon.adapters.config_yaml import load
from daemon.adapters.obstacles import obstacles
from daemon.wiring import checkup
from daemon.wiring.check_obstacles import with_advice
from tests.cli_place import CliPlace


def test_check_online_knows_who_logs_in_by_oauth(tmp_path: Path) -> None:
    by_token = {
        "host": "outlook.office365.com",
        "username": "u",
        "auth": {"oauth": "microsoft", "client_id": "c", "tenant": "t"},
    }
    by_password = {"host": "smtp.office365.com", "username": "u", "password": {"env": "X"}}
    settings = load(str(CliPlace(tmp_path, imap=by_token, smtp=by_password).config)).settings
    assert settings is not None
    words = {"imap": "the server does not take our token for u: AUTHENTICATE failed.", "smtp": "535 5.7.3 no"}
    rows = [with_advice({"what": what, "ok": False, "words": said}, settings) for what, said in words.items()]

    assert [row["obstacle"]["id"] for row in rows] == ["token-refused", "m365-unsuccessful"]
    assert not [known.id for known in obstacles() if known.way != "password" and "{oauth:" in known.do]


async def test_check_online_tells_the_obstacle_beside_the_fault(tmp_path: Path) -> None:
    with socket.socket() as line:  # a port on which nobody listens
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    place = CliPlace(
        tmp_path,
        smtp={"host": "localhost", "security": "none", "port": port},
        imap={"host": "localhost", "security": "none", "port": port, "username": "u", "password": {"env": "NO_SUCH"}},
    )

    rows = {row["what"]: row for row in await checkup.check_online(str(place.config))}

    assert rows["smtp"]["obstacle"]["id"] == "refused-port"
    assert rows["imap"]["obstacle"]["do"].startswith("compare `host` and `port`")


def test_check_online_prints_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        port = line.getsockname()[1]
    place = CliPlace(tmp_path, smtp={"host": "localhost", "security": "none", "port": port})

    done = place.run("check", "--online")

    assert done.code == 1
    assert "why    nothing listens there" in done.out
    assert "do     compare `host` and `port`" in done.out
