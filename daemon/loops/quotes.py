"""What clients wrote, for the owner's eyes: the new words of a kept mail, read again from its octets."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC

from daemon.loops.book import Book
from daemon.mail.read import Reader

_REMEMBERED = 256  # mails; the digest of a day and its repetition


class Quotes:
    """Finds the words of a mail by its digest.  Only the mail itself is kept, so nothing is stored twice."""

    def __init__(self, book: Book, reader: Reader) -> None:
        self._book = book
        self._reader = reader
        self._read: OrderedDict[str, str] = OrderedDict()  # the one asked for last stands last

    def words(self, mail: str) -> str:
        """The new words; "" where the mail is not kept (any more)."""
        # Asked for each time: what was forgotten or has expired is not quoted from memory.
        raw = self._book.keeper.find(f"mail-{mail}.eml")
        if raw is None:
            self._read.pop(mail, None)
            return ""
        if mail not in self._read:
            today = self._book.clock.now().astimezone(UTC).date()
            self._read[mail] = self._reader.read(raw, self._book.directory, today).text
            if len(self._read) > _REMEMBERED:
                self._read.popitem(last=False)
        self._read.move_to_end(mail)
        return self._read[mail]
