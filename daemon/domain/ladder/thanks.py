"""A letter of thanks to who has paid what was reminded of (FIELD S25): once an invoice, and only where nothing is open.

It spends no level and causes no rest, and it never leaves on the day of another letter to the client.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.client import Channel, Contact
from daemon.domain.books.policy import THANK_YOU
from daemon.domain.history import LetterRecord, Status
from daemon.domain.journal import Because
from daemon.domain.ladder.draft import go_given, outside_the_ladder
from daemon.domain.ladder.quiet import by_hand_only
from daemon.domain.standing.balance import Item, credits_of, money_in
from daemon.domain.standing.case import Case

WITHIN = 7  # days after the last payment, of which it speaks; later it would only seem strange
_DAY = timedelta(days=1)
_ZERO = Decimal(0)
_BY_MAIL = frozenset(
    {Because.REPLY, Because.STOP, Because.WRONG_CONTACT, Because.COMPLAINT, Because.OTHER_THREAD, Because.OWNER_WROTE}
)
_ANSWERED_BY_MONEY = frozenset({Because.PROMISE, Because.CLAIMS_PAID})


def thank_you(
    case: Case, contact: Contact | None, back_on: date | None, today: date, at: datetime, ahead: int
) -> j.LetterQueued | None:
    """Today's letter of thanks, in one currency and under one policy; None: there is none today.

    Args:
        contact: whom letters go to today; `back_on`: where a short absence is known.
        ahead: how many letters the same decision queues before it.
    """
    if contact is None or (back_on is not None and back_on > today) or not _says_thanks(case):
        return None
    if any(_has_the_day(record, today) for record in case.letters()):
        return None
    paid = [item for item in _thankworthy(case, today) if _settled_on(case, item, today) < today]
    sending = [item for item in paid if case.under(item.invoice.policy).is_sending_day(today)]
    if not sending or _unanswered(case, today):
        return None
    first = sending[0].invoice
    together = [i for i in sending if (i.invoice.currency, i.invoice.policy) == (first.currency, first.policy)]
    claims = tuple(_claim(case, item, today) for item in together)
    return thank_you_letter(case.under(first.policy), claims, contact, today, at, ahead)


def thank_you_letter(
    case: Case, claims: tuple[j.Claim, ...], contact: Contact, today: date, at: datetime, ahead: int
) -> j.LetterQueued:
    """The letter itself: its claims are paid, and in one currency."""
    given = go_given(case, claims, THANK_YOU)
    why = "paid after a reminder"
    letter = outside_the_ladder(case, THANK_YOU, claims, contact, today, at, why=why, ahead=ahead)
    return msgspec.structs.replace(letter, go_given=given)


def thanks_ahead(case: Case, day: date) -> date | None:
    """The next day on which thanks may become due by themselves, if nobody writes; None: there is none."""
    return (
        day + _DAY if any(_last_paid(item) + timedelta(days=WITHIN) > day for item in _thankworthy(case, day)) else None
    )


def no_thanks(case: Case, queued: j.LetterQueued, today: date) -> str | None:
    """Why a letter of thanks that is on its way must not leave after all; None while it may.

    Args:
        case: it sets the letter aside.
    """
    if case.is_dead(queued.to):
        return "the address has failed"
    still = {_claim(case, item, today) for item in _thankworthy(case, today)}
    if any(claim not in still for claim in queued.claims):
        return "what was paid has changed"
    return "their mail is not answered" if _unanswered(case, today) else None


def _thankworthy(case: Case, today: date) -> Iterator[Item]:
    """The invoices that are paid in full, after a reminder, lately, and for which nobody was thanked: one item each.

    A credit note may have settled the rest, but money has come after the reminder: nobody is thanked for a note.
    """
    if not _says_thanks(case):
        return
    reminded: dict[str, date] = {}
    for record in case.letters():
        for number in _late(record):
            reminded.setdefault(number, record.on)
    thanked = {
        number
        for record in case.letters()
        if record.queued.letter == THANK_YOU and (record.left or record.pending)
        for number in record.numbers
    }
    numbers = reminded.keys() - thanked
    open_ones = set(case.open_numbers)
    seen: set[str] = set()
    for item in case.items:
        number, last = item.ref.number, item.last_paid_on
        if number not in numbers or number in open_ones or number in seen or last is None or item.written_off:
            continue
        seen.add(number)
        if (
            case.under(item.invoice.policy).policy.thank_you
            and today <= last + timedelta(days=WITHIN)
            and (last >= reminded[number] or not _is_credited(case, number))
            and number not in case.history.handed_over
            and not by_hand_only(case, item.invoice)
            and not item.invoice.held_on(today)
            and all(hold.because in _ANSWERED_BY_MONEY for hold in case.history.holds.on(number, today))
        ):
            yield item


def _says_thanks(case: Case) -> bool:
    """Whether there are letters to thank for at all, and a policy that wants it."""
    if case.client.channel is not Channel.MAIL or not case.history.letters:
        return False
    return any(policy.thank_you for policy in (case.policy, *case.policies.values()))


def _has_the_day(record: LetterRecord, today: date) -> bool:
    """Whether another letter leaves or left today, or would if the owner said go."""
    return record.status is Status.QUEUED or ((record.left or record.pending) and record.on == today)


def _late(record: LetterRecord) -> tuple[str, ...]:
    """The invoices of which a letter that reached somebody said that they are overdue."""
    queued = record.queued
    if not record.counts or not queued.level:
        return ()
    return tuple(claim.number for claim in queued.claims if claim.due_on < record.on)


def _last_paid(item: Item) -> date:
    return item.last_paid_on or date.max


def _is_credited(case: Case, number: str) -> bool:
    return any(item.credited for item in case.items if item.ref.number == number)


def _settled_on(case: Case, item: Item, today: date) -> date:
    """The day of the last payment for an invoice or credit note against it; a note without a date came before."""
    last = _last_paid(item)
    if not _is_credited(case, item.ref.number):
        return last
    given_up = case.history.told.written_off
    notes = credits_of(case.invoices, case.history.payments, today, given_up)
    return max([last, *(n.issued_on for n, ref, _ in notes if n.issued_on and ref.number == item.ref.number)])


def _unanswered(case: Case, today: date) -> bool:
    """Whether a mail of a person at the client waits for an answer, or for its day."""
    open_ones = set(case.open_numbers)
    for hold in case.history.holds:
        if today < hold.on or (hold.until is not None and hold.until < today):
            continue
        if hold.because in _ANSWERED_BY_MONEY and not open_ones.intersection(hold.numbers or open_ones):
            continue
        if hold.mail is not None or hold.because in _BY_MAIL:
            return True
    return False


def _claim(case: Case, item: Item, today: date) -> j.Claim:
    """The whole invoice, paid: whatever plan there was."""
    invoice = item.invoice
    paid, _ = money_in(invoice, case.history.payments.get(invoice.number, ()), today)
    return j.Claim(
        number=invoice.number,
        instalment=None,
        level=0,
        due_on=invoice.due_on,
        outstanding=_ZERO,
        currency=invoice.currency,
        paid=paid,
        credited=max(invoice.owed.amount - paid, _ZERO),
    )
