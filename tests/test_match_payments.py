"""Which invoice a payment is for: sure is what the payer wrote, a name and an amount are a question."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from daemon.domain import journal as j
from daemon.domain.books.bank_statement import Flow
from daemon.domain.books.invoice import Instalment, Payment
from daemon.domain.books.money import Money
from daemon.domain.payments.payment_match import Verdict
from tests.bank_scene import BOOKED, books, came, match, owed, parts, taken_back
from tests.builders import at

SURE, UNSURE, UNKNOWN = Verdict.SURE, Verdict.UNSURE, Verdict.UNKNOWN


@pytest.mark.parametrize(
    "text",
    ["2026-041", "fatt. 2026/41 del 1.10.2026", "Rechnung 2026-0 41", "INV 2026 041", "2026041", "n.2026-0041 saldo"],
)
def test_a_number_is_found_with_other_dashes_and_spaces_and_without_zeros(text: str) -> None:
    found = match(books(owed("2026-041", "1220.00")), came("1220.00", text))

    assert (found.verdict, parts(found)) == (SURE, {"acme/2026-041": "1220.00"})


@pytest.mark.parametrize("text", ["2026-10-31", "31-2026-10", "2026-1041", "rif. 12026-10"])
def test_a_day_or_a_longer_number_is_not_the_invoice_of_which_it_holds_the_signs(text: str) -> None:
    found = match(books(owed("2026-10", "1220.00"), owed("x", "1220.00", "beta")), came("1220.00", text))

    assert found.verdict is UNKNOWN


@pytest.mark.parametrize(
    ("amount", "text", "name"),
    [
        ("200.00", "ACCONTO CONSULENZA DEL 05/12/2026", "ACME SPA"),
        ("1220.00", "BONIFICO DEL 05/12/2026", "MARIO ROSSI"),
        ("1220.00", "BONIFICO 12/2026/05", "MARIO ROSSI"),
    ],
)
def test_a_date_with_slashes_is_no_number_either(amount: str, text: str, name: str) -> None:
    found = match(books(owed("12/2026", "1220.00"), owed("7/2026", "300.00")), came(amount, text, name))

    assert found.verdict is UNSURE


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        (("20260041", "20260042"), "RECHNUNGEN 20260041/20260042"),
        (("2026-041", "2026-042"), "INV 2026-041/2026-042"),
        (("2026/041", "2026/042"), "INV 2026/041/2026/042"),
        (("20260041", "20260042"), "RE 20260041/2026 20260042/2026"),
    ],
)
def test_numbers_with_a_slash_between_them_are_all_found(numbers: tuple[str, str], text: str) -> None:
    ledger = books(*(owed(number, "100.00") for number in numbers))
    found = match(ledger, came("200.00", text, "Rossi Holding"))

    assert (found.verdict, parts(found)) == (SURE, {f"acme/{number}": "100.00" for number in numbers})


def test_the_longer_of_two_numbers_is_meant() -> None:
    ledger = books(owed("2026-041", "100.00"), owed("2026-041-2", "100.00"))

    assert parts(match(ledger, came("100.00", "2026-041-2"))) == {"acme/2026-041-2": "100.00"}


@pytest.mark.parametrize("where", ["text", "references"])
def test_a_structured_reference_is_enough_wherever_it_stands(where: str) -> None:
    written: dict[str, object] = {"text": "RF45 1234 5123 45"}
    if where == "references":
        written = {"references": ("RF451234512345",)}
    found = match(books(owed("2026-041", "1220.00", reference="RF45 1234 5123 45")), came("500.00", **written))  # type: ignore[arg-type]

    assert (found.verdict, parts(found)) == (SURE, {"acme/2026-041": "500.00"})
    assert "720.00 stays open" in found.because[-1]


def test_a_part_payment_without_name_or_reference_is_asked() -> None:
    ledger = books(owed("2026-041", "1220.00"))

    assert match(ledger, came("500.00", "2026-041")).verdict is UNSURE
    assert match(ledger, came("500.00", "2026-041", "ACME S.P.A.")).verdict is SURE


def test_a_little_less_may_be_a_banks_fee_and_is_asked() -> None:
    found = match(books(owed("2026-041", "1220.00")), came("1216.50", "2026-041", "Acme SpA"))

    assert (found.verdict, parts(found)) == (UNSURE, {"acme/2026-041": "1216.50"})
    assert "3.50 is missing" in found.because[-1]


def test_too_much_is_booked_where_nothing_else_is_open_and_asked_where_something_is() -> None:
    alone, two = books(owed("2026-041", "100.00")), books(owed("2026-041", "100.00"), owed("2026-042", "50.00"))

    from_them = match(alone, came("120.00", "2026-041", "Acme SpA"))
    assert (from_them.verdict, parts(from_them)) == (SURE, {"acme/2026-041": "120.00"})
    unknown = match(alone, came("5000.00", "contract 2026-041", "Zeta Ltd"))
    assert (unknown.verdict, parts(unknown)) == (UNSURE, {"acme/2026-041": "5000.00"}), "a number of somebody else's?"
    found = match(two, came("150.00", "2026-041"))
    assert (found.verdict, parts(found)) == (UNSURE, {"acme/2026-041": "100.00", "acme/2026-042": "50.00"})
    assert "with 2026-042 it would be exact" in found.because[-1]


def test_one_transfer_pays_all_the_numbers_that_it_names() -> None:
    ledger = books(owed("2026-041", "100.00"), owed("2026-042", "50.00"), owed("2026-043", "7.00"))
    found = match(ledger, came("150.00", "2026-041 + 042, ns. 2026-042"))

    assert (found.verdict, parts(found)) == (SURE, {"acme/2026-041": "100.00", "acme/2026-042": "50.00"})


def test_numbers_that_do_not_make_the_amount_are_asked_the_oldest_filled_first() -> None:
    older = owed("2026-042", "50.00", due_on=date(2026, 9, 1))
    found = match(books(owed("2026-041", "100.00"), older), came("120.00", "2026-041 2026-042"))

    assert (found.verdict, parts(found)) == (UNSURE, {"acme/2026-042": "50.00", "acme/2026-041": "70.00"})


def test_a_credit_note_that_is_named_is_taken_off() -> None:
    note = owed("NC-2026-7", "30.00", credit=True, issued_on=date(2026, 10, 1))
    ledger = books(owed("2026-041", "100.00", due_on=date(2026, 9, 1)), owed("2026-042", "50.00"), note)
    by_oldest = match(ledger, came("70.00", "2026-041"))
    by_hand = match(ledger, came("20.00", "2026-042 ./. NC-2026-7"))

    assert (by_oldest.verdict, parts(by_oldest)) == (SURE, {"acme/2026-041": "70.00"})
    assert (by_hand.verdict, parts(by_hand)) == (UNSURE, {"acme/2026-042": "20.00"}), "the note is set off elsewhere"
    both = match(ledger, came("120.00", "2026-041 2026-042 NC-2026-7"))
    assert (both.verdict, sum(part.amount for part in both.parts)) == (SURE, Decimal("120.00"))


def test_an_instalment_or_all_so_far_is_exact() -> None:
    instalments = tuple(Instalment(due_on=date(2026, month, 30), amount=Decimal("400.00")) for month in (9, 10, 11))
    ledger = books(owed("2026-041", "1200.00", instalments=instalments))

    for amount in ("400.00", "800.00", "1200.00"):
        assert match(ledger, came(amount, "2026-041")).verdict is SURE, amount
    assert match(ledger, came("500.00", "2026-041")).verdict is UNSURE


def test_what_is_payable_is_owed_not_the_total() -> None:
    ledger = books(owed("2026-041", "1220.00", payable=Money(Decimal("1020.00"), "EUR")))

    assert match(ledger, came("1020.00", "2026-041")).because[-1] == "all that is open"


def test_currencies_are_never_compared() -> None:
    found = match(books(owed("2026-041", "1220.00", currency="USD")), came("1220.00", "2026-041"))

    assert (found.verdict, found.parts, found.about) == (UNSURE, (), ("2026-041",))
    assert match(books(owed("2026-041", "12.34", currency="USD")), came("12.34")).verdict is UNKNOWN


def test_a_name_and_an_amount_are_a_question_never_a_booking() -> None:
    ledger = books(owed("2026-041", "100.00"), owed("2026-042", "50.00"), owed("2026-043", "31.00"))

    one = match(ledger, came("50.00", "saldo", "ACME S.P.A. MILANO"))
    assert (one.verdict, parts(one)) == (UNSURE, {"acme/2026-042": "50.00"})
    several = match(ledger, came("131.00", "saldo", "acme spa"))
    assert (several.verdict, parts(several)) == (UNSURE, {"acme/2026-041": "100.00", "acme/2026-043": "31.00"})
    nothing = match(ledger, came("77.77", "saldo", "acme spa"))
    assert (nothing.verdict, nothing.parts, nothing.client) == (UNSURE, (), "acme")


def test_two_sums_that_fit_are_no_proposal() -> None:
    ledger = books(owed("1", "60.00"), owed("2", "40.00"), owed("3", "70.00"), owed("4", "30.00"))

    assert match(ledger, came("100.00", "saldo", "acme spa")).parts == ()


def test_a_short_number_counts_only_beside_the_name_and_the_amount() -> None:
    ledger = books(owed("7", "100.00"), owed("8", "33.00"), owed("9", "55.00", "beta"), owed("10", "100.00", "beta"))

    assert match(ledger, came("100.00", "ns. 7", "Acme S.p.A.")).verdict is SURE
    assert match(ledger, came("100.00", "7 November")).verdict is UNKNOWN
    assert match(ledger, came("99.00", "7 November", "Acme S.p.A.")).verdict is UNSURE


def test_a_number_that_two_clients_have_is_told_apart_by_the_name_else_asked() -> None:
    ledger = books(owed("2026-041", "100.00"), owed("2026-041", "100.00", "beta"))

    assert parts(match(ledger, came("100.00", "2026-041", "Beta Limited"))) == {"beta/2026-041": "100.00"}
    assert match(ledger, came("100.00", "2026-041")).verdict is UNSURE


def test_a_number_of_one_client_in_the_hand_of_another_is_asked() -> None:
    ledger = books(owed("2026-041", "100.00"), owed("2026-099", "9.00", "beta"))

    assert match(ledger, came("100.00", "2026-041", "Beta Ltd")).verdict is UNSURE


def test_what_is_paid_already_is_asked_and_never_booked_twice() -> None:
    paid = owed("2026-041", "100.00", payments=(Payment(on=date(2026, 9, 1), amount=Decimal("100.00")),))

    assert match(books(paid), came("100.00", "2026-041")).verdict is UNSURE


@pytest.mark.parametrize("by", ["yaml", "owner"])
def test_a_payment_that_was_told_before_is_the_same_one(by: str) -> None:
    """F53: same amount, within seven days."""
    payments = (Payment(on=date(2026, 11, 3), amount=Decimal("100.00")),) if by == "yaml" else ()
    before = j.PaymentRecorded(
        at=at(BOOKED), client="acme", number="2026-041", amount=Decimal("100.00"), currency="EUR",
        on=date(2026, 11, 3), by="owner",
    )  # fmt: skip
    ledger = books(owed("2026-041", "100.00", payments=payments))
    found = match(ledger, came("100.00", "2026-041"), *([before] if by == "owner" else []))

    assert found.verdict is SURE
    assert "the same one" in found.because[-1]


def _by_owner(number: str, amount: str) -> j.PaymentRecorded:
    return j.PaymentRecorded(
        at=at(BOOKED), client="acme", number=number, amount=Decimal(amount), currency="EUR", on=date(2026, 11, 3),
        by="owner",
    )  # fmt: skip


@pytest.mark.parametrize("told", [("2026-041", "2026-042"), ("2026-041",)])
def test_a_transfer_over_several_invoices_that_was_told_before_is_the_same_one(told: tuple[str, ...]) -> None:
    """F53; each invoice for itself: one of them may be open still."""
    amounts = {"2026-041": "100.00", "2026-042": "300.00"}
    ledger = books(*(owed(number, amount) for number, amount in amounts.items()))
    found = match(
        ledger, came("400.00", "FATT 2026-041 E 2026-042"), *(_by_owner(number, amounts[number]) for number in told)
    )

    assert (found.verdict, parts(found)) == (SURE, {"acme/2026-041": "100.00", "acme/2026-042": "300.00"})
    assert "the same one" in found.because[-1]


def test_money_for_several_invoices_that_are_paid_is_proposed_for_each_by_its_total() -> None:
    on = date(2026, 9, 1)
    ledger = books(
        *(
            owed(number, amount, payments=(Payment(on=on, amount=Decimal(amount)),))
            for number, amount in {"2026-041": "100.00", "2026-042": "300.00"}.items()
        )
    )
    found = match(ledger, came("400.00", "2026-041 2026-042"))

    assert (found.verdict, parts(found)) == (UNSURE, {"acme/2026-041": "100.00", "acme/2026-042": "300.00"})


def test_money_for_what_was_written_off_is_asked_about_as_that() -> None:
    given_up = j.WrittenOff(
        at=at(BOOKED), client="acme", numbers=("2026-041",), amount=Decimal("100.00"), currency="EUR",
        on=date(2026, 11, 3),
    )  # fmt: skip
    ledger = books(owed("2026-041", "100.00"), owed("2026-042", "50.00"))
    one = match(ledger, came("100.00", "2026-041"), given_up)
    two = match(ledger, came("150.00", "2026-041 2026-042"), given_up, _by_owner("2026-042", "50.00"))

    assert (one.verdict, one.because[-1]) == (UNSURE, "which you have written off")
    assert (two.verdict, two.because[-1]) == (UNSURE, "nothing of them is open: 2026-041 you have written off")


def test_a_collective_sum_is_not_taken_apart() -> None:
    assert match(books(owed("2026-041", "100.00")), came("100.00", "2026-041", collective=True)).verdict is UNKNOWN


def _booked(amount: str, *numbers: str) -> list[j.AnyEntry]:
    return [
        j.PaymentRecorded(
            at=at(BOOKED), client="acme", number=number, amount=Decimal(amount), currency="EUR", on=BOOKED, by="bank",
            bank_id="P1",
        )
        for number in numbers
    ]  # fmt: skip


def test_a_reversal_that_names_the_invoice_undoes_the_payment_with_all_its_parts() -> None:
    ledger = books(owed("2026-041", "100.00"), owed("2026-042", "100.00"))
    found = match(ledger, taken_back("200.00", "storno 2026-042"), *_booked("100.00", "2026-041", "2026-042"))

    assert (found.verdict, found.undoes) == (SURE, "P1")
    assert parts(found) == {"acme/2026-041": "100.00", "acme/2026-042": "100.00"}


def test_a_reversal_that_names_nothing_is_asked_and_one_of_another_amount_is_unknown() -> None:
    ledger = books(owed("2026-041", "100.00"))

    assert match(ledger, taken_back("100.00"), *_booked("100.00", "2026-041")).verdict is UNSURE
    assert match(ledger, taken_back("90.00", "2026-041"), *_booked("100.00", "2026-041")).verdict is UNKNOWN


def test_money_that_we_sent_back_by_hand_is_asked_and_other_payments_of_ours_are_ours() -> None:
    ledger = books(owed("2026-041", "100.00"))
    back = came("100.00", "rimborso 2026-041", flow=Flow.OUT)

    assert match(ledger, back, *_booked("100.00", "2026-041")).verdict is UNSURE
    assert (
        match(ledger, came("100.00", "affitto", flow=Flow.OUT), *_booked("100.00", "2026-041")).verdict is Verdict.OURS
    )
