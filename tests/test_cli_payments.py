"""`sollecito payments`: a table of what is sure and what is not; twice is once; nothing by halves."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters import control
from tests.cli_place import CliPlace

CAMT = Path(__file__).parent / "bank" / "camt053-v02.xml"


@pytest.fixture
def place(tmp_path: Path) -> CliPlace:
    place = CliPlace(tmp_path)
    (tmp_path / "day.xml").write_bytes(CAMT.read_bytes())
    return place


def paid_in(place: CliPlace) -> str:
    return str(place.row("2026-041")["outstanding"])


def test_what_is_sure_is_booked_and_what_is_not_is_shown_with_its_reason(place: CliPlace) -> None:
    """NC-7 is set off against 2026-041: with 1,100.00 open, 1,220.00 are more than is owed."""
    before = paid_in(place)
    done = place.run("payments", "day.xml")

    assert done.code == 0, done.err
    assert before == "1100.00"
    assert "Not sure: the next digest asks you, and reminders about it wait (2)" in done.out
    assert "acme/2026-041 1100.00, acme/2026-042 120.00: it names 2026-041, and is from ACME SPA" in done.out
    assert "1 outgoing payment, ignored" in done.out
    assert "?: " not in done.out
    assert "IT60X0542811101000000123456: statement reaches to 2026-11-03" in done.out
    assert place.row("2026-041")["hold"]["because"] == "bank"


def test_a_dry_run_shows_the_same_and_records_nothing(place: CliPlace) -> None:
    dry = place.json("payments", "day.xml", "--dry-run")

    assert dry["dry_run"] is True
    assert not (place.state / "journal.jsonl").exists()
    wet = place.json("payments", "day.xml")
    assert wet["counts"] == dry["counts"]
    assert wet["entries"] == dry["entries"]


def test_the_same_file_again_books_nothing(place: CliPlace) -> None:
    place.run("payments", "day.xml")
    again = place.json("payments", "day.xml")

    assert again["counts"] == {"sure": 0, "unsure": 0, "unknown": 1, "known": 2, "ours": 1}


def test_a_folder_is_all_of_its_files(place: CliPlace) -> None:
    folder = place.folder / "statements"
    folder.mkdir()
    for name in ("camt053-v02.xml", "one.ofx", "dutch.940"):
        (folder / name).write_bytes((CAMT.parent / name).read_bytes())

    assert len(place.json("payments", "statements", "--dry-run")["statements"]) == 3


def test_one_file_that_is_none_refuses_all_of_them(place: CliPlace) -> None:
    (place.folder / "x.txt").write_text("hello")
    done = place.run("payments", "day.xml", "x.txt")

    assert done.code == 1
    assert "x.txt: no CAMT, MT940 or OFX" in done.err
    assert "nothing was recorded" in done.err
    assert not (place.state / "journal.jsonl").exists()


def test_what_was_recorded_stands_in_the_history_of_the_invoice(place: CliPlace) -> None:
    place.edit(invoices=[{"number": "2026-041", "client": "acme", "due": "2026-10-30", "total": "1220.00",
                          "currency": "EUR"}])  # fmt: skip
    place.run("payments", "day.xml")
    [entry] = place.json("history", "2026-041")

    assert (entry["entry"], entry["by"], entry["amount"], entry["on"]) == (
        "PaymentRecorded", "bank", "1220.00", "2026-11-02",
    )  # fmt: skip
    assert paid_in(place) == "0.00"


def test_a_long_statement_goes_to_the_daemon_in_requests_that_it_takes() -> None:
    """The socket takes 64 KiB; entries of one statement are spread over as many as are needed, each once."""
    import msgspec

    from daemon.wiring.bank import _batches
    from tests.bank_scene import came, told

    entries = [came("1.00", f"{number:0300}", id=str(number)) for number in range(1000)]
    batches = list(_batches([told(*entries), told(came("2.00", id="x"), name="other")]))

    assert len(batches) > 5
    assert all(len(msgspec.json.encode({"statements": batch})) < control.LONGEST_REQUEST for batch in batches)
    assert [e["id"] for batch in batches for one in batch for e in one["entries"]].count("999") == 1
    assert sum(len(one["entries"]) for batch in batches for one in batch) == 1001


def test_a_statement_in_pieces_makes_nothing_fresh_before_its_last_one() -> None:
    """Else a reminder would go about an invoice whose payment stands in a piece that is still to come."""
    import msgspec

    from daemon.domain.books.bank_statement import Statement
    from daemon.wiring.bank import _batches
    from tests.bank_scene import books, came, owed, read, told
    from tests.builders import a_history

    ledger, history = books(owed("2026-041", "1220.00")), a_history()
    whole = told(
        *(came("1.00", f"{number:0300}", id=str(number)) for number in range(200)), came("1220.00", "2026-041")
    )
    known = []
    for batch in _batches([whole]):
        for entry in read(ledger, history, *msgspec.convert(batch, list[Statement], strict=False)).entries:
            history.take_in(entry)
        known.append((bool(history.bank.until), bool(history.of("acme").payments)))

    assert len(known) > 2
    assert known == [*[(False, False)] * (len(known) - 1), (True, True)]


@pytest.mark.parametrize(
    ("bank", "said"),
    [
        ({"folder": "nowhere"}, "there is no folder"),
        ({"fresh_within": "4w"}, "`4w` is no number of business days: write 4d"),
        ({"map": {"date": "a", "amount": "b"}}, "`map` has to say the currency"),
        ({"map": {"date": "a", "amount": "b", "currency": "EUR", "dates": "%d"}}, "does not tell day, month and year"),
        ({"map": {"date": "a", "amount": "b", "currency": "EUR", "encoding": "latin-99"}}, "is no encoding"),
        ({"map": {"date": "a", "amount": "b", "currency": "EUR", "delimiter": ";;"}}, "is no delimiter"),
    ],
)
def test_what_is_wrong_in_bank_is_said_where_it_is(place: CliPlace, bank: dict[str, object], said: str) -> None:
    place.edit(bank=bank)
    done = place.run("check")

    assert done.code == 2
    assert said in done.err
    assert "config.yaml:" in done.err
