"""What would go out when: the daemon's own decisions, day after day, as if nobody answered.

The same functions decide here and in the daemon (rule 6), so what is shown is what happens.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import msgspec

from daemon.domain import journal as j
from daemon.domain.balance import open_items
from daemon.domain.case import Case, case_of
from daemon.domain.decide import Decision, Quiet, decide_letters
from daemon.domain.history import History, Status
from daemon.domain.ledger import Ledger

_DAY = timedelta(days=1)
FLOOD = 3  # times `per_day`: so many letters at once wait for the owner's go


class StillOn(NamedTuple):
    """Why nothing goes out about one invoice."""

    client: str
    quiet: Quiet


@dataclass(slots=True)
class Forecast:
    """From one day to another, in the order of the days; every known invoice is in at least one of the lists."""

    letters: list[j.LetterQueued] = field(default_factory=list)
    calls: list[j.CallSuggested] = field(default_factory=list)
    handovers: list[j.HandoverSuggested] = field(default_factory=list)
    quiet: list[StillOn] = field(default_factory=list)


def floods(ledger: Ledger, decisions: Mapping[str, Decision]) -> frozenset[str]:
    """The policies under which more than three times `per_day` letters would leave at once: they wait for a go."""
    wanted = Counter(
        ledger.clients[client].policy
        for client, decision in decisions.items()
        for letter in decision.letters
        if letter.waits_for is None and not letter.by_hand
    )
    return frozenset(name for name, count in wanted.items() if count > FLOOD * ledger.policies[name].per_day)


def waiting_for_go(letter: j.LetterQueued, why: j.Wait) -> j.LetterQueued:
    """The same letter, but it waits."""
    return msgspec.structs.replace(letter, waits_for=letter.waits_for or why)


def forecast(ledger: Ledger, history: History, today: date, until: date) -> Forecast:
    """Simulate `today`..`until`, both included.

    A letter that waits for the owner's go is shown on the day on which it is queued, and the simulation goes on as
    if the go had come that day.
    """
    found = Forecast()
    used: Counter[tuple[str, date]] = Counter()
    first = {
        key: decide_letters(case_of(ledger, history, key, today), today, start_of(today)) for key in ledger.clients
    }
    flooded = floods(ledger, first)
    for key, decision in first.items():
        pending = [r.queued for r in history.of(key).letters.values() if r.pending] if key in history.clients else []
        found.letters += [_on(letter, max(letter.on, today)) for letter in pending]
        found.quiet += [StillOn(key, quiet) for quiet in decision.quiet]
        _follow(ledger, history, key, decision, today, until, found, used, ledger.clients[key].policy in flooded)
    for entries in (found.letters, found.calls, found.handovers):
        entries.sort(key=lambda entry: entry.on)
    return found


def _follow(
    ledger: Ledger,
    history: History,
    key: str,
    decision: Decision,
    day: date,
    until: date,
    found: Forecast,
    used: Counter[tuple[str, date]],
    flooded: bool,
) -> None:
    """One client's days, jumping from one day on which something can change to the next."""
    case: Case | None = None
    policy = ledger.policy_of(ledger.clients[key])
    while True:
        room = policy.per_day - used[policy.name, day]
        letters = decision.letters[: max(room, 0)] if not flooded else decision.letters
        others = [e for e in decision.entries if not isinstance(e, j.LetterQueued)]
        used[policy.name, day] += len(letters)
        if letters or others:
            if case is None:
                case = replace(case_of(ledger, history, key, day), history=history.of(key).copy())
            for letter in letters:
                found.letters.append(waiting_for_go(letter, j.Wait.PER_DAY) if flooded else letter)
                _as_if_sent(case, letter)
            for entry in others:
                case.history.take_in(entry)
                if isinstance(entry, j.CallSuggested):
                    found.calls.append(entry)
                elif isinstance(entry, j.HandoverSuggested):
                    found.handovers.append(entry)
        flooded = False
        following = _next_day(decision, day, acted=bool(letters or others) or len(letters) < len(decision.letters))
        if following is None or following > until:
            return
        day = following
        if case is None:
            case = case_of(ledger, history, key, day)
            case = replace(case, history=case.history.copy())
        case = replace(case, items=open_items(ledger.by_client[key], case.history.payments, day))
        decision = decide_letters(case, day, start_of(day))


def _next_day(decision: Decision, day: date, *, acted: bool) -> date | None:
    """The next day on which this client's answer can be another one; None: never by itself."""
    if acted:
        return day + _DAY
    days = [max(quiet.until, day + _DAY) for quiet in decision.quiet if quiet.until is not None]
    ends = [quiet.until + _DAY for quiet in decision.quiet if quiet.until is not None and quiet.until == day]
    return min([*days, *ends], default=None)


def _as_if_sent(case: Case, letter: j.LetterQueued) -> None:
    history = case.history
    history.take_in(letter)
    started = j.DeliveryStarted(
        at=letter.at,
        client=letter.client,
        letter_id=letter.letter_id,
        to=letter.to,
        on=letter.on,
        attempt=1,
        message_id="",
    )
    history.take_in(started)
    history.take_in(
        j.DeliveryAccepted(at=letter.at, client=letter.client, letter_id=letter.letter_id, to=letter.to, reply="")
    )
    assert history.letters[letter.letter_id].status is Status.SENT


def _on(letter: j.LetterQueued, day: date) -> j.LetterQueued:
    return msgspec.structs.replace(letter, on=day)


def start_of(day: date) -> datetime:
    """A stamp for simulated entries: the start of the day, as if it were UTC."""
    return datetime.combine(day, time(), UTC)
