"""CSV of banks."""

from __future__ import annotations

import pytest

from daemon.adapters.bank_files import read_statements
from daemon.domain.books.bank_statement import ColumnMap, StatementFault


def test_a_bank_with_a_column_for_each_way_of_the_money() -> None:
    columns = ColumnMap(date="Data", amount="Avere", out="Dare", text=("Causale",), currency="EUR", decimal=",")
    head = b"Data,Causale,Dare,Avere\n"
    body = b'2026-11-02,2026-041,,"1220,00"\n2026-11-03,Canone,"12,50",\n2026-11-03,Canone,"-3,00",\n'
    [statement] = read_statements(head + body, "a.csv", columns)

    assert [(str(e.amount), e.flow.value) for e in statement.entries] == [
        ("1220.00", "in"), ("12.50", "out"), ("3.00", "out"),
    ]  # fmt: skip
    for line in (b'2026-11-02,x,"1,00","2,00"\n', b"2026-11-02,x,,\n"):
        with pytest.raises(StatementFault, match=r"^a\.csv:2: "):
            read_statements(head + line, "a.csv", columns)
