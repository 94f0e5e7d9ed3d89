"""The column map of a CSV: a YAML file in which the owner says which column is what, and how it is written.

Only the delimiter is looked for where it is not stated, because the names of the columns prove it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_csv import DATE_SHAPE, DELIMITER, ENCODING, THOUSANDS
from daemon.adapters.config_files import read_text
from daemon.adapters.config_shape import FAULT, Checked, Field, ListOf, Record
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.adapters.yaml_tree import read_tree
from daemon.ports import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    columns: Mapping[str, str]  # our field -> the heading
    date: str  # as `config_csv.day_of` reads it
    decimal: str  # the sign before the decimals: . or ,
    thousands: str  # the sign between the thousands; empty: none is there
    currency: str = ""  # where no column says
    delimiter: str = ""  # empty: found by the headings
    encoding: str = "utf-8"
    skip: int = 0  # lines above the headings
    credit_words: tuple[str, ...] = ()  # in the column `credit`, which say that a row is a credit note
    negative_is_credit: bool = False


_HEADING = kinds.line(200)
FIELDS: Mapping[str, str] = {
    "number": "the invoice's number",
    "issued": "its date",
    "due": "the last day on which it is paid in time",
    "total": "with tax",
    "payable": "where it is not the total",
    "currency": "three letters",
    "client": "the key of `clients` in the config",
    "name": "the client's name",
    "tax_id": "the client's VAT or tax number",
    "email": "an address of the client",
    "contact": "a person there",
    "phone": "of that person",
    "address": "of the client",
    "country": "two letters",
    "language": "two letters",
    "reference": "payment reference",
    "terms": "terms of payment",
    "credit": "what says that the row is a credit note; see credit_words",
    "against": "of a credit note: the number of the invoice",
    "what": "what the invoice is for",
}


def _columns(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    if not {"client", "name", "tax_id", "email"} & values.keys():
        report.wrong(node, "no column says whose an invoice is: name one for client, tax_id, name or email")
        return FAULT
    return values


COLUMN_MAP = Record(
    "a column map",
    {
        "columns": Field(
            Record(
                "`columns`",
                {name: Field(_HEADING, note, required=name in {"number", "total"}) for name, note in FIELDS.items()},
                _columns,
            ),
            "which of our fields stands under which heading, as in `number: Invoice no`",
            required=True,
        ),
        "date": Field(DATE_SHAPE, "how days are written, as in DD.MM.YYYY", required=True),
        "decimal": Field(kinds.words(".", ","), 'the sign before the decimals: "." or ","', required=True),
        "thousands": Field(THOUSANDS, "the sign between thousands; left out, there is none"),
        "currency": Field(kinds.CURRENCY, "of all rows, where no column says"),
        "delimiter": Field(DELIMITER, "between columns; left out, it is found"),
        "encoding": Field(ENCODING, "left out, UTF-8"),
        "skip": Field(kinds.whole(0, 1000), "lines above the headings"),
        "credit_words": Field(ListOf(_HEADING, what="words"), "in the column `credit`, which mean a credit note"),
        "negative": Field(kinds.words("credit"), "credit: an amount below zero is a credit note"),
    },
)


def read_map(path: str) -> tuple[ColumnMap | None, tuple[Problem, ...]]:
    """A column map, or all that is wrong in it."""
    report = Report(path)
    text, _stamp = read_text(path, report)
    root = read_tree(text, report, top=False) if text is not None else None
    read = COLUMN_MAP.read(root, report) if root is not None else None
    if root is not None and read is None:
        report.wrong_file("the column map is empty")
    if report.problems or not isinstance(read, Checked):
        return None, tuple(report.problems)
    columns = read.get("columns")
    if "currency" not in columns and not read.get("currency"):
        report.wrong(read.node, "no currency: write `currency: EUR`, or name its column")
    if read.get("thousands") == read.get("decimal"):
        report.wrong(read.place("thousands"), "the same sign before the decimals and between thousands")
    if ("credit" in columns) != bool(read.get("credit_words")):
        report.wrong(read.node, "`columns: credit` and `credit_words` go together: the words that mean a credit note")
    if report.problems:
        return None, tuple(report.problems)
    return (
        ColumnMap(
            columns=columns,
            date=read.get("date"),
            decimal=read.get("decimal"),
            thousands=read.get("thousands", ""),
            currency=read.get("currency", ""),
            delimiter=read.get("delimiter", ""),
            encoding=read.get("encoding", "utf-8"),
            skip=read.get("skip", 0),
            credit_words=tuple(word.casefold() for word in read.get("credit_words", ())),
            negative_is_credit=read.get("negative") == "credit",
        ),
        (),
    )
