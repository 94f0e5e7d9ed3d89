"""The tutorial that the owner starts from, and the schema that editors get: each names every key that there is."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from daemon.adapters.config_invoices import INVOICE
from daemon.adapters.config_schema import CONFIG, Invoices
from daemon.adapters.config_shape import ByName, Choice, Kind, ListOf, Record, Schema
from daemon.adapters.config_yaml import load
from daemon.adapters.json_schema import json_schema

EXAMPLE = Path(__file__).parent.parent / "config.example.yaml"
_REMARK = re.compile(  # a key or an item of a list, and the lines below it that are indented more
    r"^(?P<indent> *)#(?P<gap> +)(?P<first>(?:[\w-]+:|- \{).*)(?P<more>(?:\n(?P=indent)#(?P=gap) .*)*)$", re.MULTILINE
)
REMARKS = list(_REMARK.finditer(EXAMPLE.read_text(encoding="utf-8")))


def _keys(kind: Kind) -> Iterator[str]:
    """Every key of the schema, `invoices` included."""
    match kind:
        case Record():
            for key, field in kind.fields.items():
                yield key
                yield from _keys(field.kind)
        case ListOf() | ByName():
            yield from _keys(kind.kind)
        case Choice():
            for shape in kind.shapes.values():
                yield from _keys(shape)
        case Invoices():
            yield from _keys(INVOICE)


def test_the_example_loads_without_a_problem_or_a_notice() -> None:
    read = load(EXAMPLE)

    assert read.problems == ()
    assert read.settings is not None
    assert read.settings.notices == ()
    assert list(read.settings.ledger.clients) == ["acme", "gunes"]


def test_the_example_works_wherever_it_lies(tmp_path: Path) -> None:
    """It reaches a wheel as one file: it may name nothing beside it."""
    copy = tmp_path / "config.yaml"
    copy.write_bytes(EXAMPLE.read_bytes())
    read = load(copy)

    assert read.problems == ()
    assert read.settings is not None
    assert read.settings.files == (str(copy),)


def test_the_written_out_policy_of_the_example_is_the_standard_one() -> None:
    settings = load(EXAMPLE).settings
    assert settings is not None
    standard, written = (settings.ledger.policies[name] for name in ("standard", "written-out"))

    assert (written.levels, written.hold, written.opens, written.closes) == (
        standard.levels,
        standard.hold,
        standard.opens,
        standard.closes,
    )


def test_every_key_of_the_schema_is_in_the_example_or_its_remarks() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    missing = {key for key in _keys(CONFIG) if not re.search(rf"\b{key}:", text)}

    assert len(set(_keys(CONFIG))) > 80
    assert missing == set()


@pytest.mark.parametrize("remark", REMARKS, ids=lambda remark: remark["first"][:40])
def test_every_remark_that_shows_a_key_shows_one_that_can_be_used(tmp_path: Path, remark: re.Match[str]) -> None:
    """Taking out what stands in front is all that is to be done, besides having the file that it names."""
    copy = tmp_path / "config.yaml"
    copy.write_text(_with(remark), encoding="utf-8")
    said = [problem.message for problem in load(copy).problems]

    assert [message for message in said if not re.match("there is no (?:file|folder) ", message)] == []


def _with(remark: re.Match[str]) -> str:
    """The example with a remark taken for what it shows, where the text above it says that it belongs."""
    text = EXAMPLE.read_text(encoding="utf-8")
    indent, gap = remark["indent"], remark["gap"]
    shown = indent + remark["first"] + remark["more"].replace(f"\n{indent}#{gap}", f"\n{indent}")
    match remark["first"].partition(":")[0]:
        case "auth":  # in the place of the password, in both sections alike
            return re.sub(r"^  password: .*$", lambda _: textwrap.indent(shown, "  "), text, flags=re.MULTILINE)
        case "invoices":  # and nothing in the list itself
            return text[: text.index("\ninvoices:")] + f"\n{shown}\n"
        case _:
            return text.replace(remark[0], shown)


def _faults(schema: Schema, value: Any, where: str = "") -> Iterator[str]:
    """What a JSON Schema validator would underline, for the keywords that ours has."""
    if "anyOf" in schema or "oneOf" in schema:
        ways = [list(_faults(way, value, where)) for way in schema.get("anyOf", []) + schema.get("oneOf", [])]
        if not any(way == [] for way in ways):
            yield from min(ways, key=len)
        return
    kinds: dict[str, Any] = {
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "boolean": bool,
    }
    wanted = schema.get("type")
    if wanted is not None:
        names = [wanted] if isinstance(wanted, str) else wanted
        if not any(isinstance(value, kinds[name]) for name in names):
            yield f"{where}: {value!r} is not {wanted}"
            return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    if isinstance(value, str) and "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"{where}: {value!r} does not match {schema['pattern']}"
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _faults(schema["items"], item, f"{where}[{number}]")
    if isinstance(value, dict):
        named = schema.get("properties", {})
        for key, child in value.items():
            patterns = [way for pattern, way in schema.get("patternProperties", {}).items() if re.search(pattern, key)]
            if key in named:
                yield from _faults(named[key], child, f"{where}.{key}")
            elif patterns:
                yield from _faults(patterns[0], child, f"{where}.{key}")
            else:
                yield f"{where}.{key} is not known"
        yield from (f"{where}.{key} is missing" for key in schema.get("required", ()) if key not in value)


class _Yaml12(yaml.SafeLoader):
    """How an editor reads YAML (1.2, core schema): dates and times are text, NO is text."""


_Yaml12.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if tag.endswith(("float", "null"))]
    for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789"))
_Yaml12.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))


def test_the_json_schema_accepts_the_example_and_names_every_key() -> None:
    schema = json_schema()
    example = yaml.load(EXAMPLE.read_text(encoding="utf-8"), Loader=_Yaml12)  # a SafeLoader

    assert json.loads(json.dumps(schema)) == schema
    assert list(_faults(schema, example)) == []
    assert all(f'"{key}"' in json.dumps(schema) for key in _keys(CONFIG))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("per_minute: 30", "per_minutes: 30", ".smtp.per_minutes is not known"),
        (
            "from: 2026-08-08, to: 2026-08-25}]        # no",
            "from: 8.8.2026, to: 2026-08-25}]  # no",
            "'8.8.2026' does not",
        ),
        ("first_start: ask", "first_start: maybe", "'maybe' is not one of"),
        ("  email: giulia@bianchi.example\n", "", ".owner.email is missing"),
        ("{credential: smtp}", "hunter2", "'hunter2' is not object"),
    ],
)
def test_the_json_schema_underlines_what_the_check_refuses(old: str, new: str, said: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    config: Any = json_schema()["anyOf"][0]
    found = list(_faults(config, yaml.load(text.replace(old, new), Loader=_Yaml12)))

    assert any(said in fault for fault in found), found
