"""Anybody who reads and writes mail in the demo: one mailbox, over IMAP and SMTP like everyone else."""

from __future__ import annotations

import asyncio
from concurrent.futures import Executor
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from typing import TypeVar

import aiosmtplib
from imapclient import SEEN, IMAPClient

from daemon.demo.servers import HOST

T = TypeVar("T")
PASSWORD = "demo"  # noqa: S105  a server on the loopback that lives for half a minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where the embedded servers listen."""

    smtp: int
    imap: int


class Correspondent:
    """One mailbox and its owner's mail program.

    Args:
        rung: set by the server when mail has come.
    """

    def __init__(
        self, name: str, address: str, ports: Ports, rung: asyncio.Event, pool: Executor | None = None
    ) -> None:
        self.name = name
        self.address = address
        self._ports = ports
        self._rung = rung
        self._pool = pool
        self._imap: IMAPClient | None = None
        self._read_up_to = 0  # UID
        self._sent = 0

    async def next_mails(self) -> list[bytes]:
        """Wait for mail and fetch what is new, oldest first."""
        await self._rung.wait()
        self._rung.clear()
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._fetch)

    async def new_mails(self) -> list[bytes]:
        """Fetch what is new now; may be nothing."""
        self._rung.clear()
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._fetch)

    async def send(self, mail: EmailMessage, *, file: bool = False) -> bytes:
        """Send a mail; with `file` a copy goes into Sent, as mail programs do it.  Returns it as it went."""
        self._sent += 1
        content = mail.as_bytes(policy=SMTP_POLICY)
        envelope_to = [address.addr_spec for address in mail["To"].addresses]
        await aiosmtplib.send(
            content,
            sender=self.address,
            recipients=envelope_to,
            hostname=HOST,
            port=self._ports.smtp,
            start_tls=False,
        )
        if file:
            await asyncio.get_running_loop().run_in_executor(self._pool, self._file, content)
        return content

    def message_id(self) -> str:
        """A new Message-ID, the same in every run."""
        local, _, domain = self.address.partition("@")
        return f"<{local}.{self._sent + 1}.mail@{domain}>"

    def close(self) -> None:
        if self._imap is not None:
            self._imap.shutdown()

    # In a thread of the pool; one at a time.

    def _fetch(self) -> list[bytes]:
        imap = self._connected()
        imap.noop()  # a server may search among the mails that it has told us of, and no others (RFC 3501 5.2)
        uids = [uid for uid in imap.search(f"UID {self._read_up_to + 1}:*") if uid > self._read_up_to]
        if not uids:
            return []
        fetched = imap.fetch(uids, ["BODY.PEEK[]"])
        self._read_up_to = max(uids)
        return [bytes(fetched[uid][b"BODY[]"]) for uid in sorted(uids)]

    def _file(self, content: bytes) -> None:
        self._connected().append("Sent", content, flags=(SEEN,))

    def _connected(self) -> IMAPClient:
        if self._imap is None:
            self._imap = IMAPClient(HOST, self._ports.imap, ssl=False, timeout=30)
            self._imap.login(self.address, PASSWORD)
            self._imap.select_folder("INBOX", readonly=True)
        return self._imap
