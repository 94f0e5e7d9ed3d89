"""Levels, policies, clients and invoices of the config: what issue 4 adds, and orders that make no sense."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon.domain.books.invoice import Method
from daemon.domain.books.policy import HabitTerms, LetterLevel, Policy, Since
from tests.config_builder import changed, invoice_with, loaded, problems


def _with_policies(*lines: str) -> str:
    return changed("state:", "policies:\n" + "".join(f"  {line}\n" for line in lines) + "state:")


def _policy(folder: Path, *lines: str) -> Policy:
    read = loaded(folder, _with_policies("mine:", *(f"  {line}" for line in lines)))
    assert read.settings is not None, read.problems
    return read.settings.ledger.policies["mine"]


def _levels_said(folder: Path, *levels: str) -> list[str]:
    return problems(folder, _with_policies("mine:", "  levels:", *(f"    - {level}" for level in levels)))


FIRM = "{letter: firm-reminder, day: 20, deadline_days: 7}"


def test_the_new_keys_of_a_level_are_read(tmp_path: Path) -> None:
    policy = _policy(
        tmp_path,
        "levels:",
        "  - {letter: confirm-receipt, from: issued, day: 3}",
        "  - {letter: courtesy, from: issued, day: 9}",
        "  - {letter: instalment-due, day: -2}",
        "  - {letter: first-reminder, day: 2, every: 14, times: 3}",
        "  - {letter: stop-work, day: 50}",
        "  - {letter: final-notice, day: 60, every: 30}",
    )

    assert policy.levels == (
        LetterLevel(letter="confirm-receipt", day=3, since=Since.ISSUED),
        LetterLevel(letter="courtesy", day=9, since=Since.ISSUED),
        LetterLevel(letter="instalment-due", day=-2),
        LetterLevel(letter="first-reminder", day=2, every=14, times=3),
        LetterLevel(letter="stop-work", day=50, approval=True),
        LetterLevel(letter="final-notice", day=60, every=30),
    )


def test_a_stop_work_notice_waits_for_a_go_unless_told_otherwise(tmp_path: Path) -> None:
    policy = _policy(tmp_path, "levels: [{letter: stop-work, day: 5, approval: false}]")

    assert policy.levels == (LetterLevel(letter="stop-work", day=5, approval=False),)


def test_the_new_keys_of_a_policy_are_read_and_inherited(tmp_path: Path) -> None:
    read = loaded(
        tmp_path,
        _with_policies(
            "mine: {like: theirs, habit: {last: 3}}",
            "theirs: {like: standard, minimum: 20.00, good_payers: gentle, habit: {last: 9, late: 2}}",
        ),
    )
    assert read.settings is not None, read.problems
    mine = read.settings.ledger.policies["mine"]

    assert (mine.minimum, mine.habit, mine.good_payers) == (Decimal("20.00"), HabitTerms(last=3, late=2), "gentle")
    assert read.settings.ledger.policies["standard"].habit == HabitTerms(last=5, late=5)


def test_the_window_of_a_policy_may_be_meant_in_the_creditors_time(tmp_path: Path) -> None:
    text = _with_policies("mine: {like: standard, window: creditor}")
    far = text.replace("    contacts:", "    policy: mine\n    timezone: America/New_York\n    contacts:")
    read = loaded(tmp_path, far)
    assert read.settings is not None, read.problems
    client = read.settings.ledger.clients["acme"]

    assert (client.zone, client.timezone) == (ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York"))


def test_the_new_keys_of_an_invoice_and_a_client_are_read(tmp_path: Path) -> None:
    text = invoice_with(
        policy="strict", not_before="2026-12-01", manual="true", method="riba", returned="2026-10-20"
    ).replace("    contacts:", "    manual: true\n    contacts:")
    read = loaded(tmp_path, text)
    assert read.settings is not None, read.problems
    [invoice] = read.settings.ledger.invoices

    assert (invoice.policy, invoice.not_before, invoice.manual) == ("strict", date(2026, 12, 1), True)
    assert (invoice.method, invoice.returned_on) == (Method.RIBA, date(2026, 10, 20)), "before it was due is allowed"
    assert read.settings.ledger.clients["acme"].manual


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"policy": "strikt"}, "c.yaml:12:108: there is no policy `strikt`; did you mean `strict`?"),
        ({"policy": "xyz"}, "there is no policy `xyz`; known are gentle, standard, strict"),
        ({"returned": "2026-11-05"}, "c.yaml:12:100: only a debit or a draft comes back unpaid: add `method: sdd`"),
        ({"returned": "2026-11-05", "method": "transfer"}, "only a debit or a draft comes back unpaid"),
        ({"returned": "2026-09-05", "method": "sdd"}, "returned on 2026-09-05, before the invoice was issued"),
        ({"method": "cheque"}, "`cheque` is not one of transfer, sdd or riba"),
        ({"not_before": "1.12.2026"}, "1.12.2026"),
        ({"manual": "yes"}, "`yes`: write true here"),
        ({"credit": "true", "not_before": "2026-12-01"}, "a credit note has no `not_before`"),
    ],
)
def test_an_invoice_that_makes_no_sense_is_named(tmp_path: Path, fields: dict[str, str], expected: str) -> None:
    found = problems(tmp_path, invoice_with(**fields))

    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (
            ["{letter: courtesy, day: -3}", "{letter: confirm-receipt, from: issued, day: 3}"],
            "c.yaml:9:41: a level that counts from the issue comes before those that count from the due date, and the"
            " one in line 8 is one of those",
        ),
        (
            ["{letter: courtesy, from: issued, day: 9}", "{letter: confirm-receipt, from: issued, day: 3}"],
            "c.yaml:9:54: the levels ascend by day, and this one (day 3) is not after the one in line 8 (day 9)",
        ),
        (
            ["{letter: first-reminder, from: issued, day: 3}"],
            "says that the invoice is overdue: it counts",
        ),
        (["{letter: due-today, from: issued, day: 3}"], "`due-today` names the due date: it counts from that"),
        (["{letter: confirm-receipt, from: issued, day: -3}"], "before its issue there is no invoice"),
        (["{letter: confirm-receipt, day: 3}"], "its day is 0 or negative, or write `from: issued`"),
        (["{letter: instalment-due, day: 3}"], "`instalment-due` says that nothing is late yet"),
        (["{letter: stop-work, day: 0}"], "`stop-work` says that the invoice is overdue: its day is 1 or later"),
        (
            ["{letter: broken-promise, day: 3}"],
            "`broken-promise` is sent when a promise to pay was not kept, it is no level",
        ),
        (["{letter: thank-you, day: 3}"], "is sent when a payment has come in, it is no level"),
        (["{letter: statement, day: 3}"], "is sent when you ask for one, it is no level"),
        (["{letter: first-reminder, day: 2, every: 6}"], "a whole number from 7 to 365"),
        (["{letter: first-reminder, day: 2, every: 7, times: 1}"], "a whole number from 2 to 100"),
        (["{letter: first-reminder, day: 2, times: 3}"], "`times` belongs to a level that is sent again: add `every`"),
        (["{letter: courtesy, day: -9, every: 7}"], "a letter that says nothing is late is not sent again"),
        (
            ["{letter: first-reminder, day: 2, every: 7}", FIRM],
            "c.yaml:8:42: a level that is sent again without end is the last one: add `times`",
        ),
        (
            [FIRM, "{letter: first-reminder, day: 30}"],
            "c.yaml:9:18: `first-reminder` is milder than `firm-reminder` in line 8, which comes before it",
        ),
        (["{letter: final-notice, day: 5}", FIRM], "`firm-reminder` is milder than `final-notice`"),
        (["{letter: stop-work, day: 5}", "{letter: second-reminder, day: 9}"], "is milder than `stop-work`"),
        ([FIRM, "{handover: legal, after_deadline: 3}", FIRM.replace("20", "40")], "a hand-over is the last level"),
    ],
)
def test_an_order_that_makes_no_sense_is_named(tmp_path: Path, levels: list[str], expected: str) -> None:
    found = _levels_said(tmp_path, *levels)

    assert len(found) == 1, found
    assert expected in found[0]


@pytest.mark.parametrize(
    "levels",
    [
        ["{letter: final-notice, day: 5}", "{letter: stop-work, day: 9}"],
        ["{letter: stop-work, day: 5}", FIRM, "{letter: final-notice, day: 40}"],
        [FIRM, "{letter: firm-reminder, day: 40, every: 14}"],
    ],
)
def test_an_order_that_makes_sense_is_taken(tmp_path: Path, levels: list[str]) -> None:
    assert _levels_said(tmp_path, *levels) == []


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("mine: {like: standard, good_payers: gentel}", "there is no policy `gentel`; did you mean `gentle`?"),
        ("mine: {like: standard, good_payers: mine}", "`mine` is this policy itself: name a gentler one"),
        ("mine: {like: standard, habit: {last: 1}}", "a whole number from 2 to 100"),
        ("mine: {like: standard, minimum: -1}", "`-1` is less than zero"),
        ("mine: {like: standard, window: mine}", "`mine` is not one of client or creditor"),
    ],
)
def test_a_policy_whose_new_keys_make_no_sense_is_named(tmp_path: Path, line: str, expected: str) -> None:
    found = problems(tmp_path, _with_policies(line))

    assert len(found) == 1, found
    assert expected in found[0]
