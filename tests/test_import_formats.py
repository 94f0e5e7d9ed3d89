"""What is read of each format, and what is refused and how: the tables of docs/import.md, held to be true."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from daemon.adapters.config_files import read_invoices
from daemon.adapters.import_files import read_file
from daemon.adapters.import_map import FIELDS, read_map
from daemon.domain.books.invoice import Invoice, Line, Method
from daemon.domain.incoming.incoming import Incoming
from daemon.domain.incoming.intake import changes
from daemon.domain.incoming.intake_rows import Outcome, Row
from daemon.wiring.import_document import words_of
from daemon.wiring.importing import Intake
from tests.import_place import SAMPLES, ImportPlace

DOCS = (Path(__file__).parent.parent / "docs" / "import.md").read_text(encoding="utf-8")
MAPS = {"csv/list.csv": "csv/columns.yaml"}


def _table(heading: str) -> list[list[str]]:
    part = DOCS.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in re.findall(r"^\|.*\|$", part, re.MULTILINE)]
    return rows[2:]


READ, REFUSED = _table("What is read"), _table("What is refused")


@pytest.fixture
def place(tmp_path: Path) -> ImportPlace:
    return ImportPlace(tmp_path)


def _take_in(place: ImportPlace, sample: str) -> Intake:
    column_map = MAPS.get(sample)
    return place.take_in(sample, column_map=str(SAMPLES / column_map) if column_map else None)


@pytest.mark.parametrize(("form", "sample", "number", "total", "owed", "due"), READ)
def test_the_table_of_what_is_read_is_true(
    place: ImportPlace, form: str, sample: str, number: str, total: str, owed: str, due: str
) -> None:
    name = sample.strip("`")
    [row] = [row for row in _take_in(place, name).rows if row.incoming.number == number]
    invoice = row.invoice

    assert row.incoming.form.value == form
    assert row.outcome in {Outcome.NEW}, row.why
    assert invoice is not None
    assert f"{invoice.total.amount} {invoice.currency}" == total
    if owed.startswith("credit"):
        assert invoice.credit
        assert owed == f"credit, against {invoice.against}"
        assert due == ""
    else:
        assert not invoice.credit
        assert str(invoice.owed.amount) == owed
        assert due == ", ".join(str(part.due_on) for part in invoice.instalments) or due == str(invoice.due_on)


@pytest.mark.parametrize(("sample", "where", "said"), REFUSED)
def test_the_table_of_what_is_refused_is_true(place: ImportPlace, sample: str, where: str, said: str) -> None:
    name = sample.strip("`")
    intake = _take_in(place, name)
    words = words_of(intake)
    found = [line for line in words if said in line]

    assert intake.failed
    assert found, words
    assert found[0].startswith(str(SAMPLES / name))
    line = re.fullmatch(r"line (\d+)", where)
    assert (f"{name}:{line[1]}:" if line else where) in found[0]


def test_every_sample_stands_in_one_of_the_tables() -> None:
    named = {row[1].strip("`") for row in READ} | {row[0].strip("`") for row in REFUSED}
    there = {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*") if path.suffix in {".xml", ".p7m", ".pdf"}}
    elsewhere = {
        "fatturapa/person.xml",
        "others/ubl-credit.xml",
        "others/cii-credit.xml",
        "others/fattura-instalments.xml",
    }

    assert there - named == elsewhere


BOOKS = {
    draft.invoice.number: draft.invoice
    for draft in read_invoices(str(SAMPLES / "others" / "books.yaml"), "books.yaml").drafts
    if draft.invoice is not None
}


@pytest.mark.parametrize(
    ("sample", "number"),
    [
        ("ubl.xml", "2026-301"),
        ("cii.xml", "2026-301"),
        ("facturx.pdf", "2026-301"),
        ("ubl-credit.xml", "2026-302"),
        ("cii-credit.xml", "2026-302"),
        ("fattura.xml", "303/2026"),
        ("fattura-instalments.xml", "304/2026"),
    ],
)
def test_what_another_program_made_of_our_yaml_is_read_as_the_same_invoice(
    place: ImportPlace, sample: str, number: str
) -> None:
    """YAML, then UBL, CII, Factur-X or FatturaPA by a program that is not ours, then YAML again."""
    [row] = place.take_in(f"others/{sample}").rows
    again, first = row.invoice, BOOKS[number]
    assert again is not None

    assert changes(first, again) == ()
    assert _rest(again) == _rest(first)


def _rest(invoice: Invoice) -> Mapping[str, object]:
    listed = "number client total payable due_on issued_on lines reference terms instalments credit against method"
    return {name: getattr(invoice, name) for name in listed.split()}


def _read(sample: str) -> Incoming:
    batch = read_file(str(SAMPLES / sample))
    assert batch.refusals == []
    return batch.invoices[0]


def test_the_whole_of_an_invoice_is_taken_over() -> None:
    one = _read("ubl/invoice.xml")

    assert one.buyer.name == "Nordlicht GmbH"
    assert one.buyer.tax_ids == ("DE123456789",), "a register's number is no tax number"
    assert (one.buyer.contact, one.buyer.email) == ("Jörg Weiß", "j.weiss@nordlicht.example")
    assert (one.buyer.phone, one.buyer.country) == ("+49 40 5550 1234", "DE")
    assert one.buyer.address == "Hafenstraße 7\nHinterhaus\n20457 Hamburg"
    assert one.reference == "RF18539007547034"
    assert one.ibans == ("IT60X0542811101000000123456",)
    assert one.terms == "Zahlbar innerhalb von 30 Tagen ohne Abzug.", "the codes for machines are left out"
    assert one.lines[1] == Line(
        what='Broschüren "Winter"', quantity=Decimal(600), price=Decimal("0.60"), vat=Decimal(22)
    )
    assert one.lines[0].unit == "h"


@pytest.mark.parametrize(
    ("sample", "method"),
    [
        ("ubl/prepaid-and-debited.xml", Method.SDD),
        ("fatturapa/riba.xml", Method.RIBA),
        ("fatturapa/invoice.xml", Method.TRANSFER),
    ],
)
def test_what_the_bank_collects_is_not_reminded_of(sample: str, method: Method) -> None:
    assert _read(sample).method is method


def test_a_certified_address_serves_where_there_is_no_other() -> None:
    assert _read("fatturapa/invoice.xml").buyer.certified == "acme@pec.example"


def test_one_wrong_invoice_of_a_batch_leaves_the_others_alone(place: ImportPlace) -> None:
    intake = place.take_in("fatturapa/batch.xml")

    assert [row.incoming.number for row in intake.rows] == ["406/2026", "408/2026"]
    lines = (SAMPLES / "fatturapa" / "batch.xml").read_text().splitlines()
    assert all("<FatturaElettronicaBody>" in lines[row.incoming.line - 1] for row in intake.rows)
    assert [refusal.field for refusal in intake.refusals] == ["DataScadenzaPagamento"]


def test_that_a_signature_was_not_verified_is_said(place: ImportPlace) -> None:
    notes = place.take_in("fatturapa/signed.xml.p7m").notes

    assert any("the signature was not verified" in note for note in notes)


def test_the_pdf_is_the_one_that_goes_with_the_letters(place: ImportPlace) -> None:
    [row] = place.take_in("others/facturx.pdf", into=str(place.books)).rows

    assert row.invoice is not None
    assert row.invoice.pdf is not None
    assert Path(row.invoice.pdf).resolve() == SAMPLES / "others" / "facturx.pdf"


def test_a_pdf_beside_its_xml_is_the_invoice_for_people(place: ImportPlace) -> None:
    folder = place.folder / "export"
    folder.mkdir()
    (folder / "1.xml").write_bytes((SAMPLES / "ubl" / "invoice.xml").read_bytes())
    (folder / "1.pdf").write_bytes((SAMPLES / "hostile" / "plain.pdf").read_bytes())
    (folder / "notes.docx").write_bytes(b"x")
    intake = place.take_in(folder)
    [row] = intake.rows

    assert row.incoming.pdf == str(folder / "1.pdf")
    assert intake.refusals == [], "a PDF without data in a folder is no fault"
    assert any("1 other file" in note for note in intake.notes)


def test_an_account_that_the_letters_will_not_name_is_told(place: ImportPlace) -> None:
    text = (SAMPLES / "ubl" / "invoice.xml").read_text()
    other = place.folder / "other.xml"
    other.write_text(text.replace("IT60X0542811101000000123456", "DE89370400440532013000"))

    [row] = place.take_in(other).rows

    assert any("DE89370400440532013000" in note for note in row.notes)


def test_where_the_config_names_no_account_the_documents_is_told_once(place: ImportPlace) -> None:
    creditor = yaml.safe_load(place.config.read_text())["creditor"]
    place.edit(creditor={key: value for key, value in creditor.items() if key != "payment"})
    intake = place.take_in("ubl/invoice.xml", "ubl/instalments.xml")
    said = [words for words in words_of(intake) if "names no account" in words]

    assert len(said) == 1
    assert "IT60X0542811101000000123456" in said[0]
    assert said[0].endswith("(and 1 more)")


def test_days_for_those_without_a_due_date_count_from_their_own(place: ImportPlace) -> None:
    [row] = place.take_in("cii/minimum.xml", due_days=30).rows

    assert row.outcome is Outcome.NEW
    assert str(row.incoming.due_on) == "2026-12-03"
    assert row.notes


def test_what_is_paid_already_is_left_out(place: ImportPlace) -> None:
    text = (SAMPLES / "ubl" / "prepaid-and-debited.xml").read_text()
    paid = place.folder / "paid.xml"
    paid.write_text(
        text.replace(">220.00</cbc:Prepaid", ">1220.00</cbc:Prepaid").replace(">1000.00</cbc:Pay", ">0.00</cbc:Pay")
    )

    assert [row.outcome for row in place.take_in(paid).rows] == [Outcome.SETTLED]


def test_a_csv_in_another_encoding_is_read_where_it_is_named(place: ImportPlace) -> None:
    column_map = place.folder / "map.yaml"
    column_map.write_text("encoding: cp1252\n" + (SAMPLES / "csv" / "columns.yaml").read_text())
    rows: list[Row] = place.take_in("csv/list-cp1252.csv", column_map=str(column_map)).rows

    assert [row.incoming.buyer.name for row in rows] == ["Nordlicht GmbH", "Bäckerei Süß", "Nordlicht GmbH"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("date: D.M.Y", "use DD, MM and YYYY once each"),
        ("decimal: ;", "is not one of"),
        ('thousands: ","', "the same sign"),
        ("columns: {number: a, total: b}", "no column says whose"),
        ("encoding: klingon", "is no encoding"),
        ("encoding: hex", "is no encoding"),
        ("columns: {number: a, total: b, name: c, credit: d}", "go together"),
    ],
)
def test_a_wrong_column_map_is_refused_with_its_place(tmp_path: Path, line: str, said: str) -> None:
    good = {"date": "DD.MM.YYYY", "decimal": '","', "currency": "EUR", "columns": "{number: a, total: b, name: c}"}
    key, _, value = line.partition(": ")
    path = tmp_path / "map.yaml"
    path.write_text("".join(f"{name}: {entry}\n" for name, entry in {**good, key: value}.items()))
    how, problems = read_map(str(path))

    assert how is None
    assert any(said in str(problem) for problem in problems), problems
    assert all(problem.line for problem in problems)


def test_the_column_map_that_the_docs_show_is_a_good_one(tmp_path: Path) -> None:
    [shown] = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    path = tmp_path / "map.yaml"
    path.write_text(shown)
    how, problems = read_map(str(path))

    assert how is not None, problems
    assert how.columns["due"] == "Fällig am"
    path.write_text(re.sub(r"^# (\w+: )", r"\1", shown, flags=re.MULTILINE))
    assert read_map(str(path))[0] is not None, "with what is commented out, too"


def test_the_docs_name_every_column_that_there_is() -> None:
    part = DOCS.split("Columns that can be named:")[1]

    assert set(FIELDS) <= set(re.findall(r"`(\w+)`", part))
