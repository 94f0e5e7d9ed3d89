"""Passwords from the four places, and what is said when there is none."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from daemon.adapters import secret
from daemon.adapters.secret import NoSecret, resolve
from daemon.ports import Secret
from tests.config_builder import changed, loaded


def _of(how: str, *where: str) -> Secret:
    return Secret(how=how, where=where)


def test_a_credential_is_read_from_the_directory_that_systemd_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "smtp").write_text("pässword\n", encoding="utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))

    assert resolve(_of("credential", "smtp")) == "pässword"


def test_a_file_keeps_its_blanks_and_loses_its_line_end(tmp_path: Path) -> None:
    (tmp_path / "p").write_bytes(b" two words \r\n")

    assert resolve(_of("file", str(tmp_path / "p"))) == " two words "


def test_an_environment_variable_is_taken_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOLLECITO_TEST_PASSWORD", "s3cret")

    assert resolve(_of("env", "SOLLECITO_TEST_PASSWORD")) == "s3cret"


def test_a_command_is_run_without_a_shell_and_its_output_taken() -> None:
    assert resolve(_of("command", sys.executable, "-c", "print('a;b $HOME')")) == "a;b $HOME"


def test_what_is_not_there_is_said_with_the_place_where_it_was_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every message tells the owner what to change; none holds a password."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.delenv("NOT_SET", raising=False)
    monkeypatch.setenv("EMPTY", "")
    (tmp_path / "two").write_text("s3cret\nanother\n")
    (tmp_path / "odd").write_bytes(b"s3cret\xff")

    def said(how: str, *where: str) -> str:
        with pytest.raises(NoSecret) as caught:
            resolve(_of(how, *where))
        assert "s3cret" not in str(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        return str(caught.value)

    assert "$CREDENTIALS_DIRECTORY is not set" in said("credential", "smtp")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert f"no systemd credential `smtp` in {tmp_path}: add LoadCredential=smtp:" in said("credential", "smtp")
    assert said("file", f"{tmp_path}/gone") == f"the file {tmp_path}/gone cannot be read: No such file or directory"
    assert "holds more than one line" in said("file", f"{tmp_path}/two")
    assert "holds something that is not text" in said("file", f"{tmp_path}/odd")
    assert said("env", "NOT_SET") == "the environment variable NOT_SET is not set"
    assert said("env", "EMPTY") == "the environment variable EMPTY is empty"
    assert "the command /gone/pass cannot be run: No such file or directory" in said("command", "/gone/pass", "show")
    assert "failed (exit status 3)" in said("command", sys.executable, "-c", "print('s3cret'); raise SystemExit(3)")


def test_a_command_that_hangs_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password program that asks for a passphrase on a terminal that is not there."""
    monkeypatch.setattr(secret, "_PATIENCE", 0.2)
    with pytest.raises(NoSecret, match=r"did not end within 0.2 seconds"):
        resolve(_of("command", sys.executable, "-c", "import time; time.sleep(60)"))


def test_a_secret_shows_where_it_is_and_not_what_it_is(tmp_path: Path) -> None:
    """It stands in settings, which may end in a log; a relative file is beside the config."""
    settings = loaded(tmp_path, changed("{env: IMAP_PASSWORD}", "{file: secret/imap}")).settings

    assert settings is not None
    assert str(settings.imap.password) == f"file: {tmp_path}/secret/imap"
