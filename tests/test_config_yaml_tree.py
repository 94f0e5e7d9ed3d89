"""YAML read from its events: text as written, places, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from daemon.adapters import yaml_tree
from daemon.adapters.config_yaml import load
from daemon.adapters.yaml_nodes import ListNode, MapNode, Node, Report, Text
from daemon.adapters.yaml_tree import read_tree
from tests.config_builder import GOOD, changed, loaded, problems


def _plain(node: Node | None) -> object:
    if isinstance(node, MapNode):
        return {key: _plain(child) for key, child in node.entries.items()}
    if isinstance(node, ListNode):
        return [_plain(child) for child in node.items]
    return node.value if isinstance(node, Text) else None


@pytest.fixture(params=["libyaml", "pure"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both of PyYAML's parsers: the C extension is missing where PyYAML was built without libyaml."""
    assert yaml_tree.PARSER is not yaml.SafeLoader
    if request.param == "pure":
        monkeypatch.setattr(yaml_tree, "PARSER", yaml.SafeLoader)
    return str(request.param)


@pytest.mark.usefixtures("parser")
def test_every_scalar_is_the_text_that_was_written() -> None:
    report = Report("f")
    tree = read_tree("a: 0123\nb: [12:30, NO, 1234.10, ~]\nc: {d: 'it''s', e: \"two\\nlines\"}\n", report)

    assert report.problems == []
    assert _plain(tree) == {"a": "0123", "b": ["12:30", "NO", "1234.10", "~"], "c": {"d": "it's", "e": "two\nlines"}}


@pytest.mark.usefixtures("parser")
def test_merge_keys_take_over_what_is_not_written() -> None:
    report = Report("f")
    tree = read_tree("a: &x {p: 1, q: 2}\nb: {<<: *x, q: 3}\nc: {<<: [*x, *x], r: *x}\n", report)

    assert report.problems == []
    assert _plain(tree) == {
        "a": {"p": "1", "q": "2"},
        "b": {"q": "3", "p": "1"},
        "c": {"r": {"p": "1", "q": "2"}, "p": "1", "q": "2"},
    }


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("", 0, 0, "the file is empty"),
        ("# only a remark\n", 0, 0, "the file is empty"),
        ("a: 1\n---\nb: 2\n", 2, 1, "a second document"),
        ("a:\n\tb: 1\n", 2, 1, "a tab"),
        ("a: @b\n", 1, 4, "a tab, or one of @"),
        ("a: 1\n  b: 2\n", 2, 4, "a colon that is not expected here"),
        ("a: [1, 2\n", 2, 1, "a `]` or a comma is missing"),
        ("a: {b: 1\n", 2, 1, "a `}` or a comma is missing"),
        ('a: "open\n', 2, 1, "a closing quote is missing"),
        ("a: *nobody\n", 1, 4, "names an anchor that is not written above"),
        ("a: &a [*a]\n", 1, 8, "names an anchor that is not written above"),
        ("a: !!python/object:os.system x\n", 1, 4, "is a YAML tag, which is not used here"),
        ("a: 1\na: 2\n", 2, 1, "`a` is here twice: it already stands in line 1, column 1"),
        ("{[a]: 1}\n", 1, 2, "a key is one word or text"),
        ("a: {<<: b}\n", 1, 5, "`<<` takes over the entries of a mapping"),
        ("a: \x07\n", 1, 4, "the character U+0007 cannot be in a text file"),
        ("[" * 60 + "]" * 60, 1, 42, "nested more than 40 levels deep"),
    ],
)
def test_what_cannot_be_meant_is_a_problem_with_its_place(text: str, line: int, column: int, said: str) -> None:
    """In plain words: libyaml's own say `found character that cannot start any token`."""
    report = Report("f")
    read_tree(text, report)

    assert [(p.line, p.column) for p in report.problems] == [(line, column)], report.problems
    assert said in report.problems[0].message


@pytest.mark.usefixtures("parser")
def test_an_alias_bomb_ends_where_it_begins() -> None:
    """Nine lines that stand for a thousand million values."""
    levels = "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    report = Report("f")

    assert read_tree("a: &a [x]\n" + levels, report) is None
    assert "the aliases of this file stand for more than 100,000 values" in report.problems[0].message


def test_a_wide_anchor_that_is_used_ten_thousand_times_ends_too(tmp_path: Path) -> None:
    lines = "[" + ", ".join(["{what: x}"] * 100) + "]"
    owed = "client: acme, due: 2026-12-01, currency: EUR, total: 1.00"
    bomb = f"  - &a {lines}\n" + "".join(f"  - {{number: n{n}, {owed}, lines: *a}}\n" for n in range(10_000))
    found = problems(tmp_path, GOOD + bomb)

    assert any("stand for more than 100,000 values" in problem for problem in found)


def test_an_invoice_may_take_over_entries_of_another(tmp_path: Path) -> None:
    """A template in YAML's own way is fine where it says what it says."""
    text = changed("  - {number", "  - &one {number") + '  - {<<: *one, number: "2", total: 7.00}\n'
    settings = loaded(tmp_path, text).settings

    assert settings is not None
    assert [(i.number, str(i.total), i.client) for i in settings.ledger.invoices] == [
        ("1", "EUR 100.00", "acme"),
        ("2", "EUR 7.00", "acme"),
    ]


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        (b"a: 1\nb: caf\xe9\n", "2:7", "the octet 0xe9 is not UTF-8"),
        (b"\xff\xfea\x00:\x00", "1:1", "the octet 0xff is not UTF-8"),
        (b"", "0:0", "the file is empty"),
        (b"- 1\n", "1:1", "this is a list; the config has"),
        (b"just text\n", "1:1", "the config is written as `key: value` entries"),
        (b"~\n", "0:0", "nothing in it but remarks"),
    ],
)
def test_a_file_that_is_no_config_is_one_problem(tmp_path: Path, content: bytes, place: str, said: str) -> None:
    path = tmp_path / "c.yaml"
    path.write_bytes(content)
    (problem,) = load(path).problems

    assert str(problem).startswith(f"{path}:{place}: ")
    assert said in problem.message


def test_a_missing_file_and_a_folder_are_problems(tmp_path: Path) -> None:
    (missing,) = load(tmp_path / "gone.yaml").problems
    (folder,) = load(tmp_path).problems

    assert str(missing) == f"{tmp_path}/gone.yaml:0:0: the file cannot be read: No such file or directory"
    assert "this is not a file" in str(folder)


def test_a_byte_order_mark_is_nothing(tmp_path: Path) -> None:
    """Some editors write one in front."""
    assert loaded(tmp_path, "\ufeff" + GOOD).problems == ()
