"""What follows when mail does not get through to an address that nobody calls dead.

A full mailbox, a spam filter, a server that is out of reach: the address may be right.  So it is not given up; the
owner is asked to telephone, with what their server said.
"""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival, Placing, call_for, noted
from daemon.domain.books.policy import Span
from daemon.domain.books.reading import Meaning, RecipientReport
from daemon.domain.history import LetterRecord, Status
from daemon.domain.journal import Because
from daemon.domain.standing.case import Case

OFTEN = 3  # reports of delay about one address ...
WITHIN = timedelta(days=14)  # ... in so many days make it doubtful
_FULL = ("5.2.2", "4.2.2")  # RFC 3463: mailbox full


def delayed(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """A letter of ours is still being tried: noted; a third time in two weeks without a sign of life makes a call.

    A sign of life is a mail of theirs, or a report that a letter was delivered.  That our relay takes a letter is none.
    """
    match = arrival.reading.match
    record = case.history.letters.get(match.letter_id or "")
    if not match.ours or record is None:
        return ()
    report = next(iter(arrival.reading.recipients), None)
    named = {report.address, report.original} if report else set()
    address = next((r.lower() for r in record.recipients if r.lower() in named), record.queued.to.lower())
    note = msgspec.structs.replace(noted(arrival, case, "delayed"), address=address)
    since = arrival.today - WITHIN
    days = [day for day in case.history.delayed.get(address, ()) if day >= since]
    if len(days) + 1 < OFTEN or _called_about(case, address, since=min(days)):
        return (note,)
    said = _said(report)
    because = f"mail to {address} was put off {len(days) + 1} times since {min(days)}" + (f": {said}" if said else "")
    return (note, _call(case, arrival, address, because, said))


def not_delivered(
    case: Case, arrival: Arrival, record: LetterRecord, address: str, report: RecipientReport, ahead: int
) -> list[j.AnyEntry]:
    """A letter was turned down, or given up, by a server that does not say that the address is dead.

    As when our relay says so: its level is not spent, the ladder waits for the owner, and a call is suggested.

    Args:
        address: of the letter's recipient, lower case.
        ahead: calls that the same mail has suggested before this one.
    """
    to = next(r for r in record.recipients if r.lower() == address)
    delivery = record.deliveries.get(to)
    if delivery is None or delivery.status is Status.FAILED:
        return []
    said, refused = _said(report), report.meaning is Meaning.REFUSED
    letter_id, key = record.queued.letter_id, case.client.key
    gone: j.AnyEntry = j.DeliveryGivenUp(at=arrival.at, client=key, letter_id=letter_id, to=to, reason=said)
    if refused:
        gone = j.DeliveryRefused(
            at=arrival.at, client=key, letter_id=letter_id, to=to, fault="message", code=report.code, reason=said
        )
    if to != record.queued.to:
        return [gone]
    if report.status in _FULL:
        because = f"the mailbox of {address} is full: {said}"
    elif refused:
        because = f"their server refuses our mail to {address}: {said}"
    else:
        because = f"mail to {address} was given up: {said}"
    hold = msgspec.structs.replace(
        Placing(case, arrival).hold(record.numbers, Because.REFUSED, review=Span(0)), note=said or because
    )
    call = [] if _called_about(case, address) else [_call(case, arrival, address, because, said, ahead)]
    return [gone, hold, *call]


def _call(case: Case, arrival: Arrival, address: str, because: str, said: str, ahead: int = 0) -> j.CallSuggested:
    person = next((c for c in case.client.contacts if c.email.lower() == address), None)
    call = call_for(case, arrival, "gave-up", because, person, ahead=ahead)
    return msgspec.structs.replace(call, said=said)


def _called_about(case: Case, address: str, *, since: date | None = None) -> bool:
    """Whether such a call waits, or was suggested since a day."""
    return any(
        call.suggested.reason == "gave-up"
        and address in call.suggested.because
        and (call.open or (since is not None and call.suggested.on >= since))
        for call in case.history.calls.values()
    )


def _said(report: RecipientReport | None) -> str:
    """What their server said, its status in front, where it is not in there."""
    if report is None:
        return ""
    words = report.diagnostic or report.status
    return words if report.status in words else f"{report.status} {words}"
