"""Mails that were seen before: by where they lay, or by their Message-ID."""

from __future__ import annotations

import re
from collections.abc import Sequence

from daemon.adapters.imap_fetch import fetch_mails, measured
from daemon.adapters.imap_session import Session
from daemon.ports import Place

MESSAGE_ID = re.compile(r"[\x21-\x7e]+")


def sent_first(session: Session) -> list[str]:
    """The watched folders; the inbox last, for that is where we wait."""
    inbox = session.folders["inbox"]
    names = [name for name in session.folders.values() if name != inbox]
    names.sort(key=lambda name: name != session.folders.get("sent"))
    return [*names, inbox]


def with_id(session: Session, folder: str, message_id: str) -> Sequence[int]:
    """The UIDs of the mails in a folder that have this Message-ID."""
    quoted = message_id.replace("\\", "\\\\").replace('"', '\\"')
    session.look_at(folder)
    return session.search(f'HEADER Message-ID "{quoted}"')


def fetch_again(session: Session, message_id: str, place: Place | None) -> bytes | None:
    """See `ports.Mailbox`."""
    if place is not None and place.folder in session.folders.values():
        folder = session.look_at(place.folder)
        if folder.uidvalidity == place.uidvalidity and (content := _content(session, [place.uid])) is not None:
            return content
    if not MESSAGE_ID.fullmatch(message_id):
        return None
    sent = [name for role, name in session.folders.items() if role == "sent"]
    for name in sent if place is None else sent_first(session):
        if (content := _content(session, with_id(session, name, message_id)[:1])) is not None:
            return content
    return None


def _content(session: Session, uids: Sequence[int]) -> bytes | None:
    """The first of these mails of the open folder, as it was given when it was read."""
    mails = fetch_mails(session, measured(session, uids)) if uids else ()
    return mails[0].content if mails else None
