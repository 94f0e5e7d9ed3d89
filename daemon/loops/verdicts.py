"""What the relay said about a letter: made durable, told, and followed by copies in Sent and in the archive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.ladder.outcome import outcome
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.loops.copies import letter_copy
from daemon.loops.departures import Departure
from daemon.ports import (
    Accepted,
    Deferred,
    DiskTrouble,
    Fault,
    Kept,
    Mailbox,
    Refused,
    Submission,
    Unreachable,
)


class Verdicts:
    """Takes the relay's answers.

    Args:
        file_sent: a copy of each letter goes to Sent.
        out_of_reach: called where an answer says that the relay takes no letter of ours now.
    """

    def __init__(
        self, book: Book, mailbox: Mailbox, *, file_sent: bool, out_of_reach: Callable[[Deferred | Refused], None]
    ) -> None:
        self._book = book
        self._mailbox = mailbox
        self._file_sent = file_sent
        self._out_of_reach = out_of_reach
        self._copies: list[tuple[str, bytes]] = []  # accepted, and not yet in Sent
        self._unrecorded: list[tuple[Departure, Ledger, Submission, bytes]] = []  # the disk had no room for them (F60)

    async def record(self, departure: Departure, ledger: Ledger, answer: Submission, content: bytes) -> None:
        """Make an answer durable, then do what follows from it.

        Args:
            ledger: the books as they were when the letter began; a reload may have dropped its client since.

        Raises:
            DiskTrouble: it stays here for `record_the_rest`.
        """
        try:
            recorded = await self._book.record(lambda draft: self._finish(draft, departure, ledger, answer))
        except DiskTrouble:
            self._unrecorded.append((departure, ledger, answer, content))
            raise
        await self._after(departure, answer, content)
        tell(recorded)

    async def record_the_rest(self) -> None:
        """Answers that we know and could not write down; were we to end before, they would be in doubt."""
        waiting, self._unrecorded = self._unrecorded, []
        for position, (departure, ledger, answer, content) in enumerate(waiting):
            try:
                await self.record(departure, ledger, answer, content)
            except DiskTrouble:
                self._unrecorded += waiting[position + 1 :]
                raise

    async def file_copies(self) -> None:
        """Put copies of what was accepted into Sent; what the mailbox does not take now is kept for the next call."""
        while self._copies:
            letter_id, content = self._copies[0]
            try:
                await self._mailbox.file_sent(content)
            except Unreachable as trouble:
                events.sent_copy_missing(letter_id, str(trouble))
                return
            self._copies.pop(0)

    def _finish(self, draft: Draft, departure: Departure, ledger: Ledger, answer: Submission) -> Sequence[j.AnyEntry]:
        queued, books = departure.record.queued, self._book.ledger
        books = books if queued.client in books.clients else ledger
        case = draft.case(queued.client, setting_aside=queued.letter_id, ledger=books)
        record = case.history.letters[queued.letter_id]
        return outcome(case, record, departure.to, answer, self._book.today(queued.client), draft.at)

    async def _after(self, departure: Departure, answer: Submission, content: bytes) -> None:
        queued = departure.record.queued
        if isinstance(answer, Accepted):
            events.letter_accepted(queued.client, queued.letter_id)
            if departure.to == queued.to:
                if self._file_sent:
                    self._copies.append((queued.letter_id, content))
                await self._book.keeper.keep([Kept(queued.client, letter_copy(queued.letter_id), content)])
            return
        if isinstance(answer, Refused) and departure.to == queued.to:
            with suppress(DiskTrouble):
                self._book.archive.drop_ahead(letter_copy(queued.letter_id))
        reason = getattr(answer, "reason", "the mailbox was read too long ago")
        events.letter_not_accepted(queued.client, queued.letter_id, type(answer).__name__, reason)
        if (isinstance(answer, Deferred) and answer.ours) or (
            isinstance(answer, Refused) and answer.fault is Fault.OURS
        ):
            self._out_of_reach(answer)


def tell(entries: Sequence[j.AnyEntry]) -> None:
    """What was recorded about a letter, in the log."""
    for entry in entries:
        if isinstance(entry, j.LetterWithdrawn):
            events.letter_withdrawn(entry.client, entry.letter_id, entry.because)
        elif isinstance(entry, j.CallSuggested):
            events.call_suggested(entry.client, entry.call_id, entry.because)
