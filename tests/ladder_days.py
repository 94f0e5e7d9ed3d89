"""A client's days on the ladder for tests: the planner's steps and an obliging relay, without loops or clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History, LetterRecord, Status
from daemon.domain.ladder.decide import Decision, decide_letters, still_due
from daemon.domain.ladder.draft import leaves_until
from daemon.domain.ladder.flood import floods, waiting_for_go
from daemon.domain.ladder.notice import notice
from daemon.domain.standing.case import Case, case_of
from tests.builders import at

_DAY = timedelta(days=1)
_NAMES = {4: "second-reminder", 6: "firm-reminder", 8: "final-notice", 9: "final-notice"}


@dataclass
class Days:
    """The books, the history, and what a day does to them."""

    ledger: Ledger
    history: History
    go: bool = True  # the owner says go at once
    sent: list[j.LetterQueued] = field(default_factory=list)  # that left, `on` being the day on which they did
    shapes: dict[str, dict[str, int]] = field(default_factory=dict)  # by letter_id: which plan each invoice was on
    calls: list[j.CallSuggested] = field(default_factory=list)
    handovers: list[j.HandoverSuggested] = field(default_factory=list)

    def take_in(self, *entries: j.AnyEntry) -> None:
        for entry in entries:
            self.history.take_in(entry)

    def case(self, day: date, client: str = "acme", *, setting_aside: str | None = None) -> Case:
        return case_of(self.ledger, self.history, client, day, setting_aside=setting_aside)

    def decide(self, day: date, client: str = "acme") -> Decision:
        return decide_letters(self.case(day, client), day, at(day))

    def why(self, day: date, number: str = "2026-041", client: str = "acme") -> str:
        return next(str(quiet.why) for quiet in self.decide(day, client).quiet if quiet.ref.number == number)

    def plan(self, day: date) -> list[j.AnyEntry]:
        """What the planner records on a day."""
        found: list[j.AnyEntry] = []
        for key in self.ledger.clients:
            seen = notice(self.case(day, key), self.ledger.by_client[key], day, at(day))
            self.take_in(*seen)
            found += seen
        decisions = {key: self.decide(day, key) for key in self.ledger.clients}
        flooded = floods(self.ledger, decisions)
        for decision in decisions.values():
            for entry in decision.entries:
                made: j.AnyEntry = entry
                if isinstance(entry, j.LetterQueued):
                    policy = self.ledger.policies[entry.policy]
                    if policy.name in flooded:
                        made = entry = waiting_for_go(entry, j.Wait.PER_DAY)
                    if entry.waits_for is None and self._used(policy.name, day) >= policy.per_day:
                        continue
                self.take_in(made)
                found.append(made)
        return found

    def _used(self, policy: str, day: date) -> int:
        return sum(
            record.on == day and (record.counts or record.status is Status.QUEUED) and record.queued.waits_for is None
            for key, history in self.history.clients.items()
            for record in history.letters.values()
            if self.ledger.policy_for(self.ledger.clients[key], record.queued.policy).name == policy
        )

    def send(self, day: date) -> None:
        """What the deliverer does on a day: still due, begun, accepted; a letter whose day has passed is withdrawn."""
        for key in self.ledger.clients:
            for record in list(self.history.of(key).letters.values()):
                if record.status is Status.WAITING and self.go:
                    self.take_in(j.LetterReleased(at=at(day), client=key, letter_id=record.queued.letter_id))
                if record.status is Status.QUEUED:
                    self.offer(key, record, day)

    def offer(self, key: str, record: LetterRecord, day: date) -> bool:
        letter = record.queued
        case = self.case(day, key, setting_aside=letter.letter_id)
        if letter.on < day <= leaves_until(letter) and not case.under(letter.policy).is_sending_day(day):
            return False  # it waits for its chance
        reason = still_due(case, record, day, at(day))
        if reason is not None:
            self.take_in(j.LetterWithdrawn(at=at(day), client=key, letter_id=letter.letter_id, because=reason))
            return False
        started = j.DeliveryStarted(
            at=at(day, 10), client=key, letter_id=letter.letter_id, to=letter.to, on=day, attempt=1, message_id="<m@x>"
        )
        accepted = j.DeliveryAccepted(at=at(day, 10), client=key, letter_id=letter.letter_id, to=letter.to, reply="ok")
        self.take_in(started, accepted)
        letter = msgspec.structs.replace(letter, on=day)
        self.sent.append(letter)
        plans = self.history.of(key).before_plan
        self.shapes[letter.letter_id] = {
            c.number: len(plans[c.number]) if c.number in plans else -1 for c in letter.claims
        }
        return True

    def day(self, day: date, times: int = 1) -> list[j.AnyEntry]:
        found: list[j.AnyEntry] = []
        for _ in range(times):
            found += self.plan(day)
            self.send(day)
        self.calls += [e for e in found if isinstance(e, j.CallSuggested)]
        self.handovers += [e for e in found if isinstance(e, j.HandoverSuggested)]
        return found

    def run(self, first: date, last: date, *, off: Iterable[date] = (), times: int = 1) -> Days:
        skipped = set(off)
        for day in days(first, last):
            if day not in skipped:
                self.day(day, times)
        return self

    def before(self, letter: j.LetterQueued, claim: j.Claim) -> Iterator[tuple[j.LetterQueued, j.Claim]]:
        """What an item had before a letter: its own claims, and its invoice's before the plan it is a part of."""
        shape = self.shapes[letter.letter_id][claim.number]
        for other in self.sent[: self.sent.index(letter)]:
            for one in other.claims if other.client == letter.client and other.level else ():
                if one.number != claim.number:
                    continue
                earlier = self.shapes[other.letter_id][one.number] < shape
                if earlier or one.instalment == claim.instalment:
                    yield other, one

    def letters(self) -> list[tuple[date, str]]:
        return [(letter.on, letter.letter) for letter in self.sent]


def days(first: date, last: date) -> Sequence[date]:
    return [first + _DAY * n for n in range((last - first).days + 1)]


def sent(
    letter_id: str,
    on: date,
    *claims: tuple[str, int],
    client: str = "acme",
    to: str | None = None,
    instalment: int | None = None,
    letter: str | None = None,
    deadline: date | None = None,
    currency: str = "EUR",
) -> list[j.AnyEntry]:
    """The entries of a letter that was accepted: claims are (number, level).

    Its name is that of its level in the standard ladder.
    """
    address = to or f"anna@{client}.example"
    made = tuple(
        j.Claim(
            number=number, instalment=instalment, level=level, due_on=on - _DAY, outstanding=Decimal("1220.00"),
            currency=currency, paid=Decimal(0), credited=Decimal(0),
        )
        for number, level in claims
    )  # fmt: skip
    highest = max(level for _, level in claims)
    queued = j.LetterQueued(
        at=at(on), client=client, letter_id=letter_id, letter=letter or _NAMES.get(highest, "first-reminder"),
        level=highest, on=on,
        to=address, to_name="Anna", language="it", claims=made, deadline=deadline, pay_by=deadline or on, why="",
    )  # fmt: skip
    return [
        queued,
        j.DeliveryStarted(
            at=at(on, 10), client=client, letter_id=letter_id, to=address, on=on, attempt=1, message_id="<m@x>"
        ),
        j.DeliveryAccepted(at=at(on, 10), client=client, letter_id=letter_id, to=address, reply="ok"),
    ]
