"""What the tests of the mailbox have in common: servers, settings for them, mails, and a reader with its cursors."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import trustme

from daemon.adapters.imap import ImapMailbox
from daemon.ports import Batch, Cursor, Fetched, ImapSettings, Secret, Security
from tests.canary import PASSWORD
from tests.imap_peer import ImapPeer

OVER = ("plain", "tls")  # imapclient fails differently on each


@asynccontextmanager
async def a_peer(over: str, folder: Path) -> AsyncIterator[ImapPeer]:
    """A scripted server, in clear text or over TLS."""
    if over == "plain":
        async with ImapPeer() as peer:
            yield peer
        return
    ca = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    ca.cert_pem.write_to_path(f"{folder}/ca.pem")
    async with ImapPeer(tls=context) as peer:
        peer.ca_file = f"{folder}/ca.pem"
        yield peer


def settings_for(peer: ImapPeer) -> ImapSettings:
    return settings(peer.port, ca_file=peer.ca_file, security=Security.TLS if peer.ca_file else Security.NONE)


def mailbox_at(peer: ImapPeer, *, patience: float = 2.0, idle_slice: float = 60.0) -> ImapMailbox:
    return ImapMailbox(settings_for(peer), lambda: PASSWORD, socket_timeout=patience, idle_slice=idle_slice)


async def listening(peer: ImapPeer, mailbox: ImapMailbox) -> "asyncio.Task[None]":
    """A task in `wait()`, and the server has begun to idle."""
    task = asyncio.create_task(mailbox.wait(60))
    await asyncio.wait_for(peer.idling.wait(), 5)
    return task


def settings(port: int, **changes: object) -> ImapSettings:
    """For a server on the loopback; clear text unless said otherwise."""
    ca_file = changes.pop("ca_file", None)
    stated: dict[str, object] = {
        "host": "localhost",
        "port": port,
        "security": Security.NONE,
        "username": "fatture@bianchi.example",
        "password": Secret(how="env", where=("IMAP_PASSWORD",)),
        "ca_file": str(ca_file) if isinstance(ca_file, str | Path) else None,
    }
    return ImapSettings(**(stated | changes))  # type: ignore[arg-type]


def a_mail(number: int | str, *, body: str = "Pago venerdì.", date: str = "Mon, 16 Nov 2026 10:00:00 +0100") -> bytes:
    """A small reply; its Message-ID is `<number@acme.example>`."""
    return (
        f"From: Anna Verdi <anna@acme.example>\r\nTo: fatture@bianchi.example\r\nSubject: Re: {number}\r\n"
        f"Message-ID: <{number}@acme.example>\r\nDate: {date}\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


class Reader:
    """Reads a mailbox as the listening loop does: each batch moves the cursor of its folder."""

    def __init__(self, mailbox: ImapMailbox) -> None:
        self.mailbox = mailbox
        self.cursors: dict[str, Cursor] = {}
        self.batches: list[Batch] = []  # of the last read

    async def read(self) -> dict[str, list[bytes]]:
        """What is new, by folder; folders with nothing new are left out."""
        self.batches = []
        async for batch in self.mailbox.read(dict(self.cursors)):
            self.take(batch)
        assert {batch.folder for batch in self.batches if batch.at_end} == {batch.folder for batch in self.batches}
        found: dict[str, list[bytes]] = {}
        for batch in self.batches:
            if batch.mails:
                found.setdefault(batch.folder, []).extend(mail.content for mail in batch.mails)
        return found

    def take(self, batch: Batch) -> None:
        self.batches.append(batch)
        self.cursors[batch.folder] = Cursor(batch.uidvalidity, batch.last_uid)

    def mails(self) -> list[Fetched]:
        """All mails of the last read."""
        return [mail for batch in self.batches for mail in batch.mails]
