"""What the books and the calendar tell without anybody writing: new figures, payments, promises that ran out.

Asked every day and after every reload; asked again with nothing new, it says nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from daemon.domain import journal as j
from daemon.domain.books.invoice import Invoice
from daemon.domain.history import ClientHistory, Status
from daemon.domain.journal import Because
from daemon.domain.ladder.decide import still_wanted
from daemon.domain.ladder.silence import silences, silent_until_call
from daemon.domain.standing.balance import SAME_PAYMENT_DAYS
from daemon.domain.standing.case import Case
from daemon.domain.standing.plan_days import broken_plans, plans_stated
from daemon.domain.standing.promises import broken_promises, kept_promises, stated_holds


def notice(case: Case, invoices: tuple[Invoice, ...], today: date, at: datetime) -> tuple[j.AnyEntry, ...]:
    """The facts to add about one client on a day.

    Args:
        invoices: the client's, as the YAML states them now.

    Returns:
        Invoices seen or changed (F56), payments seen, what has vanished (F53, F57), contacts that stand in the place of
        an address that was told, promises that were broken, a call where nobody answers, and letters waiting for the
        owner that no longer apply.
    """
    entries: list[j.AnyEntry] = []
    history, key = case.history, case.client.key
    for invoice in invoices:
        entries += _seen(history, invoice, today, at)
        entries += _payments(history, invoice, today, at)
    if history.told.contact is not None and not case.is_told:
        entries.append(j.ContactStated(at=at, client=key, on=today))
    entries += vanished(history, invoices, today, at)
    entries += stated_holds(case, invoices, today, at, sum(isinstance(entry, j.HoldPlaced) for entry in entries))
    entries += broken_promises(case, today, at)
    entries += kept_promises(case, today, at)
    entries += broken_plans(case, today, at)
    entries += plans_stated(case, invoices, today, at)
    if silent_until_call(case, invoices, today) is not None:
        entries += silences(_knowing(case, entries), invoices, today, at)
    for record in history.letters.values():
        waits = record.status is Status.WAITING or (record.status is Status.QUEUED and not record.deliveries)
        if waits and (reason := still_wanted(case, record, today)):
            entries.append(j.LetterWithdrawn(at=at, client=key, letter_id=record.queued.letter_id, because=reason))
    return tuple(entries)


def _knowing(case: Case, entries: list[j.AnyEntry]) -> Case:
    """The same case with what has just been noticed."""
    if not entries:
        return case
    history = case.history.copy()
    for entry in entries:
        if isinstance(entry, j.ClientEntry):
            history.take_in(entry)
    return replace(case, history=history)


def _seen(history: ClientHistory, invoice: Invoice, today: date, at: datetime) -> list[j.AnyEntry]:
    known = history.seen.get(invoice.number)
    if (
        known is not None
        and invoice.number not in history.vanished
        and (known.total, known.owed, known.due_on) == (invoice.total.amount, invoice.owed.amount, invoice.due_on)
        and known.currency == invoice.currency
    ):
        return []
    return [
        j.InvoiceSeen(
            at=at,
            client=invoice.client,
            number=invoice.number,
            total=invoice.total.amount,
            owed=invoice.owed.amount,
            currency=invoice.currency,
            due_on=invoice.due_on,
            on=today,
        )
    ]


def _payments(history: ClientHistory, invoice: Invoice, today: date, at: datetime) -> list[j.AnyEntry]:
    """Payments of the YAML that the journal lacks; each is noticed once, whoever told it first."""
    if not invoice.payments:
        return []
    unmatched = list(history.payments.get(invoice.number, ()))
    entries: list[j.AnyEntry] = []
    for payment in invoice.payments:
        if payment.on > today:
            continue
        twin = next(
            (r for r in unmatched if r.amount == payment.amount and abs((r.on - payment.on).days) <= SAME_PAYMENT_DAYS),
            None,
        )
        if twin is not None:
            unmatched.remove(twin)
            continue
        entries.append(
            j.PaymentRecorded(
                at=at,
                client=invoice.client,
                number=invoice.number,
                amount=payment.amount,
                currency=invoice.currency,
                on=payment.on,
                by="yaml",
            )
        )
    return entries


def vanished(history: ClientHistory, invoices: tuple[Invoice, ...], today: date, at: datetime) -> list[j.AnyEntry]:
    """Invoices that are gone, and payments that are: the letters about the latter wait until the owner has looked."""
    here = {invoice.number: invoice for invoice in invoices}
    entries: list[j.AnyEntry] = [
        j.InvoiceVanished(at=at, client=history.client, number=number, on=today)
        for number in history.seen
        if number not in here and number not in history.vanished
    ]
    ahead = 0
    for number, recorded in history.payments.items():
        invoice = here.get(number)
        if invoice is None or not any(r.by == "yaml" for r in recorded):
            continue
        lost = _lost_payments(recorded, invoice)
        told = any(h.because is Because.VANISHED and number in h.numbers for h in history.holds)
        answered = any(number in numbers and h is Because.VANISHED for numbers, h in history.holds.past_reasons)
        if lost and not told and not answered:
            entries.append(
                j.HoldPlaced(
                    at=at,
                    client=history.client,
                    hold_id=history.next_hold_id(ahead),
                    numbers=(number,),
                    because=Because.VANISHED,
                    on=today,
                    review_on=today,
                    note=f"a payment of {lost[0].amount} on {lost[0].on} stood in the YAML and is there no more",
                )
            )
            ahead += 1
    return entries


def _lost_payments(recorded: list[j.PaymentRecorded], invoice: Invoice) -> list[j.PaymentRecorded]:
    left = list(invoice.payments)
    lost = []
    for r in recorded:
        if r.by != "yaml":
            continue
        twin = next((p for p in left if p.amount == r.amount and abs((p.on - r.on).days) <= SAME_PAYMENT_DAYS), None)
        if twin is None:
            lost.append(r)
        else:
            left.remove(twin)
    return lost
