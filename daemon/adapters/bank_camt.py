"""CAMT.053 and CAMT.054 (and .052): ISO 20022 statements and notifications, in any version that banks send.

Read entry by entry, so that a year's file needs no more memory than a day's.  A bank’s XML is a stranger’s, too: a
DOCTYPE is refused, and with it entities and what they could fetch or swell to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from lxml import etree

from daemon.adapters.bank_ids import Ids
from daemon.domain.bank import BankEntry, Flow, Statement, StatementFault

_NAMESPACE = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05([234])\.001\.(\d\d)")
_STATEMENTS = ("Stmt", "Ntfctn", "Rpt")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{0,5})?", re.ASCII)  # 18 digits, 5 of them behind the point
_BOOKED = "BOOK"
_HEAD = 4096  # octets in which a DOCTYPE stands, or nowhere

Element = Any  # lxml publishes no types


def is_camt(content: bytes) -> bool:
    return _NAMESPACE.search(content[:_HEAD]) is not None


def read_camt(content: bytes, file: str) -> list[Statement]:
    """Every statement in a file.

    Raises:
        StatementFault: it is no well-formed CAMT, or has a DOCTYPE.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise StatementFault(f"{file}: it has a DOCTYPE, which no bank sends: refused")
    found = _NAMESPACE.search(content[:_HEAD])
    if found is None:
        raise StatementFault(f"{file}: no camt.052, .053 or .054 of ISO 20022")
    return _Reader(f"{{{found[0].decode()}}}", file).read(content)


class _Reader:
    def __init__(self, space: str, file: str) -> None:
        self._space, self._file = space, file
        self._cut = len(space)

    def read(self, content: bytes) -> list[Statement]:
        tags = [self._space + name for name in ("Ntry", *_STATEMENTS)]
        entry_tag = tags[0]
        events = etree.iterparse(
            BytesIO(content), events=("end",), tag=tags, resolve_entities=False, no_network=True, load_dtd=False,
            huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        statements: list[Statement] = []
        booked: _Booked | None = None
        try:
            for _, element in events:
                if element.tag == entry_tag:
                    if booked is None:
                        booked = self._head(element.getparent())
                    booked.entries.extend(self._entries(element, booked))
                    element.clear()
                else:
                    booked = booked or self._head(element)
                    statements.append(booked.statement(self._file))
                    booked = None
                    element.clear()
        except etree.XMLSyntaxError as error:
            raise StatementFault(
                f"{self._file}:{error.lineno or 0}: this is no XML: {error.msg or 'cut off'}"
            ) from None
        if events.root is not None and events.root.getroottree().docinfo.doctype:  # in UTF-16, whose octets are others
            raise StatementFault(f"{self._file}: it has a DOCTYPE, which no bank sends: refused")
        return statements

    def _children(self, element: Element) -> dict[str, Element]:
        """The first child of each name."""
        cut, found = self._cut, dict[str, Element]()
        for child in element:
            found.setdefault(child.tag[cut:], child)
        return found

    def _text(self, element: Element | None, path: str) -> str:
        """The text at a path of names, "" where it is not."""
        for name in path.split("/"):
            if element is None:
                return ""
            element = element.find(self._space + name)
        return (element.text or "").strip() if element is not None else ""

    def _head(self, statement: Element) -> _Booked:
        account = self._text(statement, "Acct/Id/IBAN") or self._text(statement, "Acct/Id/Othr/Id")
        if not account:
            raise self._wrong(statement, "the statement names no account")
        until = self._until(statement)
        id_ = self._text(statement, "Id") or f"{account} {until}"
        return _Booked(account, id_, self._text(statement, "Acct/Ccy"), until)

    def _until(self, statement: Element) -> date | None:
        """The last whole day of its period, else the day of the closing balance, or when it was made."""
        first, last = self._text(statement, "FrToDt/FrDtTm"), self._text(statement, "FrToDt/ToDtTm")
        if last:
            day = self._day(last, statement)
            return day - timedelta(days=1) if "T00:00:00" in last and first[:10] < last[:10] else day
        days = []
        for balance in statement.iterfind(self._space + "Bal"):
            if self._text(balance, "Tp/CdOrPrtry/Cd") in ("CLBD", "CLAV", "ITBD"):
                written = self._text(balance, "Dt/Dt") or self._text(balance, "Dt/DtTm")
                days += [self._day(written, balance)] if written else []
        return max(days, default=None)

    # -- entries ------------------------------------------------------------------------------------------------

    def _entries(self, entry: Element, booked: _Booked) -> Iterator[BankEntry]:
        got = self._children(entry)
        status = got.get("Sts")
        if status is not None and (self._text(status, "Cd") or (status.text or "").strip()) != _BOOKED:
            return  # expected, or for information: no money yet
        amount, currency = self._money(got.get("Amt"), entry)
        written = self._text(got.get("BookgDt"), "Dt") or self._text(got.get("BookgDt"), "DtTm")
        written = written or self._text(got.get("ValDt"), "Dt") or self._text(got.get("ValDt"), "DtTm")
        if not written:
            raise self._wrong(entry, "an entry without a day")
        day = self._day(written, entry)
        is_credit = _of(got.get("CdtDbtInd")) == "CRDT"
        is_reversal = _of(got.get("RvslInd")) in ("true", "1")
        reference, plain = _of(got.get("AcctSvcrRef")), _of(got.get("AddtlNtryInf"))
        details = got.get("NtryDtls")
        transactions = list(entry.iterfind(f"{self._space}NtryDtls/{self._space}TxDtls")) if details is not None else []
        collective = not transactions and int(self._text(details, "Btch/NbOfTxs") or 0) > 1
        parts: list[tuple[Decimal, Element | None]] = [(amount, transactions[0] if transactions else None)]
        if len(transactions) > 1:
            told = [self._part_amount(transaction, currency) for transaction in transactions]
            if None in told or sum(one for one in told if one is not None) != amount:
                collective, parts = True, [(amount, None)]
            else:
                parts = [(one, its) for one, its in zip(told, transactions, strict=True) if one is not None]
        for place, (part, transaction) in enumerate(parts, start=1):
            told_of = self._transaction(transaction) if transaction is not None else _NOTHING_TOLD
            name, iban, text, references, returned = told_of
            text = text or plain
            flow = _flow(is_credit=is_credit, undone=is_reversal or returned)
            id_ = booked.ids.of(
                day, part, currency, flow, reference=reference, words=f"{name} {text} {references}",
                part=place if len(parts) > 1 else 0,
            )  # fmt: skip
            yield BankEntry(
                id=id_, account=booked.account, booked_on=day, amount=part, currency=currency, flow=flow, name=name,
                iban=iban, text=text, references=references, collective=collective,
            )  # fmt: skip

    def _transaction(self, transaction: Element) -> tuple[str, str, str, tuple[str, ...], bool]:
        """Who paid, from where, their words, their references, and whether it was returned."""
        got = self._children(transaction)
        name = iban = text = ""
        references: list[str] = []
        parties = got.get("RltdPties")
        if parties is not None:
            near = self._children(parties)
            for role in ("Dbtr", "UltmtDbtr"):
                if not name and role in near:
                    name = self._text(near[role], "Nm") or self._text(near[role], "Pty/Nm")
            if "DbtrAcct" in near:
                iban = self._text(near["DbtrAcct"], "Id/IBAN")
        remittance = got.get("RmtInf")
        if remittance is not None:
            lines = []
            for one in remittance:
                name_of = one.tag[self._cut :]
                if name_of == "Ustrd":
                    lines.append((one.text or "").strip())
                elif name_of == "Strd":
                    references += filter(None, (self._text(one, "CdtrRefInf/Ref"), self._text(one, "RfrdDocInf/Nb")))
                    lines += [(more.text or "").strip() for more in one.iterfind(self._space + "AddtlRmtInf")]
            text = " ".join(lines)
        given = self._text(got.get("Refs"), "EndToEndId")
        if given and given.upper() != "NOTPROVIDED":
            references.append(given)
        return name, iban, text or _of(got.get("AddtlTxInf")), tuple(references), "RtrInf" in got

    def _part_amount(self, transaction: Element, currency: str) -> Decimal | None:
        for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt")):
            found = transaction.find("/".join(self._space + name for name in path))
            if found is not None and found.get("Ccy") == currency:
                return self._money(found, transaction)[0]
        return None

    def _money(self, element: Element | None, where: Element) -> tuple[Decimal, str]:
        written = _of(element)
        currency = element.get("Ccy", "") if element is not None else ""
        if not currency or not _AMOUNT.fullmatch(written):
            raise self._wrong(where, f"{written[:40]!r} {currency} is no amount")
        return Decimal(written), currency

    def _day(self, text: str, where: Element) -> date:
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise self._wrong(where, f"{text!r} is no day") from None

    def _wrong(self, where: Element, what: str) -> StatementFault:
        return StatementFault(f"{self._file}:{where.sourceline or 0}: {what}")


_NOTHING_TOLD: tuple[str, str, str, tuple[str, ...], bool] = ("", "", "", (), False)


class _Booked:
    """One statement while it is read."""

    def __init__(self, account: str, id_: str, currency: str, until: date | None) -> None:
        self.account, self._id, self._currency, self._until = account, id_, currency, until
        self.ids = Ids(account)
        self.entries: list[BankEntry] = []

    def statement(self, file: str) -> Statement:
        until = self._until or max((entry.booked_on for entry in self.entries), default=date.min)
        currency = self._currency or next((entry.currency for entry in self.entries), "")
        return Statement(
            file=file, id=self._id, account=self.account, currency=currency, until=until, entries=tuple(self.entries)
        )


def _flow(*, is_credit: bool, undone: bool) -> Flow:
    """A credit that undoes something is our own payment coming back: nobody has paid."""
    if is_credit:
        return Flow.OUT if undone else Flow.IN
    return Flow.BACK if undone else Flow.OUT


def _of(element: Element | None) -> str:
    return (element.text or "").strip() if element is not None else ""
