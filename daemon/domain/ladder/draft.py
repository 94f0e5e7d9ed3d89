"""A letter as it is queued: what it claims, whom it names, by when, and whether it waits for the owner."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from daemon.domain import journal as j
from daemon.domain.books.calendar import NEVER, last_day
from daemon.domain.books.client import Client, Contact, Role
from daemon.domain.books.policy import FIRM_LETTERS, LETTERS, STATEMENT, LetterLevel, Policy, Since
from daemon.domain.ladder.ladder import Rung, broken_promise, clock_day, closed_days, counts_from
from daemon.domain.standing.balance import Item, below_tolerance
from daemon.domain.standing.case import Case, is_away
from daemon.domain.standing.steps import steps

BY_HAND_DAYS = 5  # so long a letter that the owner asked for waits for a mailbox or a relay that is out of reach
SOFT_DAYS = 5  # a letter without a deadline of its own wishes for payment by about this day


class Due(NamedTuple):
    """An item whose rung has come."""

    item: Item
    rung: Rung


def letter_for(case: Case, group: list[Due], contact: Contact, today: date, at: datetime, ahead: int) -> j.LetterQueued:
    highest = max(group, key=lambda d: d.rung.number)
    level = highest.rung.level
    assert isinstance(level, LetterLevel)
    claimed = [d for d in group if d.rung.number == highest.rung.number] if level.letter in FIRM_LETTERS else group
    claims = tuple(claim_of(d.item, d.rung.number) for d in claimed)
    deadline, pay_by = deadlines(case.client, case.policy, level, today, min(c.due_on for c in claims))
    broken = next((b for d in claimed if (b := broken_promise(case, d.item))), None)
    firm = level.letter in FIRM_LETTERS
    broken_plan = (any if firm else all)(d.rung.broken_plan for d in claimed)
    given = go_given(case, claims, level.letter)
    return j.LetterQueued(
        at=at,
        client=case.client.key,
        letter_id=case.history.next_letter_id(ahead),
        letter=level.letter,
        level=highest.rung.number,
        on=today,
        to=contact.email,
        to_name=contact.name,
        cc=copies(case, level.letter, contact, today),
        language=case.client.language,
        policy=case.policy.name,
        claims=claims,
        also_open=also_open(case, claims, today) if firm or broken_plan else (),
        deadline=deadline,
        pay_by=pay_by,
        promised_on=broken.promised_on if broken else None,
        not_come=tuple(dict.fromkeys(d.item.ref.number for d in claimed if _is_missing(case, d.item))),
        broken_plan=broken_plan,
        left_out=left_out(case, claims, today),
        waits_for=None if given else _waits_for(case, claimed, level, claims),
        go_given=given,
        why="; ".join(
            dict.fromkeys([*(d.rung.why for d in claimed), *_by_policy(case, claimed), *_was(case, claimed)])
        ),
    )


def _is_missing(case: Case, item: Item) -> bool:
    """Whether the client says that it was paid, the owner that it was not, and no letter has said so."""
    told = case.history.told.missing.get(item.ref.number)
    return told is not None and not any(record.queued.at > told.at for record, _ in case.about(item.ref))


def _by_policy(case: Case, claimed: list[Due]) -> list[str]:
    """Why it is not the policy that is written beside the client."""
    if case.policy.name == case.client.policy:
        return []
    if claimed[0].item.invoice.policy:
        return [f"by the policy {case.policy.name} of the invoice"]
    return [f"by the policy {case.policy.name}, as they pay in time"] if case.by_habit else []


def _was(case: Case, claimed: list[Due]) -> list[str]:
    names = ((d.item.ref.number, case.renamed[d.item.ref.number]) for d in claimed if _begins_again(case, d))
    return [f"{number} looks like what {former} was, about which something is on record" for number, former in names]


def _begins_again(case: Case, due: Due) -> bool:
    """Whether the ladder would begin again for what stood in the books under another name."""
    ref = due.item.ref
    return ref.number in case.renamed and not any(record.left for record, _ in case.history.letters_about(ref))


def outside_the_ladder(
    case: Case,
    name: str,
    claims: tuple[j.Claim, ...],
    contact: Contact,
    on: date,
    at: datetime,
    *,
    why: str,
    ahead: int = 0,
) -> j.LetterQueued:
    """A letter that no ladder calls for: of level 0, it spends nothing and sets no deadline.

    Args:
        claims: at least one, all in one currency.
        on: the day on which it leaves.
        ahead: how many letters the same decision queues before it.
    """
    return j.LetterQueued(
        at=at,
        client=case.client.key,
        letter_id=case.history.next_letter_id(ahead),
        letter=name,
        level=0,
        on=on,
        to=contact.email,
        to_name=contact.name,
        cc=copies(case, name, contact, on),
        language=case.client.language,
        policy=case.policy.name,
        claims=claims,
        deadline=None,
        pay_by=on,
        why=why,
    )


def leaves_until(letter: j.LetterQueued) -> date:
    """The last day on which a letter may leave as it was written.

    What the rules decide is decided anew each day.  What the owner asked for waits a few days for its chance, as long
    as the day that it names is still to come.
    """
    if not letter.by_hand:
        return letter.on
    last = letter.on + timedelta(days=BY_HAND_DAYS)
    return last if letter.letter == STATEMENT else max(letter.on, min(last, letter.pay_by - timedelta(days=1)))


def claim_of(item: Item, level: int) -> j.Claim:
    return j.Claim(
        number=item.ref.number, instalment=item.ref.instalment, level=level, due_on=item.due_on,
        outstanding=item.outstanding, currency=item.invoice.currency, paid=item.paid, credited=item.credited,
    )  # fmt: skip


def deadlines(
    client: Client, policy: Policy, level: LetterLevel, today: date, due_on: date
) -> tuple[date | None, date]:
    """The letter's own deadline, where its level sets one, and the day that the letter names.

    A level without a deadline of its own names the due date before it, and a business day ahead of the next
    letter after it.
    """
    if level.deadline_days is not None:
        deadline = client.calendar.on_or_after(today + timedelta(days=level.deadline_days))
        return deadline, deadline
    if due_on >= today:
        return None, due_on
    rest = policy.rest_days
    wish = last_day(today + timedelta(days=min(SOFT_DAYS, max(rest - 2, 1))), client.calendar.is_business_day)
    return None, wish if today < wish < NEVER else client.calendar.after(today, 1)


def copies(case: Case, letter: str, to: Contact, today: date) -> tuple[str, ...]:
    """Who gets a copy of a letter of this name; never a firm or final one into an inbox known to be absent."""
    order = [level.letter for level in case.policy.levels if isinstance(level, LetterLevel)]
    found = []
    for contact in case.client.contacts:
        if contact.role is not Role.CC or contact.email.lower() == to.email.lower() or case.is_dead(contact.email):
            continue
        if letter in FIRM_LETTERS and is_away(case, contact.email, today):
            continue
        first = contact.from_level
        if first is None or _from(order if first in order else LETTERS, first, letter):
            found.append(contact.email)
    return tuple(found)


def _from(order: Sequence[str], first: str, letter: str) -> bool:
    """Whether a letter is the first one or comes after it."""
    return first in order and letter in order and order.index(letter) >= order.index(first)


def also_open(case: Case, claims: tuple[j.Claim, ...], today: date) -> tuple[j.Claim, ...]:
    """The client's other overdue items in the letter's currency that nothing holds."""
    claimed = {(c.number, c.instalment) for c in claims}
    return tuple(
        claim_of(item, max((step.level for step in steps(case, item.ref)), default=0) or 1)
        for item in case.items
        if tuple(item.ref) not in claimed
        and item.invoice.currency == claims[0].currency
        and item.due_on < today
        and not item.settled
        and not _is_a_rest(case, item)
        and not _kept_back(case, item, today)
        and not _passed_over(case, item, today)
    )


def left_out(case: Case, claims: tuple[j.Claim, ...], today: date) -> tuple[str, ...]:
    """Overdue invoices that are held or disputed: silence about them would confuse."""
    claimed = {claim.number for claim in claims}
    others = (i for i in case.items if i.ref.number not in claimed and i.due_on < today)
    late = (i for i in others if not i.settled and not _is_a_rest(case, i))
    return tuple(
        dict.fromkeys(i.ref.number for i in late if _kept_back(case, i, today) and not _passed_over(case, i, today))
    )


def _is_a_rest(case: Case, item: Item) -> bool:
    return below_tolerance(item, case.policy_named(item.invoice.policy or ""))


def _passed_over(case: Case, item: Item, today: date) -> bool:
    """Whether letters do not speak of an item at all: it is fetched by the bank, or the owner writes about it."""
    invoice = item.invoice
    early = invoice.not_before is not None and today < invoice.not_before
    return early or invoice.manual or invoice.is_collected(today)


def _kept_back(case: Case, item: Item, today: date) -> bool:
    return (
        item.ref.number in case.history.handed_over
        or bool(case.history.holds.on(item.ref.number, today))
        or item.invoice.held_on(today) is not None
    )


def go_given(case: Case, claims: tuple[j.Claim, ...], letter: str) -> bool:
    """Whether the owner said go to this step already, and nothing left since; only its figures or its day are new.

    Under another policy the same level may be a firmer letter: that is another step.
    """
    step = {(c.number, c.instalment, c.level) for c in claims}
    for record in reversed(case.letters()):
        mine = {(c.number, c.instalment, c.level) for c in record.queued.claims}
        if record.left and any((number, instalment) in {m[:2] for m in mine} for number, instalment, _ in step):
            return False
        if record.released and record.withdrawn and step <= mine and record.queued.letter == letter:
            return True
    return False


def _waits_for(case: Case, claimed: list[Due], level: LetterLevel, claims: tuple[j.Claim, ...]) -> j.Wait | None:
    if not case.sends_at_start and any(_fell_due_before_the_start(case, d) for d in claimed):
        return j.Wait.FIRST_START
    if case.policy.approve_first and not any(record.left for record in case.letters()):
        return j.Wait.FIRST_LETTER
    if any(_begins_again(case, d) for d in claimed):
        return j.Wait.FIRST_LETTER  # under another name they had letters about it, or had answered (F58)
    if level.approval:
        return j.Wait.APPROVAL
    over = case.policy.approve_over
    large = over is not None and sum(claim.outstanding for claim in claims) >= over
    return j.Wait.AMOUNT if large else None


def _fell_due_before_the_start(case: Case, due: Due) -> bool:
    """Whether this is the item's first letter, and it fell due before the daemon's first day (F21)."""
    level, item = due.rung.level, due.item
    if not isinstance(level, LetterLevel) or any(record.left for record, _ in case.history.letters_about(item.ref)):
        return False
    if level.since is Since.ISSUED:
        return due.rung.fell_due < case.begun_on
    if counts_from(item) >= case.begun_on:
        return False
    return clock_day(counts_from(item), max(level.day, 0), closed_days(case)) < case.begun_on
