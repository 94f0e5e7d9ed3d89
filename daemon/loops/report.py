"""The digest: once a day at the owner's hour, built from the book, sent like any letter, recorded when it left."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.history import Status
from daemon.domain.reports.digest import Digest, build
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book
from daemon.loops.health import Health
from daemon.loops.out_of_order import faults_of
from daemon.loops.owner_post import OwnerPost
from daemon.loops.post import Post
from daemon.loops.pulse import SENDING, pulse
from daemon.mail.letters.message import Attachment, Unsendable
from daemon.mail.letters.pack import Pack
from daemon.mail.owner.digest import call_tasks, compose, render

_DAY = timedelta(days=1)
_RETRY = timedelta(minutes=10)
_FIRST_READ = 120.0  # seconds after a start for which the digest waits until the mailbox was read
_GLANCE = 0.2  # seconds between two looks whether it was
_MOST_LETTERS = 10  # in one digest; `preview` shows all


class Reporter:
    """Writes the owner's digest."""

    def __init__(
        self,
        book: Book,
        owner_post: OwnerPost,
        packs: Mapping[str, Pack],
        post: Post,
        words: Callable[[str], str],
        health: Health,
    ) -> None:
        """Args:
        words: what the client wrote in a mail, by the mail's digest.
        """
        self._book = book
        self._words = words
        self._post = post
        self._owner_post = owner_post
        self._packs = packs
        self._health = health
        self._beat = pulse(health, "report")

    async def run(self) -> None:
        """For ever: wait for the hour, send, and again."""
        never = asyncio.Event()
        began = asyncio.get_running_loop().time()
        while True:
            moment = self.next_at()  # anew each time: we may wake days later, after a suspend
            if self._book.clock.now() < moment:
                await until(self._book.clock, moment, never, self._beat)
            elif self._is_unread() and asyncio.get_running_loop().time() - began < _FIRST_READ:
                self._beat()
                await asyncio.sleep(_GLANCE)
            elif not await self.send():
                await until(self._book.clock, self._book.clock.now() + _RETRY, never, self._beat)

    def _is_unread(self) -> bool:
        """Whether nobody has looked into the mailbox yet: a digest that is late anyway is to tell of the night."""
        return self._health.read_to_end_at is None and self._health.mailbox_fault is None

    def next_at(self) -> datetime:
        """The next moment for a digest: the owner's hour of the next day that has none yet (F63: once a day).

        It may lie in the past: after a start later in the day the digest comes at once.
        """
        owner, zone = self._book.ledger.owner, self._book.ledger.creditor.timezone
        now = self._book.clock.now().astimezone(zone)
        last = self._book.history.digest
        start = now.date() if last is None or last.on < now.date() else last.on + _DAY
        day = first_day(start, lambda d: d.weekday() in owner.digest_on)
        moment = datetime.combine(day, owner.digest_at, zone)
        earlier = moment.replace(fold=1)  # where the clocks are put forward over midnight, the later one is tomorrow
        days = [one.astimezone(UTC).astimezone(zone).date() for one in (moment, earlier)]
        return (earlier if day == days[1] != days[0] else moment).astimezone(UTC)

    def digest(self) -> Digest:
        """The digest as it would be sent now."""
        book, last = self._book, self._book.history.digest
        return build(
            book.ledger,
            book.history,
            today=book.today(),
            now=book.clock.now(),
            since=last.at if last else None,
            read_to_end_at=self._health.read_to_end_at,
            faults=tuple(f"{kind}: {why}" for kind, why in faults_of(book, self._health).items()),
            words=self._words,
        )

    async def send(self) -> bool:
        """Send today's digest and record it; False: try again later."""
        book = self._book
        self._beat(SENDING)
        if self._owner_post.is_behind("digest"):
            return await self._owner_post.caught_up("digest")
        digest, today, at = self.digest(), book.today(), book.clock.now()
        if digest.empty and not book.ledger.owner.digest_when_empty:
            return await self._record(j.DigestSent(at=at, on=today, items=(), empty=True))
        envelope = self._owner_post.envelope()
        pack = self._packs[book.ledger.creditor.language]
        zone = book.ledger.creditor.timezone
        content = compose(
            render(digest, book.ledger, pack, self._owner_post.buttons(envelope)),
            book.ledger,
            message_id=envelope.message_id,
            date=at.astimezone(zone),
            reply_to=envelope.reply_to,
            letters=self._letters_to_approve(at),
            tasks=call_tasks(digest, book.ledger, pack),
        )
        if (reason := await self._owner_post.send(content, f"digest-{today}")) is not None:
            events.digest_not_sent(reason)
            return False
        events.digest_sent(today, len(digest.items))
        # `at` is when it was built: what happened while it was being sent is news for the next one.
        sent = j.DigestSent(at=at, on=today, items=digest.items, token=envelope.kept)
        return await self._record(sent)

    async def _record(self, sent: j.DigestSent) -> bool:
        return await self._owner_post.record("digest", sent)

    def _letters_to_approve(self, now: datetime) -> list[Attachment]:
        """The letters that wait because of what they say: the owner reads them before the go."""
        book, found, first = self._book, [], []
        shows = (j.Wait.FIRST_START,) if book.ledger.first_start.show else ()
        for client, record in book.history.active_letters():
            queued = record.queued
            by_their_text = queued.waits_for in (j.Wait.APPROVAL, j.Wait.AMOUNT, j.Wait.FIRST_LETTER, *shows)
            if record.status is not Status.WAITING or not by_their_text or client not in book.ledger.clients:
                continue
            try:
                written = self._post.write(queued, book.ledger, book.history.of(client), now).rendered
            except (Unsendable, OSError) as reason:
                events.letter_unsendable(client, queued.letter_id, str(reason))
                continue
            text = f"{queued.to_name} <{queued.to}>\n{written.subject}\n\n{written.text}"
            if queued.waits_for is j.Wait.FIRST_START:
                first.append(f"{queued.letter_id}\n{text.strip()}\n")
                continue
            found.append(Attachment(name=f"{queued.letter_id} {queued.letter}.txt", content=text.encode()))
        if first:  # there may be hundreds: in one piece, to be read from top to bottom
            whole = f"\n{'-' * 72}\n\n".join(first)
            found.insert(0, Attachment(name="first letters.txt", content=whole.encode()))
        return found[:_MOST_LETTERS]
