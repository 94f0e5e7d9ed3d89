"""Money is dated by the creditor's calendar, and letters leave by the client's: where they differ, none claims it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from daemon.domain import journal as j
from daemon.domain.books.invoice import Payment
from tests.builders import a_client, a_creditor, a_history, a_ledger, an_invoice, at
from tests.ladder_days import Days

MON, TUE = date(2026, 11, 2), date(2026, 11, 3)


@pytest.mark.parametrize("by", ["yaml", "bank"])
def test_money_of_the_creditors_day_keeps_letters_back_while_the_clients_is_the_one_before(by: str) -> None:
    """Sydney, Tuesday morning, is New York, Monday afternoon: the books and the bank say Tuesday."""
    paid = an_invoice(payments=(Payment(on=TUE, amount=Decimal(1220)),) if by == "yaml" else ())
    client = a_client(timezone=ZoneInfo("America/New_York"))
    creditor = a_creditor(timezone=ZoneInfo("Australia/Sydney"))
    days = Days(a_ledger(paid, clients=(client,), creditor=creditor), a_history())
    if by == "bank":
        money = Decimal(1220)
        days.take_in(
            j.PaymentRecorded(
                at=at(MON), client="acme", number="2026-041", amount=money, currency="EUR", on=TUE, by="bank"
            )
        )

    assert days.decide(MON).letters == ()
    assert days.why(TUE) == "paid"
