"""Entries about invoices that the owner sends by hand, with a copy to us: proposed, answered, followed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

import msgspec

from daemon.domain.journal.entry import ClientEntry, Entry


class Unclear(StrEnum):
    """Why nothing is proposed; the phrases for it are `unclear_...` of `digest:`."""

    FILE = "file"  # an invoice file with a fault
    SIZE = "size"  # the mail is larger than what is read of one
    AMOUNT = "amount"  # of a tag: how much, and in which currency
    DAY = "day"
    PAST = "past"  # it would have been due before it was sent
    AMBIGUOUS = "ambiguous"
    DIFFERS = "differs"  # a tag and a file, or two files, say differently what one number is
    KNOWN = "known"  # the books have it
    UNPROVEN = "unproven"  # nothing says that the mail is hers
    LOOK_UP = "look-up"  # nothing says so yet: her signature could not be looked up, and is looked up again


class InvoiceProposed(Entry, frozen=True, kw_only=True, gc=False):
    """An invoice was read out of a copy of the owner's mail; nothing is done about it before the owner says go."""

    on: date
    ref: str  # what it is known by: the same figures to the same people have the same
    mail: str  # digest of the mail
    subject: str
    source: str  # the file that was attached; "": the subject's tag
    clients: tuple[str, ...]  # whose it may be; (): nobody knows
    recipients: tuple[str, ...]  # to whom the mail went, lower case, without us and the owner
    buyer: str = ""  # to whom the document is made out, where it says so
    seller: str = ""  # who issued it, where that is not the creditor by all that is known
    iban: str = ""  # to where it is to be paid, where letters would not say so
    number: str
    owed: Decimal
    currency: str
    due_on: date
    credit: bool = False
    yaml: tuple[str, ...]  # the lines of its YAML below `number` and `client`
    pdf: str = ""  # the invoice for people, as it came with the mail: what it is called
    kept: str = ""  # under which name the archive has it until the invoice is written down
    stranger: tuple[str, ...] = ()  # where nobody knows whose it is: a block for `clients:`


class SendingUnclear(Entry, frozen=True, kw_only=True, gc=False):
    """A copy of the owner's mail names an invoice, and it is not proposed: it cannot be read, or is there already."""

    on: date
    mail: str
    subject: str
    source: str  # as in `InvoiceProposed`; of a tag its text
    because: str  # `Unclear`
    detail: str = ""  # what the reader of the file says; of one that is there already, CLIENT/NUMBER
    clients: tuple[str, ...] = ()  # whose it may have been
    recipients: tuple[str, ...] = ()  # as in `InvoiceProposed`


class ProposalSettled(Entry, frozen=True, kw_only=True, gc=False):
    """The owner answered a proposal."""

    on: date
    ref: str
    client: str  # whose it is from now on; "": it is not followed
    number: str


class InvoiceFollowed(ClientEntry, frozen=True, kw_only=True, gc=False):
    """An invoice that the owner said go to stands in the YAML."""

    on: date
    ref: str
    number: str
    file: str  # absolute path


_Sent = TypeVar("_Sent", InvoiceProposed, SendingUnclear)
SendingEntry = InvoiceProposed | SendingUnclear | ProposalSettled


def without_people(entry: _Sent) -> _Sent:
    """The same fact without names, addresses and words, when its client is forgotten; figures stay."""
    if isinstance(entry, SendingUnclear):
        return msgspec.structs.replace(entry, subject="", source="", detail="", recipients=())
    return msgspec.structs.replace(
        entry, subject="", recipients=(), buyer="", seller="", iban="", pdf="", kept="", yaml=(), stranger=()
    )
