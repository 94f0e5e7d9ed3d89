"""An invoice that the owner sends by hand, with a copy to us: whose it may be, and what of it is proposed.

Pure.  Whether the mail is the owner's was decided before; what an attachment or a tag says was read before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from daemon.domain import journal as j
from daemon.domain.books.ledger import Ledger
from daemon.domain.history import History
from daemon.domain.history.proposals import UNPROVEN
from daemon.domain.history.told import in_force
from daemon.domain.incoming.incoming import Form, Incoming
from daemon.domain.incoming.intake import Roster, other_account, other_seller, same_tax_id
from daemon.domain.journal.sending_entries import Unclear

MOST = 10  # invoices of one mail


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """An invoice as an attachment or a tag states it, found good by the config's own reader."""

    invoice: Incoming
    source: str  # the file's name; "": the tag
    due_on: date  # of several parts the first
    yaml: tuple[str, ...]  # the lines of its YAML below `number` and `client`
    clients: tuple[str, ...] = ()  # whose it may be
    stranger: tuple[str, ...] = ()  # a block for `clients:`, for the case that it is nobody's
    pdf: str = ""  # the file for people that came with it; "": none, or nobody can say which
    kept: str = ""  # under which name the archive has it


@dataclass(frozen=True, slots=True, kw_only=True)
class NotStated:
    """Something that was meant to be one and cannot be taken."""

    source: str  # the file's name, or the tag
    because: Unclear
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """A mail of the owner's in which invoices were found; made before the turn in which they are proposed."""

    recipients: tuple[str, ...]  # lower case
    clients: tuple[str, ...] = ()  # whose addresses these are
    found: tuple[Stated | NotStated, ...]

    @property
    def unproven(self) -> bool:
        """Whether it only looks like hers."""
        return any(isinstance(one, NotStated) and one.because in UNPROVEN for one in self.found)


def clients_at(address: str, ledger: Ledger, history: History) -> tuple[str, ...]:
    """Whose address it is: as the YAML names it, or as the owner has told us."""
    wanted, found = address.lower(), []
    for key, client in ledger.clients.items():
        recorded = history.clients.get(key)
        told = recorded.told.contact if recorded else None
        said = told.address.lower() if told is not None and in_force(client, told) else ""
        if wanted == said or any(contact.email.lower() == wanted for contact in client.contacts):
            found.append(key)
    return tuple(found)


def whose(invoice: Incoming, recipients: Sequence[str], ledger: Ledger, history: History) -> tuple[str, ...]:
    """Whose an invoice may be: by whom the mail goes to and whom the document names, which have to agree.

    Returns:
        One key; several where the owner has to say; none where nobody is known.
    """
    to = dict.fromkeys(key for address in recipients for key in clients_at(address, ledger, history))
    buyer = invoice.buyer
    if invoice.form is Form.TAG:  # it names none
        return tuple(to)
    named = Roster(ledger.clients).find(buyer)
    if named:
        both = tuple(key for key in named if key in to)
        return both or (tuple(dict.fromkeys((*to, *named))) if to else named)
    return tuple(key for key in to if not _other_firm(ledger.clients[key].tax_id, buyer.tax_ids))


def now_of(proposed: j.InvoiceProposed, ledger: Ledger, history: History) -> tuple[str, ...]:
    """Whose a proposed invoice may be by what the books say now: a client may have come into them, or gone.

    Where it was shown as somebody's who is gone, it is not whoever's the address has become meanwhile.
    """
    if proposed.clients:
        return tuple(key for key in proposed.clients if key in ledger.clients)
    return tuple(dict.fromkeys(key for address in proposed.recipients for key in clients_at(address, ledger, history)))


def _other_firm(ours: str | None, theirs: Sequence[str]) -> bool:
    return bool(ours and theirs) and not any(same_tax_id(str(ours), one) for one in theirs)


def propose(
    sending: Sending, mail: str, subject: str, ledger: Ledger, known: frozenset[str], *, on: date, at: datetime
) -> tuple[j.AnyEntry, ...]:
    """What follows from a mail in which the owner sends invoices.

    Args:
        mail: its digest.
        known: what was proposed before: `InvoiceProposed.ref`.  Nothing is asked twice.
        on: the creditor's local day.
    """
    about = _OneMail(sending, mail, subject[:200], on, at)
    entries: list[j.AnyEntry] = []
    for one in list(_agreed(sending.found))[:MOST]:
        if isinstance(one, NotStated):
            entries.append(about.unclear(one))
            continue
        number = one.invoice.number
        here = [key for key in one.clients if any(i.number == number for i in ledger.by_client.get(key, ()))]
        if here:
            known_here = NotStated(source=one.source, because=Unclear.KNOWN, detail=f"{here[0]}/{number}")
            entries.append(about.unclear(known_here, here))
        elif (ref := _ref(one, sending.recipients)) not in known:
            entries.append(about.proposed(one, ref, ledger))
    return tuple(entries)


@dataclass(frozen=True, slots=True)
class _OneMail:
    """What every entry that follows from one mail says of it."""

    sending: Sending
    digest: str
    subject: str
    on: date
    at: datetime

    def unclear(self, one: NotStated, clients: Sequence[str] = ()) -> j.SendingUnclear:
        return j.SendingUnclear(
            at=self.at,
            on=self.on,
            mail=self.digest,
            subject=self.subject,
            source=one.source,
            because=one.because,
            detail=one.detail,
            clients=tuple(dict.fromkeys((*self.sending.clients, *clients))),
            recipients=self.sending.recipients,
        )

    def proposed(self, one: Stated, ref: str, ledger: Ledger) -> j.InvoiceProposed:
        invoice = one.invoice
        return j.InvoiceProposed(
            at=self.at,
            on=self.on,
            ref=ref,
            mail=self.digest,
            subject=self.subject,
            source=one.source,
            clients=one.clients,
            recipients=self.sending.recipients,
            buyer=invoice.buyer.name[:200],
            seller=other_seller(invoice, ledger.creditor)[:200],
            iban=other_account(invoice, ledger.creditor)[:50],
            number=invoice.number,
            owed=invoice.total if invoice.payable is None else invoice.payable,
            currency=invoice.currency,
            due_on=one.due_on,
            credit=invoice.credit,
            yaml=one.yaml,
            pdf=one.pdf,
            kept=one.kept,
            stranger=() if one.clients else one.stranger,
        )


def _agreed(found: Sequence[Stated | NotStated]) -> Iterator[Stated | NotStated]:
    """Each number once: the first that states it, unless another states it otherwise."""
    by_number: dict[str, list[Stated]] = {}
    for one in found:
        if isinstance(one, NotStated):
            yield one
        else:
            by_number.setdefault(one.invoice.number, []).append(one)
    for number, several in by_number.items():
        if len({_figures(one) for one in several}) == 1:
            yield several[0]
        else:
            yield NotStated(source=", ".join(one.source or number for one in several), because=Unclear.DIFFERS)


def _figures(one: Stated) -> tuple[object, ...]:
    invoice = one.invoice
    return invoice.total if invoice.payable is None else invoice.payable, invoice.currency, one.due_on, invoice.credit


def _ref(one: Stated, recipients: Sequence[str]) -> str:
    told = "\0".join(map(str, (one.invoice.number, *_figures(one), "", *(one.clients or recipients))))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]
