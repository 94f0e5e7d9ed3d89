"""What the owner wants to know before a telephone call: whom, when, what has happened, what to ask, what to record.

Facts without words: `daemon.mail.owner.call_words` says them in the owner's language.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from daemon.domain import journal as j
from daemon.domain.books.client import Client
from daemon.domain.books.money import Money
from daemon.domain.books.policy import LetterLevel
from daemon.domain.books.reading import Intent
from daemon.domain.books.telephone import Telephone, dialled
from daemon.domain.commands.call_result import CallOutcome
from daemon.domain.history import LetterRecord
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case
from daemon.domain.standing.open_calls import numbers_of, reach

OPENS, CLOSES = time(9), time(17, 30)  # office hours, in the client's local time
LINES = 5  # of what has happened so far
_SHOWN_LETTERS = 4


class Ask(StrEnum):
    """The one thing to ask (FIELD S26)."""

    WHEN = "when"  # will they pay
    PARTS = "parts"  # cash is short: in parts, and by when
    WRONG = "wrong"  # with the delivery or the amount
    FINAL = "final"  # what stands in the way, before the final notice
    ADDRESS = "address"  # which address is right
    ARRIVED = "arrived"  # did our letters
    PERSON = "person"  # who is in charge
    NUMBER = "number"  # which telephone number is right
    PORTAL = "portal"  # a task in their portal
    SPAM = "spam"  # why our letter was marked as spam


class StoryAbout(StrEnum):
    """What one line of the story tells."""

    OWED = "owed"
    LETTERS = "letters"
    SAID = "said"  # their last answer
    PROMISED = "promised"
    BROKEN = "broken"
    DISPUTED = "disputed"
    BOUNCED = "bounced"
    AWAY = "away"
    CALLED = "called"
    NOTED = "noted"  # by the owner


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLine:
    """One line."""

    about: StoryAbout
    on: date  # when it happened; of what is owed: the oldest due date
    numbers: tuple[str, ...] = ()
    money: tuple[Money, ...] = ()
    letters: tuple[tuple[str, date], ...] = ()  # the last ones: name, day
    count: int = 0  # letters in all
    who: str = ""
    intent: str = ""
    words: str = ""  # theirs, or of how the last call went
    outcome: str = ""
    address: str = ""
    day: date | None = None  # promised, or the first day back


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The client's time."""

    local: datetime  # now, in their zone
    there: bool  # office hours on their business day
    good: datetime  # now, or when their office opens next, in their zone


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSheet:
    """One call."""

    call: j.CallSuggested
    client: Client
    numbers: tuple[str, ...]  # still owed
    person: str
    phone: str | None  # as written
    telephone: Telephone | None  # None: no number, or one that cannot be dialled
    hours: Hours
    told: tuple[StoryLine, ...]  # LINES at most: what is owed, the letters, then in the order of their days
    ask: Ask
    last_try: date | None = None  # when nobody was reached last
    since: tuple[str, date] | None = None  # of a rung: the last letter above it that has left, and its day
    commands: Mapping[CallOutcome, str] = field(default_factory=dict)  # to record how it went


def call_sheet(
    case: Case, call: j.CallSuggested, now: datetime, words: Callable[[str], str] = lambda _: ""
) -> CallSheet:
    """Gather what is known for one call.

    Args:
        now: aware.
        words: the kept new words of a client's mail, by its digest; "" where none are kept.
    """
    numbers = numbers_of(case, call)
    person, phone = reach(case, call)
    hours = hours_of(case.client, now)
    since = _since(case, call, numbers)
    tries = [
        made.on
        for record in case.history.calls.values()
        for made in record.results
        if record.suggested.tries < call.tries
    ]
    return CallSheet(
        call=call,
        client=case.client,
        numbers=numbers,
        person=person,
        phone=phone,
        telephone=dialled(phone, case.client.calendar.region),
        hours=hours,
        told=_told(case, numbers, hours.local.date(), words),
        ask=_ask(case, call, numbers, since),
        last_try=max(tries, default=None) if call.tries else None,
        since=since,
        commands=_commands(call, numbers, hours.local.date()),
    )


def hours_of(client: Client, now: datetime) -> Hours:
    """Whether their office is open now, and when it is next."""
    local = now.astimezone(client.timezone)
    today, calendar = local.date(), client.calendar
    if calendar.is_business_day(today) and OPENS <= local.time() < CLOSES:
        return Hours(local=local, there=True, good=local)
    first = today if local.time() < OPENS else today + timedelta(days=1)
    good = datetime.combine(calendar.on_or_after(first), OPENS, client.timezone)
    return Hours(local=local, there=False, good=good)


# -- what to ask --------------------------------------------------------------------------------------------------

_ASKS = {
    "bounce": Ask.ADDRESS,
    "gave-up": Ask.ADDRESS,
    "silence": Ask.ARRIVED,
    "wrong-contact": Ask.PERSON,
    "absent": Ask.PERSON,
    "complaint": Ask.SPAM,
    "wrong-number": Ask.NUMBER,
    "portal": Ask.PORTAL,
}
_SHORT_OF_CASH = (Intent.CANNOT_PAY, Intent.EXTENSION)


def _ask(case: Case, call: j.CallSuggested, numbers: tuple[str, ...], since: tuple[str, date] | None) -> Ask:
    """What the reason says; on a rung of the ladder what they have said, and how far it has come."""
    if call.reason in _ASKS:
        return _ASKS[call.reason]
    history = case.history
    if any(number in history.disputes for number in numbers):
        return Ask.WRONG
    said = next((reply.intent for reply in reversed(history.replies) if _is_about(reply.numbers, numbers)), None)
    if said in _SHORT_OF_CASH or any(number in history.broken for number in numbers):
        return Ask.PARTS
    if said == Intent.DISPUTE:
        return Ask.WRONG
    above = case.policy_named(call.policy).levels[call.level :] if call.level else ()
    letter = next((level.letter for level in above if isinstance(level, LetterLevel)), "")
    return Ask.FINAL if letter == "final-notice" and since is None else Ask.WHEN


def _since(case: Case, call: j.CallSuggested, numbers: tuple[str, ...]) -> tuple[str, date] | None:
    """A rung's call waits for the owner, and the ladder goes on meanwhile: what it was to come before may have left."""
    above = [
        (record.queued.letter, record.on)
        for item in case.items
        if item.ref.number in numbers
        for record, level in case.about(item.ref)
        if level > (call.level or 0)
    ]
    return max(above, key=lambda sent: sent[1]) if above and call.reason == "level" else None


# -- what has happened --------------------------------------------------------------------------------------------


def _told(case: Case, numbers: tuple[str, ...], today: date, words: Callable[[str], str]) -> tuple[StoryLine, ...]:
    """What is owed, the letters, and the three most telling of the rest, a broken promise before all."""
    items = [item for item in case.items if item.ref.number in numbers and not item.settled]
    letters = [r for r in case.history.letters.values() if r.left and not set(r.numbers).isdisjoint(numbers)]
    head = [_owed(items, numbers, today)] if items else []
    head += [_letters(letters)] if letters else []
    rest = [*_events(case, numbers, words)][: LINES - len(head)]
    return (*head, *sorted(rest, key=lambda told: told.on))


def _owed(items: list[Item], numbers: tuple[str, ...], today: date) -> StoryLine:
    late = [item for item in items if item.due_on < today] or items
    sums: dict[str, Money] = {}
    for item in late:
        money = Money(item.outstanding, item.invoice.currency)
        sums[money.currency] = sums[money.currency] + money if money.currency in sums else money
    oldest = min(item.due_on for item in late)
    return StoryLine(about=StoryAbout.OWED, on=oldest, numbers=numbers, money=tuple(sums.values()))


def _letters(letters: list[LetterRecord]) -> StoryLine:
    shown = tuple((record.queued.letter, record.on) for record in letters[-_SHOWN_LETTERS:])
    return StoryLine(about=StoryAbout.LETTERS, on=letters[-1].on, letters=shown, count=len(letters))


def _events(case: Case, numbers: tuple[str, ...], words: Callable[[str], str]) -> Iterator[StoryLine]:
    """The most telling first."""
    history = case.history
    broken = [history.broken[number] for number in numbers if number in history.broken]
    if broken:
        last = max(broken, key=lambda entry: entry.on)
        yield StoryLine(about=StoryAbout.BROKEN, on=last.on, numbers=last.numbers, day=last.promised_on)
    reply = next((r for r in reversed(history.replies) if _is_about(r.numbers, numbers)), None)
    if reply is not None:
        who = next((c.name for c in case.client.contacts if c.email.lower() == reply.sender), reply.sender)
        said = words(reply.mail) or reply.subject
        yield StoryLine(about=StoryAbout.SAID, on=reply.on, who=who, intent=reply.intent, words=said)
    notes = history.told.notes_on(numbers)
    if notes:
        yield StoryLine(about=StoryAbout.NOTED, on=notes[-1].on, words=notes[-1].text)
    failed = max(history.failed.values(), key=lambda entry: entry.on, default=None)
    if failed is not None:
        yield StoryLine(about=StoryAbout.BOUNCED, on=failed.on, address=failed.address, words=failed.reason)
    made = [
        m for record in history.calls.values() for m in record.results if m.outcome and _is_about(m.numbers, numbers)
    ]
    if made:
        last_call = max(made, key=lambda entry: entry.at)
        yield StoryLine(about=StoryAbout.CALLED, on=last_call.on, outcome=last_call.outcome, words=last_call.result)
    disputed = next((history.disputes[number] for number in numbers if number in history.disputes), None)
    if disputed is not None and (disputed.mail is None or reply is None or disputed.mail != reply.mail):
        yield StoryLine(about=StoryAbout.DISPUTED, on=disputed.on, numbers=disputed.numbers, words=disputed.note)
    promised = next((history.promises[number] for number in numbers if number in history.promises), None)
    if promised is not None and not broken:
        yield StoryLine(about=StoryAbout.PROMISED, on=promised.on, numbers=promised.numbers, day=promised.promised_on)
    away = max(history.absent.values(), key=lambda entry: entry.on, default=None)
    if away is not None:
        yield StoryLine(about=StoryAbout.AWAY, on=away.on, address=away.sender, day=away.back_on)


def _is_about(some: tuple[str, ...], numbers: tuple[str, ...]) -> bool:
    return not some or not set(some).isdisjoint(numbers)


# -- what to record -----------------------------------------------------------------------------------------------


def _commands(call: j.CallSuggested, numbers: tuple[str, ...], today: date) -> dict[CallOutcome, str]:
    """The exact commands; a call about several invoices is named by its own id."""
    target = f"{call.client}/{numbers[0]}" if len(numbers) == 1 else call.call_id
    day = today + timedelta(days=7)
    typed = {CallOutcome.PROMISED: f"promised {day}", CallOutcome.DISPUTES: "disputes WHY"}
    return {
        outcome: f"sollecito called {shlex.quote(target)} {typed.get(outcome, outcome.value)}"
        for outcome in CallOutcome
        if outcome is not CallOutcome.OTHER
    }
