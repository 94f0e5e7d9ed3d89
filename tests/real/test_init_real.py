"""`sollecito init` against real servers: the log-in is tried, nothing is sent, and a fault is named with what to do."""

from __future__ import annotations

from pathlib import Path

from daemon.adapters.config_yaml import load
from tests.cli_place import Finished, invoke
from tests.real.servers import Account, MailHouse


def begin(folder: Path, house: MailHouse, creditor: Account, *words: str, password: str, typed: str = "") -> Finished:
    options = ["--password-file", "password"] if password else []
    if password:
        (folder / "password").write_text(password)
    options += [
        "--name", "Studio Bianchi", "--contact", "Giulia", "--email", creditor.address, "--owner", "g@bianchi.example",
        "--country", "IT", "--imap", f"tls://localhost:{house.dovecot.tls_port}",
        "--smtp", f"starttls://localhost:{house.postfix.starttls_port}", "--username", creditor.username,
        "--ca-file", str(house.ca_file),
        "--language", "it", "--timezone", "Europe/Rome", "--digest-at", "07:30", "--iban", "",
        "--address", "", "--phone", "", "--tax-id", "",
    ]  # fmt: skip
    return invoke(["init", *options, *words], folder, typed.encode(), {})


def test_a_log_in_that_succeeds_is_told_with_the_folders_and_nothing_is_sent(
    mail_house: MailHouse, tmp_path: Path
) -> None:
    creditor = mail_house.new_user("fatture")
    done = begin(tmp_path, mail_house, creditor, "--yes", password=creditor.password)

    assert done.code == 0, done.out + done.err
    assert "sent: Sent" in done.out
    assert load(str(tmp_path / "config.yaml")).problems == ()
    assert mail_house.dovecot.mails(creditor.username) == []


def test_a_log_in_that_fails_is_told_with_the_reason_and_the_config_is_there(
    mail_house: MailHouse, tmp_path: Path
) -> None:
    creditor = mail_house.new_user("fatture")
    done = begin(tmp_path, mail_house, creditor, "--yes", password="no")

    assert done.code == 1
    assert done.out.count("FAULT") == 2
    assert "try both in a browser" in done.out
    assert (tmp_path / "config.yaml").is_file()


def test_after_a_log_in_that_fails_other_answers_may_be_given(mail_house: MailHouse, tmp_path: Path) -> None:
    """Or none: the config is written then, too, and says no more than what was answered."""
    creditor = mail_house.new_user("fatture")
    (tmp_path / "credentials").mkdir()
    right = tmp_path / "credentials" / "right"
    right.write_text(creditor.password)
    typed = "\n".join(["again", "", "", "", "file", str(right)]) + "\n"
    done = begin(tmp_path, mail_house, creditor, password="no", typed=typed)

    settings = load(str(tmp_path / "config.yaml")).settings
    assert done.code == 0, done.out + done.err
    assert done.out.count("FAULT") == 2
    assert settings is not None
    assert settings.imap.password is not None
    assert settings.imap.password.where == (str(right),)


def test_a_password_that_was_mistyped_is_typed_again(mail_house: MailHouse, tmp_path: Path) -> None:
    """The file that holds it was made a moment ago, and is made anew."""
    creditor = mail_house.new_user("fatture")
    new = str(tmp_path / "password")
    typed = "\n".join(["file", new, "mistyped", "again", "", "", "", "file", new, creditor.password]) + "\n"
    done = begin(tmp_path, mail_house, creditor, password="", typed=typed)

    assert done.code == 0, done.out + done.err
    assert (tmp_path / "password").read_text() == creditor.password
    assert (tmp_path / "config.yaml").is_file()
