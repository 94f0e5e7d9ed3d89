"""What a letter was that is found in the mailbox, and that the journal, which is older, does not know (F64)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec

from daemon.domain.books.client import Contact
from daemon.domain.books.policy import THANK_YOU, LetterLevel
from daemon.domain.journal.letter_entries import DeliveryStarted, DoubtSettled, LetterQueued
from daemon.domain.ladder.draft import Due, claim_of, letter_for, outside_the_ladder
from daemon.domain.ladder.ladder import next_rungs
from daemon.domain.standing.case import Case

WHY = "it was found in the mailbox; the journal, which is older, did not know it"


def numbers_named(words: str, numbers: Sequence[str]) -> tuple[str, ...]:
    """Those of a client's invoice numbers that stand in a letter as words of their own.  Time is linear."""
    said = " ".join(words.split())
    found = [n for n in numbers if n in said and re.search(rf"(?<![\w/.-]){re.escape(n)}(?![\w/-])", said)]
    return tuple(dict.fromkeys(found))


def as_it_was(
    case: Case, letter_id: str, numbers: tuple[str, ...], to: str, message_id: str, at: datetime
) -> tuple[LetterQueued | DeliveryStarted | DoubtSettled, ...]:
    """A letter that the journal lacks, as sent: the next level of each invoice that it names.

    No level is ever skipped, so the letter after those that the journal knows was the next one; where all that it
    names had been paid by then, it gave thanks.

    Args:
        case: the client on the day on which it was sent, and the history so far.
        numbers: the invoices that the mail names; () : all that had a letter due by that day.
        to: the address it went to; "": the client's first.

    Returns:
        () where nothing that it names is in the books, or owed, any more.
    """
    trusted, due = replace(case, distrusted=False), list[Due]()
    for item in case.items:
        if item.settled or (numbers and item.ref.number not in numbers):
            continue
        own = trusted.under(item.invoice.policy)
        rung = next((r for r in next_rungs(own, item, case.today) if isinstance(r.level, LetterLevel)), None)
        if rung is None or _left_out(case, item.ref.number) or (not numbers and rung.on > case.today):
            continue
        if due and item.invoice.currency != due[0].item.invoice.currency:
            continue  # two currencies are two letters
        due.append(Due(item, rung))
    known = next((c for c in case.client.contacts if c.email.lower() == to.lower()), None)
    first = case.client.billing[0] if case.client.billing else None
    contact = known or (Contact(name=case.client.name, email=to) if to else first)
    if contact is None:
        return ()
    due = [one for one in due if one.rung.on <= case.today] or due  # none had come: the owner had asked for it
    if due:
        letter = letter_for(trusted.under(due[0].item.invoice.policy), due, contact, case.today, at, 0)
    elif (thanks := _thanks(trusted, numbers, contact, at)) is not None:
        letter = thanks
    else:
        return ()
    queued = msgspec.structs.replace(
        letter, letter_id=letter_id, cc=(), waits_for=None, go_given=False, why=f"{letter.why}; {WHY}"
    )
    client, sent_to = queued.client, queued.to
    return (
        queued,
        DeliveryStarted(
            at=at, client=client, letter_id=letter_id, to=sent_to, on=case.today, attempt=1, message_id=message_id
        ),
        DoubtSettled(at=at, client=client, letter_id=letter_id, to=sent_to, outcome="sent", by="evidence"),
    )


def _left_out(case: Case, number: str) -> bool:
    """Whether it was held by then: such a letter may name it, and does not claim it."""
    return any(hold.on < case.today for hold in case.history.holds.on(number, case.today))


def _thanks(case: Case, numbers: tuple[str, ...], contact: Contact, at: datetime) -> LetterQueued | None:
    """A letter about what had been paid by then is one of thanks: they come once."""
    paid = [item for item in case.items if item.settled and item.ref.number in numbers]
    claims = tuple(claim_of(i, 0) for i in paid if i.invoice.currency == paid[0].invoice.currency)
    if not claims:
        return None
    return outside_the_ladder(case, THANK_YOU, claims, contact, case.today, at, why="paid after a reminder")
