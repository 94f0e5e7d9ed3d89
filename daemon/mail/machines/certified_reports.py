"""What the provider of an Italian certified mailbox (PEC) reports of a letter.

Source: RFC 6109 section 3 (notifications and their fields).
"""

from __future__ import annotations

import re

from daemon.domain.books.reading import RecipientReport
from daemon.mail.machines.meaning import code_in, meaning_of, status_in
from daemon.mail.octets.headers import Headers, addresses_in
from daemon.mail.octets.parse import Mail

_RECEIPT = "x-ricevuta"
#: `X-Ricevuta`, and what it is in the words of RFC 3464: the action on the letter.
_ACTIONS = {
    "accettazione": "relayed",
    "presa-in-carico": "relayed",
    "avvenuta-consegna": "delivered",
    "non-accettazione": "failed",
    "errore-consegna": "failed",
    "rilevazione-virus": "failed",
    "preavviso-errore-consegna": "delayed",  # no receipt of delivery within 12 hours; it may still come
}
_ADDRESSED = re.compile(r"(?:destinato all'utente|indirizzato a|consegnato nella casella di destinazione)\b", re.I)


def notified(headers: Headers) -> str:
    """The action that a notification of a PEC provider reports, as RFC 3464 names it; ""."""
    return _ACTIONS.get(headers.first(_RECEIPT).lower(), "") if _RECEIPT in headers else ""


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
