"""Issue 4, points 1 and 2: an invoice's own policy, how clients pay, and the policy of those who pay in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from daemon.domain import journal as j
from daemon.domain.by_hand import remind
from daemon.domain.case import case_of
from daemon.domain.client import Client
from daemon.domain.decide import decide_letters
from daemon.domain.digest_items import decisions
from daemon.domain.digest_point import Books, What
from daemon.domain.draft import also_open, claim_of
from daemon.domain.forecast import floods, forecast
from daemon.domain.habit import habit_of
from daemon.domain.invoice import Instalment, Invoice, Method, Payment
from daemon.domain.policy import CallLevel, Group, HabitTerms, LetterLevel, Level, Policy
from daemon.domain.quiet import Why
from daemon.domain.refusal import Refusal
from daemon.domain.spent import Sent, places
from daemon.domain.status import status_document
from daemon.domain.triage import standing_of
from daemon.loops.departures import departures
from tests.builders import ROME, a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent

TODAY = date(2026, 11, 2)  # a Monday
MILD = (LetterLevel(letter="first-reminder", day=2, rest_days=1), LetterLevel(letter="second-reminder", day=9))
HARD = (
    LetterLevel(letter="due-today", day=0), LetterLevel(letter="first-reminder", day=1),
    LetterLevel(letter="firm-reminder", day=5, deadline_days=5),
)  # fmt: skip


def paid_late(days: int, *others: int) -> list[Invoice]:
    """Invoices of the spring, each paid so many days after it was due."""
    return [
        an_invoice(
            f"old-{n}", due_on=date(2026, 3, 1) + timedelta(days=n),
            payments=(Payment(on=date(2026, 3, 1) + timedelta(days=n + late), amount=Decimal("1220.00")),),
        )
        for n, late in enumerate((days, *others))
    ]  # fmt: skip


def two_policies(*invoices: Invoice, client: Client | None = None, **standard: object) -> Days:
    policies = {
        "standard": a_policy(**{"levels": MILD, **standard}),
        "hard": Policy(name="hard", levels=HARD, rest_days=3, per_day=1),
    }
    return Days(a_ledger(*invoices, clients=(client or a_client(),), policies=policies), a_history())


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


# -- habits -------------------------------------------------------------------------------------------------------


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


def test_what_the_bank_collected_is_no_habit_and_instalments_count_from_the_last() -> None:
    collected = [an_invoice(i.number, payments=i.payments, method=Method.SDD) for i in paid_late(20, 20)]
    parts = tuple(Instalment(due_on=date(2026, 3, d), amount=Decimal(610)) for d in (1, 31))
    paid = (Payment(on=date(2026, 3, 31), amount=Decimal("1220.00")),)
    in_parts = an_invoice("parts", due_on=date(2026, 3, 1), instalments=parts, payments=paid)

    assert habit_of(None, HabitTerms(), collected, {}, TODAY).settled == 0
    assert habit_of(None, HabitTerms(), [in_parts], {}, TODAY).days_late == (0,)


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
