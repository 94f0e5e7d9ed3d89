"""What a relay's reply means: whose fault it is, and whether it is final."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from daemon.ports import Accepted, Deferred, Fault, InDoubt, Refused, Submission


class Phase(Enum):
    """Where in the transaction a reply was given (RFC 5321 section 3.3)."""

    MAIL = auto()
    RCPT = auto()
    DATA = auto()  # the reply to the command, before the message
    DOT = auto()  # the reply to the message

    def __str__(self) -> str:
        return "message" if self is Phase.DOT else self.name


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply of the server; `text` is clean: one line, no control characters, at most 500 characters."""

    code: int
    text: str

    def __str__(self) -> str:
        return f"{self.code} {self.text}".rstrip()

    @property
    def enhanced(self) -> str:
        """The enhanced status code without its class, such as "1.1" of 5.1.1 (RFC 2034, RFC 3463); or ""."""
        found = _ENHANCED.match(self.text)
        return found[1] if found else ""


_ENHANCED = re.compile(r"[245]\.(\d{1,3}\.\d{1,3})(?!\d)")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")
_MOST_TEXT = 500  # characters; the journal keeps reasons for years

# Refusals that say how *we* are set up, in the words of Postfix, Exim, Exchange Online and Gmail.  Postfix gives
# the ones about the sender only at RCPT (smtpd_delay_reject): the phase alone does not tell them from a dead address.
_ABOUT_US = re.compile(
    r"relay(?:ing)? (?:access )?(?:denied|not permitted|not allowed|prohibited)|unable to relay|not permitted to relay"
    r"|authenticat(?:ion|e)\b.{0,20}(?:required|first)|must (?:first )?(?:authenticate|log ?in)|not authenticated"
    r"|sender address rejected|not owned by (?:user|authenticated)|send ?as ?denied|permissions? to send as"
    r"|not allowed to send as|sender verify failed|client host rejected|helo command rejected|must issue a starttls",
    re.IGNORECASE,
)
_OUR_CODES = frozenset({"7.8", "7.9", "7.11", "7.14", "7.54", "7.57", "7.60", "7.139", "1.7", "1.8", "2.252"})
_OUR_LIMIT = re.compile(
    r"(?:daily|hourly|sending) (?:user )?(?:sending |message |submission )?(?:quota|limit|rate)", re.I
)
_FULL = re.compile(
    r"\b(?:mailbox|inbox|quota|storage)\b.{0,40}\b(?:full|exceed\w*|over)\b|\bover ?quota\b", re.IGNORECASE
)
_POLICY = re.compile(
    r"spam|\bblock(?:ed|list|ing)|black ?list|reputation|policy|dnsbl|\brbl\b|\bvirus|content", re.IGNORECASE
)


def clean(text: str) -> str:
    """A reply's text as we keep it: strangers write it, and it goes into the journal and the digest."""
    whole = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return _UNPRINTABLE.sub(" ", whole).strip()[:_MOST_TEXT]


def verdict(phase: Phase, reply: Reply) -> Submission:
    """Read a reply to MAIL, RCPT, DATA or the message that is not the phase's plain success.

    Sources: RFC 5321 section 4.2 (replies), RFC 3463 (enhanced codes, which decide where they are given).

    Returns:
        Deferred (`ours` when it is about the session or our account, not this letter), Refused with its fault, Accepted
        for a 2xx to the message, InDoubt for a reply from DATA on that is none at all.
    """
    reason = f"{phase}: {reply}"
    if 400 <= reply.code <= 499:
        return Deferred(reason, reply.code, ours=phase is Phase.MAIL or reply.code == 432 or reply.enhanced == "3.2")
    if 500 <= reply.code <= 599:
        return _final(phase, reply, reason)
    if phase is Phase.DOT and 200 <= reply.code <= 299:
        return Accepted(reply.text)
    if phase in (Phase.DATA, Phase.DOT):
        return InDoubt(f"an impossible reply to {reason}")
    return Deferred(f"an impossible reply to {reason}", reply.code, ours=True)


def _final(phase: Phase, reply: Reply, reason: str) -> Submission:
    code, enhanced, text = reply.code, reply.enhanced, reply.text
    if enhanced == "4.5" or _OUR_LIMIT.search(text):  # Gmail's daily limit is a 550: the letter may go tomorrow
        return Deferred(reason, code, ours=True)
    if enhanced in _OUR_CODES or code in (530, 534, 535, 538) or _ABOUT_US.search(text):
        return Refused(Fault.OURS, f"{reason} (see smtp.username, smtp.host and creditor.email)", code)
    if code == 503:  # the server lost the thread; a new line will not have this trouble
        return Deferred(reason, code, ours=True)
    if enhanced in ("2.3", "3.4") or enhanced.startswith("6."):
        return Refused(Fault.MESSAGE, reason, code)
    if phase is Phase.MAIL:
        too_large = code == 552 and not enhanced
        return Refused(Fault.MESSAGE if too_large else Fault.OURS, reason, code)
    if enhanced == "2.2" or (code == 552 and not enhanced and _FULL.search(text)):
        # Somebody's mailbox is full: the address is alive and may have room tomorrow.  It waits and is given up like
        # a greylisted one, and the owner then learns that it was never a wrong address.
        return Deferred(reason, code)
    if enhanced.startswith("1."):
        return Refused(Fault.ADDRESS, reason, code)
    if phase is not Phase.DOT and (enhanced in ("5.1", "5.2", "5.4") or code in (500, 502, 504, 555)):
        return Refused(Fault.OURS, reason, code)  # it did not understand our command
    if phase is not Phase.RCPT:
        return Refused(Fault.MESSAGE, reason, code)
    return Refused(_fault_at_rcpt(code, enhanced, text), reason, code)


def _fault_at_rcpt(code: int, enhanced: str, text: str) -> Fault:
    """An address counts as dead only where nothing speaks for another reason: a call is suggested on its ground."""
    if enhanced.startswith(("2.", "4.")):  # disabled mailbox; no such domain; M365 says 5.4.1 for an unknown user
        return Fault.ADDRESS
    if enhanced.startswith(("7.", "3.")) or code in (552, 554, 571) or _POLICY.search(text):
        return Fault.MESSAGE
    return Fault.ADDRESS
