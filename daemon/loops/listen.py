"""The mailbox: every mail once, in the journal before anything else happens."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from functools import partial

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival
from daemon.domain.answers.react import react, unmatched
from daemon.domain.books.directory import Directory
from daemon.domain.books.reading import Evidence, Kind, Match, Reading
from daemon.domain.incoming.sending import Sending
from daemon.loops import events
from daemon.loops.book import Book, Draft, Step
from daemon.loops.health import Health
from daemon.loops.lost import LostLetters, Seen, tell_recovered
from daemon.loops.orders import Judgement, OrderDesk, tell
from daemon.loops.pulse import pulse, rest
from daemon.loops.sendings import SendingDesk, says_more, tell_proposed
from daemon.mail.read import Reader
from daemon.ports import Batch, Cursor, DiskTrouble, Fetched, Kept, Mailbox, Unreachable

DATA_WITHIN = 10.0  # seconds between a read of the mailbox to its end and DATA (promise 2)
FRESH = 4.0  # seconds for which one read to the end serves further letters
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 300.0  # seconds between attempts to reach the mailbox
_ALERT_AFTER = 3  # failures in a row before the fault is shown; a dropped line alone is no news (F27)
_SLOW = 2  # reads in a row that took too long, before that is a fault
_EARLIER = timedelta(days=2)  # than the day of the last mail: servers go by a day of their own (RFC 3501 6.4.4)
_READING = 360.0  # seconds that one read or wait may take without a sign of life; the mailbox gives up before (F35)
_BREATH = 20  # mails that are read between two looks at the event loop
_IDLE = 10.0  # seconds of one wait; IDLE goes on below it


class Listener:
    """Reads inbox, Junk, Sent and the watched folders; `fresh` reads them to their end right before a letter."""

    def __init__(
        self,
        book: Book,
        mailbox: Mailbox,
        reader: Reader,
        health: Health,
        order_desk: OrderDesk | None = None,
        sending_desk: SendingDesk | None = None,
    ) -> None:
        """Args:
        order_desk: takes the owner's orders by mail; None: nobody may order.
        sending_desk: finds the invoices that the owner sends by hand; None: nobody looks.
        """
        self._book = book
        self._order_desk = order_desk
        self._sending_desk = sending_desk
        self._lost = LostLetters(book)
        self._mailbox = mailbox
        self._reader = reader
        self._health = health
        self._beat = pulse(health, "listen")
        self._one_at_a_time = asyncio.Lock()
        self._read_at = float("-inf")  # event loop's time at which the last read reached the first folder's end
        self._failures = 0
        self._slow = 0  # reads in a row that took longer than a letter may wait for its DATA

    async def run(self) -> None:
        """For ever: read to the end, wait for news."""
        while True:
            self._beat(_READING)
            try:
                await self.read_to_end()
                await self._mailbox.wait(_IDLE)
            except Unreachable as trouble:
                await self._pause_after(trouble)
            except DiskTrouble as trouble:
                self._health.disk_fault = str(trouble)
                events.disk_trouble(str(trouble))
                await asyncio.sleep(_FIRST_PAUSE)

    async def fresh(self) -> float:
        """Read to the end unless that was done a moment ago.

        Returns:
            The event loop's time of the read: what a client sent before it is known.

        Raises:
            Unreachable: the mailbox cannot be read; letters wait.
        """
        loop = asyncio.get_running_loop()
        if loop.time() - self._read_at > FRESH:
            async with self._one_at_a_time:
                if loop.time() - self._read_at > FRESH:
                    await self._read()
        return self._read_at

    async def read_to_end(self) -> None:
        async with self._one_at_a_time:
            await self._read()
        try:
            if self._sending_desk is not None:
                await self._sending_desk.look_again(self._read_mail)
        except DiskTrouble:
            raise
        except Exception as bug:  # ours: what lies in the mailbox is read all the same
            events.sending_not_read(type(bug).__name__)

    async def _read(self) -> None:
        loop = asyncio.get_running_loop()
        started = loop.time()
        async with contextlib.aclosing(self._mailbox.read(self._cursors())) as batches:
            async for batch in batches:
                self._beat(_READING)
                await self._take_in(batch)
        # Conservative: a mail that came to the first folder while the last was read is not known yet.
        self._read_at = started
        self._health.read_to_end_at = self._book.clock.now()
        self._health.mailbox_fault = self._slowness(loop.time() - started)
        self._health.disk_fault = self._book.disk_fault
        if self._failures:
            events.mailbox_reached(list(self._book.history.cursors))
        self._failures = 0

    def _cursors(self) -> dict[str, Cursor]:
        """Up to where each folder was read, and from which day on to look where that says nothing any more."""
        history = self._book.history
        begun = history.begun.at.date() if history.begun is not None else date.min
        return {
            folder: Cursor(*cursor, max(history.read_on[folder] - _EARLIER, begun))
            for folder, cursor in history.cursors.items()
        }

    def _slowness(self, took: float) -> str | None:
        """Why no letter can leave although the mailbox is read; one read with very much to take in is no such fault."""
        self._slow = self._slow + 1 if took > DATA_WITHIN else 0
        if self._slow < _SLOW:
            return None
        if self._slow == _SLOW:
            events.mailbox_slow(took)
        return f"to read it takes {took:.0f} seconds, and a letter has to leave within {DATA_WITHIN:.0f} of the reading"

    async def _take_in(self, batch: Batch) -> None:
        """One batch, one append: what follows from each mail and that it was read."""
        readings = []
        for count, mail in enumerate(batch.mails, start=1):
            readings.append((mail, self._read_mail(mail)))
            if count % _BREATH == 0:
                await asyncio.sleep(0)
        # Handed over before they are spoken of, and not waited for: the mail still lies in the mailbox.
        await self._book.keeper.keep(text for mail, reading in readings for text in self._worth_keeping(mail, reading))
        steps = [await self._looked_at(batch, *one) for one in readings]
        if not steps or batch.mails[-1].uid != batch.last_uid:
            steps.append(self._cursor_step(batch))
        recorded = await self._book.record_all(steps)
        for (mail, reading), entries in zip(readings, recorded, strict=False):
            _tell(batch.folder, mail, reading, entries)

    def _read_mail(self, mail: Fetched) -> Reading:
        return self._reader.read(mail.content, self._book.directory, self._book.clock.now().astimezone(UTC).date())

    def _worth_keeping(self, mail: Fetched, reading: Reading) -> list[Kept]:
        """The mail, where it is about a client."""
        client = reading.match.client or (reading.match.clients[0] if reading.match.clients else None)
        if client is None or reading.mail in self._book.history.mails or reading.kind is Kind.OWN:
            return []
        return [Kept(client, f"mail-{reading.mail}.eml", mail.content)]

    async def _looked_at(self, batch: Batch, mail: Fetched, reading: Reading) -> Step:
        """The step of one mail, with what has to be asked elsewhere before: whose orders it holds, what it sends."""
        if not mail.content:  # nothing of it tells it from another one that the server does not give (F38)
            place = f"{batch.folder} {batch.uidvalidity} {mail.uid}"
            reading = replace(reading, mail=hashlib.blake2b(place.encode(), digest_size=16).hexdigest())
        try:
            judged = await self._order_desk.judge(mail, reading) if self._order_desk else None
            sending = await self._sending(batch, mail, reading) if judged is None else None
            in_sent = reading.kind is Kind.OWN and await self._is_sent(batch)
            return self._step(batch, mail, reading, judged, sending, self._lost.seen_in(mail.content, in_sent=in_sent))
        except Unreachable:
            raise
        except Exception as bug:  # ours; as in a step
            events.reaction_failed(batch.folder, mail.uid, bug)
            return self._step(batch, mail, as_unreadable(reading, bug), None, None, ())

    async def _sending(self, batch: Batch, mail: Fetched, reading: Reading) -> Sending | None:
        if self._sending_desk is None or not reading.by_owner:
            return None
        whole = partial(self._mailbox.whole, batch.folder, batch.uidvalidity, mail.uid)
        return await self._sending_desk.look(mail, reading, whole, in_sent=await self._is_sent(batch))

    async def _is_sent(self, batch: Batch) -> bool:
        return batch.folder == (await self._mailbox.folders()).get("sent")

    def _step(
        self,
        batch: Batch,
        mail: Fetched,
        reading: Reading,
        judged: Judgement | None,
        sending: Sending | None,
        seen: Seen,
    ) -> Step:
        if judged is not None and judged.filed:  # the mail itself comes to the inbox, and counts there
            reading = replace(reading, mail="", kind=Kind.OWN)
        reading = self._lost.as_answered(reading, seen)

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            read = j.MailRead(
                at=draft.at, folder=batch.folder, uidvalidity=batch.uidvalidity, uid=mail.uid, mail=reading.mail
            )
            known = draft.knows(reading.mail) or not reading.mail
            if known and sending is None:
                return (read,)
            try:
                desk = self._sending_desk
                proposed = desk.entries(draft, reading, sending) if desk is not None and sending is not None else ()
                if known:  # it counted when it was seen before, and nothing proved then whose it is
                    return (*proposed, read)
                lost = self._lost.entries(draft, reading.mail, seen)
                if judged is not None and self._order_desk is not None:
                    ordered = self._order_desk.entries(draft, reading, judged)
                    return (*lost, *ordered, *(self._follows(draft, reading) if judged.is_theirs else ()), read)
                goes_on = sending is None or says_more(reading, proposed)
                return (*lost, *proposed, *(self._follows(draft, reading) if goes_on else ()), read)
            except Exception as bug:  # ours; the mail must neither stop the folder nor be passed over in silence
                events.reaction_failed(batch.folder, mail.uid, bug)
                return (read,) if known else (*self._follows(draft, as_unreadable(reading, bug)), read)

        return step

    def _follows(self, draft: Draft, reading: Reading) -> list[j.AnyEntry]:
        """What follows from a mail, for the client it is about, or for each that shares the address it came from."""
        book = self._book
        match = reading.match
        by_them = match.known_sender or match.evidence is Evidence.NUMBER
        several = match.clients if reading.kind in (Kind.REPLY, Kind.UNREADABLE) and by_them else ()
        clients = (match.client,) if match.client else several
        here = [client for client in clients if client in book.ledger.clients]
        if not here:
            return list(unmatched(reading, book.today(), draft.at))
        found: list[j.AnyEntry] = []
        for client in here:
            its = reading if match.client else replace(reading, match=_part_of(match, client, book.directory))
            found += react(draft.case(client), Arrival(reading=its, today=book.today(client), at=draft.at))
        return found

    def _cursor_step(self, batch: Batch) -> Step:
        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            here = draft.book.history.cursors.get(batch.folder)
            if here == (batch.uidvalidity, batch.last_uid):
                return ()
            return (
                j.MailRead(
                    at=draft.at, folder=batch.folder, uidvalidity=batch.uidvalidity, uid=batch.last_uid, mail=""
                ),
            )

        return step

    async def _pause_after(self, trouble: Unreachable) -> None:
        self._failures += 1
        pause = min(_FIRST_PAUSE * (1 << min(self._failures - 1, 10)), _LONGEST_PAUSE)
        if trouble.ours or self._failures >= _ALERT_AFTER:
            self._health.mailbox_fault = str(trouble)
        if trouble.died:
            self._health.reader_died = self._book.clock.now()
        events.mailbox_unreachable(str(trouble), trouble.ours, pause)
        await rest(pause, self._beat)


def _part_of(match: Match, client: str, directory: Directory) -> Match:
    """What a match with several clients says about one of them."""
    numbers = tuple(number for number in match.numbers if client in directory.numbers.get(number, ()))
    return replace(match, client=client, numbers=numbers)


def as_unreadable(reading: Reading, bug: Exception) -> Reading:
    """The same mail, of which we understand no more than whom it is from: that holds letters back and is shown."""
    return replace(reading, kind=Kind.UNREADABLE, intent=None, because=(f"{type(bug).__name__} in reacting to it",))


def _tell(folder: str, mail: Fetched, reading: Reading, entries: Sequence[j.AnyEntry]) -> None:
    tell(entries)
    tell_recovered(entries)
    tell_proposed(entries)
    if len(entries) > 1:
        intent = reading.intent.value if reading.intent else None
        events.mail_read(folder, mail.uid, reading.kind.value, reading.match.client, intent)
    for entry in entries:
        if isinstance(entry, j.CallSuggested):
            events.call_suggested(entry.client, entry.call_id, entry.because)
        elif isinstance(entry, j.DoubtSettled):
            events.doubt_settled(entry.client, entry.letter_id)
