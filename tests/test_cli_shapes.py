"""The JSON documents that scripts may rely on (DESIGN 5 and 6.7): keys, types, words."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli_place import ROOT, CliPlace, day, is_day, is_stamp

STATES = {"upcoming", "open", "held", "promised", "disputed", "paid", "handed-over"}
KINDS = {
    "reply", "auto-reply", "bounce", "delayed", "complaint", "receipt", "own", "unrelated", "unreadable",
}  # fmt: skip
INTENTS = {
    "promise", "paid", "dispute", "question", "copy", "wrong-contact", "extension", "cannot-pay", "stop", "unclear",
    None,
}  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    return CliPlace(tmp_path)


def test_plan(place: CliPlace) -> None:
    document = place.json("plan", "--until", day(60))

    assert set(document) == {"letters", "calls", "handovers", "quiet"}
    for letter in document["letters"]:
        assert set(letter) == {
            "on", "client", "to", "letter", "level", "invoices", "also_open", "why", "waits_for_go",
            "waits_because"}  # fmt: skip
        assert is_day(letter["on"])
        assert isinstance(letter["to"], str)
        assert isinstance(letter["level"], int)
        assert letter["level"] >= 1
        assert isinstance(letter["waits_for_go"], bool)
        assert bool(letter["waits_because"]) is letter["waits_for_go"]
        for invoice in letter["invoices"]:
            assert set(invoice) == {"number", "instalment", "level"}
            assert invoice["instalment"] is None or invoice["instalment"] >= 1
    for row in document["calls"] + document["handovers"]:
        assert set(row) == {"on", "client", "invoices", "why"}
        assert all(isinstance(number, str) for number in row["invoices"])
    for row in document["quiet"]:
        assert {"invoice", "why", "until"} <= set(row)
        assert row["until"] is None or is_day(row["until"])
    assert document["letters"]
    assert document["calls"]
    assert any(letter["waits_for_go"] for letter in document["letters"]), "F21: what is overdue at the first start"


@pytest.mark.parametrize("words", [(), ("--until", day(0)), ("--as-of", day(-100)), ("--as-of", day(400))])
def test_plan_names_every_known_invoice_in_at_least_one_list(place: CliPlace, words: tuple[str, ...]) -> None:
    until = () if "--until" in words else ("--until", day(420))
    document = place.json("plan", *words, *until)
    named = {i["number"] for letter in document["letters"] for i in letter["invoices"]}
    named |= {number for letter in document["letters"] for number in letter["also_open"]}
    named |= {number for row in document["calls"] + document["handovers"] for number in row["invoices"]}
    named |= {row["invoice"] for row in document["quiet"]}

    assert named >= {"2026-041", "2026-042", "2026-050", "2026-060", "2026-061", "NC-7"}


def test_plan_never_looks_back(place: CliPlace) -> None:
    """A reason ends today or later, also where today is a Sunday."""
    for offset in range(7):
        document = place.json("plan", "--as-of", day(offset), "--until", day(offset))
        assert all(row["until"] is None or row["until"] >= day(offset) for row in document["quiet"]), offset


def test_status(place: CliPlace) -> None:
    place.run("hold", "2026-041", "--until", day(9), "--because", "credit note")
    place.run("dispute", "2026-050", "four", "hours", "missing")
    place.run("promise", "2026-060", day(10))
    document = place.json("status")

    assert set(document) >= {"invoices", "in_doubt", "waiting", "mailbox"}
    assert set(document["mailbox"]) == {"read_to_end_at"}
    rows = {row["number"]: row for row in document["invoices"]}
    assert set(rows) == {"2026-041", "2026-042", "2026-050", "2026-060", "2026-061"}
    for row in rows.values():
        assert set(row) == {
            "number", "client", "due", "outstanding", "currency", "state", "level", "last_letter_on", "next_on",
            "hold", "call", "quiet", "plan", "written_off"}  # fmt: skip
        assert is_day(row["due"])
        assert isinstance(row["outstanding"], str)
        assert Decimal(row["outstanding"]) >= 0
        assert row["state"] in STATES
        assert row["next_on"] is None or row["next_on"] >= day(0)
        assert row["hold"] is None or set(row["hold"]) == {"because", "until", "review_on"}
        assert row["call"] is None or set(row["call"]) == {"because", "contact", "phone"}
    states = {number: row["state"] for number, row in rows.items()}
    assert states == {
        "2026-041": "held", "2026-042": "upcoming", "2026-050": "disputed", "2026-060": "promised", "2026-061": "paid",
    }  # fmt: skip
    assert rows["2026-041"]["hold"] == {"because": "owner", "until": day(9), "review_on": None}
    assert Decimal(rows["2026-041"]["outstanding"]) == 1100, "the open credit note is netted"


def test_history(place: CliPlace) -> None:
    place.run("paid", "2026-041", "--amount", "100.50")
    place.run("hold", "2026-041")
    place.run("hold", "2026-050")
    document = place.json("history", "2026-041")

    assert [entry["entry"] for entry in document] == ["PaymentRecorded", "HoldPlaced"]
    assert all(is_stamp(entry["at"]) for entry in document)
    assert document[0]["amount"] == "100.50"
    assert place.json("history", "acme/2026-041") == document


def _read_documents() -> list[Any]:
    place = CliPlace.__new__(CliPlace)
    place.folder = ROOT
    done = place.run("read", str(ROOT / "tests" / "mails" / "en"), "--json", folder=ROOT)
    assert done.code == 0, done.err
    return list(done.document)


def test_read() -> None:
    documents = _read_documents()

    assert len(documents) > 10
    for found in documents:
        assert set(found) == {
            "file", "kind", "intent", "promised_on", "amount", "part", "back_on", "gone", "substitute", "ticket",
            "recipients", "invoice", "evidence", "weight", "text", "because",
        }  # fmt: skip
        assert found["kind"] in KINDS
        assert found["intent"] in INTENTS
        assert found["promised_on"] is None or is_day(found["promised_on"])
        assert found["back_on"] is None or is_day(found["back_on"])
        for recipient in found["recipients"]:
            assert set(recipient) == {
                "address", "original", "action", "status", "code", "diagnostic", "permanent", "meaning",
            }  # fmt: skip
            assert isinstance(recipient["permanent"], bool)
    assert {"reply", "bounce", "auto-reply"} <= {found["kind"] for found in documents}


def test_read_takes_a_file_a_folder_and_stdin(place: CliPlace) -> None:
    mail = (
        b"From: anna@acme.example\r\nTo: fatture@bianchi.example\r\nSubject: 2026-041\r\n\r\nWe will pay next week.\r\n"
    )
    (place.folder / "mails").mkdir()
    (place.folder / "mails" / "one.eml").write_bytes(mail)
    file = place.json("read", "mails/one.eml")
    folder = place.json("read", "mails")
    stdin = json.loads(place.run("read", "-", "--json", stdin=mail).out)

    assert [row["file"] for row in (*file, *folder, *stdin)] == ["mails/one.eml", "mails/one.eml", "-"]
    assert {row["kind"] for row in (*file, *folder, *stdin)} == {"reply"}
    assert file[0]["invoice"] == "2026-041", "with a config it is known whom the mail is about"
    assert place.run("read", "nowhere.eml").code == 1
    assert "nowhere.eml" in place.run("read", "nowhere.eml").err


def test_check(place: CliPlace) -> None:
    document = place.json("check")
    assert (document["problems"], document["clients"], document["invoices"], document["credit_notes"]) == ([], 2, 5, 1)
    place.edit(owner={})
    done = place.run("check", "--json")

    assert done.code == 2
    assert all(set(row) == {"file", "line", "column", "message"} for row in done.document["problems"])
    assert "email" in done.document["problems"][0]["message"]
    schema = place.run("check", "--schema")
    assert schema.code == 0
    assert "creditor" in json.dumps(schema.document)


def test_check_tells_of_a_password_file_that_is_missing_or_open_to_everybody(place: CliPlace) -> None:
    """The log-in would fail at night; or anybody on the machine could write to the clients."""
    path = place.folder / "password"
    server = {"host": "localhost", "security": "none", "username": "u", "password": {"file": "password"}}
    place.edit(imap=server, smtp=server)

    def told() -> list[str]:
        return [notice for notice in place.json("check")["notices"] if "the password file" in notice]

    assert told() == [f"config.yaml: the password file {path} is not there yet"]
    path.write_text("x")
    path.chmod(0o644)
    assert told() == [f"config.yaml: the password file {path} can be read by everybody here: chmod 600"]
    path.chmod(0o640)
    assert told() == [], "the group of the service may read it"
