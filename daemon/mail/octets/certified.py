"""Italy's certified mail (PEC): the letter inside its envelope.  What providers report: `certified_reports`.

Source: RFC 6109 section 3 (envelopes).  Every Italian company has to have such an address, and lawyers write from
theirs: the words of the person are in `postacert.eml`, those around it are the provider's.
"""

from __future__ import annotations

from daemon.mail.octets.part import Part

_DEEPEST = 3  # levels: multipart/signed, multipart/mixed, the letter


def enveloped(root: Part) -> Part | None:
    """The letter that a person wrote, of a transport envelope; None of any other mail."""
    if root.headers.first("x-trasporto").lower() != "posta-certificata":
        return None
    waiting = [root]
    for _ in range(16):
        if not waiting:
            break
        part = waiting.pop(0)
        if part.type == "message/rfc822" and part.children:
            return part.children[0]
        if part.depth < _DEEPEST:
            waiting.extend(part.children)
    return None
