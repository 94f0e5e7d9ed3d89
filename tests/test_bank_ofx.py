"""OFX as banks and programs really write it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from daemon.adapters.bank_files import read_statements
from daemon.domain.books.bank_statement import BankEntry, StatementFault

SAMPLES = Path(__file__).parent / "bank"
SGML, XML = (SAMPLES / "one.ofx").read_text(), (SAMPLES / "two.ofx").read_text()


def _first(text: str, encoding: str = "utf-8") -> BankEntry:
    return read_statements(text.encode(encoding), "bank.ofx", None)[0].entries[0]


@pytest.mark.parametrize("end", ["</OFX>", "</BANKTRANLIST>", "<FITID>20261103002"])
def test_a_file_that_is_cut_off_is_refused_and_not_read_up_to_there(end: str) -> None:
    """Also where a whole statement stands before the cut: the payments of the next account would be missed."""
    for begin in ("", SGML.replace("</OFX>", "")):
        with pytest.raises(StatementFault, match=r"bank\.ofx: it is cut off"):
            read_statements((begin + SGML[: SGML.index(end)]).encode(), "bank.ofx", None)


def test_an_amount_that_the_bank_has_converted_is_in_the_accounts_currency() -> None:
    """OFX 2.2, 5.2: ORIGCURRENCY tells what it was before, CURRENCY what it is."""
    told = "<{0}><CURRATE>0.91<CURSYM>USD</{0}></STMTTRN>"
    before, now = (_first(SGML.replace("</STMTTRN>", told.format(name), 1)) for name in ("ORIGCURRENCY", "CURRENCY"))

    assert (before.amount, before.currency) == (Decimal("1220.00"), "EUR")
    assert now.currency == "USD"


def test_words_that_are_marked_as_mere_text_are_read() -> None:
    memo = "<![CDATA[Re 2026-041 <first> & last]]>"
    entry = _first(XML.replace("<MEMO>2026 050</MEMO>", f"<MEMO>{memo}</MEMO>"))

    assert entry.text == "Re 2026-041 <first> & last"


def test_utf_16_is_known_by_its_mark() -> None:
    assert _first(XML.replace("BETA LTD", "Süß KG"), "utf-16").name == "Süß KG"
