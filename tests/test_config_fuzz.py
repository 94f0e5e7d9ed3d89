"""Whatever a file holds, reading it never raises: what is wrong is a problem, and then there are no settings."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.adapters.config_yaml import load
from daemon.adapters.yaml_nodes import MapNode, Report, Text
from daemon.adapters.yaml_tree import read_tree

EXAMPLE = (Path(__file__).parent.parent / "config.example.yaml").read_text(encoding="utf-8")
TINY = "\n".join(line.partition("  # ")[0] for line in EXAMPLE.splitlines() if not line.lstrip().startswith("#"))
_PIECES = [
    ": ",
    "- ",
    "\n",
    "  ",
    "[",
    "]",
    "{",
    "}",
    "&a ",
    "*a",
    "<<: *a",
    '"',
    "'",
    "|",
    ">",
    "#",
    "!!int ",
    "?",
    "@",
]
_PIECES += ["~", "null", "0123", "12:30", "NO", "1.234,10", "2026-02-30", "\t", "\0", "\x85", "\u2028", "=?", "é"]
_PIECES += ["💶", "---\n", '"\\0"', '"\\n"', "x" * 300, "../", "*", "%"]


def _check(folder: Path, content: bytes) -> None:
    path = folder / "c.yaml"
    path.write_bytes(content)
    read = load(path)

    assert (read.settings is None) == bool(read.problems)
    assert list(read.problems) == sorted(read.problems, key=lambda p: (p.file, p.line, p.column))
    for problem in read.problems:
        assert problem.message
        assert str(problem).isprintable(), "a message is one line for a terminal"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=300) | st.lists(st.sampled_from(_PIECES), max_size=40).map(lambda p: "".join(p).encode()))
def test_garbage_never_raises(tmp_path: Path, content: bytes) -> None:
    _check(tmp_path, content)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_spoilt_example_never_raises(tmp_path: Path, data: st.DataObject) -> None:
    """A few places of a good config are cut out, doubled, or written over."""
    text = TINY
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        length = data.draw(st.integers(0, 12))
        text = text[:start] + data.draw(st.sampled_from(_PIECES) | st.text(max_size=5)) + text[start + length :]
    _check(tmp_path, text.encode("utf-8", "replace"))


@pytest.mark.parametrize("seed", range(3))
def test_every_value_may_be_of_every_other_kind(tmp_path: Path, seed: int) -> None:
    """A mapping where a word belongs, a word where a list belongs: each line of the example in turn."""
    dice = random.Random(seed)
    others = ["{a: 1}", "[1, [2]]", "{}", "[]", "~", '""', "x", "-1", "{<<: {a: 1}}", "[{}]"]
    lines = TINY.splitlines()
    for number, line in enumerate(lines):
        key, colon, _ = line.partition(":")
        if colon:
            spoilt = [*lines[:number], f"{key}: {dice.choice(others)}", *lines[number + 1 :]]
            _check(tmp_path, "\n".join(spoilt).encode())


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text("ab:#'\"é \n", min_size=1, max_size=6), st.text(max_size=20), max_size=4))
def test_what_another_program_wrote_as_yaml_is_read_as_it_is(written: dict[str, str]) -> None:
    """Both readers of the text agree, where all values are texts."""
    text = yaml.safe_dump({"k" + key: "v" + value for key, value in written.items()}, allow_unicode=False)
    report = Report("f")
    tree = read_tree(text, report)

    assert report.problems == []
    assert isinstance(tree, MapNode)
    read = {key: child.value for key, child in tree.entries.items() if isinstance(child, Text)}
    assert read == {"k" + key: "v" + value for key, value in written.items()}
