"""What was overdue at the very first start: whether it waits, and how many of its letters leave in a day.

An owner who starts with sixty overdue clients and says go to all of them is asked about by a few a day, not by sixty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from daemon.domain import journal as j
from daemon.domain.books.calendar import NEVER, first_day
from daemon.domain.history import ClientHistory, Status, letters_from

_DAY = timedelta(days=1)


def is_first(history: ClientHistory | None, letter: j.LetterQueued) -> bool:
    """Whether a letter leaves by the owner's go about what was overdue at the first start.

    It may have been queued anew since the go, when its day had passed.
    """
    if letter.waits_for is j.Wait.FIRST_START:
        return True
    if not letter.go_given or history is None:
        return False
    about = {(claim.number, claim.instalment) for claim in letter.claims}
    return any(
        record.released
        and record.queued.waits_for is j.Wait.FIRST_START
        and any((claim.number, claim.instalment) in about for claim in record.queued.claims)
        for record in history.letters.values()
    )


class FirstRoom:
    """Room for such letters, by the client's day: a client counts once a day, however many letters there are."""

    def __init__(self) -> None:
        self._clients: dict[date, set[str]] = {}

    def take(self, client: str, day: date) -> None:
        self._clients.setdefault(day, set()).add(client)

    def is_full(self, client: str, day: date, per_day: int) -> bool:
        """Whether the day has no room for a letter to this client; `per_day` as in `Ledger.first_start`."""
        return bool(per_day) and len(self._clients.get(day, set()) - {client}) >= per_day

    def take_from(self, client: str, day: date, per_day: int, is_sending_day: Callable[[date], bool]) -> date:
        """Take room on the first sending day from `day` on that has some, and say which."""
        while day < NEVER and self.is_full(client, day, per_day):
            day = first_day(day + _DAY, is_sending_day)
        self.take(client, day)
        return day

    def take_begun(
        self, clients: Mapping[str, ClientHistory], days: Mapping[str, date], *, queued: bool = True
    ) -> None:
        """Count what has begun to leave on each client's own day.

        Args:
            days: today, by client; others are not looked at.
            queued: and what may still leave on it or later.
        """
        for key, day in days.items():
            known = clients.get(key)
            for record in letters_from(known, day):
                taken = record.counts or (queued and record.status is Status.QUEUED)
                if taken and is_first(known, record.queued):
                    self.take(key, record.on)
