"""A change of ladder on the way: another policy, or the same one edited.  Nothing comes twice, nothing is skipped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain.books.client import Channel
from daemon.domain.books.policy import LATE_LETTERS, LETTERS, STOP_WORK, LetterLevel, Level, SendOn
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice
from tests.ladder_days import Days, days
from tests.ladder_worlds import FIRST, quick

LAST = FIRST + timedelta(days=150)
_FIRMNESS = {"first-reminder": 1, "second-reminder": 2, "firm-reminder": 3, "final-notice": 4}
changed_on = st.integers(-5, 60).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def ladders(draw: st.DrawFn, names: Sequence[str] = LATE_LETTERS) -> tuple[LetterLevel, ...]:
    """As the config allows them: no letter milder than one before it, a stop-work notice beside the firm ones."""
    found = draw(st.lists(st.sampled_from(names), min_size=1, max_size=6))
    found.sort(key=lambda name: (_FIRMNESS.get(name) or draw(st.integers(3, 5)), draw(st.integers(0, 9))))
    levels = [LetterLevel(letter="due-today", day=0)] if draw(st.booleans()) else []
    day = 0
    for name in found:
        day += draw(st.integers(1, 6))
        times = draw(st.sampled_from([None, None, None, 2, 3]))
        levels.append(LetterLevel(letter=name, day=day, every=times and 7, times=times))
    return tuple(levels)


def climbing(*ladders_: tuple[Level, ...], channel: Channel = Channel.MAIL) -> Days:
    """A client whose invoice is due on the first day, and one policy for each ladder."""
    policies = {
        f"p{n}": a_policy(name=f"p{n}", levels=levels, rest_days=0, send_on=SendOn.EVERY_DAY)
        for n, levels in enumerate(ladders_)
    }
    client = a_client(policy="p0", channel=channel)
    return Days(a_ledger(an_invoice(due_on=FIRST), clients=(client,), policies=policies), a_history())


def under(found: Days, name: str) -> None:
    """From now on the client has this policy."""
    client = replace(found.ledger.clients["acme"], policy=name)
    found.ledger = replace(found.ledger, clients={"acme": client})


def edited(found: Days, levels: tuple[Level, ...]) -> None:
    """From now on the client's policy has these levels."""
    policy = replace(found.ledger.policies["p0"], levels=levels)
    found.ledger = replace(found.ledger, policies={**found.ledger.policies, "p0": policy})


def to_come(ladder: tuple[LetterLevel, ...], before: list[str]) -> list[str]:
    """The letters about what is overdue that a ladder still has, each as often as it repeats, after those before."""
    tone = max((LETTERS.index(name) for name in before), default=-1)
    left = Counter(before)
    found: list[str] = []
    for level in ladder:
        rounds = level.times or 1
        spent = min(left[level.letter], rounds)
        left[level.letter] -= spent
        if level.letter in LATE_LETTERS and LETTERS.index(level.letter) >= tone:
            found += [level.letter] * (rounds - spent)
    return found


def late(found: Days, first: date, last: date) -> list[str]:
    return [x.letter for x in found.sent if first <= x.on <= last and x.letter in LATE_LETTERS]


@quick
@given(ladders(), ladders(), changed_on)
def test_another_policy_goes_on_where_the_last_one_stood(
    one: tuple[LetterLevel, ...], other: tuple[LetterLevel, ...], day: date
) -> None:
    """What is at or below the tone of the letters so far and was sent never comes again; nothing above is skipped."""
    found = climbing(one, other).run(FIRST, day)
    before = [letter.letter for letter in found.sent]
    under(found, "p1")
    found.run(day + timedelta(days=1), LAST)

    assert late(found, day + timedelta(days=1), LAST) == to_come(other, before)


@quick
@given(
    ladders([name for name in LATE_LETTERS if name != STOP_WORK]),
    ladders([name for name in LATE_LETTERS if name != STOP_WORK]),
    changed_on,
)
def test_an_edited_policy_goes_on_where_it_stood(
    one: tuple[LetterLevel, ...], other: tuple[LetterLevel, ...], day: date
) -> None:
    """The levels have other numbers now; what was sent is known by its name.

    Where all of it stands at the same numbers as before, more rounds of the last letter than it has now may be meant.
    """
    found = climbing(one).run(FIRST, day)
    before = [letter.letter for letter in found.sent]
    edited(found, other)
    found.run(day + timedelta(days=1), LAST)
    last, expected = before[-1] if before else "", to_come(other, before)
    came = late(found, day + timedelta(days=1), LAST)

    assert [name for name in came if name != last] == [name for name in expected if name != last]
    assert came.count(last) <= expected.count(last)


@quick
@given(st.tuples(ladders(), ladders(), ladders()), st.lists(st.tuples(changed_on, st.integers(0, 2)), max_size=6))
def test_however_often_the_policy_changes_no_letter_comes_more_often_than_one_ladder_has_it(
    several: tuple[tuple[LetterLevel, ...], ...], changes: list[tuple[date, int]]
) -> None:
    found = climbing(*several)
    for day in days(FIRST, LAST):
        for on, number in changes:
            if on == day:
                under(found, f"p{number}")
        found.day(day)
    most = {
        name: max(sum(level.times or 1 for level in ladder if level.letter == name) for ladder in several)
        for name in LETTERS
    }

    assert all(times <= most[name] for name, times in Counter(letter.letter for letter in found.sent).items())
    for number, letter in enumerate(found.sent):
        elsewhere = (x.letter for x in found.sent[:number] if x.policy != letter.policy)
        assert all(LETTERS.index(letter.letter) >= LETTERS.index(earlier) for earlier in elsewhere)
