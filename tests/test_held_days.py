"""Days on hold do not count: not before the first start either, and `plan` says how many there were."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from daemon.domain import journal as j
from daemon.domain.books.client import Channel
from daemon.domain.books.invoice import Invoice
from daemon.domain.history import History
from daemon.domain.ladder.account_letter import statement
from daemon.domain.ladder.decide import Why, decide_letters
from daemon.domain.ladder.forecast import forecast
from daemon.domain.reports.status import status_document
from tests.builders import a_case, a_client, a_history, a_ledger, an_invoice, at
from tests.cli_place import CliPlace, day, invoice
from tests.digest_scene import LANGUAGES, a_hold, a_letter
from tests.ladder_days import Days
from tests.test_report_words import some_words

FRIDAY = date(2026, 10, 30)  # the due date
OLD = FRIDAY - timedelta(days=20)
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


def test_status_names_the_day_that_plan_names(tmp_path: Path) -> None:
    """A hold to its end and then two days; and a second invoice rests after the letter about the first."""
    place = CliPlace(tmp_path)
    debts = [invoice("A-1", "acme", due=3, total="100.00"), invoice("A-2", "acme", due=14, total="100.00")]
    place.edit(invoices=[*debts, invoice("B-1", "beta", due=-40, total="100.00")])
    place.run("hold", "A-1", "--until", day(8))
    first = {}
    for letter in place.json("plan", "--until", day(50))["letters"]:
        for claim in letter["invoices"]:
            first.setdefault(claim["number"], letter["on"])

    assert {number: place.row(number)["next_on"] for number in ("A-1", "A-2", "B-1")} == first
    assert first["A-1"] >= day(10)


def looked_at(*invoices: Invoice, history: History) -> dict[str, str | None]:
    rows = status_document(a_ledger(*invoices), history, lambda client: FRIDAY, None)["invoices"]
    return {row["number"]: row["next_on"] for row in rows}


def test_what_a_hold_takes_back_has_no_day() -> None:
    queued = statement(a_case(a_ledger(an_invoice()), a_history(), FRIDAY), "EUR", FRIDAY, at(FRIDAY))
    assert isinstance(queued, j.LetterQueued)

    assert looked_at(an_invoice(), history=a_history(queued)) == {"2026-041": FRIDAY.isoformat()}
    assert looked_at(an_invoice(), history=a_history(queued, held(FRIDAY))) == {"2026-041": "2026-11-11"}


def test_a_statement_ahead_is_named_with_its_day() -> None:
    """Asked for on the Saturday, it leaves on the Monday: not today."""
    saturday, monday = FRIDAY + timedelta(days=1), date(2026, 11, 2)
    books, history = a_ledger(an_invoice()), a_history()
    queued = statement(a_case(books, history, saturday), "EUR", saturday, at(saturday))
    assert isinstance(queued, j.LetterQueued)
    history.take_in(queued)
    [quiet] = decide_letters(a_case(books, history, saturday), saturday, at(saturday)).quiet
    words = {language: some_words(language).why(quiet) for language in LANGUAGES}

    assert (quiet.why, quiet.until) == ("a thank-you or statement of account leaves on 2026-11-02", monday)
    assert words["en"] == "A thank-you or a statement leaves on 2 Nov 2026"
    assert all("2026" in said for said in words.values())


@pytest.mark.parametrize("channel", Channel)
def test_where_no_address_works_it_is_not_the_weekend_that_keeps_a_letter_back(channel: Channel) -> None:
    sunday, client = date(2026, 11, 8), a_client(channel=channel)
    failed = j.ContactFailed(
        at=at(sunday), client="acme", address="anna@acme.example", letter_id=None, reason="unknown", on=sunday
    )
    books = a_ledger(an_invoice(), clients=(client,))
    [quiet] = decide_letters(a_case(books, a_history(failed), sunday), sunday, at(sunday)).quiet

    by_mail = channel is Channel.MAIL
    assert quiet.why == (Why.NO_ADDRESS if by_mail else Why.TASK)
    assert quiet.until == (None if by_mail else date(2026, 11, 9))


def test_what_a_letter_on_its_way_does_not_claim_waits_for_it_and_is_not_said_to_be_in_it() -> None:
    inside, outside = an_invoice(due_on=OLD), an_invoice("2026-042", due_on=OLD)
    case = a_case(a_ledger(inside, outside), a_history(a_letter(inside, "first-reminder", FRIDAY)), FRIDAY)

    assert {quiet.ref.number: quiet.why for quiet in decide_letters(case, FRIDAY, at(FRIDAY)).quiet} == {
        "2026-041": Why.IN_A_LETTER,
        "2026-042": Why.AFTER_A_LETTER,
    }


def test_what_waits_for_a_go_has_no_day() -> None:
    waits = a_letter(an_invoice(due_on=OLD), "first-reminder", FRIDAY, level=3, waits_for=j.Wait.APPROVAL)

    assert looked_at(an_invoice(due_on=OLD), history=a_history(waits)) == {"2026-041": None}


def test_where_very_much_is_open_only_what_is_queued_has_a_day() -> None:
    """To look ahead for all would keep the daemon too long from its work."""
    many = [an_invoice(f"N-{n}", due_on=FRIDAY + timedelta(days=9)) for n in range(400)]
    queued = a_letter(many[7], "first-reminder", FRIDAY)

    assert {number: on for number, on in looked_at(*many, history=a_history(queued)).items() if on} == {
        "N-7": FRIDAY.isoformat()
    }


def test_plan_prints_why_each_letter_goes_on_its_day(tmp_path: Path) -> None:
    place = CliPlace(tmp_path)
    place.edit(invoices=[invoice("2026-041", "acme", due=3, total="100.00")])
    place.run("hold", "2026-041", "--until", day(8))
    shown = place.run("plan", "--until", day(40)).out

    assert shown.splitlines()[0].split() == ["ON", "WHAT", "CLIENT", "INVOICES", "TO", "WHY"]
    assert "  2 days after the due date, not counting 5 days on hold" in shown
    assert "waits for your go" not in shown.splitlines()[1]


def test_plan_names_the_task_in_a_portal_and_says_beside_it_why_on_that_day(tmp_path: Path) -> None:
    """In one column the two made lines that no terminal holds."""
    place = CliPlace(tmp_path)
    client = {"name": "Acme", "channel": "portal", "contacts": [{"name": "Anna", "email": "anna@acme.example"}]}
    place.edit(clients={"acme": client}, invoices=[invoice("2026-041", "acme", due=3, total="100.00")])
    task = place.run("plan", "--until", day(20)).out.splitlines()[1]

    assert [cell.strip() for cell in task.split("  ") if cell][1:] == [
        "portal: first-reminder", "acme", "2026-041", "2 days after the due date",
    ]  # fmt: skip
