"""YAML as a tree in which every scalar is still the text that was written, with its line and column.

PyYAML's loaders guess types (`0123` becomes 83, `NO` false) and let the last of two equal keys win.  Here the stream
of events is read instead, by libyaml where it is there: the schema gives the types, and a second key is refused.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any, NoReturn, Protocol

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from daemon.adapters.config_wording import shown
from daemon.adapters.yaml_nodes import ListNode, MapNode, Mark, Node, Report, Text
from daemon.adapters.yaml_words import plain_words

_DEEPEST = 40  # levels of nesting; the config has seven
_RECORDS_KEY = "invoices"
_MOST_VALUES = 6_000_000  # of one file, keys among them: so many invoices as the largest file can have
_MOST_ALIASED = 100_000  # nodes that aliases may stand for in one file: a bomb ends here, a template does not
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # YAML 1.1, 5.1


class _EventSource(Protocol):
    def get_event(self) -> Any: ...  # one of the events above; PyYAML's stubs do not say which


def _parser() -> Callable[[str], Any]:
    """libyaml's parser; PyYAML's own, slower by twenty times, where it was built without."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        return yaml.SafeLoader
    return CParser


PARSER = _parser()


def read_tree(
    text: str,
    report: Report,
    records: Callable[[Node], None] | None = None,
    *,
    top: bool = True,
    cut: Callable[[MapNode], None] | None = None,
) -> Node | None:
    """Read the one document of a file.

    Args:
        report: takes everything that is wrong; a syntax error ends the reading, all else does not.
        records: is given each item of the list that stands under `invoices:`, or, if `top`, that is the document
            itself, instead of its being kept: ten thousand records are then never in memory at once.
        cut: is given what was complete of the mapping at the top, when the text ends in a syntax error below it.

    Returns:
        The tree; None where it could not be read to its end, or is empty.
    """
    odd = _UNPRINTABLE.search(text)
    if odd:
        before = text[: odd.start()]
        said = f"the character U+{ord(odd[0]):04X} cannot be in a text file: remove it"
        report.wrong_at(before.count("\n"), len(before) - before.rfind("\n") - 1, said)
        return None
    reader = _Reader(PARSER(text), report, records)
    mark: Mark | None = None
    try:
        return reader.document(top=top)
    except Ended:
        pass
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        if mark is None:
            report.wrong_file(plain_words(error.problem or ""))
        else:
            report.wrong_at(
                mark.line, mark.column, plain_words(error.problem or "", error.context or "", error.context_mark)
            )
    except yaml.YAMLError:
        report.wrong_file("this cannot be read as YAML")
    if cut is not None and reader.top is not None:
        if mark is not None and "".join(text.splitlines()[mark.line : mark.line + 1])[: mark.column].isspace():
            reader.leave_out_what_goes_on()
        cut(reader.top)
    return None


class Ended(Exception):
    """The file cannot be read further, or need not; why has been reported.  `records` may raise it, too."""


class _Reader:
    """Builds the nodes of one file."""

    def __init__(self, source: _EventSource, report: Report, records: Callable[[Node], None] | None) -> None:
        self._get = source.get_event
        self._report = report
        self._records = records
        self._anchors: dict[str, Node] = {}
        self._weights: dict[str, int] = {}
        self._aliased = 0
        self._left = _MOST_VALUES
        self.top: MapNode | None = None  # the mapping that is the document, as far as it was read
        self._begun: Node | None = None  # the key of the last section that began in it

    def document(self, *, top: bool) -> Node | None:
        self._get()  # the start of the stream
        event = self._get()
        if event.__class__ is StreamEndEvent:
            self._report.wrong_file("the file is empty; a list with nothing in it is written []")
            return None
        root = self._node(self._get(), 0, self._records if top else None)
        self._get()  # the end of the document
        event = self._get()
        if event.__class__ is DocumentStartEvent:
            self._end(event, "a second document (---) begins here: one file holds one; join them or make two files")
        return root

    def leave_out_what_goes_on(self) -> None:
        """A line that is indented, and fits nowhere, goes on with the section above it: that one is not complete."""
        if self.top is not None and self.top.keys and self.top.keys[-1] is self._begun:
            del self.top.entries[self.top.keys.pop().value]

    def _node(self, event: Any, depth: int, records: Callable[[Node], None] | None = None) -> Node:
        kind = event.__class__
        if kind is AliasEvent:
            return self._alias(event)
        if getattr(event, "tag", None) is not None:
            self._report.wrong(event, f"{shown(event.tag)} is a YAML tag, which is not used here: take it out")
        if depth > _DEEPEST:
            self._end(event, f"nested more than {_DEEPEST} levels deep: is a bracket too many here?")
        node: Node
        if kind is ScalarEvent:
            node = _text(event)
        elif kind is MappingStartEvent:
            node = self._mapping(event, depth)
        else:
            assert kind is SequenceStartEvent
            node = self._sequence(event, depth, records)
        if event.anchor is not None:  # known from its end on: an alias inside of its own anchor finds nothing
            self._anchors[event.anchor] = node
            self._weights.pop(event.anchor, None)
        return node

    def _sequence(self, start: Any, depth: int, records: Callable[[Node], None] | None) -> ListNode:
        node = ListNode(start.start_mark)
        take = records or node.items.append
        get = self._get
        while True:
            event = get()
            if event.__class__ is SequenceEndEvent:
                return node
            take(self._node(event, depth + 1))
            self._left -= 1
            if self._left < 0:
                self._too_much(event)
            if self._report.full:
                raise Ended

    def _mapping(self, start: Any, depth: int) -> MapNode:
        node = MapNode(start.start_mark)
        entries, keys, get = node.entries, node.keys, self._get
        firsts: dict[str, Mark] | None = None
        if depth == 0:
            self.top = node
        while True:
            key: Any = get()
            self._left -= 2
            if self._left < 0:
                self._too_much(key)
            if key.__class__ is MappingEndEvent:
                break
            if key.__class__ is not ScalarEvent or key.anchor or key.tag:
                key = self._node(key, depth + 1)
            else:
                key = _text(key)
            value = get()
            if value.__class__ is ScalarEvent and not value.anchor and not value.tag:
                value = _text(value)
            else:
                streamed = depth == 0 and self._records and key.__class__ is Text
                records = self._records if streamed and key.value == _RECORDS_KEY else None
                if depth == 0:
                    self._begun = key
                value = self._node(value, depth + 1, records)
            if key.__class__ is not Text:
                self._report.wrong(key, "a key is one word or text; here a list or a mapping stands in its place")
                continue
            if key.value in entries:
                if firsts is None:  # once: a file may have each of ten thousand keys twice
                    firsts = {one.value: one.start_mark for one in keys}
                first = firsts.setdefault(key.value, key.start_mark)
                self._report.wrong(
                    key,
                    f"`{shown(key.value)}` is here twice: it already stands in line {first.line + 1}, column"
                    f" {first.column + 1}; keep one of the two",
                )
                continue
            entries[sys.intern(key.value)] = value  # thousands of records have the same few keys
            keys.append(key)
            if firsts is not None:
                firsts[key.value] = key.start_mark
        if "<<" in entries:
            self._merge(node)
        return node

    def _merge(self, node: MapNode) -> None:
        """`<<: *anchor`: the anchor's entries stand here too, where the mapping does not have them itself."""
        key, merged = node.key("<<"), node.entries.pop("<<")
        node.keys.remove(key)
        for source in merged.items if isinstance(merged, ListNode) else [merged]:
            if not isinstance(source, MapNode):
                self._report.wrong(key, "`<<` takes over the entries of a mapping that has an anchor: `<<: *name`")
                continue
            for taken in source.keys:
                if taken.value not in node.entries:
                    node.entries[taken.value] = source.entries[taken.value]
                    node.keys.append(taken)

    def _alias(self, event: Any) -> Node:
        target = self._anchors.get(event.anchor)
        if target is None:
            self._end(
                event, f"*{shown(event.anchor)} names an anchor that is not written above (&{shown(event.anchor)})"
            )
        weight = self._weights.get(event.anchor)
        if weight is None:
            weight = self._weights[event.anchor] = _weight(target, _MOST_ALIASED)
        self._aliased += weight
        if self._aliased > _MOST_ALIASED:
            self._end(event, f"the aliases of this file stand for more than {_MOST_ALIASED:,} values: write them out")
        return target

    def _too_much(self, event: Any) -> NoReturn:
        self._end(event, f"more than {_MOST_VALUES:,} values: make several files of this one")

    def _end(self, event: Any, message: str) -> NoReturn:
        self._report.wrong(event, message)
        raise Ended


def _text(event: Any) -> Text:
    mark = event.start_mark
    return Text(event.value, event.implicit[0], mark.line, mark.column)


def _weight(node: Node, most: int) -> int:
    """How many nodes hang together under `node`, counted as often as they are reached, up to a little over `most`."""
    count, rest = 0, [node]
    while rest and count <= most:
        here = rest.pop()
        count += 1
        if isinstance(here, MapNode):
            rest.extend(here.entries.values())
        elif isinstance(here, ListNode):
            rest.extend(here.items)
    return count
