"""The column map of a CSV: a YAML file in which the owner says which column is what, and how it is written.

Numbers and dates of a CSV can be read in several ways (1.234 and 03/04/2026), so how they are written is stated and
never guessed.  Only the delimiter is looked for, because the names of the columns prove it.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_files import read_text
from daemon.adapters.config_shape import FAULT, Checked, Field, ListOf, Record, Scalar
from daemon.adapters.config_wording import shown
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.adapters.yaml_tree import read_tree
from daemon.ports import Problem

_PARTS = {"YYYY": "(?P<year>[0-9]{4})", "YY": "(?P<short>[0-9]{2})", "MM": "(?P<month>[0-9]{1,2})",
          "DD": "(?P<day>[0-9]{1,2})"}  # fmt: skip
_TOKEN = re.compile("YYYY|YY|MM|DD")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnMap:
    columns: Mapping[str, str]  # our field -> the heading
    date: re.Pattern[str]
    date_shown: str  # as the owner wrote it
    decimal: str  # the sign before the decimals: . or ,
    thousands: str  # the sign between the thousands; empty: none is there
    currency: str = ""  # where no column says
    delimiter: str = ""  # empty: found by the headings
    encoding: str = "utf-8-sig"
    skip: int = 0  # lines above the headings
    credit_words: tuple[str, ...] = ()  # in the column `credit`, which say that a row is a credit note
    negative_is_credit: bool = False


def _date_shape(text: str) -> tuple[re.Pattern[str], str]:
    """A pattern out of DD, MM and YYYY (or YY) and the signs between them, as in DD.MM.YYYY."""
    tokens = _TOKEN.findall(text)
    if sorted(tokens) not in (["DD", "MM", "YYYY"], ["DD", "MM", "YY"]):
        raise ValueError(f"`{shown(text)}` is no way to write dates: use DD, MM and YYYY once each, as in DD.MM.YYYY")
    between = _TOKEN.sub("", text)
    if re.search(r"[A-Za-z0-9]", between):
        raise ValueError(f"`{shown(text)}` has other letters or digits than DD, MM and YYYY")
    pieces, end = [], 0
    for found in _TOKEN.finditer(text):
        pieces += [re.escape(text[end : found.start()]), _PARTS[found[0]]]
        end = found.end()
    shape = "".join(pieces) + re.escape(text[end:])
    if not between:  # 20261031: nothing stands between, so every digit has to be there
        shape = shape.replace("{1,2}", "{2}")
    return re.compile(shape, re.ASCII), text


def _encoding(text: str) -> str:
    try:
        return codecs.lookup(text).name
    except LookupError:
        raise ValueError(f"`{shown(text)}` is no encoding: write utf-8, cp1252, iso-8859-1 or the like") from None


def _delimiter(text: str) -> str:
    named = {"tab": "\t", "semicolon": ";", "comma": ",", "pipe": "|"}.get(text, text)
    if len(named) != 1 or named.isalnum() or named in "\"'\r\n ":
        raise ValueError(f'`{shown(text)}` is no delimiter: write ";", ",", "|" or tab')
    return named


def _sign(text: str) -> str:
    if text not in {".", ",", "'", "’", " ", "\u00a0", "\u202f", "space"}:
        raise ValueError(f'`{shown(text)}` does not stand between thousands: write ".", ",", "\'" or space')
    return " " if text == "space" else text


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
        "date": Field(Scalar(_date_shape, {"type": "string"}), "how days are written, as in DD.MM.YYYY", required=True),
        "decimal": Field(kinds.words(".", ","), 'the sign before the decimals: "." or ","', required=True),
        "thousands": Field(Scalar(_sign, {"type": "string"}), "the sign between thousands; left out, there is none"),
        "currency": Field(kinds.CURRENCY, "of all rows, where no column says"),
        "delimiter": Field(Scalar(_delimiter, {"type": "string"}), "between columns; left out, it is found"),
        "encoding": Field(Scalar(_encoding, {"type": "string"}), "left out, UTF-8"),
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
    shape, written = read.get("date")
    return (
        ColumnMap(
            columns=columns,
            date=shape,
            date_shown=written,
            decimal=read.get("decimal"),
            thousands=read.get("thousands", ""),
            currency=read.get("currency", ""),
            delimiter=read.get("delimiter", ""),
            encoding=read.get("encoding", "utf-8-sig"),
            skip=read.get("skip", 0),
            credit_words=tuple(word.casefold() for word in read.get("credit_words", ())),
            negative_is_credit=read.get("negative") == "credit",
        ),
        (),
    )
