"""Before the first letter: TLS and certificates; every failure is ours and names its setting (F11, F12)."""

import ssl
from pathlib import Path
from unittest.mock import ANY

import aiosmtplib
import pytest
import trustme

from daemon.adapters.smtp import SmtpRelay
from daemon.adapters.tls import client_context
from daemon.ports import Accepted, Deferred, Fault, Refused, Secret, Security
from tests.canary import PASSWORD
from tests.real.tls import Certificates
from tests.smtp_parcels import USER, relay_to, secrets_said, secured, send, smtp_settings
from tests.smtp_peer import SmtpPeer

FILE = Secret(how="file", where=("/run/secret",))


@pytest.fixture(scope="module")
def certificates() -> Certificates:
    return Certificates()


async def test_F11_without_starttls_nobody_logs_in(certificates: Certificates) -> None:
    """Somebody on the way took it out; AUTH is offered all the same."""
    async with (
        SmtpPeer(users={USER: PASSWORD}, auth_needs_tls=False) as peer,
        relay_to(peer, **secured(certificates)) as relay,
    ):
        answer = await send(relay)

        assert answer == Deferred(ANY, ours=True)
        assert "offers no STARTTLS" in answer.reason
        assert "smtp.security" in answer.reason
        assert secrets_said(peer) == []


async def test_F11_a_refused_starttls_ends_the_attempt(certificates: Certificates) -> None:
    async with (
        SmtpPeer(
            tls=certificates.server_context(),
            starttls="454 4.7.0 TLS not available",
            users={USER: PASSWORD},
            auth_needs_tls=False,
        ) as peer,
        relay_to(peer, **secured(certificates)) as relay,
    ):
        answer = await send(relay)

        assert answer == Deferred(ANY, 454, ours=True)
        assert secrets_said(peer) == []


async def test_F11_clear_text_is_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Decided by the address that we are connected to, not by its name, which may mean anything."""
    ask = aiosmtplib.SMTP.get_transport_info
    monkeypatch.setattr(
        aiosmtplib.SMTP,
        "get_transport_info",
        lambda client, key: ("203.0.113.7", 25) if key == "peername" else ask(client, key),
    )
    async with (
        SmtpPeer(users={USER: PASSWORD}, auth_needs_tls=False) as peer,
        relay_to(peer, username=USER, password=lambda: PASSWORD) as relay,
    ):
        answer = await send(relay)

        assert answer == Refused(Fault.OURS, ANY)
        assert "smtp.security: none is for this machine only" in answer.reason
        assert secrets_said(peer) == []


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
@pytest.mark.parametrize(
    ("fault", "because"),
    [("expired", "certificate has expired"), ("name", "mismatch"), ("authority", "unable to get local issuer")],
)
async def test_F12_a_certificate_that_cannot_be_trusted_stops_everything(
    certificates: Certificates, fault: str, because: str, security: Security
) -> None:
    """The letters wait, and the reason names the setting.  There is no switch that turns verification off."""
    match fault:
        case "expired":
            served = trusted = Certificates(expired=True)
        case "name":
            served = trusted = Certificates(("elsewhere.example",))
        case _:
            served, trusted = Certificates(), certificates
    async with (
        SmtpPeer(tls=served.server_context(), implicit_tls=security is Security.TLS, users={USER: PASSWORD}) as peer,
        relay_to(peer, **secured(trusted, security)) as relay,
    ):
        answer = await send(relay)

        assert answer == Deferred(ANY, ours=True)
        assert because in answer.reason
        assert "smtp.ca_file" in answer.reason
        assert secrets_said(peer) == []


async def test_F12_a_renewed_certificate_ends_the_waiting() -> None:
    expired, good = Certificates(expired=True), Certificates()
    async with SmtpPeer(tls=expired.server_context(), users={USER: PASSWORD}) as peer:
        relay = SmtpRelay(smtp_settings(peer.port, **secured(good) | {"password": FILE}), lambda: PASSWORD)
        before = await send(relay)
    async with SmtpPeer(port=peer.port, tls=good.server_context(), users={USER: PASSWORD}):
        after = await send(relay)
        await relay.close()

    assert isinstance(before, Deferred)
    assert isinstance(after, Accepted)


def test_F12_old_tls_is_not_spoken(certificates: Certificates) -> None:
    context = client_context(str(certificates.ca_file))

    assert context.minimum_version == ssl.TLSVersion.TLSv1_2
    assert context.verify_mode == ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_context_is_shared_until_its_file_of_authorities_changes(certificates: Certificates, tmp_path: Path) -> None:
    """Each keeps a megabyte; but a certificate that was renewed counts at the next connection, without a restart."""
    ca_file = tmp_path / "ca.pem"
    ca_file.write_bytes(Path(certificates.ca_file).read_bytes())
    first, again = client_context(str(ca_file)), client_context(str(ca_file))
    trustme.CA().cert_pem.write_to_path(str(ca_file))
    renewed = client_context(str(ca_file))

    assert first is again
    assert renewed is not first
    assert renewed.get_ca_certs() != first.get_ca_certs()


async def test_F12_an_authority_that_cannot_be_read_is_named() -> None:
    async with SmtpPeer() as peer, relay_to(peer, security=Security.TLS, ca_file="/nowhere/ca.pem") as relay:
        answer = await send(relay)

        assert answer == Deferred("smtp.ca_file /nowhere/ca.pem: [Errno 2] No such file or directory", ours=True)
