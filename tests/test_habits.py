"""How late a client pays as a rule, and what follows from it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.books.invoice import Instalment, Invoice, Method, Payment
from daemon.domain.books.policy import HabitTerms, LetterLevel
from daemon.domain.reports.status import status_document
from daemon.domain.standing.habit import habit_of
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days
from tests.two_policies import MILD, TODAY, two_policies


def paid_late(days: int, *others: int) -> list[Invoice]:
    """Invoices of the spring, each paid so many days after it was due."""
    return [
        an_invoice(
            f"old-{n}", due_on=date(2026, 3, 1) + timedelta(days=n),
            payments=(Payment(on=date(2026, 3, 1) + timedelta(days=n + late), amount=Decimal("1220.00")),),
        )
        for n, late in enumerate((days, *others))
    ]  # fmt: skip


def test_a_habit_is_more_than_five_days_late_on_the_average_of_the_last_five() -> None:
    def late(*days: int) -> bool | None:
        return habit_of(None, HabitTerms(), paid_late(*days), {}, TODAY).late_payer

    assert (late(5, 5), late(5, 6), late(30)) == (False, True, None)
    assert habit_of(None, HabitTerms(last=2, late=10), paid_late(0, 11, 12), {}, TODAY).late_payer is True


def test_payments_that_the_journal_knows_count_as_well() -> None:
    told = {
        n: [j.PaymentRecorded(at=at(TODAY), client="acme", number=n, amount=Decimal("1220.00"), currency="EUR",
                              on=date(2026, 10, 20), by="owner")]
        for n in ("a", "b")
    }  # fmt: skip
    books = [an_invoice(n, due_on=date(2026, 10, 1)) for n in ("a", "b")]

    assert habit_of(None, HabitTerms(), books, told, TODAY).mean == Decimal("19.0")


def test_what_the_bank_collected_is_no_habit() -> None:
    collected = [an_invoice(i.number, payments=i.payments, method=Method.SDD) for i in paid_late(20, 20)]

    assert habit_of(None, HabitTerms(), collected, {}, TODAY).settled == 0


@pytest.mark.parametrize(
    ("payments", "late"),
    [
        ([(31, 1220)], (0, 30)),
        ([(10, 610), (31, 610)], (9, 0)),
        ([(1, 600), (2, 10), (20, 10), (41, 600)], (1, 10)),
        ([(1, 1220)], (0, 0)),
    ],
)
def test_each_instalment_counts_from_its_own_day(payments: list[tuple[int, int]], late: tuple[int, ...]) -> None:
    """One that came late is late, though the last one came in time; a single invoice is no habit yet."""
    first, march = date(2026, 2, 28), timedelta(days=1)
    parts = tuple(Instalment(due_on=first + d * march, amount=Decimal(610)) for d in (1, 31))
    paid = tuple(Payment(on=first + d * march, amount=Decimal(amount)) for d, amount in payments)
    invoice = an_invoice("parts", due_on=first + march, instalments=parts, payments=paid)
    habit = habit_of(None, HabitTerms(), [invoice], {}, TODAY)

    assert (habit.days_late, habit.settled) == (late, 1)
    assert (habit.late_payer, habit.good_payer) == (None, False)


@given(st.lists(st.integers(-30, 90), min_size=1, max_size=9), st.integers(2, 6), st.integers(0, 20))
def test_the_average_is_that_of_the_last_and_early_is_not_less_than_in_time(
    days: list[int], last: int, late: int
) -> None:
    habit = habit_of(None, HabitTerms(last=last, late=late), paid_late(*days), {}, TODAY)
    by_day = sorted((date(2026, 3, 1) + timedelta(days=n + d), max(d, 0)) for n, d in enumerate(days))
    lately = [d for _, d in by_day][-last:]

    assert habit.days_late == tuple(lately)
    assert habit.mean == round(Decimal(sum(lately)) / len(lately) + Decimal("0.00001"), 1)
    assert habit.late_payer == (None if len(lately) < 2 else sum(lately) / len(lately) > late)
    assert not (habit.good_payer and habit.late_payer)


def test_only_habitual_late_payers_get_a_courtesy_letter() -> None:
    ladder = a_policy(levels=(LetterLevel(letter="courtesy", day=-3, only_late_payers=True), *MILD))

    def letters(*invoices: Invoice, **client: object) -> list[str]:
        acme = a_client(**client)  # type: ignore[arg-type]
        days = Days(a_ledger(an_invoice(), *invoices, clients=(acme,), policy=ladder), a_history())
        return [letter for _, letter in days.run(date(2026, 10, 20), date(2026, 10, 30)).letters()]

    assert letters(*paid_late(9, 9)) == ["courtesy"]
    assert letters(*paid_late(0, 0)) == letters(*paid_late(9, 9), late_payer=False) == []
    assert letters(*paid_late(0, 0), late_payer=True) == ["courtesy"]


def test_clients_who_pay_in_time_follow_the_policy_of_good_payers() -> None:
    good = two_policies(an_invoice(), *paid_late(0, -3, 0), good_payers="hard").run(TODAY, TODAY)
    one_late = two_policies(an_invoice(), *paid_late(0, 0, 1), good_payers="hard").run(TODAY, TODAY)
    stated = two_policies(
        an_invoice(), *paid_late(0, 0), client=a_client(late_payer=True), good_payers="hard"
    ).run(TODAY, TODAY)  # fmt: skip

    assert good.sent[0].policy == "hard"
    assert good.sent[0].why == "first-reminder, 1 day after the due date; by the policy hard, as they pay in time"
    assert [days.sent[0].policy for days in (one_late, stated)] == ["standard", "standard"]


def test_who_is_a_good_payer_no_more_gets_no_letter_twice() -> None:
    """The gentler ladder numbers its levels otherwise."""
    books = [an_invoice(), *paid_late(0, 0)]
    days = two_policies(*books, good_payers="hard").run(TODAY, TODAY)
    late = an_invoice("late", due_on=date(2026, 9, 1), payments=(Payment(on=TODAY, amount=Decimal("1220.00")),))
    days.ledger = a_ledger(*books, late, policies=days.ledger.policies)
    days.run(date(2026, 11, 3), date(2026, 11, 16))

    assert [letter.policy for letter in days.sent] == ["hard", "standard"]
    assert days.letters() == [(TODAY, "first-reminder"), (date(2026, 11, 9), "second-reminder")]


def test_status_shows_how_each_client_pays_and_why_nothing_goes_out() -> None:
    clients = (a_client(), a_client("beta", late_payer=False), a_client("delta"))
    ledger = a_ledger(an_invoice(due_on=date(2026, 11, 30)), *paid_late(7, 8), clients=clients)
    document = status_document(ledger, a_history(), lambda _: TODAY, None)
    rows = {row["number"]: row["quiet"] for row in document["invoices"]}

    assert document["clients"] == [
        {"client": "acme", "policy": "standard", "late_payer": True, "stated": False, "mean_days_late": "7.5",
         "settled": 2, "told": None},
        {"client": "beta", "policy": "standard", "late_payer": False, "stated": True, "mean_days_late": None,
         "settled": 0, "told": None},
        {"client": "delta", "policy": "standard", "late_payer": None, "stated": False, "mean_days_late": None,
         "settled": 0, "told": None},
    ]  # fmt: skip
    assert rows["old-0"] == {"why": "paid", "until": None}
    assert rows["2026-041"] == {"why": "not due for a letter yet", "until": "2026-11-27"}


def test_status_says_nothing_of_silence_where_something_goes_out() -> None:
    document = status_document(a_ledger(an_invoice()), a_history(), lambda _: TODAY, None)

    assert document["invoices"][0]["quiet"] is None
