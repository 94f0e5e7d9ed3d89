"""The public keys of DKIM, in the DNS (RFC 6376 section 3.6)."""

from __future__ import annotations

_PATIENCE = 5.0  # seconds for one key, over all servers and tries


class LookUpFailed(Exception):
    """Nobody answered, or not sensibly: there may be a key.  Not the same as no key."""


def look_up(name: str) -> tuple[bytes, ...]:
    """The TXT records at a name, each in one piece; () when the domain says that there is none.

    Raises:
        LookUpFailed: it could not be asked now.
    """
    # imported when first needed: most owners never need it, and it is half a megabyte at rest
    import dns.exception
    import dns.resolver

    try:
        answer = dns.resolver.Resolver().resolve(name, "TXT", lifetime=_PATIENCE, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return ()
    except (dns.exception.DNSException, OSError, ValueError) as trouble:
        raise LookUpFailed(f"{name}: {type(trouble).__name__}") from trouble
    return tuple(b"".join(record.strings) for record in answer)
