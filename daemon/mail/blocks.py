"""The blocks of a letter: what a prose calls `[invoices]`, `[ways-to-pay]` and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import quote

from daemon.domain.client import Client, Creditor
from daemon.domain.invoice import Invoice, Line
from daemon.domain.journal import Claim, LetterQueued
from daemon.mail import amounts
from daemon.mail.pack import Pack
from daemon.mail.sheet import Element, Facts, Lines, Links, Paragraph, Table, clean

_NAMED = 3  # how many numbers a sentence names before it counts the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One letter with all that it is written from."""

    letter: LetterQueued
    creditor: Creditor
    client: Client
    invoices: Mapping[str, Invoice]
    pack: Pack
    asked: tuple[Claim, ...]  # what the prose speaks of, oldest first; at least one
    coming: tuple[Claim, ...]  # in the same letter, not yet due
    also_open: tuple[Claim, ...]

    def phrase(self, name: str, /, **words: object) -> str:
        text = self.pack.phrases[name]
        return text.format(**words) if words else text

    def money(self, amount: Decimal, currency: str | None = None) -> str:
        """An amount in the letter's one currency, or in another that only a list may name."""
        return amounts.money(amount, currency or self.letter.claims[0].currency, self.pack.locale)

    def long_day(self, on: date) -> str:
        return amounts.day(on, "long", self.pack.locale)

    def short_day(self, on: date | None) -> str:
        return amounts.day(on, "medium", self.pack.locale) if on else "-"

    def week_day(self, on: date) -> str:
        return amounts.day(on, self.pack.phrases["day"], self.pack.locale)

    def issued(self, claim: Claim) -> date | None:
        invoice = self.invoices.get(claim.number)
        return invoice.issued_on if invoice else None

    def instalments(self, claim: Claim) -> int:
        """How many instalments the invoice of this one has."""
        invoice = self.invoices.get(claim.number)
        return max(len(invoice.instalments) if invoice else 0, claim.instalment or 0)

    def label(self, claim: Claim) -> str:
        """The invoice, and which instalment of it."""
        number = clean(claim.number)
        if claim.instalment is None:
            return number
        return self.phrase("label_instalment", number=number, n=claim.instalment, of=self.instalments(claim))

    def named(self, numbers: Sequence[str]) -> str:
        """`invoice 2026-041`, `invoices 2026-041 and 2026-044`, `invoices 2026-041, 2026-044 and 2 more`."""
        numbers = list(dict.fromkeys(numbers))
        if len(numbers) == 1:
            return self.phrase("item_one", number=numbers[0])
        if len(numbers) > _NAMED:
            return self.phrase("item_more", numbers=", ".join(numbers[: _NAMED - 1]), count=len(numbers) - _NAMED + 1)
        return self.phrase("item_many", numbers=amounts.listed(numbers, self.pack.locale))

    @property
    def total(self) -> Decimal:
        return sum((claim.outstanding for claim in self.asked), Decimal(0))

    @property
    def asked_invoices(self) -> tuple[Invoice, ...]:
        """The invoices that are asked for, each once."""
        numbers = dict.fromkeys(claim.number for claim in self.asked)
        return tuple(invoice for number in numbers if (invoice := self.invoices.get(number)))

    @property
    def terms(self) -> dict[str, list[str]]:
        """What was agreed, and the invoices that it was agreed for."""
        found: dict[str, list[str]] = {}
        for invoice in self.asked_invoices:
            if invoice.terms and (text := clean(invoice.terms)):
                found.setdefault(text, []).append(clean(invoice.number))
        return found


def blocks(case: Case) -> Mapping[str, tuple[Element, ...]]:
    """Every block of `prose.BLOCKS`; () where there is nothing to say."""
    return {
        "promise": _promise(case),
        "invoices": _invoices(case),
        "attached": _attached(case),
        "also-open": (*_table(case, case.also_open, "also_open"), *_left_out(case)),
        "terms": _terms(case),
        "ways-to-pay": _ways_to_pay(case),
        "signature": _signature(case),
    }


def _promise(case: Case) -> tuple[Element, ...]:
    if case.letter.promised_on is None:
        return ()
    return (Paragraph(case.phrase("promise", date=case.week_day(case.letter.promised_on))),)


def _left_out(case: Case) -> tuple[Element, ...]:
    """What is overdue and held or disputed: without a word the reader would wonder whether we forgot it."""
    numbers = [clean(number) for number in case.letter.left_out]
    return (Paragraph(case.phrase("left_out", items=case.named(numbers))),) if numbers else ()


def _invoices(case: Case) -> tuple[Element, ...]:
    """What is asked for, what was paid and credited, the details of invoices without a copy, what comes next."""
    asked = (_alone(case, case.asked[0]),) if len(case.asked) == 1 else _table(case, case.asked, None)
    counted = () if len(case.asked) == 1 else _taken_into_account(case)
    elements = [*asked, *counted]
    for invoice in case.asked_invoices:
        if invoice.payable and invoice.payable != invoice.total:
            total, payable = case.money(invoice.total.amount), case.money(invoice.payable.amount)
            elements.append(
                Paragraph(case.phrase("payable", number=clean(invoice.number), total=total, payable=payable))
            )
        if invoice.lines and not invoice.pdf:
            elements.append(_details(case, invoice))
    return (*elements, *_table(case, case.coming, "not_due_yet"))


def _alone(case: Case, claim: Claim) -> Facts:
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


def _table(case: Case, claims: tuple[Claim, ...], title: str | None) -> tuple[Element, ...]:
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


def _taken_into_account(case: Case) -> tuple[Element, ...]:
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


def _details(case: Case, invoice: Invoice) -> Table:
    """The lines of an invoice, where no copy of it goes along (S2)."""
    rows = tuple((_line(case, line), _net(case, line)) for line in invoice.lines)
    head = (case.phrase("label_what"), case.phrase("label_net"))
    return Table(head, rows, title=case.phrase("details", number=clean(invoice.number)))


def _line(case: Case, line: Line) -> str:
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


def _net(case: Case, line: Line) -> str:
    if line.price is None:
        return "-"
    return case.money(line.price if line.quantity is None else line.price * line.quantity)


def _attached(case: Case) -> tuple[Element, ...]:
    """Which copies go along: those of every invoice asked for that has one."""
    copies = [clean(invoice.number) for invoice in case.asked_invoices if invoice.pdf]
    wanted = len({claim.number for claim in case.asked})
    if not copies:
        return ()
    if len(copies) < wanted:
        return (Paragraph(case.phrase("attached_some", numbers=amounts.listed(copies, case.pack.locale))),)
    return (Paragraph(case.phrase("attached_one" if wanted == 1 else "attached_all")),)


def _terms(case: Case) -> tuple[Element, ...]:
    """What was agreed, word for word (S22, S30)."""
    return tuple(
        Paragraph(f"{case.phrase('terms', items=case.named(numbers))} {text}") for text, numbers in case.terms.items()
    )


def _ways_to_pay(case: Case) -> tuple[Element, ...]:
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


def _signature(case: Case) -> tuple[Element, ...]:
    """The billing contact, whom the client may ask (S22)."""
    creditor = case.creditor
    lines = [case.phrase("closing"), creditor.contact, creditor.name, creditor.email]
    lines += [f"{case.phrase('label_phone')} {creditor.phone}"] if creditor.phone else []
    return (Lines(tuple(filter(None, map(clean, lines)))),)
