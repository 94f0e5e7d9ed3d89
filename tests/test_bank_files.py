"""Statements as banks send them: every format gives the same kind of entries, and what is no statement is refused."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.adapters.bank_files import read_bank_file, read_statements
from daemon.domain.books.bank_statement import BankEntry, ColumnMap, Flow, Statement, StatementFault

SAMPLES = Path(__file__).parent / "bank"
IBAN = "IT60X0542811101000000123456"
SPARKASSE = ColumnMap(
    date="Buchungstag", amount="Betrag", text=("Verwendungszweck",), name="Auftraggeber", reference="Kunde",
    currency_in="Währung", account="giro", dates="DD.MM.YYYY", decimal=",", thousands=".", delimiter=";",
    encoding="cp1252", skip=2,
)  # fmt: skip


def sample(name: str, columns: ColumnMap | None = None) -> Statement:
    [statement] = read_bank_file(SAMPLES / name, columns)
    return statement


def shown(entries: tuple[BankEntry, ...]) -> list[tuple[str, str, str, str, str]]:
    return [(e.booked_on.isoformat(), f"{e.amount} {e.currency}", e.flow.value, e.name, e.text) for e in entries]


def test_a_camt_053_gives_each_payment_of_a_batch_and_nothing_that_is_only_expected() -> None:
    statement = sample("camt053-v02.xml")

    assert (statement.account, statement.currency, statement.until) == (IBAN, "EUR", date(2026, 11, 3))
    assert shown(statement.entries) == [
        ("2026-11-02", "1220.00 EUR", "in", "ACME SPA", "SALDO FATT. 2026/41 DEL 1.10.2026"),
        ("2026-11-03", "410.00 EUR", "in", "Beta Ltd", ""),
        ("2026-11-03", "200.00 EUR", "in", "Gamma GmbH", "2026-077"),
        ("2026-11-03", "23.00 EUR", "out", "", "CANONE MENSILE"),
    ]
    assert statement.entries[0].iban == "IT40S0542811101000000654321"
    assert statement.entries[1].references == ("RF18539007547034", "E2E-7")
    assert len({entry.id for entry in statement.entries}) == 4


def test_a_later_version_tells_of_reversals_and_of_sums_that_it_does_not_take_apart() -> None:
    statement = sample("camt053-v08.xml")

    assert statement.until == date(2026, 11, 4), "to midnight of the 5th is without the 5th"
    assert shown(statement.entries) == [
        ("2026-11-04", "1220.00 EUR", "back", "ACME SPA", "STORNO FATT. 2026/41"),
        ("2026-11-04", "900.00 EUR", "in", "", ""),
    ]
    assert [entry.collective for entry in statement.entries] == [False, True]


@pytest.mark.parametrize(
    ("tells", "until"),
    [
        ("<FrToDt><FrDtTm>2026-11-05T00:00:00</FrDtTm><ToDtTm>2026-11-05T09:00:00</ToDtTm></FrToDt>", 4),
        ("<FrToDt><FrDtTm>2026-11-04T09:00:00</FrDtTm><ToDtTm>2026-11-05T00:00:00</ToDtTm></FrToDt>", 4),
        ("<FrToDt><FrDtTm>2026-11-05T00:00:00</FrDtTm><ToDtTm>2026-11-05T23:59:59.9</ToDtTm></FrToDt>", 5),
        ("<Bal><Tp><CdOrPrtry><Cd>ITBD</Cd></CdOrPrtry></Tp><Dt><Dt>2026-11-05</Dt></Dt></Bal>", 4),
        ("<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Dt><Dt>2026-11-05</Dt></Dt></Bal>", 5),
    ],
)
def test_a_report_within_a_day_does_not_tell_of_that_day_as_a_whole(tells: str, until: int) -> None:
    """Its rest is still to come: at nine in the morning nobody knows what is paid by the evening."""
    report = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.052.001.08"><BkToCstmrAcctRpt><Rpt><Id>1</Id>'
        f"<Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>{tells}</Rpt></BkToCstmrAcctRpt></Document>"
    )

    assert read_statements(report.encode(), "now.xml", None)[0].until == date(2026, 11, until)


def test_a_notification_and_a_statement_tell_of_the_same_payment() -> None:
    """CAMT.054 comes first and says more; by the bank's reference it is the entry of the CAMT.053."""
    assert sample("camt054-v02.xml").entries[0].id == sample("camt053-v02.xml").entries[0].id


def test_a_reference_that_only_the_transaction_has_is_the_banks_all_the_same() -> None:
    """Then other words in the next file make it no other payment."""

    def ids(text: str) -> list[str]:
        whole = (SAMPLES / "camt054-v02.xml").read_text().replace("<AcctSvcrRef>2026110200001</AcctSvcrRef>", "")
        own = whole.replace("<RltdPties>", "<Refs><AcctSvcrRef>T-9</AcctSvcrRef></Refs><RltdPties>", 1)
        [statement] = read_statements(own.replace("SALDO", text).encode(), "n.xml", None)
        return [entry.id for entry in statement.entries]

    assert ids("SALDO") == ids("PAGAMENTO")


def test_an_mt940_of_a_german_bank() -> None:
    statement = sample("german.sta")

    assert (statement.account, statement.until) == ("12030000/1234567890", date(2026, 11, 3))
    assert shown(statement.entries) == [
        ("2026-11-02", "1220.00 EUR", "in", "Acme S.p.A. Milano", "Rechnung 2026-041 vom 1.10."),
        ("2026-11-03", "1220.00 EUR", "back", "Acme S.p.A.", "Storno Rechnung 2026-041"),
        ("2026-11-03", "12.50 EUR", "out", "", "Kontogebuehr"),
    ]
    assert statement.entries[0].iban == "DE89370400440532013000"


def test_an_mt940_of_a_dutch_bank() -> None:
    [entry] = sample("dutch.940").entries

    assert (entry.name, entry.iban, entry.text) == ("Beta B.V.", "NL91ABNA0417164300", "Factuur 2026-060 deel 1")


def test_an_mt940_that_holds_one_statement_twice_holds_it_once() -> None:
    twice = (SAMPLES / "german.sta").read_bytes() * 2

    assert len(read_statements(twice, "twice.sta", None)) == 1


@pytest.mark.parametrize(
    ("name", "who", "text", "amount"),
    [("one.ofx", "Acme & Figli SpA", "Fattura 2026-041", "1220.00"), ("two.ofx", "BETA LTD", "2026 050", "12500.00")],
)
def test_an_ofx_in_sgml_and_in_xml(name: str, who: str, text: str, amount: str) -> None:
    statement = sample(name)
    first = statement.entries[0]

    assert statement.until == date(2026, 11, 3)
    assert (first.name, first.text, first.amount, first.flow) == (who, text, Decimal(amount), Flow.IN)


def test_a_csv_is_read_as_the_map_says() -> None:
    statement = sample("sparkasse.csv", SPARKASSE)

    assert (statement.account, statement.until) == ("giro EUR", date(2026, 11, 3))
    assert shown(statement.entries) == [
        ("2026-11-02", "1220.00 EUR", "in", "Müller & Söhne GmbH", "RE 2026-041; Teil 1"),
        ("2026-11-03", "23.50 EUR", "out", "Stadtwerke", "Abschlag"),
    ]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"decimal": ".", "thousands": ","},
            "sparkasse.csv:4: `1.220,00` is no amount as the map says, as in 1,234.50",
        ),
        ({"thousands": ""}, "as in 1234,50; where a sign stands between thousands, `thousands` names it"),
        ({"dates": "%m/%d/%Y"}, "sparkasse.csv:4: '02.11.2026' is no day like %m/%d/%Y"),
        ({"encoding": "utf-8"}, "it is not in utf-8"),
        ({"amount": "Summe"}, "sparkasse.csv:3: there is no column 'Summe'; there are: Buchungstag, Auftraggeber"),
        ({"currency_in": "Kunde"}, "sparkasse.csv:4: 'K-1' is no currency"),
    ],
)
def test_a_csv_that_is_not_as_the_map_says_is_refused_with_its_line(changes: dict[str, str], said: str) -> None:
    given = {field: getattr(SPARKASSE, field) for field in ColumnMap.__slots__}
    with pytest.raises(StatementFault) as refused:
        sample("sparkasse.csv", ColumnMap(**{**given, **changes}))

    assert said in str(refused.value)


def test_alike_lines_without_a_number_are_as_many_payments_as_there_are_lines() -> None:
    """And the same ones when the next file tells them again."""
    one = b"day,amount,text\n2026-11-02,50.00,coffee\n2026-11-02,50.00,coffee\n"
    more = one + b"2026-11-03,9.00,tea\n"
    columns = ColumnMap(date="day", amount="amount", text=("text",), currency="EUR")
    [first], [second] = read_statements(one, "a.csv", columns), read_statements(more, "b.csv", columns)

    assert len({entry.id for entry in first.entries}) == 2
    assert {entry.id for entry in first.entries} < {entry.id for entry in second.entries}


def test_alike_payments_of_one_batch_are_two() -> None:
    """They share the bank's reference, the amount and the words."""
    batch = (SAMPLES / "camt053-v02.xml").read_text()
    batch = batch.replace("410.00", "305.00").replace("200.00", "305.00").replace("Gamma GmbH", "Beta Ltd")
    first, second = batch.index("<RmtInf><Strd>"), batch.index("<RmtInf><Ustrd>2026-077")
    same = batch[first : batch.index("</TxDtls>", first)]
    batch = batch.replace(batch[second : batch.index("</TxDtls>", second)], same).replace("E2E-7", "NOTPROVIDED")
    [statement] = read_statements(batch.encode(), "b.xml", None)
    alike = [entry for entry in statement.entries if entry.amount == Decimal("305.00")]

    assert len(alike) == 2
    assert len({entry.id for entry in alike}) == 2


def test_a_csv_without_a_map_is_refused_and_so_is_any_other_file() -> None:
    for content, said in ((b"a,b\n1,2\n", "bank: {map: ...}"), (b"<html></html>", "XML, but no camt")):
        with pytest.raises(StatementFault) as refused:
            read_statements(content, "x", None)
        assert said in str(refused.value)


# -- files that want something of us --------------------------------------------------------------------------------

_BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
_ENTRY = (SAMPLES / "camt053-v02.xml").read_text().partition("?>")[2]


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE d [<!ENTITY e0 "ha">{_BOMB}]>',
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "http://127.0.0.1:1/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_whatever_the_encoding(doctype: str, encoding: str) -> None:
    content = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{_ENTRY}'.encode(encoding)
    with pytest.raises(StatementFault):
        read_statements(content, "bank.xml", None)


def test_what_is_cut_off_or_no_figure_is_refused_with_its_place() -> None:
    whole = (SAMPLES / "camt053-v02.xml").read_bytes()
    for content, where in (
        (whole[:2000], "bank.xml:43: this is no XML"),
        (whole.replace(b"610.00", b"6e9999"), "bank.xml: entry 2: '6e9999' EUR is no amount"),
        (whole.replace(b"2026-11-02", b"2026-13-02"), "bank.xml: entry 1: '2026-13-02' is no day"),
    ):
        with pytest.raises(StatementFault) as refused:
            read_statements(content, "bank.xml", None)
        assert where in str(refused.value)


def test_two_kinds_of_documents_joined_in_one_file_are_refused_not_half_read() -> None:
    first = (SAMPLES / "camt053-v02.xml").read_text().partition("?>")[2]
    with pytest.raises(StatementFault, match="several kinds"):
        read_statements(f"<all>{first}{first.replace('001.02', '001.08')}</all>".encode(), "bank.xml", None)


def test_depth_does_no_harm() -> None:
    whole = (SAMPLES / "camt053-v02.xml").read_bytes()
    deep = whole.replace(b"<Ustrd>2026-077</Ustrd>", b"<a>" * 100_000 + b"</a>" * 100_000)

    assert len(read_statements(deep, "bank.xml", None)[0].entries) == 4


def test_a_file_that_cannot_be_had_or_is_far_too_large_is_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.xml"
    with huge.open("wb") as out:
        out.truncate(200 * 1024 * 1024)
    for path in (huge, tmp_path / "missing.xml"):
        with pytest.raises(StatementFault, match=path.name):
            read_bank_file(path, None)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(path.name for path in SAMPLES.iterdir())),
    st.lists(
        st.tuples(
            st.integers(0, 4000), st.integers(0, 40),
            st.sampled_from([b"", b"0", b"-", b":61:", b"<", b"&", b"\0", b",", b"\xff", b"\n", b"999999999999999999"]),
        ),
        min_size=1, max_size=6,
    ),
)  # fmt: skip
def test_whatever_stands_in_a_file_it_is_read_or_refused(name: str, changes: list[tuple[int, int, bytes]]) -> None:
    content = (SAMPLES / name).read_bytes()
    for at, cut, put in changes:
        content = content[:at] + put + content[at + cut :]
    with suppress(StatementFault):
        for statement in read_statements(content, name, SPARKASSE):
            assert all(entry.amount >= 0 for entry in statement.entries)


def test_the_payers_words_do_not_get_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    broken = (SAMPLES / "german.sta").read_text().replace(":61:2611021102C1220,00", ":61:26110211Rechnung 2026-041")
    with suppress(StatementFault):
        read_statements(broken.encode(), "bank.sta", None)

    assert caplog.text == ""


@pytest.mark.parametrize("broken", [":61:261102X1220,00NTRF", ":61:nonsense", ":62F:C991399EUR1,00"])
def test_an_mt940_with_a_broken_line_is_refused_not_half_read(broken: str) -> None:
    text = (SAMPLES / "dutch.940").read_text().replace(":61:2611031103C305,00NTRFEREF//26307-1", broken)
    with pytest.raises(StatementFault, match=r"^bank\.sta"):
        read_statements(text.encode(), "bank.sta", None)


def test_a_line_of_mt940_that_fits_nothing_is_shown_as_it_stands_there(tmp_path: Path) -> None:
    file = tmp_path / "broken.sta"
    file.write_text(
        (SAMPLES / "dutch.940").read_text().replace(":61:2611031103C305,00NTRFEREF//26307-1", ":61:nonsense")
    )

    with pytest.raises(StatementFault) as fault:
        read_bank_file(file, None)
    assert str(fault.value) == "broken.sta: statement 1: this line cannot be read: `:61:nonsense`"
