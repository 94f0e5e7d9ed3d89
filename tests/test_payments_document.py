"""`docs/payments.md` says what is so: every sample is there, and read as the table says; every answer is understood."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from daemon.adapters.bank_files import read_bank_file
from daemon.adapters.config_bank import BANK
from daemon.domain.bank_statement import BankTerms, ColumnMap
from daemon.domain.command_payment import ANSWERS
from tests.test_bank_files import SPARKASSE

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "payments.md").read_text(encoding="utf-8")
FORMATS = TEXT.partition("## Formats")[2].partition("## ")[0]
SAMPLES = re.findall(r"`([\w.-]+\.(?:xml|sta|940|ofx|csv))`", FORMATS)


def test_every_sample_is_named_and_every_named_one_is_there() -> None:
    assert sorted(SAMPLES) == sorted(path.name for path in (ROOT / "tests" / "bank").iterdir())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_named_sample_is_read(name: str) -> None:
    found = read_bank_file(ROOT / "tests" / "bank" / name, SPARKASSE if name.endswith("csv") else None)

    assert [entry for statement in found for entry in statement.entries]


def test_the_days_that_it_names_are_those_that_count() -> None:
    stated = yaml.safe_load(re.findall(r"```yaml\n(bank:\n  folder.*?)```", TEXT, re.DOTALL)[0])["bank"]

    assert (stated["fresh_within"], stated["transit"]) == (f"{BankTerms().fresh_within}d", f"{BankTerms().transit}d")
    assert set(stated) <= set(BANK.fields)


def test_the_map_that_it_shows_is_one() -> None:
    [shown] = re.findall(r"```yaml\n(bank:\n  map.*?)```", TEXT, re.DOTALL)
    stated = yaml.safe_load(shown)["bank"]["map"]

    assert set(stated) <= set(ColumnMap.__slots__)
    assert {"date", "amount"} <= set(stated)


def test_every_answer_that_it_names_is_one() -> None:
    table = TEXT.partition("## Questions")[2].partition("## ")[0]
    named = {answer.split()[0] for answer in re.findall(r"^\| `(\w[^`]*)`", table, re.MULTILINE)}

    assert named == ANSWERS - {"stop"}
