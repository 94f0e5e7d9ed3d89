"""What the owner has told us of one client, beside holds and promises, as it stands now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from daemon.domain.books.client import Client, Contact, Role
from daemon.domain.journal.told_entries import (
    ContactStated,
    ContactTold,
    NoteTaken,
    PaymentMissing,
    ToldEntry,
    WriteOffReversed,
    WrittenOff,
)

_Entry = TypeVar("_Entry", bound=ToldEntry)


@dataclass(frozen=True, slots=True)
class OwnerTold:
    """A value: what is told next makes another one, so that simulations share it with what happened."""

    contact: ContactTold | None = None  # the last one; `in_force` says whether it still counts
    notes: tuple[NoteTaken, ...] = ()  # oldest first
    written_off: Mapping[str, WrittenOff] = field(default_factory=dict)  # by number
    missing: Mapping[str, PaymentMissing] = field(default_factory=dict)  # by number; the latest

    def after(self, entry: ToldEntry) -> OwnerTold:
        match entry:
            case ContactTold():
                return replace(self, contact=entry)
            case ContactStated():
                return replace(self, contact=None)
            case NoteTaken():
                return replace(self, notes=(*self.notes, entry))
            case PaymentMissing():
                return replace(self, missing={**self.missing, **dict.fromkeys(entry.numbers, entry)})
            case WrittenOff():
                return replace(self, written_off={**self.written_off, **dict.fromkeys(entry.numbers, entry)})
            case WriteOffReversed():
                return replace(self, written_off=_without(self.written_off, entry.numbers))
            case _:
                return self

    def notes_on(self, numbers: tuple[str, ...]) -> list[NoteTaken]:
        """The notes about one of these invoices, or about the client as a whole; oldest first."""
        return [note for note in self.notes if not note.numbers or not set(note.numbers).isdisjoint(numbers)]


NOTHING_TOLD = OwnerTold()  # of nearly every client: one for all


def _without(known: Mapping[str, _Entry], numbers: tuple[str, ...]) -> Mapping[str, _Entry]:
    return {number: entry for number, entry in known.items() if number not in numbers}


# -- the address ------------------------------------------------------------------------------------------------


def addresses_of(client: Client) -> tuple[str, ...]:
    """To whom the YAML has letters go, in order, lower case."""
    return tuple(contact.email.lower() for contact in client.billing)


def in_force(stated: Client, told: ContactTold | None) -> bool:
    """Whether letters go where the owner told us: the YAML still names those that it named then."""
    return told is not None and told.instead_of == addresses_of(stated)


def as_told(stated: Client, told: ContactTold | None) -> Client:
    """The client with the address that the owner told us before those of the YAML.

    Args:
        stated: as the YAML has it.
    """
    if told is None or not in_force(stated, told):
        return stated
    wanted = told.address.lower()
    known = next((contact for contact in stated.contacts if contact.email.lower() == wanted), None)
    if known is None:
        first = Contact(name=told.name or stated.name, email=told.address)
    else:
        first = replace(known, role=Role.BILLING, from_level=None)
    return replace(stated, contacts=(first, *(contact for contact in stated.contacts if contact is not known)))
