"""UN/CEFACT Cross Industry Invoice D16B/D22B, as EN 16931 and Factur-X / ZUGFeRD 2 use it.

Source: EN 16931-1 (BT-), CEN/TS 16931-3-3 (where CII has them), Factur-X 1.0 (profile EXTENDED: parts, BT-X).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from daemon.adapters.import_ubl import CREDIT_TYPES, NO_CLAIMS, method_of, notes_on, without_codes
from daemon.adapters.import_units import UNITS
from daemon.adapters.import_xml import Unreadable, amount, find, iso_day, needed, number, number_of, words
from daemon.domain.books.invoice import Instalment, Line, Method
from daemon.domain.incoming.incoming import NOBODY, Form, Incoming, Party

_RSM = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}"
INVOICE = f"{_RSM}CrossIndustryInvoice"
OLD_INVOICE = "CrossIndustryDocument"  # ZUGFeRD 1, of 2014
R = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
_DATE = "{urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100}DateTimeString"
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})", re.ASCII)  # UNTDID 2379, code 102

_TERMS = f"{R}SpecifiedTradePaymentTerms"
_DUE = f"{R}DueDateDateTime/{_DATE}"
_MEANS = f"{R}SpecifiedTradeSettlementPaymentMeans"
_IBAN = f"{R}PayeePartyCreditorFinancialAccount/{R}IBANID"


def read_cii(root: Element, file: str, form: Form = Form.CII) -> Incoming:
    """Read one document.

    Raises:
        Unreadable: what a follow-up needs is missing or wrong in it.
    """
    head = find(root, f"{_RSM}ExchangedDocument", "rsm:ExchangedDocument")
    trade = find(root, f"{_RSM}SupplyChainTradeTransaction", "rsm:SupplyChainTradeTransaction")
    agreed = find(trade, f"{R}ApplicableHeaderTradeAgreement", "ram:ApplicableHeaderTradeAgreement")
    settled = find(trade, f"{R}ApplicableHeaderTradeSettlement", "ram:ApplicableHeaderTradeSettlement")
    kind = words(head, f"{R}TypeCode")
    if kind in NO_CLAIMS:
        raise Unreadable(f"type {kind} is {NO_CLAIMS[kind]}: nothing is owed by it", head, "ram:TypeCode (BT-3)")
    currency = needed(settled, f"{R}InvoiceCurrencyCode", "ram:InvoiceCurrencyCode (BT-5)")
    total, payable = _sums(settled, currency)
    credit = kind in CREDIT_TYPES
    if total < 0 and not credit:
        credit, total = True, -total
    due, instalments = _due(settled.findall(_TERMS), currency)
    against = [text for at in settled.iterfind(f"{R}InvoiceReferencedDocument/{R}IssuerAssignedID")
               if (text := (at.text or "").strip())]  # fmt: skip
    means = settled.findall(_MEANS)
    return Incoming(
        form=form,
        file=file,
        line=0 if form is Form.FACTUR_X else 1,
        number=needed(head, f"{R}ID", "ram:ID (BT-1)"),
        issued_on=_day(find(head, f"{R}IssueDateTime/{_DATE}", "ram:IssueDateTime (BT-2)"), "ram:IssueDateTime (BT-2)"),
        total=total,
        currency=currency,
        payable=None if credit or payable == total else payable,
        due_on=None if credit else due,
        instalments=() if credit else instalments,
        seller=_party(agreed.find(f"{R}SellerTradeParty")),
        buyer=_party(agreed.find(f"{R}BuyerTradeParty")),
        lines=tuple(
            line for row in trade.iterfind(f"{R}IncludedSupplyChainTradeLineItem") if (line := _line(row)) is not None
        ),
        credit=credit,
        against=against[0] if credit and against else "",
        reference=words(settled, f"{R}PaymentReference"),
        terms=without_codes("\n".join(words(one, f"{R}Description") for one in settled.iterfind(_TERMS))),
        method=Method.TRANSFER if credit else method_of({words(one, f"{R}TypeCode") for one in means}),
        ibans=tuple(dict.fromkeys(found for one in means if (found := words(one, _IBAN)))),
        notes=notes_on(credit, kind, against),
    )


def _sums(settled: Element, currency: str) -> tuple[Decimal, Decimal]:
    """The total with tax, and what is due of it."""
    path = f"{R}SpecifiedTradeSettlementHeaderMonetarySummation"
    sums = find(settled, path, "ram:SpecifiedTradeSettlementHeaderMonetarySummation (BG-22)")
    payable = amount(currency, sums, f"{R}DuePayableAmount", "ram:DuePayableAmount (BT-115)")
    total = amount(currency, sums, f"{R}GrandTotalAmount", "ram:GrandTotalAmount (BT-112)")
    if payable is None:
        raise Unreadable("is missing", sums, "ram:DuePayableAmount (BT-115)")
    return (payable if total is None else total), payable


def _day(at: Element, what: str) -> date:
    text = (at.text or "").strip()
    found = _COMPACT.fullmatch(text)
    return iso_day("-".join(found.groups()) if found else text, at, what)


def _due(terms: list[Element], currency: str) -> tuple[date | None, tuple[Instalment, ...]]:
    """The day of the terms; of several, each with an amount, the parts (EXTENDED), else the latest day."""
    days, parts = [], []
    for one in terms:
        at = one.find(_DUE)
        if at is None:
            continue
        due = _day(at, "ram:DueDateDateTime (BT-9)")
        days.append(due)
        part = amount(currency, one, f"{R}PartialPaymentAmount", "ram:PartialPaymentAmount (BT-X-275)")
        if part is not None:
            parts.append(Instalment(due_on=due, amount=part))
    if len(parts) > 1 and len(parts) == len(days):
        return None, tuple(parts)
    return (max(days) if days else None), ()


def _party(party: Element | None) -> Party:
    if party is None:
        return NOBODY
    email = person = phone = address = country = ""
    contact, at = party.find(f"{R}DefinedTradeContact"), party.find(f"{R}PostalTradeAddress")
    if contact is not None:
        email = words(contact, f"{R}EmailURIUniversalCommunication/{R}URIID")
        person = words(contact, f"{R}PersonName") or words(contact, f"{R}DepartmentName")
        phone = words(contact, f"{R}TelephoneUniversalCommunication/{R}CompleteNumber")
    if not email:
        uri = party.find(f"{R}URIUniversalCommunication/{R}URIID")
        if uri is not None and uri.get("schemeID") == "EM":  # an e-mail address, of the list EAS
            email = (uri.text or "").strip()
    if at is not None:
        country = words(at, f"{R}CountryID")
        place = " ".join(filter(None, (words(at, f"{R}PostcodeCode"), words(at, f"{R}CityName"))))
        rows = [words(at, f"{R}{name}") for name in ("LineOne", "LineTwo", "LineThree")]
        address = "\n".join(filter(None, (*rows, place)))
    known = {one.get("schemeID"): (one.text or "").strip()
             for one in party.iterfind(f"{R}SpecifiedTaxRegistration/{R}ID")}  # fmt: skip
    ids = (known.get("VA", ""), known.get("FC", ""))  # the VAT number, the tax office's
    return Party(
        name=words(party, f"{R}Name"),
        tax_ids=tuple(dict.fromkeys(filter(None, ids))),
        email=email,
        contact=person,
        phone=phone,
        address=address,
        country=country,
    )


def _line(row: Element) -> Line | None:
    what = words(row, f"{R}SpecifiedTradeProduct/{R}Name")
    if not what:
        return None
    quantity = row.find(f"{R}SpecifiedLineTradeDelivery/{R}BilledQuantity")
    priced = row.find(f"{R}SpecifiedLineTradeAgreement/{R}NetPriceProductTradePrice")
    price = base = None
    if priced is not None:
        price = number(priced, f"{R}ChargeAmount", "ram:ChargeAmount (BT-146)")
        base = number(priced, f"{R}BasisQuantity", "ram:BasisQuantity (BT-149)")
    vat = f"{R}SpecifiedLineTradeSettlement/{R}ApplicableTradeTax/{R}RateApplicablePercent"
    text = (quantity.text or "").strip() if quantity is not None else ""
    return Line(
        what=what,
        quantity=number_of(text, quantity, "ram:BilledQuantity (BT-129)") if quantity is not None and text else None,
        unit=UNITS.get(quantity.get("unitCode", "")) if quantity is not None else None,
        price=price / base if price is not None and base else price,
        vat=number(row, vat, "ram:RateApplicablePercent (BT-152)"),
    )
