"""Whose an invoice is, and what two statements of one say differently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from daemon.adapters.config_yaml import load
from daemon.adapters.import_yaml import client_lines
from daemon.domain.books.client import Client
from daemon.domain.books.invoice import Instalment, Invoice
from daemon.domain.books.money import Money
from daemon.domain.incoming.incoming import Party
from daemon.domain.incoming.intake import Roster, changes, same_party, same_tax_id
from daemon.domain.incoming.intake_rows import Outcome
from tests.import_place import SAMPLES, ImportPlace


@pytest.fixture(scope="module")
def clients(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Client]:
    settings = load(ImportPlace(tmp_path_factory.mktemp("books")).config).settings
    assert settings is not None
    return dict(settings.ledger.clients)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("IT09876543210", "09876543210", True),
        ("FR 55 123 456 789", "FR55123456789", True),
        ("IT09876543210", "DE09876543210", False),
        ("DE123456789", "DE123456780", False),
        ("IT1", "IT1", False),
        ("RSSMRA80A01F205X", "RSSMRA80A01F205X", True),
    ],
)
def test_a_tax_number_is_one_with_or_without_its_country(one: str, other: str, same: bool) -> None:
    assert same_tax_id(one, other) is same
    assert same_tax_id(other, one) is same


@pytest.mark.parametrize(
    ("buyer", "keys"),
    [
        (Party(name="Whatever", tax_ids=("IT09876543210",)), ("acme",)),
        (Party(name="NORDLICHT GMBH", tax_ids=("DE123456789",)), ("nordlicht",)),
        (Party(name="Lumiere"), ("lumiere",)),
        (Party(name="Isil Yilmaz"), ("isil",)),
        (Party(name="Nobody", email="Anna@Acme.example"), ("acme",)),
        (Party(name="Acme S.p.A.", tax_ids=("IT11111111111",)), ()),
        (Party(name="Nobody"), ()),
        (Party(), ()),
    ],
)
def test_a_client_is_known_by_tax_number_then_name_then_address(
    clients: dict[str, Client], buyer: Party, keys: tuple[str, ...]
) -> None:
    """A name never joins two whose tax numbers differ."""
    assert Roster(clients).find(buyer) == keys


def test_branches_with_one_tax_number_are_told_apart_by_name_or_not_at_all(clients: dict[str, Client]) -> None:
    branch = replace(clients["acme"], key="acme-2", name="Acme S.p.A. Torino")
    both = {**clients, "acme-2": branch}

    assert Roster(both).find(Party(name="Acme SpA Torino", tax_ids=("09876543210",))) == ("acme-2",)
    assert Roster(both).find(Party(name="Acme Gruppe", tax_ids=("09876543210",))) == ("acme", "acme-2")


def test_two_documents_name_one_stranger() -> None:
    assert same_party(Party(name="A", tax_ids=("DE123456789",)), Party(name="B", tax_ids=("123456789",)))
    assert not same_party(Party(name="A", tax_ids=("DE123456789",)), Party(name="A", tax_ids=("DE987654321",)))
    assert same_party(Party(name="Süß"), Party(name="SÜSS", tax_ids=("DE123456789",)))


def _invoice(total: str = "100.00") -> Invoice:
    return Invoice(number="1", client="acme", total=Money(Decimal(total), "EUR"), due_on=date(2026, 11, 30))


def test_what_differs_is_named_with_both_figures() -> None:
    ours = _invoice()
    parts = (
        Instalment(due_on=date(2026, 11, 30), amount=Decimal(50)),
        Instalment(due_on=date(2026, 12, 30), amount=Decimal(50)),
    )

    assert [str(one) for one in changes(ours, _invoice("120.00"))] == ["total 100.00 -> 120.00"]
    assert [str(one) for one in changes(ours, replace(ours, due_on=date(2026, 12, 1)))] == [
        "due 2026-11-30 -> 2026-12-01"
    ]
    assert [one.key for one in changes(ours, replace(ours, instalments=parts))] == ["instalments"]
    assert [one.key for one in changes(ours, replace(ours, payable=Money(Decimal(80), "EUR")))] == ["payable"]
    assert [one.key for one in changes(ours, replace(ours, credit=True))] == ["credit"]


def test_what_only_one_side_knows_of_its_date_is_no_difference() -> None:
    assert changes(_invoice("100.00"), replace(_invoice("100.0"), issued_on=date(2026, 11, 1))) == ()


def test_the_same_number_twice_in_one_import_is_taken_once(tmp_path: Path) -> None:
    place = ImportPlace(tmp_path)
    other = tmp_path / "other.xml"
    other.write_text((SAMPLES / "ubl" / "invoice.xml").read_text().replace("1220.00", "1300.00"))
    rows = place.take_in("ubl/invoice.xml", other, "ubl/invoice.xml").rows

    assert [row.outcome for row in rows] == [Outcome.NEW, Outcome.REFUSED]
    assert "total 1220.00 -> 1300.00" in rows[1].why


@pytest.mark.parametrize("local", ["a}b", "*ap", "#ap", "'ap", "?a", "{x}", "`ap", "%a", "o'b", "anna+bills"])
def test_any_address_can_be_written(local: str) -> None:
    """RFC 5322 section 3.2.3: nearly every sign stands before the @, and some of them mean something to YAML."""
    email = f"{local}@acme.example"
    lines, missing = client_lines("acme", Party(name="Acme", email=email), ["en"], "en")

    assert missing == ""
    assert yaml.safe_load("\n".join(lines))["acme"]["contacts"] == [{"name": "Acme", "email": email}]


def test_a_client_may_be_named_for_all(tmp_path: Path) -> None:
    [row] = ImportPlace(tmp_path).take_in("ubl/invoice.xml", client="acme").rows

    assert row.client == "acme"


def test_a_number_that_the_books_have_for_another_client_is_told(tmp_path: Path) -> None:
    """Numbers are ours, so that one is seldom given twice; but it may be."""
    place = ImportPlace(tmp_path)
    place.run("import", str(SAMPLES / "ubl" / "invoice.xml"), "--into", "invoices/2026.yaml")
    [row] = place.take_in("ubl/invoice.xml", client="acme").rows

    assert row.outcome is Outcome.NEW
    assert any("as nordlicht/2026-101" in note for note in row.notes)


def test_of_several_accounts_it_is_enough_that_the_letters_name_one(tmp_path: Path) -> None:
    """A note about the first alone would send the owner looking for a fault that is none."""
    place = ImportPlace(tmp_path)
    text = (SAMPLES / "ubl" / "invoice.xml").read_text()
    first, second = text.index("  <cac:PaymentMeans>"), text.index("  <cac:PaymentTerms>")
    other = text[first:second].replace("IT60X0542811101000000123456", "DE89370400440532013000")
    for name, means, told in (("a", other + text[first:second], False), ("b", other, True)):
        path = place.folder / f"{name}.xml"
        path.write_text(text[:first] + means + text[second:])
        [row] = place.take_in(path).rows

        assert any("to be paid to DE89" in note for note in row.notes) == told
