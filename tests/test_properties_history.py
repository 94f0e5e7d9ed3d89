"""What holds for every history: it is what its entries say, and a copy of it is its own."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.journal import decode, encode
from tests.builders import a_history, at
from tests.ladder_days import Days
from tests.ladder_worlds import FIRST, Event, days_ahead, happen, ledgers, quick
from tests.test_properties_ladder import LIVES, a_life


@quick
@given(ledgers(portal=True), LIVES)
def test_the_fold_of_the_journal_is_the_fold_of_what_is_read_back(ledger: Ledger, life: list[Event]) -> None:
    recorded: list[j.AnyEntry] = []
    lived = Days(ledger, a_history(begun=FIRST))

    class Watched(History):
        def take_in(self, entry: j.AnyEntry) -> None:
            recorded.append(entry)
            super().take_in(entry)

    watched = Watched()
    watched.take_in(j.JournalBegun(at=at(FIRST), on=FIRST, sends=True))
    lived.history = watched
    for event in life:
        lived.plan(event.day)
        lived.send(event.day)
        happen(lived, event)
    again = History()
    for entry in recorded:
        again.take_in(decode(encode(entry)))

    assert again.clients == watched.clients
    assert (again.count, again.active, again.unmatched) == (watched.count, watched.active, watched.unmatched)


@quick
@given(ledgers(), LIVES, days_ahead)
def test_a_copy_of_a_history_is_equal_and_its_own(ledger: Ledger, life: list[Event], today: date) -> None:
    """The forecast takes into a copy what did not happen."""
    lived = a_life(ledger, life, until=today)
    original = lived.history.of("acme")
    twin = original.copy()
    assert twin == original
    before = repr(original)
    twin_days = Days(ledger, a_history(begun=FIRST))
    twin_days.history.clients["acme"] = twin
    twin_days.run(today + timedelta(days=1), today + timedelta(days=20))

    assert repr(original) == before
