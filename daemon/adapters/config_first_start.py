"""`first_start:` in the config: what is overdue at the very first start; a word, or entries."""

from __future__ import annotations

from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_names import one_of
from daemon.adapters.config_shape import FAULT, Field, Record, Schema
from daemon.adapters.yaml_nodes import MapNode, Node, Report, Text, is_blank
from daemon.domain.books.ledger import FirstStart

_WORDS = ("ask", "send")


def _sends(word: str) -> bool:
    return word == "send"


class _WordOr(Record):
    """`ask` or `send`, or a record that says more."""

    def read(self, node: Node, report: Report) -> Any:
        if not isinstance(node, Text) or is_blank(node):
            return super().read(node, report)
        try:
            return FirstStart(sends=_sends(one_of(*_WORDS)(node.value)))
        except ValueError as wrong:
            report.wrong(node, str(wrong))
            return FAULT

    def schema(self) -> Schema:
        return {"anyOf": [{"enum": list(_WORDS)}, super().schema()]}


def _first_start(values: dict[str, Any], _node: MapNode, _report: Report, _whole: bool) -> FirstStart:
    if "overdue" in values:
        values["sends"] = values.pop("overdue")
    return FirstStart(**values)


FIRST_START = _WordOr(
    "`first_start`",
    {
        "overdue": Field(kinds.words(*_WORDS, make=_sends), "ask: it waits for your go; send: it does not"),
        "per_day": Field(kinds.whole(0, 1000), "to so many clients a day after your go; 0: no limit"),
        "show": Field(kinds.BOOLEAN, "true: the letters that wait are in the digest, to be read before your go"),
    },
    _first_start,
)
