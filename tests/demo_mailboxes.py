"""What really arrived in the mailboxes of a time-lapse, seen without the daemon's journal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daemon.demo.answers import parsed, text_of
from daemon.demo.show import Performance
from daemon.demo.stage import CREDITOR, OWNER
from daemon.demo.story import read_books

ZONES = {key: ZoneInfo(known.get("timezone", "Europe/Rome")) for key, known in read_books()[0].items()}
ADDRESSES = {contact["email"]: key for key, known in read_books()[0].items() for contact in known["contacts"]}
DOMAINS = {address.partition("@")[2]: key for address, key in ADDRESSES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """One mail in somebody's mailbox."""

    client: str
    at: datetime  # in the client's time zone
    to: str
    automatic: bool
    subject: str
    text: str
    message_id: str

    @property
    def on(self) -> date:
        return self.at.date()


def letters(played: Performance) -> list[Mail]:
    """The daemon's letters, those included that were lost on the way after the relay had taken them."""
    arrivals = [(one.at, one.to, one.content) for one in played.servers.arrivals if one.to not in (CREDITOR, OWNER)]
    arrivals += [(one.at, one.to, one.content) for one in played.servers.lost if one.content]
    found = [_mail(ADDRESSES[to], at, to, content) for at, to, content in arrivals]
    return sorted((mail for mail in found if mail.automatic), key=lambda mail: mail.at)


def answers(played: Performance) -> list[Mail]:
    """What people at the clients wrote themselves."""
    found = [
        _mail(DOMAINS[one.sender.partition("@")[2]], one.at, one.to, one.content)
        for one in played.servers.arrivals
        if one.to == CREDITOR and one.sender.partition("@")[2] in DOMAINS
    ]
    return [mail for mail in found if not mail.automatic]


def digests(played: Performance) -> list[str]:
    mails = [parsed(one.content) for one in played.servers.arrivals if one.to == OWNER]
    return [text_of(mail) for mail in mails if mail["X-Sollecito-Loop"] == "digest"]


def _mail(client: str, at: datetime, to: str, content: bytes) -> Mail:
    mail = parsed(content)
    return Mail(
        client=client,
        at=at.astimezone(ZONES[client]),
        to=to,
        automatic="Auto-Submitted" in mail,
        subject=str(mail["Subject"]),
        text=text_of(mail),
        message_id=str(mail["Message-ID"]),
    )
