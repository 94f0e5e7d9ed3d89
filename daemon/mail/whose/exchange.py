"""The last mail to or from each client, out of many: for the owner to look at, never to decide on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

from daemon.domain.books.directory import Directory
from daemon.mail.octets.headers import addresses_in
from daemon.mail.octets.parse import parse

_MOST_RECIPIENTS = 50
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


class MailHead(NamedTuple):
    """The header of one mail in the mailbox."""

    role: str  # inbox or sent
    uid: int
    header: bytes


class Seen(NamedTuple):
    """One mail to or from a client."""

    head: MailHead
    at: datetime  # of its Date field, UTC
    sender: str  # lower case


def last_seen(heads: Iterable[MailHead], directory: Directory, now: datetime) -> Mapping[str, Seen]:
    """The newest mail of each client, by key: from one of their addresses, or to one of them.

    A Date that is missing, or lies in the future, makes a mail the oldest: strangers write it.
    """
    found: dict[str, Seen] = {}
    for head in heads:
        mail = parse(head.header)
        at = mail.sent_at if mail.sent_at and mail.sent_at <= now else _NEVER
        fields = [mail.sender] if head.role == "inbox" else [
            address for name in ("to", "cc") for field in mail.headers.all(name)
            for address in addresses_in(field, most=_MOST_RECIPIENTS)
        ]  # fmt: skip
        for client in {key for address in fields for key in _clients(address, directory)}:
            if client not in found or found[client].at <= at:
                found[client] = Seen(head, at, mail.sender)
    return found


def _clients(address: str, directory: Directory) -> tuple[str, ...]:
    if address in directory.owner:
        return ()
    return directory.addresses.get(address) or directory.domains.get(address.rpartition("@")[2], ())
