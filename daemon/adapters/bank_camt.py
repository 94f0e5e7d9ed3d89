"""CAMT.053 and CAMT.054 (and .052): ISO 20022 statements and notifications, in any version that banks send.

Read entry by entry, so that a year's file needs little more memory than a day's.  A bank's file, too, may be a
stranger's: a DOCTYPE is refused before anything is parsed, and with it entities and what they could fetch or swell to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import NamedTuple
from xml.etree.ElementTree import Element, ParseError, iterparse

from daemon.adapters.bank_ids import Ids
from daemon.adapters.xml_octets import doctype_line, without_zeros
from daemon.domain.books.bank_statement import BankEntry, Flow, Statement, StatementFault

_NAMESPACE = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:camt\.05[234]\.001\.\d\d")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{0,5})?", re.ASCII)  # 18 digits, 5 of them behind the point
_STATEMENTS = ("Stmt", "Ntfctn", "Rpt")
_INTERIM = "ITBD"
_CLOSING = ("CLBD", "CLAV", _INTERIM)
_ENDS_OF_DAY = ("", "23:59", "24:00")
_DAY = timedelta(days=1)
_BOOKED = "BOOK"
_HEAD = 4096  # octets in which the namespace stands, or nowhere


def is_camt(content: bytes) -> bool:
    return _NAMESPACE.search(without_zeros(content[:_HEAD])) is not None


def read_camt(content: bytes, file: str) -> list[Statement]:
    """Every statement in a file.

    Raises:
        StatementFault: it is no well-formed CAMT, or has a DOCTYPE.
    """
    plain = without_zeros(content)
    if (line := doctype_line(plain)) is not None:
        raise StatementFault(f"{file}:{line}: it has a DOCTYPE, which no bank sends: refused")
    kinds = set(_NAMESPACE.findall(plain))
    if not kinds:
        raise StatementFault(f"{file}: no camt.052, .053 or .054 of ISO 20022")
    if len(kinds) > 1:  # one of them would be passed over in silence
        raise StatementFault(f"{file}: documents of several kinds are joined in it: make a file of each")
    return _Reader(f"{{{kinds.pop().decode()}}}", file).read(content)


class _Payer(NamedTuple):
    """What a transaction says of who paid, and why."""

    name: str = ""
    iban: str = ""
    text: str = ""
    references: tuple[str, ...] = ()
    returned: bool = False


class _Row(NamedTuple):
    """One payment, before the account is known: that stands above the entries, and is looked at behind them."""

    booked_on: date
    amount: Decimal
    currency: str
    flow: Flow
    payer: _Payer
    reference: str
    part: int
    collective: bool


class _Reader:
    def __init__(self, space: str, file: str) -> None:
        self._space, self._file = space, file
        self._paths: dict[str, tuple[str, ...]] = {}
        self._days: dict[str, date] = {}
        self._read = 0  # entries of this statement, to say where something is wrong

    def read(self, content: bytes) -> list[Statement]:
        entry_tag, ends = self._space + "Ntry", frozenset(self._space + name for name in _STATEMENTS)
        statements: list[Statement] = []
        rows: list[_Row] = []
        try:
            for _, element in iterparse(BytesIO(content)):  # noqa: S314 - what it would fall for is refused above
                tag = element.tag
                if tag == entry_tag:
                    self._read += 1
                    rows.extend(self._rows(element))
                    element.clear()
                elif tag in ends:
                    statements.append(self._statement(element, rows))
                    element.clear()
                    rows, self._read = [], 0
        except ParseError as error:
            line = error.position[0]
            raise StatementFault(f"{self._file}:{line}: this is no XML: {str(error).partition(': line')[0]}") from None
        except (ValueError, LookupError) as error:  # an encoding that does not exist
            raise StatementFault(f"{self._file}: this is no XML: {error}") from None
        return statements

    def _statement(self, element: Element, rows: list[_Row]) -> Statement:
        account = self._text(element, "Acct/Id/IBAN") or self._text(element, "Acct/Id/Othr/Id")
        if not account:
            raise self._wrong("the statement names no account")
        ids = Ids(account)
        entries = tuple(
            BankEntry(
                id=ids.of(
                    row.booked_on, row.amount, row.currency, row.flow, reference=row.reference,
                    words=f"{row.payer.name} {row.payer.text} {row.payer.references}", part=row.part,
                ),
                account=account, booked_on=row.booked_on, amount=row.amount, currency=row.currency, flow=row.flow,
                name=row.payer.name, iban=row.payer.iban, text=row.payer.text, references=row.payer.references,
                collective=row.collective,
            )
            for row in rows
        )  # fmt: skip
        until = self._until(element) or max((row.booked_on for row in rows), default=date.min)
        currency = self._text(element, "Acct/Ccy") or next((row.currency for row in rows), "")
        id_ = self._text(element, "Id") or f"{account} {until}"
        return Statement(file=self._file, id=id_, account=account, currency=currency, until=until, entries=entries)

    def _until(self, statement: Element) -> date | None:
        """The last whole day of its period, else the day of the closing balance.

        A camt.052 tells of a day that is still going on, unless its period ends with the day: it came before the rest.
        """
        first, last = self._text(statement, "FrToDt/FrDtTm"), self._text(statement, "FrToDt/ToDtTm")
        within_day = statement.tag == self._space + "Rpt"
        if last:
            day, time = self._day(last), last[11:16]
            before = time not in _ENDS_OF_DAY if within_day else time == "00:00" and first[:10] < last[:10]
            return day - _DAY if before else day
        days = []
        for balance in statement.iterfind(self._space + "Bal"):
            kind = self._text(balance, "Tp/CdOrPrtry/Cd")
            written = self._text(balance, "Dt/Dt") or self._text(balance, "Dt/DtTm")
            if kind in _CLOSING and written:
                days.append(self._day(written) - (_DAY if within_day and kind == _INTERIM else timedelta()))
        return max(days, default=None)

    # -- entries ------------------------------------------------------------------------------------------------

    def _rows(self, entry: Element) -> Iterator[_Row]:
        got = self._children(entry)
        status = got.get("Sts")
        if status is not None and (self._text(status, "Cd") or _of(status)) != _BOOKED:
            return  # expected, or for information: no money yet
        amount, currency = self._money(got.get("Amt"))
        day = self._booked_on(entry)
        is_credit = _of(got.get("CdtDbtInd")) == "CRDT"
        is_reversal = _of(got.get("RvslInd")) in ("true", "1")
        reference = _of(got.get("AcctSvcrRef"))
        details = got.get("NtryDtls")
        transactions = self._transactions(entry) if details is not None else []
        several = len(transactions) > 1
        collective = details is not None and not transactions and self._text(details, "Btch/NbOfTxs") not in ("", "1")
        told = [self._part_amount(transaction, currency) for transaction in transactions] if several else [amount]
        if None in told or (several and sum(one for one in told if one is not None) != amount):
            told, transactions, several, collective = [amount], [], False, True
        for place, part in enumerate(told):
            payer = self._payer(transactions[place]) if transactions else _NOBODY
            if not payer.text and "AddtlNtryInf" in got:
                payer = payer._replace(text=_of(got["AddtlNtryInf"]))
            flow = _flow(is_credit=is_credit, undone=is_reversal or payer.returned)
            number = place + 1 if several else 0
            own = self._text(transactions[place], "Refs/AcctSvcrRef") if transactions and not reference else reference
            yield _Row(day, part or amount, currency, flow, payer, own, number, collective)

    def _transactions(self, entry: Element) -> list[Element]:
        name = self._space + "TxDtls"
        return [one for details in entry.iterfind(self._space + "NtryDtls") for one in details.iterfind(name)]

    def _booked_on(self, entry: Element) -> date:
        for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
            if written := self._text(entry, path):
                return self._day(written)
        raise self._wrong("it has no day")

    def _payer(self, transaction: Element) -> _Payer:
        got = self._children(transaction)
        name = iban = text = ""
        references: list[str] = []
        if "RltdPties" in got:
            parties = got["RltdPties"]
            for role in ("Dbtr/Nm", "Dbtr/Pty/Nm", "UltmtDbtr/Nm", "UltmtDbtr/Pty/Nm"):
                if name := self._text(parties, role):
                    break
            iban = self._text(parties, "DbtrAcct/Id/IBAN")
        if "RmtInf" in got:
            lines, space = [], self._space
            for one in got["RmtInf"]:
                if one.tag == space + "Ustrd":
                    lines.append(_of(one))
                else:
                    references += filter(None, (self._text(one, "CdtrRefInf/Ref"), self._text(one, "RfrdDocInf/Nb")))
                    lines += [_of(more) for more in one.iterfind(space + "AddtlRmtInf")]
            text = " ".join(lines)
        given = self._text(got["Refs"], "EndToEndId") if "Refs" in got else ""
        if given and given.upper() != "NOTPROVIDED":
            references.append(given)
        return _Payer(name, iban, text or _of(got.get("AddtlTxInf")), tuple(references), "RtrInf" in got)

    def _part_amount(self, transaction: Element, currency: str) -> Decimal | None:
        for path in ("Amt", "AmtDtls/TxAmt/Amt"):
            found = self._at(transaction, path)
            if found is not None and found.get("Ccy") == currency:
                return self._money(found)[0]
        return None

    # -- values -------------------------------------------------------------------------------------------------

    def _children(self, element: Element) -> dict[str, Element]:
        """By name, of several the last; all that repeats is looked up otherwise."""
        cut = len(self._space)
        return {child.tag[cut:]: child for child in element}

    def _at(self, element: Element, path: str) -> Element | None:
        names = self._paths.get(path)
        if names is None:
            names = self._paths[path] = tuple(self._space + name for name in path.split("/"))
        found: Element | None = element
        for name in names:
            found = found.find(name) if found is not None else None
        return found

    def _text(self, element: Element, path: str) -> str:
        """The text at a path of names, "" where it is not."""
        found = self._at(element, path)
        return found.text.strip() if found is not None and found.text else ""

    def _money(self, element: Element | None) -> tuple[Decimal, str]:
        written = _of(element)
        currency = element.get("Ccy", "") if element is not None else ""
        if not currency or not _AMOUNT.fullmatch(written):
            raise self._wrong(f"{written[:40]!r} {currency} is no amount")
        return Decimal(written), currency

    def _day(self, text: str) -> date:
        day = self._days.get(text)
        if day is None:
            try:
                day = self._days[text] = date.fromisoformat(text[:10])
            except ValueError:
                raise self._wrong(f"{text[:40]!r} is no day") from None
        return day

    def _wrong(self, what: str) -> StatementFault:
        where = f"entry {self._read}: " if self._read else ""
        return StatementFault(f"{self._file}: {where}{what}")


_NOBODY = _Payer()


def _of(element: Element | None) -> str:
    return element.text.strip() if element is not None and element.text else ""


def _flow(*, is_credit: bool, undone: bool) -> Flow:
    """A credit that undoes something is our own payment coming back: nobody has paid."""
    if is_credit:
        return Flow.OUT if undone else Flow.IN
    return Flow.BACK if undone else Flow.OUT
