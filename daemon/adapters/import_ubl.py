"""UBL 2.1 Invoice and CreditNote, as EN 16931 uses them (Peppol BIS 3, XRechnung) and as UBL itself allows.

Source: EN 16931-1 (the business terms, BT-), CEN/TS 16931-3-2 (where UBL has them), OASIS UBL 2.1.
"""

from __future__ import annotations

import re
from datetime import date
from xml.etree.ElementTree import Element

from daemon.adapters.import_units import UNITS
from daemon.adapters.import_xml import Unreadable, amount, day_at, find, iso_day, needed, number, number_of, words
from daemon.domain.books.invoice import Instalment, Line, Method
from daemon.domain.incoming.incoming import NOBODY, Form, Incoming, Party

INVOICE = "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice"
CREDIT_NOTE = "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote"
B = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
A = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"

CREDIT_TYPES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})  # UNTDID 1001
NO_CLAIMS = {"325": "a pro forma invoice", "310": "an offer"}
DEBITS = frozenset({"49", "59"})  # UNTDID 4461: direct debit, SEPA direct debit
CORRECTIONS = frozenset({"383", "384"})  # a debit note, a corrected invoice
_DISCOUNT = re.compile(r"#(?:SKONTO|VERZUG)#[^\n]*")  # XRechnung BR-DE-18: written for machines

_ID, _NAME, _NOTE = f"{B}ID", f"{B}Name", f"{B}Note"
_PARTY, _ADDRESS, _CONTACT, _ENDPOINT = f"{A}Party", f"{A}PostalAddress", f"{A}Contact", f"{B}EndpointID"
_MAIL, _PHONE, _COUNTRY = f"{B}ElectronicMail", f"{B}Telephone", f"{A}Country/{B}IdentificationCode"
_LEGAL, _LEGAL_NAME, _COMPANY_ID = f"{A}PartyLegalEntity", f"{B}RegistrationName", f"{B}CompanyID"
_TAX, _TRADE_NAME, _MORE_ADDRESS = f"{A}PartyTaxScheme", f"{A}PartyName/{_NAME}", f"{A}AddressLine/{B}Line"
# a path of one name is looked up in C, one of several in Python; both are made once
_ITEM, _PRICE, _LINE_TAX, _PERCENT = f"{A}Item", f"{A}Price", f"{A}ClassifiedTaxCategory", f"{B}Percent"
_DESCRIPTION, _PRICE_AMOUNT, _BASE_QUANTITY = f"{B}Description", f"{B}PriceAmount", f"{B}BaseQuantity"
_INVOICED, _CREDITED = f"{B}InvoicedQuantity", f"{B}CreditedQuantity"
_IDENTIFIED = f"{A}PartyIdentification/{_ID}"
_TURKISH = frozenset({"VKN", "TCKN"})  # tax number and identity number of UBL-TR; other schemes number customers
_IBAN, _DUE = f"{A}PayeeFinancialAccount/{_ID}", f"{B}PaymentDueDate"


def read_ubl(root: Element, file: str) -> Incoming:
    """Read one document.

    Raises:
        Unreadable: what a follow-up needs is missing or wrong in it.
    """
    credit = root.tag == CREDIT_NOTE
    kind = words(root, f"{B}CreditNoteTypeCode" if credit else f"{B}InvoiceTypeCode")
    if kind in NO_CLAIMS:
        raise Unreadable(f"type {kind} is {NO_CLAIMS[kind]}: nothing is owed by it", root, "cbc:InvoiceTypeCode (BT-3)")
    currency = needed(root, f"{B}DocumentCurrencyCode", "cbc:DocumentCurrencyCode (BT-5)")
    sums = find(root, f"{A}LegalMonetaryTotal", "cac:LegalMonetaryTotal (BG-22)")
    payable = amount(currency, sums, f"{B}PayableAmount", "cbc:PayableAmount (BT-115)")
    if payable is None:
        raise Unreadable("is missing", sums, "cbc:PayableAmount (BT-115)")
    total = amount(currency, sums, f"{B}TaxInclusiveAmount", "cbc:TaxInclusiveAmount (BT-112)")
    total = payable if total is None else total
    credit = credit or kind in CREDIT_TYPES
    if total < 0 and not credit:  # a correction that is written as an invoice below zero (Peppol BIS 3, 6.2)
        credit, total = True, -total
    means, terms = root.findall(f"{A}PaymentMeans"), root.findall(f"{A}PaymentTerms")
    against = [text for at in root.iterfind(f"{A}BillingReference/{A}InvoiceDocumentReference/{_ID}")
               if (text := (at.text or "").strip())]  # fmt: skip
    return Incoming(
        form=Form.UBL,
        file=file,
        line=1,
        number=needed(root, _ID, "cbc:ID (BT-1)"),
        issued_on=_issued(root),
        total=total,
        currency=currency,
        payable=None if credit or payable == total else payable,
        due_on=None if credit else day_at(root, f"{B}DueDate", "cbc:DueDate (BT-9)") or _due_elsewhere(means, terms),
        instalments=() if credit else _instalments(terms, currency),
        seller=_party(root.find(f"{A}AccountingSupplierParty")),
        buyer=_party(root.find(f"{A}AccountingCustomerParty")),
        lines=_lines(root, "CreditNoteLine" if root.tag == CREDIT_NOTE else "InvoiceLine"),
        credit=credit,
        against=against[0] if credit and against else "",
        reference=next((found for one in means if (found := words(one, f"{B}PaymentID"))), ""),
        terms=without_codes("\n".join(words(one, _NOTE) for one in terms)),
        method=Method.TRANSFER if credit else method_of({words(one, f"{B}PaymentMeansCode") for one in means}),
        ibans=tuple(dict.fromkeys(found for one in means if (found := words(one, _IBAN)))),
        notes=notes_on(credit, kind, against),
    )


def method_of(codes: set[str]) -> Method:
    """How the money comes, of the codes of UNTDID 4461; a transfer unless all say that it is debited."""
    return Method.SDD if codes and codes <= DEBITS else Method.TRANSFER


def without_codes(terms: str) -> str:
    """Terms of payment as people read them."""
    return _DISCOUNT.sub("", terms).strip()


def notes_on(credit: bool, kind: str, against: list[str]) -> tuple[str, ...]:
    """What the owner has to know of the invoices that a document names."""
    if credit and len(against) > 1:
        return (f"it corrects several invoices ({', '.join(against)}): only the first is taken over as `against`",)
    if not credit and against and kind in CORRECTIONS:
        return (f"it corrects {', '.join(against)}: is that one still owed?",)
    return ()


def _issued(root: Element) -> date:
    at = find(root, f"{B}IssueDate", "cbc:IssueDate (BT-2)")
    return iso_day((at.text or "").strip(), at, "cbc:IssueDate (BT-2)")


def _instalments(terms: list[Element], currency: str) -> tuple[Instalment, ...]:
    """Several terms, each with a day and an amount: paid in parts (UBL 2.1, PaymentTerms)."""
    if len(terms) < 2:
        return ()
    parts = []
    for one in terms:
        due, part = day_at(one, _DUE, "cbc:PaymentDueDate"), amount(currency, one, f"{B}Amount", "cbc:Amount")
        if due is None or part is None:
            return ()
        parts.append(Instalment(due_on=due, amount=part))
    return tuple(parts)


def _due_elsewhere(means: list[Element], terms: list[Element]) -> date | None:
    """Where a document has no DueDate of its own: the latest of its payment means, else of its terms."""
    for places in (means, terms):
        days = [found for one in places if (found := day_at(one, _DUE, "cbc:PaymentDueDate"))]
        if days:
            return max(days)
    return None


def _party(outer: Element | None) -> Party:
    party = outer.find(_PARTY) if outer is not None else None
    if party is None:
        return NOBODY
    email = name = country = address = person = phone = ""
    ids = [words(one, _COMPANY_ID) for one in party.findall(_TAX)]
    contact, legal, at = party.find(_CONTACT), party.find(_LEGAL), party.find(_ADDRESS)
    if contact is not None:
        email, person, phone = words(contact, _MAIL), words(contact, _NAME), words(contact, _PHONE)
    if not email:
        endpoint = party.find(_ENDPOINT)
        if endpoint is not None and endpoint.get("schemeID") == "EM":  # an e-mail address, of the list EAS
            email = (endpoint.text or "").strip()
    if legal is not None:
        name = words(legal, _LEGAL_NAME)
    ids += [(one.text or "").strip() for one in party.iterfind(_IDENTIFIED) if one.get("schemeID") in _TURKISH]
    if at is not None:
        address, country = _address(at), words(at, _COUNTRY)
    return Party(
        name=name or words(party, _TRADE_NAME) or _person(party.find(f"{A}Person")),
        tax_ids=tuple(dict.fromkeys(filter(None, ids))),
        email=email,
        contact=person,
        phone=phone,
        address=address,
        country=country,
    )


def _person(person: Element | None) -> str:
    """The name of a buyer who is no firm (UBL-TR)."""
    if person is None:
        return ""
    return " ".join(filter(None, (words(person, f"{B}FirstName"), words(person, f"{B}FamilyName"))))


def _address(at: Element) -> str:
    place = " ".join(filter(None, (words(at, f"{B}PostalZone"), words(at, f"{B}CityName"))))
    rows = (words(at, f"{B}StreetName"), words(at, f"{B}AdditionalStreetName"), words(at, _MORE_ADDRESS), place)
    return "\n".join(filter(None, rows))


def _lines(root: Element, tag: str) -> tuple[Line, ...]:
    counted = _CREDITED if tag == "CreditNoteLine" else _INVOICED
    return tuple(line for row in root.findall(A + tag) if (line := _line(row, counted)))


def _line(row: Element, counted: str) -> Line | None:
    item, priced, quantity = row.find(_ITEM), row.find(_PRICE), row.find(counted)
    what = item.findtext(_NAME) or item.findtext(_DESCRIPTION) if item is not None else None
    if item is None or not what or not what.strip():
        return None
    price = base = count = unit = None
    if priced is not None:
        price = number(priced, _PRICE_AMOUNT, "cbc:PriceAmount (BT-146)")
        base = number(priced, _BASE_QUANTITY, "cbc:BaseQuantity (BT-149)")
    if quantity is not None and quantity.text:
        count = number_of(quantity.text.strip(), quantity, "cbc:InvoicedQuantity (BT-129)")
        unit = UNITS.get(quantity.get("unitCode", ""))
    tax = item.find(_LINE_TAX)
    return Line(
        what=what,
        quantity=count,
        unit=unit,
        price=price / base if price is not None and base else price,
        vat=number(tax, _PERCENT, "cbc:Percent (BT-152)") if tax is not None else None,
    )
