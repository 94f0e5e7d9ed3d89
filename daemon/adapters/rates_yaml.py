"""Rates of default interest: the shipped tables and laws, and those that the owner adds under `rates:`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from daemon.adapters.config_shape import Checked, Names
from daemon.adapters.config_wording import hint
from daemon.adapters.rates_schema import RATES
from daemon.adapters.yaml_nodes import ListNode, Node, Report
from daemon.adapters.yaml_tree import read_tree
from daemon.domain.books.rates import Begins, FlatSum, Law, Laws, RateRow, RateTable, Tariff, YearLength

_DAY = timedelta(days=1)
_SHIPPED = "statutory_rates.yaml"


@lru_cache(maxsize=1)
def _shipped() -> tuple[Mapping[str, RateTable], Laws]:
    source = files("daemon.adapters") / _SHIPPED
    report = Report(str(source))
    tree = read_tree(source.read_text("utf-8"), report)
    read = RATES.read(tree, report) if tree is not None else None
    assert isinstance(read, Checked), report.problems
    found = _read(read, {}, {}, report)
    assert not report.problems, report.problems
    return found


def shipped_laws() -> Laws:
    """The laws that come with the program, by jurisdiction."""
    return _shipped()[1]


def laws_from(read: Checked | None, report: Report) -> Laws:
    """The shipped laws, and the owner's `rates:` over them.

    A row of the owner's with the same days takes the place of a shipped one; one that follows is added.  A table or a
    law that is not good is left out, and reported with its place.
    """
    tables, laws = _shipped()
    return laws if read is None else _read(read, tables, laws, report)[1]


def _read(
    read: Checked, tables: Mapping[str, RateTable], laws: Laws, report: Report
) -> tuple[Mapping[str, RateTable], Laws]:
    written: Names | None = read.get("tables")
    known = dict(tables)
    for name, table in (written.values if written else {}).items():
        merged = _merged(name, table, tables.get(name), report)
        if merged is not None:
            known[name] = merged
    names = tuple(dict.fromkeys((*known, *(written.written if written else ()))))
    found = {code: _on(law, known) for code, law in laws.items()}
    own: Names | None = read.get("laws")
    for code, law in (own.values if own else {}).items():
        found[code] = _law(code, law, known, names, report)
    return known, found


def _merged(name: str, read: Checked, shipped: RateTable | None, report: Report) -> RateTable | None:
    """The table with the shipped rows that the owner's do not replace; None where the rows do not follow each other."""
    rows: Sequence[RateRow] = read.get("rows")
    place = read.place("rows")
    assert isinstance(place, ListNode)
    own = {(row.first, row.last) for row in rows}
    kept = [row for row in (shipped.rows if shipped else ()) if (row.first, row.last) not in own]
    good = _ascend(rows, place.items, report) and _fit(rows, kept, place.items, report)
    if not good:
        return None
    merged = tuple(sorted((*kept, *rows), key=lambda row: row.first))
    return RateTable(key=name, name=read.get("name") or (shipped.name if shipped else name), rows=merged)


def _ascend(rows: Sequence[RateRow], nodes: Sequence[Node], report: Report) -> bool:
    """Each row begins on the day after the one before it."""
    known = len(report.problems)
    for before, row, above, node in zip(rows, rows[1:], nodes, nodes[1:], strict=False):
        line = above.start_mark.line + 1
        wanted = before.last + _DAY
        if row.first < before.first:
            report.wrong(node, f"rows ascend, and this one begins before the one in line {line}: put it higher up")
        elif row.first <= before.last:
            report.wrong(
                node, f"it overlaps the row in line {line}, which lasts until {before.last}: begin on {wanted}"
            )
        elif row.first > wanted:
            report.wrong(node, f"no rate for {_days(wanted, row.first - _DAY)}: add a row, or begin on {wanted}")
    return len(report.problems) == known


def _fit(rows: Sequence[RateRow], kept: Sequence[RateRow], nodes: Sequence[Node], report: Report) -> bool:
    """The owner's rows beside the shipped ones that stay: no day twice, and none left out between the two."""
    if not kept:
        return True
    for row, node in zip(rows, nodes, strict=True):
        twice = next((k for k in kept if k.first <= row.last and row.first <= k.last), None)
        if twice is not None:
            days = _days(twice.first, twice.last)
            report.wrong(node, f"it overlaps the shipped row {days}: write the same days to take its place")
            return False
    everything = sorted((*kept, *rows), key=lambda row: row.first)
    for before, row in pairwise(everything):
        if row.first != before.last + _DAY:
            at = nodes[rows.index(row)] if row in rows else nodes[rows.index(before)]
            report.wrong(at, f"no rate for {_days(before.last + _DAY, row.first - _DAY)}: add a row for these days")
            return False
    return True


def _days(first: date, last: date) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _law(code: str, read: Checked, tables: Mapping[str, RateTable], names: tuple[str, ...], report: Report) -> Law:
    return Law(
        jurisdiction=code,
        name=read.get("name"),
        business=_tariff(read.get("business"), tables, names, report),
        consumer=_tariff(read.get("consumer"), tables, names, report),
        year=read.get("year", YearLength.DAYS_365),
        fixed=read.get("fixed", False),
        begins=read.get("begins", Begins.DUE),
        flat_sums=_flat_sums(read, report),
        per_instalment=read.get("flat_sum_for") == "instalment",
    )


def _flat_sums(read: Checked, report: Report) -> tuple[FlatSum, ...]:
    """They ascend, and no day has two; days without one are allowed."""
    sums: tuple[FlatSum, ...] = read.get("flat_sums", ())
    place = read.place("flat_sums")
    nodes = place.items if isinstance(place, ListNode) else []
    for (before, flat), (above, node) in zip(pairwise(sums), pairwise(nodes), strict=False):
        if before.last is None or flat.first <= before.last:
            until = f"until {before.last}" if before.last else "for ever: give it a `to`"
            report.wrong(
                node, f"it begins before the one in line {above.start_mark.line + 1} ends, which lasts {until}"
            )
    return sums


def _tariff(
    read: Checked | None, tables: Mapping[str, RateTable], names: tuple[str, ...], report: Report
) -> Tariff | None:
    if read is None:
        return None
    cite, source = read.get("cite", ""), read.get("source", "")
    if "rate" in read.values:
        return Tariff(points=read.get("rate"), cite=cite, source=source)
    name = read.get("table")
    if name not in names:
        report.wrong(read.place("table"), f"there is no table `{name}`{hint(name, names)}")
    if name not in tables:
        return None
    return Tariff(points=read.get("points"), table=tables[name], cite=cite, source=source)


def _on(law: Law, tables: Mapping[str, RateTable]) -> Law:
    """A shipped law on tables to which the owner may have added rows."""

    def rebound(tariff: Tariff | None) -> Tariff | None:
        if tariff is None or tariff.table is None:
            return tariff
        return replace(tariff, table=tables.get(tariff.table.key, tariff.table))

    return replace(law, business=rebound(law.business), consumer=rebound(law.consumer))
