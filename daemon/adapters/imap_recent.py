"""A look back into inbox and Sent, for display: headers of the last weeks, and the beginnings of a few mails.

Read-only throughout: EXAMINE and BODY.PEEK; nothing there changes, and no cursor is set.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from daemon.adapters.imap_fetch import octets_of
from daemon.adapters.imap_session import Session
from daemon.mail.whose.exchange import MailHead

MOST_MAILS = 5_000  # of each folder, the newest
_AT_ONCE = 250
_HEADER, _TEXT = 32_768, 16_384  # octets
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def recent_heads(session: Session, since: date) -> tuple[MailHead, ...]:
    """From, To, Cc, Date and Subject of what came into inbox and Sent since a day, oldest first in each."""
    found = []
    for role in ("inbox", "sent"):
        name = session.folders.get(role)
        if name is None:
            continue
        folder = session.look_at(name)
        day = f"{since.day}-{_MONTHS[since.month - 1]}-{since.year}"  # RFC 3501 section 9: date
        uids = session.search_all(f"SINCE {day}", expected=folder.exists)[-MOST_MAILS:]
        for start in range(0, len(uids), _AT_ONCE):
            some = uids[start : start + _AT_ONCE]
            told = session.fetch(some, "(UID BODY.PEEK[HEADER.FIELDS (FROM TO CC DATE SUBJECT)])")
            heads = ((uid, octets_of(told.get(uid, {}), b"BODY[HEADER")) for uid in some)
            found += [MailHead(role, uid, header) for uid, header in heads if header]
    return tuple(found)


def beginnings(session: Session, role: str, uids: Sequence[int]) -> Mapping[int, bytes]:
    """The header and the beginning of the body of each of these mails, by UID; those that are gone are left out."""
    session.look_at(session.folders[role])
    items = f"(UID BODY.PEEK[HEADER]<0.{_HEADER}> BODY.PEEK[TEXT]<0.{_TEXT}>)"
    found: dict[int, bytes] = {}
    for start in range(0, len(uids), _AT_ONCE):
        told = session.fetch(sorted(uids[start : start + _AT_ONCE]), items)
        found |= {uid: octets_of(part, b"BODY[HEADER]") + octets_of(part, b"BODY[TEXT]") for uid, part in told.items()}
    return found
