"""Copies beside the journal: which letters and mails it names, so that one of each should be kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from daemon.domain import journal as j
from daemon.domain.history import History


class Kept(NamedTuple):
    """A text or a mail for the archive."""

    client: str | None  # whose; None: nobody's
    name: str  # letters, digits, dots
    content: bytes


class Place(NamedTuple):
    """Where a mail was read."""

    folder: str
    uidvalidity: int
    uid: int


class Named(NamedTuple):
    """A copy that should be kept."""

    client: str
    name: str  # in the archive
    message_id: str  # "": not recorded
    mail: str  # digest of the mail; "": a letter of ours
    place: Place | None  # None: a letter of ours


def copies_named(entries: Iterable[j.AnyEntry], history: History, since: datetime) -> list[Named]:
    """What these entries name, in their order; nothing of clients who were forgotten.

    Args:
        history: of the whole journal.
        since: what was recorded earlier may have been removed, for its time was over.
    """
    places: dict[str, Place] = {}
    about: dict[str, tuple[str, str]] = {}  # by digest: client, Message-ID
    letters: dict[str, str] = {}  # letter_id -> client
    for entry in entries:
        if entry.at < since:
            continue
        match entry:
            case j.MailRead(folder=folder, uidvalidity=uidvalidity, uid=uid, mail=mail) if mail:
                places[mail] = Place(folder, uidvalidity, uid)
            case j.ReplyReceived(mail=mail, client=client) | j.MailUnmatched(mail=mail, clients=(client, *_)):
                about.setdefault(mail, (client, entry.message_id))
            case j.ContactFailed(mail=str(mail), client=client) | j.AutoReplyReceived(mail=mail, client=client):
                about.setdefault(mail, (client, ""))
            case j.OwnerWrote(mail=mail, client=client):
                about.setdefault(mail, (client, ""))
            case j.DeliveryAccepted() | j.DoubtSettled(outcome="sent"):
                letters[entry.letter_id] = entry.client
    found = [
        Named(client, f"mail-{mail}.eml", message_id, mail, places[mail])
        for mail, (client, message_id) in about.items()
        if mail in places
    ]
    for letter_id, client in letters.items():
        record = history.of(client).letters[letter_id]
        if (delivery := record.deliveries.get(record.queued.to)) is not None:
            found.append(Named(client, f"letter-{letter_id}.eml", delivery.message_id, "", None))
    return [one for one in found if not history.of(one.client).forgotten]
