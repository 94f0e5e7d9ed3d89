"""Promise 4 for answers that would make us act: who has not our id in the thread holds letters back, and no more."""

from __future__ import annotations

from datetime import date

import pytest

from daemon.domain import journal as j
from daemon.domain.books.reading import Evidence, Intent, Kind, Match
from daemon.domain.journal import Because
from tests.react_scene import ANNA, TODAY, TWO, days, hear, holds, mail

FORGED = Match(client="acme", numbers=("2026-041",), evidence=Evidence.NUMBER, known_sender=True)
TOMORROW = date(2026, 11, 5)


def test_F48_a_promise_without_our_id_holds_for_the_owner_and_is_never_accepted_by_itself() -> None:
    """A From line is easily forged; broken, such a promise would bring a letter early."""
    entries = hear(days(), mail(match=FORGED, intent=Intent.PROMISE, promised_on=TOMORROW))

    assert not any(isinstance(e, j.PromiseMade) for e in entries)
    assert [(because, until) for because, _, until, _ in holds(entries)] == [(Because.REPLY, None)]


def test_a_promise_in_answer_to_our_letter_is_accepted() -> None:
    entries = hear(days(), mail(intent=Intent.PROMISE, promised_on=TOMORROW))

    assert any(isinstance(e, j.PromiseMade) for e in entries)


@pytest.mark.parametrize("absence", [{"gone": True}, {"back_on": date(2026, 12, 30)}])
def test_a_departure_without_our_id_turns_us_to_nobody_else(absence: dict[str, object]) -> None:
    found = days(*TWO)
    entries = hear(found, mail(Kind.AUTO_REPLY, FORGED, **absence))
    found.run(TODAY, date(2026, 11, 10))

    assert [type(e) for e in entries] == [j.MailUnmatched]
    assert [x.to for x in found.sent] == [ANNA]


def test_a_promise_that_the_owner_has_ended_cannot_be_broken() -> None:
    """`resume` goes on with the ladder; the promised day then brings no letter of its own."""
    found = days()
    hear(found, mail(intent=Intent.PROMISE, promised_on=TOMORROW))
    hold = next(iter(found.case(TODAY).history.holds))
    found.take_in(j.HoldLifted(at=hold.at, client="acme", hold_id=hold.hold_id, on=TODAY, by="owner"))
    found.run(TODAY, date(2026, 11, 20))

    assert found.case(date(2026, 11, 20)).history.broken == {}
