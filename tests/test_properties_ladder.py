"""What holds for every ladder, every client and every life: nothing twice, in order, spaced, never on a wrong day."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.policy import INSTALMENT_DUE, LETTERS, THANK_YOU, Group, LetterLevel, SendOn
from daemon.domain.history import Status
from daemon.domain.ladder.decide import decide_letters, still_due
from daemon.domain.ladder.ladder import AFTER_DEADLINE
from tests.builders import a_history, at
from tests.ladder_days import Days, days
from tests.ladder_worlds import FIRST, Event, days_ahead, events, happen, ledgers, quick

LAST = FIRST + timedelta(days=80)
LIVES = st.lists(events, max_size=6)
AFTERWARDS = st.lists(events.filter(lambda e: not e.before_sending), max_size=6)
OFF = st.sets(days_ahead, max_size=40)


def a_life(
    ledger: Ledger, life: list[Event], off: set[date] | None = None, *, times: int = 1, until: date = LAST
) -> Days:
    """Days of a daemon that is off on some of them; what happens then, it hears on the next day it is on."""
    found = Days(ledger, a_history(begun=FIRST))
    missed: list[Event] = []
    for day in days(FIRST, until):
        missed += [event for event in life if event.day == day]
        if day in (off or ()):
            continue
        heard = [Event(day, e.what, e.pick, e.number, e.before_sending) for e in missed]
        missed = []
        for _ in range(times):
            found.plan(day)
        for event in (e for e in heard if e.before_sending):
            happen(found, event)
        found.send(day)
        if times > 1:
            found.day(day, times)
        for event in (e for e in heard if not e.before_sending):
            happen(found, event)
    return found


def level_of(ledger: Ledger, letter: j.LetterQueued, number: int) -> LetterLevel:
    level = ledger.policies[letter.policy].levels[number - 1]
    assert isinstance(level, LetterLevel)
    return level


def items(letter: j.LetterQueued) -> list[tuple[str, int | None]]:
    return [(claim.number, claim.instalment) for claim in letter.claims]


@quick
@given(ledgers(portal=True), LIVES, OFF)
def test_never_two_letters_for_one_item_level_and_address(ledger: Ledger, life: list[Event], off: set[date]) -> None:
    """They do not forgive a double one.  Only a level that repeats comes again, a round later, so often as it says."""
    lived = a_life(ledger, life, off)
    for letter in (x for x in lived.sent if x.level):
        for claim in letter.claims:
            level = level_of(ledger, letter, claim.level)
            before = [
                other
                for other, one in lived.before(letter, claim)
                if other.to == letter.to and level_of(ledger, other, one.level).letter == level.letter
            ]
            if before and level.letter != INSTALMENT_DUE:  # each plan has its own
                assert level.every is not None
                assert level.times is None or len(before) < level.times


@quick
@given(ledgers(), LIVES, OFF)
def test_levels_ascend_for_an_address(ledger: Ledger, life: list[Event], off: set[date]) -> None:
    """By their letters, as the ladder itself may be another one for a client who has paid in time lately."""
    lived = a_life(ledger, life, off)
    for letter in (x for x in lived.sent if x.level):
        for claim in letter.claims:
            level = level_of(ledger, letter, claim.level)
            place = LETTERS.index(level.letter)
            places = [
                LETTERS.index(level_of(ledger, other, one.level).letter)
                for other, one in lived.before(letter, claim)
                if other.to == letter.to
            ]
            last = max(places, default=-1)
            again = level.every is not None and place == last
            assert place > last or again or level.letter == INSTALMENT_DUE or (level.early and place != last)


@quick
@given(ledgers(), LIVES, OFF)
def test_no_letter_skips_one_below_it(ledger: Ledger, life: list[Event], off: set[date]) -> None:
    """Levels after the due date: each was sent to that address or another one of the client before the next."""
    one_ladder = {name: replace(policy, good_payers=None) for name, policy in ledger.policies.items()}
    ledger = replace(ledger, policies=one_ladder)
    lived = a_life(ledger, life, off)
    for letter in (x for x in lived.sent if x.level):
        for claim in letter.claims:
            sent = Counter(one.level for _, one in lived.before(letter, claim))
            for number, level in enumerate(ledger.policies[letter.policy].levels, start=1):
                if isinstance(level, LetterLevel) and not level.early and number < claim.level:
                    assert sent[number] >= (level.times or 1)


@quick
@given(ledgers(), st.lists(events.filter(lambda e: e.what not in ("bounce", "refused", "promise")), max_size=5), OFF)
def test_the_rest_and_the_deadlines_are_kept(ledger: Ledger, life: list[Event], off: set[date]) -> None:
    """But for levels up to the due date, a second currency of the day, and the first word that a plan was broken.

    A part of a plan that is missed does not wait for a deadline from before the plan.
    """
    calendar = ledger.clients["acme"].calendar
    lived = a_life(ledger, life, off)
    before_plan = lived.history.of("acme").before_plan
    for number, letter in enumerate(lived.sent):
        policy = ledger.policies[letter.policy]
        numbers = {claim.number for claim in letter.claims}
        told = any(x.broken_plan and numbers & {c.number for c in x.claims} for x in lived.sent[:number])
        at_once = letter.broken_plan and not told
        if not letter.level or at_once or level_of(ledger, letter, letter.level).early:
            continue
        least = min(
            policy.letter_rest(lv) for c in letter.claims if isinstance(lv := policy.levels[c.level - 1], LetterLevel)
        )
        for earlier in (x for x in lived.sent[:number] if x.letter != THANK_YOU):
            alone = policy.group is ledger.policies[earlier.policy].group is Group.INVOICE
            if alone and not {c.number for c in earlier.claims} & {c.number for c in letter.claims}:
                continue
            if earlier.claims[0].currency == letter.claims[0].currency or earlier.on != letter.on:
                assert letter.on >= earlier.on + timedelta(days=least)
            agreed_since = {n for n, ids in before_plan.items() if letter.broken_plan and earlier.letter_id in ids}
            same = {item for item in set(items(earlier)) & set(items(letter)) if item[0] not in agreed_since}
            if earlier.deadline and same:
                assert letter.on >= calendar.after(earlier.deadline, AFTER_DEADLINE)


@quick
@given(ledgers(portal=True), LIVES, OFF)
def test_nothing_on_a_holiday_outside_the_sending_days_or_in_a_closed_range(
    ledger: Ledger, life: list[Event], off: set[date]
) -> None:
    lived, client = a_life(ledger, life, off), ledger.clients["acme"]
    acme = lived.history.of("acme")
    on = [(letter.on, letter.policy) for letter in lived.sent]
    on += [(r.on, r.queued.policy) for r in acme.letters.values() if r.left]
    suggested = (call.suggested for call in acme.calls.values())
    on += [(call.on, call.policy) for call in suggested if call.reason == "level"]
    for day, policy in on:
        assert not client.calendar.is_closed(day)
        assert not ledger.creditor.calendar.is_closed(day)
        if ledger.policies[policy].send_on is SendOn.BUSINESS_DAYS:
            assert client.calendar.is_business_day(day)
            assert ledger.creditor.calendar.is_business_day(day)


@quick
@given(ledgers(), LIVES, OFF)
def test_nothing_after_payment_and_nothing_during_a_hold(ledger: Ledger, life: list[Event], off: set[date]) -> None:
    """Asked of every letter at the moment at which it leaves."""
    lived = Days(ledger, a_history(begun=FIRST))
    offered = lived.offer

    def watched(key: str, record: object, day: date) -> bool:
        went = offered(key, record, day)  # type: ignore[arg-type]
        if went:
            letter = lived.sent[-1]
            case = lived.case(day, key)
            if letter.letter == THANK_YOU:
                assert all(item.settled for item in case.items if item.ref.number in {c.number for c in letter.claims})
                return went
            for item in case.items:
                if (item.ref.number, item.ref.instalment) in items(letter):
                    stated = item.invoice.hold
                    assert item.outstanding > 0
                    assert not case.history.holds.on(item.ref.number, day)
                    assert stated is None or (stated.until is not None and stated.until < day)
                    assert not item.invoice.is_collected(day)
                    assert letter.by_hand or not item.invoice.manual
                    assert letter.by_hand or item.invoice.not_before is None or item.invoice.not_before <= day
                    assert letter.to.lower() not in case.history.failed
        return went

    lived.offer = watched  # type: ignore[method-assign]
    for day in days(FIRST, LAST):
        if day in off:
            continue
        lived.plan(day)
        for event in (e for e in life if e.day == day and e.before_sending):
            happen(lived, event)
        lived.send(day)
        for event in (e for e in life if e.day == day and not e.before_sending):
            happen(lived, event)


@quick
@given(
    ledgers(portal=True), st.lists(events.filter(lambda e: not e.before_sending), max_size=6), OFF, st.integers(2, 4)
)
def test_how_often_the_planner_runs_changes_nothing(ledger: Ledger, life: list[Event], off: set[date], k: int) -> None:
    """F20: once a day or many times, the same letters, calls and hand-overs.

    News that takes a letter back before it leaves may let another one go the same day: that is what it finds.
    """
    once, often = a_life(ledger, life, off), a_life(ledger, life, off, times=k)

    def told(lived: Days) -> list[object]:
        history = lived.history.of("acme")
        calls = [(c.suggested.on, c.suggested.level, c.suggested.numbers) for c in history.calls.values()]
        return [sorted((x.on, x.letter, x.to, str(items(x))) for x in lived.sent), calls, sorted(history.handovers)]

    assert told(often) == told(once)


@quick
@given(ledgers(), st.integers(5, 60))
def test_a_planner_that_was_off_sends_at_most_one_letter_per_item_and_then_rests(ledger: Ledger, gap: int) -> None:
    """F19: late, not lost; and no flood."""
    back = FIRST + timedelta(days=gap)
    lived = a_life(ledger, [], set(days(FIRST, back - timedelta(days=1))))
    by_item: dict[tuple[str, int | None], list[j.LetterQueued]] = defaultdict(list)
    for letter in (x for x in lived.sent if x.level):
        assert letter.on >= back
        for item in items(letter):
            by_item[item].append(letter)
    for letters in by_item.values():
        for one, other in pairwise(letters):
            policy = ledger.policies[other.policy]
            assert other.on > one.on
            if not level_of(ledger, other, other.level).early:
                smallest = min(policy.letter_rest(lv) for lv in policy.levels if isinstance(lv, LetterLevel))
                assert other.on >= one.on + timedelta(days=smallest)


@quick
@given(ledgers(portal=True), LIVES, days_ahead)
def test_deciding_is_total(ledger: Ledger, life: list[Event], today: date) -> None:
    """Whatever was recorded, an answer comes, and every item of the client is in it."""
    lived = Days(ledger, a_history(begun=FIRST))
    for event in life:
        lived.plan(event.day)
        lived.send(event.day)
        happen(lived, event)
    case = lived.case(today)
    decision = decide_letters(case, today, at(today))
    named = {q.ref for q in decision.quiet} | {i for x in decision.letters for i in items(x)}
    numbers = {n for e in decision.entries if not isinstance(e, j.LetterQueued) for n in e.numbers}

    assert {i.ref for i in case.items if i.ref.number not in numbers} <= named


@quick
@given(ledgers(), LIVES, days_ahead, events)
def test_a_letter_just_decided_is_still_due_until_something_touches_it(
    ledger: Ledger, life: list[Event], today: date, event: Event
) -> None:
    """Promise 2's question right before sending: the same rules, the same answer, unless there is news."""
    lived = (
        a_life(ledger, life, until=today - timedelta(days=1)) if today > FIRST else Days(ledger, a_history(begun=FIRST))
    )
    lived.plan(today)
    touching = {"payment", "hold", "refused", "reply", "paid", "dispute", "stop", "bounce"}
    for record in list(lived.history.of("acme").letters.values()):
        if record.status is not Status.QUEUED or record.queued.on != today:
            continue
        letter_id = record.queued.letter_id
        assert still_due(lived.case(today, setting_aside=letter_id), record, today, at(today)) is None
        numbers = {claim.number for claim in record.queued.claims}
        before = lived.history.of("acme").copy()
        happen(lived, Event(today, event.what, event.pick, event.number))
        after = lived.history.of("acme")
        held = any(after.holds.on(n, today) for n in numbers)
        paid = any(after.payments.get(n) != before.payments.get(n) for n in numbers)
        dead = record.queued.to.lower() in after.failed
        if record.queued.letter == THANK_YOU:
            held = held and event.what != "paid"  # the money has answered that
        if event.what in touching and (held or paid or dead):
            assert still_due(lived.case(today, setting_aside=letter_id), record, today, at(today)) is not None
        return
