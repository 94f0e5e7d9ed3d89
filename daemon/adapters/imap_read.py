"""Reading the watched folders above their cursors, to their end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from daemon.adapters.imap_fetch import fetch_mails, measured, portions
from daemon.adapters.imap_session import OpenFolder, Session
from daemon.ports import Batch, Cursor, Fetched, Place, Unreachable

RESCAN_DAYS = 30  # at least, after a change of UIDVALIDITY (F30)
ASKED = 6  # times for a mail of which the server gives nothing, before that is told instead (F38)
_MAILS = 500  # in a batch
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Step:
    """A batch, and whether another one is certain: it may be fetched ahead while this one is worked on."""

    batch: Batch
    certain: bool


def read_folders(
    session: Session, cursors: Mapping[str, Cursor], today: Callable[[], date], not_given: Counter[Place]
) -> Iterator[Step]:
    """Everything above the cursors, folder by folder; the last batch of each is empty and `at_end`.

    The inbox is looked at first and once more at the very end: what a rule or a person moves while we read is found
    where it was or where it went.  It also stays the open folder, ready for IDLE.

    Args:
        not_given: how often each mail was asked for of which the server gave nothing; it outlives the session.

    Raises:
        Unreachable: the server gives nothing of a mail that is there, and may do so the next time.
    """
    names = dict.fromkeys(session.folders.values())
    last = max((cursor.since for cursor in cursors.values() if cursor.since is not None), default=None)
    inbox, *others = (_Reading(session, name, cursors.get(name), last, today, not_given) for name in names)
    yield from inbox.news()
    for folder in others:
        yield from folder.to_the_end()
    yield from inbox.to_the_end(open_it=True)


class _Reading:
    """One folder in the course of one read."""

    def __init__(
        self,
        session: Session,
        folder: str,
        cursor: Cursor | None,
        last: date | None,
        today: Callable[[], date],
        not_given: Counter[Place],
    ) -> None:
        """Args:
        last: where to begin a folder without a cursor when others have been read before; None: none has been.
        """
        self._session = session
        self._folder = folder
        self._cursor = cursor
        self._last = last
        self._today = today
        self._not_given = not_given
        self._rescan = False

    def to_the_end(self, *, open_it: bool = False) -> Iterator[Step]:
        """Batches until a search finds nothing new, then the last one.

        Args:
            open_it: do so, whatever STATUS would say.
        """
        open_it = open_it or (self._session.open is not None and self._session.open.name == self._folder)
        validity, uidnext = (None, None) if open_it else self._session.status(self._folder)
        if not self._nothing_above(validity, uidnext):
            while (yield from self.news()):
                pass
            if uidnext is not None and self._cursor is not None:
                self._session.ends[self._folder] = (self._cursor, uidnext)
        yield Step(self._batch((), at_end=True), certain=False)

    def news(self) -> Generator[Step, None, bool]:
        """What a search above the cursor finds now; returns whether there was anything."""
        folder = self._session.look_at(self._folder)
        if self._cursor is None:
            self._cursor = self._beginning(folder.uidvalidity, self._session.uidnext(folder))
        if self._cursor is None or self._is_another(folder, self._cursor):
            self._rescan = True
            uids = self._session.search_all(f"SINCE {_imap_date(self._since())}", expected=folder.exists)
            floor = self._session.uidnext(folder) - 1  # what is older is not touched
        else:
            floor = self._cursor.uid
            uids = self._above(floor, folder)
        for start in range(0, len(uids), _MAILS):
            self._come_back()
            parts = portions(measured(self._session, uids[start : start + _MAILS]))
            for number, part in enumerate(parts, start=1):
                if self._come_back().uidvalidity != folder.uidvalidity:
                    return True  # it changed while another errand had another folder open: search again
                mails = fetch_mails(self._session, part)
                self._insist_on(folder.uidvalidity, mails)
                self._cursor = Cursor(folder.uidvalidity, part[-1].uid)
                yield Step(self._batch(mails), certain=number < len(parts) or start + _MAILS < len(uids))
        self._cursor = Cursor(folder.uidvalidity, max(uids[-1] if uids else 0, floor))
        return bool(uids)

    def _above(self, uid: int, folder: OpenFolder) -> Sequence[int]:
        """UIDs above one: never the whole folder (F36), and not the last mail, which `n:*` always names."""
        expected = folder.exists
        if folder.uidnext is not None:  # those that were there when it was opened, and those that came since
            expected = max(folder.uidnext - uid, 0) + max(folder.exists - folder.existed, 0)
        return [found for found in self._session.search_all(f"UID {uid + 1}:*", expected=expected) if found > uid]

    def _beginning(self, validity: int, uidnext: int) -> Cursor | None:
        """Where to begin a folder that was never read: what is in it already is nobody's answer to us (F34).

        Returns:
            None: others have been read before, so it may have been made or renamed while nobody looked, and what came
            to it since is an answer (F31, F32).
        """
        if self._folder in self._session.appeared:
            return Cursor(validity, 0)
        return Cursor(validity, uidnext - 1) if self._last is None else None

    def _is_another(self, folder: OpenFolder, cursor: Cursor) -> bool:
        """Whether the cursor's UID means nothing in this folder (F30).

        A server that was set back to an older copy gives the same UIDs once more, against RFC 3501 2.3.1.1.  That is
        looked for once in a session: a server may tell a wrong UIDNEXT, too.
        """
        first = self._folder not in self._session.compared
        self._session.compared.add(self._folder)
        set_back = first and folder.uidnext is not None and folder.uidnext <= cursor.uid
        return cursor.uidvalidity != folder.uidvalidity or set_back

    def _since(self) -> date:
        """The day from which on a rescan looks: also where we were away for longer than it usually goes back."""
        if self._cursor is None:
            assert self._last is not None
            return self._last
        usual = self._today() - timedelta(days=RESCAN_DAYS)
        return min(usual, self._cursor.since or usual)

    def _insist_on(self, uidvalidity: int, mails: Sequence[Fetched]) -> None:
        """A mail of which the server gives nothing is asked for again: its disk may be out of reach for a while.

        RFC 5530 (UNAVAILABLE, SERVERBUG).  For good it would stop the folder, so after some times it is told as such.
        """
        places = [Place(self._folder, uidvalidity, mail.uid) for mail in mails if not mail.whole and not mail.content]
        self._not_given.update(places)
        waited_for = [place for place in places if self._not_given[place] < ASKED]
        if waited_for:
            first = waited_for[0]
            raise Unreachable(f"imap: {first.folder}: the server gives nothing of mail {first.uid} (UID)")
        for place in places:
            del self._not_given[place]

    def _come_back(self) -> OpenFolder:
        """The folder, open: another errand may have opened another one between two batches."""
        is_open = self._session.open
        return is_open if is_open is not None and is_open.name == self._folder else self._session.look_at(self._folder)

    def _nothing_above(self, validity: int | None, uidnext: int | None) -> bool:
        """Whether STATUS says that the folder need not be opened; where there is no cursor, it says where to begin."""
        if validity is None or uidnext is None:
            return False
        if self._cursor is None and (beginning := self._beginning(validity, uidnext)) is not None:
            self._cursor = beginning
        if self._cursor is None or self._cursor.uidvalidity != validity:
            return False
        if uidnext <= self._cursor.uid and self._folder not in self._session.compared:
            return False  # it may have been set back to an older copy
        # The mails up to UIDNEXT may be gone: then it was searched before, from here or from further down.
        read, end = self._session.ends.get(self._folder, (None, 0))
        searched = read is not None and read.uidvalidity == validity and read.uid <= self._cursor.uid and end == uidnext
        return uidnext <= self._cursor.uid + 1 or searched

    def _batch(self, mails: tuple[Fetched, ...], *, at_end: bool = False) -> Batch:
        assert self._cursor is not None
        return Batch(
            folder=self._folder,
            uidvalidity=self._cursor.uidvalidity,
            mails=mails,
            last_uid=self._cursor.uid,
            at_end=at_end,
            rescan=self._rescan,
        )


def _imap_date(day: date) -> str:
    return f"{day.day}-{_MONTHS[day.month - 1]}-{day.year}"  # RFC 3501 section 9, in English everywhere
