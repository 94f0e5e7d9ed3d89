# ruff: noqa: E501  word lists read better unbroken
"""Receipts: "your mail was displayed" (MDN, RFC 8098), and rejections that come in the same form (Sieve, RFC 5429)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.domain.books.reading import Meaning, RecipientReport
from daemon.mail.machines.meaning import code_in, meaning_of, status_in
from daemon.mail.octets.headers import Headers, addresses_in
from daemon.mail.octets.parse import Mail

_SUBJECT = re.compile(
    r"^(?:read|not read|gelesen|ungelesen|letto|non letto|le[ií]do|no le[ií]do|okundu|okunmad[iı]|lu|non lu|lida|gelezen|l[aä]st|przeczytane|"
    r"conferma di lettura|ricevuta di ritorno|lesebest[aä]tigung|confirmaci[oó]n de lectura|acuse de recibo|okundu bilgisi|accus[eé] de (?:lecture|r[eé]ception)|return receipt|read receipt)\b ?[:(]",
    re.IGNORECASE,
)  # fmt: skip
_WAS_READ = re.compile(
    r"was (?:read|displayed|opened|deleted without)|has been read|wurde (?:am .{0,40})?gelesen|[eè] stat[oa] (?:lett[oa]|visualizzat[oa])|ha sido le[ií]do|se (?:ley[oó]|ha le[ií]do)|okundu|a [eé]t[eé] (?:lu|affich|ouvert)|(?:is|werd) gelezen|foi (?:lid[ao]|abert[ao])|gelesen (?:wurde|worden)|zosta[lł]a? przeczytan|прочитано|[aä]r l[aä]st",
    re.IGNORECASE,
)  # fmt: skip
_REJECTED = re.compile(
    r"\breject|refus|not accepted|does not accept|was denied|rifiutat|rechazad|reddedil|abgelehnt|refoul", re.IGNORECASE
)
_UNREAD = re.compile(
    r"without (?:being|having been) (?:read|displayed)|not read|ohne gelesen|senza (?:essere|averl)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt; `rejected` holds the recipient when it is really a refusal."""

    original_id: str  # Original-Message-ID as it stands
    disposition: str
    rejected: RecipientReport | None


def read_receipt(mail: Mail) -> Receipt | None:
    """The receipt in `mail`, or None."""
    for part in mail.parts:
        if part.type == "message/disposition-notification" and part.depth <= 2:
            return _read_fields(mail, part.text[:16_000])
    tnef = mail.root.type == "application/ms-tnef" or any(p.type == "application/ms-tnef" for p in mail.parts)
    if _SUBJECT.match(mail.subject) and (
        tnef or (_WAS_READ.search(mail.text[:2000]) and len(mail.text) < 3000 and "\n>" not in mail.text)
    ):
        return Receipt("", "displayed", None)
    return None


def _read_fields(mail: Mail, text: str) -> Receipt:
    fields = Headers(text.strip("\n").replace("\n\n", "\n").encode("utf-8", "surrogateescape"))
    disposition = fields.first("disposition").lower()
    words = mail.text[:4000]
    rejected: RecipientReport | None = None
    kind = disposition.rpartition(";")[2].strip()
    if kind.startswith(("deleted", "denied", "failed")) and _REJECTED.search(words) and not _UNREAD.search(words):
        named = addresses_in(fields.first("final-recipient"), most=1) or addresses_in(
            fields.first("original-recipient"), most=1
        )
        address = named[0] if named else mail.sender
        reason = " ".join(words.split())[:1000]
        status, code = status_in(reason), code_in(reason)
        meaning = meaning_of("failed", status, code, reason)
        rejected = RecipientReport(
            address=address, action="failed", status=status, code=code, diagnostic=reason,
            meaning=Meaning.REFUSED if meaning is Meaning.GAVE_UP else meaning,
        )  # fmt: skip
    return Receipt(fields.first("original-message-id"), disposition, rejected)
