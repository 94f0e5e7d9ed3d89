"""CSV as each bank has its own: read by the columns, dates and decimals that `bank.map` names, and nothing guessed."""

from __future__ import annotations

import csv
import re
from datetime import date
from io import StringIO

from daemon.adapters.bank_ids import Ids
from daemon.adapters.config_csv import amount_of, day_of, decoded
from daemon.domain.books.bank_statement import BankEntry, ColumnMap, Flow, Statement, StatementFault

_MOST_LINES = 200_000


def read_csv(content: bytes, file: str, columns: ColumnMap) -> list[Statement]:
    """The movements of a file, as one statement for each currency in it.

    Raises:
        StatementFault: with the file's line, for what is not as the map says.
    """
    try:
        text = decoded(content, columns.encoding)
    except UnicodeError as wrong:
        raise StatementFault(f"{file}: it is not in {columns.encoding}: {wrong}; say so in bank.map.encoding") from None
    above = text.split("\n", columns.skip)
    body = above[-1] if len(above) > columns.skip else ""
    rows = csv.DictReader(StringIO(body, newline=""), delimiter=columns.delimiter, restval="")
    missing = [name for name in _named(columns) if name not in (rows.fieldnames or ())]
    if missing:
        there = ", ".join(rows.fieldnames or ()) or "none"
        raise StatementFault(f"{file}:{columns.skip + 1}: there is no column {missing[0]!r}; there are: {there[:200]}")
    by_currency: dict[str, list[BankEntry]] = {}
    ids = Ids(columns.account)
    try:
        for row in rows:
            line = columns.skip + rows.line_num
            if line > _MOST_LINES:
                raise StatementFault(f"{file}: more than {_MOST_LINES} lines: no statement has")
            if any(row.get(name, "").strip() for name in (columns.date, columns.amount, columns.out) if name):
                entry = _entry(row, columns, ids, f"{file}:{line}")
                by_currency.setdefault(entry.currency, []).append(entry)
    except csv.Error as wrong:
        raise StatementFault(f"{file}:{columns.skip + rows.line_num}: {wrong}") from None
    found = []
    for currency, entries in by_currency.items():
        first, until = min(e.booked_on for e in entries), max(e.booked_on for e in entries)
        found.append(
            Statement(
                file=file, id=f"{first} {until}", account=f"{columns.account} {currency}", currency=currency,
                until=until, entries=tuple(entries),
            )
        )  # fmt: skip
    return found


def _named(columns: ColumnMap) -> list[str]:
    single = (columns.out, columns.name, columns.iban, columns.reference, columns.id, columns.currency_in)
    return [columns.date, columns.amount, *columns.text, *(name for name in single if name)]


def _entry(row: dict[str, str], columns: ColumnMap, ids: Ids, where: str) -> BankEntry:
    def cell(name: str | None) -> str:
        return " ".join((row.get(name) or "").split()) if name else ""

    day = _day(cell(columns.date), columns, where)
    came, went = cell(columns.amount), cell(columns.out)
    if came and went:
        raise StatementFault(f"{where}: {came!r} came in and {went!r} went out: a line has one of them")
    try:
        amount = amount_of(came or went, columns.decimal, columns.thousands)
        amount = -abs(amount) if went else amount  # with or without a sign: its column says which way it went
    except ValueError as wrong:
        raise StatementFault(f"{where}: {wrong}") from None
    currency = cell(columns.currency_in).upper() or columns.currency or ""
    if not re.fullmatch("[A-Z]{3}", currency):
        raise StatementFault(f"{where}: {currency!r} is no currency; bank.map has `currency_in` or `currency` for it")
    flow = Flow.IN if amount > 0 else Flow.OUT
    name, text = cell(columns.name), " ".join(filter(None, map(cell, columns.text)))
    words = f"{name} {text} {cell(columns.iban)} {cell(columns.reference)}"
    return BankEntry(
        id=ids.of(day, abs(amount), currency, flow, reference=cell(columns.id), words=words),
        account=f"{columns.account} {currency}", booked_on=day, amount=abs(amount), currency=currency, flow=flow,
        name=name, iban=cell(columns.iban), text=text, references=tuple(filter(None, (cell(columns.reference),))),
    )  # fmt: skip


def _day(text: str, columns: ColumnMap, where: str) -> date:
    try:
        return day_of(text, columns.dates)
    except ValueError:
        raise StatementFault(f"{where}: {text!r} is no day like {columns.dates} (bank.map.dates)") from None
