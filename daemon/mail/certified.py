"""Italy's certified mail (PEC): the letter inside its envelope, and the provider's notifications.

Source: RFC 6109 section 3 (envelopes, notifications and their fields).  Every Italian company has to have such an
address, and lawyers write from theirs: the words of the person are in `postacert.eml`, those around it are the
provider's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from daemon.domain.reading import RecipientReport
from daemon.mail.headers import Headers, addresses_in
from daemon.mail.meaning import code_in, meaning_of, status_in
from daemon.mail.part import Part

if TYPE_CHECKING:
    from daemon.mail.parse import Mail

RECEIPT = "x-ricevuta"
_DEEPEST = 3  # levels: multipart/signed, multipart/mixed, the letter
#: `X-Ricevuta`, and what it is in the words of RFC 3464: the action on the letter.
ACTIONS = {
    "accettazione": "relayed",
    "presa-in-carico": "relayed",
    "avvenuta-consegna": "delivered",
    "non-accettazione": "failed",
    "errore-consegna": "failed",
    "rilevazione-virus": "failed",
    "preavviso-errore-consegna": "delayed",  # no receipt of delivery within 12 hours; it may still come
}


def enveloped(root: Part) -> Part | None:
    """The letter that a person wrote, of a transport envelope; None of any other mail."""
    if root.headers.first("x-trasporto").lower() != "posta-certificata":
        return None
    waiting = [root]
    for _ in range(16):
        if not waiting:
            break
        part = waiting.pop(0)
        if part.type == "message/rfc822" and part.children:
            return part.children[0]
        if part.depth < _DEEPEST:
            waiting.extend(part.children)
    return None


_ADDRESSED = re.compile(r"(?:destinato all'utente|indirizzato a|consegnato nella casella di destinazione)\b", re.I)


def notified(headers: Headers) -> str:
    """The action that a notification of a PEC provider reports, as RFC 3464 names it; ""."""
    return ACTIONS.get(headers.first(RECEIPT).lower(), "") if RECEIPT in headers else ""


def certified_reports(mail: Mail, action: str) -> tuple[RecipientReport, ...]:
    """Whom the notification is about; the provider's sentence is the diagnostic."""
    text = mail.text[:8000]
    said = " ".join(text.split())
    named = [
        a for found in _ADDRESSED.finditer(said) for a in addresses_in(said[found.end() : found.end() + 340], most=1)
    ]
    ours = addresses_in(mail.headers.decoded("to"))
    status, code = status_in(said), code_in(said)
    meaning = meaning_of(action, status, code, said)
    return tuple(
        RecipientReport(
            address=address, action=action, status=status, code=code, diagnostic=said[:1000], meaning=meaning
        )
        for address in dict.fromkeys(named or addresses_in(text))
        if address not in ours and address != mail.sender
    )
