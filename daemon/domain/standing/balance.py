"""What is open: payments and credit notes set against the invoices and their instalments."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import msgspec

from daemon.domain.books.invoice import Invoice, ItemRef
from daemon.domain.books.policy import Policy
from daemon.domain.history.same_payment import SAME_PAYMENT_DAYS as SAME_PAYMENT_DAYS
from daemon.domain.history.same_payment import is_one
from daemon.domain.journal import PaymentRecorded

_ZERO = Decimal(0)
_BASE = 0  # as the number of an instalment: what an invoice is more than its instalments, settled before a plan


class Item(msgspec.Struct, frozen=True, kw_only=True, gc=False):  # made anew for every invoice on every day
    """A whole invoice or one instalment, with what came in for it.  All amounts in the invoice's currency."""

    invoice: Invoice
    ref: ItemRef
    due_on: date
    owed: Decimal
    paid: Decimal
    credited: Decimal  # by credit notes
    last_paid_on: date | None  # of the invoice
    written_off: bool = False  # the owner gave up what is open of the invoice

    @property
    def outstanding(self) -> Decimal:
        return self.owed - self.paid - self.credited

    @property
    def settled(self) -> bool:
        """Whether nothing is wanted of it any more."""
        return self.owed <= self.paid + self.credited or self.written_off

    @property
    def given_up(self) -> bool:
        """Whether it is settled only because the owner gave it up."""
        return self.written_off and self.owed > self.paid + self.credited


def below_tolerance(item: Item, policy: Policy) -> bool:
    """Whether so little is left of an item that it is the owner's question, never a letter."""
    return bool(item.paid or item.credited) and item.outstanding < policy.tolerance


def open_items(
    invoices: Sequence[Invoice],
    recorded: Mapping[str, Sequence[PaymentRecorded]],
    today: date,
    given_up: Container[str] = (),
) -> tuple[Item, ...]:
    """Every invoice of one client as items, settled ones too, credit notes set against them.

    Args:
        invoices: of one client, credit notes among them.
        recorded: payments that the journal knows, by invoice number.
        today: a payment of a later day does not count yet.
        given_up: numbers of invoices that are written off; what becomes of their total later reopens none.

    Returns:
        In the order of `invoices`, instalments by due date.  Payments fill the oldest instalment first; a
        credit note fills the invoice it is against, and what is left of it the client's oldest open items.
    """
    items, notes = _before_notes(invoices, recorded, today, given_up)
    return tuple(_without_bases(_net(items, notes, recorded, today) if notes else items))


def _before_notes(
    invoices: Sequence[Invoice],
    recorded: Mapping[str, Sequence[PaymentRecorded]],
    today: date,
    given_up: Container[str],
) -> tuple[list[Item], list[Invoice]]:
    """The items with what was paid, and the credit notes that are to be set against them."""
    items: list[Item] = []
    notes: list[Invoice] = []
    for invoice in invoices:
        if invoice.credit:
            notes.append(invoice)
        else:
            items.extend(_items_of(invoice, recorded.get(invoice.number, ()), today))
    if given_up:
        items = [msgspec.structs.replace(i, written_off=True) if i.ref.number in given_up else i for i in items]
    return items, notes


def money_in(invoice: Invoice, recorded: Sequence[PaymentRecorded], today: date) -> tuple[Decimal, date | None]:
    """What came in for an invoice up to `today`, and on which day last."""
    stated = payments_of(invoice, recorded, today)
    if len(stated) == 1:  # as nearly always
        return stated[0][1], stated[0][0]
    return sum((amount for _, amount in stated), _ZERO), max((on for on, _ in stated), default=None)


def payments_of(invoice: Invoice, recorded: Sequence[PaymentRecorded], today: date) -> Sequence[tuple[date, Decimal]]:
    """The payments that came in for an invoice up to `today`, each with its day."""
    return told_once(((p.on, p.amount) for p in invoice.payments), recorded, today)


def parts_paid(invoice: Invoice, recorded: Sequence[PaymentRecorded], today: date) -> Sequence[tuple[date, date]]:
    """Of an invoice for which money came: when each part of it was due, and the day by which payments had filled it.

    Where credit notes settled the rest, the day of the last payment.
    """
    came = sorted(payments_of(invoice, recorded, today))
    if not invoice.instalments:
        return [(invoice.due_on, came[-1][0])]
    ordered = sorted(invoice.instalments, key=lambda instalment: instalment.due_on)
    amounts = _at_most(invoice.owed.amount, [instalment.amount for instalment in ordered])
    wanted = invoice.owed.amount - sum(amounts)  # what was paid before a plan comes first
    filled, on = _ZERO, came[0][0]
    found: list[tuple[date, date]] = []
    for instalment, amount in zip(ordered, amounts, strict=True):
        wanted += amount
        while filled < wanted and came:
            on, money = came.pop(0)
            filled += money
        found += [(instalment.due_on, on)] if amount else []
    return found


def told_once(
    by_yaml: Iterable[tuple[date, Decimal]], recorded: Sequence[PaymentRecorded], today: date
) -> Sequence[tuple[date, Decimal]]:
    """The payments that the YAML, the owner by command and the bank told of an invoice up to `today`.

    One that was told twice (same amount, within 7 days) is one (F53).
    """
    stated = [(on, amount) for on, amount in by_yaml if on <= today]
    for by in ("owner", "bank") if recorded else ():
        untold = list(stated)  # each may be told once more by the next who tells
        for payment in recorded:
            if payment.by != by or payment.on > today:
                continue
            twin = next((s for s in untold if is_one(s[1], s[0], payment.amount, payment.on)), None)
            if twin is not None:
                untold.remove(twin)
            else:
                stated.append((payment.on, payment.amount))
    return stated


def untold_by_bank(
    invoice: Invoice, recorded: Sequence[PaymentRecorded], today: date
) -> Sequence[tuple[date, Decimal]]:
    """The payments that the YAML or the owner told and the bank has not, each with its day."""
    ours = [payment for payment in recorded if payment.by != "bank"]
    told = list(payments_of(invoice, ours, today))
    for payment in recorded:
        if payment.by == "bank":
            twin = next((t for t in told if is_one(t[1], t[0], payment.amount, payment.on)), None)
            if twin is not None:
                told.remove(twin)
    return told


def _items_of(invoice: Invoice, recorded: Sequence[PaymentRecorded], today: date) -> list[Item]:
    if not invoice.payments and not recorded:
        paid, last = _ZERO, None
    else:
        paid, last = money_in(invoice, recorded, today)
    if not invoice.instalments:
        return [_item(invoice, None, invoice.due_on, invoice.owed.amount, paid, last)]
    base = invoice.owed.amount - sum((part.amount for part in invoice.instalments), _ZERO)
    found = [_item(invoice, _BASE, date.min, base, min(paid, base), last)] if base > 0 else []
    left = paid - min(paid, max(base, _ZERO))
    ordered = sorted(invoice.instalments, key=lambda instalment: instalment.due_on)
    amounts = _at_most(invoice.owed.amount, [instalment.amount for instalment in ordered])
    for count, (instalment, amount) in enumerate(zip(ordered, amounts, strict=True), start=1):
        last_one = count == len(ordered)
        part = left if last_one else min(left, amount)
        left -= part
        found.append(_item(invoice, count, instalment.due_on, amount, part, last))
    return found


def _at_most(owed: Decimal, amounts: Sequence[Decimal]) -> list[Decimal]:
    """Instalments of the invoice's total, where less than that is payable: the last ones give way."""
    found, left = [], owed
    for amount in amounts:
        found.append(max(min(amount, left), _ZERO))
        left -= amount
    return found


def _without_bases(items: list[Item]) -> list[Item]:
    """What was settled before a plan was agreed is no item; where it is open again, the plan's last part takes it."""
    if not any(item.ref.instalment == _BASE for item in items):
        return items
    missing = {item.ref.number: item.outstanding for item in items if item.ref.instalment == _BASE}
    last = {item.ref.number: index for index, item in enumerate(items) if item.ref.number in missing}
    return [
        msgspec.structs.replace(item, owed=item.owed + missing[item.ref.number])
        if last.get(item.ref.number) == index
        else item
        for index, item in enumerate(items)
        if item.ref.instalment != _BASE
    ]


def _item(
    invoice: Invoice, instalment: int | None, due_on: date, owed: Decimal, paid: Decimal, last: date | None
) -> Item:
    return Item(
        invoice=invoice,
        ref=ItemRef(invoice.number, instalment),
        due_on=due_on,
        owed=owed,
        paid=paid,
        credited=_ZERO,
        last_paid_on=last,
    )


def credits_of(
    invoices: Sequence[Invoice],
    recorded: Mapping[str, Sequence[PaymentRecorded]],
    today: date,
    given_up: Container[str] = (),
) -> tuple[tuple[Invoice, ItemRef, Decimal], ...]:
    """Which credit note was set against which item, and with how much of it: as `open_items` does, asked the same."""
    items, notes = _before_notes(invoices, recorded, today, given_up)
    return tuple((note, items[index].ref, part) for note, index, part in _allotted(items, notes, recorded, today))


def _net(
    items: list[Item], notes: list[Invoice], recorded: Mapping[str, Sequence[PaymentRecorded]], today: date
) -> list[Item]:
    credited = [_ZERO] * len(items)
    for _, index, part in _allotted(items, notes, recorded, today):
        credited[index] += part
    return [
        item if not part else Item(
            invoice=item.invoice, ref=item.ref, due_on=item.due_on, owed=item.owed, paid=item.paid,
            credited=part, last_paid_on=item.last_paid_on, written_off=item.written_off,
        )
        for item, part in zip(items, credited, strict=True)
    ]  # fmt: skip


def _allotted(
    items: list[Item], notes: list[Invoice], recorded: Mapping[str, Sequence[PaymentRecorded]], today: date
) -> list[tuple[Invoice, int, Decimal]]:
    """Parts of credit notes: the note, the index of the item that it fills, and the amount."""
    found: list[tuple[Invoice, int, Decimal]] = []
    credited = [_ZERO] * len(items)

    def fill(note: Invoice, left: Decimal, wanted: list[int]) -> Decimal:
        for index in sorted(wanted, key=lambda i: items[i].due_on):
            part = min(left, items[index].outstanding - credited[index])
            if part > 0:
                found.append((note, index, part))
                credited[index] += part
                left -= part
        return left

    rests: list[tuple[Invoice, Decimal]] = []
    for note in notes:
        if note.issued_on is not None and note.issued_on > today:
            continue
        refunded, _ = money_in(note, recorded.get(note.number, ()), today)
        named = [i for i, item in enumerate(items) if item.ref.number == note.against and _same(item, note)]
        rests.append((note, fill(note, note.owed.amount - refunded, named)))
    for note, left in rests:  # only after every note has filled the invoice that it names
        if left > 0:
            fill(note, left, [i for i, item in enumerate(items) if _same(item, note) and not item.written_off])
    return found


def _same(item: Item, note: Invoice) -> bool:
    return item.invoice.currency == note.currency
