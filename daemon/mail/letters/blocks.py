"""The blocks of a letter: what a prose calls `[invoices]`, `[ways-to-pay]` and so on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from daemon.domain.books.invoice import Method
from daemon.mail.letters import amounts, blocks_claims, blocks_pay
from daemon.mail.letters.letter_case import LetterCase
from daemon.mail.letters.sheet import Element, Lines, Paragraph, clean


def blocks(case: LetterCase, wanted: tuple[str | None, ...]) -> Mapping[str, tuple[Element, ...]]:
    """Those blocks of `prose.BLOCKS` that a letter has; () where there is nothing to say."""
    return {name: _BLOCKS[name](case) for name in wanted if name is not None}


def _promise(case: LetterCase) -> tuple[Element, ...]:
    """What became of the payment: a debit or draft that came back, a day that they had named, or that they had paid."""
    return (*_returned(case), *_told(case))


def _returned(case: LetterCase) -> list[Element]:
    numbers: dict[tuple[Method, date], list[str]] = {}
    for invoice in case.asked_invoices:
        if invoice.method is not Method.TRANSFER and invoice.returned_on is not None:
            numbers.setdefault((invoice.method, invoice.returned_on), []).append(clean(invoice.number))
    return [
        Paragraph(case.phrase(f"returned_{method}", items=case.named(those), date=case.long_day(on)))
        for (method, on), those in numbers.items()
    ]


def _told(case: LetterCase) -> tuple[Element, ...]:
    if case.letter.promised_on is not None:
        return (Paragraph(case.phrase("promise", date=case.week_day(case.letter.promised_on))),)
    if case.letter.not_come:
        numbers = [clean(number) for number in case.letter.not_come]
        return (Paragraph(case.phrase("not_come", items=case.named(numbers))),)
    return ()


def _attached(case: LetterCase) -> tuple[Element, ...]:
    """Which copies go along: those of every invoice asked for that has one."""
    copies = [clean(invoice.number) for invoice in case.asked_invoices if invoice.pdf]
    wanted = len({claim.number for claim in case.asked})
    if not copies:
        return ()
    if len(copies) < wanted:
        return (Paragraph(case.phrase("attached_some", numbers=amounts.listed(copies, case.pack.locale))),)
    return (Paragraph(case.phrase("attached_one" if wanted == 1 else "attached_all")),)


def _terms(case: LetterCase) -> tuple[Element, ...]:
    """What was agreed, word for word (S22, S30)."""
    return tuple(
        Paragraph(f"{case.phrase('terms', items=case.named(numbers))} {text}") for text, numbers in case.terms.items()
    )


def _signature(case: LetterCase) -> tuple[Element, ...]:
    """The billing contact, whom the client may ask (S22)."""
    creditor = case.creditor
    lines = [case.phrase("closing"), creditor.contact, creditor.name, creditor.email]
    lines += [f"{case.phrase('label_phone')} {creditor.phone}"] if creditor.phone else []
    return (Lines(tuple(filter(None, map(clean, lines)))),)


_BLOCKS = {
    "promise": _promise,
    "plan": blocks_claims.plan,
    "invoices": blocks_claims.invoices,
    "received": blocks_claims.received,
    "statement": blocks_claims.statement,
    "attached": _attached,
    "extras": blocks_pay.extras,
    "also-open": blocks_claims.also_open,
    "terms": _terms,
    "ways-to-pay": blocks_pay.ways_to_pay,
    "signature": _signature,
}
