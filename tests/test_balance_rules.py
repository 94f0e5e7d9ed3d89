"""Money on the ladder: part payments, tolerance, credit notes, instalments, currencies; who waits for a go."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.client import Channel
from daemon.domain.books.invoice import Instalment, Invoice, Payment, StatedHold
from daemon.domain.books.money import Money
from daemon.domain.books.policy import Group, LetterLevel
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.commands.errand import Refusal
from daemon.domain.journal import Because, Wait
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at
from tests.ladder_days import Days, sent

MON = date(2026, 11, 2)


def usd(number: str) -> Invoice:
    return an_invoice(number, total=Money(Decimal(900), "USD"))


def a_note(amount: str, **changes: object) -> Invoice:
    total = Money(Decimal(amount), "EUR")
    return an_invoice("NC-1", credit=True, total=total, issued_on=date(2026, 10, 20), **changes)


def some_days(*invoices: Invoice, begun: date = date(2026, 1, 1), go: bool = True, **ledger: object) -> Days:
    return Days(a_ledger(*(invoices or (an_invoice(),)), **ledger), a_history(begun=begun), go=go)  # type: ignore[arg-type]


def test_two_currencies_are_two_letters_on_one_day() -> None:
    days = some_days(an_invoice(), usd("2026-050")).run(MON, date(2026, 11, 3), times=2)

    assert [(x.on, [c.currency for c in x.claims]) for x in days.sent] == [(MON, ["EUR"]), (MON, ["USD"])]


def test_a_part_payment_claims_the_rest_keeps_the_level_and_gets_five_business_days() -> None:
    paid = an_invoice(payments=(Payment(on=date(2026, 11, 6), amount=Decimal(220)),))
    days = some_days(paid).run(MON, date(2026, 11, 20))

    assert [(x.on, x.letter, x.claims[0].outstanding) for x in days.sent] == [
        (MON, "first-reminder", Decimal("1220.00")),
        (date(2026, 11, 13), "second-reminder", Decimal("1000.00")),
    ]


def test_a_payment_dated_later_than_today_is_ignored_until_its_day() -> None:
    days = some_days(an_invoice(payments=(Payment(on=date(2026, 11, 3), amount=Decimal(1220)),)))

    assert len(days.decide(MON).letters) == 1
    assert days.why(date(2026, 11, 3)) == "paid"


def test_a_rest_below_the_tolerance_is_the_owners_question() -> None:
    days = some_days(an_invoice(payments=(Payment(on=MON, amount=Decimal("1216.00")),)))

    assert days.why(date(2026, 11, 30)).startswith("the rest is below the tolerance")


def test_what_is_below_the_tolerance_is_not_listed_as_open_either() -> None:
    small = an_invoice("2026-050", payments=(Payment(on=MON, amount=Decimal("1216.00")),))
    days = some_days(an_invoice(), small)
    days.take_in(*sent("acme-1", MON, ("2026-041", 4)))
    letter = days.decide(date(2026, 11, 30)).letters
    days.run(date(2026, 11, 30), date(2026, 12, 2))

    assert letter == ()
    assert [(x.letter, x.also_open) for x in days.sent] == [("firm-reminder", ())]


def test_overpaid_is_paid() -> None:
    assert some_days(an_invoice(payments=(Payment(on=MON, amount=Decimal(2000)),))).why(MON) == "paid"


def test_a_credit_note_is_netted_and_nothing_left_means_no_letter() -> None:
    some, all_of_it = some_days(an_invoice(), a_note("220")), some_days(an_invoice(), a_note("1220"))

    assert [c.outstanding for c in some.decide(MON).letters[0].claims] == [Decimal("1000.00")]
    assert all_of_it.decide(MON).letters == ()


def test_payments_fill_the_oldest_instalment_and_each_has_its_own_level() -> None:
    parts = (
        Instalment(due_on=date(2026, 10, 30), amount=Decimal(610)),
        Instalment(due_on=date(2026, 11, 9), amount=Decimal(610)),
    )
    paid = (Payment(on=date(2026, 10, 30), amount=Decimal(610)),)
    days = some_days(an_invoice(instalments=parts, payments=paid)).run(MON, date(2026, 11, 12))

    assert [(x.on, [(c.instalment, c.level) for c in x.claims]) for x in days.sent] == [(date(2026, 11, 11), [(2, 3)])]


def test_a_letter_covers_all_that_is_due_in_the_tone_of_the_highest() -> None:
    days = some_days(an_invoice(), an_invoice("2026-050", due_on=date(2026, 11, 6)))
    days.take_in(*sent("acme-1", MON, ("2026-041", 3)))
    [letter] = days.decide(date(2026, 11, 9)).letters

    assert (letter.letter, [(c.number, c.level) for c in letter.claims]) == (
        "second-reminder", [("2026-041", 4), ("2026-050", 3)]
    )  # fmt: skip


def test_from_the_firm_reminder_on_only_what_had_the_level_before_is_claimed() -> None:
    days = some_days(an_invoice(), an_invoice("2026-050", due_on=date(2026, 11, 20)))
    days.take_in(*sent("acme-1", date(2026, 11, 9), ("2026-041", 4)))
    days.take_in(
        j.CallSuggested(at=at(MON), client="acme", call_id="acme-c1", numbers=("2026-041",), reason="level",
                        because="", contact="", phone=None, level=5, on=date(2026, 11, 16))
    )  # fmt: skip
    [letter] = days.decide(date(2026, 11, 23)).letters

    assert [c.number for c in letter.claims] == ["2026-041"]
    assert [c.number for c in letter.also_open] == ["2026-050"]


def test_what_is_held_is_left_out_and_the_letter_says_so() -> None:
    held = an_invoice("2026-050", hold=StatedHold(until=None, because="credit note"))
    [letter] = some_days(an_invoice(), held).decide(MON).letters

    assert ([c.number for c in letter.claims], letter.left_out) == (["2026-041"], ("2026-050",))


def test_group_invoice_means_a_letter_and_a_rest_for_each() -> None:
    days = some_days(an_invoice(), an_invoice("2026-050"), policy=a_policy(group=Group.INVOICE)).run(MON, MON, times=3)

    assert [[c.number for c in x.claims] for x in days.sent] == [["2026-041"], ["2026-050"]]


# -- who waits --------------------------------------------------------------------------------------------------


def test_F21_at_the_first_start_what_fell_due_before_waits_for_a_go() -> None:
    old, new = some_days(begun=date(2026, 11, 3)), some_days(begun=date(2026, 11, 1))

    assert [x.waits_for for x in old.decide(date(2026, 11, 3)).letters] == [Wait.FIRST_START]
    assert [x.waits_for for x in new.decide(MON).letters] == [None]


def test_F21_still_waits_when_its_figures_change() -> None:
    """A letter that was withdrawn by a rule has not been sent: the owner has still said nothing."""
    days = some_days(begun=date(2026, 11, 3), go=False)
    days.day(date(2026, 11, 3))
    paid = (Payment(on=date(2026, 11, 3), amount=Decimal(220)),)
    days.ledger = a_ledger(an_invoice(payments=paid))
    days.run(date(2026, 11, 4), date(2026, 11, 13))

    letters = list(days.history.of("acme").letters.values())
    assert [r.queued.waits_for for r in letters] == [Wait.FIRST_START, Wait.FIRST_START]
    assert days.sent == []


def test_approve_first_makes_the_first_letter_to_a_client_wait_and_no_other() -> None:
    days = some_days(policy=a_policy(approve_first=True)).run(MON, date(2026, 11, 10))

    assert [x.waits_for for x in days.sent] == [Wait.FIRST_LETTER, None]


def test_approve_over_makes_letters_wait_that_claim_as_much_together() -> None:
    """Neither invoice does by itself; in another currency the same figure counts as it stands."""
    books = (an_invoice(), an_invoice("2026-042", total=Money(Decimal("780.00"), "EUR")))
    for over, waits in (("2000.00", Wait.AMOUNT), ("2000.01", None), ("0", Wait.AMOUNT)):
        days = some_days(*books, policy=a_policy(approve_over=Decimal(over)), go=False)
        days.plan(MON)

        [record] = days.history.of("acme").letters.values()
        assert record.queued.waits_for is waits, over


def test_a_level_that_needs_approval_says_so_whatever_it_claims() -> None:
    levels = (LetterLevel(letter="first-reminder", day=2, approval=True),)
    days = some_days(policy=a_policy(levels=levels, approve_over=Decimal(1)), go=False)
    days.plan(MON)

    assert [r.queued.waits_for for r in days.history.of("acme").letters.values()] == [Wait.APPROVAL]


def test_a_go_is_remembered_when_only_the_figures_change() -> None:
    days = some_days(begun=date(2026, 11, 3), go=False)
    days.day(date(2026, 11, 3))
    days.take_in(
        j.LetterReleased(at=at(MON), client="acme", letter_id="acme-1"),
        j.LetterWithdrawn(at=at(MON), client="acme", letter_id="acme-1", because="what is owed has changed"),
    )
    [letter] = days.decide(date(2026, 11, 4)).letters

    assert (letter.waits_for, letter.go_given) == (None, True)


def test_a_flood_waits_for_a_go_and_never_twice() -> None:
    """Four letters where one a day is allowed; after the go they leave one a day."""
    clients = tuple(a_client(f"c{n}") for n in range(4))
    books = a_ledger(*(an_invoice(client=c.key) for c in clients), clients=clients, policy=a_policy(per_day=1))
    days = Days(books, a_history(), go=False)
    days.day(MON)
    waiting = [r for h in days.history.clients.values() for r in h.letters.values()]
    for record in waiting:
        assert record.queued.waits_for is Wait.PER_DAY
        key, letter_id = record.queued.client, record.queued.letter_id
        days.take_in(
            j.LetterReleased(at=at(MON), client=key, letter_id=letter_id),
            j.LetterWithdrawn(at=at(MON), client=key, letter_id=letter_id, because="its day has passed"),
        )
    days.run(date(2026, 11, 3), date(2026, 11, 6))

    assert [x.on for x in days.sent] == [date(2026, 11, day) for day in (3, 4, 5, 6)]


def test_a_portal_client_gets_a_task_for_the_owner_instead_of_a_letter_one_at_a_time() -> None:
    days = some_days(clients=(a_client(channel=Channel.PORTAL),)).run(MON, date(2026, 11, 6))
    [task] = days.calls
    days.take_in(
        j.CallMade(
            at=at(MON), client="acme", call_id=task.call_id, numbers=task.numbers, result="done", on=date(2026, 11, 6)
        )
    )
    days.run(date(2026, 11, 7), date(2026, 11, 30))

    assert [(c.on, c.reason, c.level) for c in days.calls] == [(MON, "portal", 3), (date(2026, 11, 13), "portal", 4)]
    assert days.sent == []


# -- the YAML ---------------------------------------------------------------------------------------------------


def test_F53_a_hold_that_vanishes_from_the_yaml_keeps_its_letters_back_until_the_owner_was_told() -> None:
    held = an_invoice(hold=StatedHold(until=None, because="credit note"))
    days = some_days(held).run(MON, date(2026, 11, 3))
    days.ledger = a_ledger(replace(held, hold=None))
    days.run(date(2026, 11, 4), date(2026, 11, 9))
    [placed] = [h for h in days.history.of("acme").holds if h.because is Because.VANISHED]

    assert (placed.on, placed.until) == (date(2026, 11, 4), date(2026, 11, 5))
    assert [x.on for x in days.sent] == [date(2026, 11, 6)]


# -- commands ---------------------------------------------------------------------------------------------------


def tell(days: Days, name: str, target: str = "2026-041", **given: object) -> Done | Refusal:
    desk = Desk(ledger=days.ledger, history=days.history, today=lambda _: MON, at=at(MON))
    done = execute(Command(name=name, target=target, **given), desk)  # type: ignore[arg-type]
    if isinstance(done, Done):
        days.take_in(*done.entries)
    return done


def test_paid_refuses_a_credit_note_and_an_amount_for_several_invoices() -> None:
    days = some_days(an_invoice(), an_invoice("2026-050"), a_note("10"))

    assert isinstance(tell(days, "paid", "NC-1", amount=Decimal(5)), Refusal)
    assert isinstance(tell(days, "paid", "acme", amount=Decimal(5)), Refusal)


def test_a_part_payment_does_not_end_a_promise() -> None:
    days = some_days()
    tell(days, "promise", day=date(2026, 11, 20))
    tell(days, "paid", amount=Decimal(100))

    assert [h.because for h in days.history.of("acme").holds] == [Because.PROMISE]


def test_resume_of_one_invoice_keeps_the_others_of_a_client_wide_hold() -> None:
    days = some_days(an_invoice(), an_invoice("2026-050"))
    days.take_in(
        j.HoldPlaced(at=at(MON), client="acme", hold_id="acme-h1", numbers=(), because=Because.REPLY, on=MON, mail="m1")
    )
    tell(days, "resume")
    [left] = days.history.of("acme").holds

    assert (left.numbers, left.because, left.mail) == (("2026-050",), Because.REPLY, "m1")


def test_remind_writes_now_but_not_while_our_own_deadline_runs() -> None:
    days = some_days()
    days.take_in(
        *sent("acme-1", date(2026, 10, 31), ("2026-041", 6), letter="firm-reminder", deadline=date(2026, 11, 9))
    )

    assert isinstance(tell(days, "remind"), Refusal)


def test_remind_takes_the_overdue_instalment_and_leaves_the_other() -> None:
    parts = (
        Instalment(due_on=date(2026, 10, 30), amount=Decimal(610)),
        Instalment(due_on=date(2026, 12, 9), amount=Decimal(610)),
    )
    days = some_days(an_invoice(instalments=parts))
    tell(days, "remind")
    [record] = days.history.of("acme").letters.values()

    assert [(c.instalment, c.level) for c in record.queued.claims] == [(1, 3)]
    assert record.queued.by_hand
