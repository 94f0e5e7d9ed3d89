"""Days on hold do not count: not before the first start either, and `plan` says how many there were."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from daemon.domain import journal as j
from daemon.domain.forecast import forecast
from tests.builders import a_history, a_ledger, an_invoice, at
from tests.cli_place import CliPlace, day, invoice
from tests.digest_scene import a_hold
from tests.ladder_days import Days

FRIDAY = date(2026, 10, 30)  # the due date
LAST_HELD = FRIDAY + timedelta(days=10)


def held(on: date) -> j.HoldPlaced:
    return a_hold("acme", "2026-041", because=j.Because.OWNER, at=at(on), on=on, until=LAST_HELD)


@pytest.mark.parametrize("on", [FRIDAY - timedelta(days=2), FRIDAY])
def test_what_was_not_overdue_at_the_first_start_asks_no_go_after_a_hold(on: date) -> None:
    """Before the daemon was ever started, `plan` takes today for its first day, however far it looks ahead."""
    books = a_ledger(an_invoice())
    [letter] = forecast(books, a_history(held(on), begun=None), on, date(2026, 11, 17)).letters
    lived = Days(books, a_history(held(on), begun=on), go=False).run(on, date(2026, 11, 17))

    assert (letter.on, letter.letter, letter.waits_for) == (date(2026, 11, 11), "first-reminder", None)
    assert lived.letters() == [(date(2026, 11, 11), "first-reminder")]


def test_the_reason_of_a_letter_names_the_days_on_hold() -> None:
    first, second = forecast(a_ledger(an_invoice()), a_history(held(FRIDAY)), FRIDAY, date(2026, 11, 30)).letters[:2]

    assert first.why == "first-reminder, 2 days after the due date, not counting 10 days on hold"
    assert second.why == "second-reminder, 9 days after the due date, not counting 10 days on hold"


def test_plan_prints_why_each_letter_goes_on_its_day(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    place.edit(invoices=[invoice("2026-041", "acme", due=3, total="100.00")])
    place.run("hold", "2026-041", "--until", day(8))
    shown = place.run("plan", "--until", day(40)).out

    assert shown.splitlines()[0].split() == ["ON", "WHAT", "CLIENT", "INVOICES", "TO", "WHY"]
    assert "  2 days after the due date, not counting 5 days on hold" in shown
    assert "waits for your go" not in shown.splitlines()[1]
