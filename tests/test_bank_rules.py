"""Reminders wait where the bank's data is too old, and a first one for money that may be on its way (FIELD 2.4)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import msgspec
import pytest

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import BankTerms
from daemon.domain.books.calendar import BusinessCalendar
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.history.bank import stale_data
from daemon.domain.ladder.decide import Why, decide_letters, still_due
from daemon.domain.ladder.forecast import forecast
from daemon.domain.reports.digest_decide import decisions
from daemon.domain.reports.digest_point import Books, What
from tests.bank_scene import books, came, owed, read, told
from tests.builders import a_case, a_history, at

WATCHED = BankTerms(folder="/statements", fresh_within=4, transit=0)
TUESDAY = date(2026, 11, 10)


def read_until(day: date, account: str = "A", currency: str = "EUR", number: str = "1") -> j.BankRead:
    return j.BankRead(
        at=at(day), account=account, currency=currency, statement=number, file="s.xml", until=day, entries=0, on=day
    )


def why(ledger: Ledger, history: History, today: date = TUESDAY) -> str:
    """Why nothing goes out; "": a letter does."""
    decision = decide_letters(a_case(ledger, history, today), today, at(today))
    return "" if decision.letters else str(decision.quiet[0].why)


@pytest.mark.parametrize(
    ("until", "stale"),
    [(date(2026, 11, 4), False), (date(2026, 11, 3), True), (date(2026, 11, 1), True), (TUESDAY, False)],
)
def test_data_is_fresh_for_so_many_business_days(until: date, stale: bool) -> None:
    """Wednesday to Tuesday are four: the weekend counts for nothing."""
    ledger = books(owed("2026-041", "9.00"), bank=WATCHED)

    assert (why(ledger, a_history(read_until(until))) == Why.BANK_STALE) is stale


def test_where_nothing_was_ever_read_reminders_wait() -> None:
    assert why(books(owed("2026-041", "9.00"), bank=WATCHED), a_history()) == Why.BANK_STALE


def test_a_day_that_has_not_come_makes_no_data_fresh() -> None:
    """A slip of the pen in a CSV, a period that ends with the year: what it does tell of counts."""
    ledger, next_year = books(owed("2026-041", "9.00"), bank=WATCHED), date(2062, 11, 3)
    old = told(came("5.00", booked_on=date(2026, 11, 2)), came("1.00", booked_on=next_year), until=next_year)

    [slip] = read(ledger, a_history(), old).entries
    assert isinstance(slip, j.BankRead)
    assert slip.until == date(2026, 11, 2)
    assert why(ledger, a_history(slip)) == Why.BANK_STALE
    assert read(ledger, a_history(), told(until=next_year)).entries == (), "nothing is in it that tells up to when"


def test_a_day_that_had_not_come_when_it_was_recorded_does_not_count_either() -> None:
    ledger = books(owed("2026-041", "9.00"), bank=WATCHED)
    slip = msgspec.structs.replace(read_until(date(2026, 11, 2)), until=date(2062, 11, 3))

    assert why(ledger, a_history(slip)) == Why.BANK_STALE
    assert why(ledger, a_history(slip, read_until(TUESDAY))) == ""


def test_without_a_folder_that_is_watched_nothing_waits_for_data() -> None:
    assert why(books(owed("2026-041", "9.00"), bank=BankTerms(transit=0)), a_history()) == ""


def test_what_is_not_due_yet_waits_for_no_bank() -> None:
    ledger = books(owed("2026-041", "9.00", due_on=date(2026, 11, 20)), bank=WATCHED)

    assert why(ledger, a_history()) == Why.NOT_YET


def test_of_two_accounts_the_one_that_lags_counts_until_it_must_be_closed() -> None:
    ledger = books(owed("2026-041", "9.00"), bank=WATCHED)
    lagging = a_history(read_until(date(2026, 10, 20), "B"), read_until(TUESDAY))
    closed = a_history(read_until(date(2026, 9, 1), "B"), read_until(TUESDAY))

    assert why(ledger, lagging) == Why.BANK_STALE
    assert why(ledger, closed) == ""


def test_an_account_in_another_currency_says_nothing_of_this_one() -> None:
    ledger = books(owed("2026-041", "9.00"), bank=WATCHED)
    history = a_history(read_until(date(2026, 10, 20)), read_until(TUESDAY, "B", "USD"))

    assert why(ledger, history) == Why.BANK_STALE
    assert why(ledger, a_history(read_until(TUESDAY, "B", "USD"))) == "", "the only account there is"


def test_a_letter_that_is_queued_does_not_leave_on_stale_data_and_says_why() -> None:
    ledger = books(owed("2026-041", "9.00"), bank=WATCHED)
    history = a_history(read_until(date(2026, 11, 4)))
    case = a_case(ledger, history, TUESDAY)
    [letter] = decide_letters(case, TUESDAY, at(TUESDAY)).letters
    history.take_in(letter)
    record = history.of("acme").letters[letter.letter_id]
    stricter = books(owed("2026-041", "9.00"), bank=BankTerms(folder="/statements", fresh_within=3, transit=0))

    assert still_due(replace(case, setting_aside=letter.letter_id), record, TUESDAY, at(TUESDAY)) is None
    stale = replace(a_case(stricter, history, TUESDAY), setting_aside=letter.letter_id)
    assert still_due(stale, record, TUESDAY, at(TUESDAY)) == Why.BANK_STALE


def test_the_look_ahead_expects_statements_to_go_on_coming_or_to_stay_away() -> None:
    ledger = books(owed("2026-041", "9.00"), bank=WATCHED)
    until = TUESDAY + timedelta(days=60)

    assert len(forecast(ledger, a_history(read_until(TUESDAY)), TUESDAY, until).letters) > 2
    stale = forecast(ledger, a_history(read_until(date(2026, 11, 2))), TUESDAY, until)
    assert (stale.letters, {quiet.quiet.why for quiet in stale.quiet}) == ([], {Why.BANK_STALE})


def test_the_owner_is_told_which_account_is_behind() -> None:
    history, calendar = a_history(read_until(date(2026, 11, 2), "IT60X")), BusinessCalendar("IT")

    assert stale_data(WATCHED, history.bank, {"EUR"}, TUESDAY, calendar) == {"stale": "2026-11-02 (IT60X)"}
    assert stale_data(WATCHED, a_history().bank, {"EUR"}, TUESDAY, calendar) == {"untold": ""}
    assert stale_data(WATCHED, a_history(read_until(TUESDAY)).bank, {"EUR"}, TUESDAY, calendar) == {}


# -- transit --------------------------------------------------------------------------------------------------------


def first_letter(ledger: Ledger, history: History | None = None) -> date:
    return forecast(ledger, history or a_history(), date(2026, 10, 1), date(2026, 12, 1)).letters[0].on


@pytest.mark.parametrize(("transit", "on"), [(0, date(2026, 11, 2)), (2, date(2026, 11, 3)), (5, date(2026, 11, 6))])
def test_the_first_reminder_waits_for_money_on_its_way(transit: int, on: date) -> None:
    """Due on Friday 30 October, and the ladder says two days: Sunday, so Monday; two business days are Tuesday."""
    assert first_letter(books(owed("2026-041", "9.00"), bank=BankTerms(transit=transit))) == on


def test_without_a_bank_nothing_changes() -> None:
    assert first_letter(books(owed("2026-041", "9.00"))) == first_letter(
        books(owed("2026-041", "9.00"), bank=BankTerms(transit=0))
    )


def test_the_second_reminder_waits_for_no_transit() -> None:
    ledger = books(owed("1", "9.00"), bank=BankTerms(transit=2))
    waited = forecast(ledger, a_history(), date(2026, 10, 1), date(2026, 12, 1)).letters

    assert "on its way" in waited[0].why
    assert waited[1].on == waited[0].on + timedelta(days=7)
    assert "on its way" not in waited[1].why


# -- the digest -----------------------------------------------------------------------------------------------------


def test_each_payment_that_nobody_is_sure_of_is_a_point_of_the_digest_once() -> None:
    ledger, history = books(owed("2026-041", "100.00")), a_history()
    for entry in read(ledger, history, told(came("98.00", "2026-041"), came("7.00", "saldo", "Acme SpA"))).entries:
        history.take_in(entry)
    cases = {key: a_case(ledger, history, TUESDAY, key) for key in ledger.clients}
    gathered = Books(ledger=ledger, history=history, today=TUESDAY, now=at(TUESDAY), cases=cases)
    points = decisions(gathered, None, lambda mail: "")

    assert [point.what for point in points] == [What.PAYMENT, What.PAYMENT]
    assert {point.commands for point in points} == {("paid 0", "ignore 0"), ("assign 0 acme", "ignore 0")}
    assert {money.amount for point in points for money in point.money} == {Decimal("98.00"), Decimal("7.00")}
