"""One mail from bytes: headers, parts and text, whatever the bytes are.

A splitter of our own instead of `email.feedparser`: that one tries every open boundary on every line, so some
hundred nested parts make it quadratic, and some hostile mails make it raise (FIELD section 6).  Here each level is
one scan, and depth, number of parts and bytes looked at are capped (F37, F38).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from email.utils import parsedate_tz

from daemon.mail.octets.certified import enveloped
from daemon.mail.octets.headers import Headers, addresses_in
from daemon.mail.octets.part import MOST_PARTS, Part
from daemon.mail.octets.plaintext import text_of_html
from daemon.mail.octets.spoken import Spoken

MOST_BYTES = 1 << 20  # of one mail; what lies behind is not looked at
MOST_TEXT = 200_000  # characters of readable text
_DIGESTED_BODY = 64 * 1024


class Mail:
    """One mail.  Nothing in it raises; what cannot be read is empty, and `unreadable` says that nothing could."""

    __slots__ = (
        "_parts",
        "_spoken",
        "_text",
        "author",
        "digest",
        "headers",
        "message_id",
        "root",
        "sender",
        "sent_at",
        "subject",
        "unreadable",
        "written",
        "written_on",
    )

    def __init__(self, root: Part, digest: str, unreadable: bool) -> None:
        self.root = root
        self.headers: Headers = root.headers
        self.digest = digest  # the same mail has the same, wherever it lies (F30, F33)
        self.unreadable = unreadable
        self.written = enveloped(root) or root  # the part that a person wrote: all of it, but for envelopes
        headers = self.written.headers
        self.author = headers.decoded("from")  # the From field as people read it
        senders = addresses_in(self.author, most=1)
        self.sender = senders[0] if senders else ""  # the From address in lower case, or ""
        self.subject = headers.decoded("subject")
        self.message_id = _bracketed(headers.first("message-id"))  # with its angle brackets, or ""
        # the Date header as an aware time in UTC, and the day by the writer's own clock ("tomorrow" at half past
        # midnight in Istanbul is reckoned from that one); None when it is missing or nonsense
        self.sent_at, self.written_on = _date_and_day(headers.first("date"))
        self._parts: tuple[Part, ...] | None = None
        self._text: str | None = None
        self._spoken: Spoken | None = None

    @property
    def parts(self) -> tuple[Part, ...]:
        """The mail and its parts, outer ones first, at most `MOST_PARTS`."""
        if self._parts is None:
            self._parts = tuple(_walk(self.root))
        return self._parts

    @property
    def text(self) -> str:
        """What a person reads first: the first text part that is no attachment, else the first HTML part made plain."""
        if self._text is None:
            self._text = _readable(self.written)[:MOST_TEXT]
        return self._text

    @property
    def spoken(self) -> Spoken:
        """Subject and text, as the book is looked for in them."""
        if self._spoken is None:
            self._spoken = Spoken(f"{self.subject}\n{self.text}")
        return self._spoken


def parse(raw: bytes, most: int = MOST_BYTES) -> Mail:
    """The mail in `raw`.  Never raises; line ends may be CR, LF or CRLF; a leading mbox `From ` line is skipped.

    Args:
        most: octets of it that are looked at.
    """
    data = raw[:most].replace(b"\r\n", b"\n").replace(b"\r", b"\n").lstrip(b"\n")
    if data.startswith((b"From ", b">From ")):
        data = data.partition(b"\n")[2]
    root = Part(data)
    headers = root.headers
    unreadable = not any(
        headers.first(name) for name in ("from", "to", "subject", "date", "message-id", "received", "content-type")
    )
    return Mail(root, _digest(root), unreadable)


def _date_and_day(value: str) -> tuple[datetime | None, date | None]:
    """An RFC 5322 date as UTC, and the day that stands in it, of whatever zone; None and None for what is not one."""
    if not value or len(value) > 200:
        return None, None
    try:
        fields = parsedate_tz(value)
        if fields is None:
            return None, None
        naive = datetime(*fields[:6], tzinfo=UTC)
        return datetime.fromtimestamp(naive.timestamp() - (fields[9] or 0), UTC), naive.date()
    except (ValueError, OverflowError, TypeError, IndexError, OSError):
        return None, None


def _bracketed(value: str) -> str:
    value = "".join(value.split())
    return value if not value or value.startswith("<") else f"<{value}>"


def _digest(root: Part) -> str:
    """Hash of Message-ID, Date, From and the first 64 KiB of the body; space at the ends is not counted."""
    state = hashlib.blake2b(digest_size=16)
    for name in ("message-id", "date", "from"):
        state.update(" ".join(root.headers.first(name).split()).encode("utf-8", "surrogateescape") + b"\0")
    state.update(root.body[:_DIGESTED_BODY].strip())
    return state.hexdigest()


def _walk(root: Part) -> Iterator[Part]:
    """Outer parts first, without recursion."""
    waiting = [root]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        yield part
        waiting.extend(reversed(part.children))


def _readable(root: Part) -> str:
    html: Part | None = None
    waiting = [root]
    seen = 0
    while waiting and seen < MOST_PARTS:
        part = waiting.pop()
        seen += 1
        if part.type == "text/plain" and not part.attached:
            text = part.text
            if text.strip():
                return text
        elif part.type == "text/html" and not part.attached and html is None:
            html = part
        elif part.type.startswith("multipart/"):
            waiting.extend(reversed(part.children))
    return text_of_html(html.text) if html is not None else ""
