"""The digest as text: what stands below what, and no mark that a reader would stumble on."""

from __future__ import annotations

from datetime import timedelta

from daemon.domain import journal as j
from daemon.domain.journal import Because
from daemon.mail.owner.digest import render
from tests.builders import a_creditor, a_history, a_ledger
from tests.digest_scene import FRESH, PACKS, TODAY, a_call, a_hold, client, digest_of, invoice

LONG = "Harbour Lane Boat Builders and Sail Makers of Bristol Limited"


def text_of(*entries: j.AnyEntry) -> str:
    books = [invoice(key, "2026-041", "1020.00", days) for key, days in (("acme", 22), ("beta", 3))]
    clients = (client("acme", "Anna Verdi", LONG), client("beta", "Bea Blu", "Beta"))
    ledger = a_ledger(*books, clients=clients, creditor=a_creditor(language="en"))
    return render(digest_of(ledger, a_history(*entries)), ledger, PACKS["en"]).text


def test_the_number_of_a_point_stands_below_the_one_above_also_where_its_line_is_folded() -> None:
    text = text_of(*(a_hold(key, "2026-041", because=Because.DISPUTE, review_on=TODAY) for key in ("acme", "beta")))

    assert f"\n 1  {LONG} ·\n    2026-041 · €1,020.00 · 22 days\n" in text
    assert "\n 2  Beta · 2026-041 · €1,020.00 · 3 days\n" in text


def test_no_full_stop_stands_before_a_semicolon() -> None:
    made = [
        j.DossierMade(
            at=FRESH + timedelta(minutes=n), client=key, numbers=("2026-041",), file=f"/d/{key}.zip", on=TODAY
        )
        for n, key in enumerate(("acme", "beta"))
    ]
    text = " ".join(text_of(*made).split())

    assert "registered letter with advice of receipt; " in text
    assert ".;" not in text


def test_a_task_in_a_portal_has_an_answer_of_its_own() -> None:
    """ "Reached" or "voicemail" fit no portal, and "reached" would hold the letters."""
    task = a_call("acme", "2026-041", "portal", "first-reminder, 2 days after the due date", level=3, on=TODAY)
    alone = text_of(task)

    assert "> called 1 done" in alone
    assert "voicemail" not in alone
    assert "answer: called 2 promised" in text_of(task, a_call("beta", "2026-041", "silence", "", on=TODAY))
