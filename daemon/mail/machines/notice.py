# ruff: noqa: E501  patterns read better unbroken
"""Bounces of servers that do not write RFC 3464: who failed, and in which words.

Nothing here believes a person: a notice counts only from a mail system (`from_mail_system`), or with the marks that only
mail systems leave.  What stands under "original message" is the letter that came back, never part of the notice.
"""

from __future__ import annotations

import re

from daemon.domain.books.reading import RecipientReport
from daemon.mail.machines.meaning import code_in, meaning_of, refused_at_data, status_in
from daemon.mail.machines.notice_words import DELAYED, FAILED, ORIGINAL, SUBJECT, SYSTEM_NAMES, lowered
from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import Mail

MOST_NOTICE = 16_000  # characters of the notice itself
_LOCAL = re.compile(r"^(?:mailer-?daemon|postmaster|post_master|mail\.?delivery(?:[._-]?(?:system|subsystem))?|maildaemon|mdaemon|bounces?|no-?reply-mail-?daemon)(?:[+._-].*)?$")  # fmt: skip
_OWN_LINE = re.compile(
    r"""^[ \t>*+|"'(\[-]{0,12}(?:smtp:|rfc822;|to:|recipient:|\w[\w .-]{0,40}:\s)?\s*[<"'(\[]{0,2}([^\s<>()\[\],;:"'@：，；（）、。「」《》]{1,64}@[^\s<>()\[\],;:"'@：，；（）、。「」《》]{1,253}?)[>"')\].]{0,3}(?:\s*<mailto:[^>]{1,300}>)?\s*"""
    r"(?=[:;]?\s*$|:|\.\.\.|\(|on (?:mon|tue|wed|thu|fri|sat|sun)|\s\.\.\.|,\s|\s+\[|invalid address)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"""(?:(?:users?|userid|user id|recipients?(?:\(s\))?|recipient address|mailbox|addresse?s?e?|attempts|account|delivered to|mail to|message to|addressed to|errors|failed to deliver to|rcpt to|smtp)(?: was| is)?(?:\s|[:=<"'(\[])\s?['"<(\[]{0,3}|for <|user \S{1,40} \(|(?:smtp|dda:smtp)=)([^\s<>()\[\],;:"'@=：，；（）、。「」《》]{1,64}@[^\s<>()\[\],;:"'@：，；（）、。「」《》]{1,253})""",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"message-?id:|in-reply-to:|references:|contact|support|assistance|postmaster@|abuse@|from:|envelope-from|mail from|reply-to|mailto:|https?:|to:",
    re.I,
)
_REPLY = re.compile(r"\s*(?:re|r|rif|ynt|aw|sv)\s?:", re.IGNORECASE)
_NOTICE_SUBJECT = re.compile(
    r"undeliver(?:able|ed)\b|returned mail|failure notice|mail delivery|delivery (?:status )?(?:notification|report)|non-?delivery|mail system error|mail could not|there was an error sending"
)
_GATEWAY_SUBJECT = re.compile(
    r"\((?:delivery failed|not delivered|undeliverable)\)$"
)  # behind the subject of the original
_ABOUT_MAIL = re.compile(
    r"\b(?:message|e-?mail|recipient|address)\w*\s(?:\S+\s){0,8}?(?:could not|can ?not|can't|was not|wasn't|has not|undeliver|fail|unable|rejected|n'a pas pu)|could not be delivered to: ?<|trouble delivering your|(?:unable|not able|not possible) to (?:deliver|send) (?:your|this|the) (?:e-?mail|message|mail)"
)
_REFUSAL = re.compile(
    r"(?:rcpt to|rcpt command|rejected recipient|remote (?:mail )?server|said:|<<<)[^\n]{0,80}(?:\n[^\n]{0,80}){0,2}\b5\d\d[ -]"
)
_DAEMON = re.compile(r"(?:mailer-?daemon|postmaster)@")  # writes about nothing but letters, in whatever words
_TO = re.compile(r"^to:[ \t]*(.{1,300})$", re.IGNORECASE | re.MULTILINE)
_EXPANDED = re.compile(r"^\s*\((?:expanded from|generated from|ultimately generated from)[:\s]", re.I)


def from_mail_system(mail: Mail) -> bool:
    """Whether the mail was written by a mail server: empty sender, or one of the names that servers use (RFC 2142, RFC 5321 4.5.5)."""
    sender_field = mail.headers.decoded("from").lower()
    sender = mail.sender
    if not sender:
        return "<>" in sender_field or "daemon" in sender_field or not sender_field
    if _LOCAL.match(sender.partition("@")[0]):
        return True
    envelope = mail.headers.first("return-path").strip("<> ").lower().partition("@")[0]
    if _LOCAL.match(envelope) and not envelope.startswith("bounce"):  # newsletters have their bounces sent there
        return True
    return any(name in sender_field[:200] for name in SYSTEM_NAMES)


def empty_envelope(mail: Mail) -> bool:
    """Return-Path: <>, as RFC 5321 section 6.1 wants it of notices (and RFC 3834 of many auto-replies)."""
    return mail.headers.first("return-path").replace(" ", "") == "<>"


def read_notice(mail: Mail, by_system: str | None) -> tuple[RecipientReport, ...] | None:
    """The recipients of a notice in prose; () when it is a notice that names nobody; None when it is none.

    `by_system`: the `notice_text` of a mail from a mail system (`from_mail_system`), None of any other.
    """
    system = by_system is not None
    failed_header = mail.headers.first("x-failed-recipients")
    subject = mail.subject[:300]
    if failed_header:  # Gmail sets it on its warnings too
        text = notice_text(mail)
        return _recipients(mail, text, failed_header, delayed=_says_delayed(subject, text))
    if system:
        if _person_at_postmaster(mail, subject):
            return None
    elif not _unattended(mail, subject):
        return None  # before any longer look: most mails of people end here
    strong_subject = SUBJECT.search(lowered(subject)) is not None
    text = notice_text(mail) if by_system is None else by_system
    said = lowered(text)
    if not strong_subject and not (system and _surely_system(mail)) and not _quotes_refusal(said):
        return None
    failed = FAILED.search(said) is not None
    if not system and not failed:
        return None
    delayed = _says_delayed(subject, text)
    daemon = system and automatic(mail) and _DAEMON.match(mail.sender) is not None
    if not (failed or delayed or strong_subject or daemon):
        return None
    recipients = _recipients(mail, text, "", delayed=delayed)
    if not (failed or delayed or strong_subject or recipients):
        return None
    if not system and not automatic(mail) and not (recipients and (_ABOUT_MAIL.search(said) or status_in(text))):
        return None  # a person's "Non-delivery of order 1001"
    return recipients


def _quotes_refusal(said: str) -> bool:
    """The answer of another server, as no person and no absence notice quotes it: at RCPT, with a permanent code."""
    return _REFUSAL.search(said) is not None


def _says_delayed(subject: str, text: str) -> bool:
    return DELAYED.search(lowered(subject + "\n" + text)) is not None


def _surely_system(mail: Mail) -> bool:
    """A name such as "System Administrator" may be a person's; an address such as mailer-daemon@ is a server's."""
    return not mail.sender or automatic(mail) or _LOCAL.match(mail.sender.partition("@")[0]) is not None


def _unattended(mail: Mail, subject: str) -> bool:
    """Whether a mail of an unknown sender may be a notice: nobody's answer, and with the marks or the subject of one."""
    if "in-reply-to" in mail.headers:
        return False
    if _GATEWAY_SUBJECT.search(subject.rstrip().lower()):
        return "references" not in mail.headers
    if _REPLY.match(subject):
        return False
    return automatic(mail) or (
        "return-path" not in mail.headers and _NOTICE_SUBJECT.match(lowered(subject)) is not None
    )


def _person_at_postmaster(mail: Mail, subject: str) -> bool:
    """In a small company a person answers from postmaster@: an answer with a sender's envelope that nobody automated."""
    if not mail.sender.startswith("postmaster@") or "report-type" in mail.root.params:
        return False
    answering = "in-reply-to" in mail.headers and _REPLY.match(subject) is not None
    return answering and not empty_envelope(mail) and "auto-submitted" not in mail.headers


def automatic(mail: Mail) -> bool:
    """An empty sender, the word of the mail itself (RFC 3834), or a list server's mark."""
    submitted = mail.headers.first("auto-submitted").lower()
    return empty_envelope(mail) or submitted.startswith("auto") or "x-mlserver" in mail.headers


def notice_text(mail: Mail) -> str:
    """The words of the notice: its text up to the original that it returns."""
    text = mail.text[:MOST_NOTICE]
    if not text.strip():
        for part in mail.parts[1:]:
            if part.type.startswith("text/") and part.text.strip():
                text = part.text[:MOST_NOTICE]
                break
    cut = ORIGINAL.search(lowered(text))
    return text[: cut.start()] if cut else text


def _recipients(mail: Mail, text: str, header: str, *, delayed: bool) -> tuple[RecipientReport, ...]:
    ours = {mail.sender, *addresses_in(mail.headers.decoded("to"))}
    lines = text.split("\n")
    own_lines: dict[str, int] = {}
    for number, line in enumerate(lines[:400]):
        if _EXPANDED.match(line):
            inner = addresses_in(line, most=1)
            if inner and (not own_lines or "expanded" in line):  # Exim only says whose alias the address above is
                own_lines.setdefault(inner[0], number)
            continue
        found = _OWN_LINE.match(line[:600])
        if found and not _ELSEWHERE.search(line[: found.start(1)]):
            own_lines.setdefault(found.group(1).rstrip(".").lower(), number)
    if header:
        named = addresses_in(header)
    else:
        named = (
            [a for a in own_lines if a not in ours]
            or _named_in(text, ours)
            or [a for a in own_lines if a != mail.sender]
        )
        if not named:
            named = _any_in(lines, ours) or _of_returned(mail, text)
    starts = sorted(own_lines.items(), key=lambda item: item[1])
    at_data = refused_at_data(text)
    reports = []
    for address in named[:100]:
        diagnostic = _words_about(address, lines, starts, alone=len(named) == 1)
        status, code = status_in(diagnostic), code_in(diagnostic)
        action = "delayed" if delayed else "failed"
        if not delayed and status[:1] == "2":
            status = ""
        reports.append(
            RecipientReport(
                address=address,
                action=action,
                status=status,
                code=code,
                diagnostic=diagnostic[:1000],
                meaning=meaning_of(action, status, code, diagnostic, at_data=at_data),
            )
        )
    return tuple(reports)


def _named_in(text: str, ours: set[str]) -> list[str]:
    found: dict[str, None] = {}
    for match in _NAMED.finditer(text[:MOST_NOTICE]):
        address = match.group(1).rstrip(".>").lower()
        if address not in ours:
            found.setdefault(address)
    return list(found)


def _any_in(lines: list[str], ours: set[str]) -> list[str]:
    for line in lines[:200]:
        if _ELSEWHERE.search(line):
            continue
        found = [a for a in addresses_in(line[:600]) if a not in ours]
        if found:
            return found[:1]
    return []


def _of_returned(mail: Mail, text: str) -> list[str]:
    """Whom the letter that came back was for: where the notice names nobody and the letter had one recipient."""
    letters = (part.children[0] for part in mail.parts[1:] if part.type.startswith("message/") and part.children)
    returned = next((letter.headers.decoded("to") for letter in letters), "")
    if not returned:
        found = _TO.search(mail.text, len(text), len(text) + 8000)
        returned = found.group(1) if found else ""
    named = addresses_in(returned)
    return named if len(named) == 1 else []


def _words_about(address: str, lines: list[str], starts: list[tuple[str, int]], *, alone: bool) -> str:
    """What the notice says about one address: from its line to the next address's; all of it when there is one only."""
    if alone or address not in dict(starts):
        about = [line for line in lines if address in line.lower()] if not alone else lines
        return " ".join(" ".join(about).split())[:4000]
    begin = dict(starts)[address]
    later = [n for _, n in starts if n > begin]
    return " ".join(" ".join(lines[begin : min(later, default=len(lines))]).split())[:4000]
