"""Letters that are queued and must not leave any more: what was told since they were decided keeps them back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from daemon.domain import journal as j
from daemon.domain.books.calendar import first_day
from daemon.domain.books.invoice import ItemRef
from daemon.domain.books.policy import STATEMENT, THANK_YOU
from daemon.domain.history import LetterRecord, Status
from daemon.domain.ladder.account_letter import no_statement
from daemon.domain.ladder.draft import claim_of, leaves_until
from daemon.domain.ladder.quiet import Why, by_hand_only, kept_back, pause, refs_of
from daemon.domain.ladder.thanks import no_thanks
from daemon.domain.standing.balance import Item
from daemon.domain.standing.case import Case


def taken_back(case: Case, today: date, at: datetime) -> list[j.LetterWithdrawn]:
    """The queued letters that will not leave on the first day on which they could."""
    found: list[j.LetterWithdrawn] = []
    for record in case.letters() if case.history.letters else ():
        if not record.pending:
            continue
        leaves = first_day(max(record.queued.on, today), case.under(record.queued.policy).is_sending_day)
        late = record.queued.by_hand and leaves > leaves_until(record.queued)
        because = "its day has passed" if late else still_wanted(case, record, leaves)
        if because is not None:
            letter_id = record.queued.letter_id
            found.append(j.LetterWithdrawn(at=at, client=case.client.key, letter_id=letter_id, because=because))
    return found


def still_wanted(case: Case, record: LetterRecord, today: date) -> str | None:
    """Why a letter that waits for the owner's go no longer applies; None while it does.

    Its day may pass while it waits: a go gives it a new one.
    """
    if record.queued.letter == THANK_YOU:
        return no_thanks(replace(case, setting_aside=record.queued.letter_id), record.queued, today)
    if record.queued.letter == STATEMENT:
        return no_statement(case, record.queued, today)
    items = case_items(record.queued, case)
    if len(items) < len(record.queued.claims):
        return owed_otherwise(case, record.queued)
    if case.is_dead(record.queued.to):
        return "the address has failed"
    claims = sorted_like(record.queued, items)
    if any(claim_of(item, claim.level) != claim for item, claim in zip(items, claims, strict=True)):
        return "what is owed has changed"
    for item in items:
        own = case.under(item.invoice.policy)
        # Another letter on its way keeps back one that may leave; one that waits for the go waits beside it.
        waits = record.status is Status.WAITING
        quiet = kept_back(own, item, today) if waits else pause(own, item, today, but=record)
        if quiet is not None:
            return quiet.why
        if by_hand_only(case, item.invoice) and not record.queued.by_hand:
            return Why.MANUAL
    return None


def owed_otherwise(case: Case, queued: j.LetterQueued) -> str:
    """Why there is no such item any more."""
    if any(claim.number in case.history.plans for claim in queued.claims):
        return "a payment plan was agreed"
    return "an invoice is no longer in the books"


def case_items(letter: j.LetterQueued, case: Case) -> list[Item]:
    """The items that a letter claims, as they stand now."""
    wanted = set(refs_of(letter))
    return [item for item in case.items if item.ref in wanted]


def sorted_like(letter: j.LetterQueued, items: list[Item]) -> list[j.Claim]:
    """The letter's claims in the order of `items`."""
    claims = {ItemRef(c.number, c.instalment): c for c in letter.claims}
    return [claims[item.ref] for item in items]
