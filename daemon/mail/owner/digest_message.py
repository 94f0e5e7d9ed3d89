"""A mail to the owner on the wire: digest, alert or answer, marked so that no machine answers it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.header import decode_header, make_header
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime

from daemon.domain.books.ledger import Ledger
from daemon.mail.letters.letter import Rendered
from daemon.mail.letters.message import LOOP_HEADER, Attachment
from daemon.mail.octets import wire
from daemon.mail.octets.wire import Unsendable
from daemon.mail.owner.calendar_task import FILE_NAME, METHOD

OWN_HEADER = "X-Sollecito-Loop"  # by it we know our own digest where it comes back
_MSG_ID = re.compile(r"<[!-;=?-~]{3,250}>")
_HEADERS = BytesHeaderParser(policy=compat32)


def compose(
    rendered: Rendered,
    ledger: Ledger,
    *,
    message_id: str,
    date: datetime,
    kind: str = "digest",
    reply_to: str | None = None,
    thread: Sequence[str] = (),
    letters: Sequence[Attachment] = (),
    tasks: bytes | None = None,
) -> bytes:
    """Put a digest, an alert or an answer on the wire: CRLF, 7 bit.

    Args:
        message_id: with its angle brackets; `DigestSent` keeps it.
        date: aware; printed with its own offset.
        kind: digest, alert or answer, for `X-Sollecito-Loop`.
        reply_to: where the owner's orders go; None: to the sender.
        thread: Message-IDs of the mails that it continues, oldest first; they need not have been sent.
        letters: texts of letters that wait for the owner's go, to be read before it is given.
        tasks: the calls, for a calendar; from `calendar_task.call_tasks`.

    Raises:
        Unsendable: an address, a name or the subject cannot stand in a header, or what was written does not read
            back as it was meant (F16).
    """
    for identifier in (message_id, *thread):
        if not _MSG_ID.fullmatch(identifier):
            raise Unsendable(f"{identifier!r} is no Message-ID")
    creditor = ledger.creditor
    sender = wire.wire_address(creditor.email)
    name = " ".join(wire.refuse_unsafe(creditor.name, "creditor.name").split())
    subject = wire.refuse_unsafe(rendered.subject, "the subject")
    boundary = f"=_d_{re.sub('[^A-Za-z0-9]', '', message_id)[:40]}"
    outer = f"=_l_{boundary[4:]}"
    both = f'multipart/alternative;\r\n boundary="{boundary}"'
    headers = [
        ("From", wire.mailbox(f"Sollecito ({name})", creditor.email, "From")),
        ("To", ",\r\n ".join(wire.wire_address(member.email) for member in ledger.owner.members)),
        ("Subject", wire.words(subject, len("Subject: "))),
        ("Date", format_datetime(date)),
        ("Message-ID", message_id),
        ("Content-Language", creditor.language),
        ("Auto-Submitted", "auto-generated"),  # RFC 3834: nobody's autoresponder answers it
        ("X-Auto-Response-Suppress", "All"),
        (LOOP_HEADER, sender),
        (OWN_HEADER, kind),
        *([("Reply-To", wire.wire_address(reply_to))] if reply_to else []),
        *([("In-Reply-To", thread[-1]), ("References", "\r\n ".join(thread))] if thread else []),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/mixed;\r\n boundary="{outer}"' if letters or tasks else both),
    ]
    head = "".join(f"{key}: {value}\r\n" for key, value in headers).encode("ascii")
    _read_again(head, headers, subject)
    parts = b"".join(
        b"--%s\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n%s\r\n"
        % (boundary.encode(), subtype, wire.quoted_printable(content))
        for subtype, content in ((b"plain", rendered.text), (b"html", rendered.html))
    )
    body = parts + b"--%s--\r\n" % boundary.encode()
    attached = [("text/plain; charset=utf-8", letter) for letter in letters]
    if tasks:
        attached.append((f"text/calendar; charset=utf-8; method={METHOD}", Attachment(name=FILE_NAME, content=tasks)))
    return head + b"\r\n" + (_with_attached(body, both, outer, attached) if attached else body)


def _with_attached(body: bytes, kind: str, outer: str, attached: Sequence[tuple[str, Attachment]]) -> bytes:
    """The digest and what is behind it; letters as text, so that nothing in them can be taken for a mail of ours."""
    pieces = [f"--{outer}\r\nContent-Type: {kind}\r\n\r\n".encode("ascii"), body]
    for type_, file in attached:
        pieces.append(
            f"--{outer}\r\nContent-Type: {type_}\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-Disposition: attachment;\r\n {wire.file_name(file.name)}\r\n\r\n".encode("ascii")
        )
        pieces.append(wire.base64_lines(file.content) + b"\r\n")
    return b"".join(pieces) + b"--%s--\r\n" % outer.encode("ascii")


def _read_again(head: bytes, headers: Sequence[tuple[str, str]], subject: str) -> None:
    """Read the header block as a stranger would, and refuse it when it says anything else than was meant."""
    read = _HEADERS.parsebytes(head + b"\r\n")
    if read.keys() != [name for name, _ in headers] or wire.faults_in(read) or read.get_payload():
        raise Unsendable(f"the headers read back as {read.keys()}")
    found = str(make_header(decode_header(read["Subject"].replace("\r\n", ""))))
    if found != subject:
        raise Unsendable(f"the subject reads back as {found!r}")
