"""Why nothing goes out about an item: whatever keeps it still but for the ladder's own pace."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.invoice import Invoice, ItemRef, Method
from daemon.domain.books.policy import STATEMENT, THANK_YOU, Group
from daemon.domain.history import LetterRecord, Status
from daemon.domain.standing.balance import Item, below_tolerance
from daemon.domain.standing.case import Case
from daemon.domain.standing.steps import open_task

_DAY = timedelta(days=1)


class Why(StrEnum):
    """Why nothing goes out about an item today."""

    PAID = "paid"
    WRITTEN_OFF = "written off"
    CREDIT = "credit note"
    TOLERANCE = "the rest is below the tolerance: a question for the owner"
    STATED_HOLD = "held in the YAML"
    HELD = "held"
    HANDED_OVER = "handed over"
    NO_ADDRESS = "no address works: telephone"
    AWAY = "the contact is away"
    NOT_YET = "not due for a letter yet"
    NO_SENDING_DAY = "due, but today no letters are sent"
    RESTING = "resting after the last letter"
    IN_A_LETTER = "in a letter that is on its way"
    AFTER_A_LETTER = "waits for the letter to this client that is on its way"
    END = "the ladder is at its end"
    PER_DAY = "the day's letters are used up"
    SENT = "a letter went out today"
    TASK = "a task of yours in the client's portal"
    ALSO_OPEN = "listed as also open in today's letter"
    OWN_LETTER = "gets a letter of its own, another day"
    OVERDUE_FIRST = "today's letter is about what is overdue"
    PLAN_FIRST = "today's letter is about the payment plan that was broken"
    OTHER_LETTER = "a thank-you or statement of account leaves on"
    OTHER_POLICY = "today's letter is about invoices under another policy"
    NOT_BEFORE = "not before"
    PAID_TODAY = "money came on the day that your calendar shows already"
    MANUAL = "by hand only"
    DIRECT_DEBIT = "collected by direct debit"
    BANK_DRAFT = "collected by bank draft"
    MINIMUM = "below the minimum for a letter"
    RESTORED = "an old state was restored: all waits until you say go restored"
    BANK_STALE = "the bank's data is too old: what was paid may not be known"


class Quiet(NamedTuple):
    ref: ItemRef
    why: str
    until: date | None  # the day on which this ends by itself, where it does


def pause(case: Case, item: Item, today: date, *, but: LetterRecord | None = None) -> Quiet | None:
    """Whatever keeps an item still today, but for the ladder's own pace."""
    return kept_back(case, item, today) or _on_its_way(case, item, today, but)


def kept_back(case: Case, item: Item, today: date) -> Quiet | None:
    """What the books and the holds say against claiming an item today, whatever letters there are."""
    ref, invoice = item.ref, item.invoice
    if item.settled:
        return Quiet(ref, why_settled(item), None)
    if case.distrusted:
        return Quiet(ref, Why.RESTORED, None)
    if below_tolerance(item, case.policy):
        return Quiet(ref, Why.TOLERANCE, None)
    if ref.number in case.history.handed_over:
        return Quiet(ref, Why.HANDED_OVER, None)
    if invoice.method is not Method.TRANSFER and invoice.is_collected(today):
        by = Why.DIRECT_DEBIT if invoice.method is Method.SDD else Why.BANK_DRAFT
        return Quiet(ref, by, invoice.returned_on)
    stated = invoice.held_on(today)
    if stated is not None:
        return Quiet(ref, f"{Why.STATED_HOLD}: {stated.because}", stated.until)
    holds = case.history.holds.on(ref.number, today)
    if holds:
        hold = max(holds, key=lambda h: h.until or date.max)
        return Quiet(ref, f"{Why.HELD}: {hold.because.value}", hold.until)
    if invoice.not_before is not None and today < invoice.not_before:
        return Quiet(ref, f"{Why.NOT_BEFORE} {invoice.not_before}, as the invoice says", invoice.not_before)
    if case.creditor_is_ahead and any(
        paid.on == today + _DAY for paid in (*invoice.payments, *case.history.payments.get(ref.number, ()))
    ):
        return Quiet(ref, Why.PAID_TODAY, today + _DAY)
    return None


def not_by_itself(case: Case, item: Item, today: date) -> Quiet | None:
    """What keeps back only that which goes by itself: the owner may ask for a letter all the same."""
    if by_hand_only(case, item.invoice):
        return Quiet(item.ref, Why.MANUAL, None)
    if case.bank is None or item.due_on >= today:
        return None
    stale = case.bank.is_stale(item.invoice.currency, today, case.creditor_calendar)
    return Quiet(item.ref, Why.BANK_STALE, None) if stale else None


def why_settled(item: Item) -> Why:
    """Of an item that is settled."""
    return Why.WRITTEN_OFF if item.given_up else Why.PAID


def _on_its_way(case: Case, item: Item, today: date, but: LetterRecord | None) -> Quiet | None:
    """A letter, or a task in the client's portal, that is not done yet.

    One that waits for a go has its day, however often the planner runs then (F20); after that it keeps no other still.
    """
    ref, invoice = item.ref, item.invoice
    if open_task(case, ref) is not None:
        return Quiet(ref, Why.TASK, None)
    for record in case.letters() if case.history.letters else ():
        if record is but or not record.pending:
            continue
        waits = record.status is Status.WAITING
        if not waits and _has_the_day(record, invoice):
            leaves = first_day(max(record.queued.on, today), case.under(record.queued.policy).is_sending_day)
            return Quiet(ref, f"{Why.OTHER_LETTER} {leaves}", leaves)
        if ref in refs_of(record.queued):
            return Quiet(ref, f"waits for your go: {record.queued.letter_id}" if waits else Why.IN_A_LETTER, None)
        announced = bool(case.policy.announce.days) and invoice.number in record.numbers
        if (not waits or record.queued.on == today) and (announced or _shares(case, record, invoice)):
            return Quiet(ref, Why.AFTER_A_LETTER, None)
    return None


def _has_the_day(record: LetterRecord, invoice: Invoice) -> bool:
    """Whether it is a thank-you, or a statement in the invoice's currency: no other letter leaves on its day."""
    letter, currency = record.queued.letter, record.queued.claims[0].currency
    return letter == THANK_YOU or (letter == STATEMENT and currency == invoice.currency)


def by_hand_only(case: Case, invoice: Invoice) -> bool:
    """Whether only what the owner asks for goes out: no letter, call or hand-over by itself."""
    return case.client.manual or invoice.manual


def _shares(case: Case, record: LetterRecord, invoice: Invoice) -> bool:
    """Whether a letter on its way is one that the invoice, too, would have to be in, or to wait for."""
    if record.queued.claims[0].currency != invoice.currency:
        return False
    return Group.CLIENT in (case.policy.group, case.policy_named(record.queued.policy).group)


def refs_of(letter: j.LetterQueued) -> tuple[ItemRef, ...]:
    return tuple(ItemRef(c.number, c.instalment) for c in letter.claims)
