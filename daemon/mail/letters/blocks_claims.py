"""The blocks that say what is owed: invoices, what is also open, what came in, the account, an agreed plan."""

from __future__ import annotations

from decimal import Decimal

from daemon.domain.books.invoice import Invoice, ItemRef, Line
from daemon.domain.journal import Claim
from daemon.mail.letters import amounts
from daemon.mail.letters.letter_case import LetterCase
from daemon.mail.letters.sheet import Element, Facts, Paragraph, Table, clean


def invoices(case: LetterCase) -> tuple[Element, ...]:
    """What is asked for, what was paid and credited, the details of invoices without a copy, what comes next."""
    asked = (_alone(case, case.asked[0]),) if len(case.asked) == 1 else _table(case, case.asked, None)
    counted = () if len(case.asked) == 1 else _taken_into_account(case)
    return (*asked, *counted, *remarks(case), *_table(case, case.coming, "not_due_yet"))


def remarks(case: LetterCase) -> list[Element]:
    """Of the invoices asked for: what is payable of them, and the details of those of which no copy goes along."""
    elements: list[Element] = []
    for invoice in case.asked_invoices:
        if invoice.payable and invoice.payable != invoice.total:
            total, payable = case.money(invoice.total.amount), case.money(invoice.payable.amount)
            elements.append(
                Paragraph(case.phrase("payable", number=clean(invoice.number), total=total, payable=payable))
            )
        if invoice.lines and not invoice.pdf:
            elements.append(_details(case, invoice))
    return elements


def _alone(case: LetterCase, claim: Claim) -> Facts:
    rows = [(case.phrase("label_invoice"), case.label(claim))]
    if issued := case.issued(claim):
        rows.append((case.phrase("label_issued"), case.long_day(issued)))
    rows.append((case.phrase("label_due"), case.long_day(claim.due_on)))
    if claim.paid or claim.credited:
        rows.append((case.phrase("label_amount"), case.money(claim.outstanding + claim.paid + claim.credited)))
    if claim.paid:
        rows.append((case.phrase("label_paid"), case.money(-claim.paid)))
    if claim.credited:
        rows.append((case.phrase("label_credited"), case.money(-claim.credited)))
    rows.append((case.phrase("label_open"), case.money(claim.outstanding)))
    return Facts(tuple(rows), figures=True)


def _table(case: LetterCase, claims: tuple[Claim, ...], title: str | None) -> tuple[Element, ...]:
    if not claims:
        return ()
    head = tuple(case.phrase(f"label_{name}") for name in ("invoice", "issued", "due", "open"))
    rows = tuple(
        (
            case.label(claim),
            case.short_day(case.issued(claim)),
            case.short_day(claim.due_on),
            case.money(claim.outstanding, claim.currency),
        )
        for claim in claims
    )
    one_currency = len({claim.currency for claim in claims}) == 1
    total = sum((claim.outstanding for claim in claims), Decimal(0))
    foot = None
    if len(claims) > 1 and one_currency:
        foot = (case.phrase("label_total"), case.money(total, claims[0].currency))
    return (Table(head, rows, foot, case.phrase(title) if title else ""),)


def _taken_into_account(case: LetterCase) -> tuple[Element, ...]:
    """Of several invoices, those that were paid or credited in part."""
    claims = [claim for claim in case.asked if claim.paid or claim.credited]
    if not claims:
        return ()
    head = tuple(case.phrase(f"label_{name}") for name in ("invoice", "amount", "paid", "credited"))
    rows = tuple(
        (
            case.label(claim),
            case.money(claim.outstanding + claim.paid + claim.credited),
            case.money(-claim.paid) if claim.paid else "-",
            case.money(-claim.credited) if claim.credited else "-",
        )
        for claim in claims
    )
    return (Table(head, rows, title=case.phrase("taken_into_account"), figures=3),)


def _details(case: LetterCase, invoice: Invoice) -> Table:
    """The lines of an invoice, where no copy of it goes along (S2)."""
    rows = tuple((_line(case, line), _net(case, line)) for line in invoice.lines)
    head = (case.phrase("label_what"), case.phrase("label_net"))
    return Table(head, rows, title=case.phrase("details", number=clean(invoice.number)))


def _line(case: LetterCase, line: Line) -> str:
    words = [clean(line.what)]
    quantity = amounts.number(line.quantity, case.pack.locale) if line.quantity is not None else ""
    if line.unit and quantity:
        quantity = f"{quantity} {clean(line.unit)}"
    if line.price is not None and line.quantity is not None and line.quantity != 1:
        quantity = f"{quantity} × {case.money(line.price)}"
    if quantity:
        words.append(quantity)
    if line.vat is not None:
        words.append(f"{case.phrase('label_vat')} {amounts.percent(line.vat, case.pack.locale)}")
    return ", ".join(words)


def _net(case: LetterCase, line: Line) -> str:
    if line.price is None:
        return "-"
    return case.money(line.price if line.quantity is None else line.price * line.quantity)


def also_open(case: LetterCase) -> tuple[Element, ...]:
    """What is open besides; and what is overdue but held or disputed: silence about it would seem forgetful."""
    listed = _table(case, case.also_open, "also_open")
    numbers = [clean(number) for number in case.letter.left_out]
    return (*listed, Paragraph(case.phrase("left_out", items=case.named(numbers)))) if numbers else listed


def received(case: LetterCase) -> tuple[Element, ...]:
    """What came in, in full: of a thank-you."""
    head = tuple(case.phrase(f"label_{name}") for name in ("invoice", "issued", "amount"))
    rows = tuple(
        (case.label(claim), case.short_day(case.issued(claim)), case.money(claim.paid + claim.credited))
        for claim in case.asked
    )
    return (Table(head, rows),)


def statement(case: LetterCase) -> tuple[Element, ...]:
    """The account: every open item with the days that it is late, and what is due in all and what is not yet."""
    on = case.letter.on
    head = tuple(case.phrase(f"label_{name}") for name in ("invoice", "issued", "due", "days_late", "open"))
    rows = tuple(
        (
            case.label(claim),
            case.short_day(case.issued(claim)),
            case.short_day(claim.due_on),
            str((on - claim.due_on).days) if claim.due_on < on else "-",
            case.money(claim.outstanding),
        )
        for claim in case.asked
    )
    overdue = sum((claim.outstanding for claim in case.asked if claim.due_on < on), Decimal(0))
    sums = (
        (case.phrase("label_overdue"), case.money(overdue)),
        (case.phrase("label_not_due"), case.money(case.total - overdue)),
        (case.phrase("label_total"), case.money(case.total)),
    )
    title = case.phrase("statement", date=case.long_day(on))
    return (Table(head, rows, title=title, figures=2), *_taken_into_account(case), Facts(sums, figures=True))


def _part(case: LetterCase, number: str, count: int) -> str:
    return case.phrase("part_paid", n=count) if ItemRef(number, count) in case.parts_paid else str(count)


def plan(case: LetterCase) -> tuple[Element, ...]:
    """The agreed instalments of every invoice that the letter speaks of (S21), and which of them came in."""
    head = tuple(case.phrase(f"label_{name}") for name in ("part", "due", "amount"))
    return tuple(
        Table(
            head,
            tuple(
                (_part(case, invoice.number, count), case.long_day(part.due_on), case.money(part.amount))
                for count, part in enumerate(sorted(invoice.instalments, key=lambda part: part.due_on), start=1)
            ),
            title=case.phrase("plan", number=clean(invoice.number)),
        )
        for invoice in case.asked_invoices
        if invoice.instalments
    )
