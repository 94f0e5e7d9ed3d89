"""`docs/payments.md` says what is so: every sample is there, and read as the table says; every answer is understood."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml

from daemon.adapters.bank_files import read_bank_file
from daemon.adapters.config_bank import BANK
from daemon.domain.books.bank_statement import BankTerms, ColumnMap, Flow, StatementFault
from daemon.domain.commands.payment import ANSWERS
from tests.test_bank_files import SPARKASSE

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "payments.md").read_text(encoding="utf-8")
FORMATS = TEXT.partition("## Formats")[2].partition("## ")[0]
SAMPLES = list(dict.fromkeys(re.findall(r"`([\w.-]+\.(?:xml|sta|940|ofx|csv))`", FORMATS)))


def test_every_sample_is_named_and_every_named_one_is_there() -> None:
    assert sorted(SAMPLES) == sorted(path.name for path in (ROOT / "tests" / "bank").iterdir())


@pytest.mark.parametrize("name", SAMPLES)
def test_a_named_sample_is_read(name: str) -> None:
    found = read_bank_file(ROOT / "tests" / "bank" / name, SPARKASSE if name.endswith("csv") else None)

    assert [entry for statement in found for entry in statement.entries]


def rows(heading: str) -> list[list[str]]:
    """The cells of a table, without its heading."""
    lines = FORMATS.partition(heading)[2].lstrip().splitlines()[1:]
    table = list(itertools.takewhile(lambda line: line.startswith("|"), lines))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


@pytest.mark.parametrize("row", rows("| Sample | Account | Up to | Came in | Taken back | Went out |"))
def test_what_is_made_of_a_sample_is_what_the_table_says(row: list[str]) -> None:
    name, account, until, *stated = row
    name = name.strip("`")
    [found] = read_bank_file(ROOT / "tests" / "bank" / name, SPARKASSE if name.endswith("csv") else None)
    sums = [[str(one.amount) for one in found.entries if one.flow is flow] for flow in (Flow.IN, Flow.BACK, Flow.OUT)]

    assert (found.account, str(found.until)) == (account, until)
    assert [re.findall(r"\d+\.\d\d", cell) for cell in stated] == sums
    assert found.currency in stated[0]
    assert ("collective" in stated[0]) == any(one.collective for one in found.entries)


@pytest.mark.parametrize("row", rows("| In the sample | stands instead of | What is said, behind the file's name |"))
def test_what_is_refused_is_said_as_the_table_has_it(row: list[str], tmp_path: Path) -> None:
    name, change, said = row
    new, old = re.findall("`([^`]+)`", change)
    content = (ROOT / "tests" / "bank" / name.strip("`")).read_bytes()
    assert old.encode() in content
    file = tmp_path / name.strip("`")
    file.write_bytes(content.replace(old.encode(), new.encode(), 1))

    with pytest.raises(StatementFault, match=re.escape(said)):
        read_bank_file(file, SPARKASSE if file.suffix == ".csv" else None)


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
