"""Two letters and an answer over lines that are struck: the whole daemon, real servers, little patience."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from daemon.adapters import config_yaml
from daemon.adapters.imap import ImapMailbox
from daemon.adapters.smtp import SmtpRelay
from daemon.domain import journal as j
from daemon.wiring import World
from daemon.wiring.ways_in import ways_in
from tests.real.daemon_house import House, a_client, an_invoice, daemon_at
from tests.real.servers import Account, MailHouse
from tests.real.struck_line import StruckLine

PATIENCE = 1.0  # seconds for an answer of a server; the daemon's own are ten minutes for a letter, one for the mailbox
MORNING = datetime(2026, 11, 2, 7, tzinfo=UTC)  # 8:00 in Rome, a Monday
OPENS = MORNING + timedelta(hours=2, minutes=5)  # the standard policy sends from 10:00 on
_HOUR = timedelta(hours=1)
_LONGEST = 60  # hours until each letter has an end
_ENDS = (j.DeliveryAccepted, j.DeliveryInDoubt, j.DeliveryRefused, j.DeliveryGivenUp)


@dataclass
class LineHouse:
    """A daemon whose lines to both servers go through a man in the middle."""

    house: House
    smtp: StruckLine
    imap: StruckLine
    clients: dict[str, Account]

    async def send(self) -> dict[str, Any]:
        """Open the sending window, and let the hours go by until each letter has an end: the entry that says so."""
        for hours in range(_LONGEST):
            await self.house.at(OPENS + hours * _HOUR)
            ends = {entry.client: entry for entry in self.house.entries() if isinstance(entry, _ENDS)}
            if ends.keys() == self.clients.keys():
                return ends
        raise AssertionError(f"a letter was forgotten: {self.house.entries()[-5:]}")

    def arrived(self, client: str) -> int:
        """How many letters lie in a client's inbox."""
        return len(self.house.has(self.clients[client]))

    async def is_heard(self, text: str, count: int) -> None:
        """What a client writes is understood; it is the so-many-th mail."""
        sender, to = self.clients["acme"].address, self.house.creditor
        mail = (
            f"From: {sender}\r\nTo: {to.address}\r\nSubject: Invoice acme-1\r\n"
            f"Message-ID: <answer-{count}@client.test>\r\nDate: Mon, 02 Nov 2026 12:00:00 +0100\r\n\r\n{text}\r\n"
        )
        self.house.mail.dovecot.put(to.username, mail.encode())
        await self.house.recorded(j.ReplyReceived, count)


@asynccontextmanager
async def line_house(mail: MailHouse, folder: Path, *, starttls: bool) -> AsyncIterator[LineHouse]:
    """A daemon that has read its mailbox and holds two letters, whose window is still closed.

    Args:
        starttls: the lines are clear text up to STARTTLS and a secret behind it; else the man in the middle reads all.
    """
    creditor, owner = mail.new_user("fatture"), mail.new_user("giulia")
    clients = {key: mail.new_user(key) for key in ("acme", "beta")}
    postfix, dovecot, known = mail.postfix, mail.dovecot, mail.certificates
    ends: dict[str, Any] = {"tls": known.server_context(), "upstream_tls": known.client_context()}
    ports = (postfix.tls_port, dovecot.tls_port)
    if starttls:
        ends, ports = {}, (postfix.starttls_port, dovecot.starttls_port)
    security = "starttls" if starttls else "tls"
    async with (
        StruckLine(ports[0], "smtp", **ends) as smtp,
        StruckLine(ports[1], "imap", **ends) as imap,
        daemon_at(
            mail, folder, MORNING, creditor=creditor, owner=owner, world=_impatient(folder),
            clients={key: a_client(account, name=f"{key.title()} S.p.A.") for key, account in clients.items()},
            invoices=[an_invoice(f"{key}-1", client=key) for key in clients],
            smtp={"port": smtp.port, "security": security, "connections": 1},
            imap={"port": imap.port, "security": security},
        ) as house,
    ):  # fmt: skip
        yield LineHouse(house, smtp, imap, clients)


def _impatient(folder: Path) -> Callable[[World], World]:
    def world(usual: World) -> World:
        settings = config_yaml.load(folder / "config.yaml").settings
        assert settings is not None
        doors = ways_in(settings)
        relay = SmtpRelay(settings.smtp, doors.smtp, reply_timeout=PATIENCE, connect_timeout=PATIENCE, login_pause=0.2)
        mailbox = ImapMailbox(settings.imap, doors.imap, socket_timeout=PATIENCE, idle_slice=2 * PATIENCE)
        return replace(usual, relay=relay, mailbox=mailbox)

    return world
