"""Somebody on the way to a mail server: whatever they present, no password and no letter is said to them (F11, F12)."""

from __future__ import annotations

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Accepted, Security, Unreachable
from tests.canary import PASSWORD
from tests.imap_desk import settings as imap_settings
from tests.real.tls import Certificates
from tests.smtp_parcels import USER, send, smtp_settings

HELLO = {"smtp": b"220 mx.test ESMTP\r\n", "imap": b"* OK [CAPABILITY IMAP4rev1 STARTTLS AUTH=PLAIN] ready\r\n"}
GO_ON = {"smtp": b"220 2.0.0 go on\r\n", "imap": b"%s OK go on\r\n"}
KNOWN = Certificates()


def self_signed(folder: Path) -> ssl.SSLContext:
    """The right name and time, and nobody vouches for it but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1))
    made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


def old_tls() -> ssl.SSLContext:
    """The right certificate, and TLS 1.1 at best, as one who wants to read along would have it (RFC 8996)."""
    context = KNOWN.server_context()
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore"):  # old is what it is meant to be
        context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    return context


Presented = tuple[ssl.SSLContext, Certificates]  # what a server shows, and whose authority we trust


def of(shown: Certificates) -> Presented:
    return shown.server_context(), shown


STRANGERS: dict[str, Callable[[Path], Presented]] = {
    "another name": lambda _: of(Certificates(("elsewhere.example",))),
    "expired": lambda _: of(Certificates(expired=True)),
    "another authority": lambda _: (Certificates().server_context(), KNOWN),
    "self-signed": lambda folder: (self_signed(folder), KNOWN),
    "old TLS": lambda _: (old_tls(), KNOWN),
}


class Stranger:
    """A server that speaks up to the end of the handshake, and writes down what is said to it."""

    def __init__(
        self,
        protocol: str,
        context: ssl.SSLContext | None,
        *,
        before: bytes = b"",
        behind: bytes = b"",
        hello: bytes = b"",
        can: str = "IMAP4rev1 STARTTLS AUTH=PLAIN",
    ) -> None:
        self.heard: list[bytes] = []
        self._protocol, self._context, self._before, self._behind = protocol, context, before, behind
        self._hello, self._can = hello or HELLO[protocol], can.encode()

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(self._hello)
            while line := await reader.readline():
                self.heard.append(line)
                tag, upper = line.split()[0], line.upper()
                if b"STARTTLS" in upper and self._context is not None:
                    answer = GO_ON[self._protocol]
                    writer.write(self._before + (answer % tag if b"%s" in answer else answer) + self._behind)
                    await writer.drain()
                    await writer.start_tls(self._context)
                elif upper.startswith(b"EHLO"):
                    writer.write(b"250-mx.test\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n")
                elif b"CAPABILITY" in upper:
                    writer.write(b"* CAPABILITY " + self._can + b"\r\n" + tag + b" OK done\r\n")
                else:
                    writer.write(b"250 fine\r\n" if self._protocol == "smtp" else tag + b" OK fine\r\n")
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    @property
    def told(self) -> list[bytes]:
        """What was said to it beyond the question for TLS."""
        return [line for line in self.heard if not {b"EHLO", b"STARTTLS", b"CAPABILITY"} & {*line.upper().split()}]


@asynccontextmanager
async def listening(stranger: Stranger, context: ssl.SSLContext | None) -> AsyncIterator[int]:
    server = await asyncio.start_server(stranger.talk, "127.0.0.1", 0, ssl=context)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def refused(protocol: str, port: int, security: Security, trusted: Certificates) -> str:
    """Why we do not speak to it."""
    ca_file = str(trusted.ca_file)
    if protocol == "imap":
        mailbox = ImapMailbox(
            imap_settings(port, security=security, ca_file=ca_file), lambda: PASSWORD, socket_timeout=3
        )
        with pytest.raises(Unreachable) as told:
            await mailbox.folders()
        await mailbox.close()
        return str(told.value)
    settings = smtp_settings(port, security=security, ca_file=ca_file, username=USER)
    relay = SmtpRelay(settings, lambda: PASSWORD, connect_timeout=3.0)
    answer = await send(relay)
    await relay.close()
    assert not isinstance(answer, Accepted)
    return str(getattr(answer, "reason", answer))


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.parametrize("protocol", ["smtp", "imap"])
@pytest.mark.parametrize("presented", STRANGERS)
async def test_F12_whatever_a_stranger_presents_nothing_is_said_to_them(
    presented: str, protocol: str, security: Security, tmp_path: Path
) -> None:
    context, trusted = STRANGERS[presented](tmp_path)
    at_once = security is Security.TLS
    stranger = Stranger(protocol, None if at_once else context)
    async with listening(stranger, context if at_once else None) as port:
        told = await refused(protocol, port, security, trusted)

    assert ("certificate" in told.lower()) is (presented != "old TLS"), told
    assert stranger.told == []


async def test_F11_what_is_slipped_in_behind_the_answer_to_starttls_is_not_heard() -> None:
    """In one packet with it, in clear: it would be taken for the answer to our next command."""
    stranger = Stranger("smtp", KNOWN.server_context(), behind=b"250-mx.test\r\n250 AUTH LOGIN\r\n")
    async with listening(stranger, None) as port:
        await refused("smtp", port, Security.STARTTLS, KNOWN)

    assert [line.split()[:2] for line in stranger.told[:1]] == [[b"AUTH", b"PLAIN"]], "as it was offered behind TLS"


async def test_F11_what_is_said_before_the_answer_to_starttls_is_forgotten() -> None:
    """RFC 3501 section 6.2.1: what a server can do is to be asked anew, of the encrypted line."""
    nothing = b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n"
    stranger = Stranger("imap", KNOWN.server_context(), before=nothing, behind=nothing)
    async with listening(stranger, None) as port:
        stated = imap_settings(port, security=Security.STARTTLS, ca_file=str(KNOWN.ca_file))
        mailbox = ImapMailbox(stated, lambda: PASSWORD, socket_timeout=3)
        with suppress(Unreachable):  # it has no folders
            await mailbox.folders()
        await mailbox.close()

    assert [line for line in stranger.told if b"LOGIN" in line] != []


async def test_F11_who_says_that_we_are_logged_in_already_is_not_believed() -> None:
    """PREAUTH leaves no room for STARTTLS (RFC 3501 section 7.1.4), so that all would go on in clear."""
    stranger = Stranger("imap", None, hello=b"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n", can="IMAP4rev1")
    async with listening(stranger, None) as port:
        told = await refused("imap", port, Security.STARTTLS, KNOWN)

    assert "starttls" in told.lower()
    assert stranger.told == []
