"""What was overdue before the very first start, client by client, and what the owner's answer about it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Literal, assert_never

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.client import Channel
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.errand import Command, Desk, Done, named
from daemon.domain.commands.target import Target
from daemon.domain.history import Status
from daemon.domain.history.first_start import FirstRoom, is_first
from daemon.domain.ladder.decide import decide_letters
from daemon.domain.ladder.quiet import Why, by_hand_only, kept_back
from daemon.domain.standing.case import Case, case_of

Kind = Literal["chase", "paid", "disputed", "promised", "leave"]
KINDS: tuple[Kind, ...] = ("chase", "paid", "disputed", "promised", "leave")
LEFT_ALONE = "left alone at the first start"


@dataclass(frozen=True, slots=True)
class Overdue:
    """One invoice or instalment that was overdue before we began, and about which nothing was decided yet."""

    number: str
    due_on: date
    days: int  # past due
    outstanding: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One client's old debts."""

    client: str
    name: str
    items: tuple[Overdue, ...]  # the oldest first

    @property
    def owed(self) -> dict[str, Decimal]:
        """By currency; two are never added up."""
        found: dict[str, Decimal] = {}
        for item in self.items:
            found[item.currency] = found.get(item.currency, Decimal(0)) + item.outstanding
        return found

    @property
    def days(self) -> int:
        """Of the oldest."""
        return max(item.days for item in self.items)

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(item.number for item in self.items))

    def after(self, answer: Answer) -> Standing | None:
        """What is left to ask about; None: nothing."""
        answered = set(answer.numbers or self.numbers)
        left = tuple(item for item in self.items if item.number not in answered)
        return replace(self, items=left) if left else None


def standing_of(case: Case, today: date) -> Standing | None:
    """What is to be asked about a client; None where there is nothing, or all of it was answered.

    Asked is about what was overdue before the first start, nothing holds, and no letter was let go about; and only
    where letters go by themselves: no other one waits for the answer.
    """
    if case.client.channel is Channel.PORTAL:
        return None
    found = []
    for item in case.items:
        if item.settled or item.due_on >= case.begun_on or by_hand_only(case, item.invoice):
            continue
        if kept_back(case.under(item.invoice.policy), item, today) is not None:
            continue
        about = [record for record, _ in case.history.letters_about(item.ref)]
        if any(record.left or (record.released and record.pending) for record in about):
            continue
        days = (today - item.due_on).days
        found.append(Overdue(item.ref.number, item.due_on, days, item.outstanding, item.invoice.currency))
    items = tuple(sorted(found, key=lambda one: (one.due_on, one.number)))
    return Standing(client=case.client.key, name=case.client.name, items=items) if items else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the owner says about one client."""

    kind: Kind
    numbers: tuple[str, ...] = ()  # () : all that was asked about
    day: date | None = None  # of a promise
    text: str = ""  # of a dispute


def read_answer(text: str, numbers: Sequence[str]) -> Answer | Refusal:
    """An answer as it is typed: `chase`, `paid 2026-041`, `promised 2026-12-15`, `disputed four hours are missing`.

    Args:
        numbers: the invoices that were asked about; each may follow the word, and then it is about these alone.
    """
    words = text.split()
    if not words:
        return Refusal("say chase, paid, disputed, promised DATE or leave")
    kind = next((known for known in KINDS if len(words[0]) > 1 and known.startswith(words[0].lower())), None)
    if kind is None:
        return Refusal(f"{words[0]!r} is none of chase, paid, disputed, promised DATE and leave")
    rest, day = words[1:], None
    if kind == "promised":
        try:
            day = date.fromisoformat(rest.pop(0))
        except (IndexError, ValueError):
            return Refusal("a promise has its day: promised 2026-12-15")
    about = tuple(word for word in rest if word in numbers)
    others = [word for word in rest if word not in numbers]
    if others and kind != "disputed":
        return Refusal(f"{others[0]!r} is none of {', '.join(numbers)}")
    return Answer(kind=kind, numbers=about, day=day, text=" ".join(others))


def orders(answer: Answer, standing: Standing) -> list[tuple[str, dict[str, Any]]]:
    """The commands that record an answer, with their arguments as JSON has them."""
    more: dict[str, Any] = {}
    match answer.kind:
        case "chase" | "paid":
            name: str = answer.kind
        case "disputed":
            name, more = "dispute", {"text": answer.text}
        case "promised":
            name, more = "promise", {"day": answer.day.isoformat() if answer.day else None}
        case "leave":
            name, more = "hold", {"text": LEFT_ALONE}
        case _:
            assert_never(answer.kind)
    numbers = answer.numbers or standing.numbers
    return [(name, {"target": f"{standing.client}/{number}", **more}) for number in numbers]


def chase(command: Command, target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """Let the first letter about an old debt go: the one that waits, else the one of the next day with room."""
    known = case.history
    about = [r for r in known.letters.values() if set(r.numbers) & set(target.numbers)]
    today = desk.today(case.client.key)
    for record in about:
        if record.released and record.pending:  # by an answer about another invoice that is in it, say
            return Done((), _goes(record.queued, today))
    waiting = [r for r in about if r.status is Status.WAITING and is_first(known, r.queued)]
    if waiting:
        let_go = tuple(
            j.LetterReleased(at=desk.at, client=case.client.key, letter_id=r.queued.letter_id) for r in waiting
        )
        return Done(let_go, _goes(waiting[0].queued, today))
    return _queued(target, desk, case)


def _queued(target: Target, desk: Desk, case: Case) -> Done | Refusal:
    """No letter waits, for today is no sending day, say: it is queued for the first one that has room."""
    room, key = FirstRoom(), case.client.key
    if case.client.channel is Channel.PORTAL:
        return Refusal(f"{key} is reached through a portal, not by mail")
    room.take_begun(desk.history.clients, {client: desk.today(client) for client in desk.ledger.clients})
    start = first_day(desk.today(key), case.is_sending_day)
    day = room.take_from(key, start, desk.ledger.first_start.per_day, case.is_sending_day)
    ahead = case_of(desk.ledger, desk.history, key, day)
    decision = decide_letters(ahead, day, desk.at, ahead=False)
    for letter in decision.letters:
        if {claim.number for claim in letter.claims} & set(target.numbers):
            entries: list[j.AnyEntry] = [letter]
            if letter.waits_for is not None:
                entries.append(j.LetterReleased(at=desk.at, client=key, letter_id=letter.letter_id))
            return Done(tuple(entries), _goes(letter, desk.today(key)))
    quiet = sorted((q for q in decision.quiet if q.ref.number in target.numbers), key=lambda q: q.why == Why.PAID)
    return Refusal(f"{named(target)}: {quiet[0].why if quiet else 'no letter is due'}")


def _goes(letter: j.LetterQueued, today: date) -> str:
    numbers = ", ".join(dict.fromkeys(claim.number for claim in letter.claims))
    return f"{numbers}: {letter.letter} goes {f'on {letter.on}' if letter.on > today else 'next'}, to {letter.to}"
