"""The blocks that say how to pay, and what late payment costs by law or contract."""

from __future__ import annotations

from urllib.parse import quote

from daemon.mail import amounts
from daemon.mail.letter_case import Case
from daemon.mail.sheet import Element, Facts, Links, Paragraph, Picture, clean

_QR = "pay@sollecito"  # Content-ID; unique within a letter, which is all that RFC 2392 asks of one inside it
_QR_WIDTH = 168  # CSS pixels: 30 mm on a phone, and legible to a camera from a screen


def ways_to_pay(case: Case) -> tuple[Element, ...]:
    """Account, reference and links (S4, S22)."""
    ways = case.creditor.payment
    rows: list[tuple[str, str]] = []
    if ways.iban:
        rows += [(case.phrase("label_recipient"), clean(case.creditor.name))]
        rows += [(case.phrase("label_iban"), amounts.iban(clean(ways.iban)))]
    for name, value in (("bic", ways.bic), ("bank", ways.bank)):
        if value:
            rows.append((case.phrase(f"label_{name}"), clean(value)))
    rows.append((case.phrase("label_reference"), _references(case)))
    elements: list[Element] = [Facts(tuple(rows))]
    if ways.link:
        elements.append(Links(tuple(_links(case, ways.link))))
    if case.qr:
        caption = case.phrase("qr", amount=case.money(case.total))
        elements.append(Picture(cid=_QR, content=case.qr, caption=caption, width=_QR_WIDTH))
    if ways.note:
        elements.append(Paragraph(clean(ways.note)))
    return tuple(elements)


def _links(case: Case, link: str) -> list[tuple[str, str]]:
    """One link an invoice, where the link names it."""
    numbers = list(dict.fromkeys(claim.number for claim in case.asked)) if "{number}" in link else [""]
    return [
        (
            case.phrase("pay_online_item", number=clean(number)) if len(numbers) > 1 else case.phrase("pay_online"),
            clean(link.replace("{number}", quote(number, safe=""))),
        )
        for number in numbers
    ]


def _references(case: Case) -> str:
    """What the client writes into the transfer: the invoice's own reference, else its number."""
    found = {}
    for claim in case.asked:
        invoice = case.invoices.get(claim.number)
        reference = clean(invoice.reference) if invoice and invoice.reference else ""
        found[claim.number] = reference.replace(" ", "\u00a0") or clean(claim.number)
    return ", ".join(dict.fromkeys(found.values()))


def extras(case: Case) -> tuple[Element, ...]:
    """Interest and compensation, with basis, days, rate and formula (S5, S22); apart from what is owed."""
    return ()
