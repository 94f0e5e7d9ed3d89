"""What `sollecito init` prints at its end can be typed word for word; given up, it leaves nothing behind."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from daemon.ports import Secret
from tests.cli_place import ROOT, Finished, invoke
from tests.test_init import GIVEN, init, without, written

_OAUTH = {**without("--password-file"), "--oauth": "google", "--client-id": "1111"}


def steps(done: Finished) -> list[list[str]]:
    """The commands that were printed, as a shell takes them apart."""
    lines = done.out.partition("Next:\n")[2].splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("  sollecito ")]


@pytest.mark.parametrize("out", ["config.yaml", "books/studio.yaml", "my books/studio.yaml"])
def test_every_step_does_what_it_says_when_typed(tmp_path: Path, out: str) -> None:
    """From the folder in which `init` was typed, wherever the config went; here without servers."""
    (tmp_path / out).parent.mkdir(exist_ok=True)
    done = init(tmp_path, "--yes", "--no-log-in", "--out", out)
    (tmp_path / "FILES").mkdir()
    (tmp_path / "FILES" / "invoice.xml").write_bytes((ROOT / "tests/invoices/ubl/invoice.xml").read_bytes())

    said = steps(done)
    ended = {}
    for words in said:
        offline = [word for word in words if word != "--online"] + (["--offline"] if words[0] == "triage" else [])
        ended[words[0]] = invoke(offline, tmp_path, b"", {})

    assert {name: (end.code, end.err) for name, end in ended.items() if end.code} == {}
    assert list(ended) == ["import", "check", "triage", "plan"]
    assert "books      2 clients, 2 invoices" in ended["check"].out
    assert [path.name for path in (tmp_path / out).parent.rglob("invoices/**/*.yaml")] == [
        f"{written(tmp_path, out).ledger.invoices[0].issued_on:%Y}.yaml"
    ], "the file that init began is the one that import goes on with"


def test_who_has_to_log_in_by_oauth_is_told_so_whether_or_not_a_log_in_was_tried(tmp_path: Path) -> None:
    for name, words in (("tried.yaml", ()), ("not.yaml", ("--no-log-in",))):
        done = init(tmp_path, "--yes", "--out", name, *words, given=_OAUTH)
        assert steps(done)[0] == ["login", name], done.out


def test_the_file_of_a_client_secret_is_found_from_the_folder_of_the_config(tmp_path: Path) -> None:
    """It is named as seen from where `init` is typed."""
    (tmp_path / "books").mkdir()
    given = {**_OAUTH, "--client-secret-file": "books/secret"}

    assert init(tmp_path, "--yes", "--out", "books/config.yaml", given=given).code == 0
    oauth = written(tmp_path, "books/config.yaml").imap.oauth
    assert oauth is not None
    assert oauth.client_secret == Secret(how="file", where=(str(tmp_path / "books" / "secret"),))


def test_the_example_of_the_help_can_be_typed(tmp_path: Path) -> None:
    example = invoke(["init", "--help"], tmp_path, b"", {}).out.partition("init --yes")[2].partition("\n\n")[0]

    done = invoke(["init", "--yes", "--no-log-in", *shlex.split(example)], tmp_path, b"", {})

    assert done.code == 0, done.err
    assert "fatture@bianchi.example" in (tmp_path / "config.yaml").read_text()


def test_it_says_that_no_mail_servers_were_found_before_it_wants_them(tmp_path: Path) -> None:
    done = init(tmp_path, "--yes", given={**GIVEN, "--email": "fatture@bianchi.example"})

    assert done.code == 2
    assert "No mail servers were found for bianchi.example." in done.err
    assert "--imap, --smtp" in done.err


def test_what_is_printed_on_every_letter_is_asked_for(tmp_path: Path) -> None:
    """Enter leaves it out."""
    given = {
        **without("--password-file"), "--password-env": "MAIL_PASSWORD", "--language": "it",
        "--timezone": "Europe/Rome", "--iban": "", "--digest-at": "07:30",
    }  # fmt: skip
    typed = "Via Roma 1, 20121 Milano\n+39 02 5550 1234\n\n\n\n"  # the last is for the servers of Gmail
    done = init(tmp_path, "--no-log-in", given=given, typed=typed)

    creditor = written(tmp_path).ledger.creditor
    assert done.code == 0, done.out + done.err
    assert (creditor.address, creditor.phone) == ("Via Roma 1, 20121 Milano", "+39 02 5550 1234")
    assert (creditor.tax_id or "", "VAT or tax number" in done.out) == ("", True)


def test_what_is_given_up_at_the_log_in_leaves_no_folder_behind(tmp_path: Path) -> None:
    """Nobody listens there; what is typed ends at the question whether to go on."""
    given = {
        **GIVEN, "--password-file": "/dev/null", "--language": "it", "--timezone": "Europe/Rome", "--iban": "",
        "--digest-at": "07:30", "--address": "", "--phone": "", "--tax-id": "", "--username": "u",
        "--imap": "none://localhost:1", "--smtp": "none://localhost:1",
    }  # fmt: skip
    done = init(tmp_path, given=given)

    assert done.code == 1
    assert "nothing was written" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("email", "typed", "tenant"),
    [
        ("fatture@outlook.com", "", "consumers"),
        ("fatture@bianchi.onmicrosoft.com", "", "bianchi.onmicrosoft.com"),
        ("fatture@bianchi.onmicrosoft.com", "no domain\nstudio.example", "studio.example"),
    ],
)
def test_microsoft_is_asked_for_by_directory(tmp_path: Path, email: str, typed: str, tenant: str) -> None:
    """Enter takes the one that goes with the address."""
    given = {
        **without("--password-file"), "--email": email, "--language": "it", "--timezone": "Europe/Rome", "--iban": "",
        "--digest-at": "07:30", "--address": "", "--phone": "", "--tax-id": "",
    }  # fmt: skip
    done = init(tmp_path, given=given, typed=f"y\noauth\n2222\n{typed}\n")

    assert done.code == 0, done.out + done.err
    oauth = written(tmp_path).imap.oauth
    assert oauth is not None
    assert (oauth.client_id, f"/{tenant}/" in oauth.token_url) == ("2222", True)
    assert (steps(done)[0], "First: " in done.out) == (["login", "config.yaml"], True)


def test_without_questions_the_directory_goes_with_the_address(tmp_path: Path) -> None:
    given = {**without("--password-file"), "--email": "fatture@outlook.com", "--oauth": "microsoft"}
    missing = init(tmp_path, "--yes", given=given)
    done = init(tmp_path, "--yes", given={**given, "--client-id": "2222"})
    oauth = written(tmp_path).imap.oauth

    assert (missing.code, "these are needed: --client-id" in missing.err) == (2, True)
    assert (done.code, oauth is not None and "/consumers/" in oauth.token_url) == (0, True)


def test_google_is_asked_for_by_the_file_of_the_programs_secret(tmp_path: Path) -> None:
    given = {
        **without("--password-file"), "--language": "it", "--timezone": "Europe/Rome", "--iban": "",
        "--digest-at": "07:30", "--address": "", "--phone": "", "--tax-id": "",
    }  # fmt: skip
    done = init(tmp_path, given=given, typed="y\noauth\n1111\nsecret\n")

    assert done.code == 0, done.out + done.err
    oauth = written(tmp_path).smtp.oauth
    assert oauth is not None
    assert oauth.client_secret == Secret(how="file", where=(str(tmp_path / "secret"),))
