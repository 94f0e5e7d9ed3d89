"""Where an address's mail servers are: by the table of providers, else by what the domain says in the DNS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from daemon.adapters.providers import Provider, Server, by_address, by_exchanger
from daemon.ports import Security

_PATIENCE = 4.0  # seconds for one question, over all name servers and tries


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundServers:
    """What is known before anybody was asked; None where nothing is."""

    imap: Server | None = None
    smtp: Server | None = None
    provider: Provider | None = None
    by: str = ""  # how it was found, for the owner


def servers_of(address: str) -> FoundServers:
    """Find the servers of an address.

    Sources: RFC 6186 and RFC 8314 section 5.1 (SRV records of a domain); the names of its mail exchangers.
    """
    if (known := by_address(address)) is not None:
        return FoundServers(imap=known.imap, smtp=known.smtp, provider=known, by=known.name)
    domain = address.rpartition("@")[2]
    imap = _stated(domain, (("_imaps", Security.TLS), ("_imap", Security.STARTTLS)))
    smtp = _stated(domain, (("_submissions", Security.TLS), ("_submission", Security.STARTTLS)))
    host = by_exchanger(_exchangers(domain))
    if imap and smtp:
        return FoundServers(imap=imap, smtp=smtp, provider=host, by=f"{domain} states them in the DNS (SRV)")
    if host is not None:
        return FoundServers(
            imap=imap or host.imap, smtp=smtp or host.smtp, provider=host, by=f"mail for {domain} goes to {host.name}"
        )
    return FoundServers(imap=imap, smtp=smtp, by=f"{domain} states it in the DNS (SRV)" if imap or smtp else "")


def _stated(domain: str, services: tuple[tuple[str, Security], ...]) -> Server | None:
    """The first of these services that the domain offers; "." as the target says that there is none (RFC 2782)."""
    for service, security in services:
        records = _ask(f"{service}._tcp.{domain}", "SRV")
        rows = sorted((row.priority, -row.weight, str(row.target), row.port) for row in records)
        if rows and (host := rows[0][2].rstrip(".")):
            return Server(host, rows[0][3], security)
    return None


def _exchangers(domain: str) -> tuple[str, ...]:
    rows = sorted((row.preference, str(row.exchange).rstrip(".")) for row in _ask(domain, "MX"))
    return tuple(name for _, name in rows if name)


def _ask(name: str, kind: str) -> list[Any]:
    """The records at a name; [] where there are none, or nobody answers: the owner is asked then."""
    import dns.exception  # half a megabyte, and only a beginner needs it
    import dns.resolver

    try:
        return list(dns.resolver.Resolver().resolve(name, kind, lifetime=_PATIENCE, search=False))
    except (dns.exception.DNSException, OSError, ValueError):
        return []
