"""`sollecito init` in the folder of the service, where systemd hands the passwords over: a tmpfiles entry made it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from daemon.ports import Secret
from daemon.wiring.first_place import FirstPlace
from tests.canary import PASSWORD
from tests.cli_place import invoke
from tests.test_init import init, without, written

ANSWERED = {
    **without("--password-file"), "--email": "fatture@posteo.it", "--language": "it", "--timezone": "Europe/Rome",
    "--iban": "", "--digest-at": "07:30", "--address": "", "--phone": "", "--tax-id": "", "--username": "u",
    "--imap": "none://localhost:1", "--smtp": "none://localhost:1",
}  # fmt: skip


@pytest.fixture
def etc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", "")  # what a command sets in this process is undone
    monkeypatch.delenv("CREDENTIALS_DIRECTORY")
    (tmp_path / "credentials").mkdir(mode=0o700)
    for name in ("smtp", "imap"):
        (tmp_path / "credentials" / name).touch(mode=0o600)
    return tmp_path


def kept(etc: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (etc / "credentials").iterdir()}


def test_passwords_go_where_systemd_reads_them_and_are_typed_once(etc: Path) -> None:
    done = init(etc, "--no-log-in", given=ANSWERED, typed=f"\n{PASSWORD}\n")

    assert done.code == 0, done.out + done.err
    assert kept(etc) == {"smtp": PASSWORD, "imap": PASSWORD}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (etc / "credentials").iterdir()} == {0o600}
    assert written(etc).imap.password == Secret(how="credential", where=("imap",))


def test_one_that_is_refused_is_typed_anew_and_given_up_it_is_taken_out_again(etc: Path) -> None:
    """The files stay: the unit names them."""
    done = init(etc, given=ANSWERED, typed=f"\n{PASSWORD}\nagain\n\n\n\n\n{PASSWORD}\n")

    assert done.code == 1
    assert done.out.count("Password (kept in") == 2
    assert kept(etc) == {"smtp": "", "imap": ""}


def test_a_password_that_lies_there_stays(etc: Path) -> None:
    (etc / "credentials" / "smtp").write_text("old")
    done = init(etc, "--yes", "--no-log-in", "--password-credential", "--password-stdin", given=ANSWERED,
                typed=f"{PASSWORD}\n")  # fmt: skip

    assert done.code == 0, done.out + done.err
    assert kept(etc) == {"smtp": "old", "imap": PASSWORD}


def test_the_steps_that_log_in_say_where_the_passwords_are(etc: Path) -> None:
    done = init(etc, "--no-log-in", given=ANSWERED, typed=f"\n{PASSWORD}\n")
    lines = [line.strip() for line in done.out.splitlines() if "sollecito " in line]
    there = f"CREDENTIALS_DIRECTORY={etc / 'credentials'} "

    assert [line.removeprefix(there).split()[1] for line in lines if line.startswith(there)] == ["check", "triage"]
    checked = invoke(
        ["check", "config.yaml", "--online"], etc, b"", {"CREDENTIALS_DIRECTORY": str(etc / "credentials")}
    )
    assert "is out of reach" in checked.out, "the server; the password was found"


def test_another_creditor_beside_the_first_has_all_things_of_its_own(etc: Path) -> None:
    """As README says of `sollecito@anna`; the first one's invoices are none of its own, and the other way round."""
    (etc / "credentials" / "anna").mkdir()
    assert init(etc, "--yes", "--no-log-in", "--password-env", "P", given=ANSWERED).code == 0
    done = init(etc, "--no-log-in", "--out", "anna.yaml", given=ANSWERED, typed=f"\n{PASSWORD}\n")

    assert done.code == 0, done.out + done.err
    first, anna = written(etc), written(etc, "anna.yaml")
    assert (first.state, anna.state) == (str(etc / "state"), str(etc / "state-anna"))
    assert len(first.ledger.invoices) == len(anna.ledger.invoices) == 1
    assert {path.parent.name for path in map(Path, anna.files) if path.name != "anna.yaml"} == {"anna"}
    assert (etc / "credentials" / "anna" / "imap").read_text() == PASSWORD


def test_in_the_services_folder_the_state_lies_where_its_unit_has_it() -> None:
    states = [FirstPlace(Path("/etc/sollecito") / name).state for name in ("config.yaml", "anna.yaml")]

    assert states == ["/var/lib/sollecito", "/var/lib/sollecito-anna"]
