"""`bank` in the config: where statements arrive, how long they are good for, and how a CSV is to be read."""

from __future__ import annotations

import os.path
import re
from pathlib import Path
from typing import Any

from daemon.adapters import config_kinds as kinds
from daemon.adapters.config_csv import DATE_SHAPE, DELIMITER, ENCODING, THOUSANDS
from daemon.adapters.config_shape import FAULT, Field, ListOf, Record, Scalar
from daemon.adapters.yaml_nodes import MapNode, Report
from daemon.domain.books.bank_statement import BankTerms, ColumnMap

_BUSINESS_DAYS = re.compile(r"([0-9]{1,2})b?d")
_MOST_DAYS = 30


def _business_days(text: str) -> int:
    found = _BUSINESS_DAYS.fullmatch(text.strip())
    if found is None or int(found[1]) > _MOST_DAYS:
        raise ValueError(f"`{text}` is no number of business days: write 4d; {_MOST_DAYS}d at most")
    return int(found[1])


def _map(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    if "currency" not in values and "currency_in" not in values:
        report.wrong(node, "`map` has to say the currency: `currency: EUR`, or `currency_in: NAME OF A COLUMN`")
        return FAULT
    columns = ColumnMap(**values)
    if columns.thousands == columns.decimal:
        report.wrong(node, "the same sign before the cents and between thousands")
        return FAULT
    return columns


def _bank(values: dict[str, Any], node: MapNode, report: Report, whole: bool) -> Any:
    if "folder" in values:
        folder = Path(report.file).absolute().parent / values["folder"]
        if not os.path.isdir(folder):
            report.wrong(node.entries["folder"], f"there is no folder {folder}")
            return FAULT
        values["folder"] = str(folder)
    if "map" in values:
        values["columns"] = values.pop("map")
    return BankTerms(**values)


BUSINESS_DAYS = Scalar(_business_days, {"type": "string", "pattern": "^[0-9]{1,2}b?d$", "examples": ["4d"]})
_COLUMN = kinds.line()
MAP = Record(
    "`map`",
    {
        "date": Field(_COLUMN, "the column with the day of the booking", required=True),
        "amount": Field(_COLUMN, "the column with the amount; what went out has a minus", required=True),
        "out": Field(_COLUMN, "the column with what went out, where your bank has one of its own for it"),
        "text": Field(ListOf(_COLUMN, what="columns"), "the columns with what the payer wrote"),
        "name": Field(_COLUMN, "the column with who paid"),
        "iban": Field(_COLUMN, "the column with the payer's account"),
        "reference": Field(_COLUMN, "the column with a structured reference"),
        "id": Field(_COLUMN, "the column with the bank's own reference of the movement"),
        "currency_in": Field(_COLUMN, "the column with the currency"),
        "currency": Field(kinds.CURRENCY, "the currency, where no column has it"),
        "account": Field(kinds.line(40), "a name for the account; two accounts need two"),
        "dates": Field(DATE_SHAPE, "how days are written, as in DD.MM.YYYY"),
        "decimal": Field(kinds.words(".", ","), "what stands before the cents"),
        "thousands": Field(THOUSANDS, "what stands between thousands; left out, nothing"),
        "delimiter": Field(DELIMITER, "what stands between the columns"),
        "encoding": Field(ENCODING, "how letters are stored"),
        "skip": Field(kinds.whole(0, 100), "lines above the names of the columns"),
    },
    _map,
)
BANK = Record(
    "`bank`",
    {
        "folder": Field(kinds.PATH, "a folder in which you or your bank's program put statements; it is watched"),
        "fresh_within": Field(
            BUSINESS_DAYS, "business days; when the last statement is older, reminders wait: what was paid is not known"
        ),
        "transit": Field(BUSINESS_DAYS, "business days after a due date in which money may be on its way: no reminder"),
        "map": Field(MAP, "how a CSV of your bank is read; CAMT, MT940 and OFX need none"),
    },
    _bank,
)
