"""`docs/faults.md`: each fault, what must happen, which tests make it happen, and what they fail without.

python -m tests.faults_table        writes it anew
"""

from __future__ import annotations

from pathlib import Path

from tests.faults import FAULTS, Fault
from tests.faults_found import by_number
from tests.guards import guards

PAGE = Path(__file__).parent.parent / "docs" / "faults.md"
NONE_YET = "no test yet"
_SHOWN = 4  # tests of one fault that are named
HEAD = """\
# Faults, and what must happen

The promise: **a letter is sent at most once unless the owner says otherwise; what is known is never lost; where
we cannot know, we say so and do not resend.** Each row names the tests that make the fault happen.

A test that cannot fail proves nothing. So what keeps a fault from doing harm is taken out, in a copy of the tree,
and the tests must then fail: `make guards` does it for every row that has a guard, with those tests that stand
first in the row (`tests/guards.toml` says what is taken out). `make faults` runs all tests of this page and counts;
in it the model test lives 100,000 steps, in batches of 2,000, each with a seed of its own that stands in the name
of the test; a day is lived again and again by processes that SIGKILL ends at every durable step of it, and on forty
days up to twelve of them in turn, each at a random line of sending, of reading, of the owner's commands, of the digest,
of the records: it prints how many were struck. Each line to a mail server is broken in each way at each word that is
said on it, some six hundred times (`tests/real/test_line_matrix.py`); and one creditor's two hundred days are lived
over real servers, with faults at random. `make test` has the first batch, a few of those days and lines, and ten of the
two hundred.

This page is made by `python -m tests.faults_table` of `tests/faults.toml`, `tests/guards.toml` and the names and
docstrings of the tests, which carry the numbers.

| # | Fault | What must happen | Tests | Seen to fail without |
|---|---|---|---|---|
"""


def table() -> str:
    """The page."""
    return HEAD + "".join(f"| {' | '.join(cells(fault))} |\n" for fault in FAULTS)


def cells(fault: Fault) -> tuple[str, ...]:
    """One row: the number, the fault, what must happen, the tests, the guards."""
    here = [guard for guard in guards() if guard.fault == fault.number]
    without = "; ".join(f"{guard.what} (`{guard.file}`)" for guard in here) or "not tried"
    tests = node_ids(fault)
    row = (f"F{fault.number}", fault.what, fault.must, _named(tests), without if tests else "nothing")
    return tuple(cell.replace("|", "\\|") for cell in row)


def node_ids(fault: Fault) -> tuple[str, ...]:
    """Node ids; those that were seen to fail first, then those that carry its number."""
    seen = (f"tests/{test}" for guard in guards() if guard.fault == fault.number for test in guard.tests)
    return tuple(dict.fromkeys((*seen, *by_number().get(fault.number, ()))))


def _named(tests: tuple[str, ...]) -> str:
    if not tests:
        return NONE_YET
    names = [f"`{test.removeprefix('tests/')}`" for test in tests[:_SHOWN]]
    return ", ".join(names) + (" and more" if len(tests) > _SHOWN else "")


if __name__ == "__main__":
    PAGE.write_text(table(), encoding="utf-8")
