"""DESIGN section 7, the rows of people and of what is no answer.  Letter acme-1 went out on 2 November."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.reading import Evidence, Intent, Kind, Match
from daemon.domain.journal import Because
from tests.builders import at
from tests.ladder_days import Days
from tests.react_scene import ANNA, OURS, TODAY, days, hear, holds, mail


@pytest.mark.parametrize("intent", [Intent.UNCLEAR, Intent.QUESTION, Intent.COPY, Intent.EXTENSION, Intent.CANNOT_PAY])
def test_a_human_mail_holds_and_is_reviewed_after_a_week(intent: Intent) -> None:
    assert holds(hear(days(), mail(intent=intent))) == [(Because.REPLY, ("2026-041",), None, TODAY + timedelta(days=7))]


def test_a_promise_is_held_until_its_day_and_two_business_days() -> None:
    entries = hear(days(), mail(intent=Intent.PROMISE, promised_on=date(2026, 11, 13)))

    assert holds(entries) == [(Because.PROMISE, ("2026-041",), date(2026, 11, 17), None)]


@pytest.mark.parametrize(
    "changes",
    [
        {"promised_on": TODAY + timedelta(days=16)},  # more than max_promise ahead
        {"promised_on": TODAY - timedelta(days=1)},
        {"promised_on": None},
        {"promised_on": date(2026, 11, 13), "amount": Decimal("100.00")},  # not in full
        {"promised_on": date(2026, 11, 13), "part": True},
        {"promised_on": date(2026, 11, 13), "match": Match(
            client="acme", numbers=("2026-041",), evidence=Evidence.THREAD, known_sender=False)},
    ],
)  # fmt: skip
def test_any_other_promise_is_the_owners_to_decide(changes: dict[str, object]) -> None:
    entries = hear(days(), mail(**{"intent": Intent.PROMISE, **changes}))  # type: ignore[arg-type]

    assert [h[0] for h in holds(entries)] == [Because.REPLY]
    assert not any(isinstance(e, j.PromiseMade) for e in entries)


def test_a_second_promise_is_the_owners_to_decide() -> None:
    found = days()
    hear(found, mail(intent=Intent.PROMISE, promised_on=date(2026, 11, 6)))
    again = hear(found, mail(mail="m2", intent=Intent.PROMISE, promised_on=date(2026, 11, 13)), date(2026, 11, 9))

    assert [h[0] for h in holds(again)] == [Because.REPLY]


def test_a_broken_promise_sends_the_next_letter_at_once_and_names_it() -> None:
    found = days()
    hear(found, mail(intent=Intent.PROMISE, promised_on=date(2026, 11, 5)))
    found.run(date(2026, 11, 5), date(2026, 11, 11))

    assert [(x.on, x.letter, x.promised_on) for x in found.sent] == [
        (date(2026, 11, 10), "second-reminder", date(2026, 11, 5))
    ], "Thursday, two business days of grace, and then no rest"


def test_who_says_it_is_paid_is_asked_about_after_five_business_days_and_never_resumed() -> None:
    found = days()
    entries = hear(found, mail(intent=Intent.PAID))
    found.run(TODAY, date(2027, 6, 1))

    assert holds(entries) == [(Because.CLAIMS_PAID, ("2026-041",), None, date(2026, 11, 11))]
    assert not any(isinstance(e, j.PaymentRecorded) for e in entries), "F48: never marked paid"
    assert found.sent == []


def test_F48_a_forged_promise_does_not_end_a_hold_that_has_no_end() -> None:
    """Promise 4: whoever writes the client's name into From cannot make us send anything."""
    found = days()
    hear(found, mail(intent=Intent.PAID))
    forged = Match(client="acme", numbers=("2026-041",), evidence=Evidence.NUMBER, known_sender=True)
    hear(found, mail(mail="m2", match=forged, intent=Intent.PROMISE, promised_on=date(2026, 11, 6)))
    found.run(TODAY, date(2027, 2, 1))

    assert found.sent == []


def test_a_dispute_holds_and_is_reviewed_after_two_weeks() -> None:
    entries = hear(days(), mail(intent=Intent.DISPUTE))

    assert holds(entries) == [(Because.DISPUTE, ("2026-041",), None, TODAY + timedelta(days=14))]
    assert any(isinstance(e, j.DisputeRaised) for e in entries)


def test_a_wrong_contact_holds_suggests_a_call_and_never_uses_the_address_that_it_names() -> None:
    found = days()
    entries = hear(found, mail(intent=Intent.WRONG_CONTACT, substitute="new@acme.example"))
    [call] = [e for e in entries if isinstance(e, j.CallSuggested)]
    found.run(TODAY, date(2027, 2, 1))

    assert [h[0] for h in holds(entries)] == [Because.WRONG_CONTACT]
    assert "new@acme.example" in call.because
    assert found.sent == []


def test_stop_writing_holds_until_it_is_lifted() -> None:
    assert holds(hear(days(), mail(intent=Intent.STOP))) == [(Because.STOP, ("2026-041",), None, None)]


def test_the_clients_other_invoices_rest_two_business_days() -> None:
    entries = hear(days(others=2), mail(intent=Intent.QUESTION))

    assert holds(entries)[1] == (Because.OTHER_THREAD, ("2026-050", "2026-051"), date(2026, 11, 6), None)


def test_when_the_thread_cannot_be_told_all_of_the_clients_invoices_are_held() -> None:
    match = Match(client="acme", letter_id="acme-1", evidence=Evidence.TOKEN, known_sender=True)

    assert [h[1] for h in holds(hear(days(others=1), mail(match=match)))] == [()]


def test_the_owners_own_mail_in_the_thread_holds_for_a_review_after_two_weeks() -> None:
    """A person has taken over; what the client had asked is answered."""
    found = days()
    hear(found, mail(intent=Intent.QUESTION))
    entries = hear(found, mail(mail="m2", by_owner=True, sender="fatture@bianchi.example"))

    assert holds(entries) == [(Because.OWNER_WROTE, ("2026-041",), None, TODAY + timedelta(days=14))]
    assert [h.because for h in found.history.of("acme").holds] == [Because.OWNER_WROTE]


def test_the_owners_mail_to_the_client_about_nothing_we_know_gives_the_letters_a_rest() -> None:
    """It settles nothing that the client has asked, and nothing crosses it."""
    found = days(others=1)
    hear(found, mail(intent=Intent.QUESTION))
    match = Match(client="acme", evidence=Evidence.RECIPIENT)
    entries = hear(found, mail(match=match, mail="m2", by_owner=True, sender="fatture@bianchi.example"))

    assert holds(entries) == [(Because.OWNER_WROTE, (), date(2026, 11, 6), None)]
    asked = [h.because for h in found.history.of("acme").holds]
    assert asked == [Because.REPLY, Because.OTHER_THREAD, Because.OWNER_WROTE]


ELSEWHERE = Match(client="acme", evidence=Evidence.SENDER, known_sender=True)


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.UNREADABLE])
def test_a_mail_in_another_thread_holds_everything_for_two_business_days_once(kind: Kind) -> None:
    found = days(others=1)
    first = hear(found, mail(kind, ELSEWHERE))
    second = hear(found, mail(kind, ELSEWHERE, mail="m2"), TODAY + timedelta(days=1))

    assert holds(first) == [(Because.OTHER_THREAD, (), date(2026, 11, 6), None)]
    assert holds(second) == []
    assert any(isinstance(e, j.MailUnmatched) for e in first), "it heads the digest"


@pytest.mark.parametrize("intent", [Intent.PAID, Intent.DISPUTE, Intent.PROMISE, Intent.CANNOT_PAY, Intent.STOP])
def test_who_speaks_of_the_money_in_a_mail_of_its_own_gets_no_letter_before_the_owner_has_read_it(
    intent: Intent,
) -> None:
    """ "We have paid", from the client, without number or thread: which invoice is meant cannot be told."""
    found = days(others=1)
    entries = hear(found, mail(match=ELSEWHERE, intent=intent, promised_on=date(2026, 11, 6)))

    assert holds(entries) == [(Because.REPLY, (), None, date(2026, 11, 11))]


@pytest.mark.parametrize("intent", [Intent.PAID, Intent.DISPUTE, Intent.PROMISE, Intent.EXTENSION])
def test_an_answer_to_an_old_letter_about_what_is_paid_is_about_all_that_is_open(intent: Intent) -> None:
    """People look for our address and answer whatever mail they find."""
    found = days(others=1)
    paid = j.PaymentRecorded(
        at=at(TODAY), client="acme", number="2026-041", amount=Decimal(1220), currency="EUR", on=TODAY, by="owner"
    )
    found.take_in(paid)
    entries = hear(found, mail(intent=intent, promised_on=date(2026, 11, 6)))

    assert holds(entries) == [(Because.REPLY, (), None, date(2026, 11, 11))]


def test_a_word_about_the_money_that_names_no_invoice_leaves_what_was_said_of_one() -> None:
    """That one is paid, and then that the other will be: each waits for its own answer."""
    found = days(others=1)
    hear(found, mail(intent=Intent.PAID))
    hear(found, mail(match=ELSEWHERE, intent=Intent.PROMISE, promised_on=date(2026, 11, 6), mail="m2"))
    hear(found, mail(match=ELSEWHERE, intent=Intent.DISPUTE, mail="m3"))

    kept = [(h.because, h.numbers) for h in found.history.of("acme").holds]
    assert kept == [
        (Because.CLAIMS_PAID, ("2026-041",)),
        (Because.OTHER_THREAD, ("2026-050",)),
        (Because.REPLY, ()),
    ]


def test_a_promise_that_speaks_of_other_invoices_than_the_letters_is_the_owners_to_decide() -> None:
    """ "We pay 041 on Friday, 050 was paid": nobody promised 050."""
    found = days(others=1)
    both = replace(OURS, numbers=("2026-041", "2026-050"))
    entries = hear(found, mail(match=both, intent=Intent.PROMISE, promised_on=date(2026, 11, 6)))

    assert [(h[0], h[1]) for h in holds(entries)] == [(Because.REPLY, ("2026-041", "2026-050"))]


def test_an_unreadable_mail_in_our_thread_counts_as_a_human_one() -> None:
    assert [h[0] for h in holds(hear(days(), mail(Kind.UNREADABLE)))] == [Because.REPLY]


def test_a_mail_of_the_clients_domain_that_names_an_invoice_acts_as_an_answer() -> None:
    match = Match(client="acme", numbers=("2026-041",), evidence=Evidence.DOMAIN)

    assert [h[0] for h in holds(hear(days(), mail(match=match, sender="ada@acme.example")))] == [Because.REPLY]


def test_F48_a_stranger_who_names_an_invoice_is_shown_and_changes_nothing() -> None:
    match = Match(client="acme", numbers=("2026-041",), evidence=Evidence.NONE, known_sender=False)
    entries = hear(days(), mail(match=match, sender="x@stranger.example", intent=Intent.PAID))

    assert [type(e) for e in entries] == [j.MailUnmatched]


def test_F44_a_complaint_with_our_id_holds() -> None:
    assert [h[0] for h in holds(hear(days(), mail(Kind.COMPLAINT)))] == [Because.COMPLAINT]


def test_F43_a_read_receipt_is_noted_and_holds_nothing() -> None:
    assert [type(e) for e in hear(days(), mail(Kind.RECEIPT))] == [j.AutoReplyReceived]


def test_F51_our_own_mail_seen_again_changes_nothing() -> None:
    assert hear(days(), mail(Kind.OWN)) == []


def test_F1_our_own_mail_seen_in_sent_settles_a_doubt() -> None:
    found = days()
    found.take_in(j.DeliveryInDoubt(at=at(TODAY), client="acme", letter_id="acme-1", to=ANNA, reason="cut"))

    assert [(type(e), e.outcome) for e in hear(found, mail(Kind.OWN)) if isinstance(e, j.DoubtSettled)] == [
        (j.DoubtSettled, "sent")
    ]


@pytest.mark.parametrize("kind", [Kind.REPLY, Kind.AUTO_REPLY, Kind.RECEIPT, Kind.COMPLAINT, Kind.UNREADABLE])
def test_F1_an_answer_with_our_id_settles_a_doubt(kind: Kind) -> None:
    """Only who got the letter knows the id; a client's own word, or the owner's in the thread, is no proof."""
    by_number = Match(client="acme", letter_id="acme-1", numbers=("2026-041",), evidence=Evidence.THREAD)
    for answer, proven in (({}, True), ({"by_owner": True}, False), ({"match": by_number}, False)):
        found = days()
        found.take_in(j.DeliveryInDoubt(at=at(TODAY), client="acme", letter_id="acme-1", to=ANNA, reason="cut"))
        entries = hear(found, mail(kind, **answer))

        assert [e.outcome for e in entries if isinstance(e, j.DoubtSettled)] == ["sent"] * proven


def in_doubt_to_two() -> Days:
    """Acme-1, to Anna and in copy to Dario: nobody knows whether it has reached them."""
    found = days()
    for to in (ANNA, "dario@acme.example"):
        found.take_in(
            j.DeliveryStarted(
                at=at(TODAY), client="acme", letter_id="acme-1", to=to, on=TODAY, attempt=1, message_id=""
            ),
            j.DeliveryInDoubt(at=at(TODAY), client="acme", letter_id="acme-1", to=to, reason="cut"),
        )
    return found


def test_F1_of_a_letter_to_two_an_answer_settles_the_doubt_about_its_sender() -> None:
    entries = hear(in_doubt_to_two(), mail(sender="dario@acme.example"))

    assert [e.to for e in entries if isinstance(e, j.DoubtSettled)] == ["dario@acme.example"]


def test_F1_a_letter_that_lies_in_sent_proves_nothing_about_those_in_copy() -> None:
    """Each has a transaction of their own, and the letter lies in Sent because it went to the first of them."""
    assert [e.to for e in hear(in_doubt_to_two(), mail(Kind.OWN)) if isinstance(e, j.DoubtSettled)] == [ANNA]


def test_anything_else_without_our_id_changes_nothing() -> None:
    assert hear(days(), mail(Kind.UNRELATED, Match())) == []
    assert hear(days(), mail(Kind.AUTO_REPLY, Match(client="acme", evidence=Evidence.DOMAIN))) == []
