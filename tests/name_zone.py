"""A name server on the loopback that answers by name and kind, and this machine's resolver set to ask it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

import dns.flags
import dns.message
import dns.rdatatype
import dns.resolver
import dns.rrset

from tests.test_dkim_keys import NameServer


class ZoneServer(NameServer):
    """`zone`: "bianchi.example. MX" -> ["10 mx.aruba.it."]; what is not in it has no records."""

    def __init__(self, zone: dict[str, list[str]]) -> None:
        self.zone = zone
        super().__init__()

    def _serve(self) -> None:
        while True:
            octets, peer = self._socket.recvfrom(4096)
            if octets == b"enough":
                return
            asked = dns.message.from_wire(octets)
            name, kind = str(asked.question[0].name), dns.rdatatype.to_text(asked.question[0].rdtype)
            reply = dns.message.make_response(asked)
            reply.flags |= dns.flags.RA
            if rows := self.zone.get(f"{name} {kind}"):
                reply.answer = [dns.rrset.from_text(name, 300, "IN", kind, *rows)]
            self._socket.sendto(reply.to_wire(max_size=4096), peer)


@contextmanager
def asking(zone: dict[str, list[str]]) -> Iterator[None]:
    """Within it every question of ours goes to a name server that knows `zone`."""
    server = ZoneServer(zone)
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], server.port
    try:
        with patch.object(dns.resolver, "Resolver", lambda: resolver):
            yield
    finally:
        server.close()
