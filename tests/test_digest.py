"""What the digest says, in which order, and what it leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.invoice import Payment
from daemon.domain.history import History
from daemon.domain.journal import Because
from daemon.domain.reports.digest import SHOWN_IN_BULK
from daemon.domain.reports.digest_point import What
from tests.builders import a_history, a_ledger
from tests.digest_scene import (
    FRESH,
    NOW,
    OLD,
    SINCE,
    TODAY,
    WORDS,
    a_call,
    a_hold,
    a_letter,
    a_reply,
    client,
    desk,
    digest_of,
    invoice,
    offered,
    scene_history,
    scene_ledger,
    typed,
    with_digest,
)

ACME = invoice("acme", "2026-041", "1020.00", 22)
BOOKS = a_ledger(ACME, clients=(client("acme", "Anna Verdi"),))


def whats(history: History) -> list[What]:
    return [point.what for point in digest_of(BOOKS, history).decide]


def test_decisions_come_in_the_order_of_the_design() -> None:
    """Who wrote about something else heads the digest, then the reviews by age; what only has to be seen comes last."""
    digest = digest_of(scene_ledger(), scene_history())

    assert [(p.item, p.what.value, p.client) for p in digest.decide] == [
        (1, "elsewhere", ""),
        (2, "review", "rossi"),
        (3, "claims-paid", "acme"),
        (4, "mail", "fiore"),
        (5, "go", "delta"),
        (6, "bulk", "omega"),
        (7, "handover", "zeta"),
        (8, "doubt", "sigma"),
        (9, "rest", "theta"),
        (10, "vanished", "kappa"),
        (11, "unmatched", ""),
        (12, "refused", "lambda"),
    ]
    assert [(p.item, p.client, p.confirmed) for p in digest.call] == [
        (13, "eta", True),
        (14, "gamma", True),
        (15, "ypsilon", False),
    ]
    assert [(p.item, p.client) for p in digest.leaves] == [(16, "luna")]
    assert [item.item for item in digest.items] == list(range(1, 17))


def test_an_overdue_review_heads_the_digest_until_it_is_answered() -> None:
    history = a_history(a_hold("acme", "2026-041", because=Because.DISPUTE, review_on=TODAY - timedelta(days=30)))

    assert whats(history) == [What.REVIEW]
    assert whats(history) == [What.REVIEW]


def test_holding_it_again_puts_the_review_off_until_that_hold_is_over() -> None:
    """`hold 1 --until` is an answer; otherwise the same question would come every morning in vain."""
    hold = a_hold("acme", "2026-041", because=Because.DISPUTE, review_on=TODAY)
    until = a_hold("acme", "2026-041", because=Because.OWNER, at=FRESH, on=TODAY, hold_id="acme-h2", until=TODAY)
    over = msgspec.structs.replace(until, until=TODAY - timedelta(days=1), on=OLD.date())

    assert whats(a_history(hold, until)) == []
    assert whats(a_history(hold, over)) == [What.REVIEW]


def test_a_hold_of_the_owners_own_is_asked_about_when_its_review_comes_and_once_for_each_invoice() -> None:
    """`stop 8` and `hold 2` without a day last until `resume`: nobody would ever hear of the invoice again."""
    stopped = a_hold(
        "acme", "2026-041", because=Because.OWNER, on=TODAY - timedelta(days=7), review_on=TODAY, note="stopped"
    )
    again = a_hold("acme", "2026-041", because=Because.OWNER, hold_id="acme-h2", review_on=TODAY + timedelta(days=7))

    assert [(p.what, p.quote) for p in digest_of(BOOKS, a_history(stopped)).decide] == [(What.REVIEW, "")]
    assert whats(a_history(stopped, again)) == []
    assert whats(a_history(msgspec.structs.replace(again, review_on=TODAY), stopped)) == [What.REVIEW]


def test_a_question_is_asked_every_day_and_a_dispute_when_it_comes_and_when_its_review_has_come() -> None:
    later = TODAY + timedelta(days=7)
    for because, when, expected in [
        (Because.REPLY, FRESH, [What.MAIL]),
        (Because.REPLY, OLD, [What.MAIL]),
        (Because.DISPUTE, FRESH, [What.MAIL]),
        (Because.DISPUTE, OLD, []),
        (Because.STOP, OLD, []),
        (Because.CLAIMS_PAID, FRESH, []),
        (Because.PROMISE, FRESH, []),
    ]:
        hold = a_hold("acme", "2026-041", because=because, at=when, review_on=later, mail="m-acme")

        assert whats(a_history(hold)) == expected, because


def test_the_oldest_review_comes_first_whatever_it_is_about() -> None:
    clients = (client("acme", "Anna Verdi"), client("beta", "Eva Rosa"))
    ledger = a_ledger(ACME, invoice("beta", "B-1", "50.00", 90), clients=clients)
    paid = a_hold("acme", "2026-041", because=Because.CLAIMS_PAID, review_on=TODAY - timedelta(days=3))
    dispute = a_hold("beta", "B-1", because=Because.DISPUTE, review_on=TODAY)

    assert [p.client for p in digest_of(ledger, a_history(dispute, paid)).decide] == ["acme", "beta"]


def test_the_clients_new_words_are_quoted() -> None:
    digest = digest_of(scene_ledger(), scene_history())

    assert digest.decide[2].quote == WORDS["m-acme"]
    assert digest.decide[2].who == "Anna Verdi"


def test_what_was_paid_asks_nothing_any_more() -> None:
    paid = replace(ACME, payments=(Payment(on=TODAY, amount=Decimal("1020.00")),))
    ledger = a_ledger(paid, clients=(client("acme", "Anna Verdi"),))
    history = a_history(
        a_hold("acme", "2026-041", because=Because.CLAIMS_PAID, review_on=TODAY),
        a_call("acme", "2026-041", "level", "two letters without an answer"),
        j.HandoverSuggested(at=OLD, client="acme", numbers=("2026-041",), to="legal", level=9, on=OLD.date()),
    )
    digest = digest_of(ledger, history)

    assert digest.items == ()
    assert digest.empty


def test_a_first_start_with_300_overdue_clients_stays_short() -> None:
    """One point a client, the largest amounts; the others are counted, and `go --all` is for all of them (F21)."""
    clients = tuple(client(f"c{n:03}", "Eva Rosa") for n in range(300))
    invoices = [invoice(f"c{n:03}", f"2025-{n:03}{part}", str(100 + n), 60) for n in range(300) for part in "ab"]
    ledger = a_ledger(*invoices, clients=clients)
    history = a_history(
        *(a_letter(i, "first-reminder", TODAY, 1 + k % 2, waits_for=j.Wait.FIRST_START) for k, i in enumerate(invoices))
    )
    digest = digest_of(ledger, history)

    assert len(digest.decide) == SHOWN_IN_BULK
    assert len(digest.more_in_bulk) == 300 - SHOWN_IN_BULK
    assert {p.client for p in digest.decide} == {f"c{n:03}" for n in range(280, 300)}
    assert digest.decide[0].ref.split() == [f"{digest.decide[0].client}-1", f"{digest.decide[0].client}-2"]


def test_a_number_that_is_also_an_invoices_is_passed_over() -> None:
    """`go 2` would be refused: it could mean either."""
    clients = (client("acme", "Anna Verdi"), client("beta", "Eva Rosa"))
    ledger = a_ledger(ACME, invoice("beta", "1", "50.00", 5), clients=clients)
    history = a_history(a_hold("acme", "2026-041", because=Because.DISPUTE, review_on=TODAY))

    assert [item.item for item in digest_of(ledger, history).items] == [2]


def test_a_letter_in_doubt_is_asked_about_also_when_its_client_left_the_books() -> None:
    letter = a_letter(invoice("gone", "2020-001", "10.00", 50), "first-reminder", OLD.date())
    doubt = j.DeliveryInDoubt(at=OLD, client="gone", letter_id="gone-1", to=letter.to, reason="line lost")
    digest = digest_of(BOOKS, a_history(letter, offered(letter, OLD), doubt))

    assert [(p.what, p.commands) for p in digest.decide] == [(What.DOUBT, ("settle 1 sent", "settle 1 resend"))]
    assert digest.in_doubt == 1


def test_a_letter_leaves_when_the_clients_own_window_opens() -> None:
    """Ten o'clock in Istanbul is eight in Rome."""
    from zoneinfo import ZoneInfo

    far = client("acme", "Anna Verdi", timezone=ZoneInfo("Europe/Istanbul"))
    digest = digest_of(a_ledger(ACME, clients=(far,)), a_history(a_letter(ACME, "first-reminder", TODAY)))

    assert digest.leaves[0].leaves_at is not None
    assert digest.leaves[0].leaves_at.isoformat() == "2026-11-17T07:00:00+00:00"


def test_the_digest_is_empty_when_nothing_waits_leaves_or_happened() -> None:
    """What is merely held, or owed, is no news."""
    held = a_hold("acme", "2026-041", because=Because.DISPUTE, review_on=TODAY + timedelta(days=9))

    assert digest_of(BOOKS, a_history(held)).empty
    assert not digest_of(BOOKS, a_history(held), faults=("relay: refused",)).empty
    assert not digest_of(BOOKS, a_history(a_letter(ACME, "first-reminder", TODAY))).empty


def test_dismissing_a_mail_or_answering_a_question_takes_it_off_the_digest() -> None:
    """What the owner did yesterday is not asked again today."""
    ledger, history = scene_ledger(), scene_history()
    before = digest_of(ledger, history)
    with_digest(history, before)
    from daemon.domain.commands.command import Done, execute

    for point in before.decide:
        if point.item in (1, 2, 4, 8, 11):
            done = execute(typed(point.commands[0]), desk(ledger, history))
            assert isinstance(done, Done)
            for entry in done.entries:
                history.take_in(entry)
    after = digest_of(ledger, history, since=SINCE)

    assert {p.ref for p in before.decide} - {p.ref for p in after.decide} == {
        "m-nuovo", "rossi-h1", "fiore-h1", "sigma-1", "m-beta",
    }  # fmt: skip


def test_a_mail_about_a_paid_invoice_is_shown_once() -> None:
    """They may have paid twice; after that it is between people."""
    paid = replace(ACME, payments=(Payment(on=TODAY, amount=Decimal("1020.00")),))
    ledger = a_ledger(paid, clients=(client("acme", "Anna Verdi"),))
    reply = a_reply("acme", "2026-041", "anna@acme.example", "unclear", "m-acme", FRESH)
    hold = a_hold(
        "acme", "2026-041", because=Because.REPLY, review_on=TODAY + timedelta(days=7), mail="m-acme", at=FRESH
    )

    assert [p.what for p in digest_of(ledger, a_history(reply, hold)).decide] == [What.MAIL]
    assert digest_of(ledger, a_history(reply, hold), since=NOW).decide == ()
