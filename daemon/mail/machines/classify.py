"""What sort of mail it is: reports that machines write first, then automatic answers, then people."""

from __future__ import annotations

from dataclasses import dataclass

from daemon.domain.books.reading import Kind, Meaning, RecipientReport
from daemon.mail.machines.autoreply import REPLY_PREFIX, why_automatic
from daemon.mail.machines.certified_reports import certified_reports, notified
from daemon.mail.machines.complaint import is_complaint, read_relay_notice
from daemon.mail.machines.dsn import read_delivery_status, read_inline_status
from daemon.mail.machines.notice import automatic, from_mail_system, notice_text, read_notice
from daemon.mail.machines.own_list import is_own_list
from daemon.mail.machines.receipt import read_receipt
from daemon.mail.octets.parse import Mail

LOOP_HEADERS = ("x-sollecito-id", "x-sollecito-loop")
_BULK = ("bulk", "junk")


@dataclass(frozen=True, slots=True)
class Sort:
    """The kind of a mail as its form shows it, before anybody asks whom it is about."""

    kind: Kind
    because: str
    recipients: tuple[RecipientReport, ...] = ()
    bulk: bool = False  # written to many: a newsletter, a list


def classify(mail: Mail, own_addresses: frozenset[str] = frozenset()) -> Sort:
    """The kind of `mail`.  `own_addresses` are the owner's and the creditor's, lower case.

    `Kind.REPLY` here means only that no machine wrote it.
    """
    if mail.unreadable:
        return Sort(Kind.UNREADABLE, "no header that could be read")
    if mail.sender in own_addresses and any(name in mail.headers for name in LOOP_HEADERS):
        return Sort(Kind.OWN, "our own letter: " + next(n for n in LOOP_HEADERS if n in mail.headers))
    carried = _carried(mail)
    return (
        (carried and _report(carried))
        or _report(mail)
        or _automatic(mail)
        or Sort(Kind.REPLY, "written by a person", bulk=_is_bulk(mail) and not is_own_list(mail, own_addresses))
    )


def _report(mail: Mail) -> Sort | None:
    """Reports in a form of their own: complaint, delivery status, receipt, notice in prose."""
    certified = notified(mail.headers)
    if certified:
        return _by_recipients(certified_reports(mail, certified), f"PEC notification, RFC 6109: {certified}")
    system = from_mail_system(mail)
    parts = mail.root.type.startswith(("multipart/", "message/"))
    attached = parts and not system and _passed_on(mail)
    if parts and not attached and is_complaint(mail):
        return Sort(Kind.COMPLAINT, "feedback report, RFC 5965")
    if parts and not attached:
        status = read_delivery_status(mail)
        if status is not None:
            return _by_recipients(status.recipients, "delivery status notification, RFC 3464")
    relayed = read_relay_notice(mail)
    if relayed is not None:
        kind, recipients = relayed
        if kind == "bounce":
            return _by_recipients(recipients, "notice of the relay service") if recipients else None
        return Sort(Kind.COMPLAINT if kind == "complaint" else Kind.RECEIPT, f"notice of the relay service: {kind}")
    receipt = None if attached else read_receipt(mail)
    if receipt is not None:
        if receipt.rejected is not None:
            return Sort(Kind.BOUNCE, "rejected by the recipient's filter, RFC 5429", (receipt.rejected,))
        return Sort(Kind.RECEIPT, f"receipt: {receipt.disposition.rpartition(';')[2].strip() or 'displayed'}")
    text = notice_text(mail) if system else ""
    if system or mail.root.params.get("report-type", "").lower() == "delivery-status":
        inline = read_inline_status(text) or read_inline_status(mail.text)
        if inline is not None:
            return _by_recipients(inline.recipients, "delivery status fields in the text")
    named = read_notice(mail, text if system else None)
    if named is not None:
        return (
            _by_recipients(named, "notice of a mail server")
            if named
            else Sort(Kind.BOUNCE, "notice of a mail server that names nobody")
        )
    return None


def _carried(mail: Mail) -> Mail | None:
    """The mail that a relay or a rule has passed on as its only content, with no word of anybody around it."""
    root = mail.root
    if root.type not in ("multipart/mixed", "message/rfc822"):
        return None
    letters = [part for part in (root, *root.children) if part.type == "message/rfc822" and part.children]
    spoken = any(part.type.startswith("text/") and part.text.strip() for part in root.children)
    if len(letters) != 1 or (spoken and root.type == "multipart/mixed"):
        return None
    return Mail(letters[0].children[0], mail.digest, False)


def _passed_on(mail: Mail) -> bool:
    """Whether a person forwards or answers a report ("Fwd: Undelivered Mail"): it is then that person's attachment."""
    if mail.root.type == "multipart/report" or automatic(mail):
        return False
    return "in-reply-to" in mail.headers or REPLY_PREFIX.match(mail.subject) is not None


def _by_recipients(recipients: tuple[RecipientReport, ...], because: str) -> Sort:
    """A bounce as soon as one recipient failed for good; `Action: delayed` never is one (F18)."""
    if any(report.permanent for report in recipients):
        return Sort(Kind.BOUNCE, because, recipients)
    if any(report.meaning is Meaning.RETRYING for report in recipients):
        return Sort(Kind.DELAYED, because, recipients)
    return Sort(Kind.RECEIPT, because + ": delivered", recipients)


def _automatic(mail: Mail) -> Sort | None:
    why = why_automatic(mail)
    if why:
        answering = any(name in mail.headers for name in ("in-reply-to", "references")) or not why.startswith(
            "Auto-Submitted: auto-gen"
        )
        if _is_bulk(mail) and not answering:
            return Sort(Kind.UNRELATED, why + ", to many", bulk=True)
        return Sort(Kind.AUTO_REPLY, why)
    if any(p.type == "text/calendar" and p.params.get("method", "").upper() == "REPLY" for p in mail.parts[:12]):
        return Sort(Kind.AUTO_REPLY, "answer to an invitation")
    return None


def _is_bulk(mail: Mail) -> bool:
    headers = mail.headers
    if headers.first("precedence").strip().lower() in _BULK:
        return True
    marks = ["list-unsubscribe", "list-post", "x-campaign-id", "x-mailman-version"]
    if "in-reply-to" not in headers:
        marks.append("feedback-id")  # some providers set it on every mail that people send
    return any(name in headers for name in marks)
