"""Where an address's mail servers are: the table of providers, and a name server on the loopback."""

from __future__ import annotations

import pytest

from daemon.adapters.providers import Server, by_address, by_exchanger, providers
from daemon.adapters.server_lookup import servers_of
from daemon.ports import Security
from tests.name_zone import asking

ASKED = ("gmail", "microsoft", "outlook", "icloud", "fastmail", "gmx", "web-de", "aruba", "register-it", "ovh", "ionos",
         "strato", "infomaniak", "yandex", "zoho", "mailbox-org", "posteo", "aruba-pec")  # fmt: skip


def test_every_provider_encrypts_and_says_where_and_when_it_was_looked_up() -> None:
    known = {one.id: one for one in providers()}

    assert set(ASKED) <= known.keys()
    assert len(known) == len(providers())
    assert all(one.source and one.read_on for one in known.values())
    ports = {Security.TLS: {465, 993}, Security.STARTTLS: {587, 143}}
    assert all(server.port in ports[server.security] for one in known.values() for server in (one.imap, one.smtp))


def test_no_two_providers_claim_one_domain() -> None:
    claimed = [domain for one in providers() for domain in one.domains]

    assert len(claimed) == len(set(claimed))


@pytest.mark.parametrize(
    ("address", "expected", "name"),
    [
        ("anna@gmail.com", "gmail", "anna@gmail.com"),
        ("anna@GMX.de", "gmx", "anna@GMX.de"),
        ("anna@web.de", "web-de", "anna"),
        ("studio@studio.pec.it", "aruba-pec", "studio@studio.pec.it"),
        ("anna@bianchi.onmicrosoft.com", "microsoft", "anna@bianchi.onmicrosoft.com"),
    ],
)
def test_an_address_is_known_by_its_domain_and_logs_in_as_the_provider_wants(
    address: str, expected: str, name: str
) -> None:
    found = by_address(address)

    assert found is not None
    assert (found.id, found.log_in_name(address)) == (expected, name)


@pytest.mark.parametrize("address", ["anna@notgmail.com", "anna@gmail.com.bianchi.example", "anna@xpec.it", "anna"])
def test_a_domain_that_only_looks_alike_is_nobodys(address: str) -> None:
    assert by_address(address) is None


@pytest.mark.parametrize(
    ("exchangers", "expected"),
    [
        (("aspmx.l.google.com", "alt1.aspmx.l.google.com"), "gmail"),
        (("bianchi-example.mail.protection.outlook.com",), "microsoft"),
        (("outlook-com.olc.protection.outlook.com",), "outlook"),
        (("mx.aruba.it",), "aruba"),
        (("mx.pec.aruba.it",), "aruba-pec"),
        (("mx00.kundenserver.de",), "ionos-de"),
        (("smtpin.rzone.de",), "strato"),
        (("mta-gw.infomaniak.ch",), "infomaniak"),
        (("in1-smtp.messagingengine.com",), "fastmail"),
        (("mail.bianchi.example", "aspmx.l.google.com"), "gmail"),
        (("notgoogle.com",), None),
        ((), None),
    ],
)
def test_a_domain_of_ones_own_is_known_by_where_its_mail_goes(
    exchangers: tuple[str, ...], expected: str | None
) -> None:
    found = by_exchanger(exchangers)

    assert (found.id if found else None) == expected


def test_what_a_domain_states_of_itself_counts_before_a_guess() -> None:
    """RFC 6186 section 3.4, RFC 8314 section 5.1: the lowest priority, and TLS from the first byte before STARTTLS."""
    zone = {
        "_imaps._tcp.bianchi.example. SRV": ["10 1 993 old.bianchi.example.", "5 1 9993 imap.bianchi.example."],
        "_imap._tcp.bianchi.example. SRV": ["0 1 143 clear.bianchi.example."],
        "_submission._tcp.bianchi.example. SRV": ["0 1 587 smtp.bianchi.example."],
        "bianchi.example. MX": ["10 mx.aruba.it."],
    }  # fmt: skip
    with asking(zone):
        found = servers_of("fatture@bianchi.example")

    assert found.imap == Server("imap.bianchi.example", 9993, Security.TLS)
    assert found.smtp == Server("smtp.bianchi.example", 587, Security.STARTTLS)
    assert found.provider is not None
    assert found.provider.id == "aruba"


def test_a_service_that_the_domain_denies_is_not_used() -> None:
    """RFC 2782: a target of "." says that there is none."""
    zone = {
        "_imaps._tcp.bianchi.example. SRV": ["0 0 0 ."],
        "_submissions._tcp.bianchi.example. SRV": ["0 1 465 smtp.bianchi.example."],
    }  # fmt: skip
    with asking(zone):
        found = servers_of("fatture@bianchi.example")

    assert (found.imap, found.smtp) == (None, Server("smtp.bianchi.example", 465, Security.TLS))


def test_mail_that_goes_to_a_known_provider_tells_the_servers() -> None:
    zone = {"bianchi.example. MX": ["20 alt.aspmx.l.google.com.", "10 aspmx.l.google.com."]}
    with asking(zone):
        found = servers_of("fatture@bianchi.example")

    assert found.imap == Server("imap.gmail.com", 993, Security.TLS)
    assert "Gmail" in found.by


def test_a_domain_that_says_nothing_leaves_the_question_to_the_owner() -> None:
    with asking({}):
        found = servers_of("fatture@bianchi.example")

    assert (found.imap, found.smtp, found.provider, found.by) == (None, None, None, "")
