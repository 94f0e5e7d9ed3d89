"""MT940: SWIFT's customer statement, by the library `mt-940`, but for what is in :86: (`bank_mt940_details`)."""

from __future__ import annotations

import logging
import re
from datetime import date
from typing import Any

import mt940

from daemon.adapters.bank_ids import Ids
from daemon.adapters.bank_mt940_details import details_of
from daemon.domain.books.bank_statement import BankEntry, Flow, Statement, StatementFault

_START = re.compile(r"^(?=:20:)", re.MULTILINE)
_FLOWS = {"C": Flow.IN, "D": Flow.OUT, "RC": Flow.BACK, "RD": Flow.OUT}  # RC: reversal of a credit
_END = re.compile(r"^-\}?[ \t]*$", re.MULTILINE)  # of a statement; behind it stands the next one's envelope
_RAW: dict[str, list[Any]] = {"post_transaction_details": []}  # the library's reading of :86: loses what it knows not
_NO_REFERENCE = ("NONREF", "NOTPROVIDED", "EREF")  # EREF: it stands in :86:
_MOST_LINES = 200_000

logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it logs the lines that it cannot read: a payer's words


def is_mt940(text: str) -> bool:
    return ":20:" in text[:2000] and ":25:" in text[:4000] and (":61:" in text or ":62F:" in text)


def read_mt940(text: str, file: str) -> list[Statement]:
    """Every statement of a file; the pages of one (`:62M:`) are several, and one told twice is one.

    Raises:
        StatementFault: it cannot be read, or says neither account nor closing balance.
    """
    text = text.replace("\r\n", "\n")
    if text.count("\n") > _MOST_LINES:
        raise StatementFault(f"{file}: more than {_MOST_LINES} lines: no statement has")
    found: list[Statement] = []
    ids: dict[tuple[str, str], Ids] = {}
    blocks = dict.fromkeys(_END.split(block)[0].rstrip() for block in _START.split(text) if block.startswith(":20:"))
    for place, block in enumerate(blocks, start=1):
        try:
            read = mt940.parse(block, processors=_RAW)
        except Exception as wrong:  # the library raises many kinds; every one means that it is no statement
            raise StatementFault(f"{file}: statement {place}: {_in_words(wrong)}") from None
        found.append(_statement(read, file, place, ids))
    if not found:
        raise StatementFault(f"{file}: no statement in it: none begins with :20:")
    return found


def _in_words(wrong: Exception) -> str:
    """What the library says; of a line that fits no pattern it gives the line as the last of three arguments."""
    match wrong.args:
        case (_, tag, str(line)):
            return f"this line cannot be read: `:{getattr(tag, 'id', '')}:{line[:100]}`"
        case _:
            return f"{type(wrong).__name__}: {str(wrong)[:200]}"


def _statement(read: Any, file: str, place: int, ids: dict[tuple[str, str], Ids]) -> Statement:
    data = read.data
    account = str(data.get("account_identification") or "")
    closing = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    if not account or closing is None:
        raise StatementFault(f"{file}: statement {place}: :25: (account) or :62F: (closing balance) is missing")
    until = _plain(closing.date)
    number = str(data.get("statement_number") or data.get("transaction_reference") or "")
    of_pages = ids.setdefault((account, number), Ids(account))  # alike entries on two pages are two
    entries = tuple(_entry(one.data, account, of_pages, file) for one in read)
    id_ = f"{number}/{data.get('sequence_number') or ''} {until}"
    return Statement(file=file, id=id_, account=account, currency=closing.amount.currency, until=until, entries=entries)


def _entry(data: dict[str, Any], account: str, ids: Ids, file: str) -> BankEntry:
    try:
        flow = _FLOWS[data["status"]]
        amount, currency = abs(data["amount"].amount), data["amount"].currency
        booked_on = _plain(data.get("entry_date") or data["date"])
    except (KeyError, AttributeError, TypeError):
        raise StatementFault(f"{file}: a line :61: cannot be read: {str(data)[:120]}") from None
    name, iban, text, references = _words(data)
    reference = str(data.get("bank_reference") or "")
    words = f"{name} {text} {references}"
    return BankEntry(
        id=ids.of(booked_on, amount, currency, flow, reference=reference, words=words),
        account=account, booked_on=booked_on, amount=amount, currency=currency, flow=flow, name=name, iban=iban,
        text=text, references=references,
    )  # fmt: skip


def _words(data: dict[str, Any]) -> tuple[str, str, str, tuple[str, ...]]:
    """Who paid, from where, their words, their references."""
    found = details_of(str(data.get("transaction_details") or data.get("extra_details") or ""))
    given = (*found.references, str(data.get("customer_reference") or ""))
    plain = dict.fromkeys(one for one in given if one and one.upper() not in _NO_REFERENCE)
    return found.name, found.iban, found.text, tuple(plain)


def _plain(day: Any) -> date:
    return date(day.year, day.month, day.day)
