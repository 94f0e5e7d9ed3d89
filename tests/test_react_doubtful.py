"""FIELD S10 to S12: mail that does not get through to an address that nobody calls dead.  Acme-1 left on 2 November."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daemon.domain import journal as j
from daemon.domain.books.reading import Intent, Kind, Meaning, Reading, RecipientReport
from daemon.domain.history import Status
from daemon.domain.journal import Because
from tests.ladder_days import Days
from tests.react_scene import ANNA, TODAY, TWO, days, hear, holds, mail


def report(kind: Kind, meaning: Meaning, status: str, said: str, n: int = 1, address: str = ANNA) -> Reading:
    action = "delayed" if meaning is Meaning.RETRYING else "failed"
    told = RecipientReport(address=address, action=action, status=status, diagnostic=said, meaning=meaning)
    return mail(kind, sender="mailer-daemon@relay.example", mail=f"m{n}", recipients=(told,))


def delay(n: int) -> Reading:
    return report(Kind.DELAYED, Meaning.RETRYING, "4.4.1", "connection timed out", n)


def calls(found: Days) -> list[j.CallSuggested]:
    return [call.suggested for call in found.history.of("acme").calls.values()]


def delays(found: Days, *after: int) -> None:
    for n, days_later in enumerate(after):
        hear(found, delay(n), TODAY + timedelta(days=days_later))


def test_three_delays_in_two_weeks_suggest_one_call_and_nothing_is_dead() -> None:
    found = days()
    delays(found, 0, 3, 6, 7)
    [call] = calls(found)

    assert (call.reason, call.on, call.said) == ("gave-up", TODAY + timedelta(days=6), "4.4.1 connection timed out")
    assert (call.contact, call.phone) == ("Anna Verdi", "+39 02 5550 1111")
    assert found.history.of("acme").failed == {}
    assert not found.history.of("acme").holds


@pytest.mark.parametrize("after", [(0, 3), (0, 3, 18)])
def test_fewer_delays_or_over_a_longer_time_suggest_none(after: tuple[int, ...]) -> None:
    found = days()
    delays(found, *after)

    assert calls(found) == []


@pytest.mark.parametrize("sign", [mail(intent=Intent.QUESTION, mail="answer"), mail(Kind.RECEIPT, mail="receipt")])
def test_a_sign_of_life_begins_the_count_anew(sign: Reading) -> None:
    found = days()
    delays(found, 0, 1)
    hear(found, sign, TODAY + timedelta(days=2))
    delays(found, 3, 4)

    assert calls(found) == []


@pytest.mark.parametrize(
    ("meaning", "status", "said", "because"),
    [
        (Meaning.GAVE_UP, "5.2.2", "552 5.2.2 over quota", "the mailbox of {} is full: 552 5.2.2 over quota"),
        (Meaning.REFUSED, "5.7.1", "554 spam", "their server refuses our mail to {}: 5.7.1 554 spam"),
        (Meaning.GAVE_UP, "4.4.7", "", "mail to {} was given up: 4.4.7"),
    ],
)  # fmt: skip
def test_a_full_mailbox_and_a_spam_filter_are_not_dead_and_the_call_says_what_they_said(
    meaning: Meaning, status: str, said: str, because: str
) -> None:
    """The letter spent nothing, the ladder waits for the owner, and there is somebody to call."""
    found = days(*TWO)
    entries = hear(found, report(Kind.BOUNCE, meaning, status, said))
    found.run(TODAY, date(2026, 11, 30))

    assert [(c.reason, c.because) for c in calls(found)] == [("gave-up", because.format(ANNA))]
    assert [hold[0] for hold in holds(entries)] == [Because.REFUSED]
    assert found.history.of("acme").failed == {}
    assert found.history.of("acme").letters["acme-1"].status is Status.FAILED
    assert found.sent == []


def test_a_second_report_about_the_same_letter_adds_nothing() -> None:
    found = days()
    first = report(Kind.BOUNCE, Meaning.REFUSED, "5.7.1", "spam")
    hear(found, first)

    assert hear(found, report(Kind.BOUNCE, Meaning.REFUSED, "5.7.1", "spam", n=2)) == []


def test_our_own_id_decides_whose_address_is_dead() -> None:
    found = days(*TWO)
    dead = RecipientReport(address="forwarded@elsewhere.example", action="failed", status="5.1.1", meaning=Meaning.DEAD)
    hear(found, mail(Kind.BOUNCE, sender="mailer-daemon@relay.example", recipients=(dead,)))

    assert list(found.history.of("acme").failed) == [ANNA]
    assert [c.reason for c in calls(found)] == ["bounce"]
