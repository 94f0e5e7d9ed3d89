"""The last look before a letter leaves: still due on what is known this instant, or withdrawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import Status
from daemon.domain.history.first_start import FirstRoom, is_first
from daemon.domain.ladder.announce import not_announced
from daemon.domain.ladder.decide import still_due
from daemon.loops.book import Book, Draft, Step
from daemon.loops.departures import Departure, is_open
from daemon.mail.tokens.token import message_id


class Gate:
    """Decides whether a delivery begins; its steps are taken in the book's turn."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._begun: dict[
            tuple[str, date], set[str]
        ] = {}  # letters by policy and day; an attempt that fails is none more
        self._first = FirstRoom()

    def count_begun(self) -> None:
        """Letters begun before we started count towards their day's limit, too."""
        for key, history in self._book.history.clients.items():
            if key in self._book.ledger.clients:
                client = self._book.ledger.clients[key]
                for letter_id, record in history.letters.items():
                    if record.counts:
                        policy = self._book.ledger.policy_for(client, record.queued.policy).name
                        self._begun.setdefault((policy, record.on), set()).add(letter_id)
                        if is_first(history, record.queued):
                            self._first.take(key, record.on)

    def begin(self, departure: Departure) -> Step:
        """Still due, on what is known in this turn?  Then it begins; else it is withdrawn."""
        return lambda draft: self._begin(draft, departure)

    def withdraw(self, departure: Departure) -> Step:
        """Its day has passed; the planner decides anew."""
        queued = departure.record.queued

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            record = draft.of(queued.client).letters[queued.letter_id]
            return (_withdrawn(draft, queued, "its day has passed"),) if record.status is Status.QUEUED else ()

        return step

    def hold_unsendable(self, departure: Departure, reason: str) -> Step:
        """A letter that cannot be written is our fault: it is withdrawn, and the owner is told what to change."""
        queued = departure.record.queued

        def step(draft: Draft) -> Sequence[j.AnyEntry]:
            closed = self._close(draft, departure, f"cannot be written: {reason}")
            if queued.client not in self._book.ledger.clients or departure.to != queued.to:
                return closed
            case = draft.case(queued.client)
            hold = j.HoldPlaced(
                at=draft.at,
                client=queued.client,
                hold_id=case.history.next_hold_id(),
                numbers=departure.record.numbers,
                because=j.Because.REFUSED,
                on=self._book.today(queued.client),
                review_on=self._book.today(queued.client),
                note=reason,
            )
            return (*closed, hold)

        return step

    def news_since(self, begun: j.DeliveryStarted, departure: Departure, ledger: Ledger) -> Callable[[], bool]:
        """Whether what is learned after it began, while MAIL and RCPT are said, keeps the letter back (promise 2).

        Args:
            ledger: the book's before it was asked to begin; the books may change while that is written.
        """
        queued = departure.record.queued

        def called_off() -> bool:
            if self._book.history.old.waits or not self._book.is_steady():
                return True
            if self._book.latest.get(queued.client) is begun and self._book.ledger is ledger:
                return False
            if queued.client not in self._book.ledger.clients:
                return True
            case = self._book.case(queued.client, setting_aside=queued.letter_id)
            record = case.history.letters[queued.letter_id]
            return still_due(case, record, self._book.today(queued.client), self._book.clock.now()) is not None

        return called_off

    def _begin(self, draft: Draft, departure: Departure) -> Sequence[j.AnyEntry]:
        queued, to = departure.record.queued, departure.to
        if self._book.history.old.waits or not self._book.is_steady():
            return ()  # of any kind; it waits for the owner (F62, F64)
        if queued.client not in self._book.ledger.clients:
            return self._close(draft, departure, "the client is no longer in the books")
        case = draft.case(queued.client, setting_aside=queued.letter_id)
        record = case.history.letters[queued.letter_id]
        today = self._book.today(queued.client)
        if to == queued.to and record.status is not Status.QUEUED:
            return ()
        if self.has_no_room(departure):
            return ()
        own = case.under(queued.policy)
        if not is_open(own, self._book.clock.now()):
            return ()  # the pace has kept us waiting until the window closed
        reason = still_due(case, record, today, draft.at)
        if reason is None and to == queued.to:
            reason = not_announced(own, record, self._book.history.announced, today)
        if reason is not None:
            return self._close(draft, departure, reason)
        known = record.deliveries.get(to)
        if to == queued.to and known is None:
            self._begun.setdefault((own.policy.name, today), set()).add(queued.letter_id)
            if is_first(case.history, queued):
                self._first.take(queued.client, today)
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

    def _close(self, draft: Draft, departure: Departure, reason: str) -> Sequence[j.AnyEntry]:
        """It leaves no more: a letter is withdrawn; a copy alone is given up, the letter itself has been sent."""
        queued, to = departure.record.queued, departure.to
        if to != queued.to:
            return (
                j.DeliveryGivenUp(at=draft.at, client=queued.client, letter_id=queued.letter_id, to=to, reason=reason),
            )
        record = draft.of(queued.client).letters[queued.letter_id]
        return (_withdrawn(draft, queued, reason),) if record.status is Status.QUEUED else ()

    def has_no_room(self, departure: Departure) -> bool:
        """`per_day` letters of its policy have begun today; a first attempt gets another day."""
        record, key, ledger = departure.record, departure.record.queued.client, self._book.ledger
        if departure.expired or departure.to != record.queued.to or departure.to in record.deliveries:
            return False
        if key not in ledger.clients:
            return False
        policy, today = ledger.policy_for(ledger.clients[key], record.queued.policy), self._book.today(key)
        a_day = ledger.first_start.per_day
        if self._first.is_full(key, today, a_day) and is_first(self._book.history.of(key), record.queued):
            return True
        begun = self._begun.get((policy.name, today), set())
        return len(begun - {record.queued.letter_id}) >= policy.per_day


def _withdrawn(draft: Draft, queued: j.LetterQueued, because: str) -> j.LetterWithdrawn:
    return j.LetterWithdrawn(at=draft.at, client=queued.client, letter_id=queued.letter_id, because=because)
