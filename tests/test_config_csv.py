"""How a CSV is written, for the statements of a bank and for invoices alike: as the map says, or refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.adapters.config_bank import MAP
from daemon.adapters.config_csv import amount_of, day_of, decoded
from daemon.adapters.import_map import COLUMN_MAP
from tests.config_builder import GOOD, problems

OF_THE_BANK = "bank: {map: {date: Day, amount: Amount, currency: EUR, %s}}\n"


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "amount"),
    [
        ("1.234,50", ",", ".", "1234.50"),
        ("1234,50", ",", ".", "1234.50"),
        ("1,234,567.8", ".", ",", "1234567.8"),
        ("-12", ".", "", "-12"),
        ("\u221212,00", ",", "", "-12.00"),
        ("+12", ".", "", "12"),
        ("1\u202f234,50", ",", " ", "1234.50"),
        ("1’234.50", ".", "'", "1234.50"),
    ],
)
def test_an_amount_is_read_as_the_map_says(text: str, decimal: str, thousands: str, amount: str) -> None:
    assert str(amount_of(text, decimal, thousands)) == amount


@pytest.mark.parametrize(
    ("text", "decimal", "thousands"),
    [
        ("1.234", ",", ""),  # where the comma is decimal, it may be a thousand or a slip
        ("1.234,50", ",", ""),
        ("1.23", ",", "."),
        ("1,234.50", ",", "."),
        ("1 234", ".", ""),
        ("1.2345,00", ",", "."),
        ("12 EUR", ".", ""),
        ("1e3", ".", ""),
        ("٣", ".", ""),
        ("", ".", ""),
    ],
)
def test_an_amount_that_can_be_read_in_two_ways_or_in_none_is_refused(text: str, decimal: str, thousands: str) -> None:
    with pytest.raises(ValueError, match="is no amount as the map says"):
        amount_of(text, decimal, thousands)


@pytest.mark.parametrize(
    ("shape", "text"),
    [("DD.MM.YYYY", "3.11.2026"), ("MM/DD/YY", "11/03/26"), ("YYYYMMDD", "20261103"), ("%d.%m.%Y", "03.11.2026"),
     ("%d %b %Y, %H:%M", "03 Nov 2026, 09:15")],
)  # fmt: skip
def test_a_day_is_read_as_the_map_says(shape: str, text: str) -> None:
    assert day_of(text, shape) == date(2026, 11, 3)


@pytest.mark.parametrize(
    ("shape", "text"), [("DD.MM.YYYY", "31.11.2026"), ("DD.MM.YYYY", "2026-11-03"), ("YYYYMMDD", "2026113")]
)
def test_a_day_that_is_none_or_is_written_otherwise_is_refused(shape: str, text: str) -> None:
    with pytest.raises(ValueError):
        day_of(text, shape)


def test_both_maps_take_the_same_words() -> None:
    for bank, invoices in (("dates", "date"), *((key, key) for key in ("thousands", "delimiter", "encoding"))):
        assert MAP.fields[bank].kind is COLUMN_MAP.fields[invoices].kind


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("encoding: hex", "is no encoding"),
        ("encoding: base64", "is no encoding"),
        ("encoding: rot13", "is no encoding"),
        ("encoding: klingon", "is no encoding"),
        ("dates: DD.MM", "use DD, MM and YYYY once each"),
        ('dates: "%d.%m."', "does not tell day, month and year"),
        ("delimiter: ;;", "is no delimiter"),
        ('decimal: ",", thousands: ","', "the same sign"),
        ("thousands: x", "does not stand between thousands"),
    ],
)
def test_a_wrong_word_in_the_map_of_a_bank_is_told_by_check(tmp_path: Path, key: str, said: str) -> None:
    [problem] = problems(tmp_path, GOOD + OF_THE_BANK % key)

    assert said in problem


def test_a_file_is_known_by_its_mark_whatever_utf_it_is() -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert decoded("Größe".encode(encoding), "utf-8") == "Größe"
    assert Decimal(decoded(b"12", "cp1252")) == 12
