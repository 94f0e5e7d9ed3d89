"""The invoices that are proposed to the owner, folded: which wait for an answer, which are to be written down."""

from __future__ import annotations

from dataclasses import dataclass, field

from daemon.domain.owner_entries import AlertSent, DigestSent
from daemon.domain.sending_entries import InvoiceFollowed, InvoiceProposed, ProposalSettled, SendingUnclear

MARK = "sent"  # of an alert that told of them; what came until then is told


@dataclass(slots=True)
class Proposals:
    """Only `take_in` changes it."""

    waiting: dict[str, InvoiceProposed] = field(default_factory=dict)  # by ref
    going: dict[str, tuple[InvoiceProposed, str]] = field(default_factory=dict)  # not written yet: with its client
    known: set[str] = field(default_factory=set)  # every ref there was
    mails: set[str] = field(default_factory=set)  # digests of the mails that something was said about
    untold: list[InvoiceProposed | SendingUnclear] = field(default_factory=list)  # since the owner was told
    whose: dict[str, str] = field(default_factory=dict)  # by ref: the client that the owner has named

    def take_in(
        self, entry: InvoiceProposed | SendingUnclear | ProposalSettled | InvoiceFollowed | DigestSent | AlertSent
    ) -> None:
        match entry:
            case InvoiceProposed():
                self.mails.add(entry.mail)
                self.waiting = {ref: one for ref, one in self.waiting.items() if not _same(one, entry)}
                self.waiting[entry.ref] = entry
                self.known.add(entry.ref)
                self.untold.append(entry)
            case SendingUnclear():
                self.mails.add(entry.mail)
                self.untold.append(entry)
            case ProposalSettled():
                self.whose[entry.ref] = entry.client
                proposed = self.waiting.pop(entry.ref, None)
                if proposed is not None and entry.client and proposed.yaml:
                    self.going[entry.ref] = (proposed, entry.client)
            case InvoiceFollowed():
                self.going.pop(entry.ref, None)
            case DigestSent():
                # it shows what waits for an answer, and not what could not be read
                self.untold = [o for o in self.untold if o.at > entry.at or isinstance(o, SendingUnclear)]
            case AlertSent():
                if MARK in entry.marks:
                    self.untold = [one for one in self.untold if one.at > entry.at]

    def after(self, settled: ProposalSettled) -> Proposals:
        """These with one answered, to read."""
        copy = Proposals({**self.waiting}, {**self.going}, self.known, self.mails, self.untold, {**self.whose})
        copy.take_in(settled)
        return copy


def _same(one: InvoiceProposed, other: InvoiceProposed) -> bool:
    """Whether both are one invoice, the newer perhaps with other figures: only one of them can be followed."""
    whose, others = (set(entry.clients or entry.recipients) for entry in (one, other))
    return one.number == other.number and whose == others


def told_of(proposals: Proposals) -> tuple[InvoiceProposed | SendingUnclear, ...]:
    """What the owner is to be told now: what was answered meanwhile is no news."""
    return tuple(one for one in proposals.untold if isinstance(one, SendingUnclear) or one.ref in proposals.waiting)
