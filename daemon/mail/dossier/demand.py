"""The letter of demand, and the interest sheet, as documents: on paper, for the owner to sign (FIELD S13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.invoice import Invoice
from daemon.domain.journal import LetterQueued
from daemon.domain.standing.extras import Extras
from daemon.mail.dossier.document import Document, Heading, SigningPlace
from daemon.mail.dossier.speech import DossierSpeech, letterhead
from daemon.mail.letters import amounts, blocks_claims, blocks_pay
from daemon.mail.letters.letter import write
from daemon.mail.letters.letter_case import LetterCase
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.payment_code import payment_code
from daemon.mail.letters.sheet import Element, Lines, Paragraph, Picture, Table, clean
from daemon.mail.payment.swiss import SwissBill
from daemon.mail.payment.swiss_part import swiss_payment_part

_HEAD = 3  # elements: both companies, and the day


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """One demand, in one currency."""

    currency: str
    letter: Document
    interest: Document | None  # None: nothing of the kind is charged


def demand(
    letter: LetterQueued,
    creditor: Creditor,
    client: Client,
    invoices: Mapping[str, Invoice],
    packs: Mapping[str, Pack],
    extras: Extras | None,
) -> Demand:
    """Write one of `domain.demand.demands`, formally, in its language.

    Args:
        invoices: the client's, by number.
        extras: interest and flat sums; stated apart from what is claimed.
    """
    pack = packs[letter.language]
    speech = DossierSpeech(pack)
    instead: Mapping[str, Callable[[LetterCase], Sequence[Element]]] = {"invoices": _claims, "signature": lambda _: ()}
    sheet = write(letter, creditor, client, invoices, packs, extras=extras, instead=instead)
    code = payment_code(creditor, client, sheet.case.asked, invoices)
    slip = swiss_payment_part(code, pack.language) if isinstance(code, SwissBill) else None
    body = [element for element in sheet.elements if not (slip and isinstance(element, Picture))]
    stated = extras if extras is not None and extras.total else None
    signing = SigningPlace((speech.say("place_for_signature"), clean(creditor.contact), clean(creditor.name)))
    return Demand(
        currency=letter.claims[0].currency,
        letter=Document(
            title=sheet.subject,
            author=clean(creditor.name),
            language=pack.language,
            on=letter.on,
            elements=(
                *body[:_HEAD], Heading(sheet.subject), *body[_HEAD:], signing, _enclosed(sheet.case, speech, stated)
            ),
            slip=slip,
        ),
        interest=_interest(sheet.case, speech) if stated else None,
    )  # fmt: skip


def _claims(case: LetterCase) -> Sequence[Element]:
    """The original amount of every invoice, what was paid and credited, and what is open (S13)."""
    paid = any(claim.paid for claim in case.asked)
    credited = any(claim.credited for claim in case.asked)
    names = ["invoice", "issued", "due", "amount", *["paid"] * paid, *["credited"] * credited, "open"]
    rows = tuple(
        (
            case.label(claim),
            case.short_day(case.issued(claim)),
            case.short_day(claim.due_on),
            case.money(claim.outstanding + claim.paid + claim.credited),
            *[case.money(-claim.paid) if claim.paid else "-"] * paid,
            *[case.money(-claim.credited) if claim.credited else "-"] * credited,
            case.money(claim.outstanding),
        )
        for claim in case.asked
    )
    head = tuple(case.phrase(f"label_{name}") for name in names)
    foot = (case.phrase("label_total"), case.money(case.total)) if len(rows) > 1 else None
    return (Table(head, rows, foot, figures=len(names) - 3), *blocks_claims.remarks(case))


def _enclosed(case: LetterCase, speech: DossierSpeech, stated: Extras | None) -> Lines:
    """What goes along: the owner puts it into the same envelope."""
    copies = [clean(invoice.number) for invoice in case.asked_invoices if invoice.pdf]
    what = [case.named(copies)] if copies else []
    what += [speech.say("account")]
    what += [speech.say("interest")] if stated else []
    return Lines((speech.say("enclosed", what="; ".join(what)),))


def _interest(case: LetterCase, speech: DossierSpeech) -> Document:
    """The sum, line by line, with basis, days, rate and formula (S5, S22)."""
    title = speech.say("interest")
    creditor, client = case.creditor, case.client
    return Document(
        title=f"{title} – {clean(client.name)}",
        author=clean(creditor.name),
        language=case.pack.language,
        on=case.letter.on,
        elements=(
            *letterhead(creditor, client, case.pack),
            Heading(title),
            Paragraph(amounts.day(case.letter.on, "long", case.pack.locale)),
            *_claims(case),
            *blocks_pay.extras(case),
        ),
    )
