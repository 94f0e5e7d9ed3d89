"""Copies that an earlier process had in its memory when it was killed, made good (F68)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from daemon.domain import journal as j
from daemon.domain.history import Status
from daemon.domain.history.kept_copies import Named, copies_named
from daemon.loops.book import Book
from daemon.mail.octets.parse import parse
from daemon.ports import Kept, Mailbox, Unreachable

_AT_ONCE = 20  # mails that are fetched between two looks at what is to be sent


class Copies:
    """Of letters: put ahead before they leave, kept once they are known to be sent.  Of mails: fetched once more.

    A letter may lie nowhere else, for its copy in Sent comes later; a mail lies in the mailbox still.

    Args:
        keep: how long copies are kept.
    """

    def __init__(self, book: Book, mailbox: Mailbox, keep: timedelta) -> None:
        self._book = book
        self._mailbox = mailbox
        self._keep = keep
        self._missing: list[Named] | None = None  # None: not looked for yet

    def put_ahead(self, queued: j.LetterQueued, content: bytes) -> None:
        """Before it is begun: without room for its copy a letter does not leave.

        Raises:
            DiskTrouble: no room, or read-only.
        """
        self._book.archive.put_ahead(Kept(queued.client, letter_copy(queued.letter_id), content))

    async def make_good(self) -> bool:
        """Keep what is known to be sent by now, and fetch what is missing; False: there is more to be fetched.

        Call it while no letter is under way.

        Raises:
            DiskTrouble: the archive takes no more at present.
        """
        await self._keep_what_was_sent()
        try:
            return await self._fetch_some()
        except Unreachable:
            return True  # nothing depends on it: another time

    async def _keep_what_was_sent(self) -> None:
        archive = self._book.archive
        for name in archive.ahead():
            letter_id = name.removeprefix("letter-").removesuffix(".eml")
            known = self._book.history.clients.get(letter_id.rpartition("-")[0])
            record = known.letters.get(letter_id) if known else None
            status = record.status if record else None
            if status in (Status.STARTED, Status.IN_DOUBT):
                continue
            # Failed: it bounced before we looked.
            content = archive.find_ahead(name) if status in (Status.SENT, Status.FAILED) else None
            if known is None or content is None:
                archive.drop_ahead(name)
            else:
                await self._book.keeper.keep([Kept(known.client, name, content)])

    async def _fetch_some(self) -> bool:
        if self._missing is None:
            book = self._book
            named = copies_named(book.before, book.history, book.clock.now() - self._keep)
            book.before.clear()
            self._missing = await asyncio.to_thread(self._lacking, named)
        for one in self._missing[:_AT_ONCE]:
            if self._book.history.of(one.client).forgotten:  # since they were looked for
                self._missing.pop(0)
                continue
            content = await self._mailbox.fetch_again(one.message_id, one.place)
            self._missing.pop(0)
            if content is not None and (not one.mail or parse(content).digest == one.mail):
                await self._book.keeper.keep([Kept(one.client, one.name, content)])
        return not self._missing

    def _lacking(self, named: list[Named]) -> list[Named]:
        """Those of which there is no copy."""
        return [one for one in named if self._book.archive.find(one.name) is None]


def letter_copy(letter_id: str) -> str:
    """The name of a letter in the archive."""
    return f"letter-{letter_id}.eml"
