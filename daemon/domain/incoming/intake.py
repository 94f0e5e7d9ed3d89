"""What an invoice from elsewhere is to our books: whose it is, and whether it is new, known, or known otherwise."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from daemon.domain.books.client import Client, Creditor
from daemon.domain.books.invoice import Invoice
from daemon.domain.incoming.incoming import Incoming, Party

_LEAST_DIGITS = 5  # of a tax number that tells two firms apart
_NO_ACCOUNT = "the config names no account (`creditor: payment: iban`)"


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that our books have otherwise."""

    key: str  # as the YAML calls it
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.key} {self.ours or 'none'} -> {self.theirs or 'none'}"


def bare(tax_id: str) -> str:
    """A tax number without the signs between its letters and digits, in capitals."""
    return re.sub(r"[^A-Z0-9]", "", tax_id.upper())


def same_tax_id(one: str, other: str) -> bool:
    """Whether two tax numbers are one; a country in front may be left out on one side."""
    first, second = bare(one), bare(other)
    if min(sum(sign.isdigit() for sign in first), sum(sign.isdigit() for sign in second)) < _LEAST_DIGITS:
        return False
    if first == second:
        return True
    return first[:2].isalpha() != second[:2].isalpha() and _without_country(first) == _without_country(second)


def folded(name: str) -> str:
    """A firm's name without case, accents and signs: `ACME S.p.A.` and `Acme SpA` are one."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[^a-z0-9\u0370-\uffff]", "", plain.replace("ı", "i").replace("ß", "ss"))


class Roster:
    """Our clients, to be found by what a document says of a buyer."""

    def __init__(self, clients: Mapping[str, Client]) -> None:
        self._clients = clients
        self._by_tax: dict[str, list[str]] = {}  # the number without its country
        self._by_name: dict[str, list[str]] = {}
        self._by_email: dict[str, list[str]] = {}
        for key, client in clients.items():
            if client.tax_id:
                self._by_tax.setdefault(_without_country(client.tax_id), []).append(key)
            self._by_name.setdefault(folded(client.name), []).append(key)
            for contact in client.contacts:
                self._by_email.setdefault(contact.email.lower(), []).append(key)

    def find(self, buyer: Party) -> tuple[str, ...]:
        """Who the buyer is: by tax number, else by name, else by an address.

        A name or an address never makes one of two whose tax numbers are known and differ.

        Returns:
            One key; none for a stranger; several where that cannot be told.
        """
        by_tax = [
            key
            for theirs in buyer.tax_ids
            for key in self._by_tax.get(_without_country(theirs), ())
            if same_tax_id(self._clients[key].tax_id or "", theirs)
        ]
        if len(set(by_tax)) == 1:
            return (by_tax[0],)
        name = folded(buyer.name)
        if by_tax:  # branches of one firm
            named = [key for key in dict.fromkeys(by_tax) if folded(self._clients[key].name) == name]
            return tuple(named) if len(named) == 1 else tuple(dict.fromkeys(by_tax))
        named = self._without_other_number(self._by_name.get(name, ()) if name else (), buyer)
        if named:
            return tuple(named)
        addresses = [address.lower() for address in (buyer.email, buyer.certified) if address]
        known = [key for address in addresses for key in self._by_email.get(address, ())]
        return tuple(self._without_other_number(dict.fromkeys(known), buyer))

    def _without_other_number(self, keys: Iterable[str], buyer: Party) -> list[str]:
        return [key for key in keys if not (self._clients[key].tax_id and buyer.tax_ids)]


def _without_country(tax_id: str) -> str:
    plain = bare(tax_id)
    return plain[2:] if plain[:2].isalpha() else plain


def not_ours(incoming: Incoming, creditor: Creditor) -> str:
    """Why a document is none of our own invoices: others wrote it, or it was written to us.  Empty: it is ours."""
    seller, buyer = incoming.seller, incoming.buyer
    if _is(buyer, creditor) and not _is(seller, creditor):
        return f"an invoice to you, from {seller.name or 'somebody else'}: what you have to pay is not followed up"
    if creditor.tax_id and seller.tax_ids and not _is(seller, creditor):
        return (
            f"issued by {seller.name or 'a firm'} with the tax number {seller.tax_ids[0]}; yours is {creditor.tax_id}"
            " (`creditor: tax_id`)"
        )
    return ""


def doubts(incoming: Incoming, creditor: Creditor) -> tuple[str, ...]:
    """What does not fit to what the config says of us, and is worth a word."""
    found = []
    if name := other_seller(incoming, creditor):
        found.append(f"issued by {name}, and the config says {creditor.name}: is it yours?")
    if iban := other_account(incoming, creditor):
        ours = creditor.payment.in_currency(incoming.currency).iban
        said = f"the letters will say {ours}, as the config does"
        found.append(f"to be paid to {iban}; {said if ours else _NO_ACCOUNT}")
    return tuple(found)


def other_seller(incoming: Incoming, creditor: Creditor) -> str:
    """Who issued a document, where that is not us by all that is known; else nothing."""
    return "" if _is(incoming.seller, creditor) else incoming.seller.name


def other_account(incoming: Incoming, creditor: Creditor) -> str:
    """The IBANs to one of which a document is to be paid, where the letters name none of them; else nothing."""
    ours = creditor.payment.in_currency(incoming.currency).iban or ""
    return "" if bare(ours) in map(bare, incoming.ibans) else ", ".join(incoming.ibans)


def _is(party: Party, creditor: Creditor) -> bool:
    if creditor.tax_id and party.tax_ids:
        return any(same_tax_id(creditor.tax_id, theirs) for theirs in party.tax_ids)
    return bool(party.name) and folded(party.name) == folded(creditor.name)


def changes(ours: Invoice, theirs: Invoice) -> tuple[Change, ...]:
    """What two statements of one invoice say differently, of all that decides what is owed and when.

    What only one of them states of its date is no difference.  The owner's own entries (payments, holds, a policy, a
    method) are no matter of the document.
    """
    found = []
    if ours.credit != theirs.credit:
        found.append(Change("credit", _word(ours.credit), _word(theirs.credit)))
    if ours.currency != theirs.currency:
        found.append(Change("currency", ours.currency, theirs.currency))
    if ours.total.amount != theirs.total.amount:
        found.append(Change("total", str(ours.total.amount), str(theirs.total.amount)))
    if ours.owed.amount != theirs.owed.amount and (ours.payable or theirs.payable):
        found.append(Change("payable", _figure(ours), _figure(theirs)))
    if ours.issued_on and theirs.issued_on and ours.issued_on != theirs.issued_on:
        found.append(Change("issued", str(ours.issued_on), str(theirs.issued_on)))
    if not ours.credit and not theirs.credit and _parts(ours) != _parts(theirs):
        if ours.instalments or theirs.instalments:
            found.append(Change("instalments", _shown(_parts(ours)), _shown(_parts(theirs))))
        else:
            found.append(Change("due", str(ours.due_on), str(theirs.due_on)))
    return tuple(found)


Part = tuple[date, Decimal]


def _parts(invoice: Invoice) -> tuple[Part, ...]:
    if invoice.instalments:
        return tuple((part.due_on, part.amount) for part in invoice.instalments)
    return ((invoice.due_on, Decimal(0)),)


def _shown(parts: Iterable[Part]) -> str:
    return ", ".join(f"{due}: {amount}" if amount else str(due) for due, amount in parts)


def _figure(invoice: Invoice) -> str:
    return str(invoice.payable.amount) if invoice.payable else ""


def _word(value: bool) -> str:
    return "true" if value else "false"


def same_party(one: Party, other: Party) -> bool:
    """Whether two documents name one firm: by tax number where both have any, else by name, else by address."""
    if one.tax_ids and other.tax_ids:
        return any(same_tax_id(mine, theirs) for mine in one.tax_ids for theirs in other.tax_ids)
    if one.name or other.name:
        return folded(one.name) == folded(other.name)
    return bool(one.email) and one.email.lower() == other.email.lower()
