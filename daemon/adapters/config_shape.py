"""The language in which the schema of the config is written: scalars, lists, records, and maps by name.

Each kind does two things: it reads a node of the tree into a value, reporting all that is wrong with it, and it says
what it accepts as JSON Schema, so that what the editor shows and what the daemon checks cannot drift apart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

from daemon.adapters.config_wording import hint, nearest, shown
from daemon.adapters.yaml_nodes import ListNode, MapNode, Mark, Node, Report, Text, is_blank

Schema = dict[str, Any]
_REMEMBERED = 20_000  # values a scalar kind knows again without parsing; dates and prices come back often


class _Fault:
    """What a kind returns when it has reported a problem instead of reading a value."""

    def __repr__(self) -> str:
        return "FAULT"


FAULT: Final = _Fault()


class Kind(Protocol):
    def read(self, node: Node, report: Report) -> Any:
        """The value; None where nothing was written; `FAULT` where a problem was reported."""
        ...

    def schema(self) -> Schema: ...


class Scalar:
    """One value, made from its text by `parse`, which raises `ValueError` with what would be right."""

    def __init__(self, parse: Callable[[str], Any], schema: Schema) -> None:
        self._parse = parse
        self._schema = schema
        self._known: dict[str, Any] = {}

    def read(self, node: Node, report: Report) -> Any:
        if node.__class__ is not Text:
            written = "a list" if isinstance(node, ListNode) else "a mapping"
            report.wrong(node, f"one value is expected here, and {written} is written")
            return FAULT
        text = node.value
        try:
            return self._known[text]
        except KeyError:
            pass
        if is_blank(node):
            return None
        try:
            value = self._parse(text)
        except ValueError as wrong:
            report.wrong(node, str(wrong))
            return FAULT
        if len(self._known) >= _REMEMBERED:
            self._known.clear()
        self._known[text] = value
        return value

    def schema(self) -> Schema:
        return dict(self._schema)


class ListOf:
    """A list of values of one kind; its value is a tuple."""

    def __init__(self, kind: Kind, *, what: str, empty: bool = True) -> None:
        self.kind = kind
        self._what = what
        self._empty = empty

    def read(self, node: Node, report: Report) -> Any:
        if is_blank(node):
            return None
        if not isinstance(node, ListNode):
            report.wrong(node, f"a list of {self._what} is expected: lines that begin with `- `, or [ ... ]")
            return FAULT
        if not node.items and not self._empty:
            report.wrong(node, f"the list is empty; at least one of {self._what} is needed")
            return FAULT
        values, good, read = [], True, self.kind.read
        for item in node.items:
            value = read(item, report)
            if value is FAULT:
                good = False
            elif value is None:
                report.wrong(item, f"this entry of the list of {self._what} is empty")
                good = False
            else:
                values.append(value)
        return tuple(values) if good else FAULT

    def schema(self) -> Schema:
        schema: Schema = {"type": "array", "items": self.kind.schema()}
        return schema if self._empty else {**schema, "minItems": 1}


@dataclass(frozen=True, slots=True)
class Checked:
    """A record with the fields that were read and found good, and the place of each."""

    values: dict[str, Any]
    node: MapNode
    whole: bool = True  # nothing in it was wrong

    def get(self, key: str, default: Any = None) -> Any:
        return self.values.get(key, default)

    def place(self, key: str) -> Node:
        """Where the value of `key` is written; the record itself where it is not."""
        return self.node.entries.get(key, self.node)


@dataclass(frozen=True, slots=True)
class Field:
    kind: Kind
    note: str  # for the owner: what goes here
    required: bool = False


Build = Callable[[dict[str, Any], MapNode, Report, bool], Any]  # the last one: whether all of it was good


class Record:
    """`key: value` lines, each key known.  Its value is what `build` makes of it, else a `Checked`.

    Args:
        partial: what was good is built also where something was wrong, so that all that is wrong is found at once.
    """

    def __init__(
        self,
        what: str,
        fields: Mapping[str, Field],
        build: Build = lambda values, node, _report, whole: Checked(values, node, whole),
        *,
        partial: bool = False,
    ) -> None:
        self.what = what
        self.fields = dict(fields)
        self._readers = {key: field.kind.read for key, field in fields.items()}
        self._required = frozenset(key for key, field in fields.items() if field.required)
        self._build = build
        self._partial = partial
        self._names = tuple(fields)

    def read(self, node: Node, report: Report) -> Any:
        if node.__class__ is not MapNode:
            if is_blank(node):
                return None
            report.wrong(node, f"{self.what} is written as `key: value` entries: {', '.join(self._names[:6])} ...")
            return FAULT
        values: dict[str, Any] = {}
        good = True
        readers = self._readers
        for key, child in node.entries.items():
            read = readers.get(key)
            if read is None:
                if report.full:
                    return FAULT
                report.wrong(node.key(key), self._unknown(key))
                good = False
                continue
            value = read(child, report)
            if value is FAULT:
                good = False
            elif value is not None:
                values[key] = value
        if not self._required <= values.keys():
            good = False
            self._report_missing(values, node, report)
        return self._build(values, node, report, good) if good or self._partial else FAULT

    def read_sections(self, node: MapNode, report: Report) -> None:
        """Report what is wrong in the entries that there are; what is missing or unknown is not asked."""
        for key, child in node.entries.items():
            if key in self._readers:
                self._readers[key](child, report)

    def _report_missing(self, values: dict[str, Any], node: MapNode, report: Report) -> None:
        for key in self._names:
            if key not in self._required or key in values:
                continue
            child = node.entries.get(key)
            if child is None:
                report.wrong(node, f"`{key}` is missing in {self.what}: {self.fields[key].note}")
            elif is_blank(child):
                report.wrong(node.key(key), f"`{key}` is empty: {self.fields[key].note}")

    def _unknown(self, key: str) -> str:
        if key.replace(".", "").isdecimal():  # what is left over of 1,220.00
            return f"`{key}`: a comma ends a value within {{ }}: write the amount without one, as in 1234.10"
        return f"`{shown(key)}` is not a key of {self.what}{hint(key, self._names)}"

    def schema(self) -> Schema:
        properties = {key: {**field.kind.schema(), "description": field.note} for key, field in self.fields.items()}
        schema: Schema = {"type": "object", "properties": properties, "additionalProperties": False}
        required = [key for key, field in self.fields.items() if field.required]
        return {**schema, "required": required} if required else schema


class ByName:
    """A mapping from names that the owner chooses to records; its value is a dict with the names as written."""

    def __init__(self, kind: Kind, name: Callable[[str], str], *, what: str, pattern: str) -> None:
        self.kind = kind
        self._name = name
        self._what = what
        self._pattern = pattern

    def read(self, node: Node, report: Report) -> Any:
        if is_blank(node):
            return None
        if not isinstance(node, MapNode):
            report.wrong(node, f"{self._what} are written each under a name of their own, as in `name: ...`")
            return FAULT
        values: dict[str, Any] = {}
        good = True
        for key in node.keys:
            try:
                self._name(key.value)
            except ValueError as wrong:
                report.wrong(key, str(wrong))
                good = False
            value = self.kind.read(node.entries[key.value], report)
            if value is None:
                report.wrong(key, f"`{shown(key.value)}` is empty: write its entries below it, further to the right")
            if value is FAULT or value is None:
                good = False
            else:
                values[key.value] = value
        return Names(values, node, whole=good)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "patternProperties": {self._pattern: self.kind.schema()},
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Names:
    """What a `ByName` read: the good ones, and whether all were good."""

    values: dict[str, Any]
    node: MapNode
    whole: bool

    @property
    def written(self) -> tuple[str, ...]:
        """All names, also of what is not good: a mention of one is not another problem."""
        return tuple(self.node.entries)


class Choice:
    """A record of one of several shapes, told apart by the key that only it has."""

    def __init__(self, what: str, shapes: Mapping[str, Record]) -> None:
        self.what = what
        self.shapes = dict(shapes)

    def read(self, node: Node, report: Report) -> Any:
        if is_blank(node):
            return None
        ways = self._ways()
        if not isinstance(node, MapNode):
            report.wrong(node, f"{self.what} is written as one of {ways}")
            return FAULT
        found = [key for key in node.entries if key in self.shapes]
        if len(found) == 1:
            return self.shapes[found[0]].read(node, report)
        if found:
            report.wrong(node.key(found[1]), f"{self.what} has one of {', '.join(self.shapes)}, not two of them")
            return FAULT
        near = next((said for key in node.entries if (said := nearest(key, tuple(self.shapes)))), "")
        report.wrong(node.keys[0] if node.keys else node, f"{self.what} is written as one of {ways}{near}")
        return FAULT

    def _ways(self) -> str:
        return ", ".join(f"{{{key}: ...}}" for key in self.shapes)

    def schema(self) -> Schema:
        return {"oneOf": [shape.schema() for shape in self.shapes.values()]}


def place_of(node: Node) -> tuple[int, int]:
    """Line and column, counted from 1."""
    mark: Mark = node.start_mark
    return mark.line + 1, mark.column + 1
