"""Parcels for the tests of the relay, and the relay in front of an `SmtpPeer`."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Deferred, Parcel, Refused, Security, SmtpSettings, Submission
from tests.canary import PASSWORD
from tests.real.tls import Certificates
from tests.smtp_peer import SmtpPeer

CREDITOR = "fatture@bianchi.example"
CLIENT = "anna@acme.example"
USER = "fatture@bianchi.example"
LETTER = b"Subject: Invoice 2026-041\r\nMessage-ID: <1@bianchi.example>\r\n\r\nGood morning.\r\n"


def a_parcel(
    recipient: str = CLIENT, *, content: bytes = LETTER, sender: str = CREDITOR, envelope_id: str = "k1.aB-9"
) -> Parcel:
    return Parcel(sender=sender, recipient=recipient, content=content, envelope_id=envelope_id)


def smtp_settings(port: int, **settings: Any) -> SmtpSettings:
    """On the loopback and in clear text, without a pace, where the test does not say otherwise."""
    usual: dict[str, Any] = {"host": "localhost", "security": Security.NONE, "per_minute": 0}
    return SmtpSettings(port=port, **(usual | settings))


def secured(certificates: Certificates, security: Security = Security.STARTTLS) -> dict[str, Any]:
    """Settings of `relay_to` for a peer that speaks TLS and wants a log-in with `PASSWORD`."""
    return {
        "security": security,
        "ca_file": str(certificates.ca_file),
        "username": USER,
        "password": lambda: PASSWORD,
    }


def secrets_said(peer: SmtpPeer) -> list[str]:
    """The commands by which something confidential went out."""
    return [command for command in peer.commands if command.startswith(("AUTH", "MAIL"))]


@asynccontextmanager
async def relay_to(
    peer: SmtpPeer,
    *,
    password: Callable[[], str] | None = None,
    reply_timeout: float = 5.0,
    connect_timeout: float = 5.0,
    login_pause: float = 60.0,
    **settings: Any,
) -> AsyncIterator[SmtpRelay]:
    """A relay in front of the peer, closed at the end."""
    relay = SmtpRelay(
        smtp_settings(peer.port, **settings),
        password,
        reply_timeout=reply_timeout,
        connect_timeout=connect_timeout,
        login_pause=login_pause,
    )
    try:
        yield relay
    finally:
        await relay.close()


async def send(relay: SmtpRelay, parcel: Parcel | None = None, *, within: float = 60.0) -> Submission:
    """Take a line and submit one parcel; when there is no line, why not."""
    async with relay.line() as line:
        if isinstance(line, Deferred | Refused):
            return line
        return await line.submit(parcel or a_parcel(), asyncio.get_running_loop().time() + within)
