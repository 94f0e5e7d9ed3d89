"""The planner: what is due today becomes letters, calls and questions, however often it is asked."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TypeGuard

from daemon.domain import journal as j
from daemon.domain.history import Status, letters_from
from daemon.domain.history.first_start import FirstRoom, is_first
from daemon.domain.ladder.decide import Decided, Decision, decide_letters
from daemon.domain.ladder.flood import floods, waiting_for_go
from daemon.domain.ladder.notice import notice, vanished
from daemon.loops import events
from daemon.loops.bell import until
from daemon.loops.book import Book, Draft
from daemon.loops.health import Health
from daemon.loops.pulse import pulse
from daemon.ports import DiskTrouble

_DAY = timedelta(days=1)
_DISK_PAUSE = timedelta(seconds=30)
_BREATH = 200  # clients between two looks at the event loop


class Planner:
    """Asks the rules about every client, each day and whenever something has changed."""

    def __init__(self, book: Book, health: Health, keep: timedelta = timedelta(days=1095)) -> None:
        """Args:
        keep: how long texts and mails are kept beside the journal.
        """
        self._book = book
        self._health = health
        self._alive = pulse(health, "plan")
        self._keep = keep

    async def run(self) -> None:
        """For ever: plan, then wait for the next midnight of any client, or for news."""
        bell = self._book.bell.listen()
        midnight = self._book.clock.now()
        while True:
            bell.clear()
            try:
                if self._book.clock.now() >= midnight:
                    self._book.touched.update(self._book.ledger.clients)
                    midnight = self._next_midnight()
                    await asyncio.to_thread(self._book.archive.expire, self._book.clock.now() - self._keep)
                await self.run_once()
                moment = midnight
            except DiskTrouble as trouble:
                self._health.disk_fault = str(trouble)
                events.disk_trouble(str(trouble))
                self._book.touched.update(self._book.ledger.clients)
                moment = self._book.clock.now() + _DISK_PAUSE
            await until(self._book.clock, moment, bell, self._alive)

    async def run_once(self) -> Sequence[j.AnyEntry]:
        """Notice what the books tell and decide, for each client of whom something is new; return what was recorded."""
        book = self._book
        if book.history.begun is None:
            await book.record(self._begin)
        recorded: list[j.AnyEntry] = []
        for key in [key for key in book.history.clients if key not in book.ledger.clients]:
            if self._gone(Draft(book), key):
                recorded += await book.record(partial(self._gone, key=key))
        keys = [key for key in book.ledger.clients if key in book.touched]
        book.touched.clear()
        decisions = {}
        for count, key in enumerate(keys):
            if count % _BREATH == _BREATH - 1:
                self._alive()
                await asyncio.sleep(0)
            if self._notice(Draft(book), key):
                recorded += await book.record(partial(self._notice, key=key))
            decision = decide_letters(book.case(key), book.today(key), book.clock.now())
            if decision.entries:
                decisions[key] = decision
        flooded = floods(book.ledger, decisions)
        room, first = self._room(), self._first_room(decisions)
        for key in decisions:
            self._alive()
            if key in book.ledger.clients:
                recorded += await book.record(partial(self._decide, key=key, flooded=flooded, room=room, first=first))
        for entry in recorded:
            if isinstance(entry, j.LetterQueued):
                waits = entry.waits_for.value if entry.waits_for else None
                events.letter_queued(entry.client, entry.letter_id, entry.letter, entry.on, waits)
            elif isinstance(entry, j.CallSuggested):
                events.call_suggested(entry.client, entry.call_id, entry.because)
            elif isinstance(entry, j.LetterWithdrawn):
                events.letter_withdrawn(entry.client, entry.letter_id, entry.because)
        return recorded

    def _begin(self, draft: Draft) -> Sequence[j.AnyEntry]:
        today, sends = self._book.today(), self._book.ledger.first_start_sends
        events.first_start(today, not sends)
        return (j.JournalBegun(at=draft.at, on=today, sends=sends),)

    def _notice(self, draft: Draft, key: str) -> Sequence[j.AnyEntry]:
        if key not in self._book.ledger.clients:
            return ()
        return notice(draft.case(key), self._book.ledger.by_client[key], self._book.today(key), draft.at)

    def _gone(self, draft: Draft, key: str) -> Sequence[j.AnyEntry]:
        """A client has left the books, and all invoices with them (F57)."""
        if key in self._book.ledger.clients:
            return ()
        return vanished(draft.of(key), (), self._book.today(), draft.at)

    def _decide(
        self, draft: Draft, key: str, flooded: frozenset[str], room: Counter[tuple[str, date]], first: FirstRoom
    ) -> Sequence[j.AnyEntry]:
        """One client's entries, within the day's limits; more than thrice as many wait for the owner's go."""
        if key not in self._book.ledger.clients:
            return ()
        today = self._book.today(key)
        case = draft.case(key)
        now = draft.at.astimezone(case.client.zone).time()
        found: list[j.AnyEntry] = []
        for entry in decide_letters(case, today, draft.at).entries:
            letter = waiting_for_go(entry, j.Wait.PER_DAY) if _leaves(entry) and entry.policy in flooded else entry
            if not _leaves(letter):
                found.append(letter)
                continue
            policy = case.policy_named(letter.policy)
            if letter.on == today and now >= policy.closes:
                continue  # today's window has closed: it would be withdrawn at once; tomorrow is another day
            is_old = is_first(case.history, letter)
            if is_old and first.is_full(key, letter.on, self._book.ledger.first_start.per_day):
                continue
            if room[policy.name, letter.on] < policy.per_day:
                room[policy.name, letter.on] += 1
                found.append(letter)
                if is_old:
                    first.take(key, letter.on)
        return found

    def _room(self) -> Counter[tuple[str, date]]:
        """Letters of each policy that are queued for, or have begun on, a day: today, and those that are announced."""
        book = self._book
        used: Counter[tuple[str, date]] = Counter()
        for key, history in book.history.clients.items():
            client = book.ledger.clients.get(key)
            if client is None:
                continue
            for record in letters_from(history, book.today(key)):
                if record.counts or record.status is Status.QUEUED:
                    used[book.ledger.policy_for(client, record.queued.policy).name, record.on] += 1
        return used

    def _first_room(self, decisions: Mapping[str, Decision]) -> FirstRoom:
        """Clients who get a letter about what was overdue at the first start: today, and on days ahead."""
        first, book = FirstRoom(), self._book
        if any(letter.go_given for decision in decisions.values() for letter in decision.letters):
            first.take_begun(book.history.clients, {key: book.today(key) for key in book.ledger.clients})
        return first

    def _next_midnight(self) -> datetime:
        now = self._book.clock.now()
        zones = {client.zone for client in self._book.ledger.clients.values()} | {self._book.ledger.creditor.timezone}
        return min(datetime.combine(now.astimezone(zone).date() + _DAY, time(), zone).astimezone(UTC) for zone in zones)


def _leaves(entry: Decided) -> TypeGuard[j.LetterQueued]:
    """Whether it is a letter that waits for nobody."""
    return isinstance(entry, j.LetterQueued) and entry.waits_for is None
