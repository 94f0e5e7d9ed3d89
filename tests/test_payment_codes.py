"""QR codes to pay by: what they say, read back from their pictures by a real decoder, and when there is none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest
import segno.helpers
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.client import Creditor, PaymentWays
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.money import Money
from daemon.mail.letters.payment_code import PaymentCode, payment_code, picture_of
from daemon.mail.payment.epc import EpcPayment, epc_payment, short_list
from daemon.mail.payment.postal import PostalAddress, postal_address
from daemon.mail.payment.qr import png
from daemon.mail.payment.reference import is_qr_iban, qrr_of, rf_of, right_qrr, right_rf
from daemon.mail.payment.swiss import SwissBill
from daemon.mail.payment.swiss_part import swiss_payment_part
from tests.builders import a_client, a_creditor, an_invoice

IBAN = "IT60X0542811101000000123456"
QR_IBAN = "CH4431999123000889012"  # the guidelines' own example
SWISS_IBAN = "CH5800791123000889012"
QRR = "210000000003139471430009017"
RF = "RF18539007547034"


def decoded(picture: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(BytesIO(picture)))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    assert found.ec_level == "M"
    return str(found.text)


def a_swiss_creditor(iban: str = SWISS_IBAN, **changes: object) -> Creditor:
    return a_creditor(
        name="Robert Schneider AG",
        address="Rue du Lac 1268, 2501 Biel",
        calendar=BusinessCalendar("CH"),
        payment=PaymentWays(iban=iban),
        **changes,
    )


def code_for(creditor: Creditor, *invoices: Invoice, address: str = "Marktgasse 28, 9400 Rorschach") -> PaymentCode:
    found = code_or_none(creditor, *invoices, address=address)
    assert found is not None
    return found


def code_or_none(creditor: Creditor, *invoices: Invoice, address: str = "") -> PaymentCode | None:
    client = a_client(name="Pia Rutschmann", address=address, calendar=BusinessCalendar("CH"))
    claims = [
        j.Claim(
            number=i.number, instalment=None, level=3, due_on=date(2026, 10, 31), outstanding=i.owed.amount,
            currency=i.currency, paid=Decimal(0), credited=Decimal(0),
        )
        for i in invoices
    ]  # fmt: skip
    return payment_code(creditor, client, claims, {i.number: i for i in invoices})


def bill(amount: str = "1949.75", currency: str = "CHF", **changes: object) -> Invoice:
    return an_invoice(total=Money(Decimal(amount), currency), **changes)


# ---------------------------------------------------------------- EPC


def test_one_invoice_with_a_valid_rf_is_paid_with_it_in_the_structured_slot() -> None:
    code = code_for(a_creditor(), an_invoice(reference="RF18 5390 0754 7034"))

    assert decoded(picture_of(code)).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "XXXXITMM",
        "Studio Bianchi S.r.l.",
        IBAN,
        "EUR1220.00",
        "",
        RF,
    ]


@pytest.mark.parametrize("reference", ["2026-041", "RF19539007547034", "+++090/9337/55493+++"])
def test_what_is_no_valid_rf_goes_into_the_text_never_into_the_structured_slot(reference: str) -> None:
    """A peer puts the invoice number there, and banks refuse it (FIELD 4)."""
    code = code_for(a_creditor(), an_invoice(reference=reference))

    assert decoded(picture_of(code)).split("\n")[8:] == ["", "", reference]


def test_several_invoices_are_one_transfer_of_their_sum_that_names_them() -> None:
    code = code_for(a_creditor(), an_invoice("2026-041", reference=RF), an_invoice("2026-044"))

    assert decoded(picture_of(code)).split("\n")[7:] == ["EUR2440.00", "", "", f"{RF}, 2026-044"]


@pytest.mark.parametrize(
    "ways",
    [
        PaymentWays(iban=IBAN, qr=False),
        PaymentWays(link="https://pay.example/"),
    ],
)
def test_no_code_where_none_is_wanted_or_there_is_no_account(ways: PaymentWays) -> None:
    assert code_or_none(a_creditor(payment=ways), an_invoice()) is None


@pytest.mark.parametrize(("amount", "currency"), [("10.00", "USD"), ("10.00", "CHF"), ("1000000000.00", "EUR")])
def test_no_epc_code_for_what_it_cannot_carry(amount: str, currency: str) -> None:
    assert code_or_none(a_creditor(), bill(amount, currency)) is None


_TEXT = st.text(st.characters(categories=["L", "N", "P"], include_characters=" "), min_size=1, max_size=60)


@settings(max_examples=40)
@given(_TEXT, st.lists(_TEXT, min_size=1, max_size=12), st.decimals("0.01", "999999999.99", places=2))
def test_every_epc_code_reads_back_as_what_it_says(name: str, references: list[str], amount: Decimal) -> None:
    """Within the standard's limits: name, text, octets; and segno's own helper says the same."""
    name, references = name.strip() or "x", [r.strip() or "1" for r in references]
    payment = epc_payment(name=name, iban=IBAN, bic=None, amount=amount, currency="EUR", references=references)
    assert payment is not None

    assert decoded(png(payment.payload)) == payment.payload
    assert len(payment.payload.encode()) <= 331
    assert len(payment.text) <= 140
    theirs = segno.helpers._make_epc_qr_data(
        payment.name, IBAN, amount, payment.text or None, payment.reference, None, None, "utf-8"
    ).decode()
    ours = payment.payload.split("\n")
    assert theirs.split("\n") == [*ours[:7], ours[7].rstrip("0").rstrip("."), *ours[8:]]


def test_a_long_list_of_invoices_says_how_many_more_there_are() -> None:
    assert short_list([f"2026-{n:03}" for n in range(30)], 40) == "2026-000, 2026-001, 2026-002 +27"


# ---------------------------------------------------------------- Switzerland


def test_a_qr_iban_is_paid_with_its_qr_reference() -> None:
    """The example of the guidelines 2.3, with an address for each party."""
    code = code_for(a_swiss_creditor(QR_IBAN), bill(reference="21 00000 00003 13947 14300 09017"))

    lines = decoded(picture_of(code)).split("\n")
    assert lines[:4] == ["SPC", "0200", "1", QR_IBAN]
    assert lines[4:11] == ["S", "Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel", "CH"]
    assert lines[11:18] == [""] * 7
    assert lines[18:20] == ["1949.75", "CHF"]
    assert lines[20:27] == ["S", "Pia Rutschmann", "Marktgasse", "28", "9400", "Rorschach", "CH"]
    assert lines[27:] == ["QRR", QRR, "", "EPD"]


@pytest.mark.parametrize(
    ("reference", "expected"),
    [(RF, ["SCOR", RF, ""]), ("2026-041", ["NON", "", "2026-041"]), (QRR, ["NON", "", QRR])],
)
def test_a_plain_swiss_account_takes_an_rf_or_no_reference(reference: str, expected: list[str]) -> None:
    code = code_for(a_swiss_creditor(), bill(reference=reference))

    assert decoded(picture_of(code)).split("\n")[27:30] == expected


def test_a_payer_whose_address_cannot_be_told_writes_it_in() -> None:
    code = code_for(a_swiss_creditor(), bill(), address="c/o Muster, Postfach, Marktgasse 28, 9400 Rorschach")

    assert decoded(picture_of(code)).split("\n")[20:27] == [""] * 7


@pytest.mark.parametrize(
    "creditor",
    [
        a_swiss_creditor(QR_IBAN),
        replace(a_swiss_creditor(), address="Biel"),
        replace(a_swiss_creditor(), name="株式会社"),
    ],
    ids=["a QR-IBAN without its reference", "no address", "a name beyond the character set"],
)
def test_no_swiss_code_rather_than_a_wrong_one(creditor: Creditor) -> None:
    assert code_or_none(creditor, bill()) is None


def test_euros_to_a_swiss_account_without_an_address_still_have_the_epc_code() -> None:
    creditor = replace(a_swiss_creditor(), address="Biel")

    assert isinstance(code_or_none(creditor, bill(currency="EUR")), EpcPayment)


@pytest.mark.parametrize("language", ["de", "fr", "it", "en", "tr"])
def test_the_payment_part_names_everything_that_its_code_says(language: str) -> None:
    code = code_for(a_swiss_creditor(QR_IBAN), bill(reference=QRR))
    assert isinstance(code, SwissBill)

    drawn = ET.fromstring(swiss_payment_part(code, language))

    texts = [element.text for element in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert drawn.attrib["width"] == "210mm"
    assert texts.count("CH44 3199 9123 0008 8901 2") == 2  # on the receipt and on the payment part
    assert texts.count("21 00000 00003 13947 14300 09017") == 2
    assert texts.count("1 949.75") == 2
    assert texts.count("2501 Biel") == texts.count("9400 Rorschach") == 2


# ---------------------------------------------------------------- addresses and references


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Via Roma 1, 20121 Milano", PostalAddress("Via Roma", "1", "20121", "Milano", "IT")),
        ("Via Roma 12/A, 20121 Milano (MI)", PostalAddress("Via Roma 12/A", "", "20121", "Milano (MI)", "IT")),
        ("Via Roma 12/3\n20121 Milano", PostalAddress("Via Roma", "12/3", "20121", "Milano", "IT")),
        ("Rue du Lac 12b, CH-2501 Biel", PostalAddress("Rue du Lac", "12b", "2501", "Biel", "CH")),
        ("Hauptstraße 5, D-10115 Berlin", PostalAddress("Hauptstraße", "5", "10115", "Berlin", "DE")),
        ("12 rue de la Paix, 75002 Paris, FR", PostalAddress("12 rue de la Paix", "", "75002", "Paris", "FR")),
        ("8001 Zürich", PostalAddress("", "", "8001", "Zürich", "IT")),
    ],
)
def test_an_address_on_one_line_is_taken_apart(text: str, expected: PostalAddress) -> None:
    assert postal_address(text, "IT") == expected


@pytest.mark.parametrize("text", ["", "Milano", "Via Roma 1, Milano", "c/o X, Via Roma 1, 20121 Milano", "X, Q-1234 Y"])
def test_what_cannot_be_told_is_not_guessed(text: str) -> None:
    assert postal_address(text, "IT") is None


def test_check_digits_of_the_standards_own_examples() -> None:
    assert rf_of("RF18 5390 0754 7034") == RF
    assert qrr_of("21 00000 00003 13947 14300 09017") == QRR
    assert (is_qr_iban(QR_IBAN), is_qr_iban(SWISS_IBAN), is_qr_iban(IBAN)) == (True, False, False)


@given(st.from_regex(r"[A-Z0-9]{1,21}", fullmatch=True), st.integers(0, 10**26 - 1))
def test_any_one_wrong_digit_is_noticed_and_the_right_ones_are_known(body: str, number: int) -> None:
    rf, qrr = right_rf(f"RF00{body}"), right_qrr(f"{number:026}0")

    assert rf_of(rf) == rf
    assert rf_of(f"RF{(int(rf[2:4]) + 1) % 100:02}{rf[4:]}") is None
    assert number == 0 or qrr_of(qrr) == qrr
    assert qrr_of(f"{qrr[:-1]}{(int(qrr[-1]) + 1) % 10}") is None
