"""Every command with no daemon running: what it does, what it says, and what it answers to a wrong use."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest

from daemon.mail.whose.lost_letter import tokens_in
from tests.cli_place import ROOT, CliPlace, a_config, day, invoice


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


def _refused(place: CliPlace, *words: str, code: int = 1) -> str:
    """What a command that is refused says: on stderr, without a trace."""
    done = place.run(*words)
    assert done.code == code, done
    assert done.out == ""
    assert "Traceback" not in done.err
    return done.err


def test_paid_in_part_and_in_full(place: CliPlace) -> None:
    assert "EUR 610.00" in place.says("paid", "2026-041", "--amount", "610.00", "--on", day(-3))
    assert place.row("2026-041")["outstanding"] == "490.00"
    assert place.row("2026-041")["state"] == "open"
    assert "490.00" in place.says("paid", "2026-041")
    assert place.row("2026-041")["state"] == "paid"
    assert "paid already" in _refused(place, "paid", "2026-041")


def test_more_than_is_owed_is_recorded_only_where_that_is_said(place: CliPlace) -> None:
    """A slip of the pen cannot be taken back.  What the YAML or the bank tells is never refused (DESIGN 6.7)."""
    refused = _refused(place, "paid", "2026-041", "--amount", "5000")

    assert "EUR 1,100.00 open" in refused
    assert "--more-than-owed" in refused
    assert place.row("2026-041")["outstanding"] == "1100.00", "nothing was recorded"
    assert "3,900.00 more than was owed" in place.says("paid", "2026-041", "--amount", "5000", "--more-than-owed")
    assert place.row("2026-041")["state"] == "paid"


def test_an_amount_that_may_be_a_thousand_is_asked_back(place: CliPlace) -> None:
    """Half of Europe writes a thousand as 1.000: booked as one euro it could not be taken back."""
    assert "`1.000` has 3 decimals, and EUR has 2 decimals: write 1.00 or 1000" in _refused(
        place, "paid", "2026-041", "--amount", "1.000"
    )
    assert place.row("2026-041")["outstanding"] == "1100.00", "nothing was recorded"


def test_a_payment_of_a_later_day_counts_from_then_on(place: CliPlace) -> None:
    """DESIGN 6.7."""
    assert f"counted from {day(5)} on" in place.says("paid", "2026-041", "--on", day(5))
    assert place.row("2026-041")["state"] == "open"


def test_hold_and_resume(place: CliPlace) -> None:
    assert day(20) in place.says("hold", "2026-041", "--until", day(20), "--because", "credit note is coming")
    assert place.row("2026-041")["hold"]["until"] == day(20)
    place.says("resume", "2026-041")
    assert place.row("2026-041")["state"] == "open"
    assert "not held" in _refused(place, "resume", "2026-041")
    assert "passed" in _refused(place, "hold", "2026-041", "--until", day(-1))


def test_promise_and_dispute(place: CliPlace) -> None:
    assert day(10) in place.says("promise", "2026-041", day(10))
    assert place.row("2026-041")["state"] == "promised"
    place.says("dispute", "2026-050", "four", "hours", "are", "missing")
    assert place.row("2026-050")["state"] == "disputed"
    assert "passed" in _refused(place, "promise", "2026-041", day(-1))


def test_called_and_its_effects(place: CliPlace) -> None:
    assert "voicemail" in place.says("called", "2026-041", "voicemail")
    assert place.row("2026-041")["state"] == "open"
    place.says("called", "2026-041", "promised", day(6))
    assert place.row("2026-041")["state"] == "promised"
    place.says("called", "2026-050", "disputes", "the", "hours")
    assert place.row("2026-050")["state"] == "disputed"
    assert "asked" in place.says("called", "2026-060", "paid")
    assert place.row("2026-060")["hold"]["because"] == "claims-paid"
    assert place.row("2026-060")["state"] == "held", "what is said by telephone never marks an invoice paid"
    assert "no date" in _refused(place, "called", "2026-041", "promised", "soon")


def test_remind_stop_and_go(place: CliPlace) -> None:
    assert "2026-041" in place.says("remind", "2026-041")
    assert "stopped" in place.says("stop", "2026-041")
    assert "held" in _refused(place, "remind", "2026-041")
    assert "waits" in _refused(place, "go", "--all")
    assert "waits" in _refused(place, "go", "2026-050")


def test_forget_takes_texts_and_addresses_out_of_the_state(place: CliPlace) -> None:
    """Not a byte of a name, an address or a word is left, and the figures are; also after the client left the YAML."""
    place.says("remind", "2026-041")
    place.says("hold", "2026-041", "--because", "Anna is in Cuba")
    place.says("called", "2026-041", "Anna says Friday")
    place.says("paid", "2026-041", "--amount", "1.00")
    before = _bytes_below(place.state)
    config = a_config(place.state)
    del config["clients"]["acme"]
    place.write({**config, "invoices": [i for i in config["invoices"] if i["client"] != "acme"]})
    said = place.says("forget", "acme")
    after = _bytes_below(place.state)

    assert all(word in before for word in (b"anna@acme.example", b"Cuba", b"Friday"))
    assert not any(word in after for word in (b"anna@acme.example", b"Anna", b"Cuba", b"Friday"))
    assert b"2026-041" in after
    assert "YAML" not in said, "it is not there any more"
    place.write(a_config(place.state))
    assert place.row("2026-041")["outstanding"] == "1099.00"
    assert [e["entry"] for e in place.json("history", "2026-041")].count("LetterWithdrawn") == 1, (
        "it had no address left"
    )


def _bytes_below(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("paid",), 2, "NUMBER"),
        (("paid", "2026-0411"), 1, "did you mean 2026-041?"),
        (("paid", "2026-04"), 1, "did you mean 2026-041 or 2026-042?"),
        (("paid", "2026-041", "--amount", "1.220,00"), 1, "1234.50"),
        (("paid", "2026-041", "--amount", "0"), 1, "more than"),
        (("paid", "2026-041", "--amount", "-5"), 1, "1234.50"),
        (("paid", "2026-041", "--on", "30/11/2026"), 2, "2026-12-15"),
        (("paid", "NC-7"), 1, "NC-7"),
        (("hold", "2026-041", "--until", "2026-02-30"), 2, "no date"),
        (("hold", "beta/2026-041"), 1, "beta"),
        (("promise", "2026-041"), 2, "DATE"),
        (("called", "2026-041"), 2, "RESULT"),
        (("go",), 2, "--all"),
        (("go", "3"), 1, "3"),
        (("settle", "acme-1", "sent"), 1, "acme-1"),
        (("settle", "acme-1", "lost"), 2, "resend"),
        (("forget", "2026-041"), 1, "client"),
        (("forget", "acne"), 1, "acme"),
        (("preview", "2026-041", "--level", "99"), 1, "first-reminder"),
        (("preview", "2026-061"), 1, "2026-061"),
        (("history", "2099-1"), 1, "2099-1"),
        (("plan", "--until", "2020-01-01"), 1, "2020-01-01"),
        (("paid", "2026-041", "-c", "nowhere.yaml"), 2, "nowhere.yaml"),
        (("frobnicate",), 2, "frobnicate"),
        (("run", "--redirect", "Giulia"), 2, "Giulia"),
    ],
)
def test_a_wrong_use_is_answered_clearly(place: CliPlace, words: tuple[str, ...], code: int, named: str) -> None:
    assert named in _refused(place, *words, code=code)
    assert not place.state.exists() or place.json("status")["invoices"][0]["outstanding"] == "1100.00"


def test_a_number_that_two_clients_share_wants_the_client(tmp_path: Path) -> None:
    both = [invoice("7-1", "acme", due=-20, total="10.00"), invoice("7-1", "beta", due=-20, total="20.00")]
    place = CliPlace(tmp_path, invoices=both)

    assert "acme/7-1" in _refused(place, "hold", "7-1")
    assert "7-1" in place.says("hold", "beta/7-1")
    assert [row["state"] for row in place.json("status")["invoices"]] == ["open", "held"]


def test_a_state_that_another_process_holds_is_exit_3(place: CliPlace) -> None:
    place.says("hold", "2026-041")
    with (place.state / "lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "in use" in _refused(place, "resume", "2026-041", code=3)
        assert place.row("2026-041")["state"] == "held", "to look, no lock is needed"


def test_a_lost_journal_is_exit_3_for_every_command(place: CliPlace) -> None:
    """F59."""
    place.says("hold", "2026-041")
    (place.state / "journal.jsonl").unlink()

    for words in (("status",), ("plan",), ("history", "2026-041"), ("hold", "2026-041"), ("preview", "2026-041")):
        assert "journal" in _refused(place, *words, code=3), words


def test_which_config_is_taken(tmp_path: Path) -> None:
    """The argument, -c, $SOLLECITO_CONFIG, ./config.yaml."""
    places = {}
    for name in ("argument", "option", "variable", "here"):
        (tmp_path / name).mkdir()
        places[name] = CliPlace(tmp_path / name, invoices=[invoice(f"of-{name}", "acme", due=9, total="1.00")])
    here = places["here"]
    variable = {"SOLLECITO_CONFIG": str(places["variable"].config)}
    option = ("-c", str(places["option"].config))

    def number(*words: str, **environ: str) -> str:
        done = here.run("status", *words, "--json", stdin=b"", folder=None, **environ)
        return str(done.document["invoices"][0]["number"])

    assert number() == "of-here"
    assert number(**variable) == "of-variable"
    assert number(*option, **variable) == "of-option"
    assert number(str(places["argument"].config), *option, **variable) == "of-argument"
    (tmp_path / "empty").mkdir()
    for command in (["status"], ["plan"], ["preview"], ["check"], ["run"], ["paid", "1"], ["triage"]):
        nowhere = here.run(*command, folder=tmp_path / "empty")
        assert nowhere.code == 2
        assert nowhere.err == (
            "sollecito: no config: neither ./config.yaml nor /etc/sollecito/config.yaml; `sollecito init` writes one\n"
        )


def test_preview_shows_each_letter_of_the_ladder_and_writes_three_files(place: CliPlace) -> None:
    for level, words in ((3, "2026-041"), (4, "2026-041"), (6, "2026-041"), (8, "2026-041")):
        done = place.run("preview", "2026-041", "--level", str(level))
        assert done.code == 0, done.err
        assert words in done.out
        assert "IBAN" in done.out
    done = place.run("preview", "--out", "letters")
    files = sorted(file.name for file in (place.folder / "letters").iterdir())

    assert done.code == 0
    assert len(files) == 6, files
    assert {Path(name).suffix for name in files} == {".eml", ".txt", ".html"}
    assert not place.state.exists(), "to look changes nothing"


def test_F64_a_preview_carries_no_token_of_a_letter_that_is_still_to_come(place: CliPlace) -> None:
    """Mailed to a colleague it lies in Sent: taken for a letter that the journal lacks, it would stop all others."""
    noted = place.run("note", "acme", "asked for the order number")
    done = place.run("preview", "--out", "letters")
    mails = [file.read_bytes() for file in (place.folder / "letters").glob("*.eml")]

    assert (noted.code, done.code) == (0, 0), noted.err + done.err
    assert (place.state / "keys.json").exists()
    assert {tokens_in(mail) for mail in mails} == {()}


def test_every_command_teaches_by_an_example(place: CliPlace) -> None:
    listed = place.run("--help").out.partition("Commands:")[2].split("\n")
    commands = [line.split()[0] for line in listed if line.strip()]

    assert {"check", "calls", "run", "called"} <= {*commands}
    for command in commands:
        done = place.run(command, "--help")
        assert done.code == 0
        assert f"sollecito {command}" in done.out.partition("Usage: ")[2].partition("\n")[2], command
    assert "..." not in "".join(listed), "each is said in one line"


def test_a_letter_that_nobody_wrote_is_exit_2(place: CliPlace) -> None:
    """A policy may call for a letter of the owner's own; each language that is used has to have it."""
    (place.folder / "words" / "en").mkdir(parents=True)
    shutil.copy(ROOT / "templates" / "en" / "first-reminder.prose", place.folder / "words" / "en" / "nudge.prose")
    levels = [{"letter": "nudge", "day": 3}]
    place.edit(templates=["words"], policies={"own": {"like": "standard", "levels": levels}})
    config = a_config(place.state)
    config["clients"]["acme"]["policy"] = "own"
    place.edit(clients=config["clients"])
    said = _refused(place, "check", code=2)

    assert "`nudge`" in said
    assert "`it`" in said


def test_the_exit_codes_are_those_of_the_process(place: CliPlace) -> None:
    """The other tests call the program inside their own process."""
    assert [place.process(*words).code for words in (("status",), ("go", "--all"), ("plan", "-c", "no.yaml"))] == [
        0,
        1,
        2,
    ]
