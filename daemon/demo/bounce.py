"""What a mail server writes when it cannot deliver: a delivery status notification (RFC 3464, in RFC 6522's report)."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

_MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(<[^>\r\n]+>)", re.IGNORECASE | re.MULTILINE)


def delivery_report(original: bytes, *, sender: str, recipient: str, host: str, serial: int, at: datetime) -> bytes:
    """The report on one recipient of `original` who is unknown here, for the one who sent it.

    Args:
        original: as it was received, CRLF line ends.
        sender: the envelope's; the report goes there.
        serial: makes the report's own id unique.
    """
    boundary = f"report-{serial}.{host}"
    reply = f"550 5.1.1 <{recipient}>: Recipient address rejected: User unknown in virtual mailbox table"
    about = _MESSAGE_ID.search(original)
    references = f"In-Reply-To: {about[1].decode('ascii', 'replace')}\r\n" if about else ""
    head = (
        f"Return-Path: <>\r\n"
        f"Date: {format_datetime(at)}\r\n"
        f"From: Mail Delivery System <MAILER-DAEMON@{host}>\r\n"
        f"To: {sender}\r\n"
        f"Subject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <bounce.{serial}@{host}>\r\n"
        f"{references}"
        f"Auto-Submitted: auto-replied\r\n"
        f"MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"\r\n'
        f"\r\n"
        f"This is a MIME-encapsulated message.\r\n"
        f"\r\n--{boundary}\r\n"
        f"Content-Type: text/plain; charset=us-ascii\r\n"
        f"\r\n"
        f"This is the mail system at host {host}.\r\n"
        f"\r\n"
        f"I'm sorry to have to inform you that your message could not be delivered\r\n"
        f"to one or more recipients. It's attached below.\r\n"
        f"\r\n"
        f"<{recipient}>: {reply}\r\n"
        f"\r\n--{boundary}\r\n"
        f"Content-Type: message/delivery-status\r\n"
        f"\r\n"
        f"Reporting-MTA: dns; {host}\r\n"
        f"Arrival-Date: {format_datetime(at)}\r\n"
        f"\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\n"
        f"Original-Recipient: rfc822;{recipient}\r\n"
        f"Action: failed\r\n"
        f"Status: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; {reply}\r\n"
        f"\r\n--{boundary}\r\n"
        f"Content-Type: message/rfc822\r\n"
        f"\r\n"
    )
    return head.encode() + original.rstrip(b"\r\n") + f"\r\n\r\n--{boundary}--\r\n".encode()
