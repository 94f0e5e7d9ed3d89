"""Mails to the owner: digest, alert and answer.  They need no fresh look into the mailbox, and are never in doubt."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import NamedTuple

from daemon.domain import journal as j
from daemon.loops import events
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.mail.owner.digest_parts import Buttons
from daemon.mail.tokens.desk_token import OCTETS, desk_token, hashed
from daemon.mail.tokens.token import message_id
from daemon.ports import Accepted, Deferred, DiskTrouble, InDoubt, Parcel, Refused, Relay

_NO_READ_NEEDED = 600.0  # seconds: it goes to the owner, whatever the mailbox says


class Envelope(NamedTuple):
    """What makes one mail of ours answerable."""

    message_id: str  # with its angle brackets
    reply_to: str | None  # None: the sender's own address; the token comes back in References
    token: str  # in clear; only in the mail, never in the journal
    kept: str  # its hash, for the journal


class OwnerPost:
    """Hands mails for the owner and the team to the relay.

    Args:
        draw: so many random octets, for tokens.
        short_of: orders in the owner's words, by language.
        plus_token: such mail was seen to arrive: orders go to `fatture+TOKEN@...`.
    """

    def __init__(
        self,
        book: Book,
        relay: Relay,
        health: Health,
        draw: Callable[[int], bytes],
        short_of: Callable[[str], Mapping[str, str]],
        *,
        plus_token: bool,
    ) -> None:
        self._book = book
        self._relay = relay
        self._health = health
        self._draw = draw
        self._short_of = short_of
        self._plus_token = plus_token
        self._unrecorded: dict[str, j.AnyEntry] = {}  # by kind of mail: it is on its way, and the disk is full

    @property
    def takes_orders(self) -> bool:
        """Whether the config believes anybody's mails."""
        return not self._book.ledger.owner.commands.nobody

    def envelope(self) -> Envelope:
        """A new one; a token is drawn for each mail and told to nobody else."""
        token = desk_token(self._draw(OCTETS))
        local, _, domain = self._book.ledger.creditor.email.rpartition("@")
        plus = f"{local}+{token}@{domain}" if self._plus_token and self.takes_orders else None
        return Envelope(message_id(token, domain), plus, token, hashed(token) if self.takes_orders else "")

    def buttons(self, envelope: Envelope) -> Buttons | None:
        """How the commands in a mail become answers; without plus addresses the token stands below each."""
        if not self.takes_orders:
            return None
        short = self._short_of(self._book.ledger.creditor.language)
        if envelope.reply_to:
            return Buttons(address=envelope.reply_to, short=short)
        return Buttons(address=self._book.ledger.creditor.email, short=short, below=f"[{envelope.token}]")

    async def send(self, content: bytes, envelope_id: str) -> str | None:
        """Send to the owner, then to the team; None when the owner's is on its way, else why it is not.

        A line that broke after it was offered counts as sent: it may have arrived, and what stood in it and still
        waits stands in the next one.
        """
        owner, *team = self._book.ledger.owner.members
        async with self._relay.line() as line:
            if isinstance(line, Deferred | Refused):
                return line.reason
            for member in (owner, *team):
                parcel = Parcel(
                    sender=self._book.ledger.creditor.email,
                    recipient=member.email,
                    content=content,
                    envelope_id=envelope_id,
                )
                answer = await line.submit(parcel, asyncio.get_running_loop().time() + _NO_READ_NEEDED)
                if isinstance(answer, Accepted | InDoubt):
                    continue
                reason = getattr(answer, "reason", "stale")
                if member is owner:
                    return reason
                events.team_mail_not_sent(envelope_id, reason)
        return None

    async def record(self, kind: str, sent: j.AnyEntry) -> bool:
        """Record what is on its way; False: the disk does not take it now, and `caught_up` will try again."""
        self._unrecorded[kind] = sent
        return await self.caught_up(kind)

    def is_behind(self, kind: str) -> bool:
        """Whether something was sent that is not recorded yet."""
        return kind in self._unrecorded

    async def caught_up(self, kind: str) -> bool:
        """Whether what was sent is recorded.  Before that no other of its kind goes: it would go again and again."""
        sent = self._unrecorded.get(kind)
        if sent is None:
            return True
        try:
            await self._book.record(lambda _draft: (sent,))
        except DiskTrouble as trouble:
            self._health.disk_fault = str(trouble)
            events.disk_trouble(str(trouble))
            return False
        del self._unrecorded[kind]
        return True
