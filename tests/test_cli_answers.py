"""The commands that answer the digest, with no daemon running: what they say, and what they answer to a wrong use."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from tests.cli_place import TODAY, CliPlace, day

NOW = datetime.now(UTC)


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    """A state in which a digest asked about a stranger's mail."""
    place = CliPlace(tmp_path)
    mail = j.MailUnmatched(
        at=NOW, mail="m9", kind="reply", sender="studio@fisco.example", subject="Beta", because="", on=TODAY
    )
    item = j.DigestItem(item=4, client=None, numbers=(), kind="unmatched", ref="m9")

    async def write() -> None:
        with StateDir.open(str(place.state)) as state:
            await state.journal.append(
                0, [mail, j.DigestSent(at=NOW, on=TODAY, items=(item,), message_id="<d@bianchi.example>")]
            )

    asyncio.run(write())
    return place


def test_missing_is_the_answer_to_a_claim(place: CliPlace) -> None:
    place.says("called", "2026-041", "paid")
    assert place.row("2026-041")["state"] == "held"
    assert "has not come" in place.says("missing", "2026-041")
    assert place.row("2026-041")["state"] == "open"


def test_a_write_off_and_its_end(place: CliPlace) -> None:
    place.says("paid", "2026-041", "--amount", "610.00", "--on", day(-3))
    assert "EUR 490.00 written off" in place.says("write-off", "2026-041", "--because", "too small")
    row = place.row("2026-041")
    assert (row["state"], row["outstanding"]) == ("written-off", "0.00")
    assert row["written_off"] == {"on": day(0), "amount": "490.00", "because": "too small"}
    shown = place.run("status").out
    assert f"EUR 490.00 given up on {day(0)}: too small" in shown
    assert "2026-041" not in [letter["invoices"][0]["number"] for letter in place.json("plan")["letters"]]
    assert "no longer" in place.says("resume", "2026-041")
    assert place.row("2026-041")["outstanding"] == "490.00"


def test_assign_and_ignore_an_unmatched_mail(place: CliPlace) -> None:
    assert "review on" in place.says("assign", "4", "beta", "2026-050")
    assert place.row("2026-050")["hold"]["because"] == "reply"
    assert [e["entry"] for e in place.json("history", "2026-050")] == ["ReplyReceived", "HoldPlaced"]
    assert "the ladder goes on" in place.says("ignore", "2026-050")
    assert place.row("2026-050")["hold"] is None


def test_an_address_is_used_and_status_says_that_the_config_has_another(place: CliPlace) -> None:
    assert "write it there, too" in place.says("email", "2026-041", "anna.neri@acme.example", "Anna", "Neri")
    [told] = [client["told"] for client in place.json("status")["clients"] if client["client"] == "acme"]
    assert (told["email"], told["name"]) == ("anna.neri@acme.example", "Anna Neri")
    assert "the YAML still says anna@acme.example" in place.run("status").out
    assert "anna.neri@acme.example" in place.run("preview", "2026-041").out
    assert "ContactTold" in [e["entry"] for e in place.json("history", "2026-041")]


def test_a_note_stands_in_the_history_of_each_invoice_that_it_is_about(place: CliPlace) -> None:
    place.says("note", "acme", "new", "owner", "since", "May")
    place.says("note", "2026-041", "back on Monday")

    assert "new owner since May" in place.run("history", "2026-042").out
    assert [e["text"] for e in place.json("history", "2026-041")] == ["new owner since May", "back on Monday"]
    assert "back on Monday" not in place.run("history", "2026-042").out
    assert [e["text"] for e in place.json("history", "acme")] == ["new owner since May", "back on Monday"]


@pytest.mark.parametrize(
    ("words", "code", "named"),
    [
        (("missing",), 2, "NUMBER"),
        (("missing", "2026-041"), 1, "nobody says"),
        (("write-off", "2026-0411"), 1, "did you mean 2026-041?"),
        (("write-off", "2026-061"), 1, "paid already"),
        (("assign", "4"), 2, "CLIENT"),
        (("assign", "4", "betta"), 1, "did you mean beta?"),
        (("assign", "4", "beta", "2026-041"), 1, "no invoice"),
        (("ignore", "2026-041"), 1, "no mail"),
        (("email", "2026-041"), 2, "ADDRESS"),
        (("email", "2026-041", "anna@acme.example NOTIFY=NEVER"), 1, "no address"),
        (("email", "acme", "fatture@bianchi.example"), 1, "your own"),
        (("note", "2026-041"), 2, "TEXT"),
        (("paid", "4"), 1, "assign 4 CLIENT"),
    ],
)
def test_a_wrong_use_is_answered_clearly(place: CliPlace, words: tuple[str, ...], code: int, named: str) -> None:
    before = place.json("status")
    done = place.run(*words)

    assert (done.code, done.out) == (code, "")
    assert named in done.err
    assert "Traceback" not in done.err
    assert place.json("status") == before
