"""MT940 as banks really write it: pages, envelopes, and the many ways to cut up the field :86:."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from daemon.adapters.bank_files import read_statements
from daemon.adapters.bank_mt940_details import details_of
from daemon.domain.books.bank_statement import BankEntry, StatementFault

GERMAN = (Path(__file__).parent / "bank" / "german.sta").read_text()


def _page(number: str, amount: str, reference: str, closes: str = "62F") -> str:
    return (
        f":20:A\n:25:IT60X0542811101000000123456\n:28C:{number}\n:60F:C261103EUR0,00\n"
        f":61:2611031103C{amount}NTRFNONREF//{reference}\n:86:saldo 2026-041\n:{closes}:C261103EUR{amount}\n-\n"
    )


def _entries(text: str) -> list[BankEntry]:
    return [entry for statement in read_statements(text.encode(), "bank.sta", None) for entry in statement.entries]


@pytest.mark.parametrize("second", ["211", "211/2"])
def test_the_second_page_of_a_day_is_read_whether_or_not_the_bank_counts_pages(second: str) -> None:
    """Some banks give both the same number, and a payment on the second would be lost."""
    read = _entries(_page("211", "1220,00", "B1", "62M") + _page(second, "500,00", "B2"))

    assert [entry.amount for entry in read] == [Decimal("1220.00"), Decimal("500.00")]


def test_a_statement_that_a_file_tells_twice_counts_once_in_swifts_envelope_too() -> None:
    envelope = "{1:F01TESTNL2AAXXX0000000000}{2:I940TESTNL2AXXXN}{4:\n"
    one = envelope + _page("211", "500,00", "NONREF").replace("\n-\n", "\n-}\n")

    assert len(_entries(one + one)) == 1


def test_a_page_that_is_cut_off_refuses_the_whole_file() -> None:
    whole = _page("211", "1220,00", "B1", "62M") + _page("211", "500,00", "B2")
    with pytest.raises(StatementFault, match="statement 2"):
        read_statements(whole[: whole.rindex(":62F:")].encode(), "bank.sta", None)


def test_what_stands_before_the_first_word_of_sepa_is_the_payers_text() -> None:
    found = details_of("166?00GUTSCHRIFT?20Rechnung 2026-041?21EREF+E1?32ACME")

    assert (found.text, found.references) == ("Rechnung 2026-041", ("E1",))


def test_the_purpose_goes_on_behind_its_tenth_part() -> None:
    assert details_of("166?20SVWZ+Rechnungen 2026-041,?60 2026-042").text == "Rechnungen 2026-041, 2026-042"


def test_an_account_does_not_run_into_a_name_in_capitals() -> None:
    found = details_of("166?20SVWZ+RE 1?30TESTDEFFXXX?31DE89370400440532013000?3\n2ACME S.P.A.?34000")

    assert (found.iban, found.name) == ("DE89370400440532013000", "ACME S.P.A.")


@pytest.mark.parametrize("sign", ["?", "^", "~", "<", ">"])
def test_parts_are_numbered_behind_any_sign_that_banks_use(sign: str) -> None:
    written = "944 CENA\n944^00PRZELEW^20Faktura 2026-041^32ACME SPA^38PL61109010140000071219812874".replace("^", sign)
    found = details_of(written)

    assert (found.text, found.name, found.iban) == ("Faktura 2026-041", "ACME SPA", "PL61109010140000071219812874")


@pytest.mark.parametrize(
    ("written", "name", "text"),
    [
        ("/EREF/E1//CNTP/NL91ABNA0417164300/TESTNL2A/ACME B.V.///REMI/USTD//Factuur 2026-041/", "ACME B.V.",
         "Factuur 2026-041"),
        ("/EREF/1/ORDP//NAME/ACME SpA/ADDR/Corso 5/REMI/betreft 2026\n-041/ISDT/2026-11-03", "ACME SpA",
         "betreft 2026 -041"),
        ("/NAME/ACME/REMI/RE/2026/041/AB/7/EREF/E1", "ACME", "RE/2026/041/AB/7"),
        ("/NAME/BANK/REMI/kosten\n/SUM/2/1/1,00/1220,00/", "BANK", "kosten"),
        ("BONIFICO DA ACME SPA\nSALDO FATT. 2026-041", "", "BONIFICO DA ACME SPA SALDO FATT. 2026-041"),
    ],
)  # fmt: skip
def test_parts_that_are_named_between_slashes(written: str, name: str, text: str) -> None:
    found = details_of(written)

    assert (found.name, found.text) == (name, text)


def test_the_mark_for_a_reference_elsewhere_is_none_itself() -> None:
    read = _entries(GERMAN.replace("N166NONREF//BANKREF01", "N166EREF//BANKREF01"))

    assert read[0].references == ()
