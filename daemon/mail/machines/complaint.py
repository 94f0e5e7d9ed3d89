"""Complaints: somebody pressed "this is spam" (ARF, RFC 5965), and the forms that predate it."""

from __future__ import annotations

import json
import re

from daemon.domain.books.reading import RecipientReport
from daemon.mail.machines.meaning import code_in, meaning_of, status_in
from daemon.mail.octets.parse import Mail

_OLD_SUBJECT = re.compile(r"^complaint about message from|^(?:\w+ )?abuse report", re.IGNORECASE)
_MOST_JSON = 64_000


def is_complaint(mail: Mail) -> bool:
    """Whether the mail is a feedback report about a letter."""
    root = mail.root
    if root.type == "multipart/report" and root.params.get("report-type", "").lower() == "feedback-report":
        return True
    if any(part.type == "message/feedback-report" and part.depth <= 2 for part in mail.parts):
        return True
    returned = any(part.type in ("message/rfc822", "text/rfc822-headers") for part in mail.parts[1:])
    return returned and _OLD_SUBJECT.search(mail.subject) is not None and not mail.headers.first("in-reply-to")


def read_relay_notice(mail: Mail) -> tuple[str, tuple[RecipientReport, ...]] | None:
    """Notices that a relay service writes as JSON (Amazon SES by SNS): its type in lower case and the recipients."""
    if mail.root.type != "text/plain" or not mail.sender.endswith("@sns.amazonaws.com"):
        return None
    text = mail.text[:_MOST_JSON].lstrip()
    if not text.startswith("{"):
        return None
    try:
        end = text.find("\n\n--")
        text = (text if end < 0 else text[:end]).replace("\n", "")  # relays fold the long line
        told, _ = json.JSONDecoder(strict=False).raw_decode(text)
        kind = str(told.get("notificationType", "")).lower()
        block = told.get(kind)
        if kind not in ("bounce", "complaint", "delivery") or not isinstance(block, dict):
            return None
        failed = block.get("bouncedRecipients") or []
        rows = [row for row in failed if isinstance(row, dict)][:100]
    except (ValueError, RecursionError, AttributeError):
        return None
    return kind, tuple(_recipient(row) for row in rows if row.get("emailAddress"))


def _recipient(row: dict[str, object]) -> RecipientReport:
    diagnostic = str(row.get("diagnosticCode", ""))[:1000]
    status = status_in(str(row.get("status", "")))
    action = str(row.get("action", "failed")).lower()
    code = code_in(diagnostic)
    return RecipientReport(
        address=str(row["emailAddress"])[:320].lower(), action=action, status=status, code=code, diagnostic=diagnostic,
        meaning=meaning_of(action, status, code, diagnostic),
    )  # fmt: skip
