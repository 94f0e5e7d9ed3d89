"""The scripted SMTP server does what it is told, phase by phase (asked with smtplib and aiosmtplib)."""

import asyncio
import smtplib
import socket
import ssl
import time

import aiosmtplib
import pytest
import trustme

from tests.canary import PASSWORD
from tests.smtp_peer import After, SmtpPeer

LETTER = b"From: owner@example.test\r\nTo: anna@client.test\r\nSubject: x\r\n\r\nfirst\r\n.second\r\n"


@pytest.fixture(scope="module")
def ca() -> trustme.CA:
    return trustme.CA()


def server_context(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    return context


def client_context(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    ca.configure_trust(context)
    return context


def _send(port: int, *, times: int = 1, options: tuple[str, ...] = (), patience: float = 5.0) -> None:
    with smtplib.SMTP("localhost", port, timeout=patience) as line:
        for _ in range(times):
            line.sendmail("owner@example.test", ["anna@client.test"], LETTER, rcpt_options=options)


async def send(peer: SmtpPeer, *, times: int = 1, options: tuple[str, ...] = (), patience: float = 5.0) -> None:
    await asyncio.to_thread(_send, peer.port, times=times, options=options, patience=patience)


async def test_a_good_peer_keeps_what_it_accepted_byte_by_byte() -> None:
    async with SmtpPeer() as peer:
        await send(peer, options=("NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;anna@client.test"))

    [message] = peer.accepted
    assert (message.sender, message.recipients) == ("owner@example.test", ["anna@client.test"])
    assert message.data == LETTER
    assert message.rcpt_parameters["anna@client.test"] == ["NOTIFY=FAILURE,DELAY", "ORCPT=rfc822;anna@client.test"]
    assert message.mail_parameters == [f"size={len(LETTER)}"]
    assert peer.commands[-1].upper() == "QUIT"


@pytest.mark.parametrize(
    ("phase", "error"),
    [
        ("connect", smtplib.SMTPConnectError),
        ("mail", smtplib.SMTPSenderRefused),
        ("rcpt", smtplib.SMTPRecipientsRefused),
        ("data", smtplib.SMTPDataError),
        ("dot", smtplib.SMTPDataError),
    ],
)
async def test_every_phase_can_refuse(phase: str, error: type[Exception]) -> None:
    async with SmtpPeer() as peer:
        peer.script[phase] = "452 4.3.1 not now\n452 in two lines"
        with pytest.raises(error, match="452"):
            await send(peer)

    assert peer.accepted == []
    assert len(peer.received) == (phase == "dot")


@pytest.mark.parametrize("phase", ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot"])
@pytest.mark.parametrize("how", ["hang up", "reset"])
async def test_every_phase_can_cut_the_line(phase: str, how: str) -> None:
    async with SmtpPeer() as peer:
        peer.script[phase] = how
        with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionError)):
            await send(peer)

    assert peer.accepted == []
    assert len(peer.received) == (phase == "dot")


@pytest.mark.parametrize("phase", ["connect", "ehlo", "mail", "rcpt", "data", "body", "dot"])
async def test_every_phase_can_hang(phase: str) -> None:
    async with SmtpPeer() as peer:
        peer.script[phase] = "hang"
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            await send(peer, patience=0.1)

    assert peer.accepted == []


async def test_F3_what_comes_after_a_client_gave_up_in_mid_body_is_still_seen() -> None:
    """The raw material of F3: the bytes lie in the server's buffer, the client has gone."""
    async with SmtpPeer(body=After(0.3)) as peer:
        with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
            await send(peer, patience=0.1)
        [message] = await peer.wait_for(within=2)

    assert message.data == LETTER


async def test_a_sequence_is_used_up_and_its_last_answer_stays() -> None:
    async with SmtpPeer(rcpt=["450 4.2.0 greylisted", "ok"]) as peer:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            await send(peer)
        await send(peer, times=2)

    assert len(peer.accepted) == 2


async def test_F9_an_answer_can_depend_on_the_address() -> None:
    def answer(rest: str) -> str:
        return "550 5.1.1 no such user" if "nobody@" in rest else "ok"

    async with SmtpPeer(rcpt=answer) as peer, aiosmtplib.SMTP(hostname="localhost", port=peer.port) as line:
        refused, _ = await line.sendmail("owner@example.test", ["anna@client.test", "nobody@client.test"], LETTER)

    assert list(refused) == ["nobody@client.test"]
    assert peer.accepted[0].recipients == ["anna@client.test"]


async def test_an_answer_can_come_late() -> None:
    begun = time.monotonic()
    async with SmtpPeer(dot=After(0.2)) as peer:
        await send(peer)

    assert time.monotonic() - begun >= 0.2
    assert len(peer.accepted) == 1


async def test_F8_after_so_many_messages_a_connection_is_closed_with_421() -> None:
    async with SmtpPeer(max_messages=2) as peer:
        with pytest.raises((smtplib.SMTPSenderRefused, smtplib.SMTPServerDisconnected)):
            await send(peer, times=3)
        await send(peer, times=2)

    assert [message.connection for message in peer.accepted] == [1, 1, 2, 2]


async def test_F10_an_option_that_was_not_announced_is_refused() -> None:
    async with SmtpPeer(extensions=("8BITMIME",)) as peer:
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="555"):
            await send(peer, options=("NOTIFY=NEVER",))


async def test_starttls_and_auth_are_announced_demanded_and_checked(ca: trustme.CA) -> None:
    async with SmtpPeer(tls=server_context(ca), users={"owner": PASSWORD}) as peer:
        line = aiosmtplib.SMTP(hostname="localhost", port=peer.port, start_tls=False, tls_context=client_context(ca))
        async with line:
            await line.ehlo()
            assert not line.supports_extension("auth")
            await line.starttls()
            with pytest.raises(aiosmtplib.SMTPSenderRefused, match="530"):
                await line.sendmail("owner@example.test", ["anna@client.test"], LETTER)
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await line.auth_plain("owner", "wrong")
            with pytest.raises(aiosmtplib.SMTPAuthenticationError):
                await line.auth_xoauth2("owner", "an old token")
            await line.auth_login("owner", PASSWORD)
            await line.sendmail("owner@example.test", ["anna@client.test"], LETTER)

    [message] = peer.accepted
    assert (message.tls, message.login) == (True, "owner")
    assert PASSWORD not in " ".join(peer.commands)


async def test_implicit_tls_and_an_xoauth2_token(ca: trustme.CA) -> None:
    async with SmtpPeer(tls=server_context(ca), implicit_tls=True, users={"owner": "token"}) as peer:
        line = aiosmtplib.SMTP(hostname="localhost", port=peer.port, use_tls=True, tls_context=client_context(ca))
        async with line:
            await line.auth_xoauth2("owner", "token")
            await line.sendmail("owner@example.test", ["anna@client.test"], LETTER)

    assert peer.accepted[0].tls


async def test_a_scripted_log_in_refuses_the_right_password_too() -> None:
    """F13: the provider has switched SMTP AUTH off."""
    async with SmtpPeer(auth="535 5.7.139 SmtpClientAuthentication is disabled", users={"owner": PASSWORD}) as peer:
        line = aiosmtplib.SMTP(hostname="localhost", port=peer.port)
        async with line:
            with pytest.raises(aiosmtplib.SMTPAuthenticationError, match=r"5\.7\.139"):
                await line.auth_plain("owner", PASSWORD)


async def test_commands_out_of_order_are_refused() -> None:
    def talk(port: int) -> list[bytes]:
        with socket.create_connection(("localhost", port), 5) as line, line.makefile("rb") as answers:
            said = [answers.readline()]
            for command in (b"MAIL FROM:<a@b.test>", b"DATA", b"RCPT TO:<a@b.test>", b"STARTTLS", b"NONSENSE"):
                line.sendall(command + b"\r\n")
                said.append(answers.readline())
            return said

    async with SmtpPeer() as peer:
        said = await asyncio.to_thread(talk, peer.port)

    assert [line[:3] for line in said] == [b"220", b"503", b"503", b"503", b"502", b"502"]


async def test_it_counts_connections() -> None:
    async with SmtpPeer(dot=After(0.1)) as peer:
        await asyncio.gather(*(send(peer) for _ in range(3)))

    assert (peer.connections, peer.most_connections, peer.open_connections) == (3, 3, 0)
