"""What follows from a mail: the table of DESIGN section 7.

Pure.  Whatever a stranger mails can hold a letter back or be shown to the owner; it never marks an invoice paid,
never changes an address, never makes us send anything (promise 4).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import assert_never

from daemon.domain import journal as j
from daemon.domain.answers.arrival import Arrival, noted, shown
from daemon.domain.answers.react_doubtful import delayed
from daemon.domain.answers.react_machines import arrived, auto_reply, bounce, own
from daemon.domain.answers.react_people import complaint, owner_wrote, reply, unreadable
from daemon.domain.books.reading import Kind, Reading
from daemon.domain.standing.case import Case


def react(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    """Say what follows from a mail that was matched to this case's client.

    Returns:
        Entries for this client only, or an unmatched mail to be shown; () for what changes nothing.
    """
    return (*arrived(case, arrival), *_follows(case, arrival))


def _follows(case: Case, arrival: Arrival) -> tuple[j.AnyEntry, ...]:
    reading = arrival.reading
    match reading.kind:
        case Kind.REPLY:
            return owner_wrote(case, arrival) if reading.by_owner else reply(case, arrival)
        case Kind.UNREADABLE:
            return unreadable(case, arrival)
        case Kind.COMPLAINT:
            return complaint(case, arrival)
        case Kind.AUTO_REPLY:
            return auto_reply(case, arrival)
        case Kind.BOUNCE:
            return bounce(case, arrival)
        case Kind.DELAYED:
            return delayed(case, arrival)
        case Kind.RECEIPT:
            return (noted(arrival, case, "receipt"),) if reading.match.letter_id else ()
        case Kind.OWN:
            return own(case, arrival)
        case Kind.UNRELATED:
            return ()
    assert_never(reading.kind)


def unmatched(reading: Reading, today: date, at: datetime) -> tuple[j.AnyEntry, ...]:
    """A mail that belongs to no client: nothing changes; the digest shows it where it names one or cannot be read."""
    worth_showing = reading.match.clients or reading.match.client or reading.kind is Kind.UNREADABLE
    if not worth_showing or reading.kind in (Kind.OWN, Kind.UNRELATED):
        return ()
    return (shown(reading, today, at),)
