"""One session with the server: which folder is open, and the few commands that we use."""

from __future__ import annotations

import imaplib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from imapclient.response_parser import parse_fetch_response

from daemon.adapters.imap_folders import Listed, folder_missing, watched_folders
from daemon.adapters.imap_refusals import shortened
from daemon.ports import Cursor, ImapSettings, Unreachable

_WINDOW = 50_000  # UIDs in one answer to SEARCH: imaplib refuses lines of more than 1,000,000 octets
_SIZE = re.compile(rb"\d+ \(UID (\d+) RFC822\.SIZE (\d+)\)")
_BODY = re.compile(rb"\d+ \(UID (\d+) BODY\[\] \{(\d+)\}")
_SPECIAL = {"\\junk", "\\sent"}


@dataclass(slots=True)
class OpenFolder:
    """A folder that was opened read-only (EXAMINE: nothing that we do there marks a mail as seen, F33)."""

    name: str
    uidvalidity: int
    uidnext: int | None  # when it was opened; RFC 3501 lets a server not say it
    existed: int  # mails when it was opened
    exists: int  # mails now


class Session:
    """A logged-in client, used in one thread only.

    Attributes:
        folders: the watched ones by role, see `watched_folders`.
        appeared: folders made since this session began: all that is in them is new.
        compared: folders of which it was looked whether their cursor can be right.
        ends: folder -> UIDNEXT up to which it is known to hold nothing above a cursor.
        can_idle: the server offers IDLE and has not refused it.
    """

    def __init__(self, client: Any, settings: ImapSettings) -> None:
        self.client = client
        self.imap: Any = client._imap  # imaplib's part: imapclient has no words for some of what we need
        self.settings = settings
        self.can_idle: bool = client.has_capability("IDLE")
        self.open: OpenFolder | None = None
        self.ends: dict[str, tuple[Cursor, int]] = {}
        listed = self.listing()
        self.folders: Mapping[str, str] = watched_folders(listed, settings)
        self.appeared: set[str] = set()
        self.compared: set[str] = set()
        self._known = {folder.name for folder in listed}

    def listing(self) -> Sequence[Listed]:
        """All folders, with their special uses where the server knows them."""
        found = self.client.list_folders()
        if self.client.has_capability("SPECIAL-USE") and not any(_flags(row) & _SPECIAL for row in found):
            found = [*self._list_special(), *found]  # RFC 6154: some servers tell only when asked
        return [Listed(name=row[2], delimiter=(row[1] or b"").decode("ascii"), flags=_flags(row)) for row in found]

    def look_for_missing(self) -> None:
        """Watch a junk or sent folder from its making on: many servers make it for the first mail in it (F32)."""
        wanted = {"junk": self.settings.junk, "sent": self.settings.sent}
        if not any(setting == "auto" and role not in self.folders for role, setting in wanted.items()):
            return
        listed = self.listing()
        self.folders = watched_folders(listed, self.settings)
        self.appeared |= {folder.name for folder in listed} - self._known

    def look_at(self, folder: str) -> OpenFolder:
        """Open a folder, or let the open one tell what is new: SEARCH shows only what was announced.

        Raises:
            Unreachable: the folder is gone.
        """
        if self.open is not None and self.open.name == folder:
            self._check("NOOP", *self.imap.noop())
            self.take_news(self.open)
            return self.open
        self.open = None
        try:
            answer = self.client.select_folder(folder, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refusal:
            raise self.refused(folder, refusal) from None
        self.open = OpenFolder(
            name=folder,
            uidvalidity=answer[b"UIDVALIDITY"],
            uidnext=answer.get(b"UIDNEXT"),
            existed=answer[b"EXISTS"],
            exists=answer[b"EXISTS"],
        )
        self.take_news(self.open)
        return self.open

    def has_news(self) -> bool:
        """Whether the open folder announced more mails than are known.

        The number counts: some servers repeat EXISTS with every answer, and an expunged mail makes room for a new one.
        """
        told = self.imap.untagged_responses.get("EXISTS")
        if self.open is None or not told:
            return False
        return int(told[-1]) > self.open.exists - len(self.imap.untagged_responses.get("EXPUNGE", ()))

    def take_news(self, folder: OpenFolder) -> None:
        """What was announced so far is known from now on, for a SEARCH follows."""
        told = self.imap.untagged_responses.pop("EXISTS", None)
        gone = len(self.imap.untagged_responses.pop("EXPUNGE", ()))
        for kind in ("RECENT", "FETCH"):  # they would pile up over the weeks
            self.imap.untagged_responses.pop(kind, None)
        # Which of the two came last is not kept: too small a number costs a needless search, too large a one a mail.
        folder.exists = max((int(told[-1]) if told else folder.exists) - gone, 0)

    def uidnext(self, folder: OpenFolder) -> int:
        """UIDNEXT; from the last mail where the server does not tell."""
        if folder.uidnext is not None:
            return folder.uidnext
        return max(self.search("UID *"), default=0) + 1 if folder.exists else 1

    def status(self, folder: str) -> tuple[int | None, int | None]:
        """UIDVALIDITY and UIDNEXT of a folder that is not open.

        Raises:
            Unreachable: the folder is gone.
        """
        try:
            told = self.client.folder_status(folder, ["UIDNEXT", "UIDVALIDITY"])
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error as refusal:
            raise self.refused(folder, refusal) from None
        return told.get(b"UIDVALIDITY"), told.get(b"UIDNEXT")

    def search(self, criteria: str) -> Sequence[int]:
        """UIDs in the open folder, ascending."""
        typ, data = self.imap.uid("SEARCH", criteria)
        self._check("SEARCH", typ, data)
        return sorted({int(word) for line in data if line for word in line.split() if word.isdigit()})

    def search_all(self, criteria: str, *, expected: int) -> Sequence[int]:
        """The same where the answer may be too long for one line: asked for in windows.

        The windows go from the last mail to the first, for when a mail is expunged meanwhile those behind it move
        down: one may then be found twice, but none is missed.

        Args:
            expected: at most so many UIDs can match, as far as is known.
        """
        exists = self.open.exists if self.open else 0
        if min(expected, exists) <= _WINDOW:
            return self.search(criteria)
        found = set(self.search(f"{exists}:* {criteria}"))  # also what arrived meanwhile
        for last in range(exists, 0, -_WINDOW):
            found.update(self.search(f"{max(last - _WINDOW + 1, 1)}:{last} {criteria}"))
        return sorted(found)

    def fetch(self, uids: Sequence[int], items: str) -> Mapping[int, Mapping[bytes, Any]]:
        """What the server gives of these mails; one that is gone is not among them.

        A NO is no fault: Dovecot says it when one of many was expunged meanwhile, and has given the others (RFC 5530).
        """
        self.imap.untagged_responses.pop("FETCH", None)  # changed flags, told unasked
        typ, data = self.imap.uid("FETCH", uid_set(uids), items)
        if typ != "OK":
            data = self.imap.response("FETCH")[1]  # imaplib hands them over unasked only with an OK
        wanted = set(uids)
        answers = _usual_answers(data)
        if answers is None:
            answers = parse_fetch_response(data)
        return {uid: told for uid, told in answers.items() if uid in wanted}

    def refused(self, folder: str, refusal: Exception) -> Unreachable:
        """Why a watched folder cannot be opened: because it is gone, or something else (F31)."""
        listed = self.listing()
        if any(found.name == folder and found.can_be_read for found in listed):
            return Unreachable(f"the folder {folder!r} cannot be read: {shortened(str(refusal))}")
        role = next((role for role, name in self.folders.items() if name == folder), "folder").partition(":")[0]
        return folder_missing(role, folder, listed)

    def _list_special(self) -> Sequence[Any]:
        typ, _ = self.imap._simple_command("LIST", "(SPECIAL-USE)", '""', '"*"')
        answer = self.imap.response("LIST")[1]
        rows: Sequence[Any] = self.client._proc_folder_list(answer) if typ == "OK" else ()
        return rows

    @staticmethod
    def _check(command: str, typ: str, data: Sequence[bytes | None]) -> None:
        if typ != "OK":
            raise imaplib.IMAP4.error(f"{command} failed: {data[0]!r}")


def _usual_answers(data: Sequence[Any]) -> Mapping[int, Mapping[bytes, Any]] | None:
    """The answers to FETCH in the form that nearly all of them have; None when one has not.

    imapclient's parser goes through them octet by octet, which costs as much as fetching them.
    """
    answers: dict[int, Mapping[bytes, Any]] = {}
    parts = iter(data)
    for part in parts:
        if isinstance(part, tuple):
            body = _BODY.fullmatch(part[0])
            if body is None or int(body[2]) != len(part[1]) or next(parts, None) != b")":
                return None
            answers[int(body[1])] = {b"BODY[]": part[1]}
        else:
            size = _SIZE.fullmatch(part or b"")
            if size is None:
                return None
            answers[int(size[1])] = {b"RFC822.SIZE": int(size[2])}
    return answers


def uid_set(uids: Sequence[int]) -> str:
    """Ascending UIDs as a sequence set (RFC 3501 section 9): `3:5,9`."""
    ranges: list[tuple[int, int]] = []
    for uid in uids:
        if ranges and ranges[-1][1] == uid - 1:
            ranges[-1] = (ranges[-1][0], uid)
        else:
            ranges.append((uid, uid))
    return ",".join(f"{first}:{last}" if last > first else str(first) for first, last in ranges)


def _flags(row: Any) -> frozenset[str]:
    return frozenset(flag.decode("ascii", "replace").lower() for flag in row[0])
