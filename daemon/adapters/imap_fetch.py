"""Fetching mails: sizes first, so that neither one mail nor many fill the memory (F37)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from daemon.adapters.imap_session import Session, uid_set
from daemon.ports import Fetched

OCTETS = 8 * 2**20  # in a batch
LARGE = 2 * 2**20  # octets; of a larger mail only the header and the beginning of the body are fetched
PART = 262_144  # octets of each of the two
_PARTS = f"(UID BODY.PEEK[HEADER]<0.{PART}> BODY.PEEK[TEXT]<0.{PART}>)"


@dataclass(frozen=True, slots=True)
class Measured:
    """A mail that is still to be fetched."""

    uid: int
    size: int | None  # octets; None: the server did not say, it is gone or cannot be read

    @property
    def is_large(self) -> bool:
        return self.size is None or self.size > LARGE

    @property
    def cost(self) -> int:
        """Octets that it will take in memory."""
        return 2 * PART if self.size is None or self.size > LARGE else self.size


def measured(session: Session, uids: Sequence[int]) -> Sequence[Measured]:
    """The sizes of mails of the open folder."""
    told = session.fetch(uids, "(UID RFC822.SIZE)")
    return [Measured(uid, told.get(uid, {}).get(b"RFC822.SIZE")) for uid in uids]


def portions(mails: Sequence[Measured]) -> Sequence[Sequence[Measured]]:
    """The mails in portions of bounded size, at least one mail in each."""
    found: list[list[Measured]] = []
    room = 0
    for mail in mails:
        if not found or mail.cost > room:
            found.append([])
            room = OCTETS
        found[-1].append(mail)
        room -= mail.cost
    return found


def fetch_mails(session: Session, mails: Sequence[Measured]) -> tuple[Fetched, ...]:
    """The mails themselves; without those that were expunged meanwhile."""
    small = {mail.uid: mail.size or 0 for mail in mails if not mail.is_large}
    told = session.fetch(list(small), "(UID BODY.PEEK[])") if small else {}
    found: dict[int, Fetched] = {}
    for uid, answer in told.items():
        if (content := answer.get(b"BODY[]")) is not None:
            found[uid] = Fetched(uid=uid, size=small[uid], content=_octets(content))
    missing = [mail for mail in mails if mail.uid not in found]
    if any(mail.uid in small or mail.size is None for mail in missing):
        missing = _still_there(session, missing)
    for mail in missing:
        found[mail.uid] = _beginning(session, mail)
    return tuple(found[mail.uid] for mail in mails if mail.uid in found)


def fetch_whole(session: Session, folder: str, uidvalidity: int, uid: int, most: int) -> bytes | None:
    """All of a mail; None: it has more octets than `most`, is gone, or the folder's UIDs mean others by now."""
    if session.look_at(folder).uidvalidity != uidvalidity:
        return None
    content = octets_of(session.fetch([uid], f"(UID BODY.PEEK[]<0.{most + 1}>)").get(uid, {}), b"BODY[]")
    return content if 0 < len(content) <= most else None


def newest_headers(session: Session, most: int) -> tuple[bytes, ...]:
    """The headers of the last mails of the inbox, newest first; of a longer header its beginning."""
    folder = session.look_at(session.folders["inbox"])
    if not folder.exists:
        return ()
    uids = session.search(f"{max(folder.exists - most + 1, 1)}:{folder.exists}")
    told = session.fetch(uids, f"(UID BODY.PEEK[HEADER]<0.{PART}>)")
    return tuple(octets_of(told.get(uid, {}), b"BODY[HEADER]") for uid in reversed(uids))


def _still_there(session: Session, mails: Sequence[Measured]) -> list[Measured]:
    """Which of them the folder still holds, after it was asked what has changed."""
    if session.open is None:
        return []
    session.look_at(session.open.name)
    there = set(session.search(f"UID {uid_set([mail.uid for mail in mails])}"))
    return [mail for mail in mails if mail.uid in there]


def _beginning(session: Session, mail: Measured) -> Fetched:
    """The header and the beginning of the body of a large mail; nothing of one that the server cannot read (F38)."""
    told = session.fetch([mail.uid], _PARTS).get(mail.uid, {})
    header = octets_of(told, b"BODY[HEADER]")
    text = (
        octets_of(told, b"BODY[TEXT]") if len(header) < PART else b""
    )  # a header that goes on is not joined to a body
    return Fetched(uid=mail.uid, size=mail.size or 0, content=header + text, whole=False)


def octets_of(told: Any, name: bytes) -> bytes:
    """The part of an answer to FETCH whose name begins so; b"" where there is none."""
    return next((_octets(value) for key, value in told.items() if key.startswith(name)), b"")


def _octets(value: Any) -> bytes:
    """What imapclient made of a string: it reads a body of digits alone as a number."""
    return value if isinstance(value, bytes) else b"" if value is None else str(value).encode("ascii")
