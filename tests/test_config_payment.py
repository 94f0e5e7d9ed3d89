"""Accounts, references and QR codes in the config: every fault with its place, and what would be right."""

from __future__ import annotations

from pathlib import Path

import pytest

from daemon.adapters.config_yaml import Loaded
from tests.config_builder import changed, invoice_with, loaded, problems

_SWISS = "CH5800791123000889012"


def with_payment(payment: str, *, currency: str = "EUR", address: str = "") -> str:
    place = f', address: "{address}"' if address else ""
    text = changed("calendar: IT", f"calendar: IT{place}, payment: {payment}")
    return text.replace("currency: EUR", f"currency: {currency}")


def notices(read: Loaded) -> list[str]:
    assert read.settings is not None, read.problems
    return [notice[notice.index("c.yaml") :] for notice in read.settings.notices]


@pytest.mark.parametrize(
    ("payment", "currency", "expected"),
    [
        ("{iban: IT60X0542811101000000123456, qr: true}", "EUR", []),
        ("{iban: IT60X0542811101000000123456}", "USD", []),
        ("{iban: IT60X0542811101000000123456, qr: false}", "USD", []),
        (
            f"{{iban: {_SWISS}}}",
            "CHF",
            [
                "c.yaml:1:137: no QR code for 1: the address is to be street, postal code and town, as in"
                " `Rue du Lac 12, 2501 Biel`"
            ],
        ),
        (
            f"{{iban: {_SWISS}}}",
            "USD",
            ["c.yaml:1:137: no QR code for 1: a Swiss QR-bill is in CHF or EUR, not in USD"],
        ),
    ],
)
def test_a_code_that_cannot_be_made_is_worth_a_notice_with_its_place(
    tmp_path: Path, payment: str, currency: str, expected: list[str]
) -> None:
    assert notices(loaded(tmp_path, with_payment(payment, currency=currency))) == expected


def test_a_code_that_was_asked_for_and_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """An EPC code is for euros; the owner who writes `qr: true` counts on one in every letter."""
    read = loaded(tmp_path, with_payment("{iban: IT60X0542811101000000123456, qr: true}", currency="USD"))
    (problem,) = map(str, read.problems)

    assert read.settings is None
    assert problem.endswith(
        "c.yaml:1:170: no QR code for 1: the EPC code is for euros only, not for USD;"
        " without `qr: true` such letters go without one"
    )


def test_a_qr_iban_without_qr_references_names_the_invoices(tmp_path: Path) -> None:
    payment = "{iban: CH4431999123000889012}"
    text = with_payment(payment, currency="CHF", address="Rue du Lac 12, 2501 Biel")
    more = "".join(
        f'  - {{number: "{n}", client: acme, due: 2026-10-31, currency: CHF, total: 1.00}}\n' for n in range(2, 7)
    )

    (notice,) = notices(loaded(tmp_path, text + more))

    assert "no QR code for 1, 2, 3 and 3 more: this account is a QR-IBAN" in notice


def test_a_currency_may_have_an_account_of_its_own(tmp_path: Path) -> None:
    read = loaded(
        tmp_path, with_payment(f"{{iban: IT60X0542811101000000123456, accounts: [{{currency: CHF, iban: {_SWISS}}}]}}")
    )

    assert read.settings is not None
    ways = read.settings.ledger.creditor.payment
    assert (ways.in_currency("CHF").iban, ways.in_currency("EUR").iban) == (_SWISS, "IT60X0542811101000000123456")


@pytest.mark.parametrize(
    ("payment", "expected"),
    [
        ("{qr: true}", "a QR code pays to an account: add `iban`"),
        ("{iban: IT61X0542811101000000123456}", "c.yaml:1:137: `IT61X0542811101000000123456`: the check digits"),
        (f"{{accounts: [{{currency: CHF, iban: {_SWISS[:-1]}3}}]}}", "c.yaml:1:164: `CH5800791123000889013`"),
        (
            f"{{accounts: [{{currency: CHF, iban: {_SWISS}}}, {{currency: CHF, iban: {_SWISS}}}]}}",
            "CHF has an account already, in line 1",
        ),
    ],
)
def test_a_wrong_account_names_its_place(tmp_path: Path, payment: str, expected: str) -> None:
    found = problems(tmp_path, with_payment(payment))

    assert len(found) == 1
    assert expected in found[0]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("RF19 5390 0754 7034", "for the rest of it they would be RF18, as in RF18539007547034"),
        ('"210000000003139471430009018"', "the last digit of this Swiss QR reference does not fit"),
        ('"210000000003139471430009018"', "it would be 7"),
    ],
)
def test_wrong_check_digits_of_a_reference_are_told_the_right_ones(
    tmp_path: Path, reference: str, expected: str
) -> None:
    (found,) = problems(tmp_path, invoice_with(reference=reference))

    assert found.startswith("c.yaml:12:")
    assert expected in found


@pytest.mark.parametrize("reference", ["+++090/9337/55493+++", '"1234567897"', '"2026-041"'])
def test_other_national_references_are_text(tmp_path: Path, reference: str) -> None:
    assert problems(tmp_path, invoice_with(reference=reference)) == []
