"""Letters out: connect, read the mailbox, still due?, durable, MAIL RCPT DATA, record.  In this order, always."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.ladder.outcome import OUR_LONG_RETRY, OUR_RETRY
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book
from daemon.loops.copies import Copies
from daemon.loops.departures import Departure, departures
from daemon.loops.doubts import Doubts
from daemon.loops.gate import Gate
from daemon.loops.health import Health
from daemon.loops.listen import DATA_WITHIN, Listener
from daemon.loops.post import Post
from daemon.loops.pulse import SENDING, pulse
from daemon.loops.verdicts import Verdicts, tell
from daemon.mail.letters.message import Unsendable
from daemon.ports import Deferred, DiskTrouble, Line, Mailbox, Parcel, Refused, Relay, Unreachable

_DISK_PAUSE = timedelta(seconds=30)
_LOOK_AGAIN = timedelta(minutes=15)  # at letters that might have left and did not


class Deliverer:
    """Takes queued letters to the relay when their hour has come."""

    def __init__(
        self,
        book: Book,
        relay: Relay,
        mailbox: Mailbox,
        listener: Listener,
        post: Post,
        health: Health,
        *,
        stop: asyncio.Event,
        workers: int,
        file_sent: bool,
        keep: timedelta = timedelta(days=1095),
    ) -> None:
        self._book = book
        self._relay = relay
        self._listener = listener
        self._post = post
        self._health = health
        self._beat = pulse(health, "deliver")
        self._workers = max(workers, 1)
        self._stop = stop
        self._doubts = Doubts(book, mailbox)
        self._not_before: datetime | None = None  # the relay or the disk is out of reach: nothing is tried until then
        self._gate = Gate(book)
        self._verdicts = Verdicts(book, mailbox, file_sent=file_sent, out_of_reach=self._relay_is_out_of_reach)
        self._copies = Copies(book, mailbox, keep)
        self._noted = False  # what an earlier process began is noted as in doubt
        self.idle = asyncio.Event()  # set while there is nothing to do before the next appointment

    async def run(self) -> None:
        """Until the stop: take what is due, wait for the next hour or for news."""
        bell = self._book.bell.listen()
        self._gate.count_begun()
        while not self._stop.is_set():
            moment = await self.run_once()
            if self._stop.is_set():
                return
            self.idle.set()
            await until(self._book.clock, moment, bell, self._beat)
            self.idle.clear()

    async def run_once(self) -> datetime | None:
        """Deliver everything whose time has come; return when to look again (None: when something changes)."""
        now = self._book.clock.now()
        if self._not_before is not None and now < self._not_before:
            return self._not_before
        self._not_before = None
        self._beat(SENDING)
        try:
            return await self._deliver_what_is_due(now)
        except DiskTrouble as trouble:
            self._disk_is_full(trouble)
            return self._not_before

    async def _deliver_what_is_due(self, now: datetime) -> datetime | None:
        if not self._noted:
            await self._doubts.note_what_was_begun()
            self._noted = True
        await self._verdicts.record_the_rest()
        await self._doubts.settle()
        waiting = departures(self._book.ledger, self._book.history, now)
        due = [departure for departure in waiting if departure.at <= now]
        if due:
            await self._deliver_all([departure for departure in due if not self._gate.has_no_room(departure)])
            waiting = departures(self._book.ledger, self._book.history, self._book.clock.now())
        await self._verdicts.file_copies()
        all_kept = await self._copies.make_good()
        # Some may have stayed, because the day was full or the window closed: their time is over without any news.
        looked_at = {(departure.record.queued.letter_id, departure.to) for departure in due}
        later = [
            now + _LOOK_AGAIN if (departure.record.queued.letter_id, departure.to) in looked_at else departure.at
            for departure in waiting
        ]
        later += [] if all_kept else [now]
        return min([*later, *([self._not_before] if self._not_before else [])], default=None)

    async def _deliver_all(self, due: Sequence[Departure]) -> None:
        """As many at a time as there are lines.  A letter never overtakes another one of its client."""
        turns: dict[str, list[Departure]] = {}
        for departure in due:
            turns.setdefault(departure.record.queued.client, []).append(departure)
        clients = iter(turns.values())

        async def work() -> None:
            for group in clients:
                for departure in group:
                    if self._not_before is not None or self._stop.is_set():
                        return
                    self._beat(SENDING)
                    await self._deliver(departure)

        async with asyncio.TaskGroup() as workers:
            for _ in range(min(self._workers, len(turns))):
                workers.create_task(work())

    async def _deliver(self, departure: Departure) -> None:
        """One letter to one recipient, or the reason why it does not leave."""
        try:
            if departure.expired:
                tell(await self._book.record(self._gate.withdraw(departure)))
            else:
                await self._send(departure)
        except Unreachable as trouble:
            self._health.mailbox_fault = str(trouble)
            self._wait(OUR_RETRY / 5)
        except DiskTrouble as trouble:
            self._disk_is_full(trouble)

    async def _send(self, departure: Departure) -> None:
        queued = departure.record.queued
        if queued.client not in self._book.ledger.clients:  # since a reload a moment ago
            tell(await self._book.record(self._gate.begin(departure)))
            return
        try:
            content = self._content(departure)
        except (Unsendable, OSError) as reason:
            events.letter_unsendable(queued.client, queued.letter_id, str(reason))
            await self._book.record(self._gate.hold_unsendable(departure, str(reason)))
            return
        async with self._relay.line() as line:
            if isinstance(line, Deferred | Refused):
                self._relay_is_out_of_reach(line)
                return
            self._health.relay_fault = None
            if not self._stop.is_set():  # the pace may have kept us waiting
                await self._offer(line, departure, content)

    def _content(self, departure: Departure) -> bytes:
        queued = departure.record.queued
        history = self._book.history.of(queued.client)
        return self._post.write(queued, self._book.ledger, history, self._book.clock.now()).content

    async def _offer(self, line: Line, departure: Departure, content: bytes) -> None:
        queued, to, ledger = departure.record.queued, departure.to, self._book.ledger
        if to == queued.to:
            self._copies.put_ahead(queued, content)
        read_at = await self._listener.fresh()
        if asyncio.get_running_loop().time() > read_at + DATA_WITHIN:  # the next one may be read faster
            self._wait(OUR_RETRY / 5)
            return
        begun = await self._book.record(self._gate.begin(departure))
        if not begun or not isinstance(begun[0], j.DeliveryStarted):
            tell(begun)
            return
        parcel = Parcel(
            sender=self._book.ledger.creditor.email,
            recipient=self._post.redirect or to,
            content=content,
            envelope_id=self._book.token_of(queued.letter_id),
            called_off=self._gate.news_since(begun[0], departure, ledger),
        )
        answer = await line.submit(parcel, read_at + DATA_WITHIN)
        await self._verdicts.record(departure, ledger, answer, content)

    def _relay_is_out_of_reach(self, answer: Deferred | Refused) -> None:
        self._health.relay_fault = answer.reason
        self._wait(OUR_LONG_RETRY if isinstance(answer, Refused) else OUR_RETRY)
        assert self._not_before is not None
        events.relay_unreachable(answer.reason, self._not_before)

    def _disk_is_full(self, trouble: DiskTrouble) -> None:
        self._health.disk_fault = str(trouble)
        events.disk_trouble(str(trouble))
        self._wait(_DISK_PAUSE)

    def _wait(self, pause: timedelta) -> None:
        self._not_before = self._book.clock.now() + pause
