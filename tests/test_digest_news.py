"""What needs nothing from the owner: what is held, what happened, and where the money is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.money import Money
from daemon.domain.reports.digest_money import Age
from daemon.domain.reports.digest_point import What
from tests.builders import a_history, a_ledger
from tests.digest_scene import (
    FRESH,
    NOW,
    OLD,
    TODAY,
    a_call,
    a_letter,
    a_payment,
    client,
    digest_of,
    invoice,
    scene_history,
    scene_ledger,
    sent,
)

ACME = invoice("acme", "2026-041", "1020.00", 22)
BOOKS = a_ledger(ACME, clients=(client("acme", "Anna Verdi"),))


def test_what_is_held_without_a_question_is_told_in_one_line_with_its_end() -> None:
    told = {
        (h.name, h.about, h.until, h.review_on, h.promised_on) for h in digest_of(scene_ledger(), scene_history()).held
    }

    assert told == {
        ("Nora", "away", date(2026, 11, 23), None, None),
        ("Iris", "promise", date(2026, 11, 24), None, date(2026, 11, 20)),
        ("Tiber", "dispute", None, date(2026, 11, 25), None),
        ("Mira", "stated", date(2026, 12, 1), None, None),
    }


def test_a_client_without_a_working_address_is_never_passed_over_in_silence() -> None:
    """The call was made and brought no new address: until the YAML has one, nothing is sent, and the digest says so."""
    failed = j.ContactFailed(at=OLD, client="acme", address="anna@acme.example", reason="5.1.1", on=OLD.date())
    called = a_call("acme", "2026-041", "bounce", "mail to anna@acme.example is not delivered")
    made = j.CallMade(
        at=OLD, client="acme", call_id="acme-c1", numbers=("2026-041",), result="voicemail", on=OLD.date()
    )

    assert digest_of(BOOKS, a_history(failed, called)).held == ()
    assert [h.about for h in digest_of(BOOKS, a_history(failed, called, made)).held] == ["no-address"]


def test_who_is_away_for_long_has_an_address_that_works_again_later() -> None:
    away = j.AutoReplyReceived(
        at=OLD, client="acme", numbers=(), letter_id=None, mail="m1", sender="anna@acme.example", kind="absence",
        back_on=TODAY + timedelta(days=30), on=OLD.date(),
    )  # fmt: skip
    called = a_call("acme", "2026-041", "absent", "away until December, and nobody else is known")
    [held] = digest_of(BOOKS, a_history(away)).held

    assert (held.about, held.until) == ("away", TODAY + timedelta(days=30))
    assert digest_of(BOOKS, a_history(away, called)).held == (), "the call says so"


def test_money_is_parted_by_currency_and_age_and_never_summed_across() -> None:
    ages = [(-10, Age.NOT_DUE), (0, Age.NOT_DUE), (1, Age.TO_15), (15, Age.TO_15), (16, Age.TO_30), (30, Age.TO_30)]
    ages += [(31, Age.TO_60), (60, Age.TO_60), (61, Age.OVER_60)]
    euros = [invoice("acme", f"E{n}", "100.00", days) for n, (days, _) in enumerate(ages)]
    liras = invoice("acme", "T1", "7000.00", 20, currency="TRY")
    ledger = a_ledger(*euros, liras, clients=(client("acme", "Anna Verdi"),))
    first, second = digest_of(ledger, a_history()).money

    assert (first.currency, first.total, first.count) == ("EUR", Decimal(900), 9)
    assert [(b.age, b.amount, b.count) for b in first.buckets] == [
        (age, Decimal(100 * sum(a is age for _, a in ages)), sum(a is age for _, a in ages)) for age in Age
    ]
    assert (second.currency, second.total) == ("TRY", Decimal(7000))


def test_two_currencies_of_one_client_stay_two_amounts() -> None:
    bulk = next(p for p in digest_of(scene_ledger(), scene_history()).decide if p.what is What.BULK)

    assert bulk.money == (Money(Decimal("900.00"), "EUR"), Money(Decimal("450.00"), "USD"))


def test_only_what_happened_since_the_last_digest_is_news() -> None:
    news = digest_of(scene_ledger(), scene_history()).since

    assert [(n.about, n.name) for n in news.news] == [
        ("paid", "Sirio"),
        ("bounced", "Gamma"),
        ("promised", "Iris"),
        ("away", "Nora"),
    ]
    assert (news.letters, news.replies) == (1, 2)
    assert not digest_of(scene_ledger(), scene_history(), since=NOW).since


def test_a_letter_that_bounced_since_was_sent_all_the_same() -> None:
    history = a_history(*sent(a_letter(ACME, "first-reminder", TODAY), FRESH))
    history.take_in(j.ContactFailed(at=FRESH, client="acme", address="office@acme.example", reason="5.1.1", on=TODAY))
    since = digest_of(BOOKS, history).since

    assert since.letters == 1
    assert [n.address for n in since.news] == ["office@acme.example"]


def test_payments_that_the_yaml_had_before_the_very_first_start_are_no_news() -> None:
    old = a_payment("acme", "2026-041", "5.00", date(2026, 3, 1), FRESH)
    begun = j.JournalBegun(at=FRESH, on=TODAY, sends=False)

    assert not digest_of(BOOKS, a_history(begun, old, begun=None), since=None).since
    assert digest_of(BOOKS, a_history(old)).since


def test_F53_a_payment_that_two_have_told_is_news_once() -> None:
    """Told by the YAML, by command and by the bank; in one digest's time, or the second one later."""
    first = a_payment("acme", "2026-041", "100.00", OLD.date(), OLD)
    by_owner = msgspec.structs.replace(first, at=FRESH, by="owner")
    by_bank = msgspec.structs.replace(first, at=FRESH, by="bank", bank_id="b1")
    another = msgspec.structs.replace(by_bank, bank_id="b2")

    def told(*payments: j.PaymentRecorded) -> list[Money | None]:
        return [news.money for news in digest_of(BOOKS, a_history(*payments)).since.news]

    assert told(by_owner, by_bank) == [Money(Decimal("100.00"), "EUR")]
    assert told(by_owner, by_bank, another) == [Money(Decimal("200.00"), "EUR")]
    assert told(first, by_owner, by_bank) == []
    assert told(first, by_bank, another) == [Money(Decimal("100.00"), "EUR")]


def test_a_payment_that_counts_from_a_later_day_is_news_on_that_day() -> None:
    tomorrow = msgspec.structs.replace(
        a_payment("acme", "2026-041", "100.00", TODAY + timedelta(days=1), FRESH), by="owner"
    )
    today = msgspec.structs.replace(tomorrow, at=OLD, on=TODAY)

    assert not digest_of(BOOKS, a_history(tomorrow)).since
    assert [news.about for news in digest_of(BOOKS, a_history(today)).since.news] == ["paid"]


def test_F56_figures_that_changed_under_a_letter_are_told() -> None:
    owed = ACME.owed.amount
    seen = j.InvoiceSeen(
        at=FRESH, client="acme", number="2026-041", total=owed, owed=owed, currency="EUR", due_on=ACME.due_on, on=TODAY
    )
    letter = sent(a_letter(ACME, "first-reminder", OLD.date()), OLD)

    assert [n.about for n in digest_of(BOOKS, a_history(*letter, seen)).since.news] == ["changed"]
    assert not digest_of(BOOKS, a_history(seen)).since
