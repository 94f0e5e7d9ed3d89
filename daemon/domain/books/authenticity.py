"""Whether a mail is from the address in its From: the answer, and what signatures say.

The rules: `daemon.mail.whose.authenticity`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Why(StrEnum):
    """Why a mail is not believed; the owner is told in words elsewhere."""

    NO_TRUST = "no-trust-configured"  # the config names nobody to believe
    SEVERAL_FROM = "several-from"  # From does not name exactly one address, beyond doubt
    SEVERAL_FIELDS = "several-fields"  # one that a mail has at most once is there again: only the lowest was signed
    NO_RESULTS = "no-results"  # no server has said anything, and there is no signature
    OTHER_SERVER = "other-server"  # results there are, and not of the server that the config names
    RESULTS_FAIL = "results-fail"  # our server says that it did not pass
    NOT_ALIGNED = "not-aligned"  # something passed, for a domain that is not the one in From
    DKIM_FAIL = "dkim-fail"  # the signature is broken, expired, too weak, or has no key
    DKIM_LENGTH = "dkim-l"  # the signature covers a part of the text only
    LOOK_UP_FAILED = "look-up-failed"  # the key could not be asked for now: try again, it is not refused for ever


@dataclass(frozen=True, slots=True)
class Authentic:
    """The mail is from its author."""

    author: str  # the address in From, lower case, its domain as on the wire
    how: str  # dmarc, dkim, m365-internal, or signature: what it was known by


@dataclass(frozen=True, slots=True)
class NotAuthentic:
    """Nobody may act on this mail."""

    why: Why
    detail: str = ""  # the server that spoke, the domain that passed, or the flaw; of the mail: never trusted


Verdict = Authentic | NotAuthentic


class Flaw(StrEnum):
    """Why a DKIM signature does not count."""

    BROKEN = "broken"  # text or header were changed, or it cannot be read
    LENGTH = "length"  # `l=`: whatever is appended still verifies
    EXPIRED = "expired"
    WEAK = "weak"  # SHA-1, or a key below 1024 bits (RFC 8301)
    TESTING = "testing"  # `t=y`: the domain asks not to rely on it
    FROM_UNSIGNED = "from-unsigned"
    NO_KEY = "no-key"  # none was published, or it was revoked
    LOOK_UP_FAILED = "look-up-failed"
    OTHER_DOMAIN = "other-domain"  # nobody asked for: it was not verified


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """A DKIM signature of a mail, verified (RFC 6376)."""

    domain: str  # `d=`, lower case
    flaw: Flaw | None = None  # None: it holds, and covers From and the whole text
    closed: bool = False  # From is signed once more than it is there: no second one could be added
