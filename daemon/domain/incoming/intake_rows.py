"""What became of each invoice that was read from elsewhere: a row for the owner and for scripts."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from daemon.domain.books.invoice import Invoice
from daemon.domain.incoming.incoming import Incoming, Party
from daemon.domain.incoming.intake import Change


class Outcome(StrEnum):
    NEW = "new"  # it can be, or was, added
    KNOWN = "known"  # our books say the same
    DIFFERS = "differs"  # our books say otherwise, and were left alone
    UPDATED = "updated"  # and now say the same
    SETTLED = "settled"  # nothing is left to pay by it
    STRANGER = "unknown-client"
    REFUSED = "refused"


@dataclass(slots=True, kw_only=True)
class Row:
    incoming: Incoming
    outcome: Outcome
    client: str = ""  # the key; empty: not known
    why: str = ""  # of one that is refused or not added
    at: str = ""  # of a fault: the key that it is at
    invoice: Invoice | None = None  # as the config reads it
    ours: Invoice | None = None  # the one that our books have
    lines: list[str] = field(default_factory=list)  # as YAML
    changes: tuple[Change, ...] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"{self.incoming.file}:{self.incoming.line}" if self.incoming.line else self.incoming.file

    @property
    def failed(self) -> bool:
        """Whether somebody has to look before it is in the books as the document says."""
        return self.outcome in {Outcome.DIFFERS, Outcome.STRANGER, Outcome.REFUSED}


@dataclass(slots=True, kw_only=True)
class Stranger:
    """A buyer who is no client yet."""

    key: str  # proposed
    party: Party
    lines: list[str]  # the block for `clients:`
    missing: str  # why the block cannot be used as it stands; empty: it can
    added: bool = False
