"""One creditor's book: gather, decide, record in one turn.

Every decision becomes a fact here and nowhere else: durable first, then known.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.directory import Directory
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import ClientHistory, History
from daemon.domain.standing.case import Case, case_of
from daemon.loops.bell import Bell
from daemon.loops.keep import Keeper
from daemon.loops.whoiswho import WhoIsWho
from daemon.ports import Archive, Clock, DiskTrouble, Journal

_BEFORE = 5_000  # more than a process can have recorded in its last seconds
TokenOf = Callable[[str], str]  # letter_id -> the token that only we can make


class Draft:
    """The history as it will be when the steps so far are recorded; the book's own stays as it is until then."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.at = book.clock.now()
        self.entries: list[j.AnyEntry] = []
        self._clients: dict[str, ClientHistory] = {}
        self._mails: set[str] = set()
        self._orders: list[j.OrdersTaken] = []

    def case(self, client: str, *, setting_aside: str | None = None, ledger: Ledger | None = None) -> Case:
        """The client's case with what the earlier steps found; in `ledger` where it is not the book's own."""
        known = self.book.history
        if client in self._clients:  # what is open follows from it, too: a payment told in this turn counts
            known = replace(known, clients={client: self._clients[client]})
        return case_of(ledger or self.book.ledger, known, client, self.book.today(client), setting_aside=setting_aside)

    @property
    def history(self) -> History:
        """The book's history with what the earlier steps found about clients; to read, not to change."""
        known = self.book.history
        return replace(known, clients={**known.clients, **self._clients}) if self._clients else known

    def of(self, client: str) -> ClientHistory:
        """One client's part of `history`."""
        return self._clients[client] if client in self._clients else self.book.history.of(client)

    def knows(self, mail: str) -> bool:
        """Whether this mail counts already (F30, F33)."""
        return mail in self._mails or mail in self.book.history.mails

    def was_carried_out(self, said: str) -> bool:
        """Whether these orders were carried out before: `OrdersTaken.said`."""
        return said in self.book.history.owner.carried_out or any(taken.said == said for taken in self._orders)

    def is_settled(self, token: str) -> bool:
        """Whether what the mail with this token asks was answered with yes or no."""
        settled = self.book.history.owner.confirmed
        return token in settled or any(taken.answers and taken.came_with == token for taken in self._orders)

    def take_in(self, entries: Sequence[j.AnyEntry]) -> None:
        """Add what a step found; raises what is wrong with it, and then nothing of it is in here."""
        earlier = list(self.entries)
        try:
            self._add(entries)
        except Exception:  # not swallowed: what was half taken in is undone, and its asker gets the fault
            self.entries = []
            self._clients.clear()
            self._mails.clear()
            self._orders.clear()
            self._add(earlier)
            raise

    def _add(self, entries: Sequence[j.AnyEntry]) -> None:
        self.entries.extend(entries)
        for entry in entries:
            if isinstance(entry, j.ClientEntry):
                if entry.client not in self._clients:
                    self._clients[entry.client] = self.book.history.of(entry.client).copy()
                self._clients[entry.client].take_in(entry)
            elif isinstance(entry, j.MailRead) and entry.mail:
                self._mails.add(entry.mail)
            elif isinstance(entry, j.OrdersTaken):
                self._orders.append(entry)


Step = Callable[[Draft], Sequence[j.AnyEntry]]


class Book:
    """The ledger, the history, and the one door through which facts are added."""

    def __init__(self, ledger: Ledger, journal: Journal, archive: Archive, clock: Clock, token_of: TokenOf) -> None:
        self.ledger = ledger
        self.archive = archive
        self.clock = clock
        self.token_of = token_of
        self.is_steady: Callable[[], bool] = lambda: True  # whether the time of day can be believed (F62)
        self.bell = Bell()
        self.touched: set[str] = set(ledger.clients)  # clients about whom something is new since the planner looked
        self.latest: dict[str, j.ClientEntry] = {}  # what was recorded last about each client since we started
        self.keeper = Keeper(archive)
        self.history = History()
        self._journal = journal
        self._fault: str | None = None  # why the last append was not written; None: it was
        self._steps: list[tuple[Step, asyncio.Future[Sequence[j.AnyEntry]]]] = []
        self._turns: asyncio.Task[None] | None = None
        self.before: deque[j.AnyEntry] = deque(maxlen=_BEFORE)  # the last entries of the processes before this one
        for entry in journal.replay():
            self.history.take_in(entry)
            self.before.append(entry)
        self._who = WhoIsWho(ledger, self.history, token_of)

    # -- reading ------------------------------------------------------------------------------------------------

    @property
    def directory(self) -> Directory:
        """Who is who, for reading mail."""
        return self._who.directory

    def today(self, client: str | None = None) -> date:
        """The local date of a client; without one, or for one that is no longer in the books, the creditor's."""
        known = self.ledger.clients.get(client) if client else None
        zone = known.zone if known else self.ledger.creditor.timezone
        return self.clock.now().astimezone(zone).date()

    def case(self, client: str, *, setting_aside: str | None = None) -> Case:
        return case_of(self.ledger, self.history, client, self.today(client), setting_aside=setting_aside)

    # -- writing ------------------------------------------------------------------------------------------------

    def use(self, ledger: Ledger) -> None:
        """Believe another ledger from now on: a reload that was found good."""
        self.ledger = ledger
        self._who = WhoIsWho(ledger, self.history, self.token_of)
        self.touched.update(ledger.clients)
        self.bell.ring()

    async def record(self, step: Step) -> Sequence[j.AnyEntry]:
        """Decide on the latest history and record the answer before anyone else does.

        Steps that come while the disk is busy share the next append and its fsync; each still sees what the
        ones before it found.

        Returns:
            The entries of this step, durable.

        Raises:
            DiskTrouble: nothing of this turn was recorded, and nothing is believed.
        """
        return await self._asked(step)

    async def record_all(self, steps: Iterable[Step]) -> Sequence[Sequence[j.AnyEntry]]:
        """`record` for many at once, as they come with a batch of mails; the entries of each.

        Raises:
            DiskTrouble: as in `record`.  A step that fails does not keep the others from being recorded.
        """
        return await asyncio.gather(*map(self._asked, steps))

    def _asked(self, step: Step) -> asyncio.Future[Sequence[j.AnyEntry]]:
        """The answer to come, of a step that waits for its turn."""
        done: asyncio.Future[Sequence[j.AnyEntry]] = asyncio.get_running_loop().create_future()
        self._steps.append((step, done))
        if self._turns is None or self._turns.done():
            self._turns = asyncio.create_task(self._take_turns(), name="book")
        return done

    @property
    def disk_fault(self) -> str | None:
        """Why the last facts, or the last texts, were not written; None: they were."""
        return self._fault or self.keeper.fault

    @property
    def is_writing(self) -> bool:
        """Whether a turn is being taken, or one is about to be."""
        return self._turns is not None and not self._turns.done()

    async def settle(self) -> None:
        """Wait for the facts that are being written."""
        if self._turns is not None:
            await self._turns

    async def close(self) -> None:
        """Wait for what is being written, texts too."""
        try:
            await self.settle()
        finally:
            await self.keeper.finish()

    async def _take_turns(self) -> None:
        while self._steps:
            await asyncio.sleep(0)  # whoever is about to ask as well shares the append
            steps, self._steps = self._steps, []
            draft = Draft(self)
            decided: list[tuple[asyncio.Future[Sequence[j.AnyEntry]], Sequence[j.AnyEntry]]] = []
            for step, done in steps:
                if done.cancelled():
                    continue  # nobody waits for it any more, and nothing of it has happened
                try:
                    entries = step(draft)
                    draft.take_in(entries)
                except Exception as bug:  # a decision's bug is its asker's, not the neighbours'
                    done.set_exception(bug)
                    continue
                decided.append((done, entries))
            try:
                if draft.entries:
                    await self._journal.append(self.history.count, draft.entries)
                    self._fault = None
            except BaseException as trouble:
                if isinstance(trouble, DiskTrouble):
                    self._fault = str(trouble)
                for done, _ in decided:
                    if not done.done():
                        done.set_exception(trouble)
                if not isinstance(trouble, Exception):
                    raise
                continue
            for entry in draft.entries:
                self.history.take_in(entry)
                self._who.take_in(entry)
                if isinstance(entry, j.ClientEntry):
                    self.touched.add(entry.client)
                    self.latest[entry.client] = entry
                elif isinstance(entry, j.StateTrusted):
                    self.touched.update(self.ledger.clients)  # for none of them was a letter decided on meanwhile
            for done, entries in decided:
                if not done.done():
                    done.set_result(entries)
            if draft.entries:
                self.bell.ring()
