"""Books whose letters state interest and flat sums, for the tests of the extras."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daemon.adapters.rates_yaml import shipped_laws
from daemon.domain import journal as j
from daemon.domain.books.client import Client
from daemon.domain.books.extras_terms import Compensation, ExtrasTerms, Interest
from daemon.domain.books.invoice import Invoice
from daemon.domain.books.ledger import Ledger
from daemon.domain.standing.extras import Extras, extras_for
from tests.builders import a_client, a_history, a_ledger, a_policy, an_invoice, at

STATUTORY = ExtrasTerms(interest=Interest.STATUTORY, compensation=Compensation.STATUTORY)
FIRM = 6  # the level of the firm reminder in the standard policy
LAWS = shipped_laws()
NOV_23 = date(2026, 11, 23)


def books(*invoices: Invoice, terms: ExtrasTerms = STATUTORY, client: Client | None = None) -> Ledger:
    return a_ledger(
        *(invoices or (an_invoice(due_on=date(2026, 10, 31)),)),
        clients=(client or a_client(),),
        policy=a_policy(extras=terms),
        laws=LAWS,
    )


def a_claim(invoice: Invoice, instalment: int | None = None) -> j.Claim:
    due = invoice.instalments[instalment - 1].due_on if instalment else invoice.due_on
    return j.Claim(
        number=invoice.number,
        instalment=instalment,
        level=FIRM,
        due_on=due,
        outstanding=invoice.owed.amount,
        currency=invoice.currency,
        paid=Decimal(0),
        credited=Decimal(0),
    )


def a_letter(*claims: j.Claim, on: date = NOV_23, letter: str = "firm-reminder", level: int = FIRM) -> j.LetterQueued:
    return j.LetterQueued(
        at=at(on),
        client="acme",
        letter_id="acme-9",
        letter=letter,
        level=level,
        on=on,
        to="anna@acme.example",
        to_name="Anna Verdi",
        language="it",
        claims=claims,
        deadline=None,
        pay_by=on,
        why="a test",
    )


def stated(
    ledger: Ledger, *claims: j.Claim, on: date = NOV_23, level: int = FIRM, entries: tuple[j.AnyEntry, ...] = ()
) -> Extras | None:
    asked = claims or tuple(a_claim(i) for i in ledger.invoices if not i.credit)
    return extras_for(a_letter(*asked, on=on, level=level), ledger, a_history(*entries).of("acme"))
