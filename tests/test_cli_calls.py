"""`sollecito calls`: sheets for people and for scripts, and the commands on them do what they say."""

from __future__ import annotations

import asyncio
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.adapters.state_dir import StateDir
from daemon.domain import journal as j
from tests.cli_place import TODAY, CliPlace


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    """A call about one invoice of Acme, and one about two of Beta, of whom no number is known."""
    made, now = CliPlace(tmp_path), datetime.now(UTC)
    silent = j.CallSuggested(
        at=now, client="acme", call_id="acme-c1", numbers=("2026-041",), reason="silence", contact="Anna Verdi",
        because="3 letters", phone="+39 02 5550 2000", on=TODAY, since=TODAY, letters=3,
    )  # fmt: skip
    rung = j.CallSuggested(
        at=now, client="beta", call_id="beta-c1", numbers=("2026-050", "2026-060"), reason="level", contact="Bob Jones",
        because="two letters without an answer", phone=None, on=TODAY, level=5, policy="strict",
    )  # fmt: skip
    with StateDir.open(made.state) as state:
        asyncio.run(state.journal.append(0, [j.JournalBegun(at=now, on=TODAY, sends=False), silent, rung]))
    return made


def test_each_open_call_is_a_sheet(place: CliPlace) -> None:
    done = place.run("calls")

    acme, beta = done.out.split("\n\n")
    assert "Call Anna Verdi: Acme S.p.A. · 2026-041" in acme
    assert "Anna Verdi, +39 02 5550 2000 (+390255502000, tel:+39-02-5550-2000)" in acme
    assert "Language: Italian" in acme
    assert "3 letters since" in acme
    assert "did they arrive?" in acme
    assert "sollecito called acme/2026-041 wrong-number" in acme
    assert "Bob Jones, no number known" in beta


def test_json_has_the_same_for_scripts(place: CliPlace) -> None:
    acme, beta = place.json("calls")

    assert (acme["call_id"], acme["invoices"], acme["reason"], acme["ask"]) == (
        "acme-c1", ["2026-041"], "silence", "arrived",
    )  # fmt: skip
    assert (acme["phone"], acme["e164"], acme["tel"]) == ("+39 02 5550 2000", "+390255502000", "tel:+39-02-5550-2000")
    assert acme["language"] == "it"
    assert datetime.fromisoformat(acme["local_time"]).utcoffset() is not None
    assert datetime.fromisoformat(acme["good_from"]) >= datetime.fromisoformat(acme["local_time"])
    assert acme["so_far"][0]["about"] == "owed"
    assert acme["so_far"][0]["amounts"] == [{"amount": "1100.00", "currency": "EUR"}], "less the credit note"
    assert list(acme["record"]) == ["reached", "voicemail", "wrong-number", "promised", "disputes", "paid"]
    assert (beta["phone"], beta["e164"], beta["tel"]) == (None, None, None)


@pytest.mark.parametrize(
    ("named", "found"), [("2026-041", ["acme-c1"]), ("beta-c1", ["beta-c1"]), ("beta", ["beta-c1"])]
)
def test_one_may_be_named(place: CliPlace, named: str, found: list[str]) -> None:
    assert [call["call_id"] for call in place.json("calls", named)] == found


def test_what_is_not_there_is_said(place: CliPlace) -> None:
    assert place.run("calls", "2026-042").out == "no call to be made today\n"
    assert place.json("calls", "2026-042") == []
    done = place.run("calls", "2026-04")
    assert (done.code, done.out) == (1, "")
    assert "did you mean" in done.err


@pytest.mark.parametrize("result", ["reached", "voicemail", "wrong-number", "promised", "disputes", "paid"])
def test_every_command_on_a_sheet_is_taken_and_closes_its_call(place: CliPlace, result: str) -> None:
    for call in place.json("calls"):
        done = place.run(*shlex.split(call["record"][result])[1:])
        assert done.code == 0, done.err

    left = {call["call_id"]: call["reason"] for call in place.json("calls")}
    assert left == ({"acme-c2": "wrong-number"} if result == "wrong-number" else {})
