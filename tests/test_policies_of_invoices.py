"""An invoice's own policy beside its client's."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from daemon.domain import journal as j
from daemon.domain.books.client import Client
from daemon.domain.books.invoice import Payment
from daemon.domain.books.policy import CallLevel, Group, LetterLevel, Level, Policy
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.triage import standing_of
from daemon.domain.ladder.by_hand import remind
from daemon.domain.ladder.decide import decide_letters
from daemon.domain.ladder.draft import also_open, claim_of
from daemon.domain.ladder.flood import floods
from daemon.domain.ladder.forecast import forecast
from daemon.domain.ladder.quiet import Why
from daemon.domain.reports.digest_decide import decisions
from daemon.domain.reports.digest_point import Books, What
from daemon.domain.standing.case import case_of
from daemon.domain.standing.spent import Sent, places
from daemon.loops.departures import departures
from tests.builders import ROME, a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent
from tests.two_policies import HARD, MILD, TODAY, two_policies


def stands_for(sent: LetterLevel, levels: tuple[Level, ...]) -> int:
    """The level of a ladder that one letter of another one spends."""
    [number] = places(a_policy(levels=levels), [Sent(sent, 1, here=False)])
    return number


# -- an invoice's own policy --------------------------------------------------------------------------------------


def test_an_invoice_with_a_policy_of_its_own_climbs_that_ladder() -> None:
    days = two_policies(an_invoice(policy="hard")).run(date(2026, 10, 28), date(2026, 11, 6))

    assert days.letters() == [
        (date(2026, 10, 30), "due-today"),
        (date(2026, 11, 2), "first-reminder"),
        (date(2026, 11, 5), "firm-reminder"),
    ]
    assert {letter.policy for letter in days.sent} == {"hard"}
    assert days.sent[0].why == "due-today, on the due date; by the policy hard of the invoice"


def test_one_letter_claims_invoices_of_one_policy_and_the_higher_level_goes_first() -> None:
    """The client rests between the two all the same: firm today, the first reminder after the rest that it asks for."""
    firm = an_invoice("2026-050", policy="hard", due_on=date(2026, 10, 26))
    days = two_policies(an_invoice(), firm)
    days.take_in(*sent("acme-1", date(2026, 10, 28), ("2026-050", 2)))
    why = {q.ref.number: q.why for q in days.decide(TODAY).quiet}
    days.run(TODAY, date(2026, 11, 3))

    assert why == {"2026-041": "today's letter is about invoices under another policy"}
    assert days.letters() == [(TODAY, "firm-reminder"), (date(2026, 11, 3), "first-reminder")]
    assert [[c.number for c in letter.claims] for letter in days.sent] == [["2026-050"], ["2026-041"]]


def test_a_letter_of_one_policy_on_its_way_keeps_the_others_still() -> None:
    days = two_policies(an_invoice(), an_invoice("2026-050", policy="hard", due_on=date(2026, 10, 29)))
    days.plan(TODAY)
    days.plan(TODAY)

    assert len(days.history.of("acme").letters) == 1


def test_a_letter_that_waits_for_a_go_has_its_day_and_no_other() -> None:
    """F20: however often the planner runs; and nobody's letter waits for the go of another policy's."""
    days = two_policies(an_invoice(), an_invoice("2026-050", policy="hard"), approve_first=True, levels=MILD[1:])
    for _ in range(3):
        days.plan(date(2026, 11, 9))
    letters = days.history.of("acme").letters
    assert [record.queued.waits_for for record in letters.values()] == [j.Wait.FIRST_LETTER]
    days.plan(date(2026, 11, 10))

    assert len(letters) == 2


def test_policies_with_a_letter_for_each_invoice_do_not_wait_for_one_another() -> None:
    books = [an_invoice(), an_invoice("2026-050", policy="hard")]
    ladders = {name: Policy(name=name, levels=MILD, group=Group.INVOICE) for name in ("standard", "hard")}
    days = Days(a_ledger(*books, policies=ladders), a_history()).run(TODAY, TODAY)

    assert len(days.sent) == 2


def test_the_days_limit_and_the_flood_are_those_of_the_letters_policy() -> None:
    """`hard` sends one a day; four at once are a flood."""
    keys = ("a", "b", "c", "d", "e")
    clients = tuple(a_client(key) for key in keys)
    books = [an_invoice(f"n-{key}", key, policy="hard") for key in keys]
    policies = {"standard": a_policy(), "hard": Policy(name="hard", levels=HARD, per_day=1)}
    ledger = a_ledger(*books, clients=clients, policies=policies)
    days = Days(ledger, a_history())

    assert floods(ledger, {key: days.decide(TODAY, key) for key in keys}) == {"hard"}
    shown = forecast(ledger, a_history(), TODAY, TODAY)
    assert {letter.waits_for for letter in shown.letters} == {j.Wait.PER_DAY}


def test_by_hand_one_policy_a_letter() -> None:
    days = two_policies(an_invoice(), an_invoice("2026-050", policy="hard"))

    assert remind(days.case(TODAY), ("2026-041", "2026-050"), TODAY, at(TODAY)) == Refusal(
        "one policy a letter: name the invoices one by one"
    )


def test_what_is_too_little_is_told_by_the_invoices_own_policy_wherever_it_is_asked() -> None:
    """It gets no letter, so it is a question (promise 3); and no firm letter names it as also open."""
    amount = Payment(on=date(2026, 10, 31), amount=Decimal("1200.00"))  # 20.00 are left
    tolerant = Policy(name="tolerant", levels=HARD, tolerance=Decimal(50))
    strict = a_policy(levels=HARD, tolerance=Decimal(5))
    rests = [an_invoice("2026-041", policy="tolerant", payments=(amount,)), an_invoice("2026-042", payments=(amount,))]
    others = an_invoice("2026-050"), an_invoice("2026-051", policy="tolerant")
    ledger = a_ledger(*rests, *others, policies={"standard": strict, "tolerant": tolerant})
    case = case_of(ledger, a_history(begun=TODAY), "acme", TODAY)
    books = Books(ledger=ledger, history=a_history(), today=TODAY, now=at(TODAY), cases={"acme": case})
    standing = standing_of(case, TODAY)
    quiet = {q.ref.number: q.why for q in decide_letters(case, TODAY, at(TODAY)).quiet}

    def others_named(number: str, policy: str) -> list[str]:
        claims = tuple(claim_of(item, 3) for item in case.items if item.ref.number == number)
        return [claim.number for claim in also_open(case.under(policy), claims, TODAY)]

    assert [number for number, why in quiet.items() if why == Why.TOLERANCE] == ["2026-041"]
    assert [p.numbers for p in decisions(books, None, str) if p.what is What.REST] == [("2026-041",)]
    assert standing is not None
    assert standing.numbers == ("2026-042", "2026-050", "2026-051")
    assert others_named("2026-050", "") == ["2026-042", "2026-051"]
    assert others_named("2026-051", "tolerant") == ["2026-042", "2026-050"]


def test_under_another_policy_an_invoice_without_one_goes_by_the_clients_still() -> None:
    case = two_policies(an_invoice()).case(TODAY)

    assert [case.under("hard").under(name).policy.name for name in ("", None, "gone", "hard")] == [
        "standard", "standard", "standard", "hard",
    ]  # fmt: skip
    assert case.under("hard").policy_named("").name == "standard"


def test_a_change_of_policy_sends_no_letter_twice() -> None:
    """The levels are numbered otherwise there; the first reminder went out all the same."""
    days = two_policies(an_invoice()).run(TODAY, TODAY)
    days.ledger = a_ledger(an_invoice(policy="hard"), policies=days.ledger.policies)
    days.run(date(2026, 11, 3), date(2026, 11, 13))

    assert days.letters() == [(TODAY, "first-reminder"), (date(2026, 11, 5), "firm-reminder")]


def test_a_letter_that_the_other_ladder_lacks_stands_for_one_that_is_no_firmer() -> None:
    mild = (*MILD, LetterLevel(letter="final-notice", day=60))

    assert [stands_for(level, mild) for level in HARD] == [0, 1, 2], "after firm comes final"
    assert [stands_for(level, HARD) for level in mild] == [2, 2, 3]


def test_a_letter_of_the_owners_own_is_known_again_by_its_name() -> None:
    one, other = LetterLevel(letter="nudge", day=2), LetterLevel(letter="nudge", day=9)

    assert stands_for(one, (*HARD, other)) == 4
    assert stands_for(other, (one, CallLevel(reason="no answer", day=20))) == 1


# -- in whose time ------------------------------------------------------------------------------------------------


def test_the_window_is_meant_in_the_clients_time_or_in_ours() -> None:
    """Ten o'clock in New York, or in Rome."""

    def leaves(client: Client) -> datetime:
        days = Days(a_ledger(an_invoice(), clients=(client,)), a_history())
        days.plan(TODAY)
        return departures(days.ledger, days.history, datetime(2026, 11, 2, 0, 30, tzinfo=UTC))[0].at

    new_york = ZoneInfo("America/New_York")
    assert leaves(a_client(timezone=new_york)) == datetime(2026, 11, 2, 15, tzinfo=UTC)
    assert leaves(a_client(timezone=new_york, window_zone=ROME)) == datetime(2026, 11, 2, 9, tzinfo=UTC)
