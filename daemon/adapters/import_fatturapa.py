"""FatturaPA 1.2 (FPR12, FPA12): one file, one or many invoices of one seller to one buyer.

Source: Agenzia delle Entrate, "Specifiche tecniche relative alla fatturazione elettronica", tables of TipoDocumento,
ModalitaPagamento, TipoRitenuta; art. 17-ter DPR 633/72 (split payment).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from xml.etree.ElementTree import Element

from daemon.adapters.import_xml import Unreadable, amount, day_at, find, name_of, needed, number, words
from daemon.domain.books.invoice import Instalment, Line, Method
from daemon.domain.incoming.incoming import NOBODY, Form, Incoming, Party

INVOICE = "FatturaElettronica"  # the name without its namespace, which each version changed
SIMPLIFIED = "FatturaElettronicaSemplificata"
_CLAIMS = frozenset({"TD01", "TD02", "TD03", "TD05", "TD06", "TD24", "TD25", "TD26"})
_CREDIT = "TD04"
_RIBA = frozenset({"MP12"})
_DEBITS = frozenset({"MP09", "MP10", "MP11", "MP16", "MP17", "MP19", "MP20", "MP21"})  # RID, bank order, SEPA
_GENERAL = "DatiGenerali/DatiGeneraliDocumento"
_LONGEST_DAYS = 999  # of GiorniTerminiPagamento, as the schema has it
_ZERO = Decimal(0)


def bodies(root: Element) -> list[Element]:
    """The invoices of a file, at least one."""
    found = [child for child in root if name_of(child) == "FatturaElettronicaBody"]
    if not found:
        raise Unreadable("is missing", root, "FatturaElettronicaBody")
    return found


def read_body(root: Element, body: Element, file: str, line: int) -> Incoming:
    """Read one invoice of a file.

    Args:
        line: in which it begins.

    Raises:
        Unreadable: what a follow-up needs is missing or wrong in it, or it is none that somebody owes us.
    """
    head = find(root, "FatturaElettronicaHeader", "FatturaElettronicaHeader")
    general = find(body, _GENERAL, "DatiGeneraliDocumento")
    kind = needed(general, "TipoDocumento", "TipoDocumento")
    credit = kind == _CREDIT
    if not credit and kind not in _CLAIMS:
        said = f"{kind} is no invoice of yours that a client owes (TD16 to TD23, TD27, TD28: the buyer writes them)"
        raise Unreadable(said, general, "TipoDocumento")
    currency = needed(general, "Divisa", "Divisa")
    issued = day_at(general, "Data", "Data")
    if issued is None:
        raise Unreadable("is missing", general, "Data")
    total = _total(body, general, currency)
    if total < 0:
        raise Unreadable(f"{total} is less than zero: a credit note is a TD04, without a sign", general, _TOTAL)
    kept = _kept_back(body, general, currency)
    notes: list[str] = []
    parts, asked = ([], _ZERO) if credit else _parts(body, currency, issued, notes)
    buyer = _party(head.find("CessionarioCommittente"), words(head, "DatiTrasmissione/PECDestinatario"))
    reference = next((code for one in _details(body) if (code := words(one, "CodicePagamento"))), "")
    payable = _payable(total, kept, asked, notes)
    against = [text for one in body.iterfind("DatiGenerali/DatiFattureCollegate/IdDocumento")
               if (text := (one.text or "").strip())]  # fmt: skip
    if credit and len(against) > 1:
        notes.append(f"it corrects several invoices ({', '.join(against)}): only the first is taken over as `against`")
    return Incoming(
        form=Form.FATTURA_PA,
        file=file,
        line=line,
        number=needed(general, "Numero", "Numero"),
        issued_on=issued,
        total=total,
        currency=currency,
        payable=None if credit or payable == total else payable,
        due_on=None if credit or len(parts) != 1 else parts[0].due_on,
        instalments=tuple(parts) if len(parts) > 1 and not credit else (),
        seller=_party(head.find("CedentePrestatore"), ""),
        buyer=buyer,
        lines=tuple(made for row in body.iterfind("DatiBeniServizi/DettaglioLinee") if (made := _line(row))),
        credit=credit,
        against=against[0] if credit and against else "",
        reference=reference,
        method=Method.TRANSFER if credit else _method(body, notes),
        ibans=tuple(dict.fromkeys(found for one in _details(body) if (found := words(one, "IBAN")))),
        notes=tuple(notes),
    )


_TOTAL = "ImportoTotaleDocumento"


def _total(body: Element, general: Element, currency: str) -> Decimal:
    """The total as stated, else what the summary adds up to; it may be left out (2.1.1.9)."""
    stated = amount(currency, general, _TOTAL, _TOTAL)
    if stated is not None:
        return stated
    total = number(general, "Arrotondamento", "Arrotondamento") or _ZERO
    rows = body.findall("DatiBeniServizi/DatiRiepilogo")
    if not rows:
        raise Unreadable(f"is missing, and there is no DatiRiepilogo to add up: write {_TOTAL}", general, _TOTAL)
    for row in rows:
        for name in ("ImponibileImporto", "Imposta"):
            total += amount(currency, row, name, name) or _ZERO
    return total


def _kept_back(body: Element, general: Element, currency: str) -> tuple[Decimal, Decimal]:
    """What the client does not pay to us: tax withheld at source, and VAT under split payment."""
    withheld = sum(
        (
            amount(currency, one, "ImportoRitenuta", "ImportoRitenuta") or _ZERO
            for one in general.iterfind("DatiRitenuta")
        ),
        _ZERO,
    )
    split = sum(
        (
            amount(currency, row, "Imposta", "Imposta") or _ZERO
            for row in body.iterfind("DatiBeniServizi/DatiRiepilogo")
            if words(row, "EsigibilitaIVA") == "S"
        ),
        _ZERO,
    )
    return withheld, split


def _payable(total: Decimal, kept: tuple[Decimal, Decimal], asked: Decimal, notes: list[str]) -> Decimal:
    """What is owed: what the payment terms ask for, where they do, else the total without what is kept back."""
    reckoned = total - sum(kept)
    if not asked or asked == reckoned:
        return reckoned
    if asked == total:
        notes.append(f"{total} is asked for, although {sum(kept)} is withheld or split: is the whole total owed?")
    else:
        notes.append(f"the payments add up to {asked}, and the document leaves {reckoned} to pay: which is right?")
    return asked


def _details(body: Element) -> Iterator[Element]:
    return body.iterfind("DatiPagamento/DettaglioPagamento")


def _parts(body: Element, currency: str, issued: date, notes: list[str]) -> tuple[list[Instalment], Decimal]:
    """The payments by their days, those of one day as one, and their sum.  None where the only one has no day."""
    by_day: dict[date, Decimal] = {}
    payments, asked = list(_details(body)), _ZERO
    for one in payments:
        part = amount(currency, one, "ImportoPagamento", "ImportoPagamento")
        due = day_at(one, "DataScadenzaPagamento", "DataScadenzaPagamento") or _after(one, issued)
        if part is None:
            raise Unreadable("is missing", one, "ImportoPagamento")
        asked += part
        if due is None:
            if len(payments) == 1:
                break
            raise Unreadable("is missing, and no GiorniTerminiPagamento either", one, "DataScadenzaPagamento")
        if due < issued:
            notes.append(f"a payment is due on {due}, before the document of {issued}: it counts from there")
            due = issued
        by_day[due] = by_day.get(due, _ZERO) + part
    return [Instalment(due_on=due, amount=by_day[due]) for due in sorted(by_day)], asked


def _after(payment: Element, issued: date) -> date | None:
    """The day that the terms count: so many days from a date, which is the document's where none is written."""
    days = words(payment, "GiorniTerminiPagamento")
    start = day_at(payment, "DataRiferimentoTerminiPagamento", "DataRiferimentoTerminiPagamento")
    if not days:
        return None
    if not days.isascii() or not days.isdigit() or int(days[:4]) > _LONGEST_DAYS:
        raise Unreadable(f"`{days[:20]}` is no number of days", payment.find("GiorniTerminiPagamento"),
                         "GiorniTerminiPagamento")  # fmt: skip
    return (start or issued) + timedelta(days=int(days))


def _method(body: Element, notes: list[str]) -> Method:
    codes = {words(one, "ModalitaPagamento") for one in _details(body)}
    if codes and codes <= _RIBA:
        return Method.RIBA
    if codes and codes <= _DEBITS:
        return Method.SDD
    if codes & (_RIBA | _DEBITS):
        notes.append(f"it is paid in several ways ({', '.join(sorted(codes))}): taken for a transfer")
    return Method.TRANSFER


def _party(outer: Element | None, certified: str) -> Party:
    if outer is None:
        return NOBODY
    names, vat = outer.find("DatiAnagrafici/Anagrafica"), outer.find("DatiAnagrafici/IdFiscaleIVA")
    name = number_of_vat = ""
    if names is not None:
        person = " ".join(filter(None, (words(names, "Nome"), words(names, "Cognome"))))
        name = words(names, "Denominazione") or person
    if vat is not None:
        number_of_vat = words(vat, "IdPaese") + words(vat, "IdCodice")
    seat = outer.find("Sede")
    address = country = ""
    if seat is not None:
        street = " ".join(filter(None, (words(seat, "Indirizzo"), words(seat, "NumeroCivico"))))
        place = " ".join(filter(None, (words(seat, "CAP"), words(seat, "Comune"), words(seat, "Provincia"))))
        address, country = "\n".join(filter(None, (street, place))), words(seat, "Nazione")
    ids = (number_of_vat, words(outer, "DatiAnagrafici/CodiceFiscale"))
    return Party(
        name=name,
        tax_ids=tuple(dict.fromkeys(filter(None, ids))),
        email=words(outer, "Contatti/Email"),
        phone=words(outer, "Contatti/Telefono"),
        certified=certified,
        address=address,
        country=country,
    )


def _line(row: Element) -> Line | None:
    what = words(row, "Descrizione")
    if not what:
        return None
    quantity = number(row, "Quantita", "Quantita")
    return Line(
        what=what,
        quantity=quantity,
        unit=(words(row, "UnitaMisura") or None) if quantity is not None else None,
        price=number(row, "PrezzoUnitario", "PrezzoUnitario"),
        vat=number(row, "AliquotaIVA", "AliquotaIVA"),
    )
