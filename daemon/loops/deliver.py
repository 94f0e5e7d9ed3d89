"""Letters out: connect, read the mailbox, still due?, durable, MAIL RCPT DATA, record.  In this order, always."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from daemon.domain import journal as j
from daemon.domain.case import Case
from daemon.domain.decide import still_due
from daemon.domain.history import Status
from daemon.domain.outcome import OUR_LONG_RETRY, OUR_RETRY, outcome
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book, Draft
from daemon.loops.departures import Departure, departures, is_open
from daemon.loops.doubts import Doubts
from daemon.loops.keep import Keeper
from daemon.loops.listen import Listener
from daemon.loops.post import Post
from daemon.mail.message import Unsendable
from daemon.mail.token import message_id
from daemon.ports import (
    Accepted,
    Deferred,
    DiskTrouble,
    Fault,
    Health,
    Kept,
    Line,
    Mailbox,
    Parcel,
    Refused,
    Relay,
    Submission,
    Unreachable,
)

DATA_WITHIN = 10.0  # seconds between a read of the mailbox to its end and DATA (promise 2)
_DISK_PAUSE = timedelta(seconds=30)
_SENDING = 900.0  # seconds that one letter may take without a sign of life: the server has 600 for its answer (F2)


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
    ) -> None:
        self._book = book
        self._relay = relay
        self._mailbox = mailbox
        self._listener = listener
        self._post = post
        self._health = health
        self._workers = max(workers, 1)
        self._file_sent = file_sent
        self._stop = stop
        self._doubts = Doubts(book, mailbox)
        self._not_before: datetime | None = None  # the relay or the disk is out of reach: nothing is tried until then
        self._begun: Counter[tuple[str, date]] = Counter()  # letters by policy and day
        self._copies: list[tuple[str, bytes]] = []  # accepted, and not yet in Sent
        self._keeper = Keeper(book.archive, health)
        self._unrecorded: list[tuple[Departure, Submission, bytes]] = []  # answers that the disk had no room for (F60)
        self._noted = False  # what an earlier process began is noted as in doubt
        self.idle = asyncio.Event()  # set while there is nothing to do before the next appointment

    async def run(self) -> None:
        """Until the stop: take what is due, wait for the next hour or for news."""
        bell = self._book.bell.listen()
        self._count_begun()
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
        self._beat(_SENDING)
        try:
            return await self._deliver_what_is_due(now)
        except DiskTrouble as trouble:
            self._disk_is_full(trouble)
            return self._not_before

    async def _deliver_what_is_due(self, now: datetime) -> datetime | None:
        if not self._noted:
            await self._doubts.note_what_was_begun()
            self._noted = True
        await self._record_answers()
        await self._doubts.settle()
        waiting = departures(self._book.ledger, self._book.history, now)
        due = [departure for departure in waiting if departure.at <= now]
        if due:
            await self._deliver_all(due)
        await self._file_copies()
        later = [departure.at for departure in waiting if departure.at > now]
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
                    self._beat(_SENDING)
                    await self._deliver(departure)

        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(min(self._workers, len(turns))):
                    workers.create_task(work())
        finally:
            await self._keeper.finish()

    async def _deliver(self, departure: Departure) -> None:
        """One letter to one recipient, or the reason why it does not leave."""
        try:
            if departure.expired:
                await self._withdraw(departure)
            else:
                await self._send(departure)
        except Unreachable as trouble:
            self._health.mailbox_fault = str(trouble)
            self._wait(OUR_RETRY / 5)
        except DiskTrouble as trouble:
            self._disk_is_full(trouble)

    async def _send(self, departure: Departure) -> None:
        queued = departure.record.queued
        try:
            content = self._content(departure)
        except (Unsendable, OSError) as reason:
            events.letter_unsendable(queued.client, queued.letter_id, str(reason))
            await self._hold_unsendable(departure, str(reason))
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
        queued, to = departure.record.queued, departure.to
        read_at = await self._listener.fresh()
        begun = await self._book.record(lambda draft: self._begin(draft, departure))
        if not begun or not isinstance(begun[0], j.DeliveryStarted):
            self._tell(begun)
            return
        parcel = Parcel(
            sender=self._book.ledger.creditor.email,
            recipient=self._post.redirect or to,
            content=content,
            envelope_id=self._book.token_of(queued.letter_id),
            called_off=self._news_since(self._book.history.count, departure),
        )
        answer = await line.submit(parcel, read_at + DATA_WITHIN)
        await self._record_answer(departure, answer, content)

    async def _record_answer(self, departure: Departure, answer: Submission, content: bytes) -> None:
        try:
            recorded = await self._book.record(lambda draft: self._finish(draft, departure, answer))
        except DiskTrouble:
            self._unrecorded.append((departure, answer, content))
            raise
        await self._after(departure, answer, content)
        self._tell(recorded)

    async def _record_answers(self) -> None:
        """Answers that we know and could not write down; were we to end before, they would be in doubt."""
        waiting, self._unrecorded = self._unrecorded, []
        for position, (departure, answer, content) in enumerate(waiting):
            try:
                await self._record_answer(departure, answer, content)
            except DiskTrouble:
                self._unrecorded += waiting[position + 1 :]
                raise

    def _news_since(self, count: int, departure: Departure) -> Callable[[], bool]:
        """Whether what was learned while MAIL and RCPT were said keeps the letter back (promise 2)."""
        queued, ledger = departure.record.queued, self._book.ledger

        def called_off() -> bool:
            if self._book.history.count == count and self._book.ledger is ledger:
                return False
            if queued.client not in self._book.ledger.clients:
                return True
            case = self._book.case(queued.client, setting_aside=queued.letter_id)
            record = case.history.letters[queued.letter_id]
            return still_due(case, record, self._book.today(queued.client), self._book.clock.now()) is not None

        return called_off

    def _begin(self, draft: Draft, departure: Departure) -> Sequence[j.AnyEntry]:
        """Still due, on what is known this instant?  Then it begins; else it is withdrawn."""
        queued, to = departure.record.queued, departure.to
        if queued.client not in self._book.ledger.clients:
            return (self._withdrawn(draft, queued, "the client is no longer in the books"),)
        case = draft.case(queued.client, setting_aside=queued.letter_id)
        record = case.history.letters[queued.letter_id]
        today = self._book.today(queued.client)
        if to == queued.to and record.status is not Status.QUEUED:
            return ()
        if to == queued.to and to not in record.deliveries and self._day_is_full(case):
            return ()
        if not is_open(case, self._book.clock.now()):
            return ()  # the pace has kept us waiting until the window closed
        reason = still_due(case, record, today, draft.at)
        if reason is not None:
            return (self._withdrawn(draft, queued, reason),) if to == queued.to else ()
        known = record.deliveries.get(to)
        if to == queued.to and known is None:
            self._begun[case.policy.name, today] += 1
        return (
            j.DeliveryStarted(
                at=draft.at,
                client=queued.client,
                letter_id=queued.letter_id,
                to=to,
                on=today,
                attempt=known.attempts + 1 if known else 1,
                message_id=message_id(
                    self._book.token_of(queued.letter_id), self._book.ledger.creditor.email.rpartition("@")[2]
                ),
            ),
        )

    def _day_is_full(self, case: Case) -> bool:
        """`per_day` letters of this policy have begun today; the rest gets another day."""
        return self._begun[case.policy.name, self._book.today(case.client.key)] >= case.policy.per_day

    def _count_begun(self) -> None:
        """Letters begun before we started count towards their day's limit, too."""
        for key, history in self._book.history.clients.items():
            if key in self._book.ledger.clients:
                policy = self._book.ledger.clients[key].policy
                for record in history.letters.values():
                    if record.counts:
                        self._begun[policy, record.on] += 1

    def _finish(self, draft: Draft, departure: Departure, answer: Submission) -> Sequence[j.AnyEntry]:
        queued = departure.record.queued
        case = draft.case(queued.client, setting_aside=queued.letter_id)
        record = case.history.letters[queued.letter_id]
        return outcome(case, record, departure.to, answer, self._book.today(queued.client), draft.at)

    async def _after(self, departure: Departure, answer: Submission, content: bytes) -> None:
        queued = departure.record.queued
        if isinstance(answer, Accepted):
            events.letter_accepted(queued.client, queued.letter_id)
            if departure.to == queued.to:
                if self._file_sent:
                    self._copies.append((queued.letter_id, content))
                await self._keeper.keep(Kept(queued.client, f"letter-{queued.letter_id}.eml", content))
            return
        reason = getattr(answer, "reason", "the mailbox was read too long ago")
        events.letter_not_accepted(queued.client, queued.letter_id, type(answer).__name__, reason)
        if (isinstance(answer, Deferred) and answer.ours) or (
            isinstance(answer, Refused) and answer.fault is Fault.OURS
        ):
            self._relay_is_out_of_reach(answer)

    # -- small parts --------------------------------------------------------------------------------------------

    async def _withdraw(self, departure: Departure) -> None:
        queued = departure.record.queued

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            record = draft.book.history.of(queued.client).letters[queued.letter_id]
            return (self._withdrawn(draft, queued, "its day has passed"),) if record.status is Status.QUEUED else ()

        self._tell(await self._book.record(step))

    async def _hold_unsendable(self, departure: Departure, reason: str) -> None:
        """A letter that cannot be written is our fault: it is withdrawn, and the owner is told what to change."""
        queued = departure.record.queued

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            case = draft.case(queued.client)
            hold = j.HoldPlaced(
                at=draft.at,
                client=queued.client,
                hold_id=f"{queued.client}-h{case.history.holds_made + 1}",
                numbers=departure.record.numbers,
                because=j.Because.REFUSED,
                on=self._book.today(queued.client),
                review_on=self._book.today(queued.client),
                note=reason,
            )
            return (self._withdrawn(draft, queued, f"cannot be written: {reason}"), hold)

        await self._book.record(step)

    def _withdrawn(self, draft: Draft, queued: j.LetterQueued, because: str) -> j.LetterWithdrawn:
        return j.LetterWithdrawn(at=draft.at, client=queued.client, letter_id=queued.letter_id, because=because)

    async def _file_copies(self) -> None:
        while self._copies:
            letter_id, content = self._copies[0]
            try:
                await self._mailbox.file_sent(content)
            except Unreachable as trouble:
                events.sent_copy_missing(letter_id, str(trouble))
                return
            self._copies.pop(0)

    def _relay_is_out_of_reach(self, answer: Deferred | Refused) -> None:
        self._health.relay_fault = answer.reason
        self._wait(OUR_LONG_RETRY if isinstance(answer, Refused) else OUR_RETRY)
        assert self._not_before is not None
        events.relay_unreachable(answer.reason, self._not_before)

    def _disk_is_full(self, trouble: DiskTrouble) -> None:
        self._health.disk_fault = str(trouble)
        events.disk_trouble(str(trouble))
        self._wait(_DISK_PAUSE)

    def _beat(self, busy_for: float = 0.0) -> None:
        """A sign of life, good for `busy_for` seconds more: what we wait for then has a limit of its own."""
        self._health.beats["deliver"] = asyncio.get_running_loop().time() + busy_for

    def _wait(self, pause: timedelta) -> None:
        self._not_before = self._book.clock.now() + pause

    def _tell(self, entries: Sequence[j.AnyEntry]) -> None:
        for entry in entries:
            if isinstance(entry, j.LetterWithdrawn):
                events.letter_withdrawn(entry.client, entry.letter_id, entry.because)
            elif isinstance(entry, j.CallSuggested):
                events.call_suggested(entry.client, entry.call_id, entry.because)
