"""The figures of the pages: who owes what, and how many days it takes until money comes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from daemon.domain import journal as j
from daemon.domain.books.invoice import Instalment, Invoice, Method, Payment
from daemon.domain.books.money import Money
from daemon.domain.reports.report_money import Debt, Month, debts, pace
from daemon.domain.standing.case import Case, case_of
from tests.builders import a_client, a_history, a_ledger, an_invoice, at

TODAY = date(2026, 11, 17)


def cases(*invoices: Invoice, entries: tuple[j.AnyEntry, ...] = ()) -> list[Case]:
    keys = dict.fromkeys(invoice.client for invoice in invoices)
    ledger = a_ledger(*invoices, clients=tuple(a_client(key) for key in keys))
    return [case_of(ledger, a_history(*entries), key, TODAY) for key in keys]


def paid(number: str, due: date, on: date, **changes: object) -> Invoice:
    """Issued thirty days before it was due, and paid in full on a day."""
    issued = due - timedelta(days=30)
    payments = (Payment(on=on, amount=Decimal("1220.00")),)
    return an_invoice(number, **{"due_on": due, "issued_on": issued, "payments": payments, **changes})


def month(year: int, number: int, count: int, to_pay: str | None, late: str | None) -> Month:
    days = [None if text is None else Decimal(text) for text in (to_pay, late)]
    return Month(first=date(year, number, 1), count=count, to_pay=days[0], late=days[1])


def test_days_count_from_the_invoice_to_the_last_payment_in_the_month_of_that_payment() -> None:
    """One paid ten days early makes up for none that is late: it counts as 0 days after the due date."""
    found = pace(
        cases(
            paid("1", date(2026, 10, 10), date(2026, 10, 20)),  # 40 days, 10 late
            paid("2", date(2026, 10, 25), date(2026, 10, 15)),  # 20 days, in time
        ),
        TODAY,
    )

    assert found == (month(2026, 10, 2, "30", "5"), month(2026, 11, 0, None, None))


def test_each_instalment_counts_from_its_own_day() -> None:
    parts = tuple(Instalment(due_on=date(2026, 10, day), amount=Decimal(610)) for day in (1, 20))
    paid_in_parts = tuple(Payment(on=date(2026, 10, day), amount=Decimal(610)) for day in (11, 20))
    invoice = paid("1", date(2026, 10, 1), date(2026, 10, 20), instalments=parts, payments=paid_in_parts)

    assert pace(cases(invoice), TODAY)[0] == month(2026, 10, 1, "49", "5")


def test_a_month_without_a_payment_stands_between_those_that_have_one() -> None:
    found = pace(
        cases(paid("1", date(2026, 8, 5), date(2026, 8, 5)), paid("2", date(2026, 11, 1), date(2026, 11, 3))), TODAY
    )

    assert [(one.first.month, one.count) for one in found] == [(8, 1), (9, 0), (10, 0), (11, 1)]


def test_the_pace_looks_back_a_year_and_no_further() -> None:
    old, new = date(2025, 11, 30), date(2025, 12, 1)

    assert pace(cases(paid("1", old, old)), TODAY) == ()
    assert len(pace(cases(paid("1", new, new)), TODAY)) == 12


def test_what_the_bank_collects_is_not_paid_or_is_given_up_tells_nothing_of_the_pace() -> None:
    due = date(2026, 10, 10)
    half = (Payment(on=due, amount=Decimal("610.00")),)
    given_up = j.WrittenOff(
        at=at(TODAY), client="acme", numbers=("3",), amount=Decimal("610.00"), currency="EUR", on=TODAY
    )
    found = pace(
        cases(
            paid("1", due, due, method=Method.SDD),
            paid("2", due, due, payments=half),
            paid("3", due, due, payments=half),
            entries=(given_up,),
        ),
        TODAY,
    )

    assert found == ()


def test_an_invoice_without_a_date_tells_how_late_it_was_and_not_how_long_it_took() -> None:
    found = pace(cases(paid("1", date(2026, 11, 2), date(2026, 11, 6), issued_on=None)), TODAY)

    assert found == (month(2026, 11, 1, None, "4"),)


def test_debts_stand_by_currency_the_largest_first_and_what_is_not_due_apart() -> None:
    found = debts(
        cases(
            an_invoice("1", "acme", due_on=TODAY),  # the due date itself is not late
            an_invoice("2", "acme", due_on=TODAY - timedelta(days=1), total=Money(Decimal("100.00"), "EUR")),
            an_invoice("3", "beta", due_on=date(2026, 11, 1), total=Money(Decimal("5000.00"), "EUR")),
            an_invoice("4", "beta", due_on=date(2026, 11, 1), total=Money(Decimal("9.00"), "USD")),
            paid("5", date(2026, 11, 1), date(2026, 11, 1), client="gamma"),
        ),
        TODAY,
    )
    beta = Debt(client="beta", name="Beta S.p.A.", overdue=Decimal("5000.00"), not_due=Decimal(0))
    acme = Debt(client="acme", name="Acme S.p.A.", overdue=Decimal("100.00"), not_due=Decimal("1220.00"))

    assert [(owing.currency, len(owing.debts)) for owing in found] == [("EUR", 2), ("USD", 1)]
    assert found[0].debts == (beta, acme)
    assert (found[0].overdue, found[0].open) == (Decimal("5100.00"), Decimal("6320.00"))
