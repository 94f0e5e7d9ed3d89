"""The unit file, judged by systemd itself: read, rated, and run in a real systemd with the sandbox on."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.real.freezer import IMPATIENT
from tests.real.process_house import with_changes
from tests.real.systemd_house import HOME, ROOT, SystemdHouse

UNIT = ROOT / "systemd" / "sollecito.service"
TEMPLATE = ROOT / "systemd" / "sollecito@.service"  # for several creditors
MOST_EXPOSED = 15  # tenths; systemd-analyze security
pytestmark = pytest.mark.xdist_group("systemd")


@pytest.mark.parametrize("unit", [UNIT, TEMPLATE], ids=["alone", "several"])
def test_systemd_has_nothing_to_say_about_the_unit(unit: Path, tmp_path: Path) -> None:
    """`verify` exits 0 on an unknown key; what it has to say it says on stderr.  The program is not installed here."""
    copy = tmp_path / unit.name.replace("@", "@anna")
    written = unit.read_text()
    copy.write_text(written.replace("/opt/sollecito/venv/bin/sollecito", "/bin/true"))
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True)

    assert "/bin/true run" in copy.read_text()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("unit", [UNIT, TEMPLATE], ids=["alone", "several"])
def test_the_service_is_hardly_exposed(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name.replace("@", "@anna")
    copy.write_text(unit.read_text())
    command = ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", copy]
    done = subprocess.run(command, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout[-300:]


def test_a_creditor_of_several_is_confined_as_one_alone() -> None:
    """Nothing but whose config, state and passwords it is may differ: a wall that is built in one is built in both."""
    alone, several = (
        [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
        for path in (UNIT, TEMPLATE)
    )
    apart = [(one, other) for one, other in zip(alone, several, strict=True) if one != other]

    assert [one.split("=")[0] for one, _ in apart] == [
        "Description", "ExecStart", "StateDirectory", "LoadCredential", "LoadCredential",
    ]  # fmt: skip
    assert all("%i" in other or "%I" in other for _, other in apart)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SystemdHouse]:
    """A systemd with the unit installed as the README says, the probe in the daemon's place, and shorter times."""
    with SystemdHouse(tmp_path_factory.mktemp("systemd") / "work") as booted:
        booted.write("/etc/sollecito/config.yaml", "creditor: {}\n")
        booted.run("chown", "root:sollecito", "/etc/sollecito/config.yaml")
        booted.run("chmod", "0640", "/etc/sollecito/config.yaml")
        booted.write("/etc/sollecito/credentials/smtp", "s3cret")
        booted.write(
            "/etc/systemd/system/sollecito.service.d/probe.conf",
            "[Service]\nExecStart=\n"
            f"ExecStart={booted.python} {HOME}/checkout/tests/real/systemd_probe.py\n"
            f"Environment={booted.environment()}\nWatchdogSec=3s\nRestartSec=1s\n",
        )
        booted.systemctl("daemon-reload")
        yield booted


@pytest.fixture
def running(house: SystemdHouse) -> Iterator[SystemdHouse]:
    house.systemctl("reset-failed", "sollecito", check=False)
    house.systemctl("start", "sollecito")
    yield house
    house.systemctl("stop", "sollecito")


def _ask(house: SystemdHouse, command: str, user: str = "root", **args: Any) -> dict[str, Any]:
    """Ask over the socket as a user inside would: by the client of the command line."""
    program = (
        "import sys, json; from pathlib import Path\n"
        "from daemon.adapters.control import socket_path\n"
        "from daemon.adapters.control_client import ask\n"
        "print(json.dumps(ask(socket_path(Path('/var/lib/sollecito')), sys.argv[1], json.loads(sys.argv[2]))))"
    )
    inside = ["env", *house.environment().split(), house.python, "-c", program, command, json.dumps(args)]
    as_user = [] if user == "root" else ["setpriv", f"--reuid={user}", "--regid=nogroup", "--groups=sollecito", "--"]
    answer = json.loads(house.run(*as_user, *inside).splitlines()[-1])
    assert isinstance(answer, dict)
    return answer


def test_the_service_is_up_when_it_says_so_and_may_do_what_it_needs(running: SystemdHouse) -> None:
    state = running.shown("sollecito", "ActiveState", "StatusText", "Type")
    may = _ask(running, "look")

    assert state == {"ActiveState": "active", "StatusText": "probe is up", "Type": "notify"}
    assert may == {
        "ok": True,
        "user": "sollecito",
        "root": False,
        "credential": "s3cret",
        "credential file": "PermissionError",
        "config": "creditor: {}\n",
        "write state": "1",
        "write config": "OSError",  # read-only
        "write elsewhere": "OSError",
        "see homes": "PermissionError",
        "tcp": "connected to 127.0.0.1",
        "packets": "OSError",
        "thread": "ran",
        "command": "a password",
        "core": [0, 0],  # no memory image: it would hold the passwords
    }


def test_whoever_is_in_the_group_may_talk_to_the_daemon(running: SystemdHouse) -> None:
    """The owner is not root, and must not need to be."""
    assert _ask(running, "look", user="nobody")["ok"] is True


def test_a_reload_is_announced_and_ends(running: SystemdHouse) -> None:
    running.systemctl("reload", "sollecito")

    assert running.wait_for("sollecito", StatusText="read again", ActiveState="active")
    assert any("config_read_again" in line for line in running.journal("sollecito"))


def test_warnings_are_warnings_in_the_journal(running: SystemdHouse) -> None:
    running.systemctl("reload", "sollecito")
    running.wait_for("sollecito", StatusText="read again")
    running.run("journalctl", "--sync", check=False)
    warned = running.run(
        "journalctl", "-u", "sollecito", "-p", "warning", "-o", "cat", "--no-pager", "--facility=daemon"
    )

    assert '"event":"config_read_again"' in warned.replace(": ", ":")
    assert '"started"' not in warned


@pytest.mark.parametrize("code", [2, 3])
def test_a_wrong_config_or_state_is_not_started_again(running: SystemdHouse, code: int) -> None:
    _ask(running, "leave", code=code)
    seen = running.wait_for("sollecito", ActiveState="failed", ExecMainStatus=str(code))

    assert seen["ExecMainStatus"] == str(code)
    assert running.shown("sollecito", "NRestarts")["NRestarts"] == "0"


def test_a_failure_is_started_again(running: SystemdHouse) -> None:
    _ask(running, "leave", code=1)

    assert running.wait_for("sollecito", NRestarts="[1-9].*", ActiveState="active")


def test_a_daemon_that_shows_no_sign_of_life_is_started_again(running: SystemdHouse) -> None:
    """A loop that hangs must not look like a quiet day."""
    before = running.shown("sollecito", "MainPID")["MainPID"]
    _ask(running, "starve")
    running.wait_for("sollecito", NRestarts="[1-9].*", ActiveState="active")

    assert running.shown("sollecito", "MainPID")["MainPID"] != before
    assert any("watchdog" in line.lower() for line in running.run("journalctl", "-n", "200", "--no-pager").splitlines())


def test_the_daemon_itself_with_a_wrong_config_lists_the_problems_and_stays_down(house: SystemdHouse) -> None:
    """Every package is imported inside the sandbox on the way: what it forbids would show here."""
    folder = "/etc/systemd/system/sollecito.service.d"
    house.write(
        f"{folder}/real.conf",
        f"[Service]\nExecStart=\nExecStart={house.python} -m daemon run /etc/sollecito/config.yaml\n",
    )
    house.systemctl("daemon-reload")
    try:
        house.systemctl("start", "sollecito", check=False)
        seen = house.wait_for("sollecito", ActiveState="failed", ExecMainStatus=r"\d+", NRestarts=r"\d+")
        said = "\n".join(house.journal("sollecito"))
    finally:
        house.run("rm", f"{folder}/real.conf")
        house.systemctl("daemon-reload")

    assert (seen["ExecMainStatus"], seen["NRestarts"]) == ("2", "0")
    assert "/etc/sollecito/config.yaml:1:" in said


def test_the_daemon_itself_is_started_again_when_one_of_its_loops_freezes(house: SystemdHouse) -> None:
    """Everything else in it goes on; no mail server is there, and none is needed for this."""
    folder, program, frozen = "/etc/systemd/system/sollecito.service.d", "/opt/frozen.py", "/opt/frozen"
    house.write(frozen, "")
    house.write(
        program, "\n".join(with_changes(*IMPATIENT, f"import tests.real.freezer as f; f.install({frozen!r})")[1:])
    )
    house.write("/etc/sollecito/config.yaml", yaml.safe_dump(_a_config()))
    house.write(
        f"{folder}/real.conf",
        f"[Service]\nExecStart=\nExecStart={house.python} {program} run /etc/sollecito/config.yaml\n",
    )
    house.systemctl("daemon-reload")
    try:
        house.systemctl("reset-failed", "sollecito", check=False)
        house.systemctl("start", "sollecito")
        time.sleep(5)  # longer than WatchdogSec: it is fed
        before = house.shown("sollecito", "MainPID", "NRestarts", "ActiveState")
        house.write(frozen, "watch")
        house.wait_for("sollecito", NRestarts="[1-9].*")
        house.write(frozen, "")
        after = house.wait_for("sollecito", ActiveState="active", MainPID="[1-9].*")
        said = "\n".join(house.journal("sollecito"))
    finally:
        house.systemctl("stop", "sollecito", check=False)
        house.write("/etc/sollecito/config.yaml", "creditor: {}\n")
        house.run("rm", f"{folder}/real.conf")
        house.systemctl("daemon-reload")

    assert (before["NRestarts"], before["ActiveState"]) == ("0", "active")
    assert after["MainPID"] != before["MainPID"]
    assert '"loop": "watch"' in said


def _a_config() -> dict[str, Any]:
    """Servers that are out of reach, and nobody who owes anything."""
    closed = {"host": "localhost", "port": 1, "security": "tls", "username": "u"}
    document = yaml.safe_load((ROOT / "config.example.yaml").read_text())
    return document | {
        "smtp": closed | {"password": {"credential": "smtp"}}, "imap": closed | {"password": {"credential": "imap"}},
        "state": "tinydb:///var/lib/sollecito", "invoices": [],
    }  # fmt: skip
