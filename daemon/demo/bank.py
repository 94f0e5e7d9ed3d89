"""The bank: what clients transfer, the owner finds in the statement, and enters in the YAML as she would by hand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    number: str  # of the invoice, as the client wrote it
    amount: Decimal
    on: date
    returned: bool = False  # no money: a direct debit that came back


class Bank:
    """One account; nobody but the owner looks into it."""

    def __init__(self) -> None:
        self.transfers: list[Transfer] = []
        self._shown = 0

    def statement(self) -> list[Transfer]:
        """What came in since the last look."""
        found, self._shown = self.transfers[self._shown :], len(self.transfers)
        return found


class InvoiceFile:
    """The owner's `invoices.yaml`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # how many payments and returned debits stand in it
        self.entered = sum(len(row.get("payments", ())) + ("returned" in row) for row in self._rows())

    def enter(self, transfers: list[Transfer]) -> None:
        """Write them in: a new file beside the old one, put in its place, as editors do it."""
        rows = self._rows()
        for transfer in transfers:
            row = next(row for row in rows if row["number"] == transfer.number)
            if transfer.returned:
                row["returned"] = transfer.on.isoformat()
            else:
                row.setdefault("payments", []).append({"on": transfer.on.isoformat(), "amount": str(transfer.amount)})
        fresh = self._path.with_name(".invoices.yaml.new")
        fresh.write_text(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False), encoding="utf-8")
        os.replace(fresh, self._path)
        self.entered += len(transfers)

    def _rows(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = yaml.load(self._path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
        return rows


def open_amounts(invoices: Iterator[Any]) -> dict[str, Decimal]:
    """What a client owes by its own invoices, less what it has paid of them."""
    return {
        row["number"]: Decimal(row.get("payable", row["total"]))
        - sum((Decimal(p["amount"]) for p in row.get("payments", ())), Decimal(0))
        for row in invoices
    }
