"""The embedded mail servers: aiosmtpd takes mail in, pymap lets people read it.  Real sockets, on the loopback only.

Every mailbox of the demo lies here, the daemon's and the clients'.  An address that nobody has either is refused at
RCPT, or its letter is taken and comes back as a report some minutes later, as real servers do it.
"""

from __future__ import annotations

import asyncio
import uuid
from argparse import Namespace
from collections.abc import Callable, Coroutine, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Identity, Login
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

from daemon.demo.bounce import delivery_report
from daemon.ports import Clock

HOST = "127.0.0.1"
NAME = "mail.demo.example"
_BOUNCE_AFTER = timedelta(minutes=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One mail as it was put into a mailbox."""

    at: datetime  # UTC
    to: str  # the mailbox
    sender: str  # envelope
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One mail that could not be delivered."""

    at: datetime
    to: str
    content: bytes  # b"" where it was refused before it was sent


class MailServers:
    """Both servers and the mailboxes behind them.

    Args:
        refused: addresses that are refused at RCPT; any other unknown one is found out later and reported.
        spawn: runs a coroutine beside the caller.
    """

    def __init__(
        self, clock: Clock, *, refused: Iterable[str], spawn: Callable[[Coroutine[Any, Any, None]], object]
    ) -> None:
        self.smtp_port = self.imap_port = 0
        self.arrivals: list[Arrival] = []
        self.lost: list[Lost] = []
        self._clock = clock
        self._refused = frozenset(refused)
        self._spawn = spawn
        self._rung: dict[str, asyncio.Event] = {}
        self._reports = 0
        self._config = Config(
            Namespace(passlib_cfg=None, proxy_protocol=None),
            host=HOST,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            reject_dnsbl=False,
            hash_context=Cleartext(),
            subsystem=Subsystem.for_asyncio(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._login = Login(self._config)

    async def start(self, stack: AsyncExitStack) -> None:
        """Listen on free ports until the stack is closed."""
        self._config.apply_context()
        loop = asyncio.get_running_loop()
        smtp = await loop.create_server(self._smtp, HOST, 0)
        imap = await asyncio.start_server(self._imap(), HOST, 0)
        for server in (smtp, imap):
            stack.callback(server.close)
        self.smtp_port = smtp.sockets[0].getsockname()[1]
        self.imap_port = imap.sockets[0].getsockname()[1]

    async def open_mailbox(self, address: str, password: str, folders: Iterable[str] = ()) -> asyncio.Event:
        """Give somebody a mailbox; the event is set whenever mail has come, as a telephone would tell it."""
        self._login.users_dict[address] = UserMetadata(self._config, address, password=password)
        async with Identity(address, self._login, None, frozenset()).new_session() as session:
            for folder in folders:
                await session.mailbox_set.add_mailbox(folder)
        self._rung[address] = asyncio.Event()
        return self._rung[address]

    def last_uids(self, address: str) -> Mapping[str, int]:
        """The highest UID of each folder that this mailbox has, given or not."""
        mailboxes, _ = self._config.set_cache[address]
        # pymap tells it only to a coroutine; the question comes from the selector, where none can run.
        return {"INBOX": mailboxes._inbox._max_uid} | {n: folder._max_uid for n, folder in mailboxes._set.items()}

    # -- SMTP: the methods that aiosmtpd calls --------------------------------------------------------------------

    def _smtp(self) -> SMTP:
        return SMTP(self, hostname=NAME, ident="ESMTP", enable_SMTPUTF8=True)

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower() in self._refused:
            self.lost.append(Lost(at=self._clock.now(), to=address.lower(), content=b""))
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)  # aiosmtpd decodes only when asked to
        content, sender = envelope.content, envelope.mail_from or ""
        for to in envelope.rcpt_tos:
            address = to.lower()
            if address in self._rung:
                await self._deliver(address, sender, content)
            else:
                self.lost.append(Lost(at=self._clock.now(), to=address, content=content))
                self._spawn(self._report(address, sender, content))
        return "250 2.0.0 Ok: queued"

    async def _deliver(self, address: str, sender: str, content: bytes) -> None:
        now = self._clock.now()
        stamp = [f"Return-Path: <{sender}>"]
        if sender:  # whoever writes has a mailbox here, and cannot write in another's name
            stamp.append(f"Authentication-Results: {NAME}; dmarc=pass header.from={sender.rpartition('@')[2]}")
        stamp.append(f"Received: by {NAME} with ESMTP for <{address}>;\r\n {format_datetime(now)}")
        whole = "".join(f"{field}\r\n" for field in stamp).encode() + content
        self.arrivals.append(Arrival(at=now, to=address, sender=sender, content=whole))
        self._config.apply_context()
        async with Identity(address, self._login, None, frozenset()).new_session() as session:
            await session.append_messages("INBOX", [AppendMessage(whole, now, frozenset())])
        self._rung[address].set()

    async def _report(self, address: str, sender: str, content: bytes) -> None:
        await self._clock.sleep_until(self._clock.now() + _BOUNCE_AFTER)
        self._reports += 1
        report = delivery_report(
            content, sender=sender, recipient=address, host=NAME, serial=self._reports, at=self._clock.now()
        )
        if sender in self._rung:  # never a report about a report: its envelope is empty
            await self._deliver(sender, "", report)

    # -- IMAP -----------------------------------------------------------------------------------------------------

    def _imap(self) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]:
        server = IMAPServer(self._login, self._config)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Not through pymap's own ProxyProtocolReader: it drops the reference to its task.
            told = SocketInfo.get(writer, ProxyResultLocal(), unique_id=uuid.uuid4().bytes)
            await server(reader, writer, told)

        return serve
