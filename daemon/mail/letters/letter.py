"""A letter: from what was decided to the words that the client reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from daemon.domain.books.client import Client, Creditor, Form
from daemon.domain.books.invoice import Invoice, ItemRef
from daemon.domain.books.policy import STATEMENT, THANK_YOU
from daemon.domain.journal import Claim, LetterQueued
from daemon.domain.standing.extras import Extras
from daemon.mail.letters.blocks import blocks
from daemon.mail.letters.kinds import wording_of
from daemon.mail.letters.letter_case import LetterCase
from daemon.mail.letters.pack import Pack
from daemon.mail.letters.page import html_part
from daemon.mail.letters.payment_code import payment_code, picture_of
from daemon.mail.letters.plain import text_part
from daemon.mail.letters.prose import PLAIN, STRONG, fill_in, plural, singular
from daemon.mail.letters.sheet import Element, Lines, Paragraph, Picture, clean

_LONGEST_SUBJECT = 200  # characters; a client's own subject may be any length
# "Re:", "R:", "RIF:", "RV:", "AW:", "YNT:", "FW:" and their like, also repeated and counted ("Re[2]:")
_REPLY = re.compile(
    r"^(?:(?:re|r|rif|rv|res|ref|aw|wg|antw|sv|vs|ynt|yan|cevap|i|ilt|fw|fwd|tr)(?:\[\d+\])?\s?:\s*)+", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A letter as it will be read; `message.compose` puts it on the wire."""

    subject: str  # one line
    text: str  # `\n` line ends, at most 76 columns
    html: str  # `\n` line ends
    pictures: tuple[Picture, ...] = ()  # what the HTML part shows; they go along with it


def render(
    letter: LetterQueued,
    creditor: Creditor,
    client: Client,
    invoices: Mapping[str, Invoice],
    packs: Mapping[str, Pack],
    *,
    thread_subject: str | None = None,
    ticket: str | None = None,
    extras: Extras | None = None,
    parts_paid: Collection[ItemRef] = (),
) -> Rendered:
    """Write one letter.

    Args:
        invoices: the client's, by number.  The figures come from the letter itself (F56); an invoice adds its
            dates, lines, terms and reference.  One that is gone is told by its number.
        thread_subject: the subject of the client's last mail in this thread; the letter continues it.
        extras: interest and compensation to be stated, apart from what is claimed.
        parts_paid: instalments that had come in.
        ticket: the number under which the client's ticket system keeps the matter; kept in the subject.

    Raises:
        KeyError: no pack for the letter's language, or no such letter in it; the reader of the config sees to that.
    """
    sheet = write(letter, creditor, client, invoices, packs, extras=extras, parts_paid=parts_paid)
    subject = _subject(sheet.subject, thread_subject, ticket)
    return Rendered(
        subject=subject,
        text=text_part(sheet.elements, sheet.case.phrase("colon")),
        html=html_part(sheet.elements, language=sheet.case.pack.language, title=subject),
        pictures=tuple(element for element in sheet.elements if isinstance(element, Picture)),
    )


class LetterSheet(NamedTuple):
    """A letter as it was written, before it is a mail or a page."""

    subject: str
    elements: Sequence[Element]  # the letterhead first
    case: LetterCase


def write(
    letter: LetterQueued,
    creditor: Creditor,
    client: Client,
    invoices: Mapping[str, Invoice],
    packs: Mapping[str, Pack],
    *,
    extras: Extras | None = None,
    parts_paid: Collection[ItemRef] = (),
    instead: Mapping[str, Callable[[LetterCase], Sequence[Element]]] = MappingProxyType({}),
) -> LetterSheet:
    """The words of one letter: `render` without the thread and the two parts.

    Args:
        instead: blocks that this letter has another way, by name.
    """
    formal = packs[letter.language]
    name = wording_of(letter, formal.letters)
    pack = formal.in_form(client.form, name)
    prose = pack.letters[name]
    case = replace(_case(letter, creditor, client, invoices, pack, extras), parts_paid=parts_paid)
    if "ways-to-pay" in prose.parts and (code := payment_code(creditor, client, case.asked, invoices)) is not None:
        case = replace(case, qr=picture_of(code))
    subject, paragraphs = fill_in(prose, _words(case))
    made = {**blocks(case, prose.parts), **{block: other(case) for block, other in instead.items()}}
    elements: list[Element] = [*_letterhead(case)]
    written = iter(paragraphs)
    for part in prose.parts:
        if part is not None:
            elements += made[part]
        elif text := next(written):
            elements.append(Paragraph(text))
    return LetterSheet(subject, elements, case)


def _case(
    letter: LetterQueued,
    creditor: Creditor,
    client: Client,
    invoices: Mapping[str, Invoice],
    pack: Pack,
    extras: Extras | None,
) -> LetterCase:
    """Part what the letter asks for from what is only coming: an invoice that is not due yet may ride along."""
    claims = sorted(letter.claims, key=_order)
    highest = max(claims, key=lambda claim: claim.level)
    if highest.due_on < letter.on and letter.letter not in (STATEMENT, THANK_YOU):
        asked = tuple(claim for claim in claims if claim.due_on < letter.on)
    else:
        asked = tuple(claims)
    return LetterCase(
        letter=letter,
        creditor=creditor,
        client=client,
        invoices=invoices,
        pack=pack,
        asked=asked,
        coming=tuple(claim for claim in claims if claim not in asked),
        also_open=tuple(sorted(letter.also_open, key=_order)),
        extras=extras,
    )


def _order(claim: Claim) -> tuple[object, ...]:
    return (claim.due_on, claim.number, claim.instalment or 0)


def _words(case: LetterCase) -> dict[str, object]:
    """What a prose may fill in: every name of `prose.WORDS`."""
    several = len(case.asked) > 1
    dues = {claim.due_on for claim in case.asked}
    same = dues.pop() if len(dues) == 1 else None
    promised = case.letter.promised_on
    return {
        "greeting": _greeting(case),
        "client": clean(case.client.name),
        "creditor": clean(case.creditor.name),
        "items": _items(case),
        "several": several,
        "n": plural if several else singular,
        "total": f"{STRONG}{case.money(case.total)}{PLAIN}",
        "due": case.long_day(same) if same else "",
        "due_day": case.week_day(same) if same else "",
        "pay_by": f"{STRONG}{case.week_day(case.letter.pay_by)}{PLAIN}",
        "promised": f"{STRONG}{case.week_day(promised)}{PLAIN}" if promised else "",
        "repeated": all(claim.level == case.letter.level for claim in case.asked) and case.letter.level > 1,
        "terms": bool(case.terms),
    }


def _items(case: LetterCase) -> str:
    """What it is about, for a subject or a sentence."""
    if len(case.asked) == 1:
        claim = case.asked[0]
        if claim.instalment is None:
            return case.phrase("item_one", number=clean(claim.number))
        return case.phrase(
            "item_instalment", number=clean(claim.number), n=claim.instalment, of=case.instalments(claim)
        )
    return case.named([clean(claim.number) for claim in case.asked])


def _greeting(case: LetterCase) -> str:
    contact = next((c for c in case.client.contacts if c.email == case.letter.to and c.greeting), None)
    if contact is not None and contact.greeting:
        return clean(contact.greeting)
    name = clean(case.letter.to_name)
    words = {*re.split(r"[^\w]+", _folded(name))}
    office = not name or "@" in name or name == clean(case.client.name) or words & _offices(case.phrase("offices"))
    if office:
        return case.phrase("greeting_office", client=clean(case.client.name))
    first = name.split(" ")[0]
    familiar = case.client.form is Form.INFORMAL and not first.endswith(".")  # no "Hallo J.," and no "Beste Dhr.,"
    return case.phrase("greeting", name=first if familiar else name)


@lru_cache(maxsize=64)
def _offices(words: str) -> frozenset[str]:
    return frozenset(_folded(word.strip()) for word in words.split(","))


def _folded(word: str) -> str:
    """Without case; the Turkish "İ" leaves a dot behind that no lower "i" has."""
    return word.casefold().replace("\u0307", "")


def _letterhead(case: LetterCase) -> tuple[Element, ...]:
    """Both companies and the day (S22)."""
    creditor, client = case.creditor, case.client
    ours = [creditor.name, creditor.address, creditor.email]
    ours += [f"{case.phrase('label_phone')} {creditor.phone}"] if creditor.phone else []
    ours += [f"{case.phrase('label_tax_id')} {creditor.tax_id}"] if creditor.tax_id else []
    theirs = [client.name, "" if case.letter.to_name == client.name else case.letter.to_name, client.address]
    theirs += [f"{case.phrase('label_tax_id')} {client.tax_id}"] if client.tax_id else []
    return (
        Lines(tuple(filter(None, map(clean, ours))), heading=True),
        Lines(tuple(filter(None, map(clean, theirs)))),
        Lines((case.long_day(case.letter.on),)),
    )


def _subject(own: str, thread_subject: str | None, ticket: str | None) -> str:
    """The client's thread goes on under its own subject (RFC 5322 3.6.5).  Thread and ticket are strangers' words."""
    subject = own
    if thread_subject and (bare := _REPLY.sub("", _tamed(thread_subject))):
        subject = f"Re: {bare}"
    mark = _tamed(ticket)[:60] if ticket else ""
    if mark and mark.casefold() not in subject.casefold():
        mark = mark if mark[0] in "[#(" else f"[{mark}]"
        return f"{subject[: _LONGEST_SUBJECT - len(mark) - 1].rstrip()} {mark}"
    return subject[:_LONGEST_SUBJECT].rstrip()


def _tamed(text: str) -> str:
    """A stranger's words for a header: one line, and nothing that reads as an encoded word (F16)."""
    return clean(text).replace("\u00a0", " ").replace("=?", "= ?")
