"""Rule 6: what `plan` shows is what happens.  The forecast against a daemon that lives the days one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.ladder.forecast import forecast
from tests.builders import a_history, at
from tests.ladder_days import Days, days
from tests.ladder_worlds import FIRST, Event, days_ahead, events, happen, ledgers, quick

LIVES = st.lists(events.filter(lambda e: e.what != "doubt"), max_size=5)


def in_words(letters: list[j.LetterQueued]) -> list[tuple[object, ...]]:
    return sorted(
        (x.on, x.client, x.letter, x.to, str([(c.number, c.instalment, c.level) for c in x.claims])) for x in letters
    )


def check(lived: Days, today: date, until: date) -> None:
    shown = forecast(lived.ledger, lived.history, today, until)
    before = len(lived.sent)
    calls: list[j.CallSuggested] = []
    handovers: list[j.HandoverSuggested] = []
    for day in days(today, until):
        for entry in lived.day(day):
            if isinstance(entry, j.CallSuggested):
                calls.append(entry)
            elif isinstance(entry, j.HandoverSuggested):
                handovers.append(entry)
        for key in lived.ledger.clients:
            for call in [c.suggested for c in lived.history.of(key).calls.values() if c.open]:
                if call.reason == "portal":
                    made = j.CallMade(
                        at=at(day), client=key, call_id=call.call_id, numbers=call.numbers, result="", on=day
                    )
                    lived.take_in(made)

    assert in_words(shown.letters) == in_words(lived.sent[before:])
    assert sorted((c.on, c.client, c.level or 0, c.numbers) for c in shown.calls) == sorted(
        (c.on, c.client, c.level or 0, c.numbers) for c in calls
    )
    assert sorted((h.on, h.client, h.numbers) for h in shown.handovers) == sorted(
        (h.on, h.client, h.numbers) for h in handovers
    )


@quick
@given(ledgers(portal=True, max_clients=3), LIVES, days_ahead)
def test_the_forecast_is_what_a_daemon_does_when_nobody_answers(ledger: Ledger, life: list[Event], today: date) -> None:
    lived = Days(ledger, a_history(begun=FIRST))
    for day in days(FIRST, today - timedelta(days=1)):
        lived.day(day)
        for event in (e for e in life if e.day == day):
            happen(lived, event)
    check(lived, today, today + timedelta(days=60))


@quick
@given(ledgers(max_clients=3), st.integers(1, 2))
def test_the_days_limit_is_shown_as_it_is_kept(ledger: Ledger, per_day: int) -> None:
    """The rest goes the next day; letters that wait for a go do not use up the day."""
    limited = {name: replace(policy, per_day=per_day, approve_first=False) for name, policy in ledger.policies.items()}
    books = replace(ledger, policies=limited, first_start_sends=True)
    check(Days(books, a_history(begun=FIRST)), FIRST, FIRST + timedelta(days=50))


@quick
@given(ledgers(portal=True, max_clients=3), LIVES, days_ahead)
def test_every_known_invoice_is_named_in_the_plan(ledger: Ledger, life: list[Event], today: date) -> None:
    """Nothing is skipped silently, also when only one day is asked for."""
    lived = Days(ledger, a_history(begun=FIRST), go=False)
    for day in days(FIRST, today - timedelta(days=1)):
        lived.day(day)
        for event in (e for e in life if e.day == day):
            happen(lived, event)
    shown = forecast(ledger, lived.history, today, today)
    named = {(x.client, c.number) for x in shown.letters for c in (*x.claims, *x.also_open)}
    named |= {(e.client, n) for e in (*shown.calls, *shown.handovers) for n in e.numbers}
    named |= {(s.client, s.quiet.ref.number) for s in shown.quiet}

    assert {(invoice.client, invoice.number) for invoice in ledger.invoices} <= named
