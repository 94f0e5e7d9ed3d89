"""The blocks that say how to pay, and what late payment costs by law or contract."""

from __future__ import annotations

from urllib.parse import quote

from daemon.domain.standing.extras import ItemExtras
from daemon.mail.letters import amounts
from daemon.mail.letters.letter_case import LetterCase
from daemon.mail.letters.sheet import Element, Facts, Links, Paragraph, Picture, Table, clean

_QR = "pay@sollecito"  # Content-ID; unique within a letter, which is all that RFC 2392 asks of one inside it
_QR_WIDTH = 168  # CSS pixels: 30 mm on a phone, and legible to a camera from a screen


def ways_to_pay(case: LetterCase) -> tuple[Element, ...]:
    """Account, reference and links (S4, S22)."""
    ways = case.creditor.payment.in_currency(case.letter.claims[0].currency)
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


def _links(case: LetterCase, link: str) -> list[tuple[str, str]]:
    """One link an invoice, where the link names it."""
    numbers = list(dict.fromkeys(claim.number for claim in case.asked)) if "{number}" in link else [""]
    return [
        (
            case.phrase("pay_online_item", number=clean(number)) if len(numbers) > 1 else case.phrase("pay_online"),
            clean(link.replace("{number}", quote(number, safe=""))),
        )
        for number in numbers
    ]


def _references(case: LetterCase) -> str:
    """What the client writes into the transfer: the invoice's own reference, else its number."""
    found = {}
    for claim in case.asked:
        invoice = case.invoices.get(claim.number)
        reference = clean(invoice.reference) if invoice and invoice.reference else ""
        found[claim.number] = reference.replace(" ", "\u00a0") or clean(claim.number)
    return ", ".join(dict.fromkeys(found.values()))


def extras(case: LetterCase) -> tuple[Element, ...]:
    """Interest and compensation, with basis, days, rate and formula (S5, S22); apart from what is owed."""
    stated = case.extras
    if stated is None or not stated.total:
        return ()
    found = [_interest(case, item, stated.interest_cite) for item in stated.items if item.segments]
    elements: list[Element] = [*found]
    if found:
        lengths = sorted({segment.year_days for item in stated.items for segment in item.segments})
        elements.append(Paragraph(case.phrase("extras_formula", year="/".join(map(str, lengths)))))
    if stated.compensation:
        law = clean(stated.compensation_cite) or case.phrase("extras_contract")
        elements.append(Paragraph(case.phrase("extras_compensation", law=law, amount=case.money(stated.compensation))))
    sums = {"extras": stated.total, "total": case.total + stated.total, "claim": case.total}
    words = {name: case.money(amount) for name, amount in sums.items()}
    elements.append(Paragraph(case.phrase("extras_total", date=case.long_day(stated.until), **words)))
    return tuple(elements)


def _interest(case: LetterCase, item: ItemExtras, law: str) -> Table:
    """The sum, line by line, so that the reader can check it."""
    head = tuple(case.phrase(f"label_{name}") for name in ("period", "days", "base", "rate", "interest"))
    rows = tuple(
        (
            f"{case.short_day(segment.first)} – {case.short_day(segment.last)}",
            str(segment.days),
            case.money(segment.base),
            amounts.percent(segment.rate, case.pack.locale),
            case.money(segment.amount),
        )
        for segment in item.segments
    )
    title = case.phrase("extras_interest", number=clean(item.number), law=clean(law) or case.phrase("extras_contract"))
    return Table(head, rows, title=title, figures=4)
