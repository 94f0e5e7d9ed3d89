"""What follows from statements: each entry counts once, sums are conserved, and nothing is booked that is not sure."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.books.refusal import Refusal
from daemon.domain.commands.command import Command, Desk, Done, execute
from daemon.domain.history import History
from daemon.domain.history.client_history import ClientHistory
from daemon.domain.journal import Because
from daemon.domain.payments.payment_match import Verdict
from daemon.loops.forget import without_person
from tests.bank_scene import BOOKED, TODAY, after, books, came, owed, read, taken_back, told
from tests.builders import a_case, a_history, at


def of(history: History, client: str = "acme") -> ClientHistory:
    return history.of(client)


def open_amount(ledger: Ledger, history: History, number: str) -> Decimal:
    case = a_case(ledger, history, TODAY)
    return sum((item.outstanding for item in case.items if item.ref.number == number), Decimal(0))


def test_a_sure_payment_is_booked_on_its_day() -> None:
    ledger = books(owed("2026-041", "1220.00"))
    history = after(ledger, told(came("1220.00", "2026-041", id="P1")))

    [payment] = of(history).payments["2026-041"]
    assert (payment.by, payment.bank_id, payment.on, payment.amount) == ("bank", "P1", BOOKED, Decimal("1220.00"))
    assert open_amount(ledger, history, "2026-041") == 0


def test_the_same_statement_twice_books_once() -> None:
    ledger = books(owed("2026-041", "1220.00"))
    day = told(came("500.00", "2026-041", "Acme SpA"))
    history = after(ledger, day)

    again = read(ledger, history, day)
    assert [found.verdict for found in again.matches] == [Verdict.KNOWN]
    assert again.entries == ()


def test_a_payment_that_another_file_tells_under_another_name_is_asked_about() -> None:
    """MT940 behind CAMT, or a report of the day without the bank's reference: the same sum of the same day."""
    ledger = books(owed("2026-041", "1220.00"))
    history = after(ledger, told(came("500.00", "2026-041", "Acme SpA", id="of the camt.052")))

    again = read(ledger, history, told(came("500.00", "2026-041", "Acme SpA", id="of the camt.053"), name="day"))
    [found] = again.matches
    assert (found.verdict, found.because[-1]) == (
        Verdict.UNSURE,
        "the same sum of the same day is booked already: a second one?",
    )
    assert not any(isinstance(entry, j.PaymentRecorded) for entry in again.entries)
    other_day = came("500.00", "2026-041", "Acme SpA", id="P3", booked_on=date(2026, 11, 6))
    assert read(ledger, history, told(other_day)).matches[0].verdict == Verdict.SURE


def test_two_alike_in_one_file_are_two_payments() -> None:
    ledger = books(owed("2026-041", "1220.00"))
    history = after(ledger, told(*(came("500.00", "2026-041", "Acme SpA", id=name) for name in ("P1", "P2"))))

    assert open_amount(ledger, history, "2026-041") == Decimal("220.00")


def test_a_payment_told_by_command_and_by_the_bank_counts_once_and_goes_with_its_reversal() -> None:
    """F53; and when the bank takes it back, the owner's word of it goes too."""
    ledger = books(owed("2026-041", "1220.00"))
    mine = j.PaymentRecorded(
        at=at(BOOKED), client="acme", number="2026-041", amount=Decimal("1220.00"), currency="EUR",
        on=date(2026, 11, 4), by="owner",
    )  # fmt: skip
    history = after(ledger, told(came("1220.00", "2026-041")), history=a_history(mine))
    assert open_amount(ledger, history, "2026-041") == 0

    history = after(ledger, told(taken_back("1220.00", "2026-041"), until=date(2026, 11, 11)), history=history)
    assert open_amount(ledger, history, "2026-041") == Decimal("1220.00")
    assert [back.number for back in of(history).taken_back] == ["2026-041"]


def test_days_decide_the_order_not_files_or_ids() -> None:
    """The payment comes before its reversal, in whichever file either stands."""
    ledger = books(owed("2026-041", "1220.00"))
    back, paid = taken_back("1220.00", "2026-041", id="A"), came("1220.00", "2026-041", id="B")
    history = after(ledger, told(back, name="2"), told(paid, name="1"))

    assert open_amount(ledger, history, "2026-041") == Decimal("1220.00")
    assert [entry.undoes for entry in of(history).taken_back] == ["B"]


def test_what_is_not_sure_holds_the_reminders_about_it_until_the_owner_answers() -> None:
    ledger = books(owed("2026-041", "1220.00"), owed("2026-042", "50.00"))
    history = after(ledger, told(came("1216.50", "2026-041", id="P1")))

    [hold] = of(history).holds
    assert (hold.because, hold.numbers, hold.note) == (Because.BANK, ("2026-041",), "P1")
    assert of(history).payments == {}
    assert list(of(history).unsure) == ["P1"]


def test_where_the_invoice_is_unknown_all_of_the_clients_wait() -> None:
    history = after(books(owed("1", "100.00"), owed("2", "70.00")), told(came("33.00", "saldo", "Acme SpA")))

    [hold] = of(history).holds
    assert set(hold.numbers) == {"1", "2"}


def test_a_payment_in_another_currency_holds_the_invoice_that_it_names() -> None:
    history = after(books(owed("2026-041", "9.00", currency="USD")), told(came("8.10", "2026-041")))

    assert [hold.numbers for hold in of(history).holds] == [("2026-041",)]


def test_who_says_that_it_is_paid_is_answered_by_the_money() -> None:
    claims = j.HoldPlaced(
        at=at(BOOKED), client="acme", hold_id="acme-h1", numbers=("2026-041",), because=Because.CLAIMS_PAID, on=BOOKED
    )
    history = after(books(owed("2026-041", "9.00")), told(came("9.00", "2026-041")), history=a_history(claims))

    assert not of(history).holds


# -- the owner's answers ------------------------------------------------------------------------------------------


def asked(*invoices: str, text: str = "saldo", amount: str = "150.00") -> tuple[Ledger, History]:
    """A question as item 4 of the last digest."""
    ledger = books(*(owed(number, "100.00") for number in invoices), owed("b", "70.00", "beta"))
    history = after(ledger, told(came(amount, text, "Acme SpA", id="P1")))
    item = j.DigestItem(item=4, client="acme", numbers=of(history).unsure["P1"].numbers, kind="payment", ref="P1")
    history.take_in(j.DigestSent(at=at(TODAY), on=TODAY, items=(item,)))
    return ledger, history


def answer(ledger: Ledger, history: History, command: Command) -> Done | Refusal:
    done = execute(command, Desk(ledger=ledger, history=history, today=lambda client: TODAY, at=at(TODAY)))
    for entry in done.entries if isinstance(done, Done) else ():
        history.take_in(entry)
    return done


def test_paid_books_what_was_proposed() -> None:
    ledger, history = asked("2026-041", text="2026-041", amount="99.00")
    done = answer(ledger, history, Command(name="paid", target="4"))

    assert isinstance(done, Done), done
    assert open_amount(ledger, history, "2026-041") == 1
    assert ([*of(history).holds], of(history).unsure) == ([], {})


def test_assign_books_it_where_the_owner_says_the_oldest_first() -> None:
    ledger, history = asked("2026-041", "2026-042")
    done = answer(ledger, history, Command(name="assign", target="4", client="acme", numbers=("2026-042", "2026-041")))

    assert isinstance(done, Done), done
    assert [(p.number, p.amount) for p in done.entries if isinstance(p, j.PaymentRecorded)] == [
        ("2026-041", Decimal("100.00")),
        ("2026-042", Decimal("50.00")),
    ]
    assert not of(history).holds


def test_assign_takes_client_and_number_in_one_word_also_of_another_client() -> None:
    ledger, history = asked("2026-041", amount="70.00")
    done = answer(ledger, history, Command(name="assign", target="4", client="beta/b"))

    assert isinstance(done, Done), done
    assert [payment.amount for payment in of(history, "beta").payments["b"]] == [Decimal("70.00")]
    assert ([*of(history).holds], of(history).unsure) == ([], {})


@pytest.mark.parametrize("name", ["hold", "resume", "promise", "dispute", "called", "write-off", "remind", "go"])
def test_money_that_names_no_invoice_is_not_about_all_of_them(name: str) -> None:
    ledger, history = asked("2026-041", "2026-042", text="saldo")
    command = Command(name=name, target="4", text="paid" if name == "called" else "", day=TODAY + timedelta(days=9))

    assert answer(ledger, history, command) == Refusal(
        f"item 4 names no invoice: `assign 4 acme/NUMBER` says which it is for; for anything else name one: "
        f"{name} acme/NUMBER"
    )
    assert isinstance(answer(ledger, history, Command(name="note", target="4", text="asked Anna")), Done)


def test_ignore_puts_it_away_for_good() -> None:
    ledger, history = asked("2026-041", "2026-042")
    done = answer(ledger, history, Command(name="ignore", target="4"))

    assert isinstance(done, Done), done
    assert ([*of(history).holds], of(history).unsure) == ([], {})
    again = read(ledger, history, told(came("150.00", "saldo", "Acme SpA", id="P1")))
    assert [found.verdict for found in again.matches] == [Verdict.KNOWN]


def test_an_answer_counts_once_and_an_unknown_invoice_is_refused() -> None:
    ledger, history = asked("2026-041", "2026-042")

    refused = answer(ledger, history, Command(name="paid", target="4"))
    assert isinstance(refused, Refusal), "no invoice is proposed"
    refused = answer(ledger, history, Command(name="assign", target="4", client="acme/2026-999"))
    assert isinstance(refused, Refusal)
    assert "did you mean" in refused.because
    assert isinstance(answer(ledger, history, Command(name="ignore", target="4")), Done)
    assert isinstance(answer(ledger, history, Command(name="ignore", target="4")), Refusal)


def test_a_reversal_that_was_asked_is_undone_by_missing() -> None:
    ledger = books(owed("2026-041", "100.00"))
    history = after(ledger, told(came("100.00", "2026-041", id="P1"), taken_back("100.00", id="R1")))
    item = j.DigestItem(item=4, client="acme", numbers=("2026-041",), kind="payment", ref="R1")
    history.take_in(j.DigestSent(at=at(TODAY), on=TODAY, items=(item,)))
    assert open_amount(ledger, history, "2026-041") == 0

    assert isinstance(answer(ledger, history, Command(name="paid", target="4")), Refusal)
    assert isinstance(answer(ledger, history, Command(name="missing", target="4")), Done)
    assert open_amount(ledger, history, "2026-041") == Decimal("100.00")


def test_a_client_who_is_forgotten_leaves_no_words_in_a_question_and_it_can_be_answered() -> None:
    ledger = books(owed("2026-041", "100.00"))
    entries = [without_person(entry, "acme") for entry in read(ledger, a_history(), told(came(
        "98.00", "2026-041 from Anna", "Anna Verdi", id="P1"))).entries]  # fmt: skip
    history = a_history(*entries)
    item = j.DigestItem(item=4, client="acme", numbers=("2026-041",), kind="payment", ref="P1")
    history.take_in(j.DigestSent(at=at(TODAY), on=TODAY, items=(item,)))

    assert "Anna" not in repr(entries)
    assert isinstance(answer(ledger, history, Command(name="paid", target="4")), Done)
    assert not of(history).holds
