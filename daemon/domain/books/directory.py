"""Who is who, for tying a mail to a letter: ids that we sent, addresses, numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class LetterRef:
    """A letter that went out (or may have)."""

    client: str
    letter_id: str
    numbers: tuple[str, ...]  # the invoices it claims
    to: tuple[str, ...]  # all its recipients, lower case; the first is the To


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class Directory:
    """What the book knows, arranged for look-ups.  Reading it changes nothing.  Each is equal only to itself.

    All addresses, domains and tokens are lower case; Message-IDs are without angle brackets, case kept.
    """

    letters: Mapping[str, LetterRef] = field(default_factory=dict)  # by token (`daemon.mail.tokens.token`)
    threads: Mapping[str, LetterRef] = field(default_factory=dict)  # by Message-ID of other mails of the conversation
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # contact's address -> clients
    domains: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # contact's domain -> clients; freemail left out
    numbers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # invoice number as printed -> clients
    names: Mapping[str, str] = field(default_factory=dict)  # client key -> name, to notice a mail that mentions one
    owner: frozenset[str] = frozenset()  # addresses of the owner and the creditor
