"""`sollecito import` as a person uses it: what is added, what is left alone, and whether the config is right then."""

from __future__ import annotations

import errno
import os
import resource
import stat
from pathlib import Path

import pytest
import yaml

from daemon.adapters.config_yaml import load
from daemon.adapters.import_into import CannotWrite, Pages
from daemon.domain.incoming.intake_rows import Outcome
from tests.import_place import KEPT, SAMPLES, ImportPlace, clients, is_put_into

IBAN = "IT60X0542811101000000123456"
UBL = str(SAMPLES / "ubl" / "invoice.xml")


@pytest.fixture
def place(tmp_path: Path) -> ImportPlace:
    return ImportPlace(tmp_path)


def test_new_ones_are_added_and_check_finds_nothing_wrong(place: ImportPlace) -> None:
    place.books.write_text(KEPT)
    place.books.chmod(0o640)
    done = place.run("import", UBL, "--into", "invoices/2026.yaml")
    after = place.books.read_text()

    assert done.code == 0, done.err
    assert done.out == ""
    assert is_put_into(KEPT, after)
    assert stat.S_IMODE(place.books.stat().st_mode) == 0o640
    assert place.run("check").code == 0
    assert {row["number"] for row in place.json("status")["invoices"]} == {"2026-001", "2026-101"}
    assert sorted(path.name for path in place.books.parent.iterdir()) == ["2026.yaml"], "nothing is left beside it"


def test_a_second_time_nothing_is_added(place: ImportPlace) -> None:
    place.run("import", UBL, "--into", "invoices/2026.yaml")
    once = place.books.read_bytes()
    done = place.run("import", UBL, "--into", "invoices/2026.yaml")

    assert done.code == 0
    assert "1 known already" in done.err
    assert place.books.read_bytes() == once


def test_other_figures_are_told_and_not_taken_over(place: ImportPlace) -> None:
    place.run("import", UBL, "--into", "invoices/2026.yaml")
    place.books.write_text(place.books.read_text().replace("total: 1220.00", "total: 1200.00  # as agreed"))
    mine = place.books.read_bytes()
    done = place.run("import", UBL, "--into", "invoices/2026.yaml")

    assert done.code == 1
    assert "total 1200.00 -> 1220.00" in done.err
    assert place.books.read_bytes() == mine


def test_with_update_they_are_and_nothing_else(place: ImportPlace) -> None:
    place.run("import", UBL, "--into", "invoices/2026.yaml")
    first = place.books.read_text()
    mine = first.replace("total: 1220.00", "total: 1200.00  # as agreed").replace("due: 2026-12-02", "due: 2026-12-24")
    place.books.write_text(mine)
    done = place.run("import", UBL, "--update")

    assert done.code == 0, done.err
    assert place.books.read_text() == first.replace("total: 1220.00", "total: 1220.00  # as agreed")


def test_changed_instalments_stay_with_the_owner(place: ImportPlace) -> None:
    sample = str(SAMPLES / "ubl" / "instalments.xml")
    place.run("import", sample, "--into", "invoices/2026.yaml")
    mine = place.books.read_text().replace("2027-01-01", "2027-02-01")
    place.books.write_text(mine)
    done = place.run("import", sample, "--update")

    assert done.code == 1
    assert "`instalments` is yours to change" in done.err
    assert place.books.read_text() == mine


def test_a_stranger_is_proposed_and_added_only_when_asked(place: ImportPlace) -> None:
    place.edit(clients={"acme": {"name": "Acme", "contacts": [{"name": "A", "email": "a@acme.example"}]}})
    place.config.write_text("# my config\n" + place.config.read_text() + "# the end\n")
    before = place.config.read_text()
    without = place.run("import", UBL, "--into", "invoices/2026.yaml")
    assert without.code == 1
    assert "--new-clients" in without.err
    assert (place.config.read_text(), place.books.read_text()) == (before, "[]\n")
    done = place.run("import", UBL, "--into", "invoices/2026.yaml", "--new-clients")

    assert done.code == 0, done.err
    assert is_put_into(before, place.config.read_text())
    settings = load(place.config).settings
    assert settings is not None
    client = settings.ledger.clients["nordlicht"]
    assert (client.name, client.language, client.tax_id) == ("Nordlicht GmbH", "de", "DE123456789")
    assert client.calendar.region == "DE"
    assert client.contacts[0].email == "j.weiss@nordlicht.example"
    assert client.contacts[0].phone == "+49 40 5550 1234"


def test_a_stranger_without_an_address_is_not_added(place: ImportPlace) -> None:
    place.edit(clients={"acme": {"name": "Acme", "contacts": [{"name": "A", "email": "a@acme.example"}]}})
    before = place.config.read_text()
    done = place.run(
        "import", str(SAMPLES / "fatturapa" / "person.xml"), "--into", "invoices/2026.yaml", "--new-clients"
    )

    assert done.code == 1
    assert "no e-mail address" in done.err
    assert place.config.read_text() == before


def test_printed_yaml_is_a_file_of_invoices(place: ImportPlace) -> None:
    done = place.run("import", str(SAMPLES / "ubl"), str(SAMPLES / "cii" / "invoice.xml"))
    place.books.write_text(done.out)

    assert place.run("check").code == 0


def test_without_any_config_it_shows_what_there_would_be(tmp_path: Path) -> None:
    place = ImportPlace(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = place.run("import", UBL, folder=elsewhere)

    assert done.code == 0
    assert "#   nordlicht:" in done.out
    assert place.run("import", UBL, "--into", "x.yaml", folder=elsewhere).code == 2


def test_a_new_file_is_begun_and_a_file_that_the_config_does_not_read_is_named(place: ImportPlace) -> None:
    done = place.run("import", UBL, "--into", "invoices/new.yaml")
    assert done.code == 0
    assert "does not read" not in done.err
    other = place.run("import", str(SAMPLES / "cii" / "invoice.xml"), "--into", "other.yaml")
    again = place.run("import", str(SAMPLES / "cii" / "invoice.xml"), "--into", "other.yaml")

    assert "does not read other.yaml yet" in other.err
    assert "1 known already" in again.err


def test_what_would_make_the_config_wrong_is_taken_back(place: ImportPlace) -> None:
    """`qr: true` asks for a code with every invoice; for Turkish lira there is none, as only the whole config tells."""
    place.books.write_text(KEPT)
    place.edit(creditor={**yaml.safe_load(place.config.read_text())["creditor"], "payment": {"iban": IBAN, "qr": True}})
    assert load(place.config).problems == ()
    config = place.config.read_bytes()
    done = place.run("import", str(SAMPLES / "ubl" / "turkish.xml"), "--into", "invoices/2026.yaml", "--new-clients")

    assert done.code == 1
    assert "nothing was changed" in done.err
    assert (place.books.read_text(), place.config.read_bytes()) == (KEPT, config)


def test_a_new_file_that_was_no_good_is_not_left_there(place: ImportPlace) -> None:
    place.edit(creditor={**yaml.safe_load(place.config.read_text())["creditor"], "payment": {"iban": IBAN, "qr": True}})
    done = place.run("import", str(SAMPLES / "ubl" / "turkish.xml"), "--into", "invoices/new.yaml")

    assert done.code == 1
    assert not (place.folder / "invoices" / "new.yaml").exists()


def test_a_file_that_somebody_saved_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("a\n")
    second.write_text("b\n")
    pages = Pages()
    for path in (first, second):
        pages.put(str(path), pages.text(str(path)) + "more\n")
    second.write_text("b, saved by the owner\n")

    with pytest.raises(CannotWrite, match="changed by somebody else"):
        pages.write()
    assert (first.read_text(), second.read_text()) == ("a\n", "b, saved by the owner\n"), "none of the two"


def test_a_disk_that_is_full_is_told_with_the_file_that_did_not_fit(tmp_path: Path) -> None:
    first, second = tmp_path / "a.yaml", tmp_path / "b.yaml"
    first.write_text("a\n")
    pages = Pages()
    pages.put(str(first), pages.text(str(first)) + "more\n")
    pages.put(str(second), pages.text(str(second)) + "b" * 5000)

    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, unlimited[1]))
    try:
        with pytest.raises(CannotWrite) as told:
            pages.write()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert str(told.value) == f"{second}: cannot be written: {os.strerror(errno.EFBIG)}"
    assert (first.read_text(), second.exists()) == ("a\n", False)


def test_a_byte_order_mark_and_a_link_stay_what_they_are(place: ImportPlace) -> None:
    real = place.folder / "real.yaml"
    real.write_bytes(b"\xef\xbb\xbf" + KEPT.encode())
    place.books.unlink()
    place.books.symlink_to(real)
    done = place.run("import", UBL, "--into", "invoices/2026.yaml")

    assert done.code == 0, done.err
    assert place.books.is_symlink()
    assert real.read_bytes().startswith(b"\xef\xbb\xbf# what")
    assert load(place.config).settings is not None


def test_a_broken_config_is_said_first(place: ImportPlace) -> None:
    place.edit(owner={"email": "nobody"})

    assert place.run("import", UBL).code == 2


def test_the_documents_of_scripts_have_their_keys(place: ImportPlace) -> None:
    done = place.run("import", str(SAMPLES / "ubl"), str(SAMPLES / "hostile"), "config.yaml", "--json")
    document = done.document

    assert done.code == 1
    assert set(document) == {
        "files", "counts", "invoices", "clients", "refused", "notes", "problems", "written", "yaml"}  # fmt: skip
    assert set(document["refused"][0]) == {"file", "line", "field", "message"}
    assert set(document["invoices"][0]) == {
        "file", "line", "format", "number", "client", "buyer", "outcome", "why", "field", "credit", "currency", "total",
        "payable", "issued", "due", "instalments", "iban", "changes", "notes"}  # fmt: skip
    assert document["counts"]["new"] == sum(row["outcome"] == "new" for row in document["invoices"])


@pytest.mark.parametrize("words", [("--client", "nobody"), ("--map", "none.yaml")])
def test_a_command_line_that_does_not_fit_is_refused(place: ImportPlace, words: tuple[str, ...]) -> None:
    assert place.run("import", UBL, *words).code == 2


def test_a_list_in_brackets_is_left_to_the_owner(place: ImportPlace) -> None:
    place.config.write_text(
        place.config.read_text().replace("invoices:\n- invoices/*.yaml", "invoices: [invoices/*.yaml]")
    )
    before = place.config.read_bytes()
    done = place.run("import", UBL, "--into", "config.yaml")

    assert done.code == 1
    assert "written in brackets" in done.err
    assert place.config.read_bytes() == before


def test_of_an_invoice_that_is_refused_no_client_is_proposed(place: ImportPlace) -> None:
    place.edit(clients={"acme": clients()["acme"]})
    refused = place.take_in("cii/minimum.xml")
    taken = place.take_in("cii/minimum.xml", due_days=30)

    assert [row.outcome for row in refused.rows] == [Outcome.REFUSED]
    assert refused.strangers == []
    assert len(taken.strangers) == 1
