"""Entries about what the owner tells us of a client: an address, a note, what is given up, money that has not come."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from daemon.domain.journal.entry import ClientEntry


class ToldEntry(ClientEntry, frozen=True, kw_only=True, gc=False):
    """What `daemon.domain.history.told` keeps."""

    on: date


class ContactTold(ToldEntry, frozen=True, kw_only=True, gc=False):
    """Letters to the client go to this address, until the YAML names others or it fails."""

    address: str  # as it is written to
    name: str = ""  # whose it is, where that is known
    instead_of: tuple[str, ...]  # addresses of the YAML then, in order, lower case: when others stand there, they win


class ContactStated(ToldEntry, frozen=True, kw_only=True, gc=False):
    """The YAML names other addresses now than when the owner told one: the YAML counts again."""


class NoteTaken(ToldEntry, frozen=True, kw_only=True, gc=False):
    """The owner's own words, to be remembered.  They change nothing."""

    numbers: tuple[str, ...]  # () : about the client
    text: str


class PaymentMissing(ToldEntry, frozen=True, kw_only=True, gc=False):
    """Money that the client says was paid has not come, says the owner: the ladder goes on."""

    numbers: tuple[str, ...]


class WrittenOff(ToldEntry, frozen=True, kw_only=True, gc=False):
    """The owner gives up what is open: settled from here on, though not paid."""

    numbers: tuple[str, ...]
    amount: Decimal  # what was open of them then
    currency: str
    because: str = ""


class WriteOffReversed(ToldEntry, frozen=True, kw_only=True, gc=False):
    """What was given up is owed again."""

    numbers: tuple[str, ...]
