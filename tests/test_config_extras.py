"""Interest, flat sums and rates in the config: every fault with its place, and what would be right."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.adapters.config_yaml import Loaded
from daemon.adapters.rates_yaml import shipped_laws
from daemon.domain.books.extras_terms import Compensation, ExtrasTerms, Interest
from daemon.domain.books.rates import RatesMissing, spells
from tests.config_builder import GOOD, changed, loaded, problems


def with_policy(extras: str, /, **client: str) -> str:
    """The good config with a policy that says so, and its client under it."""
    said = "".join(f"    {key}: {value}\n" for key, value in client.items())
    text = changed("    name: Acme S.p.A.\n", f"    name: Acme S.p.A.\n    policy: own\n{said}")
    return text + f"policies: {{own: {{like: standard, extras: {extras}}}}}\n"


def with_rates(rates: str) -> str:
    return GOOD + f"rates:\n{rates}"


def test_what_a_policy_says_is_what_letters_go_by(tmp_path: Path) -> None:
    read = loaded(tmp_path, with_policy("{interest: contract, rate: 8.0, compensation: 25.00, grace_days: 5}"))

    assert read.settings is not None
    assert read.settings.ledger.policies["own"].extras == ExtrasTerms(
        interest=Interest.CONTRACT, rate=Decimal("8.0"), compensation=Decimal("25.00"), grace_days=5
    )
    assert read.settings.ledger.policies["standard"].extras == ExtrasTerms()


def test_a_client_says_only_what_differs(tmp_path: Path) -> None:
    text = with_policy("{interest: statutory, compensation: statutory}", extras="{interest: none}", consumer="true")
    read = loaded(tmp_path, text)

    assert read.settings is not None
    client = read.settings.ledger.clients["acme"]
    terms = client.extras.over(read.settings.ledger.policies["own"].extras)
    assert (client.consumer, terms.interest, terms.compensation) == (True, Interest.NONE, Compensation.STATUTORY)


@pytest.mark.parametrize(
    ("extras", "column", "expected"),
    [
        ("{interest: contract}", 53, "needs its `rate`, percent a year"),
        ("{interest: statutory, rate: 8}", 64, "`rate` belongs to `interest: contract`, not to `statutory`"),
        ("{interest: yearly}", 53, "`yearly` is not one of none, statutory or contract"),
        (
            "{interest: statutory, jurisdiction: NL}",
            78,
            "no law on late payment is known for `NL`; known are EU, IT, ES, DE, AT, FR, GB, TR, CH",
        ),
        ("{interest: statutory, from_level: firm-remainder}", 76, "no letter `firm-remainder`"),
        ("{interest: statutory, from_level: firm-remainder}", 76, "did you mean `firm-reminder`?"),
        ("{compensation: 40 EUR}", 57, "not none, statutory, or an amount such as 40.00"),
        ("{compensation: -40}", 57, "not more than zero"),
        ("{compensation: statutary}", 57, "did you mean `statutory`?"),
        ("{grace_days: -1}", 55, "a whole number from 0 to 365"),
        ("{intrest: statutory}", 43, "`intrest` is not a key of `extras`; did you mean `interest`?"),
    ],
)
def test_each_fault_of_the_extras_names_its_place(tmp_path: Path, extras: str, column: int, expected: str) -> None:
    found = problems(tmp_path, with_policy(extras))

    assert len(found) == 1
    assert found[0].startswith(f"c.yaml:14:{column}: ")
    assert expected in found[0]


def test_a_creditor_in_a_place_without_a_known_law_is_told_the_known_ones(tmp_path: Path) -> None:
    text = with_policy("{interest: statutory}").replace("calendar: IT", "calendar: PT")

    assert "no law on late payment is known for `PT`" in problems(tmp_path, text)[0]


def test_a_consumer_without_a_rate_for_consumers_is_worth_a_notice(tmp_path: Path) -> None:
    read = loaded(tmp_path, with_policy("{interest: statutory}", consumer="true"))

    assert read.settings is not None
    assert "no rate of IT for consumers is known" in read.settings.notices[0]


# ---------------------------------------------------------------- tables


def test_every_shipped_row_has_its_source_and_the_day_it_was_read() -> None:
    """Law data without a source is a guess."""
    for law in shipped_laws().values():
        for tariff in (law.business, law.consumer):
            assert tariff is None or (tariff.source and tariff.cite)
            for row in tariff.table.rows if tariff and tariff.table else ():
                assert row.source
                assert row.read_on
        assert all(flat.source and flat.cite and flat.read_on for flat in law.flat_sums)


@pytest.mark.parametrize(
    ("code", "day", "rate"),
    [
        ("EU", "2026-06-30", "10.15"),
        ("IT", "2026-07-01", "10.40"),
        ("ES", "2023-03-01", "10.50"),
        ("DE", "2026-01-01", "10.27"),
        ("AT", "2023-12-31", "12.58"),
        ("FR", "2024-09-01", "14.25"),
        ("GB", "2024-01-01", "13.25"),
        ("TR", "2026-05-05", "43.00"),
        ("TR", "2024-05-05", "48.00"),
        ("CH", "2026-05-05", "5"),
    ],
)
def test_the_shipped_rates_are_those_that_were_published(code: str, day: str, rate: str) -> None:
    """Sources: FIELD 4 and those that stand in the table."""
    law = shipped_laws()[code]
    assert law.business is not None

    found = spells(law, law.business, date.fromisoformat(day), date.fromisoformat(day))

    assert not isinstance(found, RatesMissing)
    assert [spell.rate for spell in found] == [Decimal(rate)]


_NEXT = '{from: 2027-01-01, to: 2027-06-30, rate: 2.65, source: "G.U."}'


def _rate_on(read: Loaded, code: str, day: date) -> Decimal | None:
    assert read.settings is not None, read.problems
    law = read.settings.ledger.laws[code]
    assert law.business is not None
    found = spells(law, law.business, day, day)
    return None if isinstance(found, RatesMissing) else found[0].rate


def test_the_owner_adds_the_next_half_year_to_a_shipped_table(tmp_path: Path) -> None:
    read = loaded(tmp_path, with_rates(f"  tables: {{ECB: {{rows: [{_NEXT}]}}}}\n"))

    assert _rate_on(read, "IT", date(2027, 3, 1)) == Decimal("10.65")
    assert _rate_on(read, "FR", date(2027, 3, 1)) == Decimal("12.65")
    assert _rate_on(read, "IT", date(2026, 12, 1)) == Decimal("10.40")
    assert _rate_on(read, "DE", date(2027, 3, 1)) is None


def test_a_row_with_the_days_of_a_shipped_one_takes_its_place(tmp_path: Path) -> None:
    """So that a release that ships what the owner has added breaks nothing."""
    row = "{from: 2026-07-01, to: 2026-12-31, rate: 2.50}"
    read = loaded(tmp_path, with_rates(f"  tables: {{ECB: {{rows: [{row}]}}}}\n"))

    assert _rate_on(read, "IT", date(2026, 12, 1)) == Decimal("10.50")


def test_the_owner_adds_a_place_of_his_own(tmp_path: Path) -> None:
    law = '{name: "BW 6:119a", business: {table: ECB, points: 8}}'
    read = loaded(tmp_path, with_rates(f"  laws: {{NL: {law}}}\n"))

    assert _rate_on(read, "NL", date(2026, 12, 1)) == Decimal("10.40")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (
            ["2027-01-01, to: 2027-06-30", "2027-08-01, to: 2027-12-31"],
            "c.yaml:18:9: no rate for 2027-07-01 to 2027-07-31: add a row, or begin on 2027-07-01",
        ),
        (
            ["2027-01-01, to: 2027-06-30", "2027-06-30, to: 2027-12-31"],
            "c.yaml:18:9: it overlaps the row in line 17, which lasts until 2027-06-30: begin on 2027-07-01",
        ),
        (
            ["2027-07-01, to: 2027-12-31", "2027-01-01, to: 2027-06-30"],
            "c.yaml:18:9: rows ascend, and this one begins before the one in line 17: put it higher up",
        ),
        (
            ["2027-02-01, to: 2027-06-30"],
            "c.yaml:17:9: no rate for 2027-01-01 to 2027-01-31: add a row for these days",
        ),
        (
            ["2026-10-01, to: 2027-06-30"],
            "c.yaml:17:9: it overlaps the shipped row 2026-07-01 to 2026-12-31: write the same days to take its place",
        ),
        (["2027-06-30, to: 2027-01-01"], "c.yaml:17:32: to 2027-01-01, before it begins on 2027-06-30: swap the two"),
    ],
)
def test_a_gap_an_overlap_and_a_wrong_order_are_named_with_their_line(
    tmp_path: Path, rows: list[str], expected: str
) -> None:
    written = "".join(f"      - {{from: {row}, rate: 2.65}}\n" for row in rows)

    found = problems(tmp_path, with_rates(f"  tables:\n    ECB:\n      rows:\n{written}"))

    assert found == [expected]


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        ("{name: BW, business: {table: EBC, points: 8}}", "there is no table `EBC`; did you mean `ECB`?"),
        ("{name: BW, business: {points: 8}}", "a tariff is written as one of {table: ...}, {rate: ...}"),
        ("{name: BW, flat_sums: [{from: 2026-01-01, currency: EUR}]}", "has `amount`, or `steps`"),
        (
            "{name: BW, flat_sums: [{from: 2026-01-01, currency: EUR, steps: [{amount: 40}, {under: 9, amount: 4}]}]}",
            "the steps ascend by `under`",
        ),
        (
            "{name: BW, flat_sums: [{from: 2026-01-01, currency: EUR, amount: 1},"
            " {from: 2027-01-01, currency: EUR, amount: 2}]}",
            "which lasts for ever: give it a `to`",
        ),
    ],
)
def test_a_law_that_does_not_fit_together_is_refused(tmp_path: Path, law: str, expected: str) -> None:
    found = problems(tmp_path, with_rates(f"  laws: {{NL: {law}}}\n"))

    assert len(found) == 1
    assert expected in found[0]
