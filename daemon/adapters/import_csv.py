"""A CSV, one invoice a row, read by a column map; every fault with file, line and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from daemon.adapters.config_csv import amount_of, day_of, decoded
from daemon.adapters.config_wording import shown
from daemon.adapters.import_map import ColumnMap
from daemon.adapters.import_xml import MOST_OCTETS, Unreadable, tidy
from daemon.domain.books.invoice import Line
from daemon.domain.incoming.incoming import Batch, Form, Incoming, NotRead, Party

_DELIMITERS = (";", ",", "\t", "|")
_MOST_COLUMNS = 1000


def read_csv(content: bytes, file: str, how: ColumnMap) -> Batch:
    """Read every row that can be read, and say of each other one what is wrong.

    Raises:
        Unreadable: the file as a whole is not what the map says: encoding, headings.
    """
    if len(content) > MOST_OCTETS:
        raise Unreadable(f"larger than {MOST_OCTETS // 1024 // 1024} MB: split it")
    text = _decoded(content, how)
    rows, places = _rows(text, how)
    batch = Batch()
    for line, row in rows:
        if not any(cell.strip() for cell in row):
            continue
        try:
            batch.invoices.append(_Row(row, places, how, line).invoice(file))
        except Unreadable as wrong:
            batch.refusals.append(NotRead(file=file, line=line, field=wrong.field, message=wrong.message))
    return batch


def _decoded(content: bytes, how: ColumnMap) -> str:
    try:
        return decoded(content, how.encoding)
    except UnicodeError as error:
        start = error.start if isinstance(error, UnicodeDecodeError) else 0
        said = f"the octet 0x{content[start]:02x} is not {how.encoding}"
        line = content.count(b"\n", 0, start) + 1
        raise Unreadable(f"{said}: write `encoding:` into the map, cp1252 for many programs", line=line) from None


def _rows(text: str, how: ColumnMap) -> tuple[Iterator[tuple[int, list[str]]], dict[str, int]]:
    """The rows below the headings, each with the line in which it begins, and where our fields stand in them."""
    wanted = list(how.columns.values())
    best: list[str] = []
    for delimiter in (how.delimiter,) if how.delimiter else _DELIMITERS:
        rows = _numbered(text, delimiter, how.skip)
        try:
            headings = [heading.strip() for heading in next(rows, (0, []))[1]]
        except Unreadable:
            continue
        if set(wanted) <= set(headings):
            twice = [name for name in wanted if headings.count(name) > 1]
            if twice:
                raise Unreadable(f"the heading `{shown(twice[0])}` stands there twice: give one another name",
                                 line=how.skip + 1)  # fmt: skip
            return rows, {ours: headings.index(name) for ours, name in how.columns.items()}
        best = max(best, headings, key=lambda found: (len(set(found) & set(wanted)), len(found)))
    missing = ", ".join(f"`{shown(name)}`" for name in wanted if name not in best)
    there = ", ".join(shown(name) for name in best[:30])
    raise Unreadable(f"there is no column {missing}; the headings are: {there}", line=how.skip + 1)


def _numbered(text: str, delimiter: str, skip: int) -> Iterator[tuple[int, list[str]]]:
    stream = io.StringIO(text, newline="")
    for _ in range(skip):
        stream.readline()
    reader = csv.reader(stream, delimiter=delimiter, strict=True)
    begins = skip + 1
    try:
        for row in reader:
            if len(row) > _MOST_COLUMNS:
                raise csv.Error(f"more than {_MOST_COLUMNS} columns")
            yield begins, row
            begins = skip + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(f"this is no CSV from here on: {error}", line=begins) from None


class _Row:
    """One row, asked for our fields."""

    def __init__(self, cells: Sequence[str], places: dict[str, int], how: ColumnMap, line: int) -> None:
        self._cells = cells
        self._places = places
        self._how = how
        self._line = line

    def invoice(self, file: str) -> Incoming:
        currency = self._text("currency") or self._how.currency
        total = self._amount("total", currency)
        if total is None:
            raise Unreadable("is empty", field=self._heading("total"))
        credit = self._text("credit").casefold() in self._how.credit_words if self._how.credit_words else False
        if total < 0:
            if not self._how.negative_is_credit:
                said = f"{total} is less than zero: if that is a credit note, write `negative: credit` into the map"
                raise Unreadable(said, field=self._heading("total"))
            credit, total = True, -total
        payable = None if credit else self._amount("payable", currency)
        what = self._text("what")
        return Incoming(
            form=Form.CSV,
            file=file,
            line=self._line,
            number=self._needed("number"),
            issued_on=self._day("issued"),
            total=total,
            currency=currency,
            due_on=None if credit else self._day("due"),
            payable=None if payable == total else payable,
            lines=(Line(what=what),) if what else (),
            credit=credit,
            against=self._text("against") if credit else "",
            reference=self._text("reference"),
            terms=self._text("terms"),
            client=self._text("client"),
            buyer=Party(
                name=self._text("name"),
                tax_ids=(self._text("tax_id"),) if self._text("tax_id") else (),
                email=self._text("email"),
                contact=self._text("contact"),
                phone=self._text("phone"),
                address=self._text("address"),
                country=self._text("country"),
                language=self._text("language"),
            ),
        )

    def _heading(self, ours: str) -> str:
        return self._how.columns[ours]

    def _text(self, ours: str) -> str:
        place = self._places.get(ours)
        return self._cells[place].strip() if place is not None and place < len(self._cells) else ""

    def _needed(self, ours: str) -> str:
        text = self._text(ours)
        if not text:
            raise Unreadable("is empty", field=self._heading(ours))
        return text

    def _amount(self, ours: str, currency: str) -> Decimal | None:
        text = self._text(ours)
        if not text:
            return None
        try:
            return tidy(amount_of(text, self._how.decimal, self._how.thousands), currency)
        except ValueError as wrong:
            raise Unreadable(str(wrong), field=self._heading(ours)) from None

    def _day(self, ours: str) -> date | None:
        text = self._text(ours)
        if not text:
            return None
        try:
            return day_of(text, self._how.date)
        except ValueError:
            said = f"`{shown(text)}` is no day as the map says, {self._how.date}"
            raise Unreadable(said, field=self._heading(ours)) from None
