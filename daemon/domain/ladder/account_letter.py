"""A statement of account by mail, because the owner asks for one: what is open, as a fact and without a tone.

It spends no level, but it is a letter: the client rests after it, and it waits for the day of another one to pass.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.client import Channel, Contact
from daemon.domain.books.policy import STATEMENT
from daemon.domain.books.refusal import Known, Refusal
from daemon.domain.history import Status
from daemon.domain.ladder.draft import claim_of, outside_the_ladder
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case, contact_for

_DAY = timedelta(days=1)


def statement(case: Case, currency: str, today: date, at: datetime) -> j.LetterQueued | Refusal:
    """One client's statement of account in one currency, today or on the next sending day without another letter.

    Args:
        currency: ISO 4217; "": the only one in which something is open.

    Returns:
        The letter, which lists all that is open, also what is not due yet; what is held or disputed is left out, and
        it says so.  A `Refusal` names the rule in its way.
    """
    key = case.client.key
    contact, back_on = contact_for(case, today)
    if case.client.channel is Channel.PORTAL:
        return Refusal(f"{key} is reached through a portal, not by mail", Known.BY_PORTAL, key)
    if contact is None and back_on is not None:
        return Refusal(f"nobody of {key} is there until {back_on}")
    if contact is None:
        return Refusal(f"no address of {key} works: telephone")
    if back_on is not None and back_on > today:
        return Refusal(f"{contact.name} of {key} is away until {back_on}")
    listed, held = listed_items(case, today)
    currencies = sorted({item.invoice.currency for item in listed})
    if not currencies:
        return Refusal(f"{key}: {nothing_to_list(held)}")
    if currency and currency not in currencies:
        return Refusal(f"{key} owes nothing in {currency}; open is {', '.join(currencies)}")
    if not currency and len(currencies) > 1:
        choices = " or ".join(f"--currency {name}" for name in currencies)
        return Refusal(f"{key} owes in {' and '.join(currencies)}: one statement a currency, {choices}")
    wanted = currency or currencies[0]
    on = _day(case, wanted, today, at)
    if isinstance(on, Refusal):
        return on
    return statement_letter(case, contact, [i for i in listed if i.invoice.currency == wanted], today, on, at)


def nothing_to_list(held: tuple[str, ...]) -> str:
    """Why there is no statement; `held` as `listed_items` says."""
    return f"all that is open is held: {', '.join(held)}" if held else "nothing is open"


def statement_letter(
    case: Case, contact: Contact, listed: list[Item], today: date, on: date, at: datetime
) -> j.LetterQueued:
    """The letter itself.

    Args:
        listed: at least one item, all in one currency.
        on: the day on which it leaves.
    """
    claims = tuple(claim_of(item, 0) for item in listed)
    letter = outside_the_ladder(case, STATEMENT, claims, contact, on, at, why="you asked for it")
    held = held_in(case, listed[0].invoice.currency, today)
    return msgspec.structs.replace(letter, left_out=held, by_hand=True)


def no_statement(case: Case, queued: j.LetterQueued, today: date) -> str | None:
    """Why a statement that is on its way must not leave after all; None while it is true.

    Args:
        case: it sets the letter aside.
    """
    if case.is_dead(queued.to):
        return "the address has failed"
    if queued.to not in {contact.email for contact in case.client.billing}:
        return "the address is no longer in the books"
    currency = queued.claims[0].currency
    now = tuple(claim_of(i, 0) for i in listed_items(case, today)[0] if i.invoice.currency == currency)
    if now != queued.claims or held_in(case, currency, today) != queued.left_out:
        return "what is open or held has changed"
    return None


def listed_items(case: Case, today: date) -> tuple[list[Item], tuple[str, ...]]:
    """What a statement lists, and the invoices that are held; what the bank collects is neither."""
    is_open = [item for item in case.items if not item.settled and not item.invoice.is_collected(today)]
    held = tuple(dict.fromkeys(item.ref.number for item in is_open if _is_held(case, item, today)))
    return [item for item in is_open if item.ref.number not in held], held


def held_in(case: Case, currency: str, today: date) -> tuple[str, ...]:
    """The invoices in a currency that are open and held or disputed, or handed over."""
    held = set(listed_items(case, today)[1])
    of_it = (i.ref.number for i in case.items if i.invoice.currency == currency and i.ref.number in held)
    return tuple(dict.fromkeys(of_it))


def _is_held(case: Case, item: Item, today: date) -> bool:
    number, history = item.ref.number, case.history
    return bool(number in history.handed_over or history.holds.on(number, today) or item.invoice.held_on(today))


def _day(case: Case, currency: str, today: date, at: datetime) -> date | Refusal:
    """The first sending day on which nothing else of ours leaves to the client; today's window may be over."""
    earliest = today
    if at.astimezone(case.client.zone).time() >= case.policy.closes:
        earliest = today + _DAY
    for record in case.letters():
        same = record.queued.claims[0].currency == currency
        if record.status is Status.QUEUED and (same or record.queued.letter != STATEMENT):
            words = f"{record.queued.letter_id}, {record.queued.letter}, is on its way: ask again once it has left"
            return Refusal(words, Known.ON_ITS_WAY, case.client.key)
        if not record.left or record.on < today:
            continue
        if record.queued.letter == STATEMENT and same:
            return Refusal(f"a statement left today, {record.queued.letter_id}: at most one a day")
        if same or record.queued.letter != STATEMENT:
            earliest = max(earliest, record.on + _DAY)
    return first_day(earliest, case.is_sending_day)
