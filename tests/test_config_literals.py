"""F55: exactly what was written, or an error; never another value."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.domain.books.invoice import Invoice
from tests.config_builder import changed, invoice_with, loaded, problems


def _invoice(folder: Path, **fields: str) -> Invoice:
    read = loaded(folder, invoice_with(**fields))
    assert read.settings is not None, read.problems
    return read.settings.ledger.invoices[0]


@pytest.mark.parametrize(
    "written", ["0123", "12:30", "NO", "1234.10", "1.234,10", "2026-02-30", "null", "0x1F", "1e3", "on"]
)
def test_F55_a_number_of_an_invoice_is_the_text_that_was_written(tmp_path: Path, written: str) -> None:
    """`0123` became 83, `12:30` 750 and `NO` false; a number is text, quoted or not."""
    field = {"number": f'"{written}"' if "," in written else written}

    assert _invoice(tmp_path, **field).number == written


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("0123", "`0123` is not a number here: write 123"),
        ("12:30", "`12:30` is not a number here: digits, with a point before the decimals"),
        ("NO", "`NO` is not a number here"),
        ('"1.234,10"', "`1.234,10` is not a number here: write 1234.10"),
        ('"1,234.10"', "write 1234.10"),
        ('"1\'234.10"', "write 1234.10"),
        ('"1 234,10"', "write 1234.10"),
        ('"€ 1.234,10"', "write 1234.10"),
        ('"1,234"', "write 1234 or 1.234"),
        ("1.234.567", "write 1234567"),
        ('"12,5"', "write 12.5"),
        ("1.2.3", "digits, with a point before the decimals"),
        ("2026-02-30", "`2026-02-30` is not a number here"),
        ("1e3", "`1e3` is not a number here"),
        ("0x1F", "`0x1F` is not a number here"),
        (".inf", "`.inf` is not a number here"),
        ("1_000", "write 1000"),
        ("+5", "write 5"),
        ("٣", "is not a number here"),
        ("1220.", "is not a number here"),
    ],
)
def test_F55_an_amount_that_is_not_plain_is_an_error_that_says_how_to_write_it(
    tmp_path: Path, written: str, said: str
) -> None:
    found = problems(tmp_path, invoice_with(total=written))

    assert len(found) == 1
    assert said in found[0]


@pytest.mark.parametrize("written", ["1234.10", "0.05", "1234", "99999999.99", '"1234.10"'])
def test_F55_a_plain_amount_is_kept_with_its_decimals(tmp_path: Path, written: str) -> None:
    """A float would make 1234.10 into 1234.1, and of others something else."""
    assert str(_invoice(tmp_path, total=written).total.amount) == written.strip('"')


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-02-30", "`2026-02-30` is not a day: that month ends on 2026-02-28"),
        ("2026-13-01", "there is no month 13"),
        ("2026-00-10", "there is no month 0"),
        ("0026-10-31", "the year is to be between 1990 and 2100"),
        ("31.10.2026", "write 2026-10-31"),
        ("05/04/2026", "write 2026-04-05 or 2026-05-04"),
        ("2026-1-5", "write 2026-01-05"),
        ("20261031", "write year-month-day"),
        ("2026-10-31T10:00:00", "write 2026-10-31"),
        ("0123", "`0123` is not a date here"),
        ("12:30", "`12:30` is not a date here"),
        ("NO", "`NO` is not a date here"),
        ("1234.10", "`1234.10` is not a date here"),
        ('"1.234,10"', "`1.234,10` is not a date here"),
    ],
)
def test_F55_a_date_that_is_none_is_an_error(tmp_path: Path, written: str, said: str) -> None:
    found = problems(tmp_path, invoice_with(due=written))

    assert len(found) == 1
    assert said in found[0]


def test_F55_a_date_is_that_day(tmp_path: Path) -> None:
    assert _invoice(tmp_path, due="2028-02-29").due_on == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("written", "expected"),
    [("12:30", time(12, 30)), ('"07:30"', time(7, 30)), ("0123", None), ("NO", None), ("24:00", None), ("7.30", None)],
)
def test_F55_a_time_is_hours_and_minutes_or_an_error(tmp_path: Path, written: str, expected: time | None) -> None:
    text = changed("{email: giulia@bianchi.example}", f"{{email: giulia@bianchi.example, digest_at: {written}}}")
    read = loaded(tmp_path, text)

    assert (read.settings.ledger.owner.digest_at if read.settings else None) == expected
    assert (len(read.problems) == 1) == (expected is None)


@pytest.mark.parametrize("written", ["NO", "yes", "on", "True", "0", "0123"])
def test_F55_a_yes_or_no_is_true_or_false_and_no_other_word(tmp_path: Path, written: str) -> None:
    found = problems(tmp_path, invoice_with(credit=written))

    assert len(found) == 1
    assert f"`{written}`: write " in found[0]


def test_F55_no_is_norway_where_a_country_is_meant(tmp_path: Path) -> None:
    settings = loaded(tmp_path, changed("calendar: IT", "calendar: NO")).settings

    assert settings is not None
    assert settings.ledger.creditor.calendar.region == "NO"


def test_F55_quantities_and_prices_of_a_line_are_kept_exactly(tmp_path: Path) -> None:
    """A unit price may be finer than its currency."""
    (line,) = _invoice(tmp_path, lines="[{what: 12:30, quantity: 0.5, unit: NO, price: 0.0815, vat: 22%}]").lines

    assert (line.what, line.unit) == ("12:30", "NO")
    assert (line.quantity, line.price, line.vat) == (Decimal("0.5"), Decimal("0.0815"), Decimal("22"))
