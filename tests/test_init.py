"""`sollecito init`: questions whose answers are looked at at once, a right config, nothing overwritten."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest

from daemon.adapters.config_yaml import load
from daemon.adapters.countries import country_of, currency_of, language_of, local_zone, zone_of
from daemon.adapters.first_config import FirstAnswers, WayIn
from daemon.adapters.providers import Server
from daemon.ports import Secret, Security, Settings
from daemon.wiring.first_files import CannotBegin, FirstFiles
from daemon.wiring.first_questions import server_of
from tests.canary import PASSWORD
from tests.cli_place import Finished, invoke

GIVEN = {
    "--name": 'Studio "Bianchi": S.r.l. #1', "--contact": "Giulia Bianchi", "--email": "fatture@gmail.com",
    "--owner": "giulia@bianchi.example", "--country": "IT", "--password-file": "password",
}  # fmt: skip


def init(folder: Path, *words: str, typed: str = "", given: dict[str, str] | None = None) -> Finished:
    options = [word for pair in (GIVEN if given is None else given).items() for word in pair]
    return invoke(["init", *options, *words], folder, typed.encode(), {})


def written(folder: Path, name: str = "config.yaml") -> Settings:
    """The config as `check` reads it; the test fails where it finds a fault."""
    found = load(str(folder / name))
    assert found.problems == ()
    assert found.settings is not None
    return found.settings


def without(*options: str) -> dict[str, str]:
    return {key: value for key, value in GIVEN.items() if key not in options}


def test_options_alone_make_a_config_that_is_right(tmp_path: Path) -> None:
    done = init(
        tmp_path, "--yes", "--no-log-in", "--iban", "IT60X0542811101000000123456", "--address", "Via Roma 1: Milano"
    )

    settings = written(tmp_path)
    creditor = settings.ledger.creditor
    assert done.code == 0, done.err
    assert (creditor.name, creditor.contact, creditor.language) == (GIVEN["--name"], "Giulia Bianchi", "it")
    assert (creditor.timezone.key, settings.ledger.owner.email) == ("Europe/Rome", "giulia@bianchi.example")
    assert (settings.smtp.host, settings.smtp.port, settings.smtp.security) == (
        "smtp.gmail.com",
        587,
        Security.STARTTLS,
    )
    assert settings.imap.password == Secret(how="file", where=(str(tmp_path / "password"),))
    assert settings.imap.file_sent is False, "Gmail files our letters itself"
    assert settings.state == str(tmp_path / "state")
    assert (settings.ledger.first_start.per_day, settings.ledger.first_start.show) == (5, True)


def test_a_folder_of_any_name_can_hold_the_state(tmp_path: Path) -> None:
    """`#` begins a remark in YAML, and `: ` a value."""
    folder = tmp_path / "books #1: Bianchi"
    folder.mkdir()

    assert init(folder, "--yes", "--no-log-in").code == 0
    assert written(folder).state == str(folder / "state")


def test_the_invoice_that_comes_as_an_example_is_held_and_nobody_is_written_to(tmp_path: Path) -> None:
    init(tmp_path, "--yes", "--no-log-in")
    plan = invoke(["plan", "--until", "2099-01-01"], tmp_path, b"", {})

    assert len(written(tmp_path).ledger.invoices) == 1
    assert plan.code == 0, plan.err
    assert "Nothing goes out" in plan.out


def test_only_the_owner_and_the_group_can_read_it_and_only_the_owner_the_password(tmp_path: Path) -> None:
    done = init(tmp_path, "--yes", "--no-log-in", "--password-stdin", typed=f"{PASSWORD} \n")

    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    assert done.code == 0, done.err
    assert {modes.pop("password"), *modes.values()} == {0o600, 0o640}
    assert (tmp_path / "password").read_text() == f"{PASSWORD} "
    assert PASSWORD not in (tmp_path / "config.yaml").read_text() + done.out + done.err
    assert [path.name for path in tmp_path.glob(".*")] == [], "no draft is left"


@pytest.mark.parametrize("there", ["config.yaml", "a link to nowhere"])
def test_nothing_is_ever_overwritten(tmp_path: Path, there: str) -> None:
    config = tmp_path / "config.yaml"
    if there == "config.yaml":
        config.write_text("mine")
    else:
        config.symlink_to(tmp_path / "nowhere")

    done = init(tmp_path, "--yes", "--no-log-in")

    assert done.code == 1
    assert "never overwritten" in done.err
    assert not (tmp_path / "invoices").exists()
    assert not (tmp_path / "nowhere").exists()


def test_invoices_and_a_password_that_are_there_stay_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "invoices").mkdir()
    mine = tmp_path / "invoices" / "mine.yaml"
    mine.write_text("[]\n")
    (tmp_path / "password").write_text("old")

    done = init(tmp_path, "--yes", "--no-log-in", "--password-stdin", typed="new\n")

    assert done.code == 0, done.err
    assert [path.name for path in (tmp_path / "invoices").iterdir()] == ["mine.yaml"]
    assert (tmp_path / "password").read_text() == "old"


def test_without_questions_all_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    done = init(tmp_path, "--yes", given=without("--name", "--owner", "--country"))

    assert done.code == 2
    assert "--name, --country, --owner" in done.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--email", "nonsense", "is not a mail address"),
        ("--country", "it", "write it in capitals, IT"),
        ("--timezone", "Europe/Roma", "did you mean `Europe/Rome`?"),
        ("--iban", "IT60X0542811101000000123457", "IBAN"),
        ("--digest-at", "25:00", "25:00"),
        ("--imap", "mail.acme.example:x", "is no port"),
        ("--smtp", "smtps://mail.acme.example", "is none of tls, starttls and none"),
        ("--language", "xx", "`xx` is not one of"),
    ],
)
def test_an_answer_that_the_config_would_refuse_is_refused_at_once(
    tmp_path: Path, option: str, value: str, said: str
) -> None:
    done = init(tmp_path, "--yes", "--no-log-in", given={**GIVEN, option: value})

    assert done.code == 2
    assert said in done.err
    assert list(tmp_path.iterdir()) == []


def test_a_question_is_asked_again_until_its_answer_can_be_used(tmp_path: Path) -> None:
    """Defaults come from the address: Enter takes them."""
    typed = [
        "Studio Bianchi", "Giulia", "fatture@posteo.it", "", "", "", "", "", "Europe/Roma", "Europe/Rome",
        "IT00", "", "giulia@bianchi.example", "7 o'clock", "07:00", "", "env", "MAIL_PASSWORD",
    ]  # fmt: skip

    done = init(tmp_path, "--no-log-in", typed="\n".join(typed) + "\n", given={})

    settings = written(tmp_path)
    assert done.code == 0, done.out
    assert "did you mean `Europe/Rome`?" in done.out
    assert "7 o'clock" in done.out
    assert (settings.ledger.creditor.language, settings.imap.host) == ("it", "posteo.de")
    assert settings.smtp.password == Secret(how="env", where=("MAIL_PASSWORD",))


def test_a_provider_that_wants_oauth_gets_it(tmp_path: Path) -> None:
    given = {**without("--password-file"), "--email": "fatture@bianchi.onmicrosoft.com"}

    done = init(
        tmp_path, "--yes", "--oauth", "microsoft", "--client-id", "2222", "--tenant", "bianchi.example", given=given
    )

    settings = written(tmp_path)
    assert done.code == 0, done.err
    assert settings.smtp.oauth is not None
    assert settings.smtp.oauth == settings.imap.oauth
    assert "sollecito login" in done.out


def test_a_command_that_prints_the_password_is_written_word_by_word(tmp_path: Path) -> None:
    given = {**without("--password-file"), "--password-command": "pass show 'mail/my invoices'"}

    init(tmp_path, "--yes", "--no-log-in", given=given)

    assert written(tmp_path).imap.password == Secret(how="command", where=("pass", "show", "mail/my invoices"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mail.acme.example", ("mail.acme.example", 993, Security.TLS)),
        ("mail.acme.example:143", ("mail.acme.example", 143, Security.STARTTLS)),
        ("mail.acme.example:9993", ("mail.acme.example", 9993, Security.TLS)),
        ("starttls://mail.acme.example", ("mail.acme.example", 143, Security.STARTTLS)),
        ("none://localhost:1143", ("localhost", 1143, Security.NONE)),
    ],
)
def test_a_server_is_said_in_one_word(text: str, expected: tuple[str, int, Security]) -> None:
    found = server_of("imap")(text)

    assert (found.host, found.port, found.security) == expected


def test_a_country_tells_language_currency_and_time_zone() -> None:
    assert [country_of(a) for a in ("a@b.it", "a@b.co.uk", "a@b.com", "a@b.example")] == ["IT", "GB", None, None]
    assert (language_of("DE-BY"), language_of("PL"), currency_of("CH"), currency_of("IT")) == ("de", "en", "CHF", "EUR")
    assert (zone_of("IT"), zone_of("DE-BY"), zone_of("TR")) == ("Europe/Rome", "Europe/Berlin", "Europe/Istanbul")


def test_a_country_with_several_languages_of_ours_is_guessed_to_have_none_of_them() -> None:
    assert [language_of(country) for country in ("CH", "BE", "LU", "AT")] == ["en", "en", "en", "de"]
    assert [country_of(f"a@b.{end}") for end in ("ch", "be", "lu")] == ["CH", "BE", "LU"]


def test_of_several_time_zones_only_that_of_this_machine_is_guessed() -> None:
    """The first in the table is an island: nobody in Sydney has the time of Lord Howe."""
    assert [zone_of(country, "UTC") for country in ("AU", "BR", "CA", "US")] == [None] * 4
    assert zone_of("AU", "Australia/Sydney") == "Australia/Sydney"
    assert zone_of("IT", "Australia/Sydney") == "Europe/Rome"
    assert zone_of("DE", "UTC") == "Europe/Berlin", "Büsingen has the same time"


def test_a_time_zone_that_cannot_be_guessed_is_asked_for(tmp_path: Path) -> None:
    elsewhere = "CA" if local_zone().startswith(("Australia", "Antarctica")) else "AU"
    done = init(tmp_path, "--yes", "--no-log-in", given={**GIVEN, "--country": elsewhere})

    assert (done.code, "--timezone" in done.err) == (2, True)


def test_answers_that_end_too_early_leave_nothing_behind(tmp_path: Path) -> None:
    done = init(tmp_path, typed="Studio Bianchi\nGiulia\n", given={})

    assert done.code == 1
    assert "nothing was written" in done.err
    assert list(tmp_path.iterdir()) == []


def test_what_is_given_up_half_way_keeps_no_password(tmp_path: Path) -> None:
    """It was typed and put into its file; then the config could not be written."""
    (tmp_path / "invoices").write_text("a file in the place of the folder")

    done = init(tmp_path, "--yes", "--no-log-in", "--password-stdin", typed=f"{PASSWORD}\n")

    assert done.code == 1
    assert not (tmp_path / "password").exists()
    assert not (tmp_path / "config.yaml").exists()


def test_a_config_that_came_there_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """Between the first look and the last step a log-in is tried, which takes a while."""
    init(tmp_path, "--yes", "--no-log-in", "--out", "other.yaml")
    told = FirstAnswers(
        name="Studio", contact="Giulia", email="f@bianchi.example", language="it", country="IT", timezone="Europe/Rome",
        currency="EUR", owner="g@bianchi.example", digest_at="07:30", username="u", state=str(tmp_path / "state"),
        imap=Server("mail.bianchi.example", 993, Security.TLS), smtp=Server("mail.bianchi.example", 465, Security.TLS),
        imap_way=WayIn("password", "{env: P}"), smtp_way=WayIn("password", "{env: P}"),
    )  # fmt: skip
    out = tmp_path / "config.yaml"

    with FirstFiles(out, told, date(2026, 11, 28)) as files:
        out.write_text("mine")
        with pytest.raises(CannotBegin, match="never overwritten"):
            files.put()

    assert out.read_text() == "mine"
    assert list(tmp_path.glob(".*")) == []
