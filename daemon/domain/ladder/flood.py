"""How many letters may leave on a day: what has begun to, and when there are so many that they wait for a go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History, letters_from
from daemon.domain.ladder.decide import Decision

FLOOD = 3  # times `per_day`: so many letters at once wait for the owner's go


def floods(ledger: Ledger, decisions: Mapping[str, Decision]) -> frozenset[str]:
    """The policies under which more than three times `per_day` letters would leave at once: they wait for a go.

    Letters to which the owner has said go already are no surprise.
    """
    wanted = Counter(
        letter.policy
        for decision in decisions.values()
        for letter in decision.letters
        if letter.waits_for is None and not letter.by_hand and not letter.go_given
    )
    return frozenset(name for name, count in wanted.items() if count > FLOOD * ledger.policies[name].per_day)


def waiting_for_go(letter: j.LetterQueued, why: j.Wait) -> j.LetterQueued:
    """The same letter, but it waits; not where the owner has said go already."""
    return letter if letter.go_given else msgspec.structs.replace(letter, waits_for=letter.waits_for or why)


def begun_on(ledger: Ledger, history: History, days: Mapping[str, date]) -> Counter[tuple[str, date]]:
    """How many letters of each policy have begun to leave on a day, each client's own day."""
    used: Counter[tuple[str, date]] = Counter()
    for key, day in days.items():
        for record in letters_from(history.clients.get(key), day):
            if record.on == day and record.counts:
                used[ledger.policy_for(ledger.clients[key], record.queued.policy).name, day] += 1
    return used
