"""Whether a mail with which an invoice is sent is the owner's: her server says so, her signature, or her log-in."""

from __future__ import annotations

from datetime import datetime, timedelta

from daemon.domain.books.authenticity import Authentic, NotAuthentic, Verdict, Why
from daemon.domain.books.owner import Right
from daemon.domain.books.reading import Reading
from daemon.loops.book import Book
from daemon.loops.orders import Authenticate
from daemon.mail.octets.parse import Mail
from daemon.mail.whose.authenticity import by_results, wants_signatures
from daemon.ports import Fetched

MOST_LOOK_UPS = 10  # of an hour; a person sends a few invoices at a time
_HOUR = timedelta(hours=1)


def whose(mail: str) -> str:
    """To whom the archive has a mail that waits for a proof, by its digest: nobody's as yet, and removed by itself."""
    return f"sending/{mail}"


class Proofs:
    """Asks whose a mail is.

    A mail counts when her server vouches for it, or her signature, as for an order; or when it lies in Sent and has
    come by no server (RFC 5321 4.4: what came by SMTP has a `Received`): only who has logged in to the mailbox puts it
    there.  These mails carry no token, so strangers can make us look up a signature: a few of an hour are looked up.

    Args:
        authenticate: asked only where her server is silent, and the config believes signatures.
    """

    def __init__(self, book: Book, authenticate: Authenticate) -> None:
        self._book = book
        self._authenticate = authenticate
        self._looked_up: list[datetime] = []  # of the last hour

    async def of(self, mail: Fetched, parsed: Mail, reading: Reading, *, in_sent: bool) -> Verdict | None:
        """Whether a mail is of somebody who may have invoices followed; None: it does not even say so."""
        owner, creditor = self._book.ledger.owner, self._book.ledger.creditor
        member = owner.who(reading.sender)
        may = member is not None and Right.APPROVE in member.can
        came_by_no_server = "received" not in parsed.headers
        if came_by_no_server and in_sent and (may or reading.sender == creditor.email.lower()):
            return Authentic(reading.sender, "filed")
        if not may:
            return None
        if came_by_no_server:
            return NotAuthentic(Why.NO_RESULTS)
        verdict = by_results(mail.content, owner.commands)
        if wants_signatures(verdict, owner.commands) and mail.whole and "dkim-signature" in parsed.headers:
            if not self.may_look_up(MOST_LOOK_UPS):
                return NotAuthentic(Why.LOOK_UP_FAILED)
            self._looked_up.append(self._book.clock.now())
            verdict = await self._authenticate(mail.content)
        if isinstance(verdict, Authentic) and owner.who(verdict.author) != member:
            return None
        return verdict

    def may_look_up(self, most: int) -> bool:
        """Whether fewer than so many were looked up within an hour."""
        now = self._book.clock.now()
        self._looked_up = [at for at in self._looked_up if now - at < _HOUR]
        return len(self._looked_up) < most
