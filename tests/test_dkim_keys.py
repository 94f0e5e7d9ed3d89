"""Looking a key up, against a name server on the loopback that says what the test needs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from daemon.adapters import dkim_keys
from daemon.adapters.dkim_keys import LookUpFailed, look_up
from tests.dkim_signed import NAME, record

KEY = record().decode()


class NameServer:
    """One UDP socket, one thread; `answers` are lines of a zone, `rcode` what else it says; None: it says nothing."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.rcode: dns.rcode.Rcode | None = dns.rcode.NOERROR
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            octets, peer = self._socket.recvfrom(4096)
            if octets == b"enough":
                return
            asked = dns.message.from_wire(octets)
            if self.rcode is None:
                continue
            reply = dns.message.make_response(asked)
            reply.flags |= dns.flags.RA
            reply.set_rcode(self.rcode)
            reply.answer = [dns.rrset.from_text(*line.split(" ", 4)) for line in self.answers]
            self._socket.sendto(reply.to_wire(max_size=4096), peer)

    def close(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
            line.sendto(b"enough", ("127.0.0.1", self.port))
        self._thread.join(5)
        self._socket.close()


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[NameServer]:
    """This machine's resolver asks it, as `/etc/resolv.conf` would say."""
    server = NameServer()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    monkeypatch.setattr(dns.resolver, "Resolver", lambda: resolver)
    yield server
    server.close()


def test_a_key_of_several_strings_is_one(name_server: NameServer) -> None:
    """A string of a TXT record has 255 octets at most, and a key of 2048 bits more (RFC 6376 section 3.6.2.2)."""
    name_server.answers = [f'{NAME} 300 IN TXT "{KEY[:255]}" "{KEY[255:]}"']

    assert look_up(NAME) == (KEY.encode(),)


def test_a_key_that_the_domain_keeps_elsewhere_is_found(name_server: NameServer) -> None:
    """Exchange Online and many hosters have the domain's key in a zone of their own."""
    name_server.answers = [
        f"{NAME} 300 IN CNAME keys.hoster.example.",
        'keys.hoster.example. 300 IN TXT "v=DKIM1; p=A"',
    ]

    assert look_up(NAME) == (b"v=DKIM1; p=A",)


@pytest.mark.parametrize("rcode", [dns.rcode.NXDOMAIN, dns.rcode.NOERROR])
def test_that_there_is_no_key_is_an_answer(name_server: NameServer, rcode: dns.rcode.Rcode) -> None:
    name_server.rcode = rcode

    assert look_up(NAME) == ()


@pytest.mark.parametrize("rcode", [dns.rcode.SERVFAIL, dns.rcode.REFUSED, None])
def test_that_nobody_knows_is_none(
    name_server: NameServer, rcode: dns.rcode.Rcode | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dkimpy's own look-up takes SERVFAIL for a missing key, and would refuse a good order for ever."""
    monkeypatch.setattr(dkim_keys, "_PATIENCE", 0.3)
    name_server.rcode = rcode

    with pytest.raises(LookUpFailed, match=NAME):
        look_up(NAME)
