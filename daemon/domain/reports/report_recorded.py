"""The journal sorted by invoice in one pass, so that the timelines of all of them cost no more than its length."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter

from daemon.domain import journal as j

_Numbered = tuple[int, j.ClientEntry]  # the place in the journal, and what stands there


class Recorded:
    """For each invoice what `timeline.entries_about` finds, without reading the journal once more for each."""

    def __init__(self) -> None:
        self._count = 0
        self._of_one: dict[tuple[str, str], list[_Numbered]] = defaultdict(list)  # client, number
        self._of_all: dict[str, list[_Numbered]] = defaultdict(list)  # client: what is about all of their invoices
        self._letters: dict[str, tuple[str, ...]] = {}  # letter_id -> the invoices that it claims
        self._holds: dict[tuple[str, str], tuple[str, ...]] = {}  # client, hold_id -> the invoices; () : all

    def take_in(self, entry: j.AnyEntry) -> None:
        """The next entry of the journal."""
        self._count += 1
        if not isinstance(entry, j.ClientEntry):
            return
        numbers = self._numbers(entry)
        if numbers == ():
            self._of_all[entry.client].append((self._count, entry))
        for number in dict.fromkeys(numbers or ()):
            self._of_one[entry.client, number].append((self._count, entry))

    def about(self, client: str, number: str) -> Sequence[j.ClientEntry]:
        """What the journal holds about one invoice, in its order."""
        return [entry for _, entry in self._merged(client, number)]

    def _merged(self, client: str, number: str) -> Iterator[_Numbered]:
        return merge(self._of_one.get((client, number), ()), self._of_all.get(client, ()), key=itemgetter(0))

    def _numbers(self, entry: j.ClientEntry) -> tuple[str, ...] | None:
        """The invoices that an entry is about; () : all of the client's; None: it is about none."""
        match entry:
            case j.LetterQueued():
                self._letters[entry.letter_id] = tuple(claim.number for claim in entry.claims)
                return self._letters[entry.letter_id] or None
            case j.HoldPlaced():
                self._holds[entry.client, entry.hold_id] = entry.numbers
                return entry.numbers
            case j.HoldLifted():
                return self._holds.get((entry.client, entry.hold_id))
            case j.ClientForgotten():
                return ()
        one: str | None = getattr(entry, "number", None)
        several: tuple[str, ...] | None = getattr(entry, "numbers", None)
        if one is not None:
            return (one,)
        if several is not None:
            return several
        return self._letters.get(getattr(entry, "letter_id", None) or "")
