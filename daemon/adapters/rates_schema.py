"""The schema of `rates:`, which is that of the shipped `statutory_rates.yaml` too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_names import KEY_PATTERN, key
from daemon.adapters.config_shape import FAULT, ByName, Choice, Field, ListOf, Record
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.domain.books.rates import Begins, FlatSum, FlatSumStep, RateRow, YearLength


def _row(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    if not _ordered(values, node, report):
        return FAULT
    return RateRow(first=values.pop("from"), last=values.pop("to"), **values)


def _flat_sum(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    amount, steps = values.pop("amount", None), values.pop("steps", ())
    if (amount is None) == (not steps):
        report.wrong(node, "a flat sum has `amount`, or `steps` by the size of the debt: one of the two")
        return FAULT
    if steps and not _ascending(steps):
        report.wrong(node.entries["steps"], "the steps ascend by `under`, and the last one has none: {amount: 100}")
        return FAULT
    if not _ordered(values, node, report):
        return FAULT
    graded = steps or (FlatSumStep(under=None, amount=amount),)
    return FlatSum(first=values.pop("from"), last=values.pop("to", None), steps=graded, **values)


def _ordered(values: dict[str, Any], node: MapNode, report: Report) -> bool:
    first, last = values["from"], values.get("to")
    if last is not None and last < first:
        report.wrong(node.entries["to"], f"to {last}, before it begins on {first}: swap the two")
        return False
    return True


def _ascending(steps: Sequence[FlatSumStep]) -> bool:
    limits = [step.under for step in steps if step.under is not None]
    return steps[-1].under is None and len(limits) == len(steps) - 1 and limits == sorted(set(limits))


def _step(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> FlatSumStep:
    return FlatSumStep(under=values.get("under"), amount=values["amount"])


_SOURCE = {
    "source": Field(kinds.line(300), "where it was read"),
    "read_on": Field(kinds.DATE, "when it was read"),
}
_CITE = Field(kinds.line(120), "the rule, as a letter names it")
ROW = Record(
    "a row of rates",
    {
        "from": Field(kinds.DATE, "its first day", required=True),
        "to": Field(kinds.DATE, "its last day, included", required=True),
        "rate": Field(kinds.DECIMAL, "percent a year", required=True),
        **_SOURCE,
    },
    _row,
)
TABLE = Record(
    "a table of rates",
    {
        "name": Field(kinds.line(60), "as a letter prints it; left out, its key"),
        "rows": Field(ListOf(ROW, what="rows", empty=False), "ascending, without gap or overlap", required=True),
    },
)
TARIFF = Choice(
    "a tariff",
    {
        "table": Record(
            "a tariff above a table",
            {
                "table": Field(kinds.KEY, "a table of `rates`", required=True),
                "points": Field(kinds.PERCENT, "percentage points above it", required=True),
                "cite": _CITE,
                **_SOURCE,
            },
        ),
        "rate": Record(
            "a fixed tariff",
            {"rate": Field(kinds.PERCENT, "percent a year", required=True), "cite": _CITE, **_SOURCE},
        ),
    },
)
STEP = Record(
    "a step",
    {
        "under": Field(kinds.MONEY, "for debts below this; left out in the last step"),
        "amount": Field(kinds.MONEY, "the flat sum", required=True),
    },
    _step,
)
FLAT_SUM = Record(
    "a flat sum",
    {
        "from": Field(kinds.DATE, "for debts in default from this day on", required=True),
        "to": Field(kinds.DATE, "until this day, included; left out, until the law is changed"),
        "currency": Field(kinds.CURRENCY, "of the amounts", required=True),
        "amount": Field(kinds.MONEY, "the flat sum"),
        "steps": Field(ListOf(STEP, what="steps", empty=False), "instead of `amount`: by the size of the debt"),
        "cite": _CITE,
        **_SOURCE,
    },
    _flat_sum,
)
LAW = Record(
    "a law",
    {
        "name": Field(kinds.line(120), "as a letter cites it", required=True),
        "business": Field(TARIFF, "interest between businesses: {table: ECB, points: 8} or {rate: 5}"),
        "consumer": Field(TARIFF, "interest that a consumer owes; left out, none"),
        "year": Field(kinds.words("365", "actual", make=YearLength), "actual: leap years have 366 days"),
        "fixed": Field(kinds.BOOLEAN, "true: the rate of the first day stays"),
        "begins": Field(kinds.words("due", "reminder", make=Begins), "reminder: default begins with the first one"),
        "flat_sum_for": Field(kinds.words("invoice", "instalment"), "how often the flat sum is due"),
        "flat_sums": Field(ListOf(FLAT_SUM, what="flat sums"), "compensation for the costs of recovery"),
    },
)
RATES = Record(
    "`rates`",
    {
        "tables": Field(ByName(TABLE, key, what="tables", pattern=KEY_PATTERN), "published rates, each under its name"),
        "laws": Field(ByName(LAW, key, what="laws", pattern=KEY_PATTERN), "what the law of a place says: {NL: ...}"),
    },
    partial=True,
)
