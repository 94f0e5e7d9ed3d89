"""Letters in doubt: offered, and nobody knows with what end.  Noted, looked for, never resent unasked (F1 to F4)."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.domain import journal as j
from daemon.domain.history import Delivery, Status
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.ports import Mailbox, Unreachable


class Doubts:
    """Finds them at the start, and looks for evidence in the mailbox."""

    def __init__(self, book: Book, mailbox: Mailbox) -> None:
        self._book = book
        self._mailbox = mailbox

    async def note_what_was_begun(self) -> None:
        """A delivery that was begun and has no end: we died in between, and it may be in the client's inbox (F1)."""

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            return [
                j.DeliveryInDoubt(
                    at=draft.at,
                    client=key,
                    letter_id=record.queued.letter_id,
                    to=to,
                    reason="the daemon stopped while it was being sent",
                )
                for key, record in self._book.history.active_letters()
                for to, delivery in record.deliveries.items()
                if delivery.status is Status.STARTED
            ]

        for entry in await self._book.record(step):
            if isinstance(entry, j.DeliveryInDoubt):
                events.doubt_found(entry.client, entry.letter_id)

    async def settle(self) -> None:
        """Look for letters in doubt by Message-ID in Sent and the inbox: what is there was sent.

        Not for those in copy: the letter itself lies there under the same Message-ID.
        """
        for key, record in self._book.history.active_letters():
            to = record.queued.to
            delivery = record.deliveries.get(to)
            if delivery is None or delivery.status is not Status.IN_DOUBT:
                continue
            if not await self._settle_one(key, record.queued.letter_id, to, delivery):
                return

    async def _settle_one(self, client: str, letter_id: str, to: str, delivery: Delivery) -> bool:
        """Settle one by evidence where there is any; False: the mailbox cannot be asked now."""
        try:
            found = await self._mailbox.find(delivery.message_id)
        except Unreachable:
            return False
        if found and await self._book.record(lambda draft: self._sent(draft, client, letter_id, to)):
            events.doubt_settled(client, letter_id)
        return True

    def _sent(self, draft: Draft, client: str, letter_id: str, to: str) -> Sequence[j.AnyEntry]:
        """Unless the owner or an answer settled it while we looked."""
        delivery = draft.of(client).letters[letter_id].deliveries[to]
        if delivery.status is not Status.IN_DOUBT:
            return ()
        return (j.DoubtSettled(at=draft.at, client=client, letter_id=letter_id, to=to, outcome="sent", by="evidence"),)
