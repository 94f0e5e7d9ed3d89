"""Delivery status notifications in the standard's own form.

Source: RFC 3464 sections 2.2 (per message) and 2.3 (per recipient), RFC 6533 (international), RFC 6522 (report).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.domain.books.reading import RecipientReport
from daemon.mail.machines.meaning import code_in, meaning_of, refused_at_data, status_in
from daemon.mail.octets.headers import Headers, addresses_in
from daemon.mail.octets.parse import Mail

MOST_RECIPIENTS = 100
_MOST_STATUS = 256 * 1024
_MOST_PROSE = 16_000
_TYPES = ("message/delivery-status", "message/global-delivery-status")
_ACTIONS = ("failed", "delayed", "delivered", "relayed", "expanded")
_INLINE = re.compile(r"^[ \t>]{0,8}(?:final|original)-recipient[ \t]*:", re.IGNORECASE | re.MULTILINE)
_REJECTED = re.compile(
    r"automatically rejected:\s{1,4}([^\n]{3,200})", re.IGNORECASE
)  # Dovecot: the reason is only here
_FIELD_START = re.compile(
    r"^[ \t]*((?:final|original)-recipient|action|status|diagnostic-code|remote-mta|reporting-mta|arrival-date)[ \t]*:",
    re.I,
)


@dataclass(frozen=True, slots=True)
class DeliveryStatus:
    """A notification: about whom, and whatever names our letter."""

    recipients: tuple[RecipientReport, ...]
    envelope_id: str  # Original-Envelope-Id: the ENVID that we gave, RFC 3461 section 4.4


def read_delivery_status(mail: Mail) -> DeliveryStatus | None:
    """The notification in `mail`; None when there is none.  A block that cannot be read is skipped.

    The status part counts wherever it lies, and also as plain text (some servers write the fields into their prose, or
    wrap the whole report in one text part) as long as the mail itself does not come from a person.
    """
    for part in mail.parts:
        if part.type in _TYPES and _outside_original(mail, part.depth):
            found = _read_blocks(part.text[:_MOST_STATUS], prose=mail.text[:_MOST_PROSE])
            if found.recipients:
                return found
    return None


def read_inline_status(text: str) -> DeliveryStatus | None:
    """RFC 3464 fields written into the prose of a notice."""
    start = _INLINE.search(text[:_MOST_STATUS])
    if start is None:
        return None
    above = text[max(0, start.start() - 400) : start.start()]
    action = re.search(r"^[ \t]*action[ \t]*:.*$", above, re.I | re.M)
    head = action.group(0).strip() + "\n" if action else ""
    lines: list[str] = []
    for line in (head + text[start.start() : start.start() + 16_000]).split("\n"):
        stripped = line.strip()
        lines.append(stripped if _FIELD_START.match(line) or not stripped else " " + stripped)
    found = _read_blocks("\n".join(lines), prose=text[:_MOST_PROSE])
    return found if found.recipients else None


def _outside_original(mail: Mail, depth: int) -> bool:
    """A status part inside a forwarded or returned mail is that mail's, unless the outer one is a bare wrapper."""
    return depth <= 2 or mail.root.type in ("multipart/mixed", "message/rfc822")


def _read_blocks(text: str, *, prose: str) -> DeliveryStatus:
    """`prose` is what the notice says to people: it tells at which command the other server refused, and why."""
    at_data = refused_at_data(prose)
    rejected = _REJECTED.search(prose)
    reason = rejected.group(1) if rejected else ""
    recipients: dict[str, RecipientReport] = {}
    envelope_id = ""
    for block in re.split(r"\n[ \t]*\n", text, maxsplit=MOST_RECIPIENTS * 4)[: MOST_RECIPIENTS * 4]:
        for piece in _pieces(block.strip("\n")):
            fields = Headers(piece.encode("utf-8", "surrogateescape"))
            envelope_id = envelope_id or fields.first("original-envelope-id")
            report = _report(fields, reason or _only_in_prose(fields, prose), at_data=at_data)
            if report is not None and len(recipients) < MOST_RECIPIENTS:
                recipients.setdefault(report.address, report)
    return DeliveryStatus(tuple(recipients.values()), envelope_id)


def _only_in_prose(fields: Headers, prose: str) -> str:
    """The words of the notice, where the fields give neither a reply nor a status that says anything."""
    tells = _diagnostic(fields) or not status_in(fields.first("status")).endswith(".0.0")
    return "" if tells else prose[:2000]


def _pieces(block: str) -> list[str]:
    """Some servers leave out the empty line between two recipients: a second Final-Recipient begins a new one."""
    starts = [m.start() for m in re.finditer(r"^final-recipient[ \t]*:", block, re.I | re.M)]
    if len(starts) < 2:
        return [block]
    return [block[: starts[1]], *(block[a:b] for a, b in zip(starts[1:], [*starts[2:], len(block)], strict=True))]


def _report(fields: Headers, reason: str, *, at_data: bool) -> RecipientReport | None:
    final = _address(fields.first("final-recipient"))
    original = _address(fields.first("original-recipient")) or _address(fields.first("x-actual-recipient"))
    address = final or original
    if not address or not ("action" in fields or "status" in fields or "diagnostic-code" in fields):
        return None
    if "@" in original and "." not in address.partition("@")[2]:
        address = original  # an alias inside the server: "user@daemon"
    if "@" not in address:
        return None
    diagnostic = " ".join(_diagnostic(fields).split())[:1000]
    status = status_in(fields.first("status"))
    action_words = fields.first("action").lower().replace(";", " ").replace("(", " ").split()
    action = next((word for word in action_words if word in _ACTIONS), "")
    if not action:
        action = (
            "failed" if action_words or status[:1] in ("4", "5") else "delivered" if status[:1] == "2" else "failed"
        )
    code = code_in(diagnostic)
    local = "x-unix; " if fields.first("diagnostic-code")[:7].lower() == "x-unix;" else ""
    words = f"{reason} {local}{diagnostic} {fields.first('status')[5:200]}"
    return RecipientReport(
        address=address,
        original=original if original and original != address else None,
        action=action,
        status=status,
        code=code,
        diagnostic=diagnostic,
        meaning=meaning_of(action, status, code, words, at_data=at_data),
    )


def _diagnostic(fields: Headers) -> str:
    """The reply of the other server; of several, the first that carries words."""
    values = [v.partition(";")[2].strip() or v for v in fields.all("diagnostic-code")]
    return next((value for value in values if value), "")


def _address(value: str) -> str:
    """The address of `rfc822; user@host`, lower case; for an alias without a domain what stands there."""
    found = addresses_in(value.partition(";")[2] or value, most=1)
    if found:
        return found[0]
    return (value.partition(";")[2] or value).strip().strip("<>").lower()[:320]
