"""How long a pause lasts: by the policy of the invoices that it is about, where they share one, else the client's."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.policy import HoldTerms, Span
from daemon.domain.books.reading import Evidence, Intent, Kind, Match
from daemon.domain.commands.command import Command, Desk, Done, execute
from tests.builders import a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent
from tests.react_scene import TODAY, hear, holds, mail

SLOW = HoldTerms(
    review=Span(20), dispute_review=Span(21), owner_review=Span(22), promise_grace=Span(23), claims_paid=Span(24),
    max_promise=Span(25),
)  # fmt: skip
MINE, TWIN, OTHER = "2026-041", "2026-042", "2026-050"  # the first two have a policy of their own, and the same


def some_days() -> Days:
    policies = {"standard": a_policy(), "slow": a_policy(name="slow", hold=SLOW)}
    books = [an_invoice(MINE, policy="slow"), an_invoice(TWIN, policy="slow"), an_invoice(OTHER)]
    found = Days(a_ledger(*books, policies=policies), a_history())
    found.take_in(*sent("acme-1", date(2026, 11, 2), (MINE, 3), (TWIN, 3), (OTHER, 3)))
    return found


def ours(*numbers: str) -> Match:
    return Match(client="acme", letter_id="acme-1", numbers=numbers, evidence=Evidence.TOKEN, known_sender=True)


def days_until(entries: list[j.AnyEntry]) -> int:
    """Days that the first hold lasts, or until its review."""
    _, _, until, review = holds(entries)[0]
    return ((until or review or date.min) - TODAY).days


@pytest.mark.parametrize(
    ("numbers", "dispute", "paid", "question"),
    [
        ((MINE,), 21, 24, 20),
        ((MINE, TWIN), 21, 24, 20),
        ((MINE, OTHER), 14, 7, 7),
        ((OTHER,), 14, 7, 7),
        ((), 7, 7, 7),  # of which of the open ones it speaks is a question to the owner
    ],
)
def test_what_an_answer_holds_is_reviewed_by_the_invoices_own_policy(
    numbers: tuple[str, ...], dispute: int, paid: int, question: int
) -> None:
    """Five business days from a Wednesday on are seven."""
    found = [
        days_until(hear(some_days(), mail(match=ours(*numbers), intent=intent)))
        for intent in (Intent.DISPUTE, Intent.PAID, Intent.QUESTION)
    ]

    assert found == [dispute, paid, question]


@pytest.mark.parametrize(("numbers", "accepted"), [((MINE, TWIN), True), ((MINE, OTHER), False)])
def test_how_far_ahead_a_promise_is_taken_is_the_invoices_own_policys_to_say(
    numbers: tuple[str, ...], accepted: bool
) -> None:
    """Twenty-five days there, fifteen by the client's policy."""
    entries = hear(some_days(), mail(match=ours(*numbers), intent=Intent.PROMISE, promised_on=date(2026, 11, 29)))

    assert any(isinstance(entry, j.PromiseMade) for entry in entries) == accepted


def test_a_promise_is_broken_on_the_day_after_its_hold_ends_and_not_before() -> None:
    found = some_days()
    entries = hear(found, mail(match=ours(MINE), intent=Intent.PROMISE, promised_on=date(2026, 11, 5)))
    assert holds(entries)[0][2] == date(2026, 11, 28)

    found.run(date(2026, 11, 27), date(2026, 11, 28))
    assert MINE not in found.history.of("acme").broken
    found.run(date(2026, 11, 29), date(2026, 11, 29))
    assert found.history.of("acme").broken[MINE].on == date(2026, 11, 29)


def test_a_rest_that_is_small_by_the_invoices_own_policy_breaks_no_promise() -> None:
    found = some_days()
    found.ledger = a_ledger(
        *found.ledger.invoices, policies={**found.ledger.policies, "slow": a_policy(name="slow", tolerance=Decimal(50))}
    )
    hear(found, mail(match=ours(MINE), intent=Intent.PROMISE, promised_on=date(2026, 11, 5)))
    found.take_in(
        j.PaymentRecorded(
            at=at(TODAY), client="acme", number=MINE, amount=Decimal(1200), currency="EUR", on=TODAY, by="owner"
        )
    )
    found.run(TODAY, date(2026, 11, 20))

    assert MINE not in found.history.of("acme").broken
    assert MINE in found.history.of("acme").kept


def test_our_own_mail_and_a_complaint_are_reviewed_by_it_too() -> None:
    wrote = hear(some_days(), mail(match=ours(MINE), by_owner=True))
    complained = hear(some_days(), mail(Kind.COMPLAINT, match=ours(MINE)))

    assert (days_until(wrote), days_until(complained)) == (22, 22)


@pytest.mark.parametrize(
    ("command", "lasts"),
    [
        (Command(name="hold", target=MINE), 20),
        (Command(name="dispute", target=MINE, text="hours"), 21),
        (Command(name="promise", target=MINE, day=TODAY), 23),
        (Command(name="called", target=MINE, text="paid"), 24),
        (Command(name="called", target=MINE, text="reached"), 20),
        (Command(name="hold", target=OTHER), 7),
        (Command(name="hold", target="acme"), 7),
    ],
)
def test_what_the_owner_tells_holds_as_long_as_that_policy_says(command: Command, lasts: int) -> None:
    found = some_days()
    desk = Desk(ledger=found.ledger, history=found.history, today=lambda _: TODAY, at=at(TODAY, 11))
    answer = execute(command, desk)

    assert isinstance(answer, Done), answer
    assert days_until(list(answer.entries)) == lasts
