"""What commands print reads like a sentence of somebody who was there: no number of an error, nothing said twice."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from daemon.adapters import terminal
from daemon.domain import journal as j
from tests.cli_place import CliPlace, a_config, day, invoice
from tests.journals.release_0_1_0 import ENTRIES

ABOUT_CLIENTS = [entry for entry in ENTRIES if isinstance(entry, j.ClientEntry)]


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


def test_one_of_a_thing_is_told_in_the_singular(place: CliPlace) -> None:
    one = place.run("preview", "2026-041", "--out", "letters")
    several = place.run("preview", "--out", "letters")
    place.edit(state="nowhere")
    wrong = place.run("check")

    assert one.out == "1 letter in letters, each as .eml, .txt and .html\n"
    assert several.out.startswith("2 letters in letters")
    assert wrong.err.endswith("sollecito: 1 problem in config.yaml\n")


def test_a_server_out_of_reach_is_told_without_the_number_of_the_error(place: CliPlace) -> None:
    """And each line names the server once: port 1 is nobody's."""
    server = {"host": "127.0.0.1", "port": 1, "security": "none"}
    place.edit(smtp=server, imap={**server, "username": "u", "password": {"env": "IMAP_PASSWORD"}})
    done = place.run("check", "--online")

    faults = [line for line in done.out.splitlines() if "FAULT" in line]
    assert faults == [
        "  smtp       FAULT: 127.0.0.1:1 is out of reach: Connection refused",
        "  imap       FAULT: 127.0.0.1:1: Connection refused",
    ]


def test_what_is_paid_shows_no_hold(place: CliPlace) -> None:
    held = invoice("2026-070", "beta", due=-9, total="10.00", hold={"because": "wait for the goods receipt"})
    place.edit(invoices=[*a_config(place.state)["invoices"], held])

    assert place.row("2026-070")["hold"]["because"] == "wait for the goods receipt"
    assert place.run("paid", "2026-070", "--on", day(-1)).code == 0
    assert place.row("2026-070")["hold"] is None
    assert "goods receipt" not in place.run("status").out


def test_a_letter_that_was_ordered_while_no_daemon_runs_is_said_to_wait_for_one(place: CliPlace) -> None:
    reminded = place.run("remind", "2026-041")
    stated = place.run("statement", "beta", "--currency", "GBP")
    held = place.run("hold", "2026-042")

    words = " (no daemon is running: nothing leaves before `sollecito run`)\n"
    assert reminded.out.endswith(words)
    assert stated.out.endswith(words)
    assert words not in held.out


@pytest.mark.parametrize("entry", ABOUT_CLIENTS, ids=lambda entry: type(entry).__name__)
def test_history_tells_every_kind_of_entry_in_one_line_without_brackets(
    entry: j.ClientEntry, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal.history([msgspec.json.decode(j.encode(entry))], "2026-041")

    [line] = capsys.readouterr().out.splitlines()
    assert not set("{}[]") & set(line)


def test_history_says_for_what_a_payment_may_be(capsys: pytest.CaptureFixture[str]) -> None:
    [entry] = [entry for entry in ABOUT_CLIENTS if isinstance(entry, j.PaymentUnsure)]
    terminal.history([msgspec.json.decode(j.encode(entry))], "2026-041")

    assert "parts 2026-041=1016.50" in capsys.readouterr().out


def test_status_says_why_of_every_hold() -> None:
    assert {because.value for because in j.Because} == set(terminal.HOLDS)


def test_plan_says_why_a_letter_waits_for_a_go(place: CliPlace) -> None:
    plan = place.run("plan", "--as-of", day(61), "--until", day(121)).out  # whatever weekdays and holidays put off
    lines = [line for line in plan.splitlines() if "2026-041" in line]

    first, second, *_, final = (line for line in lines if "-reminder" in line or "-notice" in line)
    assert (first.split("  ")[1], final.split("  ")[1]) == ("first-reminder (your go)", "final-notice (your go)")
    assert first.endswith("; waits for your go: overdue at the first start")
    assert final.endswith("; waits for your go: this level always does")
    assert "your go" not in second


def test_triage_tells_one_letter_about_several_invoices_once(place: CliPlace) -> None:
    place.edit(invoices=[invoice(number, "acme", due=-40, total="100.00") for number in ("2026-1", "2026-2")])
    done = place.run("triage", "--offline", stdin=b"chase\n")

    said = [line.strip() for line in done.out.splitlines() if "first-reminder goes" in line]
    assert len(said) == 1, done.out
    assert "2026-1, 2026-2: first-reminder goes" in said[0]
    assert "already" not in done.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("preview", "--out", "config.yaml/letters"), "config.yaml/letters cannot be written: Not a directory"),
        (("preview", "--out", "/proc/letters"), "/proc/letters cannot be written: No such file or directory"),
        (("backup", "--out", "nowhere/b.zip"), "nowhere/b.zip cannot be written: No such file or directory"),
    ],
)
def test_what_cannot_be_written_is_named_as_it_was_asked_for(
    place: CliPlace, words: tuple[str, ...], said: str
) -> None:
    place.run("hold", "2026-041")
    done = place.run(*words)

    assert (done.code, done.err.splitlines()[-1]) == (1, f"sollecito: {said}")


def test_what_a_backup_cannot_read_is_named_and_nothing_is_said_of_writing(place: CliPlace) -> None:
    place.run("hold", "2026-041")
    keys = place.state / "keys.json"
    keys.unlink()
    keys.mkdir()
    done = place.run("backup", "--out", "b.zip")

    assert (done.code, done.err.splitlines()[-1]) == (1, f"sollecito: {keys}: Is a directory")
