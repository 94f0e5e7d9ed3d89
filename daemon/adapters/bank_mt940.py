"""MT940: SWIFT's customer statement, by the library `mt-940`; the fields of :86: as German and Dutch banks cut them."""

from __future__ import annotations

import logging
import re
from datetime import date
from typing import Any

import mt940

from daemon.adapters.bank_ids import Ids
from daemon.domain.books.bank_statement import BankEntry, Flow, Statement, StatementFault

_START = re.compile(r"^(?=:20:)", re.MULTILINE)
_FLOWS = {"C": Flow.IN, "D": Flow.OUT, "RC": Flow.BACK, "RD": Flow.OUT}  # RC: reversal of a credit
_IBAN = re.compile(r"^([A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}?)(?=[A-Z][a-z]|\s|$)")
_SLASHED = re.compile(r"/([A-Z]{3,4})/")  # as Dutch and Belgian banks write: /NAME/Beta B.V./REMI/Factuur 60
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
    found: dict[tuple[str, str], Statement] = {}
    ids: dict[tuple[str, str], Ids] = {}
    blocks = [block for block in _START.split(text) if block.startswith(":20:")]
    for place, block in enumerate(blocks, start=1):
        try:
            read = mt940.parse(block)
        except Exception as wrong:  # the library raises many kinds; every one means that it is no statement
            raise StatementFault(f"{file}: statement {place}: {_in_words(wrong)}") from None
        statement = _statement(read, file, place, ids)
        found.setdefault((statement.account, statement.id), statement)
    if not found:
        raise StatementFault(f"{file}: no statement in it: none begins with :20:")
    return list(found.values())


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
    name, iban = str(data.get("applicant_name") or ""), str(data.get("gvc_applicant_iban") or "")
    found = _IBAN.match(name)  # the library joins ?31, which is the account, and ?32
    if found:
        iban, name = found[1], name[found.end() :].strip()
    text = str(data.get("purpose") or "")
    given = [str(data.get(key) or "") for key in ("end_to_end_reference", "customer_reference")]
    details = " ".join(str(data.get("transaction_details") or data.get("extra_details") or "").split("\n"))
    parts = _SLASHED.split(details)
    if not text and len(parts) > 1:
        slashed = {key: value.strip("/ ") for key, value in zip(parts[1::2], parts[2::2], strict=False)}
        name, iban = slashed.get("NAME", name), slashed.get("IBAN", iban)
        text = slashed.get("REMI", "")
        given.append(slashed.get("EREF", ""))
    return name, iban, text or details, tuple(g for g in given if g and g.upper() not in ("NONREF", "NOTPROVIDED"))


def _plain(day: Any) -> date:
    return date(day.year, day.month, day.day)
