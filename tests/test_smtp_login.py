"""Before the first letter: the log-in; every failure is ours and names its setting (F13)."""

import asyncio
from typing import Any
from unittest.mock import ANY

import pytest

from daemon.adapters.smtp import SmtpRelay
from daemon.ports import Accepted, Deferred, Fault, Refused, Secret, Security
from tests.canary import PASSWORD
from tests.real.tls import Certificates
from tests.smtp_parcels import USER, relay_to, secrets_said, secured, send, smtp_settings
from tests.smtp_peer import After, SmtpPeer

FILE = Secret(how="file", where=("/run/secret",))


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_a_letter_goes_encrypted_and_logged_in(certificates: Certificates, security: Security) -> None:
    async with (
        SmtpPeer(
            tls=certificates.server_context(), implicit_tls=security is Security.TLS, users={USER: PASSWORD}
        ) as peer,
        relay_to(peer, **secured(certificates, security)) as relay,
    ):
        answer = await send(relay)

        assert isinstance(answer, Accepted)
        assert [(m.tls, m.login) for m in peer.accepted] == [(True, USER)]


@pytest.mark.parametrize(
    ("offered", "taken"),
    [
        (("CRAM-MD5", "LOGIN", "PLAIN"), "AUTH PLAIN"),
        (("XOAUTH2", "CRAM-MD5", "LOGIN"), "AUTH LOGIN"),
        (("XOAUTH2", "CRAM-MD5"), "AUTH CRAM-MD5"),
    ],
)
async def test_one_mechanism_is_chosen_and_tried_once(
    certificates: Certificates, offered: tuple[str, ...], taken: str
) -> None:
    """Three mechanisms in turn are three failures towards a lock-out."""
    peer = SmtpPeer(
        tls=certificates.server_context(), users={USER: "other"}, auth="535 5.7.8 No", auth_mechanisms=offered
    )
    async with peer, relay_to(peer, **secured(certificates)) as relay:
        answer = await send(relay)

        assert isinstance(answer, Refused)
        assert secrets_said(peer) == [taken]


@pytest.mark.parametrize(
    ("reply", "hint"),
    [
        ("535 5.7.8 Authentication credentials invalid", "see smtp.username and smtp.password"),
        (
            "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
            "'Authenticated SMTP' is switched off",
        ),
        ("534 5.7.9 Application-specific password required", "an app password"),
        ("534 5.7.14 Please log in via your web browser and then try again", "once with a browser"),
    ],
)
async def test_F13_a_refused_log_in_is_our_fault_and_names_the_setting(
    certificates: Certificates, reply: str, hint: str
) -> None:
    async with (
        SmtpPeer(tls=certificates.server_context(), users={USER: PASSWORD}, auth=reply) as peer,
        relay_to(peer, **secured(certificates)) as relay,
    ):
        answer = await send(relay)

        assert answer == Refused(Fault.OURS, ANY, int(reply[:3]))
        assert hint in answer.reason
        assert reply in answer.reason
        assert PASSWORD not in answer.reason


async def test_F13_a_refused_log_in_is_not_repeated_by_the_next_letters(certificates: Certificates) -> None:
    """No storm, not even when all lines want to log in at once; a new password is tried at once."""
    passwords = ["wrong"]
    async with SmtpPeer(tls=certificates.server_context(), users={USER: PASSWORD}) as peer:
        settings = secured(certificates) | {"password": lambda: passwords[0], "connections": 4}
        async with relay_to(peer, **settings) as relay:
            answers = await asyncio.gather(*(send(relay) for _ in range(8)))
            attempts = len(secrets_said(peer))
            passwords[0] = PASSWORD
            later = await send(relay)

        assert {type(answer) for answer in answers} == {Refused}
        assert attempts == 1
        assert isinstance(later, Accepted)


async def test_F13_a_refused_log_in_is_tried_again_after_the_pause(certificates: Certificates) -> None:
    async with (
        SmtpPeer(tls=certificates.server_context(), users={USER: PASSWORD}, auth=["535 5.7.8 No", "ok"]) as peer,
        relay_to(peer, login_pause=0.1, **secured(certificates)) as relay,
    ):
        first = await send(relay)
        await asyncio.sleep(0.15)
        second = await send(relay)

    assert isinstance(first, Refused)
    assert isinstance(second, Accepted)


async def test_F13_a_temporary_failure_of_the_log_in_waits(certificates: Certificates) -> None:
    """RFC 4954 section 6: the password may be right."""
    temporary = "454 4.7.0 Temporary failure"
    async with (
        SmtpPeer(tls=certificates.server_context(), users={USER: PASSWORD}, auth=[temporary, "ok"]) as peer,
        relay_to(peer, **secured(certificates)) as relay,
    ):
        first = await send(relay)
        second = await send(relay)

    assert first == Deferred(ANY, 454, ours=True)
    assert isinstance(second, Accepted)


@pytest.mark.parametrize(
    ("mechanisms", "users", "because"),
    [(("XOAUTH2",), {USER: PASSWORD}, "offers only XOAUTH2"), (("PLAIN",), None, "offers no log-in")],
)
async def test_F13_a_server_that_offers_no_way_to_log_in_is_named(
    certificates: Certificates, mechanisms: tuple[str, ...], users: dict[str, str] | None, because: str
) -> None:
    async with (
        SmtpPeer(tls=certificates.server_context(), users=users, auth_mechanisms=mechanisms) as peer,
        relay_to(peer, **secured(certificates)) as relay,
    ):
        answer = await send(relay)

        assert answer == Refused(Fault.OURS, ANY)
        assert because in answer.reason
        assert "smtp.username" in answer.reason


async def test_a_password_that_cannot_be_read_is_named_and_nothing_is_tried(certificates: Certificates) -> None:
    def unreadable() -> str:
        raise FileNotFoundError(f"/run/secret: {PASSWORD}")

    async with SmtpPeer(tls=certificates.server_context(), users={USER: PASSWORD}) as peer:
        relay = SmtpRelay(smtp_settings(peer.port, username=USER, password=FILE), unreadable)
        answer = await send(relay)
        await relay.close()

        assert answer == Deferred("smtp.password (file: /run/secret) cannot be read: FileNotFoundError", ours=True)
        assert peer.connections == 0


@pytest.mark.parametrize(
    ("behaviour", "security", "because"),
    [
        ({}, Security.TLS, "does smtp.security fit smtp.port?"),
        ({"connect": "hang"}, Security.STARTTLS, "may want smtp.security: tls"),
        ({"connect": "554 5.7.1 Your address is blocked"}, Security.STARTTLS, "554 5.7.1 Your address is blocked"),
        ({"ehlo": "hang up"}, Security.STARTTLS, "is out of reach"),
        ({"connect": After(2.0)}, Security.STARTTLS, "does not answer"),
    ],
)
async def test_a_relay_out_of_reach_says_why(behaviour: dict[str, Any], security: Security, because: str) -> None:
    async with (
        SmtpPeer(**behaviour) as peer,
        relay_to(peer, security=security, connect_timeout=0.5) as relay,
    ):
        answer = await send(relay)

        assert isinstance(answer, Deferred)
        assert answer.ours
        assert because in answer.reason


async def test_a_closed_port_is_out_of_reach() -> None:
    async with SmtpPeer() as peer:
        port = peer.port
    relay = SmtpRelay(smtp_settings(port), None)

    answer = await send(relay)

    assert answer == Deferred(ANY, ours=True)
    assert f"localhost:{port} is out of reach" in answer.reason
