"""Thanks to who has paid what was reminded of (S25), and statements of account: letters that claim nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.calendar import BusinessCalendar, DateRange
from daemon.domain.books.client import Channel
from daemon.domain.books.invoice import Invoice, Payment, StatedHold
from daemon.domain.books.money import Money
from daemon.domain.books.policy import STATEMENT, THANK_YOU, Group
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Done
from daemon.domain.history import Status
from daemon.domain.journal import Because
from daemon.domain.ladder.decide import still_due
from daemon.domain.ladder.forecast import forecast
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent
from tests.plan_scene import DEC, FRI, JAN, MON, agree, tell

THANKFUL = a_policy(thank_you=True)
WED = date(2026, 11, 4)
THU = date(2026, 11, 5)


def paid_on(day: date, number: str = "2026-041", amount: int = 1220, **changes: object) -> Invoice:
    return an_invoice(number, "acme", payments=(Payment(on=day, amount=Decimal(amount)),), **changes)


def some_days(*invoices: Invoice, **ledger: object) -> Days:
    return Days(a_ledger(*(invoices or (an_invoice(),)), **{"policy": THANKFUL, **ledger}), a_history())  # type: ignore[arg-type]


def thanks(days: Days) -> list[tuple[date, list[str]]]:
    return [(x.on, [c.number for c in x.claims]) for x in days.sent if x.letter == THANK_YOU]


def a_hold(because: Because, on: date, *numbers: str, mail: str | None = "m1") -> j.HoldPlaced:
    return j.HoldPlaced(
        at=at(on), client="acme", hold_id=f"acme-h{because}", numbers=numbers, because=because, on=on, mail=mail
    )


# -- thanks -----------------------------------------------------------------------------------------------------


def test_who_paid_after_a_reminder_is_thanked_once_on_the_next_sending_day() -> None:
    days = some_days(paid_on(FRI)).run(MON, date(2026, 12, 20), times=2)
    letter = days.sent[-1]

    assert thanks(days) == [(date(2026, 11, 9), ["2026-041"])]  # paid on a Friday
    assert (letter.level, letter.claims[0].level) == (0, 0)
    assert letter.claims[0].outstanding == 0
    assert letter.claims[0].paid == 1220
    assert len(days.sent) == 2


def test_nobody_is_thanked_unasked_early_or_for_a_credit_note() -> None:
    credited = an_invoice("NC-1", credit=True, against="2026-041", issued_on=WED)
    early = (an_invoice(due_on=date(2026, 11, 20), payments=(Payment(on=WED, amount=Decimal(1220)),)),)
    for books, policy in (((paid_on(WED),), a_policy()), ((an_invoice(), credited), THANKFUL), (early, THANKFUL)):
        assert not thanks(some_days(*books, policy=policy).run(MON, date(2026, 12, 1)))


def test_several_invoices_are_one_letter_and_a_part_payment_none() -> None:
    part = paid_on(WED, "2026-050", 700)
    days = some_days(paid_on(WED), paid_on(WED, "2026-042"), part).run(MON, THU)

    assert thanks(days) == [(THU, ["2026-041", "2026-042"])]


def test_thanks_come_within_a_week_or_not_at_all() -> None:
    for gap, said in ((7, True), (8, False)):
        days = some_days().run(MON, MON)
        tell(days, "paid", MON + timedelta(days=gap), day=MON)
        days.run(MON + timedelta(days=gap), date(2026, 12, 1))
        assert bool(thanks(days)) is said, gap


@pytest.mark.parametrize("because", [Because.REPLY, Because.DISPUTE, Because.STOP, Because.OWNER_WROTE])
def test_not_while_a_mail_of_theirs_waits_also_about_another_invoice(because: Because) -> None:
    days = some_days(paid_on(WED), an_invoice("2026-050")).run(MON, WED)
    days.take_in(a_hold(because, WED, "2026-050"))
    days.run(THU, FRI)
    assert not thanks(days)
    days.take_in(j.HoldLifted(at=at(FRI), client="acme", hold_id=f"acme-h{because}", on=date(2026, 11, 7)))
    days.run(date(2026, 11, 9), date(2026, 11, 11))

    assert len(thanks(days)) == 1


def test_a_promise_or_a_claim_that_the_money_has_answered_holds_no_thanks_back() -> None:
    days = some_days(paid_on(WED)).run(MON, MON)
    days.take_in(a_hold(Because.CLAIMS_PAID, MON, "2026-041"))
    days.run(date(2026, 11, 3), FRI)

    assert thanks(days) == [(THU, ["2026-041"])]


def test_never_on_the_day_of_another_letter_and_it_causes_no_rest() -> None:
    other = an_invoice("2026-050", due_on=date(2026, 11, 3))
    days = some_days(paid_on(WED), other, policy=replace(THANKFUL, rest_days=1)).run(MON, FRI)

    assert [(x.on, x.letter) for x in days.sent] == [(MON, "first-reminder"), (THU, "first-reminder"), (FRI, THANK_YOU)]
    late = an_invoice("2026-050", due_on=date(2026, 11, 4))
    days = some_days(paid_on(WED), late, policy=replace(THANKFUL, rest_days=1)).run(MON, FRI)
    assert [(x.on, x.letter) for x in days.sent] == [(MON, "first-reminder"), (THU, THANK_YOU), (FRI, "first-reminder")]


def test_each_invoice_a_letter_still_means_one_a_day_with_thanks() -> None:
    late = an_invoice("2026-050", due_on=WED)
    policy = replace(THANKFUL, group=Group.INVOICE)
    days = some_days(paid_on(WED), late, policy=policy)
    for day in (MON, WED, THU, FRI):
        days.day(day, 2)

    assert [x.on for x in days.sent] == [MON, THU, FRI]


def broken_books() -> Iterator[tuple[str, Days]]:
    shut = BusinessCalendar("IT", (DateRange(THU, date(2026, 11, 30)),))
    yield "by hand only", some_days(paid_on(WED), clients=(a_client(manual=True),))
    yield "held", some_days(paid_on(WED, hold=StatedHold(until=None, because="audit")))
    yield "closed for weeks", some_days(paid_on(WED), clients=(a_client(calendar=shut),))
    yield "a portal", some_days(paid_on(WED), clients=(a_client(channel=Channel.PORTAL),))


@pytest.mark.parametrize(("why", "days"), [pytest.param(*pair, id=pair[0]) for pair in broken_books()])
def test_no_thanks_where_nothing_may_leave_by_itself(why: str, days: Days) -> None:
    """The reminder itself went by hand, before."""
    days.take_in(*sent("acme-1", MON, ("2026-041", 3)))
    days.run(THU, date(2026, 12, 20))

    assert not thanks(days), why


def test_not_to_an_address_that_is_dead_or_away() -> None:
    for entry in (
        j.ContactFailed(at=at(WED), client="acme", address="anna@acme.example", reason="550", on=WED),
        j.AutoReplyReceived(
            at=at(WED), client="acme", numbers=(), letter_id=None, mail="m", sender="anna@acme.example", kind="absence",
            back_on=date(2026, 11, 14), on=WED,
        ),
    ):  # fmt: skip
        days = some_days(paid_on(WED)).run(MON, WED)
        days.take_in(entry)
        assert not thanks(days.run(THU, date(2026, 12, 1)))


def test_thanks_on_their_way_are_taken_back_with_the_payment_or_for_a_mail() -> None:
    days = some_days(paid_on(WED)).run(MON, WED)
    days.plan(THU)
    [record] = [r for r in days.history.of("acme").letters.values() if r.status is Status.QUEUED]
    case = days.case(THU, setting_aside=record.queued.letter_id)
    assert still_due(case, record, THU, at(THU)) is None
    days.ledger = replace(days.ledger, invoices=(an_invoice(),))
    assert still_due(days.case(THU, setting_aside=record.queued.letter_id), record, THU, at(THU)) is not None
    days.ledger = replace(days.ledger, invoices=(paid_on(WED),))
    days.take_in(a_hold(Because.REPLY, THU, "2026-041"))
    reason = still_due(days.case(THU, setting_aside=record.queued.letter_id), record, THU, at(THU))
    assert reason == "what was paid has changed" or reason == "their mail is not answered"


def test_the_plan_shows_the_thanks() -> None:
    days = some_days(paid_on(FRI)).run(MON, WED)
    shown = forecast(days.ledger, days.history, THU, date(2026, 11, 30)).letters

    assert [(x.on, x.letter, x.level) for x in shown] == [(date(2026, 11, 9), THANK_YOU, 0)]


def test_a_plan_that_is_paid_is_thanked_for_once_and_as_a_whole() -> None:
    days = some_days().run(MON, FRI)
    agree(days, FRI)
    tell(days, "paid", DEC, amount=Decimal(610))
    tell(days, "paid", JAN, amount=Decimal(610))
    days.run(date(2026, 11, 9), date(2027, 2, 20))
    [letter] = [x for x in days.sent if x.letter == THANK_YOU]

    assert (letter.on, [(c.instalment, c.paid) for c in letter.claims]) == (date(2027, 1, 13), [(None, Decimal(1220))])


# -- statements -------------------------------------------------------------------------------------------------


def statement(days: Days, today: date = MON, **given: object) -> j.LetterQueued | str:
    answer = tell(days, "statement", today, "acme", **given)
    if isinstance(answer, Refusal):
        return answer.because
    [letter] = answer.entries
    assert isinstance(letter, j.LetterQueued)
    return letter


def test_a_statement_lists_all_that_is_open_and_names_what_it_leaves_out() -> None:
    coming, held = an_invoice("2026-050", due_on=JAN), an_invoice("2026-051")
    days = some_days(an_invoice(), coming, held, paid_on(date(2026, 10, 1), "2026-030"))
    days.take_in(a_hold(Because.DISPUTE, MON, "2026-051"))
    letter = statement(days)

    assert isinstance(letter, j.LetterQueued)
    assert (letter.letter, letter.level, letter.by_hand, letter.left_out) == (STATEMENT, 0, True, ("2026-051",))
    assert [(c.number, c.level) for c in letter.claims] == [("2026-041", 0), ("2026-050", 0)]


def test_a_statement_spends_no_level_but_counts_for_the_rest() -> None:
    days = some_days(
        an_invoice(due_on=date(2026, 11, 3)), policy=replace(THANKFUL, rest_days=4, levels=THANKFUL.levels[3:])
    )
    statement(days)
    days.run(MON, date(2026, 11, 30))

    assert [(x.on, x.letter, x.level) for x in days.sent][:2] == [
        (MON, STATEMENT, 0), (date(2026, 11, 12), "second-reminder", 1),
    ]  # fmt: skip
    days = some_days(policy=replace(THANKFUL, rest_days=7, levels=THANKFUL.levels[3:]))
    statement(days, FRI)
    days.run(FRI, date(2026, 11, 30))
    assert [x.on for x in days.sent][:2] == [FRI, date(2026, 11, 13)]


def test_at_most_one_statement_a_day_and_none_on_the_day_of_another_letter() -> None:
    days = some_days().run(MON, MON)
    letter = statement(days)
    assert isinstance(letter, j.LetterQueued)
    assert letter.on == date(2026, 11, 3)
    assert "is on its way" in str(statement(days))
    days.run(date(2026, 11, 3), date(2026, 11, 3))
    assert "at most one a day" in str(statement(days, date(2026, 11, 3)))
    assert isinstance(statement(days, WED), j.LetterQueued)


def test_a_statement_that_is_no_longer_true_is_taken_back() -> None:
    days = some_days()
    statement(days)
    tell(days, "paid", MON, amount=Decimal(100))
    days.send(MON)

    assert not days.sent


def test_currencies_are_never_in_one_statement() -> None:
    days = some_days(an_invoice(), an_invoice("2026-050", total=Money(Decimal(9), "USD")))
    assert "EUR and USD" in str(statement(days))
    assert "--currency USD" in str(statement(days))
    assert "owes nothing in CHF" in str(statement(days, currency="CHF"))
    dollars, euros = statement(days, currency="USD"), statement(days, currency="EUR")

    assert [x.claims[0].currency for x in (dollars, euros) if isinstance(x, j.LetterQueued)] == ["USD", "EUR"]
    days.send(MON)
    assert [x.on for x in days.sent] == [MON, MON]


def test_statements_to_all_who_owe_and_why_the_others_get_none() -> None:
    books = (an_invoice(), an_invoice("b", "beta"), an_invoice("d", "delta", due_on=JAN))
    clients = (a_client(), a_client("beta", channel=Channel.PORTAL), a_client("delta"))
    days = some_days(*books, clients=clients)
    answer = tell(days, "statement", MON, "", everything=True)

    assert isinstance(answer, Done)
    assert [e.client for e in answer.entries if isinstance(e, j.LetterQueued)] == ["acme"]
    assert answer.words.splitlines()[1] == "none: beta is reached through a portal, not by mail"


@pytest.mark.parametrize(
    ("client", "books"), [(a_client(manual=True), an_invoice()), (a_client(), an_invoice(manual=True))]
)
def test_by_hand_alone_means_that_the_owner_still_can(client: object, books: Invoice) -> None:
    """S14: no letter goes by itself, and `remind` and `statement` write all the same."""
    days = some_days(books, clients=(client,))
    assert not days.run(MON, FRI).sent
    assert isinstance(tell(days, "remind", FRI), Done)
    days.send(FRI)
    assert [(x.on, x.letter, x.by_hand) for x in days.sent] == [(FRI, "first-reminder", True)]
    letter = statement(days, FRI)
    assert isinstance(letter, j.LetterQueued)
    assert letter.on == date(2026, 11, 9)
