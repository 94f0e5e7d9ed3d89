"""The invoices that are proposed to the owner, folded: which wait for an answer, which are to be written down."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from daemon.domain.journal.owner_entries import AlertSent, DigestSent
from daemon.domain.journal.sending_entries import (
    InvoiceFollowed,
    InvoiceProposed,
    ProposalSettled,
    SendingUnclear,
    Unclear,
    without_people,
)

MARK = "sent"  # of an alert that told of them; what came until then is told
UNPROVEN = frozenset({Unclear.UNPROVEN, Unclear.LOOK_UP})  # nothing says that the mail is the owner's
_HOUR = timedelta(hours=1)
_REMEMBERED = timedelta(days=60)  # longer than a mail is found again for

_Sent = TypeVar("_Sent", InvoiceProposed, SendingUnclear)


@dataclass(slots=True)
class Proposals:
    """Only `take_in` changes it."""

    waiting: dict[str, InvoiceProposed] = field(default_factory=dict)  # by ref
    going: dict[str, tuple[InvoiceProposed, str]] = field(default_factory=dict)  # not written yet: with its client
    known: set[str] = field(default_factory=set)  # every ref there was
    mails: set[str] = field(default_factory=set)  # digests of the mails that something was said about
    untold: list[InvoiceProposed | SendingUnclear] = field(default_factory=list)  # since the owner was told
    unproven: dict[str, SendingUnclear] = field(default_factory=dict)  # by digest of the mail: one of `UNPROVEN`
    alerts: list[datetime] = field(default_factory=list)  # of the last hour, that told of them; oldest first
    whose: dict[str, str] = field(default_factory=dict)  # by ref: the client that the owner has named

    def take_in(
        self, entry: InvoiceProposed | SendingUnclear | ProposalSettled | InvoiceFollowed | DigestSent | AlertSent
    ) -> None:
        match entry:
            case InvoiceProposed():
                self._note_proven(entry.mail)
                self.waiting = {ref: one for ref, one in self.waiting.items() if not _same(one, entry)}
                self.waiting[entry.ref] = entry
                self.known.add(entry.ref)
                self.untold.append(entry)
            case SendingUnclear() if entry.because in UNPROVEN:
                self.unproven = {k: o for k, o in self.unproven.items() if entry.at - o.at < _REMEMBERED}
                self.unproven[entry.mail] = entry
                self.untold.append(entry)
            case SendingUnclear():
                self._note_proven(entry.mail)
                self.untold.append(entry)
            case ProposalSettled():
                self.whose[entry.ref] = entry.client
                left = self.going.pop(entry.ref, None)  # its client has left the books
                proposed = self.waiting.pop(entry.ref, None) or (left[0] if left else None)
                if proposed is not None and entry.client and proposed.yaml:
                    self.going[entry.ref] = (proposed, entry.client)
            case InvoiceFollowed():
                self.going.pop(entry.ref, None)
            case DigestSent():
                self.untold = [one for one in self.untold if one.at > entry.at]
            case AlertSent():
                if MARK in entry.marks:
                    self.untold = [one for one in self.untold if one.at > entry.at or is_unproven(one)]
                    self.alerts = [*(at for at in self.alerts if entry.at - at < _HOUR), entry.at]

    def left_over(self, clients: Container[str]) -> dict[str, tuple[InvoiceProposed, str]]:
        """Those that the owner said go to, and whose client has left the books before they were written down."""
        return {ref: (one, key) for ref, (one, key) in self.going.items() if key not in clients}

    def after(self, settled: ProposalSettled) -> Proposals:
        """These with one answered, to read."""
        copy = replace(self, waiting={**self.waiting}, going={**self.going}, whose={**self.whose})
        copy.take_in(settled)
        return copy

    def forget(self, about: Callable[[InvoiceProposed | SendingUnclear], bool]) -> None:
        """Take out a person, as in the journal: what says nothing any more is not told, nor written down."""

        def changed(one: _Sent) -> _Sent:
            return without_people(one) if about(one) else one

        self.untold = [one for one in self.untold if not about(one)]
        self.unproven = {mail: changed(one) for mail, one in self.unproven.items()}
        self.waiting = {ref: changed(one) for ref, one in self.waiting.items()}
        self.going = {ref: (changed(one), key) for ref, (one, key) in self.going.items() if not about(one)}

    def _note_proven(self, mail: str) -> None:
        """Whatever an unproven copy of it was taken for is no news."""
        self.mails.add(mail)
        if self.unproven.pop(mail, None) is not None:
            self.untold = [one for one in self.untold if not (is_unproven(one) and one.mail == mail)]


def _same(one: InvoiceProposed, other: InvoiceProposed) -> bool:
    """Whether both are one invoice, the newer perhaps with other figures: only one of them can be followed."""
    whose, others = (set(entry.clients or entry.recipients) for entry in (one, other))
    return one.number == other.number and whose == others


def told_of(proposals: Proposals) -> tuple[InvoiceProposed | SendingUnclear, ...]:
    """What the owner is to be told at once.

    What was answered meanwhile is no news; and nobody has us write to her by mail in her name that nothing proves.
    """
    return tuple(
        one
        for one in proposals.untold
        if (one.ref in proposals.waiting if isinstance(one, InvoiceProposed) else not is_unproven(one))
    )


def not_followed(proposals: Proposals) -> tuple[SendingUnclear, ...]:
    """What the digest says of mails that propose nothing: all that was not told at once."""
    return tuple(one for one in proposals.untold if isinstance(one, SendingUnclear))


def is_unproven(one: InvoiceProposed | SendingUnclear) -> bool:
    """Whether nothing says that its mail is the owner's."""
    return isinstance(one, SendingUnclear) and one.because in UNPROVEN
