"""The bars at the digest's foot: who owes how much, and how long clients take to pay."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daemon.domain.books.invoice import Invoice, Payment
from daemon.mail.owner.digest import render
from daemon.mail.owner.digest_figures import charts
from daemon.mail.owner.digest_speech import Speech
from tests.builders import ROME, a_creditor, a_history, a_ledger
from tests.digest_scene import PACKS, TODAY, client, digest_of, invoice


def paid(number: str, on: date, days: int) -> Invoice:
    """An invoice of 100.00 that was paid `days` after its date."""
    made = invoice("acme", number, "100.00", 0)
    issued = date.fromordinal(on.toordinal() - days)
    changes = {"issued_on": issued, "due_on": issued, "payments": (Payment(on=on, amount=Decimal("100.00")),)}
    return type(made)(**{**{name: getattr(made, name) for name in made.__dataclass_fields__}, **changes})  # type: ignore[arg-type]


def titles(*invoices: Invoice) -> dict[str, list[tuple[str, str, int | None, int]]]:
    keys = dict.fromkeys(one.client for one in invoices)
    ledger = a_ledger(*invoices, clients=tuple(client(k, "Eva Rosa") for k in keys), creditor=a_creditor(language="en"))
    digest = digest_of(ledger, a_history(), faults=("x",))
    speech = Speech(pack=PACKS["en"], zone=ROME, today=TODAY)
    assert render(digest, ledger, PACKS["en"]).html
    return {c.title: [(b.label, b.figure, b.count, b.share) for b in c.bars] for c in charts(digest, speech)}


def test_who_is_late_stands_with_the_sum_the_largest_first_and_not_due_is_left_out() -> None:
    found = titles(
        invoice("acme", "A", "100.00", 3), invoice("beta", "B", "400.00", 20), invoice("acme", "C", "100.00", 5),
        invoice("gamma", "D", "900.00", -3),
    )  # fmt: skip

    assert found["Overdue by client, EUR"] == [("Beta", "400", None, 100), ("Acme", "200", None, 50)]


def test_of_more_than_five_the_rest_is_summed() -> None:
    found = titles(*(invoice(f"c{n}", f"N{n}", f"{n}00.00", 3) for n in range(1, 9)))

    assert [row[0] for row in found["Overdue by client, EUR"]] == ["C8", "C7", "C6", "C5", "C4", "3 others"]
    assert found["Overdue by client, EUR"][-1][1] == "600"


def test_currencies_are_not_summed() -> None:
    found = titles(
        invoice("acme", "A", "100.00", 3), invoice("beta", "B", "400.00", 20),
        invoice("acme", "C", "70.00", 3, currency="USD"), invoice("beta", "D", "30.00", 20, currency="USD"),
    )  # fmt: skip

    assert found["Overdue by client, USD"] == [("Acme", "70", None, 100), ("Beta", "30", None, 43)]


def test_one_late_client_needs_no_bars_of_his_own() -> None:
    assert list(titles(invoice("acme", "A", "100.00", 3))) == ["Money EUR"]


def test_the_days_until_clients_pay_stand_by_month() -> None:
    found = titles(
        paid("P1", date(2026, 9, 10), 40), paid("P2", date(2026, 9, 20), 20), paid("P3", date(2026, 10, 2), 60),
        invoice("acme", "A", "1.00", 3),
    )  # fmt: skip

    assert found["Days to pay"][:2] == [("Sept", "30", 2, 50), ("Oct", "60", 1, 100)]


def test_one_month_is_no_course_of_time() -> None:
    assert "Days to pay" not in titles(paid("P1", date(2026, 9, 10), 40), invoice("acme", "A", "1.00", 3))


def test_the_total_is_that_of_the_rounded_figures_above_it() -> None:
    """5,365.40 + 28,530.40 is 33,895.80: who adds up what is shown would not find 33,896."""
    made = (invoice("acme", "A", "5365.40", 3), invoice("beta", "B", "28530.40", 20))
    digest = digest_of(a_ledger(*made, clients=tuple(client(k, "Eva Rosa") for k in ("acme", "beta"))), a_history())
    chart = charts(digest, Speech(pack=PACKS["en"], zone=ROME, today=TODAY))[0]

    assert [bar.figure for bar in chart.bars if bar.count] == ["5,365", "28,530"]
    assert chart.total == "33,895"
