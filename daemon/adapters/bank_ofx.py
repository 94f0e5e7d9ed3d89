"""OFX: 1.x, which is SGML without end tags, and 2.x, which is XML.  Both are read as a row of `<NAME>value`.

A small reader of our own: of the libraries one had its last release in 2021, and the other brings a client for banks'
servers.  Nothing is expanded or fetched, since nothing but names and values is looked at.
"""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal

from daemon.adapters.bank_ids import Ids
from daemon.domain.books.bank_statement import BankEntry, Flow, Statement, StatementFault

_TAG = re.compile(r"<(/?)([A-Z0-9.]{1,32})>([^<]*)", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})(\d\d)(\d\d)")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{0,5})?", re.ASCII)


def is_ofx(text: str) -> bool:
    head = text[:1000].upper()
    return "OFXHEADER" in head or "<OFX>" in head


def read_ofx(text: str, file: str) -> list[Statement]:
    """Every account's statement in a file.

    Raises:
        StatementFault: an account, a day or an amount is missing or none, or the file is cut off.
    """
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise StatementFault(f"{file}: it has a DOCTYPE, which no bank sends: refused")
    text = _without_cdata(text)
    found: list[Statement] = []
    begun = False  # a statement that has not ended yet
    about: dict[str, str] = {}  # of the statement: CURDEF, ACCTID, DTEND ..
    lines: list[dict[str, str]] = []
    line: dict[str, str] | None = None
    converted = False  # inside of what tells of the currency before
    for closing, name, value in _TAG.findall(text):
        name, value = name.upper(), html.unescape(value.strip())
        if name in ("STMTRS", "CCSTMTRS"):
            if closing:
                found.append(_statement(about, lines, file))
            begun = not closing
            about, lines, line = {}, [], None
        elif name == "STMTTRN":
            if not closing:
                line = {}
                lines.append(line)
            else:
                line = None
        elif name == "ORIGCURRENCY":  # OFX 2.2, 5.2: the amount was converted, and is not in this currency
            converted = not closing
        elif not closing and value and not converted:
            (about if line is None else line).setdefault(name, value)
    if begun or "</OFX>" not in text.upper():
        raise StatementFault(f"{file}: it is cut off: what begins in it does not end")
    if not found:
        raise StatementFault(f"{file}: no <STMTRS> in it: no statement of an account")
    return found


def _without_cdata(text: str) -> str:
    first, *others = text.split("<![CDATA[")
    pieces = [first]
    for other in others:
        inside, _, behind = other.partition("]]>")
        pieces += (html.escape(inside), behind)
    return "".join(pieces)


def _statement(about: dict[str, str], lines: list[dict[str, str]], file: str) -> Statement:
    account, currency = about.get("ACCTID", ""), about.get("CURDEF", "")
    if not account or not currency:
        raise StatementFault(f"{file}: <ACCTID> or <CURDEF> is missing")
    ids = Ids(account)
    entries = tuple(_entry(line, account, currency, ids, file) for line in lines)
    until = _day(about.get("DTEND") or about.get("DTASOF") or "", file)
    return Statement(
        file=file, id=f"{account} {until}", account=account, currency=currency, until=until, entries=entries
    )


def _entry(line: dict[str, str], account: str, currency: str, ids: Ids, file: str) -> BankEntry:
    written = line.get("TRNAMT", "")
    if not _AMOUNT.fullmatch(written):
        raise StatementFault(f"{file}: {written[:40]!r} is no amount (<TRNAMT>)")
    amount = Decimal(written.replace(",", "."))
    flow = Flow.IN if amount > 0 else Flow.OUT
    day, currency = _day(line.get("DTPOSTED", ""), file), line.get("CURSYM", currency)
    name, text = line.get("NAME", ""), line.get("MEMO", "")
    references = tuple(line[key] for key in ("REFNUM", "CHECKNUM") if line.get(key))
    id_ = ids.of(day, abs(amount), currency, flow, reference=line.get("FITID", ""), words=f"{name} {text}")
    return BankEntry(
        id=id_, account=account, booked_on=day, amount=abs(amount), currency=currency, flow=flow, name=name, text=text,
        references=references,
    )  # fmt: skip


def _day(text: str, file: str) -> date:
    found = _DAY.match(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else date.fromisoformat(text)
    except ValueError:
        raise StatementFault(f"{file}: {text!r} is no day: 20261103") from None
