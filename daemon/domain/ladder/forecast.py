"""What would go out when: the daemon's own decisions, day after day, as if nobody answered.

The same functions decide here and in the daemon (rule 6), so what is shown is what happens.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.invoice import ItemRef
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History, Status
from daemon.domain.history.first_start import FirstRoom, is_first
from daemon.domain.ladder.decide import Decided, Decision, Quiet, Why, decide_letters, taken_back
from daemon.domain.ladder.flood import begun_on, floods, waiting_for_go
from daemon.domain.ladder.silence import silences, silent_until_call
from daemon.domain.ladder.thanks import thanks_ahead
from daemon.domain.standing.case import Case, case_of
from daemon.domain.standing.plan_days import plans_stated
from daemon.domain.standing.promises import broken_promises, last_day_of, stated_holds

_DAY = timedelta(days=1)
_GAP = 14  # days without a digest or a sending day between an announcement and the letter, at most


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


def forecast(ledger: Ledger, history: History, today: date, until: date) -> Forecast:
    """Simulate `today`..`until`, both included.

    A letter that waits for the owner's go is shown on the day on which it is queued, and the simulation goes on as
    if the go had come that day; a task in a client's portal, as if it were done that day.
    """
    found = _Simulation(ledger, history, today, until).run()
    for entries in (found.letters, found.calls, found.handovers):
        entries.sort(key=lambda entry: entry.on)
    return found


class _Simulation:
    """Every client's days, jumping from one day on which something can change to the next."""

    def __init__(self, ledger: Ledger, history: History, today: date, until: date) -> None:
        self._ledger = ledger
        begun = history.begun or j.JournalBegun(at=start_of(today), on=today, sends=ledger.first_start_sends)
        # Statements go on coming, or do not; a daemon that was never started is started today.
        self._history = replace(history, bank=history.bank.as_of(today), begun=begun)
        self._today = today
        self._until = until
        self._keys = list(ledger.clients)
        self._agenda = {today: [*range(len(self._keys))]}  # the clients to be asked on a day, by their place in `_keys`
        self._unfinished = frozenset(history.active.values())  # clients with a letter that may still leave
        self._simulated: dict[str, Case] = {}  # clients whose history is a copy that has gone on
        self._used = begun_on(ledger, history, dict.fromkeys(ledger.clients, today))  # letters by policy and day
        self._first = FirstRoom()
        self._first.take_begun(history.clients, dict.fromkeys(ledger.clients, today), queued=False)
        self._found = Forecast()
        longest = max((policy.announce.days for policy in ledger.policies.values()), default=0)
        self._early = timedelta(days=longest * 2 + _GAP if longest else 0)

    def run(self) -> Forecast:
        agenda = self._agenda
        while agenda and (day := min(agenda)) <= self._until:
            acting = {}  # few of many clients have something to do on a day: only these are kept in mind
            for number in sorted(agenda.pop(day)):
                case, decision = self._decide(self._keys[number], day)
                if decision.entries:
                    acting[number] = case, decision
                else:
                    self._go_on(number, case, decision, day)
            flooded = floods(self._ledger, {self._keys[number]: decision for number, (_, decision) in acting.items()})
            for number, (case, decision) in acting.items():
                self._go_on(number, self._act(case, decision, day, flooded), decision, day)
        return self._found

    def _go_on(self, number: int, case: Case, decision: Decision, day: date) -> None:
        """Note when a client has to be asked again; what was announced for today has left by then."""
        for record in case.history.letters.values() if self._early else ():
            if record.pending and record.queued.on <= day:
                _as_if_sent(self._own(case), record.queued)
        if day < self._until and (following := self._next_day(case, decision, day)) is not None:
            self._agenda.setdefault(following, []).append(number)

    def _decide(self, key: str, day: date) -> tuple[Case, Decision]:
        at = start_of(day)
        case = self._simulated.get(key)
        invoices = self._ledger.by_client[key]
        if case is None:
            case = case_of(self._ledger, self._history, key, day)
        else:
            case = self._simulated[key] = case.on(day, invoices)
        for entry in (*stated_holds(case, invoices, day, at), *broken_promises(case, day, at)):
            case = self._own(case)
            if isinstance(entry, j.ClientEntry):
                case.history.take_in(entry)
        if day == self._today and (written := plans_stated(case, invoices, day, at)):
            case = self._own(case)
            for plan in written:
                if isinstance(plan, j.ClientEntry):
                    case.history.take_in(plan)
        for call in silences(case, invoices, day, at):
            case = self._own(case)
            case.history.take_in(call)
            self._found.calls.append(call)
        if day == self._today and key in self._unfinished and (back := taken_back(case, day, at)):
            case = self._own(case)
            for withdrawn in back:
                case.history.take_in(withdrawn)
        decision = decide_letters(case, day, at)
        if day == self._today:
            self._found.quiet += [StillOn(key, quiet) for quiet in decision.quiet]
            calls = case.history.calls.values()
            if key in self._unfinished or any(c.suggested.reason == "portal" and c.open for c in calls):
                case = self._take_pending(self._own(case), day)
        return case, decision

    def _own(self, case: Case) -> Case:
        """The same case with a history that may take in what did not happen."""
        key = case.client.key
        if key not in self._simulated:
            self._simulated[key] = replace(case, history=case.history.copy())
        return self._simulated[key]

    def _take_pending(self, case: Case, day: date) -> Case:
        """Letters that are queued already leave on the first day on which they can."""
        for record in [r for r in case.history.letters.values() if r.pending]:
            leaves = first_day(max(record.queued.on, day), case.under(record.queued.policy).is_sending_day)
            if record.released and is_first(case.history, record.queued):
                sends, a_day = case.under(record.queued.policy).is_sending_day, self._ledger.first_start.per_day
                leaves = self._first.take_from(case.client.key, leaves, a_day, sends)
            waits = None if record.released else record.queued.waits_for
            letter = msgspec.structs.replace(record.queued, on=leaves, waits_for=waits)
            self._found.letters.append(letter)
            if letter.waits_for is None:
                self._used[case.policy_named(letter.policy).name, leaves] += 1
            if not (self._early and leaves > day and leaves == record.queued.on):
                _as_if_sent(case, letter)
            elif letter.waits_for is not None:  # it is announced for that day
                case.history.take_in(_released(letter))
        for call in [c.suggested for c in case.history.calls.values() if c.open and c.suggested.reason == "portal"]:
            case.history.take_in(_done(call, day))
        return case

    def _act(self, case: Case, decision: Decision, day: date, flooded: frozenset[str]) -> Case:
        """Take in what was decided, as far as the day has room."""
        found = self._found
        acted: list[Decided] = []
        for entry in decision.entries:
            if isinstance(entry, j.LetterQueued):
                policy = case.policy_named(entry.policy)
                letter = waiting_for_go(entry, j.Wait.PER_DAY) if policy.name in flooded else entry
                is_old = letter.waits_for is None and is_first(case.history, letter)
                full = is_old and self._first.is_full(letter.client, letter.on, self._ledger.first_start.per_day)
                if full or (letter.waits_for is None and self._used[policy.name, letter.on] >= policy.per_day):
                    if day == self._today:
                        self._cut(case, letter, letter.on)
                    continue
                self._used[policy.name, letter.on] += letter.waits_for is None
                if is_old:
                    self._first.take(letter.client, letter.on)
                found.letters.append(letter)
                acted.append(letter)
            else:
                acted.append(entry)
                if isinstance(entry, j.CallSuggested):
                    found.calls.append(entry)
                elif isinstance(entry, j.HandoverSuggested):
                    found.handovers.append(entry)
        if day == self._until:
            return case  # nobody looks at what follows
        if acted:
            case = self._own(case)
        for entry in acted:
            if isinstance(entry, j.LetterQueued):
                case.history.take_in(entry)
                if entry.on <= day:
                    _as_if_sent(case, entry)
                elif entry.waits_for is not None:
                    case.history.take_in(_released(entry))
            else:
                case.history.take_in(entry)
                if isinstance(entry, j.CallSuggested) and entry.reason == "portal":
                    case.history.take_in(_done(entry, day))
        return case

    def _next_day(self, case: Case, decision: Decision, day: date) -> date | None:
        """The next day on which this client's answer can be another one; None: never by itself."""
        following, history = day + _DAY, case.history
        if (
            decision.entries
            or any(record.on >= day for record in history.letters.values() if record.counts)
            or any(call.results and call.results[0].on == day for call in history.calls.values())
        ):
            return following
        early = self._early  # what is announced is queued before its day
        days = [max(quiet.until - early, following) for quiet in decision.quiet if quiet.until is not None]
        days += [last + _DAY for made in history.promises.values() if (last := last_day_of(case, made)) >= day]
        if self._early:
            days += [record.queued.on for record in history.letters.values() if record.pending]
        silent = silent_until_call(case, self._ledger.by_client[case.client.key], day)
        days += [silent] if silent is not None and silent > day else []
        thanks = thanks_ahead(case, day)
        days += [thanks] if thanks is not None else []
        payments = [p.on for invoice in self._ledger.by_client[case.client.key] for p in invoice.payments]
        payments += [p.on for recorded in case.history.payments.values() for p in recorded]
        days += [on for on in payments if on > day]  # a refund, too, sets an invoice free
        return min(days, default=None)

    def _cut(self, case: Case, letter: j.LetterQueued, day: date) -> None:
        following = first_day(day + _DAY, case.under(letter.policy).is_sending_day)
        refs = [ItemRef(claim.number, claim.instalment) for claim in letter.claims]
        self._found.quiet += [StillOn(case.client.key, Quiet(ref, Why.PER_DAY, following)) for ref in refs]


def _as_if_sent(case: Case, letter: j.LetterQueued) -> None:
    history = case.history
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


def _released(letter: j.LetterQueued) -> j.LetterReleased:
    return j.LetterReleased(at=letter.at, client=letter.client, letter_id=letter.letter_id)


def _done(task: j.CallSuggested, day: date) -> j.CallMade:
    return j.CallMade(at=task.at, client=task.client, call_id=task.call_id, numbers=task.numbers, result="done", on=day)


def start_of(day: date) -> datetime:
    """A stamp for simulated entries: the start of the day, as if it were UTC."""
    return datetime.combine(day, time(), UTC)
