"""Letters of ours that lie in the mailbox and that the journal does not know: the state is an old one (F64).

Whoever puts an old state back, by `sollecito restore` or by hand, has a daemon that does not know what it sent.  The
mailbox knows: each letter carries a token that only we can make.  It is read to its end before any letter leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from daemon.domain import journal as j
from daemon.domain.books.reading import Evidence, Match, Reading
from daemon.domain.history import LetterRecord
from daemon.domain.ladder.lost_letter import as_it_was, numbers_named
from daemon.domain.standing.case import case_of
from daemon.loops import events
from daemon.loops.book import Book, Draft
from daemon.mail.tokens.token import message_id
from daemon.mail.whose.lost_letter import Sighting, sighting, tokens_in

Seen = Sequence[tuple[str, str, Sighting]]  # client, letter_id, what a mail says about it

_AHEAD = 60  # letters of each client, behind the last that is known, whose tokens are looked for


class LostLetters:
    """Knows the tokens of letters that were never begun, and takes such a letter in where one is seen."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._ahead: dict[str, tuple[str, str]] = {}  # token -> client, letter_id
        self._made: dict[str, int] = {}  # letters of each client when `_ahead` was made

    def seen_in(self, raw: bytes, *, in_sent: bool = False) -> list[tuple[str, str, Sighting]]:
        """The letters (client, letter_id) that this mail carries a token of, and that were never begun.

        Args:
            in_sent: it lies in Sent, where only who has the account can put it: there it need not be our own token.
        """
        found = []
        for token in tokens_in(raw):
            known = self._book.directory.letters.get(token)
            which = (known.client, known.letter_id) if known else self._unknown(token)
            if which is not None and not _begun(self._book.history.of(which[0]).letters.get(which[1])):
                found.append((*which, sighting(raw, token)))
        return found or (self._of_another(raw) if in_sent else [])

    def _of_another(self, raw: bytes) -> list[tuple[str, str, Sighting]]:
        """A letter about an invoice of ours that a daemon with keys of its own has sent since we began (F61).

        Two that serve one mailbox, each with a state of its own, would send everything twice.
        """
        book, tokens = self._book, tokens_in(raw)
        what = next((seen for token in tokens if (seen := sighting(raw, token)).itself), None)
        known = any(token in book.directory.letters for token in tokens)
        if what is None or known or what.sent_at is None or book.history.begun is None:
            return []
        clients = book.directory.addresses.get(what.to, ()) if what.sent_at >= book.history.begun.at else ()
        named = [key for key in clients if numbers_named(what.words, self._numbers(key))]
        return [(key, book.history.of(key).next_letter_id(), what) for key in named[:1]]

    def entries(self, draft: Draft, mail: str, seen: Seen) -> list[j.AnyEntry]:
        """What follows: that it was seen; and the letter itself, where this mail is it."""
        found: list[j.AnyEntry] = []
        for client, letter_id, what in seen:
            told = letter_id in self._book.history.old.recovered or any(
                isinstance(entry, j.LetterRecovered) and entry.letter_id == letter_id for entry in draft.entries
            )
            if _begun(draft.of(client).letters.get(letter_id)) or (told and not what.itself):
                continue
            on = self._day(client, what)
            numbers = numbers_named(what.words, self._numbers(client))
            found.append(
                j.LetterRecovered(
                    at=draft.at, client=client, letter_id=letter_id, numbers=numbers, to=what.to, mail=mail, on=on
                )
            )
            if what.itself and client in self._book.ledger.clients:
                case = case_of(self._book.ledger, draft.history, client, on)
                found += as_it_was(case, letter_id, numbers, what.to, self._id_of(letter_id), draft.at)
        return found

    def as_answered(self, reading: Reading, seen: Seen) -> Reading:
        """The same mail, tied to the lost letter that it answers: its id is as good a proof as any other of ours."""
        if not seen or reading.match.ours or seen[0][2].itself:
            return reading
        client, letter_id, what = seen[0]
        known = letter_id if letter_id in self._book.history.of(client).letters else None
        numbers = numbers_named(what.words, self._numbers(client))
        match = Match(
            client=client, letter_id=known, numbers=numbers, evidence=Evidence.TOKEN,
            known_sender=client in self._book.directory.addresses.get(reading.sender, ()),
            because=(f"our id of {letter_id}, which the journal lacks",),
        )  # fmt: skip
        return replace(reading, match=match)

    def _unknown(self, token: str) -> tuple[str, str] | None:
        """A letter that is still to come, as far as the journal knows."""
        book = self._book
        keys = dict.fromkeys([*book.ledger.clients, *book.history.clients])
        made = {key: known.letters_made for key, known in book.history.clients.items()}
        if any(made.get(key, 0) > self._made.get(key, -_AHEAD) + _AHEAD // 2 for key in keys):
            self._made = {key: made.get(key, 0) for key in keys}
            self._ahead = {
                book.token_of(f"{key}-{number}"): (key, f"{key}-{number}")
                for key in keys
                for number in range(1, self._made[key] + _AHEAD + 1)
                if not _begun(book.history.of(key).letters.get(f"{key}-{number}"))
            }
        return self._ahead.get(token)

    def _day(self, client: str, what: Sighting) -> date:
        """The client's day on which it was written; never later than today, whatever the mail claims."""
        known, today = self._book.ledger.clients.get(client), self._book.today(client)
        if what.sent_at is None or known is None:
            return today
        return min(what.sent_at.astimezone(known.zone).date(), today)

    def _numbers(self, client: str) -> list[str]:
        return [invoice.number for invoice in self._book.ledger.by_client.get(client, ())]

    def _id_of(self, letter_id: str) -> str:
        return message_id(self._book.token_of(letter_id), self._book.ledger.creditor.email.rpartition("@")[2])


def tell_recovered(entries: Sequence[j.AnyEntry]) -> None:
    for entry in entries:
        if isinstance(entry, j.LetterRecovered):
            events.letter_recovered(entry.client, entry.letter_id)


def _begun(record: LetterRecord | None) -> bool:
    """Whether the journal knows that it left, or was about to."""
    return record is not None and bool(record.deliveries)
